"""The scores of customer experience, NPS, eNPS and CSAT, each with its interval.

Each takes one group-by of the frame's engine; what follows runs on the histogram.
Common to all: null and NaN are missing on every kind of frame; no answers give an estimate of
None; answers off the scale raise `OffScale`; with weights the interval rests on Kish's effective
number of answers, and an answer whose weight is missing or 0 counts as missing.
"""

from collections.abc import Sequence
from typing import Unpack, overload

from kokemus.measure._frame import IntoFrame
from kokemus.measure._sampling import By, Columns, Scale, read_sample
from kokemus.measure._scoring import (
    NPS_CUTS,
    NPS_SCALE,
    Options,
    RowOptions,
    check_box,
    read_mapping,
    score_nps,
    score_share,
    shape,
)
from kokemus.measure.histograms import Histogram
from kokemus.measure.results import Score, Scores

CSAT_SCALE = (1, 5)


class NpsOptions(Options, total=False):
    method: str


class CsatOptions(NpsOptions, total=False):
    scale: Scale
    box: int


@overload
def nps(
    frame: IntoFrame,
    score: str = ...,
    by: None = None,
    weight: str | None = ...,
    confidence: float = ...,
    method: str = ...,
    *,
    time: None = None,
    **options: Unpack[RowOptions],
) -> Score: ...
@overload
def nps(
    frame: IntoFrame,
    score: str = ...,
    by: By | None = None,
    weight: str | None = ...,
    confidence: float = ...,
    method: str = ...,
    *,
    time: str,
    every: str = ...,
    **options: Unpack[RowOptions],
) -> Scores: ...
@overload
def nps(
    frame: IntoFrame,
    score: str,
    by: By,
    weight: str | None = ...,
    confidence: float = ...,
    method: str = ...,
    *,
    time: None = None,
    **options: Unpack[RowOptions],
) -> Scores: ...
@overload
def nps(
    frame: IntoFrame, score: str = ..., *, by: By, time: None = None, **options: Unpack[NpsOptions]
) -> Scores: ...
def nps(
    frame: IntoFrame,
    score: str = "score",
    by: By | None = None,
    weight: str | None = None,
    confidence: float = 0.95,
    method: str = "score",
    *,
    time: str | None = None,
    every: str = "week",
    cluster: str | None = None,
    count: str | None = None,
    missing: Sequence[float] = (),
) -> Score | Scores:
    """Net Promoter Score: percent of 9 and 10 less percent of 0 to 6.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer (pandas, Polars, PyArrow, DuckDB, PySpark, …).
    score : str
        Column of answers, whole numbers 0 to 10.
    by : str or sequence of str, optional
        Columns whose values make the groups.
    time : str, optional
        Column of dates or times; there is then a score for each period (and group), whose
        ``.group`` is (ends in) the period's first day.
    every : {"day", "week", "month", "quarter", "year"}
        How long a period is. Weeks are ISO weeks and begin on Monday; times count in their own
        time zone where the column has one.
    cluster : str, optional
        Column that names what answers belong together: the customer who answers again, the
        flight, the shop. The interval then allows for answers within a cluster being alike. A
        row that names none stands by itself.
    weight : str, optional
        Column of sampling weights, 0 or more.
    count : str, optional
        Column with how many answers a row stands for, where the frame is a rollup.
    missing : sequence of float
        Codes in the column that mean no answer, such as 11 or 99.
    confidence : float
        Nominal coverage of the interval, over 0 and under 1.
    method : {"score", "adjusted_wald", "wald"}
        How the interval is made; see `intervals.nps_interval`.

    Returns
    -------
    Score or Scores
        In points, -100 to 100. With `by` a sequence of scores, each with its ``.group``, sorted.

    Raises
    ------
    UnknownColumn
        A column is not there.
    NotNumbers
        The answers or the weights are not numbers.
    NotDates
        The column `time` holds neither dates nor times.
    OffScale
        An answer is not 0, 1, … 10 and not among `missing`.
    NegativeWeights
        A weight or a count is below 0.

    Notes
    -----
    Behaviour: none - estimate, low and high are None; one - the interval is wide, and says so;
    all equal - the score interval keeps its width; missing - counted in ``.missing``; weighted -
    shares are weighted and the interval takes Kish's effective number of answers; clusters - the
    interval takes as many independent answers as have the variance between clusters (CR1), never
    more than there are (a design effect under 1 counts as 1), times (z / t)², with Student's t of
    clusters less one degrees of freedom: so method "wald" reaches t standard errors, not z. Where
    clusters do not differ at all each counts as one answer; of one cluster it cannot tell. One
    group-by; a second to name answers off the scale; two more for clusters.

    Where it misleads: who answered is not who was asked; groups that differ in mix are not
    comparable by score alone; two scores whose intervals overlap may still differ, and of twenty
    groups one stands out by chance. Repeated answers of the same contacts, and answers gathered
    in clusters, carry less than their count: without `cluster` the interval is too narrow. Below
    some 30 clusters it rests on little, and ``.method`` says so.

    References
    ----------
    Reichheld, F. (2003). The one number you need to grow. Harvard Business Review 81(12), 46-54.
    Kish, L. (1965). Survey sampling. Wiley.
    Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear
    models. Biometrika 73, 13-22.
    Korn, E. L. and Graubard, B. I. (1998). Confidence intervals for proportions with small
    expected number of positive counts estimated from survey data. Survey Methodology 24, 193-201.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"score": [10, 9, 9, 7, 3, None], "shop": list("aabbbb")})
    >>> print(nps(frame))
    NPS 40.0 (95 % interval -34.9 to 82.6, 5 answers, 1 missing, score method)
    >>> for group in nps(frame, by="shop"):
    ...     print(group.group, group.estimate)
    a 100.0
    b 0.0
    """
    columns = Columns(
        score=score,
        by=by,
        time=time,
        every=every,
        cluster=cluster,
        weight=weight,
        count=count,
        missing=missing,
    )
    return _score_promoters(frame, columns, "NPS", confidence, method)


