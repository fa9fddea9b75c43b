"""Good at once, bad later: the over-promise that asking at once hides."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kokemus.measure._false_discovery import adjust_p_values
from kokemus.measure._frame import IntoFrame
from kokemus.measure._frame.integrity import sum_promises
from kokemus.measure._peers import compare_numbers, estimate_spread
from kokemus.measure._promise_results import PromiseGap, PromiseGaps
from kokemus.measure.histograms import Floats, Indices, sum_by_group
from kokemus.measure.intervals import mean_interval, normal_quantile, wilson_interval
from kokemus.measure.results import Estimate

UNKNOWN = Estimate(None, None, None)
LEVEL = 0.05
Cell = tuple[float, float, float, float, float]


def promise_gap(
    frame: IntoFrame,
    *,
    unit: str = "unit",
    score: str = "score",
    later: str = "later_score",
    churned: str | None = None,
    level: float = LEVEL,
    confidence: float = 0.95,
) -> PromiseGaps:
    """Units whose contacts are content at once and disappointed, or gone, later. One group-by.

    Each unit is compared with what the same immediate answers led to elsewhere, so that neither
    high scores falling back to the middle nor a demanding clientele look like broken promises.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per contact who answered at once.
    unit : str
        Column with the unit.
    score : str
        Column with the immediate answer, whole numbers.
    later : str
        Column with the same contact's answer after some weeks, on the same scale; missing where
        there is none.
    churned : str, optional
        Column of 0 and 1: whether the contact left; missing where it is not known.
    level : float
        False discovery rate over the units, by Benjamini and Hochberg.
    confidence : float
        Nominal coverage of the intervals.

    Returns
    -------
    PromiseGaps
        A `PromiseGap` for each unit: the paired gap with Student's interval, the shortfall against
        peers with its interval and shrunken, churn with Wilson's interval beside what was to be
        expected.

    Raises
    ------
    UnknownColumn, NotNumbers
        A column is not there, or does not hold numbers.

    Notes
    -----
    Behaviour: none, one - a unit with under two pairs has no interval; all equal - no interval;
    missing - rows without an immediate answer are left out, rows without a later one count in
    ``.answers`` only; weighted - not offered. Under 5 units cannot tell who differs.

    Nominal 95 % intervals of the gap and the shortfall cover 93 to 96 % from 20 pairs a unit; an
    honest unit has p under 0.05 in at most 7 of 100 cases (seeded simulation,
    `tests/measure/test_promises.py`).

    Where it misleads: those who answer the second time are not all; where the disappointed no
    longer answer, the gap is larger than it shows, which the churn beside it may tell. A unit that
    hands over to a poor one is not the one that broke the promise.

    References
    ----------
    Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance. Statistics
    in Medicine 24, 1185-1202.

    Examples
    --------
    >>> import polars as pl
    >>> rows = [
    ...     (unit, 7 + place % 4, 5 + place * 7 % 5 - (3 if unit == "f" else 0))
    ...     for unit in "abcdefg" for place in range(40)
    ... ]
    >>> frame = pl.DataFrame(rows, ["unit", "score", "later_score"], orient="row")
    >>> found = promise_gap(frame)
    >>> [(gap.unit, gap.shortfall.estimate) for gap in found if gap.is_found]
    [('f', 3.0)]
    """
    table = sum_promises(frame, unit=unit, score=score, later=later, churned=churned)
    cells: dict[Hashable, dict[float, Cell]] = {}
    answers: dict[Hashable, float] = {}
    zeros = np.zeros(len(table.keys))
    columns = [table.numbers.get(n, zeros) for n in ("paired", "later", "later²", "known", "left")]
    for place, (name, value) in enumerate(table.keys):
        if name is not None and value is not None:
            a, b, c, d, e = (float(column[place]) for column in columns)
            cells.setdefault(name, {})[float(str(value))] = (a, b, c, d, e)
            answers[name] = answers.get(name, 0.0) + float(table.numbers["answers"][place])
    return _compare(cells, answers, level=level, confidence=confidence)


def promise_gap_from_counts(
    cells: Mapping[Hashable, Mapping[float, Cell]],
    *,
    level: float = LEVEL,
    confidence: float = 0.95,
) -> PromiseGaps:
    """Units whose contacts are content at once and disappointed later, from sums.

    Parameters
    ----------
    cells : mapping
        Unit to a mapping of immediate answer to (pairs, sum of later answers, sum of their
        squares, contacts of whom it is known whether they left, those who left).
    level, confidence
        As for `promise_gap`.

    Returns
    -------
    PromiseGaps

    Examples
    --------
    >>> fair, broken = {9: (40, 320, 2620, 60, 6)}, {9: (40, 200, 1060, 60, 20)}
    >>> found = promise_gap_from_counts({unit: fair for unit in "abcde"} | {"f": broken})
    >>> print(found[5].shortfall, found[5].churn)
    3.00 (2.58 to 3.42) 0.33 (0.23 to 0.46)
    """
    pairs = {unit: sum(cell[0] for cell in table.values()) for unit, table in cells.items()}
    return _compare(cells, pairs, level=level, confidence=confidence)


def _compare(
    cells: Mapping[Hashable, Mapping[float, Cell]],
    answers: Mapping[Hashable, float],
    *,
    level: float,
    confidence: float,
) -> PromiseGaps:
    if not 0 < level < 1:
        raise ValueError(f"level must be over 0 and under 1, not {level}")
    units = list(cells)
    index = np.array([place for place, unit in enumerate(units) for _ in cells[unit]], np.intp)
    values = np.array([value for unit in units for value in cells[unit]], float)
    table = np.array([cell for unit in units for cell in cells[unit].values()], float)
    n, y, yy, known, left = table.reshape(-1, 5).T
    fall, fall_variance = _fall_short(index, values, n, y, yy, len(units))
    churn, expected, churn_variance = _leave(index, values, known, left, len(units))
    fall_p = compare_numbers(fall, fall_variance).p_values
    churn_p = compare_numbers(churn - expected, churn_variance).p_values
    beside = _Beside(
        fall=fall,
        variance=fall_variance,
        spread=estimate_spread(fall, fall_variance),
        p_value=fall_p,
        adjusted=adjust_p_values(fall_p),
        churn=churn,
        expected=expected,
        churn_p_value=churn_p,
        churn_adjusted=adjust_p_values(churn_p),
    )
    found = []
    for place, unit in enumerate(units):
        own = table.reshape(-1, 5)[index == place].T
        found.append(
            _describe(
                unit,
                answers[unit],
                values[index == place],
                own,
                beside.at(place),
                level,
                confidence,
            )
        )
    return PromiseGaps(tuple(found))


@dataclass(frozen=True, kw_only=True)
class _Beside:
    """What stands beside the peers: an array over units, or one unit's number (hence Any)."""

    fall: Any
    variance: Any
    spread: float
    p_value: Any
    adjusted: Any
    churn: Any
    expected: Any
    churn_p_value: Any
    churn_adjusted: Any

    def at(self, place: int) -> "_Beside":
        """Take one unit, as plain numbers."""
        names = [name for name in self.__dataclass_fields__ if name != "spread"]
        return replace(self, **{name: float(getattr(self, name)[place]) for name in names})


