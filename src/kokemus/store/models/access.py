"""Keys of the API, the audit, and the counter by which caches learn of changes."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kokemus.store.identifiers import hash_key
from kokemus.store.models.organisation import Member, Organisation
from kokemus.store.visibility import VisibleQuerySet

SCOPES = ("encounters:write", "responses:write")


class RevisionQuerySet(models.QuerySet["Revision"]):
    def bump(self) -> None:
        """Say that something cached by the capture door (a version, a key) has changed."""
        if not self.filter(pk=1).update(number=F("number") + 1):
            self.create(pk=1, number=1)


class Revision(models.Model):
    """One row: a number that grows with each publishing, closing, new or revoked key."""

    number = models.PositiveBigIntegerField()

    objects = RevisionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.number)


class AdminsOnlyQuerySet(VisibleQuerySet[Any]):
    def visible_to(self, member: Member) -> Any:
        mine = super().visible_to(member)
        return mine if member.is_organisation_admin else mine.none()


class ApiKeyQuerySet(AdminsOnlyQuerySet):
    def issue(
        self, organisation: Organisation, *, name: str, scopes: list[str]
    ) -> tuple[ApiKey, str]:
        """Make a key; return its row and the key itself, which is shown once and not kept."""
        if unknown := sorted(set(scopes) - set(SCOPES)):
            raise UnknownScope(f"'{unknown[0]}' is not a scope. Scopes: {', '.join(SCOPES)}.")
        key = f"kok_{secrets.token_urlsafe(32)}"
        row = self.create(
            organisation=organisation,
            name=name,
            prefix=key[:8],
            key_hash=hash_key(key),
            scopes=sorted(set(scopes)),
        )
        Revision.objects.bump()
        return row, key

    def find(self, key: str) -> ApiKey | None:
        """The row of a key that still opens, with its organisation."""
        rows = self.filter(key_hash=hash_key(key), revoked_at=None)
        found: ApiKey | None = rows.select_related("organisation").first()
        return found


class UnknownScope(ValueError):
    """A scope that no API operation asks for."""


class ApiKey(models.Model):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=8)
    key_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def revoke(self, *, at: dt.datetime) -> None:
        self.revoked_at = at
        self.save(update_fields=["revoked_at"])
        Revision.objects.bump()


class AuditEntryQuerySet(AdminsOnlyQuerySet):
    def record(
        self,
        *,
        organisation: Organisation | int,
        action: str,
        member: Member | None = None,
        subject: str = "",
        address: str = "",
        detail: dict[str, Any] | None = None,
    ) -> AuditEntry:
        """Write down who did what. Nothing here is ever changed or removed."""
        entry: AuditEntry = self.create(
            organisation_id=organisation if isinstance(organisation, int) else organisation.pk,
            member=member,
            member_name=member.name if member else "",
            action=action,
            subject=subject,
            address=address,
            detail=detail or {},
        )
        return entry

    def record_daily(
        self, member: Member, *, action: str, subject: str, since: dt.datetime, address: str = ""
    ) -> AuditEntry | None:
        """Write it down, unless the same has been written since that moment."""
        again = self.filter(member=member, action=action, subject=subject, at__gte=since)
        if again.exists():
            return None
        return self.record(
            organisation=member.organisation_id,
            action=action,
            member=member,
            subject=subject,
            address=address,
        )


class AuditEntry(models.Model):
    """Append-only: the database refuses to change or remove a row."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    member = models.ForeignKey(
        Member, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    member_name = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True)
    detail = models.JSONField(default=dict)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"