def nps_from_histogram(
    histogram: Histogram,
    *,
    missing: Sequence[float] = (),
    confidence: float = 0.95,
    method: str = "score",
) -> Score:
    """Net Promoter Score from how many gave each answer.

    Parameters
    ----------
    histogram : mapping
        Answer to its count, or to its `Tally` in a weighted survey.
    missing, confidence, method
        As for `nps`.

    Returns
    -------
    Score
        In points, -100 to 100.

    Raises
    ------
    OffScale
        An answer is not 0, 1, … 10 and not among `missing`.
    ValueError
        A count is below 0.

    Examples
    --------
    >>> print(nps_from_histogram({10: 19, 8: 9, 3: 8}))
    NPS 30.6 (95 % interval 2.3 to 53.9, 36 answers, score method)
    """
    table = read_mapping(histogram, missing)
    return score_nps(table, confidence=confidence, method=method)[0]


@overload
def enps(
    frame: IntoFrame,
    score: str = ...,
    *,
    by: None = None,
    time: None = None,
    **options: Unpack[NpsOptions],
) -> Score: ...
@overload
def enps(
    frame: IntoFrame,
    score: str = ...,
    *,
    by: By | None = None,
    time: str,
    every: str = ...,
    **options: Unpack[NpsOptions],
) -> Scores: ...
@overload
def enps(
    frame: IntoFrame, score: str = ..., *, by: By, time: None = None, **options: Unpack[NpsOptions]
) -> Scores: ...
def enps(
    frame: IntoFrame,
    score: str = "score",
    *,
    by: By | None = None,
    time: str | None = None,
    every: str = "week",
    cluster: str | None = None,
    weight: str | None = None,
    count: str | None = None,
    missing: Sequence[float] = (),
    confidence: float = 0.95,
    method: str = "score",
) -> Score | Scores:
    """Employee Net Promoter Score: the arithmetic of `nps` on employees' answers.

    Parameters
    ----------
    frame, by, time, every, cluster, weight, count, missing, confidence, method
        As for `nps`.
    score : str
        Column of answers to "would you recommend this workplace?", whole numbers 0 to 10.

    Returns
    -------
    Score or Scores
        In points, -100 to 100, named "eNPS".

    Raises
    ------
    UnknownColumn, NotNumbers, NotDates, OffScale, NegativeWeights
        As for `nps`.

    Notes
    -----
    Behaviour: as for `nps`.

    Where it misleads: teams are small, so most differences between them are chance; and with few
    answers a score can give away who answered what. Show no team of fewer than five, nor the
    rest of a whole that gives it away (`measure.privacy`).

    References
    ----------
    Reichheld, F. (2003). The one number you need to grow. Harvard Business Review 81(12), 46-54.

    Examples
    --------
    >>> import polars as pl
    >>> print(enps(pl.DataFrame({"score": [10, 9, 9, 7, 3, 8]})))
    eNPS 33.3 (95 % interval -31.1 to 75.4, 6 answers, score method)
    """
    columns = Columns(
        score=score,
        by=by,
        time=time,
        every=every,
        cluster=cluster,
        weight=weight,
        count=count,
        missing=missing,
    )
    return _score_promoters(frame, columns, "eNPS", confidence, method)


