"""From a table of histograms to scores; every group at once."""

import math
from collections.abc import Hashable, Sequence
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from kokemus.measure import intervals
from kokemus.measure._frame import IntoFrame, histogram, tally_classes
from kokemus.measure.histograms import Floats, Histogram, HistogramTable, table_from_mapping
from kokemus.measure.results import Score, Scores

NPS_SCALE = (0, 10)
DETRACTOR_MAX = 6
PROMOTER_MIN = 9
CANNOT_TELL = "cannot tell"
By = str | Sequence[str]
Scale = tuple[float, float]
Limits = tuple[float | None, float | None, str]


class Options(TypedDict, total=False):
    """What every score takes beside the columns."""

    weight: str | None
    count: str | None
    missing: Sequence[float]
    confidence: float


def read_classes(
    frame: IntoFrame,
    *,
    score: str,
    by: By | None,
    weight: str | None,
    count: str | None,
    missing: Sequence[float],
    scale: Scale,
    cuts: Sequence[float],
) -> HistogramTable:
    """Count the answers below and above the cuts, or each answer where it takes more than that."""
    is_plain = weight is None and count is None and all(float(end).is_integer() for end in scale)
    if is_plain and scale[0] < cuts[0]:
        classes = tally_classes(frame, score=score, by=by, missing=missing, scale=scale, cuts=cuts)
        if classes is not None:
            return classes
    return histogram(frame, score=score, by=by, weight=weight, count=count).without(missing)


def read_mapping(histogram: Histogram, missing: Sequence[float]) -> HistogramTable:
    return table_from_mapping(histogram).without(missing)


def shape(found: tuple[Score, ...], by: By | None) -> Score | Scores:
    """One score without groups, a sequence with them."""
    return found[0] if by is None else Scores(found)


def score_nps(table: HistogramTable, *, confidence: float, method: str) -> tuple[Score, ...]:
    table.check_scale(*NPS_SCALE, is_whole=True)
    down = _weighted_share(table, table.values <= DETRACTOR_MAX)
    up = _weighted_share(table, table.values >= PROMOTER_MIN)
    worth = np.maximum(table.effective_answers, 1.0)  # a group of none has no limits anyway
    between = np.maximum(1 - down - up, 0.0)
    low, high = intervals.nps_limits(
        down * worth, between * worth, up * worth, confidence=confidence, method=method
    )
    limits = [(*pair, method) for pair in zip(low.tolist(), high.tolist(), strict=True)]
    estimates = 100 * (up - down)
    return _make_scores(table, "NPS", "points", confidence, estimates, limits)


def score_share(
    table: HistogramTable,
    name: str,
    *,
    scale: Scale,
    box: int,
    confidence: float,
    method: str,
) -> tuple[Score, ...]:
    """Score the percent of answers among the `box` highest whole numbers of the scale."""
    low, high = scale
    if not 0 < box <= high - low:
        raise ValueError(f"box must be 1 to {high - low:g} on a scale {low:g} to {high:g}: {box}")
    table.check_scale(low, high, is_whole=True)
    shares = _weighted_share(table, table.values > high - box)
    worth = table.effective_answers
    limits = [
        _limit_share(float(share * n), float(n), confidence, method)
        for share, n in zip(shares, worth, strict=True)
    ]
    return _make_scores(table, name, "percent", confidence, 100 * shares, limits)


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
    limits = []
    for place, answers in enumerate(table.effective_answers.tolist()):
        if lowest[place] == highest[place]:
            means[place] = lowest[place]
            limits.append(_limit_equal(lowest[place], answers, scale, confidence))
        else:
            limits.append(_limit_mean(means[place], spreads[place], answers, scale, confidence))
    return _make_scores(table, name, "scale", confidence, means, limits)


def _limit_mean(
    mean: float, spread: float, answers: float, scale: Scale | None, confidence: float
) -> Limits:
    """Give the t limits, kept on the scale; spread is the variance with divisor n."""
    if answers <= 1:
        return None, None, CANNOT_TELL
    deviation = math.sqrt(spread * answers / (answers - 1))
    low, high = intervals.mean_interval(mean, deviation, answers, confidence=confidence)
    if scale:
        low, high = max(low, scale[0]), min(high, scale[1])
    return low, high, "t"


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
    name: str,
    unit: str,
    confidence: float,
    estimates: Floats,
    limits: Sequence[Limits],
) -> tuple[Score, ...]:
    common = {"name": name, "confidence": confidence, "unit": unit}
    rows = zip(
        table.groups,
        np.round(table.sum_by_group(table.answers)).astype(np.int64).tolist(),
        np.round(table.missing).astype(np.int64).tolist(),
        table.effective_answers.tolist(),
        estimates.tolist(),
        limits,
        strict=True,
    )
    return tuple(_make_score(common, *row) for row in rows)


def _make_score(
    common: dict[str, Any],
    group: Hashable,
    answers: int,
    missing: int,
    effective_answers: float,
    estimate: float,
    limits: Limits,
) -> Score:
    """Make a score by its dictionary: thousands of groups are three times as quick so."""
    low, high, method = limits if answers else (None, None, CANNOT_TELL)
    score = object.__new__(Score)
    vars(score).update(
        common,
        estimate=estimate if answers else None,
        low=low,
        high=high,
        answers=answers,
        missing=missing,
        effective_answers=effective_answers,
        method=method if effective_answers == answers else f"{method}, Kish effective n",
        group=group,
    )
    return score
