"""Why a score changed: other people answering, or people answering otherwise."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from kokemus.measure._change_parts import (
    Periods,
    read_periods,
    split_pair,
    split_series,
)
from kokemus.measure._change_results import Change, Changes
from kokemus.measure._frame import IntoFrame, histogram
from kokemus.measure._kinds import read_kind
from kokemus.measure._scoring import Scale
from kokemus.measure.histograms import Floats, Histogram, HistogramTable, table_from_mapping
from kokemus.measure.intervals import check_confidence


class UnknownPeriod(LookupError):
    """A period that has no rows."""


def decompose_change(
    frame: IntoFrame,
    score: str = "score",
    period: str = "period",
    segment: str | Sequence[str] = "segment",
    before: Hashable = None,
    after: Hashable = None,
    *,
    kind: str = "nps",
    scale: Scale | None = None,
    box: int = 2,
    weight: str | None = None,
    count: str | None = None,
    missing: Sequence[float] = (),
    confidence: float = 0.95,
) -> Change:
    """Split the change of a score into mix, within, entry and exit (Kitagawa, Das Gupta).

    *Mix* is what comes of segments making up other shares of the answers, *within* what comes of
    segments answering otherwise; *entry* and *exit* belong to segments that are in one period
    only. The four sum to the total.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    score : str
        Column of answers.
    period : str
        Column of periods; any kind of value that can be compared.
    segment : str or sequence of str
        Column of segments. Of several columns every combination is a segment, and the mix is
        split among the columns in ``.factors``.
    before, after : object, optional
        The values of `period` to compare. They may be left out where there are just two.
    kind : {"nps", "csat", "mean"}
        The score: points, percent of the top boxes, or the mean of the answers.
    scale : tuple of float, optional
        Lowest and highest answer, for "csat" (1 and 5 if left out) and "mean".
    box : int
        How many of the highest answers count, for "csat".
    weight, count : str, optional
        Columns of sampling weights, and of how many answers a row stands for.
    missing : sequence of float
        Codes that mean no answer.
    confidence : float
        Nominal coverage of each interval.

    Returns
    -------
    Change
        ``.total .mix .within .entry .exit``, each with ``.estimate .low .high`` in the score's
        unit; ``.factors`` and ``.segments`` in detail.

    Raises
    ------
    UnknownPeriod
        A period has no rows, or none are named and there are not just two.
    UnknownColumn, NotNumbers, OffScale, NegativeWeights
        As for `nps`.

    Notes
    -----
    One group-by: period, segments and answer.

    Behaviour: none - a period without answers leaves every part None; one - a segment of one
    answer borrows the spread of its period; equal - where all answers of both periods are worth
    the same there is no interval; missing - answers without a score count in ``.missing``, and a
    missing segment is a segment of its own, named None; weighted - all sums are weighted and the
    variance is the linearised one, squared weights and all.

    With shares s and means m among the segments in both periods, mix is Σ(s₁-s₀)(m₀+m₁)/2 and
    within Σ(m₁-m₀)(s₀+s₁)/2. Entry is how far the new segments draw the later mean from that of
    the segments in both, exit how far the gone ones drew the earlier mean (Melitz and Polanec
    2015); no mean is made up for a segment without answers. Where no segment is in both, entry
    and exit have half of the change each, and only their sum means anything. A segment's own mix
    counts from the overall mean, (s₁-s₀)(m̄ - M̄): a growing segment below the average draws the
    score down.

    The intervals are by the delta method, with shares as random as answers. The total's is that
    of `difference` of the two scores. Simulated over four mixes of three segments and 100 to 400
    answers a period, the 95 % intervals of within, entry and exit cover 94 to 96 %, those of mix
    94 to 96 % and, with only two segments in both periods, 93 % (an estimate drawn towards 0 has
    a narrower interval too); a single segment's mix 91 to 98 % (`tests/measure/test_change.py`).
    An entering segment is taken as one that could not have been there before.

    Where it misleads: it is arithmetic, not cause. Segments made of what the score itself changes
    (loyal customers, tickets opened) put within under mix. Small segments: a mix of segments with
    few answers is mostly noise, and more columns mean smaller cells. With the same contacts in
    both periods the intervals are too wide.

    References
    ----------
    Kitagawa, E. M. (1955). Components of a difference between two rates. Journal of the American
    Statistical Association 50, 1168-1194.
    Das Gupta, P. (1993). Standardization and decomposition of rates: a user's manual. U.S. Bureau
    of the Census, Current Population Reports P23-186, chapter 5.
    Melitz, M. J. and Polanec, S. (2015). Dynamic Olley-Pakes productivity decomposition with entry
    and exit. RAND Journal of Economics 46, 362-375.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame(
    ...     {
    ...         "period": ["spring"] * 100 + ["autumn"] * 100,
    ...         "segment": (["shop"] * 80 + ["web"] * 20) + (["shop"] * 40 + ["web"] * 60),
    ...         "score": ([10] * 60 + [3] * 20 + [10] * 8 + [3] * 12) * 1
    ...         + ([10] * 30 + [3] * 10 + [10] * 24 + [3] * 36),
    ...     }
    ... )
    >>> found = decompose_change(frame, before="spring", after="autumn")
    >>> print(found)
    NPS from spring to autumn: -28.0 (95 % interval -53.6 to -1.0), 100 and 100 answers
      mix: -28.0 (95 % interval -42.9 to -13.1)
      within: +0.0 (95 % interval -28.4 to +28.4, cannot tell it from 0)
    """
    factors = [segment] if isinstance(segment, str) else list(segment)
    if not factors:
        raise ValueError("segment must name at least one column")
    chosen = read_kind(kind, scale=scale, box=box)
    table = histogram(frame, score=score, by=[period, *factors], weight=weight, count=count)
    table = table.without(missing)
    chosen.check(table)
    pair = _choose_pair(table, before, after)
    periods = read_periods(table, chosen, factors=factors, names=pair)
    return split_pair(periods, confidence=check_confidence(confidence))


def decompose_change_from_histograms(
    before: Mapping[Hashable, Histogram],
    after: Mapping[Hashable, Histogram],
    *,
    factors: Sequence[str] = ("segment",),
    kind: str = "nps",
    scale: Scale | None = None,
    box: int = 2,
    missing: Sequence[float] = (),
    confidence: float = 0.95,
) -> Change:
    """Split the change of a score from how many gave each answer in each segment.

    Parameters
    ----------
    before, after : mapping
        Segment to its histogram (answer to count, or to `Tally`). With several factors a segment
        is a tuple with one level for each.
    factors : sequence of str
        The factors' names.
    kind, scale, box, missing, confidence
        As for `decompose_change`.

    Returns
    -------
    Change
        As for `decompose_change`.

    Raises
    ------
    OffScale
        An answer is not on the scale and not among `missing`.
    ValueError
        A count is below 0, or a segment does not have a level for each factor.

    Examples
    --------
    >>> found = decompose_change_from_histograms(
    ...     {"shop": {10: 60, 3: 20}, "web": {10: 8, 3: 12}},
    ...     {"shop": {10: 30, 3: 10}, "web": {10: 24, 3: 36}},
    ... )
    >>> print(found.mix.estimate, found.within.estimate)
    -28.0 0.0
    """
    chosen = read_kind(kind, scale=scale, box=box)
    table = _join_histograms({"before": before, "after": after}, factors).without(missing)
    chosen.check(table)
    periods = read_periods(table, chosen, factors=factors, names=("before", "after"))
    return split_pair(periods, confidence=check_confidence(confidence))


def decompose_changes(
    frame: IntoFrame,
    score: str = "score",
    *,
    period: str = "period",
    segment: str | Sequence[str] = "segment",
    periods: Sequence[Hashable] | None = None,
    kind: str = "nps",
    scale: Scale | None = None,
    box: int = 2,
    weight: str | None = None,
    count: str | None = None,
    missing: Sequence[float] = (),
    confidence: float = 0.95,
) -> Changes:
    """Split the changes of a score over many periods, so that they add up along any path.

    Decomposing month by month and first to last by pairs gives parts that do not agree. Das
    Gupta's reconciliation makes them: each part of a step is averaged over the ways that lead
    there by each of the periods.

    Parameters
    ----------
    frame, score, period, segment, kind, scale, box, weight, count, missing, confidence
        As for `decompose_change`.
    periods : sequence, optional
        The values of `period` in order; all that occur, sorted, if left out.

    Returns
    -------
    Changes
        ``.steps``, from each period to the next, and ``.since_first``, each with ``.total .mix
        .within .turnover``; turnover is entry and exit together.

    Raises
    ------
    UnknownPeriod
        A period has no rows or no answers, or there are fewer than two.
    UnknownColumn, NotNumbers, OffScale, NegativeWeights
        As for `nps`.

    Notes
    -----
    One group-by, then every pair of periods: n periods of g segments take n² g steps.

    Behaviour and where it misleads: as for `decompose_change`. Besides, a step's parts depend on
    all periods given: with another month added, the older parts shift a little.

    References
    ----------
    Das Gupta, P. (1993), as for `decompose_change`, chapter 6.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame(
    ...     {
    ...         "period": [1] * 20 + [2] * 20 + [3] * 20,
    ...         "segment": ["a", "b"] * 10 + ["a", "a", "a", "b"] * 5 + ["a", "b"] * 10,
    ...         "score": [10, 3] * 10 + [10, 9, 10, 3] * 5 + [10, 3] * 10,
    ...     }
    ... )
    >>> found = decompose_changes(frame)
    >>> print([round(step.mix.estimate) for step in found.steps])
    [50, -50]
    """
    factors = [segment] if isinstance(segment, str) else list(segment)
    chosen = read_kind(kind, scale=scale, box=box)
    table = histogram(frame, score=score, by=[period, *factors], weight=weight, count=count)
    table = table.without(missing)
    chosen.check(table)
    known = _list_periods(table)
    names = known if periods is None else [_find_period(each, known) for each in periods]
    if len(names) < 2:
        raise UnknownPeriod(f"a change needs two periods; there are {len(names)}")
    read = read_periods(table, chosen, factors=factors, names=names)
    _check_answered(read)
    return split_series(read, confidence=check_confidence(confidence))


def _list_periods(table: HistogramTable) -> list[Hashable]:
    """List the periods that occur, in order; rows that name none belong to none."""
    names = dict.fromkeys(group[0] for group in table.groups if isinstance(group, tuple))
    return [name for name in names if name is not None]


def _choose_pair(
    table: HistogramTable, before: Hashable, after: Hashable
) -> tuple[Hashable, Hashable]:
    known = _list_periods(table)
    if not known:
        raise UnknownPeriod("cannot tell: no row names a period")
    if before is None and after is None and len(known) == 2:
        return known[0], known[1]
    if before is None or after is None:
        raise UnknownPeriod(f"name before and after; there are {len(known)} periods: {known[:6]}")
    if before == after:
        raise UnknownPeriod(f"before and after are the same period, {before!r}")
    return _find_period(before, known), _find_period(after, known)


def _find_period(name: Hashable, known: Sequence[Hashable]) -> Hashable:
    for each in known:
        if each == name:
            return each
    raise UnknownPeriod(f"no rows have the period {name!r}; there are {list(known[:6])}")


def _check_answered(periods: Periods) -> None:
    for name, answers in zip(periods.names, periods.answers.tolist(), strict=True):
        if not answers:
            raise UnknownPeriod(f"the period {name!r} has no answers")


def _join_histograms(
    periods: Mapping[str, Mapping[Hashable, Histogram]], factors: Sequence[str]
) -> HistogramTable:
    """Make one table of groups (period, level of each factor) of the histograms."""
    groups: list[Hashable] = []
    pieces: list[HistogramTable] = []
    for period, segments in periods.items():
        for segment, counts in segments.items():
            levels = segment if len(factors) > 1 else (segment,)
            if not isinstance(levels, tuple) or len(levels) != len(factors):
                raise ValueError(f"segment {segment!r} must have a level for each of {factors}")
            groups.append((period, *levels))
            pieces.append(table_from_mapping(counts))
    index = np.repeat(np.arange(len(pieces)), [len(piece.values) for piece in pieces])
    return HistogramTable(
        column="score",
        groups=tuple(groups),
        group_index=index.astype(np.intp),
        values=_chain([piece.values for piece in pieces]),
        answers=_chain([piece.answers for piece in pieces]),
        weights=_chain([piece.weights for piece in pieces]),
        weights_squared=_chain([piece.weights_squared for piece in pieces]),
        missing=_chain([piece.missing for piece in pieces]),
    )


def _chain(arrays: Sequence[Any]) -> Floats:
    return np.concatenate([np.zeros(0), *arrays])
