"""The mean answer with its interval."""

from collections.abc import Sequence
from typing import Unpack, overload

from kokemus.measure._frame import IntoFrame
from kokemus.measure._sampling import By, Columns, Scale, read_sample
from kokemus.measure._scoring import Options, read_mapping, score_mean, shape
from kokemus.measure.histograms import Histogram
from kokemus.measure.results import Score, Scores


class MeanOptions(Options, total=False):
    scale: Scale | None


@overload
def mean_score(
    frame: IntoFrame,
    score: str = ...,
    *,
    by: None = None,
    time: None = None,
    **options: Unpack[MeanOptions],
) -> Score: ...
@overload
def mean_score(
    frame: IntoFrame,
    score: str = ...,
    *,
    by: By | None = None,
    time: str,
    every: str = ...,
    **options: Unpack[MeanOptions],
) -> Scores: ...
@overload
def mean_score(
    frame: IntoFrame, score: str = ..., *, by: By, time: None = None, **options: Unpack[MeanOptions]
) -> Scores: ...
def mean_score(
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
    scale: Scale | None = None,
    confidence: float = 0.95,
) -> Score | Scores:
    """Mean answer with Student's t interval.

    Parameters
    ----------
    frame, by, time, every, cluster, weight, count, missing, confidence
        As for `nps`.
    score : str
        Column of answers, numbers. The engine returns one row per distinct answer and group, so
        ratings suit it at any length and measurements with many decimals do not.
    scale : tuple of float, optional
        Lowest and highest possible answer. With it answers are checked, the interval stays on the
        scale, and one answer or equal answers have an interval.

    Returns
    -------
    Score or Scores
        In the unit of the answers.

    Raises
    ------
    UnknownColumn, NotNumbers, NegativeWeights
        As for `nps`.
    OffScale
        An answer is below or above the scale and not among `missing`.

    Notes
    -----
    Behaviour: none - estimate, low and high are None; one - the whole scale, without a scale low
    and high are None; all equal - t would claim certainty, so the share of others is bounded by
    Clopper-Pearson and put at the ends of the scale (without a scale: None); missing - counted in
    ``.missing``; weighted - Kish's effective number of answers, less one as degrees of freedom.

    Where it misleads: a mean of ratings treats the step from 1 to 2 as the step from 4 to 5, and
    the same mean hides very different distributions. With answers heaped at one end the nominal
    95 % interval covers less at small counts: of five stars with 50 % fives 92.6 % at 20 answers,
    with 80 % fives 89.9 %, with 90 % fives 83.7 % (exact; `tests/measure/test_coverage.py`).
    There the share of fives with its Wilson interval tells more. With ten clusters of 1 to 19
    answers that agree in part, ``cluster=`` covers 91 % (simulated; `tests/measure/
    test_clusters.py`), with forty 95 %.

    References
    ----------
    Student (1908). The probable error of a mean. Biometrika 6, 1-25.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"stars": [5, 4, 5, 3, 5, 4]})
    >>> print(mean_score(frame, "stars", scale=(1, 5)))
    mean 4.33 (95 % interval 3.48 to 5.00, 6 answers, t method)
    >>> print(mean_score(frame.head(1), "stars"))
    mean 5.00 (cannot tell how far off, 1 answer)
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
    sample = read_sample(frame, columns)
    found = score_mean(
        sample.table, "mean", scale=scale, confidence=confidence, clusters=sample.clusters
    )
    return shape(found, sample)


def mean_from_histogram(
    histogram: Histogram,
    *,
    missing: Sequence[float] = (),
    scale: Scale | None = None,
    confidence: float = 0.95,
) -> Score:
    """Mean answer from how many gave each answer.

    Parameters
    ----------
    histogram : mapping
        Answer to its count, or to its `Tally` in a weighted survey.
    missing, scale, confidence
        As for `mean_score`.

    Returns
    -------
    Score
        In the unit of the answers.

    Raises
    ------
    OffScale
        An answer is below or above the scale and not among `missing`.
    ValueError
        A count is below 0.

    Examples
    --------
    >>> print(mean_from_histogram({5: 3, 4: 2, 3: 1}, scale=(1, 5)))
    mean 4.33 (95 % interval 3.48 to 5.00, 6 answers, t method)
    """
    table = read_mapping(histogram, missing)
    return score_mean(table, "mean", scale=scale, confidence=confidence)[0]
