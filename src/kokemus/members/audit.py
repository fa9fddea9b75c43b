"""Who did what. Whoever may not import this folder records with `AuditEntry.objects.record`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from kokemus.store.models import AuditEntry, Member, Organisation


def record(
    request: HttpRequest | None,
    action: str,
    *,
    member: Member | None = None,
    organisation: Organisation | None = None,
    subject: str = "",
    **detail: Any,
) -> None:
    """Write a line of the audit; by default of the member who sent the request."""
    by = member or _sender(request)
    where = organisation or (by.organisation if by else None)
    if where is None:
        raise NobodysDeed(f"'{action}' happened in no organisation, so no audit can hold it.")
    AuditEntry.objects.record(
        organisation=where,
        action=action,
        member=by,
        subject=subject[:200],
        address=address_of(request),
        detail=detail,
    )


class NobodysDeed(ValueError):
    """A line of the audit needs an organisation: its member's, or one that is named."""


def address_of(request: HttpRequest | None) -> str:
    """The sender's network address; the server has replaced it where a trusted proxy stands."""
    return str(request.META.get("REMOTE_ADDR", "")) if request else ""


def _sender(request: HttpRequest | None) -> Member | None:
    user = getattr(request, "user", None)
    return user if isinstance(user, Member) else None
