"""Who met whom, where and when; and how it was felt."""

import datetime
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from kokemus.simulate import truths
from kokemus.simulate.kotilyhty import (
    CARRIER,
    ELECTRICIAN,
    FIELD_DEPARTMENTS,
    PLUMBER,
    REGIONS,
    TOUCHPOINTS,
    UNITS,
)
from kokemus.simulate.moments import draw_moments, is_winter, make_keys, to_column
from kokemus.simulate.organisation import Encounters, Moments, Whole
from kokemus.simulate.people import Crowd, draw_staff_codes

VOLUMES = {
    "website": 6.0,
    "sales-advice": 4.0,
    "online-order": 5.0,
    "booking": 8.0,
    "delivery": 6.0,
    "installation-visit": 10.0,
    "invoice": 8.0,
    "first-visit": 3.0,
    "service-plan": 3.0,
    "cleaning-visit": 11.0,
    "care-visit": 10.0,
    "phone-service": 9.0,
    "chat": 5.0,
    "app": 6.0,
    "complaint": 3.0,
    "relationship": 8.0,
}
STAFF_SIZES = {"phone": 30, "chat": 16, "sales": 16, "customer-service": 20, "complaints": 10}
FIELD_STAFF = 11
_CODES = [touchpoint.code for touchpoint in TOUCHPOINTS]
_UNIT = {unit.code: i for i, unit in enumerate(UNITS)}
_IS_DIGITAL = np.array([touchpoint.mode == "digital" for touchpoint in TOUCHPOINTS])
_IS_HUMAN = np.array([touchpoint.mode == "human" for touchpoint in TOUCHPOINTS])
_OULU = list(REGIONS).index("oulu")


@dataclass(frozen=True, kw_only=True)
class Felt:
    """Encounters and, beside them, what no one sees: the experience each one left."""

    encounters: Encounters
    staff: tuple[str, ...]
    experience: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Turns:
    """When the planted events happened."""

    invoice: np.datetime64
    training: np.datetime64
    login: np.datetime64
    reminder: np.datetime64


def draw_encounters(
    generator: np.random.Generator,
    *,
    number: int,
    crowd: Crowd,
    starts: datetime.datetime,
    ends: datetime.datetime,
    turns: Turns,
) -> Felt:
    """Draw encounters in order of time, and the experience of each."""
    touchpoint, moment = _draw_when(generator, number, starts, ends)
    contact = _draw_contacts(generator, crowd, _draw_regions(generator, moment))
    unit = _find_units(touchpoint, crowd.region[contact])
    partner = _draw_partners(generator, touchpoint)
    staff, codes = _draw_staff(generator, touchpoint, np.where(partner < 0, unit, partner))
    encounters = Encounters(
        key=make_keys(generator, moments=moment),
        contact=contact,
        touchpoint=touchpoint,
        happened_at=moment,
        unit=unit,
        partner=partner,
        staff=staff,
        handoffs=_draw_handoffs(generator, touchpoint),
    )
    experience = _feel(generator, encounters, crowd, len(codes), turns)
    return Felt(encounters=encounters, staff=codes, experience=experience)


