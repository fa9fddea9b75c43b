"""The outbox as its page shows it: states, and errors in words."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q
from django.utils.translation import gettext

from kokemus.store.models import Delivery, Member
from kokemus.store.models.deliveries import DeliveryQuerySet


class NotYourDelivery(PermissionError):
    """Agents and those above them try the messages of their unit again."""


def list_deliveries(member: Member, *, state: str) -> DeliveryQuerySet:
    """The member's messages, newest first; of one state, if it is one."""
    rows = Delivery.objects.visible_to(member).select_related("unit").order_by("-pk")
    return rows.filter(state=state) if state in Delivery.State.values else rows


def count_states(member: Member) -> dict[str, int]:
    """How many wait, were sent, are dead."""
    rows = Delivery.objects.visible_to(member)
    return rows.aggregate(
        waiting=Count("pk", filter=Q(state="waiting")),
        sent=Count("pk", filter=Q(state="sent")),
        dead=Count("pk", filter=Q(state="dead")),
    )


def retry_one(member: Member, delivery: Delivery, *, at: dt.datetime) -> None:
    """Try a dead message again; one that waits or was sent is left as it is."""
    if not Delivery.objects.workable_by(member).filter(pk=delivery.pk).exists():
        raise NotYourDelivery(gettext("Messages are tried again by those who work in the unit."))
    if delivery.state == Delivery.State.DEAD:
        delivery.retry(at=at)


def retry_dead(member: Member, *, at: dt.datetime) -> int:
    """Try all dead messages of the member's units again; return how many there were."""
    if not member.has_role_somewhere("agent"):
        raise NotYourDelivery(gettext("Messages are tried again by those who work in the unit."))
    return Delivery.objects.workable_by(member).retry_dead(at=at)


def explain_error(error: str) -> str:
    """What went wrong, in words; `error` is a code of the channel and perhaps its details."""
    code, _, _detail = error.partition(":")
    words = {
        "address": gettext("The recipient's mail server does not know or accept the address."),
        "certificate": gettext("The mail server's certificate could not be trusted."),
        "disconnected": gettext("The mail server hung up before taking the message."),
        "login": gettext("The mail server did not accept our user name or password."),
        "refused": gettext("The mail server did not accept the message."),
        "timeout": gettext("The mail server did not answer in time."),
        "unreachable": gettext("The mail server could not be reached."),
    }
    return words.get(code, gettext("The message could not be sent.")) if error else ""
