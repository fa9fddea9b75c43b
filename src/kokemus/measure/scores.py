"""The scores of customer experience: NPS, CSAT and CES, each with its interval.

Each takes one group-by of the frame's engine; what follows runs on the histogram.
Common to all: null and NaN are missing on every kind of frame; no answers give an estimate of
None; answers off the scale raise `OffScale`; with weights the interval rests on Kish's effective
number of answers, and an answer whose weight is missing or 0 counts as missing.
"""

from collections.abc import Sequence
from typing import Unpack, overload

from kokemus.measure._frame import IntoFrame, histogram
from kokemus.measure._scoring import (
    DETRACTOR_MAX,
    NPS_SCALE,
    PROMOTER_MIN,
    By,
    Options,
    Scale,
    read_classes,
    read_mapping,
    score_mean,
    score_nps,
    score_share,
    shape,
)
from kokemus.measure.histograms import Histogram, HistogramTable
from kokemus.measure.results import Score, Scores

CSAT_SCALE = (1, 5)
CES_SCALE = (1, 7)


class NpsOptions(Options, total=False):
    method: str


class CsatOptions(NpsOptions, total=False):
    scale: Scale
    box: int


class CesOptions(NpsOptions, total=False):
    scale: Scale
    box: int | None


@overload
def nps(
    frame: IntoFrame, score: str = ..., *, by: None = None, **options: Unpack[NpsOptions]
) -> Score: ...
@overload
def nps(frame: IntoFrame, score: str = ..., *, by: By, **options: Unpack[NpsOptions]) -> Scores: ...
def nps(
    frame: IntoFrame,
    score: str = "score",
    *,
    by: By | None = None,
    weight: str | None = None,
    count: str | None = None,
    missing: Sequence[float] = (),
    confidence: float = 0.95,
    method: str = "score",
) -> Score | Scores:
    """Net Promoter Score: percent of 9 and 10 less percent of 0 to 6.

    The same arithmetic on employees' answers is the eNPS.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer (pandas, Polars, PyArrow, DuckDB, PySpark, …).
    score : str
        Column of answers, whole numbers 0 to 10.
    by : str or sequence of str, optional
        Columns whose values make the groups.
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
    OffScale
        An answer is not 0, 1, … 10 and not among `missing`.
    NegativeWeights
        A weight or a count is below 0.

    Notes
    -----
    Behaviour: none - estimate, low and high are None; one - the interval is wide, and says so;
    all equal - the score interval keeps its width; missing - counted in ``.missing``; weighted -
    shares are weighted and the interval takes Kish's effective number of answers.

    Where it misleads: who answered is not who was asked; groups that differ in mix are not
    comparable by score alone; two scores whose intervals overlap may still differ, and of twenty
    groups one stands out by chance. Repeated answers of the same contacts, and answers gathered
    in clusters (a flight, a shop), carry less than their count: the interval is too narrow.

    References
    ----------
    Reichheld, F. (2003). The one number you need to grow. Harvard Business Review 81(12), 46-54.
    Kish, L. (1965). Survey sampling. Wiley.

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
    table = read_classes(
        frame,
        score=score,
        by=by,
        weight=weight,
        count=count,
        missing=missing,
        scale=NPS_SCALE,
        cuts=(DETRACTOR_MAX + 1, PROMOTER_MIN),
    )
    return shape(score_nps(table, confidence=confidence, method=method), by)


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
def csat(
    frame: IntoFrame, score: str = ..., *, by: None = None, **options: Unpack[CsatOptions]
) -> Score: ...
@overload
def csat(
    frame: IntoFrame, score: str = ..., *, by: By, **options: Unpack[CsatOptions]
) -> Scores: ...
def csat(
    frame: IntoFrame,
    score: str = "score",
    *,
    by: By | None = None,
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
    frame, by, weight, count, missing, confidence
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
    table = read_classes(
        frame,
        score=score,
        by=by,
        weight=weight,
        count=count,
        missing=missing,
        scale=scale,
        cuts=(scale[1] - box + 1,),
    )
    found = score_share(table, "CSAT", scale=scale, box=box, confidence=confidence, method=method)
    return shape(found, by)


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


@overload
def ces(
    frame: IntoFrame, score: str = ..., *, by: None = None, **options: Unpack[CesOptions]
) -> Score: ...
@overload
def ces(frame: IntoFrame, score: str = ..., *, by: By, **options: Unpack[CesOptions]) -> Scores: ...
def ces(
    frame: IntoFrame,
    score: str = "score",
    *,
    by: By | None = None,
    weight: str | None = None,
    count: str | None = None,
    missing: Sequence[float] = (),
    scale: Scale = CES_SCALE,
    box: int | None = None,
    confidence: float = 0.95,
    method: str = "wilson",
) -> Score | Scores:
    """Customer effort score: the mean agreement that it was made easy, or a top-box share.

    CES 2.0 asks for agreement, 1 to 7, with "made it easy for me": high is good. No standard says
    mean or share; the mean is the default here, and ``box=3`` gives the percent of 5, 6 and 7.
    CES 1.0 asked for the effort put in, 1 to 5, where high is bad: ``scale=(1, 5)``.

    Parameters
    ----------
    frame, by, weight, count, missing, confidence
        As for `nps`.
    score : str
        Column of answers, whole numbers of the scale.
    scale : tuple of float
        Lowest and highest answer: 1 and 7.
    box : int, optional
        How many of the highest answers count as easy; without it the mean is taken.
    method : {"wilson", "clopper_pearson", "wald"}
        The interval of a share; the mean has Student's t.

    Returns
    -------
    Score or Scores
        The mean in the scale's unit, or the share in percent.

    Raises
    ------
    UnknownColumn, NotNumbers, OffScale, NegativeWeights
        As for `nps`.
    ValueError
        The box is empty or holds the whole scale.

    Notes
    -----
    Behaviour and where the mean's interval misleads: as for `mean_score`. Effort speaks of one
    matter just handled, so it says little of loyalty by itself.

    References
    ----------
    Dixon, M., Freeman, K. and Toman, N. (2010). Stop trying to delight your customers. Harvard
    Business Review 88(7/8), 116-122.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"score": [7, 6, 6, 5, 7, 2, 6, 7]})
    >>> print(ces(frame))
    CES 5.75 (95 % interval 4.35 to 7.00, 8 answers, t method)
    >>> print(ces(frame, box=3))
    CES 87.5 % (95 % interval 52.9 % to 97.8 %, 8 answers, wilson method)
    """
    table = histogram(frame, score=score, by=by, weight=weight, count=count).without(missing)
    return shape(_score_effort(table, scale, box, confidence, method), by)


def ces_from_histogram(
    histogram: Histogram,
    *,
    missing: Sequence[float] = (),
    scale: Scale = CES_SCALE,
    box: int | None = None,
    confidence: float = 0.95,
    method: str = "wilson",
) -> Score:
    """Customer effort score from how many gave each answer.

    Parameters
    ----------
    histogram : mapping
        Answer to its count, or to its `Tally` in a weighted survey.
    missing, scale, box, confidence, method
        As for `ces`.

    Returns
    -------
    Score
        The mean in the scale's unit, or with `box` the share in percent.

    Raises
    ------
    OffScale
        An answer is not on the scale and not among `missing`.
    ValueError
        A count is below 0, or the box is empty or holds the whole scale.

    Examples
    --------
    >>> print(ces_from_histogram({7: 3, 6: 3, 5: 1, 2: 1}))
    CES 5.75 (95 % interval 4.35 to 7.00, 8 answers, t method)
    """
    table = read_mapping(histogram, missing)
    return _score_effort(table, scale, box, confidence, method)[0]


def _score_effort(
    table: HistogramTable, scale: Scale, box: int | None, confidence: float, method: str
) -> tuple[Score, ...]:
    if box is None:
        table.check_scale(*scale, is_whole=True)
        return score_mean(table, "CES", scale=scale, confidence=confidence)
    return score_share(table, "CES", scale=scale, box=box, confidence=confidence, method=method)
