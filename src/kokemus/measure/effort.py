"""The customer effort score, in both of its versions, with its interval."""

from collections.abc import Sequence
from typing import Unpack, overload

from kokemus.measure._frame import ClusterTable, IntoFrame
from kokemus.measure._sampling import By, Columns, Scale, read_sample
from kokemus.measure._scoring import (
    Options,
    check_box,
    read_mapping,
    score_mean,
    score_share,
    shape,
)
from kokemus.measure.histograms import Histogram, HistogramTable
from kokemus.measure.results import Score, Scores

CES_SCALES: dict[str, Scale] = {"2.0": (1, 7), "1.0": (1, 5)}
NAMES = {"2.0": "CES", "1.0": "CES 1.0"}


class CesOptions(Options, total=False):
    version: str
    scale: Scale | None
    box: int | None
    method: str


@overload
def ces(
    frame: IntoFrame,
    score: str = ...,
    *,
    by: None = None,
    time: None = None,
    **options: Unpack[CesOptions],
) -> Score: ...
@overload
def ces(
    frame: IntoFrame,
    score: str = ...,
    *,
    by: By | None = None,
    time: str,
    every: str = ...,
    **options: Unpack[CesOptions],
) -> Scores: ...
@overload
def ces(
    frame: IntoFrame, score: str = ..., *, by: By, time: None = None, **options: Unpack[CesOptions]
) -> Scores: ...
def ces(
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
    version: str = "2.0",
    scale: Scale | None = None,
    box: int | None = None,
    confidence: float = 0.95,
    method: str = "wilson",
) -> Score | Scores:
    """Customer effort score: the mean agreement that it was made easy, or a top-box share.

    CES 2.0 asks for agreement, 1 to 7, with "made it easy for me": high is good. No standard says
    mean or share; the mean is the default here, and ``box=3`` gives the percent of 5, 6 and 7.
    CES 1.0 asked for the effort put in, 1 to 5, where high is bad: ``version="1.0"``, in which
    ``box=2`` gives the percent of 1 and 2.

    Parameters
    ----------
    frame, by, time, every, cluster, weight, count, missing, confidence
        As for `nps`.
    score : str
        Column of answers, whole numbers of the scale.
    version : {"2.0", "1.0"}
        What was asked: agreement that it was easy, or the effort it took.
    scale : tuple of float, optional
        Lowest and highest answer; without it 1 and 7, in version 1.0 1 and 5.
    box : int, optional
        How many of the highest answers (in version 1.0 of the lowest) count as easy; without it
        the mean is taken.
    method : {"wilson", "clopper_pearson", "wald"}
        The interval of a share; the mean has Student's t.

    Returns
    -------
    Score or Scores
        The mean in the scale's unit, or the share in percent.

    Raises
    ------
    UnknownColumn, NotNumbers, NotDates, OffScale, NegativeWeights
        As for `nps`.
    ValueError
        The box is empty or holds the whole scale, or there is no such version.

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
    >>> print(ces(pl.DataFrame({"score": [1, 2, 2, 4, 1, 3]}), version="1.0"))
    CES 1.0 2.17 (95 % interval 1.00 to 3.39, 6 answers, t method)
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
    scale = scale or _scale_of(version)
    cuts = () if box is None else _cut(version, scale, box)
    sample = read_sample(frame, columns, scale=scale, cuts=cuts)
    found = _score_effort(
        sample.table, version, scale, box, confidence, method, clusters=sample.clusters
    )
    return shape(found, sample)


def ces_from_histogram(
    histogram: Histogram,
    *,
    missing: Sequence[float] = (),
    version: str = "2.0",
    scale: Scale | None = None,
    box: int | None = None,
    confidence: float = 0.95,
    method: str = "wilson",
) -> Score:
    """Customer effort score from how many gave each answer.

    Parameters
    ----------
    histogram : mapping
        Answer to its count, or to its `Tally` in a weighted survey.
    missing, version, scale, box, confidence, method
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
    scale = scale or _scale_of(version)
    return _score_effort(table, version, scale, box, confidence, method)[0]


def _scale_of(version: str) -> Scale:
    if version not in CES_SCALES:
        raise ValueError(f"version must be one of {', '.join(CES_SCALES)}, not {version!r}")
    return CES_SCALES[version]


def _cut(version: str, scale: Scale, box: int) -> tuple[float]:
    check_box(scale, box)
    return (scale[0] + box,) if version == "1.0" else (scale[1] - box + 1,)


def _score_effort(
    table: HistogramTable,
    version: str,
    scale: Scale,
    box: int | None,
    confidence: float,
    method: str,
    clusters: ClusterTable | None = None,
) -> tuple[Score, ...]:
    name = NAMES[version]
    if box is None:
        table.check_scale(*scale, is_whole=True)
        return score_mean(table, name, scale=scale, confidence=confidence, clusters=clusters)
    return score_share(
        table,
        name,
        scale=scale,
        box=box,
        confidence=confidence,
        method=method,
        is_low=version == "1.0",
        clusters=clusters,
    )
