"""How far a score may be off for those who did not answer (Manski's bounds)."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict, Unpack, overload

import numpy as np

from kokemus.measure._frame import IntoFrame, histogram
from kokemus.measure._kinds import Kind, read_kind
from kokemus.measure._scoring import Scale
from kokemus.measure.histograms import Histogram, HistogramTable, table_from_mapping
from kokemus.measure.intervals import check_confidence
from kokemus.measure.results import HtmlTable, Result, write_group

if TYPE_CHECKING:
    import altair

By = str | Sequence[str]


class UnknownScale(ValueError):
    """A mean whose answers have no ends has no bounds."""


class BoundOptions(TypedDict, total=False):
    kind: str
    scale: Scale | None
    box: int
    count: str | None
    missing: Sequence[float]
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Bounds(Result):
    """Between what a score must lie, whatever those who did not answer would have said.

    Attributes
    ----------
    name, unit : str
        The score and its unit, as in `Score`.
    estimate : float or None
        The score of those who answered.
    worst, best : float or None
        The score of all asked, had everyone else given the worst or the best answer.
    low, high : float or None
        The same with the sampling error of who was asked.
    answers, silent : int
        How many answered, and how many did not.
    confidence : float
    method : str
    group : object
    """

    name: str
    unit: str
    estimate: float | None
    worst: float | None
    best: float | None
    low: float | None
    high: float | None
    answers: int
    silent: int
    confidence: float
    method: str
    group: Hashable = None

    @property
    def response_rate(self) -> float | None:
        """The share of those asked who answered, 0 to 1."""
        asked = self.answers + self.silent
        return self.answers / asked if asked else None

    def __str__(self) -> str:
        heading = f"{write_group(self.group)}: " * (self.group is not None)
        if self.worst is None or self.best is None or self.response_rate is None:
            return f"{heading}{self.name}: nobody was asked"
        told = "nobody answered" if self.estimate is None else f"{self.estimate:.1f} of those who"
        answered = f"{self.answers:,} of {self.answers + self.silent:,} answered"
        line = f"{heading}{self.name} of all asked between {self.worst:.1f} and {self.best:.1f}"
        if self.low is not None and self.high is not None:
            percent = f"{100 * self.confidence:.4g}"
            line += f" ({percent} % interval {self.low:.1f} to {self.high:.1f})"
        return f"{line}; {told}{' answered' * (self.estimate is not None)}, {answered}"

    def _table(self) -> HtmlTable:
        header = ("group", "answered", "those who did", "worst", "best", "low", "high")
        numbers = (self.estimate, self.worst, self.best, self.low, self.high)
        return header, [(write_group(self.group), self.response_rate, *numbers)]

    def _chart(self) -> "altair.LayerChart":
        """Draw the score of those who answered between the bounds for all asked."""
        from kokemus.measure._plots import Interval, draw_intervals

        label = self.name if self.group is None else write_group(self.group)
        return draw_intervals([Interval(label, self.estimate, self.worst, self.best)])


@overload
def nonresponse_bounds(
    frame: IntoFrame, score: str = ..., *, by: None = None, **options: Unpack[BoundOptions]
) -> Bounds: ...
@overload
def nonresponse_bounds(
    frame: IntoFrame, score: str = ..., *, by: By, **options: Unpack[BoundOptions]
) -> tuple[Bounds, ...]: ...
def nonresponse_bounds(
    frame: IntoFrame,
    score: str = "score",
    *,
    by: By | None = None,
    kind: str = "nps",
    scale: Scale | None = None,
    box: int = 2,
    count: str | None = None,
    missing: Sequence[float] = (),
    confidence: float = 0.95,
) -> Bounds | tuple[Bounds, ...]:
    """Bounds of the score of everyone asked, without any belief about those who did not answer.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row for each person asked; the score is null (or one of `missing`) where they did not
        answer.
    score : str
        Column of answers.
    by : str or sequence of str, optional
        Columns whose values make the groups.
    kind : {"nps", "csat", "mean"}
        The score; "mean" needs `scale`.
    scale, box, count, missing
        As for `decompose_change`.
    confidence : float
        Nominal chance that the interval holds the whole range from worst to best.

    Returns
    -------
    Bounds or tuple of Bounds
        With `by` one for each group, sorted.

    Raises
    ------
    UnknownScale
        A mean without a scale: its answers have no ends.
    UnknownColumn, NotNumbers, OffScale, NegativeWeights
        As for `nps`.

    Notes
    -----
    One group-by.

    The worst is the score with every silent person at the lowest answer, the best with everyone
    at the highest. The interval goes from the lower limit of the one to the upper limit of the
    other, by the score's usual method. Exactly enumerated for 30 asked, three mixes and NPS, the
    nominal 95 % interval holds the whole range 93.4 % of the time or more, and the true score of
    all 96.3 % or more even where it lies at the range's end.

    Behaviour: none - nobody asked, no bounds; nobody answered, the whole scale; one, equal - as
    for the score; missing - that is what it counts; weighted - not offered, for who did not
    answer has seldom a weight.

    Where it misleads: the bounds are wide, and the truth is seldom at their ends. They are what
    can be known from the answers alone; anything narrower is a belief about the silent.

    References
    ----------
    Manski, C. F. (1989). Anatomy of the selection problem. Journal of Human Resources 24, 343-360.
    Horowitz, J. L. and Manski, C. F. (1998). Censoring of outcomes and regressors due to survey
    nonresponse. Journal of Econometrics 84, 37-58.

    Examples
    --------
    >>> import polars as pl
    >>> asked = pl.DataFrame({"score": [10] * 50 + [8] * 20 + [3] * 10 + [None] * 20})
    >>> print(nonresponse_bounds(asked))
    NPS of all asked between 20.0 and 60.0 (95 % interval 2.5 to 71.3); 50.0 of those who \
