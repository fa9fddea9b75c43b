"""The invented company's columns as rows of the store. Pure but for the keys it is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from kokemus.simulate.company import Company
from kokemus.simulate.organisation import Case as SimulatedCase
from kokemus.simulate.organisation import Leg as SimulatedLeg
from kokemus.simulate.organisation import aware
from kokemus.store.models import Member, Organisation, Response, Survey, Touchpoint, Unit, Version

Row = tuple[Any, ...]

ACCOUNT = ("id", "organisation_id", "reference", "name")
CONTACT = (
    "id",
    "organisation_id",
    "account_id",
    "audience",
    "reference",
    "name",
    "email",
    "phone",
    "language",
)
ENCOUNTER = (
    "id",
    "organisation_id",
    "reference",
    "contact_id",
    "touchpoint_id",
    "unit_id",
    "mode",
    "happened_at",
    "received_at",
)
PARTY = ("id", "encounter_id", "unit_id", "staff")
RESPONSE = (
    "id",
    "organisation_id",
    "key",
    "survey_id",
    "version_id",
    "touchpoint_id",
    "unit_id",
    "encounter_id",
    "scale",
    "score",
    "comment",
    "may_contact",
    "reply_to",
    "language",
    "channel",
    "answered_at",
    "local_day",
    "completed_at",
    "changed_at",
    "triaged_at",
    "reading_turn",
)
CASE = (
    "id",
    "organisation_id",
    "number",
    "response_id",
    "touchpoint_id",
    "unit_id",
    "taken_by_id",
    "reason",
    "opened_at",
    "due_at",
    "resolved_at",
    "cause",
    "changed_at",
)
LEG = ("id", "case_id", "unit_id", "started_at", "due_at", "taken_at", "ended_at")
EVENT = ("id", "case_id", "kind", "at", "member_id", "text", "data")

CAUSES = {
    "price": "billing",
    "delivery": "product",
    "promises": "promise",
    "handoffs": "handoff",
    "recovery": "waiting",
}


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What was set up by hand before the many rows, in the order of the company's tuples."""

    organisation: Organisation
    units: list[Unit]
    members: dict[str, Member]
    touchpoints: list[Touchpoint]
    surveys: list[Survey]
    versions: list[Version]
    reasons: dict[str, str]


def account_rows(company: Company, frame: Frame, *, first_key: int) -> list[Row]:
    names = sorted({name for name in company.contacts.account if name})
    keys = count(first_key)
    return [(next(keys), frame.organisation.pk, name[:100], name) for name in names]


def contact_rows(
    company: Company, frame: Frame, *, first_key: int, accounts: list[Row]
) -> Iterator[Row]:
    account_of = {row[3]: row[0] for row in accounts}
    people = company.contacts
    columns = (people.account, people.reference, people.name, people.email, people.phone)
    for key, account, reference, name, email, phone, language in zip(
        count(first_key), *columns, people.language, strict=False
    ):
        owner = (key, frame.organisation.pk, account_of.get(account), "customer")
        yield (*owner, reference, name, email, phone, language)


def encounter_rows(company: Company, frame: Frame, *, first_contact: int) -> Iterator[Row]:
    met = company.encounters
    units = [unit.pk for unit in frame.units]
    points = [(point.pk, point.mode) for point in frame.touchpoints]
    for number, (key, contact, point, unit, happened_at) in enumerate(
        zip(
            met.key,
            met.contact.tolist(),
            met.touchpoint.tolist(),
            met.unit.tolist(),
            aware(met.happened_at),
            strict=True,
        )
    ):
        place = (first_contact + contact, points[point][0], units[unit], points[point][1])
        yield (key, frame.organisation.pk, f"T{number + 1}", *place, happened_at, happened_at)


def party_rows(company: Company, frame: Frame, *, first_key: int) -> Iterator[Row]:
    met = company.encounters
    units = [unit.pk for unit in frame.units]
    staff = [*company.staff, ""]
    keys = count(first_key)
    for key, unit, partner, person in zip(
        met.key, met.unit.tolist(), met.partner.tolist(), met.staff.tolist(), strict=True
    ):
        yield (next(keys), key, units[unit], staff[person])
        if partner >= 0:
            yield (next(keys), key, units[partner], "")


