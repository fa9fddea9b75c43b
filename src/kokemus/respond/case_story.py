"""One case as its page tells it: what happened, where it has been, what was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from kokemus.respond.replies import reply_address
from kokemus.respond.scores import score_tone, score_words
from kokemus.store.models import (
    AuditEntry,
    Case,
    CaseEvent,
    Contact,
    Delivery,
    Encounter,
    Leg,
    Member,
    Unit,
)
from kokemus.store.models.organisation import LANGUAGES
from kokemus.store.redaction import may_read_as_written


@dataclass(frozen=True)
class Stretch:
    """A leg with its times: waiting for somebody to take it, then being worked on."""

    leg: Leg
    waiting: dt.timedelta
    working: dt.timedelta | None
    is_running: bool
    is_late: bool


@dataclass(frozen=True)
class Line:
    """One line of the history; `delivery` is that of a reply, `cause` that of a resolution.

    `score` is that of the opening, and of a changed answer both: before and after.
    """

    event: CaseEvent
    delivery: Delivery | None
    cause: str
    score: str
    is_repeated: bool  # the words of the customer, which an earlier line has


@dataclass(frozen=True)
class Story:
    case: Case
    score: str
    tone: str
    may_work: bool
    may_see_customer: bool
    address: str
    encounter: Encounter | None
    contact: Contact | None
    met_by: Unit
    language: str
    parties: list[Unit]
    legs: list[Stretch]
    history: list[Line]
    units: list[Unit]


def tell_case(member: Member, case: Case, *, now: dt.datetime) -> Story:
    """Everything that the page of the case shows, in a number of queries that never grows."""
    response = case.response
    encounter = response.encounter
    return Story(
        case=case,
        score=score_words(response.scale, response.score),
        tone=score_tone(response.scale, response.score),
        may_work=member.has_role("agent", unit=case.unit),
        may_see_customer=may_read_as_written(member, case=case),
        address=reply_address(response),
        encounter=encounter,
        contact=encounter.contact if encounter else None,
        met_by=response.unit,
        language=dict(LANGUAGES)[response.language],
        parties=_list_parties(encounter),
        legs=[_stretch(leg, now=now) for leg in case.legs.select_related("unit")],
        history=_list_history(case),
        units=list(Unit.objects.filter(organisation=case.organisation_id).exclude(pk=case.unit_id)),
    )


def find_case(member: Member, *, number: int) -> Case | None:
    """The case, if the member may see it."""
    cases = Case.objects.visible_to(member).filter(number=number)
    return cases.select_related(
        "organisation",
        "unit",
        "touchpoint",
        "taken_by",
        "response__encounter__contact__account",
        "response__reading",
        "response__survey",
        "response__unit",
    ).first()


def note_look(member: Member, case: Case, *, now: dt.datetime, address: str = "") -> None:
    """Write in the audit that the member looked at this person's answer, once a day."""
    AuditEntry.objects.record_daily(
        member,
        action="person_viewed",
        subject=f"case:{case.number}",
        since=midnight(now, time_zone=case.organisation.time_zone),
        address=address,
    )


def midnight(now: dt.datetime, *, time_zone: str) -> dt.datetime:
    """When the organisation's day began."""
    local = now.astimezone(ZoneInfo(time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _stretch(leg: Leg, *, now: dt.datetime) -> Stretch:
    end = leg.ended_at or now
    return Stretch(
        leg=leg,
        waiting=(leg.taken_at or end) - leg.started_at,
        working=end - leg.taken_at if leg.taken_at else None,
        is_running=leg.ended_at is None,
        is_late=end > leg.due_at,
    )


def _list_parties(encounter: Encounter | None) -> list[Unit]:
    """The units that took part. Persons are left out: a case is not for blaming anybody."""
    if encounter is None:
        return []
    parties = encounter.parties.select_related("unit").order_by("pk")
    return list({party.unit_id: party.unit for party in parties}.values())


def _list_history(case: Case) -> list[Line]:
    events = list(case.events.select_related("member"))
    keys = [event.data["delivery"] for event in events if "delivery" in event.data]
    found = Delivery.objects.filter(organisation=case.organisation_id, key__in=keys)
    deliveries = {delivery.key: delivery for delivery in found} if keys else {}
    causes = dict(Case.Cause.choices)
    lines: list[Line] = []
    answer: Mapping[str, Any] = {}
    for event in events:
        line = Line(
            event=event,
            delivery=deliveries.get(event.data.get("delivery", "")),
            cause=str(causes.get(event.data.get("cause", ""), "")),
            score=_tell_score(event, before=answer, scale=case.response.scale),
            is_repeated=event.kind == "answer" and event.text == answer.get("comment"),
        )
        lines.append(line)
        answer = event.data if event.kind in {"opened", "answer"} else answer
    return lines


def _tell_score(event: CaseEvent, *, before: Mapping[str, Any], scale: str) -> str:
    if event.kind not in {"opened", "answer"} or "score" not in event.data:
        return ""
    score = score_words(scale, event.data["score"])
    if event.kind == "opened":
        return score
    had = before.get("score")
    return "" if had == event.data["score"] else f"{score_words(scale, had)} → {score}"
