"""What humans put right: closed cases of two years, and the open ones of the last days."""

import dataclasses
import datetime
from random import Random

import numpy as np

from kokemus.simulate.case_notes import LAST_NOTES, MIDDLE_NOTES, suit_notes
from kokemus.simulate.kotilyhty import CAUSES, ROOT, UNITS
from kokemus.simulate.organisation import Case, Encounters, Leg, Note, Responses, aware
from kokemus.simulate.people import MEMBERS

OPEN_CASES = 40
OPEN_FROM = 90
NEWEST_OPEN = 12
CLOSED_SHARE = 0.025
OPEN_PACE = 2.0
WAITING_SHARE = 0.25
HANDOFF_SHARES = (0.62, 0.26, 0.09, 0.03)
_PARENT = {unit.code: unit.parent for unit in UNITS}
_CAUSE_CODES = tuple(cause.code for cause in CAUSES)
_ELSEWHERE = ("customer-service", "billing", "digital", "complaints")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Matter:
    """What a case starts from."""

    response: int
    unit: str
    partner: str
    language: str
    theme: str
    opened_at: datetime.datetime


def draw_cases(
    random: Random,
    *,
    responses: Responses,
    encounters: Encounters,
    is_low: list[bool],
    ends: datetime.datetime,
) -> tuple[Case, ...]:
    """Draw cases from low answers, in order of opening; some of the latest are still open."""
    low = [i for i, each in enumerate(is_low) if each]
    opening = _choose_open(random, low[-OPEN_FROM:], responses)
    earlier = low[:-OPEN_FROM]
    number = min(len(earlier), round(len(responses) * CLOSED_SHARE))
    chosen = sorted(random.sample(earlier, number))
    matters = _find_matters(chosen + opening, responses, encounters)
    closed = [_close(random, matter, ends) for matter in matters[: len(chosen)]]
    opened = [_leave_open(random, matter, ends) for matter in matters[len(chosen) :]]
    return tuple(closed + opened)


def _choose_open(random: Random, latest: list[int], responses: Responses) -> list[int]:
    """Choose the newest low answers, and of those before them the ones with a comment first."""
    newest, before = latest[-NEWEST_OPEN:], latest[:-NEWEST_OPEN]
    mixed = random.sample(before, len(before))
    mixed.sort(key=lambda i: responses.comment[i] == "")
    return sorted(mixed[: OPEN_CASES - NEWEST_OPEN]) + newest


def _find_matters(chosen: list[int], responses: Responses, encounters: Encounters) -> list[Matter]:
    rows = np.array(chosen, dtype=np.int64)
    answered = aware(responses.answered_at[rows])
    of = responses.encounter[rows]
    units, partners = encounters.unit[of].tolist(), encounters.partner[of].tolist()
    return [
        Matter(
            response=i,
            unit=UNITS[units[place]].code,
            partner=UNITS[partners[place]].code if partners[place] >= 0 else "",
            language=responses.language[i],
            theme=responses.theme[i],
            opened_at=answered[place],
        )
        for place, i in enumerate(chosen)
    ]


def _close(random: Random, matter: Matter, ends: datetime.datetime) -> Case:
    """Close in the time it takes, or faster where little time is left."""
    hours = _draw_hours(random)
    left = (ends - matter.opened_at).total_seconds() / 3600
    legs = _make_legs(random, matter, hours, pace=min(1.0, 0.95 * left / sum(map(sum, hours))))
    return Case(
        response=matter.response,
        opened_at=matter.opened_at,
        legs=legs,
        cause=matter.theme or random.choice(_CAUSE_CODES),
        resolved_at=legs[-1].ended_at,
        notes=_draw_notes(random, matter, legs, is_resolved=True),
    )


def _leave_open(random: Random, matter: Matter, ends: datetime.datetime) -> Case:
    """Leave the leg that runs at the end with somebody, or with nobody yet."""
    legs = _make_legs(random, matter, _draw_hours(random), pace=OPEN_PACE)
    begun = [leg for leg in legs if leg.started_at < ends]
    last = begun[-1]
    assert last.taken_at is not None
    waits = last.taken_at >= ends or random.random() < WAITING_SHARE
    running = dataclasses.replace(
        last,
        taken_at=None if waits else last.taken_at,
        taken_by="" if waits else last.taken_by,
        ended_at=None,
    )
    done = (*begun[:-1], running)
    return Case(
        response=matter.response,
        opened_at=matter.opened_at,
        legs=done,
        cause="",
        resolved_at=None,
        notes=_draw_notes(random, matter, done, is_resolved=False),
    )


def _draw_hours(random: Random) -> list[tuple[float, float]]:
    """Draw, for each leg, the hours until somebody takes it and until it ends."""
    number = random.choices((1, 2, 3, 4), HANDOFF_SHARES)[0]
    return [
        (random.lognormvariate(0.5, 0.9), random.lognormvariate(1.6, 1.0)) for _ in range(number)
    ]


def _make_legs(
    random: Random, matter: Matter, hours: list[tuple[float, float]], *, pace: float
) -> tuple[Leg, ...]:
    """Make legs that follow one another without a gap."""
    legs: list[Leg] = []
    started_at, unit = matter.opened_at, matter.unit
    for to_take, to_end in hours:
        taken_at = started_at + datetime.timedelta(hours=to_take * pace)
        ended_at = taken_at + datetime.timedelta(hours=to_end * pace)
        legs.append(
            Leg(
                unit=unit,
                started_at=started_at,
                taken_at=taken_at,
                taken_by=_find_member(random, unit),
                ended_at=ended_at,
            )
        )
        started_at, unit = ended_at, _next_unit(random, unit, matter)
    return tuple(legs)


def _next_unit(random: Random, unit: str, matter: Matter) -> str:
    if matter.partner and unit != matter.partner and random.random() < 0.6:
        return matter.partner
    choices = [code for code in (matter.unit, *_ELSEWHERE) if code != unit]
    return random.choice(choices)


def _find_member(random: Random, unit: str) -> str:
    """Find one of the unit, or of the nearest unit above it."""
    at: str | None = unit
    while at is not None:
        found = [each.email for each in MEMBERS if any(code == at for code, _ in each.roles)]
        if found:
            return random.choice(found)
        at = _PARENT[at]
    raise LookupError(f"nobody works in {unit} or above it, up to {ROOT}")


def _draw_notes(
    random: Random, matter: Matter, legs: tuple[Leg, ...], *, is_resolved: bool
) -> tuple[Note, ...]:
    notes: list[Note] = []
    for place, leg in enumerate(legs):
        if leg.taken_at is None or random.random() < 0.25:
            continue
        is_last = is_resolved and place == len(legs) - 1
        written = [note.text for note in notes]
        suited = suit_notes(
            (LAST_NOTES if is_last else MIDDLE_NOTES)[matter.language], theme=matter.theme
        )
        texts = [text for text in suited if text not in written]
        ended_at = leg.ended_at or leg.taken_at
        at = leg.taken_at + (ended_at - leg.taken_at) * random.uniform(0.1, 0.9)
        notes.append(Note(written_at=at, written_by=leg.taken_by, text=random.choice(texts)))
    return tuple(notes)
