"""Differences of two scores: their interval by MOVER, and the p-value that belongs to it."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kokemus.measure._comparison_results import ScoreComparison
from kokemus.measure._false_discovery import adjust_p_values
from kokemus.measure._kinds import Kind
from kokemus.measure.histograms import Floats, Histogram, HistogramTable, table_from_mapping
from kokemus.measure.intervals import POINTS, find_roots, nps_upper_limit

Z_MOST = 37.0  # normal quantile whose tail a double can just hold
LARGEST = 1e100  # quantile of Student's t: its square is still a double
LARGEST_OF_SHARES = 1e8  # the same for shares: limits are at the ends of the scale by then
METHODS = {"nps": "mover of score", "csat": "mover of wilson", "mean": "mover of t"}


@dataclass(frozen=True)
class Sides:
    """Scores to compare, as arrays: what their limits need, and their counts.

    `high` and `low` are the weights of answers worth the most and the least (promoters and
    detractors, or the top boxes); `mean` and `square` are sums of the worth, from a centre.
    `effect` is by how much clusters widen the variance, `degrees` how well that is known: infinite
    where answers stand by themselves, 0 with one cluster.
    """

    kind: Kind
    centre: float
    answers: Floats
    weight: Floats
    weight_squared: Floats
    high: Floats
    low: Floats
    total: Floats
    square: Floats
    effect: Floats
    degrees: Floats

    @property
    def worth(self) -> Floats:
        """The effective number of answers."""
        equal = np.isclose(self.weight**2, self.answers * self.weight_squared, 1e-9, 0)
        effective = _divide(self.weight**2, self.weight_squared)
        return np.where(equal, self.answers, effective) / self.effect

    @property
    def score(self) -> Floats:
        """The scores, NaN without answers."""
        with np.errstate(invalid="ignore", divide="ignore"):
            if self.kind.word == "nps":
                return POINTS * (self.high - self.low) / self.weight
            if self.kind.word == "csat":
                return POINTS * self.high / self.weight
            return self.centre + self.total / self.weight

    def take(self, places: slice | list[int]) -> "Sides":
        arrays = {
            name: getattr(self, name)[places]
            for name in self.__dataclass_fields__
            if name not in {"kind", "centre"}
        }
        return replace(self, **arrays)

    def rest(self) -> "Sides":
        """Return for each side all the others together."""
        arrays = {
            name: getattr(self, name).sum() - getattr(self, name)
            for name in self.__dataclass_fields__
            if name not in {"kind", "centre", "effect", "degrees"}
        }
        return replace(self, **arrays)


def make_comparisons(
    one: Sides,
    other: Sides,
    *,
    groups: Sequence[Hashable],
    others: Sequence[Hashable],
    missing: Sequence[float] | Floats,
    confidence: float,
    correlation: float | None = None,
    false_discovery_rate: float | None = None,
    is_overall: bool = False,
) -> tuple[ScoreComparison, ...]:
    """Compare side by side; against the overall a difference shrinks by the group's own share."""
    shared = np.full(len(groups), correlation or 0.0)
    tail = np.full(len(groups), 1 - confidence)
    low, high = limit_difference(one, other, tail=tail, correlation=shared)
    p_values = find_p_values(one, other, correlation=shared)
    adjusted = p_values if false_discovery_rate is None else adjust_p_values(p_values)
    limit = 1 - confidence if false_discovery_rate is None else false_discovery_rate
    scale, other_score = np.ones(len(groups)), other.score
    if is_overall:
        scale = _divide(other.weight, one.weight + other.weight)
        other_score = np.where(scale > 0, one.score - scale * (one.score - other.score), one.score)
    numbers = zip(
        *(
            [_known(number) for number in column.tolist()]
            for column in (
                *(one.score, other_score, scale * (one.score - other.score)),
                *(scale * low, scale * high, p_values, adjusted),
            )
        ),
        strict=True,
    )
    found = []
    for place, (score, beside, change, lower, upper, p_value, p_adjusted) in enumerate(numbers):
        found.append(
            ScoreComparison(
                name=one.kind.name,
                unit=one.kind.unit,
                group=groups[place],
                other=others[place],
                score=score,
                other_score=beside,
                estimate=change,
                low=lower,
                high=upper,
                p_value=p_value,
                adjusted_p_value=p_adjusted,
                is_different=None if p_adjusted is None else p_adjusted <= limit,
                answers=round(float(one.answers[place])),
                other_answers=round(float(other.answers[place])),
                missing=round(float(missing[place])),
                correlation=correlation,
                confidence=confidence,
                method=METHODS[one.kind.word] + (", correlated" * (correlation is not None)),
            )
        )
    return tuple(found)


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number


def join_histograms(groups: Mapping[Any, Histogram]) -> HistogramTable:
    """Make one table of many histograms."""
    pieces = [table_from_mapping(counts) for counts in groups.values()]
    index = np.repeat(np.arange(len(pieces)), [len(piece.values) for piece in pieces])

    def chain(name: str) -> Floats:
        return np.concatenate([np.zeros(0), *(getattr(piece, name) for piece in pieces)])

    return HistogramTable(
        column="score",
        groups=tuple(groups),
        group_index=index.astype(np.intp),
        values=chain("values"),
        answers=chain("answers"),
        weights=chain("weights"),
        weights_squared=chain("weights_squared"),
        missing=chain("missing"),
    )


