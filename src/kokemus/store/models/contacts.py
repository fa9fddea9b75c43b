"""Persons we may ask, and what actually happened between them and us."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kokemus.store.identifiers import uuid7
from kokemus.store.models.journeys import Touchpoint
from kokemus.store.models.organisation import LANGUAGES, Member, Organisation, Unit
from kokemus.store.visibility import VisibleQuerySet, WalledQuerySet, reach


@dataclass(frozen=True, kw_only=True)
class ContactFacts:
    """What another system tells of a contact. Empty texts leave what is known as it is."""

    reference: str
    audience: str = "customer"
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    account: str = ""


@dataclass(frozen=True, kw_only=True)
class EncounterFacts:
    """A checked encounter on its way to the rows; `parties` are (unit, staff pseudonym)."""

    reference: str
    touchpoint: Touchpoint
    unit: Unit
    happened_at: dt.datetime
    contact: ContactFacts | None = None
    parties: tuple[tuple[Unit, str], ...] = ()


class AccountQuerySet(VisibleQuerySet["Account"]):
    def visible_to(self, member: Member) -> AccountQuerySet:
        seen = Contact.objects.visible_to(member).values("account")
        return super().visible_to(member).filter(pk__in=seen)

    def learn(self, organisation: Organisation, references: set[str]) -> dict[str, Account]:
        """Know these companies from now on. Locked, so that none goes before it is referred to."""
        new = [Account(organisation=organisation, reference=one) for one in sorted(references)]
        rows = self.filter(organisation=organisation, reference__in=references)
        for _again in range(2):  # one that was being erased with its last contact is made anew
            self.bulk_create(new, ignore_conflicts=True)
            locked = rows.order_by("reference").select_for_update(of=("self",), no_key=True)
            known = {account.reference: account for account in locked}
            if len(known) == len(references):
                break
        return known


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

    @transaction.atomic
    def learn(
        self, organisation: Organisation, facts: Sequence[ContactFacts]
    ) -> dict[str, Contact]:
        """Know these contacts from now on, by reference; the last one to say something is right."""
        accounts = Account.objects.learn(organisation, {f.account for f in facts if f.account})
        # Locked, or who is being erased would come back with what was known of them before.
        known = self.filter(organisation=organisation, reference__in={f.reference for f in facts})
        locked = known.order_by("reference").select_for_update(of=("self",))
        merged: dict[str, Contact] = {contact.reference: contact for contact in locked}
        for one in facts:
            contact = merged.setdefault(
                one.reference, Contact(organisation=organisation, reference=one.reference)
            )
            contact.hear(one, account=accounts.get(one.account))
        # Always in the same order, so that of two who learn at once one waits for the other.
        self.bulk_create(
            [contact for _, contact in sorted(merged.items())],
            update_conflicts=True,
            unique_fields=["organisation", "reference"],
            update_fields=["audience", "name", "email", "phone", "language", "account"],
        )
        kept = self.filter(organisation=organisation, reference__in=list(merged))
        return {contact.reference: contact for contact in kept}


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

    def hear(self, facts: ContactFacts, *, account: Account | None) -> None:
        """Take over what is said; not yet saved."""
        self.audience = facts.audience
        for name in ("name", "email", "phone", "language"):
            if value := getattr(facts, name):
                setattr(self, name, value)
        if account:
            self.account = account


class EncounterQuerySet(WalledQuerySet["Encounter"]):
    def visible_to(self, member: Member) -> EncounterQuerySet:
        """Those of one's units, and those in which one's units took part."""
        took_part = EncounterParty.objects.visible_to(member).values("encounter")
        return self.filter(reach(member, wall="unit") | Q(pk__in=took_part))

    @transaction.atomic
    def record(
        self, organisation: Organisation, facts: Sequence[EncounterFacts], *, now: dt.datetime
    ) -> list[tuple[Encounter, bool]]:
        """Keep encounters; (row, whether it is new) for each, in order.

        A reference that is known already leaves its row as it was.
        """
        references = {one.reference for one in facts}
        known = self._by_reference(organisation, references)
        contacts = Contact.objects.learn(
            organisation, [f.contact for f in facts if f.contact and f.reference not in known]
        )
        fresh = {one.reference: one for one in reversed(facts) if one.reference not in known}
        # In the order of their references, so that of two who tell the same one waits.
        rows = [_row(organisation, one, contacts, now) for _, one in sorted(fresh.items())]
        self.bulk_create(rows, ignore_conflicts=True)
        kept = known | self._by_reference(organisation, set(fresh))
        ours = {row.reference for row in rows if kept[row.reference].pk == row.pk}
        EncounterParty.objects.bulk_create(
            EncounterParty(encounter=kept[reference], unit=unit, staff=staff)
            for reference in ours
            for unit, staff in dict.fromkeys(fresh[reference].parties)
        )
        answers = []
        for one in facts:
            answers.append((kept[one.reference], one.reference in ours))
            ours.discard(one.reference)
        return answers

    def _by_reference(
        self, organisation: Organisation, references: set[str]
    ) -> dict[str, Encounter]:
        rows = self.filter(organisation=organisation, reference__in=references)
        return {row.reference: row for row in rows}


def _row(
    organisation: Organisation,
    facts: EncounterFacts,
    contacts: dict[str, Contact],
    now: dt.datetime,
) -> Encounter:
    return Encounter(
        organisation=organisation,
        reference=facts.reference,
        contact=contacts[facts.contact.reference] if facts.contact else None,
        touchpoint=facts.touchpoint,
        unit=facts.unit,
        mode=facts.touchpoint.mode,
        happened_at=facts.happened_at,
        received_at=now,
    )


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
