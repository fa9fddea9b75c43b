"""What the frame of every page says of the member who looks at it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from kokemus.store.models import Member

FOR_EVERYBODY = {"today", "overview", "comments", "journeys", "surveys", "units", "members"}
FOR_LEADS = {"rules", "import-responses", "deliveries"}
FOR_ADMINS = {"settings-keys", "settings-organisation", "people", "audit"}


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor: the organisation's name, and which links lead somewhere."""
    member = getattr(request, "user", None)
    if not isinstance(member, Member):
        return {}
    return {
        "organisation_name": member.organisation.name,
        "rail_allowed": allowed_names(member),
    }


def allowed_names(member: Member) -> set[str]:
    names = set(FOR_EVERYBODY)
    if member.has_role_somewhere("lead"):
        names |= FOR_LEADS
    if member.is_organisation_admin:
        names |= FOR_ADMINS
    return names