def read_sides(table: HistogramTable, kind: Kind) -> Sides:
    """Sum up each group of the table."""
    worth = kind.worth(table.values)
    best, worst = (100.0, -100.0) if kind.word == "nps" else (100.0, np.nan)
    centre = float(np.average(worth, weights=table.weights)) if table.weights.sum() else 0.0
    apart = worth - centre
    return Sides(
        kind=kind,
        centre=centre,
        answers=table.sum_by_group(table.answers),
        weight=table.sum_by_group(table.weights),
        weight_squared=table.sum_by_group(table.weights_squared),
        high=table.sum_by_group(np.where(worth == best, table.weights, 0.0)),
        low=table.sum_by_group(np.where(worth == worst, table.weights, 0.0)),
        total=table.sum_by_group(table.weights * apart),
        square=table.sum_by_group(table.weights * apart**2),
        effect=np.ones(len(table.groups)),
        degrees=np.full(len(table.groups), np.inf),
    )


def limit_sides(sides: Sides, tail: Floats) -> tuple[Floats, Floats]:
    """Give each side's limits, `tail` being the chance left out on both sides together.

    Tango's for NPS, Wilson's for a share, Student's for a mean; NaN where there are none.
    """
    from scipy.special import stdtrit

    worth = sides.worth
    known = (worth > 0) & (sides.degrees > 0)
    answers = np.where(known, worth, 1.0)
    if sides.kind.word == "mean":
        degrees = np.minimum(answers - 1, sides.degrees)
        quantile = np.abs(stdtrit(np.maximum(degrees, 1e-9), tail / 2))
        is_held = quantile < LARGEST
        return _limit_means(sides, answers, np.where(is_held, quantile, LARGEST))
    z = _find_quantiles(sides.degrees, tail)
    up, down = _divide(sides.high, sides.weight), _divide(sides.low, sides.weight)
    if sides.kind.word == "nps":
        low = -POINTS * nps_upper_limit(down, up, answers, z)
        high = POINTS * nps_upper_limit(up, down, answers, z)
    else:
        middle = (up * answers + z**2 / 2) / (answers + z**2)
        margin = z * np.sqrt(up * (1 - up) * answers + z**2 / 4) / (answers + z**2)
        low, high = POINTS * (middle - margin), POINTS * (middle + margin)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _find_quantiles(degrees: Floats, tail: Floats) -> Floats:
    """Normal quantiles, and Student's where clusters have few degrees of freedom."""
    from scipy.special import ndtri, stdtrit

    is_few = np.isfinite(degrees)
    quantile = np.abs(stdtrit(np.where(is_few & (degrees > 0), degrees, 1.0), tail / 2))
    few = np.where(quantile < LARGEST_OF_SHARES, quantile, LARGEST_OF_SHARES)
    return np.where(is_few, few, -ndtri(tail / 2))


def _limit_means(sides: Sides, answers: Floats, quantile: Floats) -> tuple[Floats, Floats]:
    """Limits of means; equal answers, or one, carry none."""
    mean = _divide(sides.total, sides.weight)
    spread = np.maximum(_divide(sides.square, sides.weight) - mean**2, 0.0)
    carries = (answers > 1) & (spread > 1e-12 * (1 + mean**2)) & (sides.degrees > 0)
    margin = quantile * np.sqrt(spread / np.where(carries, answers - 1, 1.0))
    margin = np.where(carries, margin, np.nan)
    return sides.score - margin, sides.score + margin


def limit_difference(
    one: Sides, other: Sides, *, tail: Floats, correlation: Floats
) -> tuple[Floats, Floats]:
    """Give the limits of one less other, recovered from the limits of both (MOVER)."""
    low, high = limit_sides(one, tail)
    other_low, other_high = limit_sides(other, tail)
    score, other_score = one.score, other.score
    change = score - other_score
    below = _combine(score - low, other_high - other_score, correlation)
    above = _combine(high - score, other_score - other_low, correlation)
    return change - below, change + above


def _combine(one: Floats, other: Floats, correlation: Floats) -> Floats:
    return np.sqrt(np.maximum(one**2 + other**2 - 2 * correlation * one * other, 0.0))


def find_p_values(one: Sides, other: Sides, *, correlation: Floats) -> Floats:
    """Find the tail at which the interval of the difference just reaches 0; NaN for none."""
    from scipy.special import ndtr

    change = one.score - other.score
    low, high = limit_difference(
        one, other, tail=np.full_like(change, 0.5), correlation=correlation
    )
    known = ~np.isnan(low) & ~np.isnan(high)

    size = 1000 * np.maximum(np.abs(change), 1.0)  # so that the search ends with its rounding

    def excess(step: Floats) -> Floats:
        """Over 0 where the interval holds 0; by normal quantiles it is nearly a straight line."""
        low, high = limit_difference(
            one, other, tail=2 * ndtr(-Z_MOST * step), correlation=correlation
        )
        reach = np.where(change > 0, -low, high) / size
        return np.where(known & (change != 0), reach, step - 0.5)

    steps = find_roots(excess, np.zeros_like(change), np.ones_like(change))
    p_values = np.where(change == 0, 1.0, 2 * ndtr(-Z_MOST * steps))
    return np.where(known, p_values, np.nan)


def _divide(amounts: Floats, by: Floats) -> Floats:
    return np.divide(amounts, by, out=np.zeros_like(amounts), where=by > 0)
