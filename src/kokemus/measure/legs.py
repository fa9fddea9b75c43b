"""Hand-offs: who waits for whom, and how cases that wait there end."""

import math
from collections.abc import Hashable, Mapping
from typing import NamedTuple

import numpy as np

from kokemus.measure import intervals
from kokemus.measure._frame import IntoFrame
from kokemus.measure._journey_results import HandOff, HandOffs
from kokemus.measure.results import Estimate

EQUAL = 1e-12  # less variation than this part of the squares is rounding: all times are equal


class LegSums(NamedTuple):
    """Legs from one unit to another, in sums, and the cases with a score that went through."""

    legs: float
    waiting: float
    waiting_squared: float
    working: float
    working_squared: float
    cases: float = 0.0
    score: float = 0.0
    score_squared: float = 0.0


def hand_offs(
    frame: IntoFrame,
    case: str = "case",
    *,
    order: str = "order",
    unit: str = "unit",
    waiting: str = "waiting",
    working: str = "working",
    score: str | None = None,
    confidence: float = 0.95,
) -> HandOffs:
    """Waiting and working time by who handed over to whom, and how such cases score.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        A row per leg: a stretch of a case in one unit's hands.
    case, order, unit : str
        Columns: the case; numbers or times that order its legs; whose hands.
    waiting, working : str
        Columns of numbers, in one unit of time: until the unit began, and from then until it
        handed on or closed.
    score : str, optional
        Column of the case's score, on one leg of it or on all.
    confidence : float
        Nominal coverage, 0 to 1.

    Returns
    -------
    HandOffs
        The pair with the longest total wait first.

    Raises
    ------
    UnknownColumn, NotNumbers
        As for `nps`.

    Notes
    -----
    One window (the unit before), group-bys by pair, by case and pair, and by case. Student's t for
    the times, Welch's for the difference of scores: 95 % cover 93 to 96 % from some 20 legs of
    times of moderate skew (simulated, exponential), 91 % at 10.

    Behaviour: none - no pairs; one or all equal - times without interval, "cannot tell how far
    off"; missing - legs without case, order, unit or times are left out and counted, cases
    without a score count for times only; weighted - not offered.

    Where it misleads: the effect compares cases that went this way with those that did not; hard
    cases are handed on more often, so it is not what the hand-off does. A case that takes a way
    twice counts as two legs, and as one case.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame(
    ...     {
    ...         "case": [1, 1, 2, 2, 3, 4],
    ...         "order": [1, 2, 1, 2, 1, 1],
    ...         "unit": ["desk", "repair", "desk", "repair", "desk", "desk"],
    ...         "waiting": [1.0, 20.0, 2.0, 30.0, 1.0, 2.0],
    ...         "working": [0.5, 2.0, 0.5, 3.0, 1.0, 1.0],
    ...         "score": [4.0, 4.0, 3.0, 3.0, 8.0, 9.0],
    ...     }
    ... )
    >>> worst = hand_offs(frame, score="score").pairs[0]
    >>> worst.before, worst.unit, worst.legs, worst.waiting.estimate, worst.effect.estimate
    ('desk', 'repair', 2, 25.0, -5.0)
    """
    from kokemus.measure._frame.journeys import LEG_SUMS, collect_legs, read_pairs

    by_pair, by_case, whole, missing = collect_legs(
        frame, case=case, order=order, unit=unit, waiting=waiting, working=working, score=score
    )
    scored = read_pairs(by_case)
    sums = {}
    for pair, times in read_pairs(by_pair).items():
        seen = scored.get(pair, {"cases": 0.0, "score": 0.0, "score²": 0.0})
        sums[pair] = LegSums(*(times[name] for name in LEG_SUMS), *seen.values())
    totals = [float(np.nan_to_num(whole.numbers[name][0])) for name in ("cases", "score", "score²")]
    return _make_hand_offs(sums, tuple(totals), missing=missing, confidence=confidence)


def hand_offs_from_sums(
    sums: Mapping[tuple[Hashable, Hashable], LegSums],
    *,
    cases: tuple[float, float, float] = (0.0, 0.0, 0.0),
    confidence: float = 0.95,
) -> HandOffs:
    """Hand-offs from sums per pair of units.

    Parameters
    ----------
    sums : mapping
        (unit before, unit) to its `LegSums`; None before a case's first unit.
    cases : tuple of float
        Of all cases with a score: how many, sum of scores, sum of their squares.
    confidence : float

    Returns
    -------
    HandOffs

    Raises
    ------
    ValueError
        The confidence is not allowed.

    Examples
    --------
    >>> found = hand_offs_from_sums({("desk", "repair"): LegSums(10, 50, 270, 20, 50)})
    >>> print(found.pairs[0].waiting)
    5.00 (3.93 to 6.07)
    """
    return _make_hand_offs(sums, cases, missing=0, confidence=confidence)


def _make_hand_offs(
    sums: Mapping[tuple[Hashable, Hashable], LegSums],
    cases: tuple[float, ...],
    *,
    missing: int,
    confidence: float,
) -> HandOffs:
    intervals.check_confidence(confidence)
    longest = sorted(sums.items(), key=lambda item: -item[1].waiting)
    pairs = tuple(
        HandOff(
            before=before,
            unit=unit,
            legs=round(part.legs),
            waiting=_mean(part.legs, part.waiting, part.waiting_squared, confidence),
            working=_mean(part.legs, part.working, part.working_squared, confidence),
            cases=round(part.cases),
            effect=_difference((part.cases, part.score, part.score_squared), cases, confidence),
        )
        for (before, unit), part in longest
    )
    return HandOffs(pairs=pairs, missing=missing, confidence=confidence)


def _mean(count: float, total: float, squares: float, confidence: float) -> Estimate:
    if count < 2:
        return Estimate(total / count if count else None, None, None)
    mean, spread = total / count, squares - total**2 / count
    if spread <= EQUAL * squares:
        return Estimate(mean, None, None)
    deviation = math.sqrt(spread / (count - 1))
    return Estimate(mean, *intervals.mean_interval(mean, deviation, count, confidence=confidence))


def _difference(
    with_it: tuple[float, float, float], cases: tuple[float, ...], confidence: float
) -> Estimate:
    """Mean score with the hand-off less that of the other cases; Welch's interval."""
    without = tuple(whole - part for whole, part in zip(cases, with_it, strict=True))
    if with_it[0] < 1 or without[0] < 1:
        return Estimate(None, None, None)
    found = with_it[1] / with_it[0] - without[1] / without[0]
    if with_it[0] < 2 or without[0] < 2:
        return Estimate(found, None, None)
    from scipy.special import stdtrit

    errors = [
        max(squares - total**2 / count, 0.0) / (count - 1) / count
        for count, total, squares in (with_it, without)
    ]
    error = sum(errors)
    if error <= EQUAL * max(with_it[2] / with_it[0], without[2] / without[0]):
        return Estimate(found, None, None)
    freedom = error**2 / (errors[0] ** 2 / (with_it[0] - 1) + errors[1] ** 2 / (without[0] - 1))
    half = float(stdtrit(freedom, 0.5 + confidence / 2)) * math.sqrt(error)
    return Estimate(found, found - half, found + half)