def _describe(
    unit: Hashable,
    answers: float,
    values: Floats,
    sums: Floats,
    beside: _Beside,
    level: float,
    confidence: float,
) -> PromiseGap:
    n, y, yy, known, left = sums
    total = float(known.sum())
    shortfall, shrunken, churn = UNKNOWN, None, UNKNOWN
    if beside.variance > 0:
        margin = normal_quantile(confidence) * math.sqrt(beside.variance)
        shortfall = Estimate(beside.fall, beside.fall - margin, beside.fall + margin)
        shrunken = beside.fall * beside.spread / (beside.spread + beside.variance)
    if total:
        limits = wilson_interval(float(left.sum()), total, confidence=confidence)
        churn = Estimate(beside.churn, *limits)
    return PromiseGap(
        unit=unit,
        answers=round(answers),
        pairs=round(float(n.sum())),
        immediate=_mean(values * n, n),
        later=_mean(y, n),
        gap=_gap(values, n, y, yy, confidence),
        shortfall=shortfall,
        shrunken=shrunken,
        p_value=_known(beside.p_value),
        adjusted_p_value=_known(beside.adjusted),
        churn=churn,
        churn_expected=_known(beside.expected),
        churn_p_value=_known(beside.churn_p_value),
        churn_adjusted_p_value=_known(beside.churn_adjusted),
        is_found=beside.adjusted <= level or beside.churn_adjusted <= level,
    )


def _gap(values: Floats, n: Floats, y: Floats, yy: Floats, confidence: float) -> Estimate:
    """Mean of the paired differences, immediate less later, with Student's interval."""
    pairs = float(n.sum())
    if pairs == 0:
        return UNKNOWN
    gap = float((values * n - y).sum()) / pairs
    squares = float((values**2 * n - 2 * values * y + yy).sum())
    spread = squares - pairs * gap**2
    if pairs < 2 or spread <= 1e-12 * squares:
        return Estimate(gap, None, None)
    deviation = math.sqrt(spread / (pairs - 1))
    return Estimate(gap, *mean_interval(gap, deviation, pairs, confidence=confidence))


def _fall_short(
    index: Indices,
    values: Floats,
    n: Floats,
    y: Floats,
    yy: Floats,
    units: int,
) -> tuple[Floats, Floats]:
    """Return how much lower than elsewhere, after the same answers, the later ones are."""
    level = np.unique(values, return_inverse=True)[1].astype(np.intp)
    levels = int(level.max(initial=-1)) + 1
    others = sum_by_group(level, n, levels)[level] - n
    with np.errstate(invalid="ignore", divide="ignore"):
        elsewhere = (sum_by_group(level, y, levels)[level] - y) / others
        known = others > 0
        within = float((yy - np.where(n > 0, y**2 / np.maximum(n, 1), 0)).sum())
        degrees = float(np.maximum(n - 1, 0).sum())
        variance = within / degrees if degrees > 0 and within > 1e-12 * yy.sum() else np.nan
        pairs = sum_by_group(index, np.where(known, n, 0), units)
        short = np.where(known, n * elsewhere - y, 0)
        noise = np.where(known, n**2 / others, 0)
        spread = variance / pairs + variance * sum_by_group(index, noise, units) / pairs**2
        return sum_by_group(index, short, units) / pairs, spread


def _leave(
    index: Indices,
    values: Floats,
    known: Floats,
    left: Floats,
    units: int,
) -> tuple[Floats, Floats, Floats]:
    """Return the share that left, the share to expect after the same answers, its variance."""
    level = np.unique(values, return_inverse=True)[1].astype(np.intp)
    levels = int(level.max(initial=-1)) + 1
    others = sum_by_group(level, known, levels)[level] - known
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = (sum_by_group(level, left, levels)[level] - left + 0.5) / (others + 1)
        total = sum_by_group(index, known, units)
        expected = sum_by_group(index, known * rate, units) / total
        spread = sum_by_group(index, known * rate * (1 - rate) * (1 + known / (others + 1)), units)
        return sum_by_group(index, left, units) / total, expected, spread / total**2


def _mean(total: Floats, n: Floats) -> float | None:
    return float(total.sum() / n.sum()) if n.sum() else None


def _known(number: float) -> float | None:
    return None if math.isnan(number) else float(number)