@overload
def csat(
    frame: IntoFrame,
    score: str = ...,
    *,
    by: None = None,
    time: None = None,
    **options: Unpack[CsatOptions],
) -> Score: ...
@overload
def csat(
    frame: IntoFrame,
    score: str = ...,
    *,
    by: By | None = None,
    time: str,
    every: str = ...,
    **options: Unpack[CsatOptions],
) -> Scores: ...
@overload
def csat(
    frame: IntoFrame, score: str = ..., *, by: By, time: None = None, **options: Unpack[CsatOptions]
) -> Scores: ...
def csat(
    frame: IntoFrame,
    score: str = "score",
    *,
    by: By | None = None,
    time: str | None = None,
    every: str = "week",
    cluster: str | None = None,
    weight: str | None = None,
    count: str | None = None,
    missing: Sequence[float] = (),
    scale: Scale = CSAT_SCALE,
    box: int = 2,
    confidence: float = 0.95,
    method: str = "wilson",
) -> Score | Scores:
    """Customer satisfaction: percent of answers in the top boxes of the scale.

    Parameters
    ----------
    frame, by, time, every, cluster, weight, count, missing, confidence
        As for `nps`.
    score : str
        Column of answers, whole numbers of the scale.
    scale : tuple of float
        Lowest and highest answer: 1 and 5.
    box : int
        How many of the highest answers count as satisfied. The box rule: 2 of 5 are 4 and 5.
    method : {"wilson", "clopper_pearson", "wald"}
        How the interval is made; see `intervals`.

    Returns
    -------
    Score or Scores
        In percent, 0 to 100.

    Raises
    ------
    UnknownColumn, NotNumbers, OffScale, NegativeWeights
        As for `nps`.
    ValueError
        The box is empty or holds the whole scale.

    Notes
    -----
    Behaviour: none - estimate, low and high are None; one - wide; all equal - the interval keeps
    its width; missing - counted in ``.missing``; weighted - Kish's effective number of answers.

    Where it misleads: the share hides whether the rest were lukewarm or furious; top-1 and top-2
    of 5 and top-2 of 7 are different scores, so compare only within one rule.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> import polars as pl
    >>> print(csat(pl.DataFrame({"score": [5, 5, 4, 4, 5, 5, 4, 4, 3, 1]})))
    CSAT 80.0 % (95 % interval 49.0 % to 94.3 %, 10 answers, wilson method)
    """
    columns = Columns(
        score=score,
        by=by,
        time=time,
        every=every,
        cluster=cluster,
        weight=weight,
        count=count,
        missing=missing,
    )
    check_box(scale, box)
    sample = read_sample(frame, columns, scale=scale, cuts=(scale[1] - box + 1,))
    found = score_share(
        sample.table,
        "CSAT",
        scale=scale,
        box=box,
        confidence=confidence,
        method=method,
        clusters=sample.clusters,
    )
    return shape(found, sample)


def csat_from_histogram(
    histogram: Histogram,
    *,
    missing: Sequence[float] = (),
    scale: Scale = CSAT_SCALE,
    box: int = 2,
    confidence: float = 0.95,
    method: str = "wilson",
) -> Score:
    """Customer satisfaction from how many gave each answer.

    Parameters
    ----------
    histogram : mapping
        Answer to its count, or to its `Tally` in a weighted survey.
    missing, scale, box, confidence, method
        As for `csat`.

    Returns
    -------
    Score
        In percent, 0 to 100.

    Raises
    ------
    OffScale
        An answer is not on the scale and not among `missing`.
    ValueError
        A count is below 0, or the box is empty or holds the whole scale.

    Examples
    --------
    >>> print(csat_from_histogram({5: 4, 4: 4, 3: 1, 1: 1}))
    CSAT 80.0 % (95 % interval 49.0 % to 94.3 %, 10 answers, wilson method)
    """
    table = read_mapping(histogram, missing)
    found = score_share(table, "CSAT", scale=scale, box=box, confidence=confidence, method=method)
    return found[0]


def _score_promoters(
    frame: IntoFrame, columns: Columns, name: str, confidence: float, method: str
) -> Score | Scores:
    sample = read_sample(frame, columns, scale=NPS_SCALE, cuts=NPS_CUTS)
    found = score_nps(
        sample.table, confidence=confidence, method=method, name=name, clusters=sample.clusters
    )
    return shape(found, sample)
