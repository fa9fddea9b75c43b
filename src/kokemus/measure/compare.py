"""How much two scores differ, from their own intervals."""

import math
from collections.abc import Hashable, Mapping, Sequence

from kokemus.measure._comparison_results import ScoreComparison, ScoreComparisons
from kokemus.measure._differences import join_histograms, make_comparisons, read_sides
from kokemus.measure._frame import IntoFrame, histogram
from kokemus.measure._kinds import Kind, read_kind
from kokemus.measure._pairs import cluster_sides, read_pairs
from kokemus.measure._scoring import Scale
from kokemus.measure.histograms import Histogram, HistogramTable
from kokemus.measure.intervals import check_confidence
from kokemus.measure.results import Score

AGAINST = ("rest", "overall")


class UnknownGroup(LookupError):
    """A group that has no rows."""


class Incomparable(ValueError):
    """Two scores of different kinds, units or confidences have no difference."""


def difference(later: Score, earlier: Score) -> Score:
    """Difference of two independent scores, with the MOVER interval.

    The interval is recovered from the two scores' own limits, so it inherits their good coverage:
    from Wilson intervals it is Newcombe's hybrid score interval.

    Parameters
    ----------
    later, earlier : Score
        Scores of the same name, unit and confidence, of different answers.

    Returns
    -------
    Score
        ``later`` less ``earlier`` in the same unit; its answers are those of both together.

    Raises
    ------
    Incomparable
        The scores differ in name, unit or confidence.

    Notes
    -----
    Behaviour: none - where either has no estimate, the difference has none; where either has no
    interval, the difference has none; one, equal, missing, weighted - as in the two scores.

    Where it misleads: answers of the same people in both periods are not independent, and the
    interval is then too wide or too narrow. A difference also comes of a changed mix of who
    answered. Looked at every day, one difference in twenty seems certain by chance.

    References
    ----------
    Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a
    general approach. Statistics in Medicine 27, 1693-1702.
    Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions:
    comparison of eleven methods. Statistics in Medicine 17, 873-890.

    Examples
    --------
    >>> from kokemus.measure import csat_from_histogram
    >>> now = csat_from_histogram({5: 56, 1: 14})
    >>> then = csat_from_histogram({5: 48, 1: 32})
    >>> print(difference(now, then))
    CSAT difference 20.0 % (95 % interval 5.2 % to 33.4 %, 150 answers, mover method)
    """
    _check(later, earlier)
    low, high = _limits(later, earlier)
    known = later.estimate is not None and earlier.estimate is not None
    return Score(
        name=f"{later.name} difference",
        estimate=later.estimate - earlier.estimate if known else None,  # type: ignore[operator]
        low=low,
        high=high,
        answers=later.answers + earlier.answers,
        missing=later.missing + earlier.missing,
        effective_answers=later.effective_answers + earlier.effective_answers,
        method="mover",
        confidence=later.confidence,
        unit=later.unit,
        group=later.group,
    )


