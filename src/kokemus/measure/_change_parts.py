"""From a table of histograms to the parts of changes, with their intervals."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import numpy as np

from kokemus.measure._change_results import PARTS, Change, Changes, SegmentChange, Step
from kokemus.measure._kinds import Kind
from kokemus.measure._kitagawa import Cells, Slope, segment_parts, split_change, variance
from kokemus.measure.compare import difference
from kokemus.measure.histograms import Floats, HistogramTable, Indices, sum_by_group
from kokemus.measure.intervals import normal_quantile
from kokemus.measure.results import Estimate

NONE = Estimate(estimate=None, low=None, high=None)


@dataclass(frozen=True)
class Periods:
    """The cells of some periods over the segments that occur in any of them."""

    kind: Kind
    names: tuple[Hashable, ...]
    factors: tuple[str, ...]
    segments: tuple[tuple[Hashable, ...], ...]
    codes: Indices
    cells: tuple[Cells, ...]
    answers_by_cell: Floats
    missing: int
    table: HistogramTable = field(repr=False)

    @property
    def answers(self) -> Floats:
        total: Floats = self.answers_by_cell.sum(axis=1)
        return total


def read_periods(
    table: HistogramTable, kind: Kind, *, factors: Sequence[str], names: Sequence[Hashable]
) -> Periods:
    """Read cells from groups (period, level of each factor)."""
    groups = [group for group in table.groups if isinstance(group, tuple)]
    chosen = [group for group in groups if group[0] in names]
    answered = {table.groups[group] for group in set(table.group_index.tolist())}
    segments = tuple(
        dict.fromkeys(
            group[1:]
            for name in names
            for group in chosen
            if group[0] == name and group in answered
        )
    )
    place = {segment: number for number, segment in enumerate(segments)}
    number = {name: row for row, name in enumerate(names)}
    at = np.array(
        [
            number[group[0]] * len(segments) + place[group[1:]]
            if group[0] in number and group[1:] in place
            else -1
            for group in groups
        ],
        np.intp,
    )
    levels = [dict.fromkeys(segment[k] for segment in segments) for k in range(len(factors))]
    orders = [{level: code for code, level in enumerate(each)} for each in levels]
    size = len(segments)
    places = np.array([number.get(group[0], -1) for group in groups], np.intp)
    return Periods(
        kind=kind,
        names=tuple(names),
        factors=tuple(factors),
        segments=segments,
        codes=np.array(
            [[order[segment[k]] for segment in segments] for k, order in enumerate(orders)], np.intp
        ).reshape(len(factors), size),
        cells=_build_cells(table, kind, at, periods=len(names), size=size),
        answers_by_cell=_sum_cells(table, at, table.answers, len(names), size),
        missing=round(float(table.missing[places >= 0].sum())),
        table=_regroup(table, places, names),
    )


def _sum_cells(
    table: HistogramTable, at: Indices, amounts: Floats, periods: int, size: int
) -> Floats:
    index = at[table.group_index]
    kept = index >= 0
    return sum_by_group(index[kept], amounts[kept], periods * size).reshape(periods, size)


def _regroup(table: HistogramTable, places: Indices, names: Sequence[Hashable]) -> HistogramTable:
    """Put the answers of each period together, whatever their segment."""
    kept = table.keep(places[table.group_index] >= 0)
    is_chosen = places >= 0
    return replace(
        kept,
        groups=tuple(names),
        group_index=places[kept.group_index],
        missing=sum_by_group(places[is_chosen], table.missing[is_chosen], len(names)),
    )


def _build_cells(
    table: HistogramTable, kind: Kind, at: Indices, *, periods: int, size: int
) -> tuple[Cells, ...]:
    """Sum up the cells; each has one more answer's spread, taken from its period.

    So a cell of one answer, or of equal ones, does not claim to be certain.
    """
    index = at[table.group_index]
    kept = index >= 0
    index, worth = index[kept], kind.worth(table.values[kept])
    weights, squares = table.weights[kept], table.weights_squared[kept]
    answers = sum_by_group(index, table.answers[kept], periods * size)
    weight = sum_by_group(index, weights, periods * size)
    mean = _divide(sum_by_group(index, weights * worth, periods * size), weight)
    apart = worth - mean[index]
    square = sum_by_group(index, squares, periods * size)
    lean = sum_by_group(index, squares * apart, periods * size)
    spread = sum_by_group(index, squares * apart**2, periods * size)
    within = sum_by_group(index, weights * apart**2, periods * size).reshape(periods, size)
    by_period = [part.reshape(periods, size) for part in (answers, weight)]
    count, there = by_period[0].sum(axis=1), (by_period[0] > 0).sum(axis=1)
    pooled = _divide(within.sum(axis=1), by_period[1].sum(axis=1))
    pooled = pooled * _divide(count, np.maximum(count - there, 1.0))
    spread += _divide(square, answers) * np.repeat(pooled, size)
    rows = [part.reshape(periods, size) for part in (weight, square, mean, lean, spread)]
    return tuple(Cells(*(part[place] for part in rows)) for place in range(periods))


def _divide(amounts: Floats, by: Floats) -> Floats:
    return np.divide(amounts, by, out=np.zeros_like(amounts), where=by > 0)


def split_pair(periods: Periods, *, confidence: float) -> Change:
    scores = periods.kind.score(periods.table, confidence)
    before, after = periods.cells
    is_known = bool(before.is_there.any() and after.is_there.any())
    parts = _estimate_parts(periods, confidence) if is_known else {}
    total = difference(scores[1], scores[0])
    counts = [round(count) for count in periods.answers.tolist()]
    names = [name for name in parts if isinstance(name, str)]
    return Change(
        name=periods.kind.name,
        unit=periods.kind.unit,
        before=periods.names[0],
        after=periods.names[1],
        score_before=scores[0],
        score_after=scores[1],
        total=Estimate(estimate=total.estimate, low=total.low, high=total.high),
        **{name: parts.get(name, NONE) for name in PARTS},
        factors={
            factor: parts.get(place, parts.get("mix", NONE))
            for place, factor in enumerate(periods.factors)
        },
        segments=_list_segments(periods, confidence) if names else (),
        answers_before=counts[0],
        answers_after=counts[1],
        missing=periods.missing,
        confidence=confidence,
        method="Kitagawa, delta method; total MOVER",
    )


def _estimate_parts(periods: Periods, confidence: float) -> dict[str | int, Estimate]:
    before, after = periods.cells
    z = normal_quantile(confidence)
    parts = split_change(before, after, codes=periods.codes)
    return {
        name: _enclose(part.value, variance(before, part.before) + variance(after, part.after), z)
        for name, part in parts.items()
    }


def _enclose(value: float, spread: Any, z: float) -> Estimate:
    """Give the normal limits; without any spread it cannot be told, except of what is not there."""
    if not spread > 0:
        is_none = value == 0
        return Estimate(estimate=value, low=0.0 if is_none else None, high=0.0 if is_none else None)
    margin = z * float(np.sqrt(spread))
    return Estimate(estimate=float(value), low=float(value) - margin, high=float(value) + margin)


def _list_segments(periods: Periods, confidence: float) -> tuple[SegmentChange, ...]:
    before, after = periods.cells
    z = normal_quantile(confidence)
    parts = segment_parts(before, after)
    shares = [cells.weight / cells.weight.sum() for cells in periods.cells]
    found = []
    for place, segment in enumerate(periods.segments):
        is_before, is_after = bool(before.is_there[place]), bool(after.is_there[place])
        has = {
            "mix": is_before and is_after,
            "within": is_before and is_after,
            "entry": not is_before,
            "exit": not is_after,
        }
        found.append(
            SegmentChange(
                segment=segment if len(periods.factors) > 1 else segment[0],
                share_before=float(shares[0][place]),
                share_after=float(shares[1][place]),
                score_before=float(before.mean[place]) if is_before else None,
                score_after=float(after.mean[place]) if is_after else None,
                answers_before=round(float(periods.answers_by_cell[0, place])),
                answers_after=round(float(periods.answers_by_cell[1, place])),
                **{
                    name: _enclose(float(parts[name][0][place]), parts[name][1][place], z)
                    if has[name]
                    else None
                    for name in PARTS
                },
            )
        )
    return tuple(found)


def split_series(periods: Periods, *, confidence: float) -> Changes:
    scores = periods.kind.score(periods.table, confidence)
    levels = _level_parts(periods)
    z = normal_quantile(confidence)

    def step(before: int, after: int) -> Step:
        total = difference(scores[after], scores[before])
        parts = {
            name: _enclose(
                values[after] - values[before],
                sum(
                    variance(cells, later + earlier * -1.0)
                    for cells, later, earlier in zip(
                        periods.cells, slopes[after], slopes[before], strict=True
                    )
                ),
                z,
            )
            for name, (values, slopes) in levels.items()
        }
        return Step(
            before=periods.names[before],
            after=periods.names[after],
            total=Estimate(estimate=total.estimate, low=total.low, high=total.high),
            mix=parts["mix"],
            within=parts["within"],
            turnover=parts["turnover"],
            factors={
                factor: parts.get(place, parts["mix"])
                for place, factor in enumerate(periods.factors)
            },
        )

    count = len(periods.names)
    return Changes(
        name=periods.kind.name,
        unit=periods.kind.unit,
        periods=periods.names,
        scores=scores,
        steps=tuple(step(place, place + 1) for place in range(count - 1)),
        since_first=tuple(step(0, place) for place in range(1, count)),
        missing=periods.missing,
        confidence=confidence,
        method="Das Gupta over all periods, delta method; total MOVER",
    )


Levels = dict[str | int, tuple[Floats, list[list[Slope]]]]


def _level_parts(periods: Periods) -> Levels:
    """Give each period a level in each part, whose differences are the reconciled parts.

    A period's level is the mean of the parts of the changes that lead to it from every period,
    itself included; beside it its slopes in the cells of every period.
    """
    count, size = len(periods.names), len(periods.segments)
    names: list[str | int] = ["mix", "within", "turnover"]
    if len(periods.factors) > 1:
        names += list(range(len(periods.factors)))
    nothing = Slope(np.zeros(size), np.zeros(size))
    levels: Levels = {
        name: (np.zeros(count), [[nothing] * count for _ in range(count)]) for name in names
    }
    for one, other in combinations(range(count), 2):
        parts = split_change(periods.cells[one], periods.cells[other], codes=periods.codes)
        for name in names:
            pieces = [parts["entry"], parts["exit"]] if name == "turnover" else [parts.get(name)]
            values, slopes = levels[name]
            for piece in pieces:
                if piece is None:
                    continue
                for place, sign in ((other, 1.0 / count), (one, -1.0 / count)):
                    values[place] += sign * piece.value
                    slopes[place][one] = slopes[place][one] + piece.before * sign
                    slopes[place][other] = slopes[place][other] + piece.after * sign
    return levels
