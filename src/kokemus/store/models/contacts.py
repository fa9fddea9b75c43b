"""Persons we may ask, and what actually happened between them and us."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kokemus.store.identifiers import uuid7
from kokemus.store.models.journeys import Touchpoint
from kokemus.store.models.organisation import LANGUAGES, Member, Organisation, Unit
from kokemus.store.visibility import VisibleQuerySet, WalledQuerySet, reach


class AccountQuerySet(VisibleQuerySet["Account"]):
    def visible_to(self, member: Member) -> AccountQuerySet:
        seen = Contact.objects.visible_to(member).values("account")
        return super().visible_to(member).filter(pk__in=seen)


class Account(models.Model):
    """A company that contacts belong to."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="accounts")
    reference = models.CharField(max_length=100)
    name = models.CharField(max_length=200, blank=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "reference", name="account_reference_unique")
        ]

    def __str__(self) -> str:
        return self.name or self.reference


class ContactQuerySet(VisibleQuerySet["Contact"]):
    def visible_to(self, member: Member) -> ContactQuerySet:
        """Those whom a unit within one's reach has met."""
        met = Encounter.objects.visible_to(member).values("contact")
        return super().visible_to(member).filter(pk__in=met)


class Contact(models.Model):
    class Audience(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        EMPLOYEE = "employee", _("Employee")
        CANDIDATE = "candidate", _("Job candidate")
        PARTNER = "partner", _("Partner's person")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    account = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="contacts")
    audience = models.CharField(max_length=9, choices=Audience, default=Audience.CUSTOMER)
    reference = models.CharField(max_length=100)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=2, choices=LANGUAGES, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "reference", name="contact_reference_unique"),
            models.CheckConstraint(
                condition=Q(audience__in=["customer", "employee", "candidate", "partner"]),
                name="contact_audience_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.reference


class EncounterQuerySet(WalledQuerySet["Encounter"]):
    def visible_to(self, member: Member) -> EncounterQuerySet:
        """Those of one's units, and those in which one's units took part."""
        took_part = EncounterParty.objects.visible_to(member).values("encounter")
        return self.filter(reach(member, wall="unit") | Q(pk__in=took_part))


class Encounter(models.Model):
    """One actual happening. Touchpoint, mode and unit are kept as they were at the time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="encounters")
    reference = models.CharField(max_length=100)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="encounters")
    touchpoint = models.ForeignKey(Touchpoint, models.PROTECT, related_name="encounters")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="encounters")
    mode = models.CharField(max_length=8, choices=Touchpoint.Mode)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    objects = EncounterQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("organisation", "happened_at", name="encounter_by_time")]
        constraints = [
            models.UniqueConstraint("organisation", "reference", name="encounter_reference_unique")
        ]

    def __str__(self) -> str:
        return self.reference


class EncounterPartyQuerySet(WalledQuerySet["EncounterParty"]):
    pass


class EncounterParty(models.Model):
    """A unit, and perhaps a person by pseudonym, who took part in an encounter."""

    encounter = models.ForeignKey(Encounter, models.CASCADE, related_name="parties")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    staff = models.CharField(max_length=60, blank=True)

    objects = EncounterPartyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("encounter", "unit", "staff", name="encounter_party_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.staff}".strip()