def difference_between(
    frame: IntoFrame,
    score: str = "score",
    *,
    group: str,
    later: Hashable,
    earlier: Hashable,
    contact: str | None = None,
    kind: str = "nps",
    scale: Scale | None = None,
    box: int = 2,
    weight: str | None = None,
    count: str | None = None,
    missing: Sequence[float] = (),
    confidence: float = 0.95,
) -> ScoreComparison:
    """Compare the scores of two groups or periods of a frame, with interval and p-value.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    score : str
        Column of answers.
    group : str
        Column that tells the two apart: a period, a shop, an arm.
    later, earlier : object
        Its two values; the difference is the later one's score less the earlier one's.
    contact : str, optional
        Column that names who answered. With it, answers of the same contact are taken as
        belonging together, within a group and across; without weights or counts only.
    kind : {"nps", "csat", "mean"}
        The score: points, percent of the top boxes, or the mean of the answers.
    scale, box, weight, count, missing
        As for `decompose_change`.
    confidence : float
        Nominal coverage of the interval, over 0 and under 1.

    Returns
    -------
    ScoreComparison

    Raises
    ------
    UnknownGroup
        No rows have one of the two values, or they are the same.
    UnknownColumn, NotNumbers, OffScale, NegativeWeights
        As for `nps`.

    Notes
    -----
    One group-by; with `contact` two more.

    The interval is MOVER on the scores' own limits (Tango's, Wilson's, Student's); the p-value
    is the largest chance of error at which that interval would leave out 0, so that the two never
    disagree. With `contact` the limits take each side's answers as worth less by the design
    effect of repeated contacts (Liang and Zeger), with Student's t for as many degrees of freedom
    as so few and unequal contacts leave (Bell and McCaffrey), and the interval the correlation of
    the two scores that shared contacts make (Zou and Donner).

    Behaviour: none - no difference; one - wide, and of one contact with several answers none;
    equal - as in the scores, a mean of equal answers has no interval; missing - counted; weighted
    - Kish's effective number of answers.

    For two NPS of 20 and 20 or 60 answers nominal 95 % covers 95.0 to 95.3 % (exact), and 97 to
    99 % where 80 and 90 % are promoters; with 120 contacts who answer one to four times in each
    period, 94.7 %, and with 6 to 40 contacts of five answers each or of very unequal numbers, the
    same in both groups or others, 93.7 to 97.2 % (simulated;
    `tests/measure/test_compare_coverage.py`).

    Where it misleads: as `difference`.

    References
    ----------
    Zou, G. Y. and Donner, A. (2008), as for `difference`. Liang, K.-Y. and Zeger, S. L. (1986).
    Longitudinal data analysis using generalized linear models. Biometrika 73, 13-22. Bell, R. M.
    and McCaffrey, D. F. (2002), as for `experiment`.

    Examples
    --------
    >>> import polars as pl
    >>> scores = [10, 3] * 50 + [10, 9, 3, 9] * 25
    >>> frame = pl.DataFrame({"week": [1] * 100 + [2] * 100, "score": scores})
    >>> print(difference_between(frame, group="week", later=2, earlier=1))
    2 less 1: NPS +50.0 (95 % interval +23.2 to +74.3), p < 0.001, 100 and 100 answers
    """
    check_confidence(confidence)
    chosen = read_kind(kind, scale=scale, box=box)
    table = histogram(frame, score=score, by=group, weight=weight, count=count).without(missing)
    chosen.check(table)
    places = [find_group(table, name) for name in (later, earlier)]
    if places[0] == places[1]:
        raise UnknownGroup(f"later and earlier are the same group, {later!r}")
    sides, correlation = read_sides(table, chosen), None
    if contact is not None:
        if weight is not None or count is not None:
            raise ValueError("contact goes with rows of single answers: without weight and count")
        pairs = read_pairs(
            frame,
            score=score,
            contact=contact,
            period=group,
            pair=(table.groups[places[1]], table.groups[places[0]]),
            kind=chosen,
            missing=missing,
        )
        sides, correlation = cluster_sides(sides.take(places[::-1]), pairs)
        one, other = sides.take([1]), sides.take([0])
    else:
        one, other = sides.take([places[0]]), sides.take([places[1]])
    return make_comparisons(
        one,
        other,
        groups=[table.groups[places[0]]],
        others=[table.groups[places[1]]],
        missing=[table.missing[places].sum()],
        confidence=confidence,
        correlation=correlation,
    )[0]


def difference_from_histograms(
    later: Histogram,
    earlier: Histogram,
    *,
    kind: str = "nps",
    scale: Scale | None = None,
    box: int = 2,
    missing: Sequence[float] = (),
    confidence: float = 0.95,
) -> ScoreComparison:
    """Compare two scores from how many gave each answer, with interval and p-value.

    Parameters
    ----------
    later, earlier : mapping
        Answer to its count, or to its `Tally`.
    kind, scale, box, missing, confidence
        As for `difference_between`.

    Returns
    -------
    ScoreComparison

    Raises
    ------
    OffScale
        An answer is not on the scale and not among `missing`.
    ValueError
        A count is below 0.

    Examples
    --------
    >>> found = difference_from_histograms({10: 70, 8: 20, 3: 10}, {10: 50, 8: 30, 3: 20})
    >>> print(found)
    later less earlier: NPS +30.0 (95 % interval +9.4 to +49.6), p = 0.005, 100 and 100 answers
    """
    check_confidence(confidence)
    chosen = read_kind(kind, scale=scale, box=box)
    table = join_histograms({"later": later, "earlier": earlier}).without(missing)
    chosen.check(table)
    sides = read_sides(table, chosen)
    return make_comparisons(
        sides.take([0]),
        sides.take([1]),
        groups=["later"],
        others=["earlier"],
        missing=[table.missing.sum()],
        confidence=confidence,
    )[0]


