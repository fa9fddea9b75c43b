"""From a table of histograms to scores; every group at once."""

import math
from collections.abc import Hashable, Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from kokemus.measure import intervals
from kokemus.measure._clusters import Spread, describe_clusters, spread_of
from kokemus.measure._frame import ClusterTable
from kokemus.measure._sampling import Sample
from kokemus.measure._sampling import Scale as Scale
from kokemus.measure.histograms import Floats, Histogram, HistogramTable, table_from_mapping
from kokemus.measure.results import Score, Scores

NPS_SCALE = (0, 10)
DETRACTOR_MAX = 6
PROMOTER_MIN = 9
NPS_CUTS = (DETRACTOR_MAX + 1, PROMOTER_MIN)
CANNOT_TELL = "cannot tell"
Limits = tuple[float | None, float | None, str]


class RowOptions(TypedDict, total=False):
    """How a score reads rows."""

    count: str | None
    missing: Sequence[float]
    cluster: str | None


class Options(RowOptions, total=False):
    """What every score takes beside the columns."""

    weight: str | None
    confidence: float


def read_mapping(histogram: Histogram, missing: Sequence[float]) -> HistogramTable:
    return table_from_mapping(histogram).without(missing)


def shape(found: tuple[Score, ...], sample: Sample) -> Score | Scores:
    """One score without groups, a sequence with them."""
    return Scores(found) if sample.is_grouped else found[0]


def score_nps(
    table: HistogramTable,
    *,
    confidence: float,
    method: str,
    name: str = "NPS",
    clusters: ClusterTable | None = None,
) -> tuple[Score, ...]:
    table.check_scale(*NPS_SCALE, is_whole=True)
    is_down, is_up = table.values <= DETRACTOR_MAX, table.values >= PROMOTER_MIN
    down, up = _weighted_share(table, is_down), _weighted_share(table, is_up)
    worths = is_up.astype(float) - is_down
    spread = spread_of(table, clusters, worths, confidence=confidence)
    worth = np.maximum(spread.for_limits, 1.0)  # a group of none has no limits anyway
    between = np.maximum(1 - down - up, 0.0)
    low, high = intervals.nps_limits(
        down * worth, between * worth, up * worth, confidence=confidence, method=method
    )
    limits = [(*pair, method) for pair in zip(low.tolist(), high.tolist(), strict=True)]
    estimates = 100 * (up - down)
    return _make_scores(table, spread, name, "points", confidence, estimates, limits)


def score_share(
    table: HistogramTable,
    name: str,
    *,
    scale: Scale,
    box: int,
    confidence: float,
    method: str,
    is_low: bool = False,
    clusters: ClusterTable | None = None,
) -> tuple[Score, ...]:
    """Score the percent of answers among the `box` highest (lowest) whole numbers of the scale."""
    low, high = scale
    check_box(scale, box)
    table.check_scale(low, high, is_whole=True)
    is_chosen = table.values < low + box if is_low else table.values > high - box
    shares = _weighted_share(table, is_chosen)
    spread = spread_of(table, clusters, is_chosen.astype(float), confidence=confidence)
    limits = [
        _limit_share(share * n, n, confidence, method)
        for share, n in zip(shares.tolist(), spread.for_limits.tolist(), strict=True)
    ]
    return _make_scores(table, spread, name, "percent", confidence, 100 * shares, limits)


def check_box(scale: Scale, box: int) -> None:
    low, high = scale
    if not 0 < box <= high - low:
        raise ValueError(f"box must be 1 to {high - low:g} on a scale {low:g} to {high:g}: {box}")


def _limit_share(successes: float, trials: float, confidence: float, method: str) -> Limits:
    low, high = intervals.share_interval(
        min(successes, trials or 1.0), trials or 1.0, confidence=confidence, method=method
    )
    return 100 * low, 100 * high, method