answered, 80 of 100 answered
    """
    chosen = _read_bounded(kind, scale, box)
    table = histogram(frame, score=score, by=by, count=count).without(missing)
    found = _bound(table, chosen, check_confidence(confidence))
    return found[0] if by is None else found


def nonresponse_bounds_from_histogram(
    histogram: Histogram,
    *,
    silent: float,
    kind: str = "nps",
    scale: Scale | None = None,
    box: int = 2,
    missing: Sequence[float] = (),
    confidence: float = 0.95,
) -> Bounds:
    """Bounds of the score of everyone asked, from how many gave each answer and how many none.

    Parameters
    ----------
    histogram : mapping
        Answer to its count.
    silent : float
        How many were asked and did not answer.
    kind, scale, box, missing, confidence
        As for `nonresponse_bounds`.

    Returns
    -------
    Bounds

    Raises
    ------
    UnknownScale
        A mean without a scale.
    OffScale
        An answer is not on the scale and not among `missing`.
    ValueError
        A count is below 0.

    Examples
    --------
    >>> found = nonresponse_bounds_from_histogram({5: 30, 4: 10}, silent=40, kind="csat")
    >>> print(found.worst, found.estimate, found.best)
    50.0 100.0 100.0
    """
    chosen = _read_bounded(kind, scale, box)
    if not silent >= 0:
        raise ValueError(f"there cannot be {silent} who did not answer")
    table = table_from_mapping(histogram).without(missing)
    table = replace(table, missing=table.missing + silent)
    return _bound(table, chosen, check_confidence(confidence))[0]


def _read_bounded(kind: str, scale: Scale | None, box: int) -> Kind:
    chosen = read_kind(kind, scale=scale, box=box)
    if chosen.scale is None:
        raise UnknownScale("bounds of a mean need the lowest and the highest answer: pass scale=")
    return chosen


def _bound(table: HistogramTable, kind: Kind, confidence: float) -> tuple[Bounds, ...]:
    kind.check(table)
    assert kind.scale is not None
    scores = kind.score(table, confidence)
    lowest = kind.score(_fill(table, kind.scale[0]), confidence)
    highest = kind.score(_fill(table, kind.scale[1]), confidence)
    return tuple(
        Bounds(
            name=score.name,
            unit=score.unit,
            estimate=score.estimate,
            worst=low.estimate,
            best=high.estimate,
            low=low.low,
            high=high.high,
            answers=score.answers,
            silent=score.missing,
            confidence=confidence,
            method=f"worst and best case, {score.method if score.answers else low.method}",
            group=score.group,
        )
        for score, low, high in zip(scores, lowest, highest, strict=True)
    )


def _fill(table: HistogramTable, value: float) -> HistogramTable:
    """Give every missing answer of a group this value."""
    silent = np.flatnonzero(table.missing > 0)
    counts = table.missing[silent]
    return replace(
        table,
        group_index=np.concatenate([table.group_index, silent]),
        values=np.concatenate([table.values, np.full(len(silent), float(value))]),
        answers=np.concatenate([table.answers, counts]),
        weights=np.concatenate([table.weights, counts]),
        weights_squared=np.concatenate([table.weights_squared, counts]),
        missing=np.zeros_like(table.missing),
    )