def _draw_when(
    generator: np.random.Generator,
    number: int,
    starts: datetime.datetime,
    ends: datetime.datetime,
) -> tuple[Whole, Moments]:
    volumes = np.array([VOLUMES[code] for code in _CODES])
    touchpoint = generator.choice(len(_CODES), number * 21 // 20 + 50, p=volumes / volumes.sum())
    moment = draw_moments(generator, digital=_IS_DIGITAL[touchpoint], starts=starts, ends=ends)
    last = to_column(ends) - np.timedelta64(3 * 60, "s")
    inside = np.flatnonzero((moment >= to_column(starts)) & (moment <= last))
    kept = generator.permutation(inside)[:number]
    kept = kept[np.argsort(moment[kept], kind="stable")]
    return touchpoint[kept], moment[kept]


def _draw_regions(generator: np.random.Generator, moment: Moments) -> Whole:
    progress = np.linspace(0.0, 1.0, len(moment))
    if len(moment):
        elapsed = (moment - moment[0]).astype(np.int64)
        progress = elapsed / max(int(elapsed[-1]), 1)
    first, last = truths.OULU_SHARE_FIRST, truths.OULU_SHARE_LAST
    is_oulu = generator.random(len(moment)) < first + (last - first) * progress
    others = generator.choice(_OULU, len(moment), p=(0.5, 0.28, 0.22))
    return np.where(is_oulu, _OULU, others)


def _draw_contacts(generator: np.random.Generator, crowd: Crowd, region: Whole) -> Whole:
    """Draw a contact of the region for each encounter, the active ones more often."""
    total = np.cumsum(crowd.activity)
    edges = np.searchsorted(crowd.region, np.arange(len(REGIONS) + 1))
    low = np.concatenate(([0.0], total))[edges]
    at = low[region] + generator.random(len(region)) * (low[region + 1] - low[region])
    place = np.searchsorted(total, at, side="right")
    return np.asarray(np.minimum(place, edges[region + 1] - 1))


def _find_units(touchpoint: Whole, region: Whole) -> Whole:
    table = np.array(
        [
            [
                _UNIT[f"{point.unit}-{code}" if point.unit in FIELD_DEPARTMENTS else point.unit]
                for code in REGIONS
            ]
            for point in TOUCHPOINTS
        ]
    )
    return np.asarray(table[touchpoint, region])


def _draw_partners(generator: np.random.Generator, touchpoint: Whole) -> Whole:
    draw = generator.random(len(touchpoint))
    installer = np.where(draw < truths.ELECTRICIAN_SHARE, _UNIT[ELECTRICIAN], _UNIT[PLUMBER])
    helped = draw < truths.ELECTRICIAN_SHARE + truths.PLUMBER_SHARE
    installs = touchpoint == _CODES.index("installation-visit")
    partner = np.where(installs & helped, installer, -1)
    return np.where(touchpoint == _CODES.index("delivery"), _UNIT[CARRIER], partner)


def _draw_staff(
    generator: np.random.Generator, touchpoint: Whole, unit: Whole
) -> tuple[Whole, tuple[str, ...]]:
    sizes = np.array([STAFF_SIZES.get(each.code, FIELD_STAFF) for each in UNITS])
    first = np.concatenate(([0], np.cumsum(sizes)))
    member = first[unit] + (generator.random(len(unit)) * sizes[unit]).astype(np.int64)
    without = _IS_DIGITAL | np.array([code == "relationship" for code in _CODES])
    random = Random(int(generator.integers(0, 1 << 32)))  # noqa: S311, nothing secret
    codes = draw_staff_codes(random, number=int(first[-1]))
    return np.where(without[touchpoint], -1, member), codes


def _draw_handoffs(generator: np.random.Generator, touchpoint: Whole) -> Whole:
    shares = truths.HANDOFF_SHARES
    handoffs = generator.choice(len(shares), len(touchpoint), p=shares)
    passed_on = np.isin(
        touchpoint, [_CODES.index(code) for code in ("phone-service", "chat", "complaint")]
    )
    return np.where(passed_on, handoffs, 0)


def _feel(
    generator: np.random.Generator,
    encounters: Encounters,
    crowd: Crowd,
    staff_size: int,
    turns: Turns,
) -> NDArray[np.float64]:
    """Sum the planted effects, the customer's history, the staff member and chance."""
    of_staff = generator.normal(0.0, truths.STAFF_SHARE**0.5, staff_size + 1)
    of_staff[-1] = 0.0
    chance = (1.0 - truths.CUSTOMER_SHARE - truths.STAFF_SHARE) ** 0.5
    own = generator.normal(0.0, chance, len(encounters)) + of_staff[encounters.staff]
    last_human = _last_own(own, encounters, _IS_HUMAN)
    last_digital = _last_own(own, encounters, _IS_DIGITAL)
    relates = encounters.touchpoint == _CODES.index("relationship")
    carried = truths.HUMAN_WEIGHT * last_human + truths.DIGITAL_WEIGHT * last_digital
    effects = _sum_effects(encounters, crowd, turns)
    return own + np.where(relates, carried, 0.0) + effects + crowd.history[encounters.contact]


def _sum_effects(encounters: Encounters, crowd: Crowd, turns: Turns) -> NDArray[np.float64]:
    point, moment = encounters.touchpoint, encounters.happened_at
    digital_service = np.isin(point, [_CODES.index(code) for code in ("booking", "app")])
    return np.asarray(
        np.array([truths.TOUCHPOINTS[code] for code in _CODES])[point]
        + truths.ELECTRICIAN * (encounters.partner == _UNIT[ELECTRICIAN])
        + truths.PLUMBER * (encounters.partner == _UNIT[PLUMBER])
        + truths.INVOICE * ((point == _CODES.index("invoice")) & (moment >= turns.invoice))
        + truths.TRAINING * ((point == _CODES.index("phone-service")) & (moment >= turns.training))
        + truths.LOGIN * (digital_service & (moment >= turns.login))
        + truths.WINTER * is_winter(moment)
        + truths.HANDOFF * encounters.handoffs
        + truths.OULU * (crowd.region[encounters.contact] == _OULU)
        + truths.SENIOR * crowd.is_senior[encounters.contact]
    )


def _last_own(
    own: NDArray[np.float64], encounters: Encounters, counts: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Give what was particular in the contact's latest earlier encounter of a kind, or 0."""
    counts = counts & np.array([code != "relationship" for code in _CODES])
    order = np.lexsort((np.arange(len(own)), encounters.contact))
    contact = encounters.contact[order]
    place = np.where(counts[encounters.touchpoint[order]], np.arange(len(own)), -1)
    latest = np.concatenate(([-1], np.maximum.accumulate(place)[:-1])) if len(own) else place
    found = (latest >= 0) & (contact[latest] == contact)
    last = np.empty(len(own))
    last[order] = np.where(found, own[order][latest], 0.0)
    return last