def compare_groups(
    frame: IntoFrame,
    score: str = "score",
    *,
    by: str | Sequence[str],
    against: str = "rest",
    kind: str = "nps",
    scale: Scale | None = None,
    box: int = 2,
    weight: str | None = None,
    count: str | None = None,
    missing: Sequence[float] = (),
    confidence: float = 0.95,
    false_discovery_rate: float = 0.05,
) -> ScoreComparisons:
    """Compare each group with all the others, and say which differ though one looked at many.

    Of twenty groups that are alike, one has a p-value under 5 % by chance. Benjamini and
    Hochberg's adjustment bounds how many of the groups *said to differ* do not.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    score : str
        Column of answers.
    by : str or sequence of str
        Columns whose values make the groups.
    against : {"rest", "overall"}
        All other groups together, or all with the group itself in it. The p-values are the same;
        the difference from the overall is smaller by the group's own share.
    kind, scale, box, weight, count, missing
        As for `decompose_change`.
    confidence : float
        Nominal coverage of each interval by itself; the intervals are not adjusted.
    false_discovery_rate : float
        The share of false findings to allow, over 0 and under 1.

    Returns
    -------
    ScoreComparisons
        A sequence of `ScoreComparison`, one per group; ``.different`` has those that stand out.

    Raises
    ------
    UnknownColumn, NotNumbers, OffScale, NegativeWeights
        As for `nps`.

    Notes
    -----
    One group-by.

    Each difference has the MOVER interval; its p-value is the largest chance of error at which
    that interval would leave out 0. Where all of 20 groups of 60 answers are alike, some group is
    said to differ in 5.5 % of simulated surveys (`tests/measure/test_compare_coverage.py`).

    Behaviour: none - a group without answers is there and cannot be told; one - one group has no
    rest, no difference; equal - as for the score; missing - counted; weighted - Kish's effective
    number of answers.

    Where it misleads: a group that does not stand out is not shown to be like the rest. The
    groups differ in who comes to them; see `decompose_change` and `attribution`. The adjustment
    knows only the comparisons it is given, not those that one made before and forgot.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the
    Royal Statistical Society B 57, 289-300. Zou and Donner (2008), as for `difference`.

    Examples
    --------
    >>> import polars as pl
    >>> scores = [10, 9, 10, 3, 9, 3] * 20 + [10, 9, 8, 3, 3, 3] * 10
    >>> frame = pl.DataFrame({"shop": [*"aabbcc"] * 30, "score": scores})
    >>> for each in compare_groups(frame, by="shop").different:
    ...     print(each)
    a less rest: NPS +125.0 (95 % interval +104.1 to +140.6), adjusted p < 0.001, 60 and 120 answers
    b less rest: NPS -50.0 (95 % interval -76.4 to -20.9), p < 0.001, 60 and 120 answers
    c less rest: NPS -75.0 (95 % interval -100.4 to -44.9), adjusted p < 0.001, 60 and 120 answers
    """
    chosen = read_kind(kind, scale=scale, box=box)
    table = histogram(frame, score=score, by=by, weight=weight, count=count).without(missing)
    return _compare_all(
        table,
        chosen,
        against=against,
        confidence=confidence,
        false_discovery_rate=false_discovery_rate,
    )


def compare_groups_from_histograms(
    groups: Mapping[Hashable, Histogram],
    *,
    against: str = "rest",
    kind: str = "nps",
    scale: Scale | None = None,
    box: int = 2,
    missing: Sequence[float] = (),
    confidence: float = 0.95,
    false_discovery_rate: float = 0.05,
) -> ScoreComparisons:
    """Compare each group with all the others, from how many gave each answer in each.

    Parameters
    ----------
    groups : mapping
        Group to its histogram (answer to count, or to `Tally`).
    against, kind, scale, box, missing, confidence, false_discovery_rate
        As for `compare_groups`.

    Returns
    -------
    ScoreComparisons

    Raises
    ------
    OffScale
        An answer is not on the scale and not among `missing`.
    ValueError
        A count is below 0.

    Examples
    --------
    >>> found = compare_groups_from_histograms({"a": {10: 60, 3: 40}, "b": {10: 40, 3: 60}})
    >>> print([f"{each.group} {each.estimate:+.0f}" for each in found])
    ['a +40', 'b -40']
    """
    chosen = read_kind(kind, scale=scale, box=box)
    return _compare_all(
        join_histograms(groups).without(missing),
        chosen,
        against=against,
        confidence=confidence,
        false_discovery_rate=false_discovery_rate,
    )


def _compare_all(
    table: HistogramTable,
    kind: Kind,
    *,
    against: str,
    confidence: float,
    false_discovery_rate: float,
) -> ScoreComparisons:
    check_confidence(confidence)
    if against not in AGAINST:
        raise ValueError(f"against must be one of {', '.join(AGAINST)}, not {against!r}")
    if not 0 < false_discovery_rate < 1:
        raise ValueError(f"a rate is over 0 and under 1, not {false_discovery_rate}")
    kind.check(table)
    sides = read_sides(table, kind)
    found = make_comparisons(
        sides,
        sides.rest(),
        groups=table.groups,
        others=[against] * len(table.groups),
        missing=table.missing,
        confidence=confidence,
        false_discovery_rate=false_discovery_rate,
        is_overall=against == "overall",
    )
    return ScoreComparisons(
        comparisons=found, against=against, false_discovery_rate=false_discovery_rate
    )


def find_group(table: HistogramTable, name: Hashable) -> int:
    for place, group in enumerate(table.groups):
        if group == name:
            return place
    if not table.groups:
        raise UnknownGroup(f"cannot tell: no row names a group, so there is no {name!r}")
    raise UnknownGroup(f"no rows have the group {name!r}; there are {list(table.groups[:6])}")


def _check(later: Score, earlier: Score) -> None:
    kinds = [(score.name, score.unit, score.confidence) for score in (later, earlier)]
    if kinds[0] != kinds[1]:
        raise Incomparable(f"{kinds[0]} and {kinds[1]} have no difference.")


def _limits(later: Score, earlier: Score) -> tuple[float | None, float | None]:
    numbers = (later.estimate, later.low, later.high)
    others = (earlier.estimate, earlier.low, earlier.high)
    if None in numbers or None in others:
        return None, None
    estimate, low, high = (float(number) for number in numbers if number is not None)
    before, before_low, before_high = (float(number) for number in others if number is not None)
    change = estimate - before
    return (
        change - math.hypot(estimate - low, before_high - before),
        change + math.hypot(high - estimate, before - before_low),
    )
