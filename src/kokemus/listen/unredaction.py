"""One comment as it was written, for leads who need it; who had it shown is written down."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext

from kokemus.store.models import AuditEntry, Member, Response
from kokemus.store.redaction import may_have_shown


class NoSuchComment(LookupError):
    """There is no such comment within the member's sight."""


class NotToBeShown(PermissionError):
    """Comments of a unit are shown as written to its leads and admins."""


@transaction.atomic
def show_as_written(member: Member, key: uuid.UUID, *, address: str = "") -> Response:
    """The answer with its comment as it was written, after the audit has been told.

    Raises
    ------
    NoSuchComment
        If the member may not see the answer, or it has no comment.
    NotToBeShown
        If the member is not a lead of its unit.
    """
    seen = Response.objects.visible_to(member).commented().select_related("unit", "touchpoint")
    response = seen.filter(pk=key).first()
    if response is None:
        raise NoSuchComment(str(key))
    if not may_have_shown(member, unit=response.unit):
        words = gettext("Comments of %(unit)s are shown as written to its leads and admins.")
        raise NotToBeShown(words % {"unit": response.unit.name})
    AuditEntry.objects.record(
        organisation=member.organisation_id,
        member=member,
        action="comment_shown",
        subject=str(key),
        address=address,
    )
    return response
