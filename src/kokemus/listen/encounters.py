"""What other systems tell us happened: from checked items to rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kokemus.store.models import Encounter, Organisation, Survey, Touchpoint, Unit
from kokemus.store.models.contacts import ContactFacts, EncounterFacts


@dataclass(frozen=True, kw_only=True)
class ToldEncounter:
    """An encounter as told, with codes; `parties` are (unit code, staff pseudonym)."""

    reference: str
    touchpoint: str
    happened_at: dt.datetime
    unit: str = ""
    contact: ContactFacts | None = None
    parties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class UnknownCode:
    """A code that names nothing here."""

    field: str
    value: str


@dataclass(frozen=True)
class KeptEncounter:
    """A row, whether it is new, and the link of the survey at its touchpoint ("" if none)."""

    encounter: Encounter
    is_new: bool
    link: str


def record_encounters(
    organisation: Organisation, told: Sequence[ToldEncounter], *, now: dt.datetime
) -> list[KeptEncounter | UnknownCode]:
    """Keep what can be kept; say of each other one which code is unknown. In order."""
    touchpoints = {
        row.code: row
        for row in Touchpoint.objects.filter(
            organisation=organisation, code__in={one.touchpoint for one in told}
        ).select_related("unit")
    }
    codes = {one.unit for one in told} | {code for one in told for code, _ in one.parties}
    units = {
        row.code: row
        for row in Unit.objects.filter(organisation=organisation, code__in=codes - {""})
    }
    read = [_look_up(one, touchpoints, units) for one in told]
    facts = [one for one in read if isinstance(one, EncounterFacts)]
    kept = iter(Encounter.objects.record(organisation, facts, now=now))
    links = _links({one.touchpoint.pk for one in facts})
    answers: list[KeptEncounter | UnknownCode] = []
    for one in read:
        if isinstance(one, UnknownCode):
            answers.append(one)
        else:
            row, is_new = next(kept)
            answers.append(KeptEncounter(row, is_new, links.get(row.touchpoint_id, "")))
    return answers


def _look_up(
    told: ToldEncounter, touchpoints: dict[str, Touchpoint], units: dict[str, Unit]
) -> EncounterFacts | UnknownCode:
    touchpoint = touchpoints.get(told.touchpoint)
    if touchpoint is None:
        return UnknownCode("touchpoint", told.touchpoint)
    if told.unit and told.unit not in units:
        return UnknownCode("unit", told.unit)
    for code, _staff in told.parties:
        if code not in units:
            return UnknownCode("parties", code)
    return EncounterFacts(
        reference=told.reference,
        touchpoint=touchpoint,
        unit=units[told.unit] if told.unit else touchpoint.unit,
        happened_at=told.happened_at,
        contact=told.contact,
        parties=tuple((units[code], staff) for code, staff in told.parties),
    )


def _links(touchpoints: set[int]) -> dict[int, str]:
    """The public link of the newest open, published survey of each touchpoint."""
    surveys = Survey.objects.filter(
        touchpoint__in=touchpoints, is_open=True, versions__isnull=False
    ).order_by("pk")
    return dict(surveys.values_list("touchpoint", "link"))
