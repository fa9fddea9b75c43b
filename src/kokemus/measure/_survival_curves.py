"""From the counts of one class to its curve, and to the area under it."""

import math
from dataclasses import dataclass

import numpy as np

from kokemus.measure._risk_sets import GroupCounts
from kokemus.measure._survival_results import SurvivalCurve
from kokemus.measure.histograms import Floats
from kokemus.measure.results import Estimate

METHODS = ("log-log", "log", "plain")
EQUAL = 1e-12  # shares closer than this are the same


@dataclass(frozen=True)
class Weighed:
    """A sum along a curve: its value, standard error and limits; None where it cannot be told."""

    value: float | None
    error: float | None
    low: float | None
    high: float | None

    @property
    def estimate(self) -> Estimate:
        return Estimate(self.value, self.low, self.high)


def weigh_to(each: GroupCounts, limit: float, confidence: float) -> Weighed:
    """Area under the curve up to a time: the mean time that people stay until then."""
    edges = np.concatenate([[0.0], np.minimum(each.times, limit), [limit]])
    return weigh_curve(each, np.diff(edges), limit, confidence)


def weigh_curve(each: GroupCounts, weights: Floats, until: float, confidence: float) -> Weighed:
    """Sum weights times the share that stays: before the first time, and after each.

    The error is Greenwood's. The limits are made on the logit scale between 0 and the sum of the
    weights, where the sum is closer to normal. Past the last look nothing can be told.
    """
    survival = np.cumprod(1 - each.events / each.at_risk)
    if each.end < until and not (len(survival) and survival[-1] <= 0):
        return Weighed(None, None, None, None)
    pieces = weights * np.concatenate([[1.0], survival])
    value, highest = float(pieces.sum()), float(weights.sum())
    tails = np.asarray(pieces[:0:-1].cumsum()[::-1])
    left = each.at_risk - each.events
    hazard = np.divide(each.events, each.at_risk * left, out=np.zeros_like(left), where=left > 0)
    error = math.sqrt(float(tails**2 @ hazard))
    if error > 0 and 0 < value < highest:
        low, high = _limit_sum(value / highest, error / highest, normal_quantile(confidence))
        return Weighed(value, error, highest * low, highest * high)
    followed = each.at_risk[tails > 0]
    if value < highest or not len(followed):
        return Weighed(value, None, None, None)
    stays = _none_lost(float(followed.min()), confidence)
    return Weighed(value, None, highest * stays, highest)


def _limit_sum(share: float, error: float, z: float) -> tuple[float, float]:
    middle, spread = math.log(share / (1 - share)), z * error / (share * (1 - share))
    return 1 / (1 + math.exp(spread - middle)), 1 / (1 + math.exp(-spread - middle))


def _none_lost(at_risk: float, confidence: float) -> float:
    """Clopper and Pearson's low limit of the share that stays, where none of so many was lost."""
    return float(((1 - confidence) / 2) ** (1 / at_risk))


def normal_quantile(confidence: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))


def draw_curve(each: GroupCounts, *, confidence: float, method: str) -> SurvivalCurve:
    survival = np.cumprod(1 - each.events / each.at_risk)
    left = each.at_risk - each.events
    hazard = np.divide(each.events, each.at_risk * left, out=np.zeros_like(left), where=left > 0)
    spread = np.sqrt(np.cumsum(hazard))
    limits = [
        _limit_share(*row, normal_quantile(confidence), confidence, method)
        for row in zip(survival.tolist(), spread.tolist(), each.at_risk.tolist(), strict=True)
    ]
    low = tuple(limit[0] for limit in limits)
    high = tuple(limit[1] for limit in limits)
    times = tuple(each.times.tolist())
    return SurvivalCurve(
        group=each.group,
        times=times,
        survival=tuple(survival.tolist()),
        standard_errors=tuple((survival * spread).tolist()),
        low=low,
        high=high,
        at_risk=tuple(each.at_risk.round().astype(int).tolist()),
        events=tuple(each.events.round().astype(int).tolist()),
        end=each.end,
        rows=each.rows,
        median=Estimate(
            _time_of_half(times, tuple(survival.tolist())),
            _first_below_half(times, low),
            _first_below_half(times, high),
        ),
        method=method,
        confidence=confidence,
    )


def _limit_share(
    share: float, spread: float, at_risk: float, z: float, confidence: float, method: str
) -> tuple[float | None, float | None]:
    if share == 1:
        return _none_lost(at_risk, confidence), 1.0
    if share <= 0:
        return None, None
    if method == "log-log":
        power = z * spread / abs(math.log(share))
        return share ** math.exp(power), share ** math.exp(-power)
    if method == "log":
        return share * math.exp(-z * spread), min(share * math.exp(z * spread), 1.0)
    return max(share - z * share * spread, 0.0), min(share + z * share * spread, 1.0)


def _time_of_half(times: tuple[float, ...], survival: tuple[float, ...]) -> float | None:
    """When half are lost; where the curve is flat at one half, the middle of that stretch."""
    below = [
        (time, share) for time, share in zip(times, survival, strict=True) if share < 0.5 + EQUAL
    ]
    if not below:
        return None
    first, share = below[0]
    further = [time for time, next_share in below if next_share < share - EQUAL]
    is_flat = abs(share - 0.5) < EQUAL and bool(further)
    return (first + further[0]) / 2 if is_flat else first


def _first_below_half(times: tuple[float, ...], limits: tuple[float | None, ...]) -> float | None:
    return next(
        (t for t, limit in zip(times, limits, strict=True) if limit is not None and limit <= 0.5),
        None,
    )
