"""Journeys: which moments go with the overall score, and which way people go."""

from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from kokemus.measure import intervals
from kokemus.measure._frame import IntoFrame
from kokemus.measure._journey_models import ALWAYS, compare_models
from kokemus.measure._journey_results import JourneyModels, Paths, Step
from kokemus.measure.histograms import Floats
from kokemus.measure.results import Estimate

FEATURES = ("mean", "peak", "trough", "end", "start", "trend", "length")
DEFAULT = ("mean", "peak", "trough", "end", "trend")
FOLDS = 20


def peak_end(
    frame: IntoFrame,
    journey: str = "journey",
    *,
    order: str = "order",
    rating: str = "rating",
    outcome: str = "overall",
    customer: str | None = None,
    features: Sequence[str] = DEFAULT,
    folds: int = FOLDS,
    confidence: float = 0.95,
) -> JourneyModels:
    """Compare what explains a journey's overall score: its mean, its end, its peak and end, or all.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        A row per encounter.
    journey, order, rating, outcome : str
        Columns: the journey; numbers or times that order its encounters; the rating of each; the
        journey's overall score, on one row of it or on all.
    customer : str, optional
        Column of who made the journey. Journeys of one customer stay in one fold.
    features : sequence of str
        Of the model "all": "mean", "peak" (highest), "trough" (lowest), "end" (last), "start"
        (first), "trend" (slope of the rating on its place), "length" (ratings).
    folds : int
        Parts of the customers, for cross-validation and for intervals; 2 or more.
    confidence : float
        Nominal coverage, 0 to 1.

    Returns
    -------
    JourneyModels

    Raises
    ------
    UnknownColumn, NotNumbers
        As for `nps`.
    ValueError
        An unknown feature, fewer than 2 folds.
    TooFewJourneys
        Too few journeys, or a feature that is the same in all.

    Notes
    -----
    Windows over the journey and one group-by make the features, another the cross-products by fold.
    Intervals leave out one fold at a time (jackknife, Student's t): 95 % cover 93 to 96 % with 300
    journeys (simulated). The interval of the difference of cross-validated R² is that of a mean
    over folds, which are not quite independent: read it as a guide.

    Behaviour: none or one - `TooFewJourneys`; all equal - `TooFewJourneys`; missing - encounters
    without journey, order or rating, and journeys without outcome, are left out and counted in
    ``.missing``; journeys of one encounter are left out, ``.single``; weighted - not offered.

    Where it misleads: "peak and end" is a finding of the laboratory; the mean often predicts
    better, so it is estimated here and never assumed. Mean and peak move together (see
    ``.inflation``), so read shares, not single slopes. Who rates only some encounters has another
    peak. After a complaint, ends regress towards the middle.

    References
    ----------
    Kahneman, D., Fredrickson, B. L., Schreiber, C. A. & Redelmeier, D. A. (1993). When more pain is
    preferred to less: adding a better end. Psychological Science 4, 401-405. Verhoef, P. C.,
    Antonides, G. & de Hoog, A. N. (2004). Service encounters as a sequence of events. Journal of
    Service Research 7, 53-64.

    Examples
    --------
    >>> import numpy as np
    >>> import polars as pl
    >>> random = np.random.default_rng(1)
    >>> ratings = random.integers(1, 11, (200, 4))
    >>> overall = ratings.mean(axis=1) + random.normal(size=200)
    >>> frame = pl.DataFrame(
    ...     {
    ...         "journey": np.repeat(np.arange(200), 4),
    ...         "order": np.tile(np.arange(4), 200),
    ...         "rating": ratings.ravel(),
    ...         "overall": np.repeat(overall, 4),
    ...     }
    ... )
    >>> print(peak_end(frame))
    200 journeys: peak and end say less than the plain mean, R² differs by -0.323 (-0.419 to -0.227)
      mean: R² 0.674, cross-validated 0.669
      end: R² 0.199, cross-validated 0.187
      peak-end: R² 0.355, cross-validated 0.346
      peak, trough and end: R² 0.536, cross-validated 0.520
      all: R² 0.674, cross-validated 0.651
    """
    from kokemus.measure._frame.journeys import collect_features

    names = _name_features(features)
    intervals.check_confidence(confidence)
    if folds < 2:
        raise ValueError(f"folds must be 2 or more, not {folds}")
    table = collect_features(
        frame,
        journey=journey,
        order=order,
        rating=rating,
        outcome=outcome,
        customer=customer,
        features=names,
        folds=folds,
    )
    return compare_models(
        table.grams,
        names=names,
        features=features,
        centre=table.centre,
        single=table.single,
        missing=table.missing,
        confidence=confidence,
    )