def score_mean(
    table: HistogramTable,
    name: str,
    *,
    scale: Scale | None,
    confidence: float,
    clusters: ClusterTable | None = None,
) -> tuple[Score, ...]:
    intervals.check_confidence(confidence)
    if scale:
        table.check_scale(*scale, is_whole=False)
    weight = table.sum_by_group(table.weights)
    means = _divide(table.sum_by_group(table.weights * table.values), weight)
    from_mean = table.values - means[table.group_index]
    spreads = _divide(table.sum_by_group(table.weights * from_mean**2), weight)
    highest = _highest_by_group(table)
    lowest = -_highest_by_group(table, sign=-1.0)
    spread = spread_of(table, clusters, table.values, confidence=confidence)
    limits = []
    freedoms = None if spread.counts is None else (spread.counts - 1).tolist()
    for place, answers in enumerate(spread.effective.tolist()):
        if lowest[place] == highest[place]:
            means[place] = lowest[place]
            limits.append(_limit_equal(lowest[place], answers, scale, confidence))
        elif freedoms is not None:
            error = float(spread.standard_errors[place])
            limits.append(_limit_t(float(means[place]), error, freedoms[place], scale, confidence))
        else:
            limits.append(_limit_mean(means[place], spreads[place], answers, scale, confidence))
    return _make_scores(table, spread, name, "scale", confidence, means, limits)


def _limit_t(
    mean: float, error: float, freedom: float, scale: Scale | None, confidence: float
) -> Limits:
    """Give the t limits from a standard error, kept on the scale."""
    if not freedom > 0:
        return None, None, CANNOT_TELL
    low, high = intervals.mean_interval(
        mean, error * math.sqrt(freedom + 1), freedom + 1, confidence=confidence
    )
    if scale:
        low, high = max(low, scale[0]), min(high, scale[1])
    return float(low), float(high), "t"


def _limit_mean(
    mean: float, spread: float, answers: float, scale: Scale | None, confidence: float
) -> Limits:
    """Give the t limits; spread is the variance with divisor n."""
    error = math.sqrt(spread / (answers - 1)) if answers > 1 else math.nan
    return _limit_t(mean, error, answers - 1, scale, confidence)


def _limit_equal(value: float, answers: float, scale: Scale | None, confidence: float) -> Limits:
    """Bound a mean that only equal answers speak for, where t would claim certainty.

    Others may answer otherwise: at most the share that Clopper-Pearson allows after none of n,
    and at worst at the ends of the scale. One answer tells nothing: the whole scale.
    """
    if scale is None:
        return None, None, CANNOT_TELL
    low, high = scale
    if answers <= 1:
        return low, high, "whole scale"
    _, others = intervals.clopper_pearson_interval(0, answers, confidence=confidence)
    return value - others * (value - low), value + others * (high - value), "equal answers"


def _weighted_share(table: HistogramTable, is_chosen: NDArray[np.bool_]) -> Floats:
    chosen = table.sum_by_group(np.where(is_chosen, table.weights, 0.0))
    return _divide(chosen, table.sum_by_group(table.weights))


def _divide(amount: Floats, by: Floats) -> Floats:
    return np.divide(amount, by, out=np.zeros_like(by), where=by > 0)


def _highest_by_group(table: HistogramTable, sign: float = 1.0) -> Floats:
    highest = np.full(len(table.groups), -np.inf)
    np.maximum.at(highest, table.group_index, sign * table.values)
    return highest


def _make_scores(
    table: HistogramTable,
    spread: Spread,
    name: str,
    unit: str,
    confidence: float,
    estimates: Floats,
    limits: Sequence[Limits],
) -> tuple[Score, ...]:
    counts = [None] * len(limits) if spread.counts is None else spread.counts.astype(int).tolist()
    rows = zip(
        table.groups,
        np.round(table.sum_by_group(table.answers)).astype(np.int64).tolist(),
        np.round(table.missing).astype(np.int64).tolist(),
        spread.effective.tolist(),
        counts,
        estimates.tolist(),
        limits,
        strict=True,
    )
    return tuple(_make_score(name, unit, confidence, *row) for row in rows)


def _make_score(
    name: str,
    unit: str,
    confidence: float,
    group: Hashable,
    answers: int,
    missing: int,
    effective_answers: float,
    clusters: int | None,
    estimate: float,
    limits: Limits,
) -> Score:
    """Make a score by its dictionary: thousands of groups are three times as quick so."""
    low, high, method = limits if answers and clusters != 1 else (None, None, CANNOT_TELL)
    if clusters is not None:
        method += describe_clusters(clusters)
    elif effective_answers != answers:
        method += ", Kish effective n"
    score = object.__new__(Score)
    attributes = {
        "name": name,
        "estimate": estimate if answers else None,
        "low": low,
        "high": high,
        "answers": answers,
        "missing": missing,
        "effective_answers": effective_answers,
        "method": method,
        "confidence": confidence,
        "unit": unit,
        "group": group,
        "clusters": clusters,
    }
    object.__setattr__(score, "__dict__", attributes)
    return score
