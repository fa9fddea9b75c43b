"""What one does to a case. Each story locks the case first, so that of two who act at once the
second learns what the first did, and nothing is lost."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext

from kokemus.respond.alerts import alert_handed_off
from kokemus.respond.replies import NoAddress, compose_reply, reply_address
from kokemus.store.models import Case, Delivery, Member, Unit

UNDO_WINDOW = dt.timedelta(hours=1)


class NotInYourHands(PermissionError):
    """The case is not, or is no longer, in a unit where the member may act; says where it is."""


@transaction.atomic
def take_case(member: Member, case: Case, *, at: dt.datetime, instead_of: int | None) -> Case:
    """Take the case, from the queue or from the colleague who was seen to have it."""
    locked = _lock(member, case)
    locked.take(member, at=at, instead_of=instead_of)
    return locked


@transaction.atomic
def put_back_case(member: Member, case: Case, *, at: dt.datetime) -> Case:
    """Leave the case to its unit's queue again."""
    locked = _lock(member, case)
    if locked.taken_by_id is not None:
        locked.put_back(member, at=at)
    return locked


@transaction.atomic
def write_note(member: Member, case: Case, *, text: str, at: dt.datetime) -> Case:
    locked = _lock(member, case)
    locked.write_note(member, text=text, at=at)
    return locked


@transaction.atomic
def reply_to_customer(
    member: Member, case: Case, *, text: str, token: str, at: dt.datetime
) -> Delivery:
    """Put a reply in the outbox and keep it in the history.

    `token` tells one filled form from another: the same form sent twice is one reply. Raises
    `NoAddress` where the customer gave none or has not asked to be contacted.
    """
    locked = _lock(member, case)
    key = f"case:{locked.pk}:reply:{token}"[:120]
    sent = Delivery.objects.filter(organisation=locked.organisation_id, key=key).first()
    if sent is not None:
        return sent
    address = reply_address(locked.response)
    if not address:
        raise NoAddress(f"Nobody asked to be contacted about case #{locked.number}.")
    if locked.taken_by_id is None:
        locked.take(member, at=at)
    locked.note_reply(member, text=text, at=at, to=address, delivery=key)
    words = compose_reply(locked, text=text, by=member)
    return Delivery.objects.enqueue(
        organisation=locked.organisation,
        unit=locked.unit,
        key=key,
        recipient=address,
        subject=words.subject,
        text=words.text,
        html=words.html,
        reply_to=locked.unit.email or member.email,
        due_at=at,
    )


@transaction.atomic
def hand_off_case(
    member: Member, case: Case, *, unit: Unit, text: str, hours: int, at: dt.datetime
) -> Case:
    """Give the case to another unit with a clock of its own, and tell that unit."""
    locked = _lock(member, case)
    leg = locked.hand_off(
        member, unit=unit, text=text, due_at=at + dt.timedelta(hours=hours), at=at
    )
    alert_handed_off(locked, leg=leg, by=member, text=text, now=at)
    return locked


@transaction.atomic
def resolve_case(member: Member, case: Case, *, cause: str, text: str, at: dt.datetime) -> Case:
    """Close the case with what caused it and what was done."""
    locked = _lock(member, case)
    if locked.taken_by_id is None and locked.resolved_at is None:
        locked.take(member, at=at)
    locked.resolve(member, cause=cause, text=text, at=at)
    return locked


@transaction.atomic
def reopen_case(member: Member, case: Case, *, at: dt.datetime) -> Case:
    """Undo resolving. Soon after, the promise to the customer stays; later, a new clock starts."""
    locked = _lock(member, case)
    is_undo = locked.resolved_at is not None and at - locked.resolved_at < UNDO_WINDOW
    fresh = at + dt.timedelta(hours=locked.organisation.reply_hours)
    locked.reopen(member, due_at=locked.due_at if is_undo else fresh, at=at)
    return locked


def _lock(member: Member, case: Case) -> Case:
    locked = (
        Case.objects.workable_by(member)
        .select_related("unit", "organisation", "touchpoint", "response", "taken_by")
        .select_for_update(of=("self",))
        .filter(pk=case.pk)
        .first()
    )
    if locked is None:
        now = Case.objects.select_related("unit").get(pk=case.pk)
        words = gettext("Case %(number)s is with %(unit)s. Those who work there may act on it.")
        raise NotInYourHands(words % {"number": now.number, "unit": now.unit.name})
    return locked