def peak_end_from_grams(
    grams: Floats,
    *,
    names: Sequence[str],
    features: Sequence[str] = DEFAULT,
    confidence: float = 0.95,
) -> JourneyModels:
    """Compare the models of `peak_end` from cross-products.

    Parameters
    ----------
    grams : array (folds, p + 2, p + 2)
        Sums of products of [1, p features, outcome] over the journeys of each fold of customers.
        With one fold there are no intervals and no cross-validation.
    names : sequence of str
        The p features, among them "mean", "peak", "trough" and "end".
    features : sequence of str
        Of the model "all".
    confidence : float

    Returns
    -------
    JourneyModels

    Raises
    ------
    ValueError
        A feature is not among the names.
    TooFewJourneys
        As for `peak_end`.

    Examples
    --------
    >>> import numpy as np
    >>> random = np.random.default_rng(2)
    >>> ratings = random.normal(size=(4, 100, 5))
    >>> columns = [ratings.mean(2), ratings.max(2), ratings.min(2), ratings[:, :, -1]]
    >>> x = np.stack([np.ones((4, 100)), *columns, 2 * columns[3] + ratings[:, :, 0]], axis=2)
    >>> found = peak_end_from_grams(
    ...     np.einsum("fni,fnj->fij", x, x),
    ...     names=["mean", "peak", "trough", "end"],
    ...     features=["mean", "peak", "trough", "end"],
    ... )
    >>> found.best
    'all'
    """
    products = np.asarray(grams, float)
    if products.ndim == 2:
        products = products[None]
    if lacking := {*ALWAYS, *features} - set(names):
        raise ValueError(f"cross-products lack the features {sorted(lacking)}")
    return compare_models(
        products,
        names=list(names),
        features=features,
        centre=np.zeros(len(names) + 1),
        single=0,
        missing=0,
        confidence=intervals.check_confidence(confidence),
    )


def paths(
    frame: IntoFrame,
    journey: str = "journey",
    *,
    order: str = "order",
    touchpoint: str = "touchpoint",
    confidence: float = 0.95,
) -> Paths:
    """Count from which touchpoint journeys go to which, and where they end.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        A row per encounter.
    journey, order, touchpoint : str
        Columns: the journey; numbers or times that order it, different within a journey; where.
    confidence : float
        Nominal coverage, 0 to 1.

    Returns
    -------
    Paths
        ``.steps`` with shares of those that left the same touchpoint; ``.drop_offs``.

    Raises
    ------
    UnknownColumn
        A column that is not there.

    Notes
    -----
    One window (the touchpoint after), one group-by. Wilson intervals, which take visits as
    independent: 95 % cover 93 to 97 % (see `intervals`), less where a few journeys return to one
    touchpoint many times.

    Behaviour: none - no steps; one - wide; all equal - the interval keeps a width; missing - rows
    left out and counted; weighted - not offered.

    Where it misleads: the end of a journey is the last encounter known so far: fresh journeys look
    like drop-offs. Two encounters of one moment have no order.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame(
    ...     {
    ...         "journey": [1, 1, 2, 2, 3],
    ...         "order": [1, 2, 1, 2, 1],
    ...         "touchpoint": ["web", "shop", "web", "shop", "web"],
    ...     }
    ... )
    >>> print(paths(frame))
    start → web: 3, 100.0 % (43.9 % to 100.0 %)
    shop → end: 2, 100.0 % (34.2 % to 100.0 %)
    web → shop: 2, 66.7 % (20.8 % to 93.9 %)
    web → end: 1, 33.3 % (6.1 % to 79.2 %)
    """
    from kokemus.measure._frame.journeys import count_steps, read_pairs

    table, missing = count_steps(frame, journey=journey, order=order, touchpoint=touchpoint)
    counts: dict[tuple[Hashable, Hashable], float] = {}
    for (here, after), sums in read_pairs(table).items():
        counts[here, after] = sums["n"]
        counts[None, here] = counts.get((None, here), 0.0) + sums["starts"]
    return _make_paths(counts, missing=missing, confidence=confidence)


def paths_from_counts(
    counts: Mapping[tuple[Hashable, Hashable], float], *, confidence: float = 0.95
) -> Paths:
    """Shares of steps from how often each was taken.

    Parameters
    ----------
    counts : mapping
        (touchpoint, next touchpoint) to its count; None before the first and after the last.
    confidence : float

    Returns
    -------
    Paths

    Raises
    ------
    ValueError
        A count below 0.

    Examples
    --------
    >>> found = paths_from_counts({("web", "shop"): 80, ("web", None): 20})
    >>> print(found.drop_offs["web"])
    0.20 (0.13 to 0.29)
    """
    if any(not count >= 0 for count in counts.values()):
        raise ValueError(f"counts must be 0 or more: {dict(counts)}")
    return _make_paths(counts, missing=0, confidence=confidence)


def _make_paths(
    counts: Mapping[tuple[Hashable, Hashable], float], *, missing: int, confidence: float
) -> Paths:
    left: dict[Hashable, float] = {}
    for (before, _), count in counts.items():
        left[before] = left.get(before, 0.0) + count
    steps = []
    for (before, after), count in counts.items():
        if count:
            low, high = intervals.wilson_interval(count, left[before], confidence=confidence)
            share = Estimate(count / left[before], low, high)
            steps.append(Step(before=before, after=after, count=round(count), share=share))
    ordered = sorted(
        steps, key=lambda step: (step.before is not None, str(step.before), -step.count)
    )
    return Paths(steps=tuple(ordered), missing=missing, confidence=confidence)


def _name_features(features: Sequence[str]) -> list[str]:
    """The features to collect: those asked, and those that every model needs."""
    if unknown := [name for name in features if name not in FEATURES]:
        raise ValueError(f"{unknown[0]!r} is not a feature; they are {', '.join(FEATURES)}")
    return [name for name in FEATURES if name in {*ALWAYS, *features}]