def response_rows(company: Company, frame: Frame) -> Iterator[Row]:
    given, met = company.responses, company.encounters
    zone = ZoneInfo(frame.organisation.time_zone)
    surveys = [
        (survey.pk, version.pk, survey.touchpoint_id, survey.scale)
        for survey, version in zip(frame.surveys, frame.versions, strict=True)
    ]
    units = [unit.pk for unit in frame.units]
    unit_of, contact_of = met.unit.tolist(), met.contact.tolist()
    for key, encounter, survey, score, comment, may_contact, language, channel, at in zip(
        given.key,
        given.encounter.tolist(),
        given.survey.tolist(),
        given.score.tolist(),
        given.comment,
        given.may_contact.tolist(),
        given.language,
        given.channel,
        aware(given.answered_at),
        strict=True,
    ):
        survey_key, version_key, touchpoint_key, scale = surveys[survey]
        reply_to = company.contacts.email[contact_of[encounter]] if may_contact else ""
        asked = (survey_key, version_key, touchpoint_key, units[unit_of[encounter]])
        said = (scale, score, comment, may_contact, reply_to, language, channel)
        times = (at, at.astimezone(zone).date(), at, at, at)
        place = (key, frame.organisation.pk, key.hex)
        turn = Response.Turn.PAST.value if comment else None
        yield (*place, *asked, met.key[encounter], *said, *times, turn)


def case_rows(company: Company, frame: Frame, *, first_key: int) -> Iterator[Row]:
    units = {unit.code: unit.pk for unit in frame.units}
    for number, case in enumerate(company.cases):
        last = case.legs[-1]
        survey = frame.surveys[int(company.responses.survey[case.response])]
        member = frame.members.get(last.taken_by)
        yield (
            first_key + number,
            frame.organisation.pk,
            number + 1,
            company.responses.key[case.response],
            survey.touchpoint_id,
            units[last.unit],
            member.pk if member else None,
            frame.reasons[survey.scale],
            case.opened_at,
            _due_at(last, frame),
            case.resolved_at,
            CAUSES.get(case.cause, case.cause),
            _changed_at(case),
        )


def leg_rows(company: Company, frame: Frame, *, first_key: int, first_case: int) -> Iterator[Row]:
    units = {unit.code: unit.pk for unit in frame.units}
    keys = count(first_key)
    for number, case in enumerate(company.cases):
        for leg in case.legs:
            times = (leg.started_at, _due_at(leg, frame), leg.taken_at, leg.ended_at)
            yield (next(keys), first_case + number, units[leg.unit], *times)


def event_rows(company: Company, frame: Frame, *, first_key: int, first_case: int) -> Iterator[Row]:
    keys = count(first_key)
    for number, case in enumerate(company.cases):
        scale = frame.surveys[int(company.responses.survey[case.response])].scale
        for kind, at, member, text, data in sorted(
            _events(case, frame, reason=frame.reasons[scale]), key=lambda event: event[1]
        ):
            yield (next(keys), first_case + number, kind, at, member, text, data)


def _events(case: SimulatedCase, frame: Frame, *, reason: str) -> Iterator[Row]:
    names = {unit.code: unit.name for unit in frame.units}
    yield ("opened", case.opened_at, None, reason, {})
    for leg in case.legs:
        if leg.taken_at:
            yield ("taken", leg.taken_at, frame.members[leg.taken_by].pk, "", {})
    for note in case.notes:
        yield ("note", note.written_at, frame.members[note.written_by].pk, note.text, {})
    for left, entered in pairwise(case.legs):
        data = {"from": names[left.unit], "to": names[entered.unit]}
        yield ("handed_off", entered.started_at, frame.members[left.taken_by].pk, "", data)
    if case.resolved_at:
        cause = {"cause": CAUSES.get(case.cause, case.cause)}
        member = frame.members[case.legs[-1].taken_by].pk
        yield ("resolved", case.resolved_at, member, "", cause)


def _due_at(leg: SimulatedLeg, frame: Frame) -> dt.datetime:
    return leg.started_at + dt.timedelta(hours=frame.organisation.reply_hours)


def _changed_at(case: SimulatedCase) -> dt.datetime:
    moments = [leg.taken_at or leg.started_at for leg in case.legs]
    moments += [note.written_at for note in case.notes]
    return max([*moments, case.resolved_at or case.opened_at])
