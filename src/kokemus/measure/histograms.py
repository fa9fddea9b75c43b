"""How many gave each answer: the sufficient statistic of every score."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


class Tally(NamedTuple):
    """Answers of one value in a weighted survey: their count, sum of weights, and of squares."""

    answers: float
    weight: float
    weight_squared: float


Histogram = Mapping[float, float | Tally]


class OffScale(ValueError):
    """Answers that the scale does not have, most often codes for "no answer".

    Attributes
    ----------
    column : str
        Where they stand.
    counts : dict
        Each value and how many answers have it.
    """

    def __init__(self, column: str, counts: dict[float, int], allowed: str) -> None:
        self.column, self.counts, self.allowed = column, counts, allowed
        codes = ", ".join(write_number(value) for value in counts)
        super().__init__(
            f"{self.findings}. If these are codes for no answer, pass missing=[{codes}]"
        )

    @property
    def findings(self) -> str:
        listed = ", ".join(
            f"{write_number(value)} ({count:,} answer{'' if count == 1 else 's'})"
            for value, count in self.counts.items()
        )
        return f"column {self.column!r} has answers outside {self.allowed}: {listed}"


class NegativeWeights(ValueError):
    """A weight below 0, which no sampling gives."""


@dataclass(frozen=True)
class HistogramTable:
    """A histogram per group; rows of the arrays belong together.

    A row is one value in one group, `group_index` points into `groups`; without weights the
    sums of weights and of their squares are the count. `missing` has one count per group.
    """

    column: str
    groups: tuple[Hashable, ...]
    group_index: Indices
    values: Floats
    answers: Floats
    weights: Floats
    weights_squared: Floats
    missing: Floats

    def sum_by_group(self, amounts: Floats) -> Floats:
        return sum_by_group(self.group_index, amounts, len(self.groups))

    def without(self, codes: Sequence[float]) -> "HistogramTable":
        """Move the values that are codes for no answer to the missing."""
        is_code = np.isin(self.values, np.array(codes, float))
        moved = self.sum_by_group(np.where(is_code, self.answers, 0.0))
        return replace(self.keep(~is_code), missing=self.missing + moved)

    def keep(self, is_kept: NDArray[np.bool_]) -> "HistogramTable":
        return replace(
            self,
            group_index=self.group_index[is_kept],
            values=self.values[is_kept],
            answers=self.answers[is_kept],
            weights=self.weights[is_kept],
            weights_squared=self.weights_squared[is_kept],
        )

    def check_scale(self, low: float, high: float, *, is_whole: bool) -> None:
        """Raise `OffScale` where a value is not from low to high, or not whole where it must be."""
        is_off = ~((self.values >= low) & (self.values <= high))
        if is_whole:
            is_off |= self.values != np.round(self.values)
        if is_off.any():
            counts: dict[float, int] = {}
            for value, answers in zip(self.values[is_off], self.answers[is_off], strict=True):
                counts[float(value)] = counts.get(float(value), 0) + round(float(answers))
            allowed = f"the scale {write_number(low)} to {write_number(high)}"
            raise OffScale(self.column, dict(sorted(counts.items())), allowed)

    @property
    def effective_answers(self) -> Floats:
        """Kish's effective number of answers per group; the count where weights are equal."""
        weight, squares = self.sum_by_group(self.weights), self.sum_by_group(self.weights_squared)
        answers = self.sum_by_group(self.answers)
        effective = np.divide(weight**2, squares, out=np.zeros_like(weight), where=squares > 0)
        return np.where(np.isclose(effective, answers, rtol=1e-9, atol=0), answers, effective)


def table_from_mapping(histogram: Histogram) -> HistogramTable:
    """Make the table of one group from value -> count, or value -> `Tally`."""
    tallies = [
        count if isinstance(count, Tally) else Tally(count, count, count)
        for count in histogram.values()
    ]
    if any(not amount >= 0 for tally in tallies for amount in tally):
        raise ValueError(f"a histogram has counts of 0 or more, not {dict(histogram)}")
    answers, weights, squares = np.array(tallies, float).reshape(-1, 3).T
    values = np.array(list(histogram), float)
    is_missing = np.isnan(values)
    table = HistogramTable(
        column="score",
        groups=(None,),
        group_index=np.zeros(len(values), np.intp),
        values=values,
        answers=answers,
        weights=weights,
        weights_squared=squares,
        missing=answers[is_missing].sum(keepdims=True),
    )
    return table.keep(~is_missing & (answers > 0))


def sum_by_group(group_index: Indices, amounts: Floats, groups: int) -> Floats:
    return np.bincount(group_index, weights=amounts, minlength=groups).astype(float)


def write_number(value: float) -> str:
    return f"{value:g}"
