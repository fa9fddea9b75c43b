"""The likelihood of losses by period and class, each period with its own level."""

import numpy as np
from numpy.typing import NDArray

from kokemus.measure._partial_likelihood import STEP_MAX, STEPS_MAX, Fit
from kokemus.measure._risk_sets import RiskSets
from kokemus.measure.histograms import Floats, Indices

LINKS = ("cloglog", "logit")
CLOSE = 1e-11


def fit_periods(sets: RiskSets, columns: Indices, link: str) -> Fit:
    """Fit the effects of some classes beside the first of them, by Fisher's scoring.

    The levels of the periods are eliminated at each step, so the cost grows with their number,
    not with its cube.
    """
    at_risk, events = sets.at_risk[:, columns], sets.events[:, columns]
    total, lost = at_risk.sum(axis=1), events.sum(axis=1)
    tells = (lost > 0) & (lost < total)
    at_risk, events = at_risk[tells], events[tells]
    levels = _link(lost[tells] / total[tells], link)
    effects = np.zeros(len(columns))
    value = _log_likelihood(levels, effects, at_risk, events, link)
    for _ in range(STEPS_MAX):
        step_levels, step = _step(levels, effects, at_risk, events, link)
        size = float(np.abs(np.concatenate([step_levels, step, [0.0]])).max())
        scale = min(1.0, STEP_MAX / max(size, STEP_MAX))
        while True:
            nearer = levels + scale * step_levels, effects + scale * step
            new = _log_likelihood(*nearer, at_risk, events, link)
            if new >= value - 1e-9 * abs(value):
                break
            scale /= 2
        (levels, effects), value = nearer, new
        if size < CLOSE:
            break
    covariance = np.zeros((len(columns), len(columns)))
    covariance[1:, 1:] = np.linalg.inv(_information(levels, effects, at_risk, link)[2])
    return Fit(effects, covariance, value)


def _step(
    levels: Floats, effects: Floats, at_risk: Floats, events: Floats, link: str
) -> tuple[Floats, Floats]:
    hazard, slope = _hazard(levels, effects, link)
    score = (events - at_risk * hazard) * slope / (hazard * (1 - hazard))
    weight, by_period, information = _information(levels, effects, at_risk, link)
    of_levels, of_effects = score.sum(axis=1), score.sum(axis=0)
    left = (of_effects - weight.T @ (of_levels / by_period))[1:]
    step = np.zeros(len(effects))
    step[1:] = np.linalg.solve(information, left)
    return (of_levels - weight @ step) / by_period, step


def _information(
    levels: Floats, effects: Floats, at_risk: Floats, link: str
) -> tuple[Floats, Floats, Floats]:
    """Weights by period and class, their sum by period, and what is left for the effects."""
    hazard, slope = _hazard(levels, effects, link)
    weight = at_risk * slope**2 / (hazard * (1 - hazard))
    by_period = weight.sum(axis=1)
    left = np.diag(weight.sum(axis=0)) - weight.T @ (weight / by_period[:, None])
    return weight, by_period, left[1:, 1:]


def _hazard(levels: Floats, effects: Floats, link: str) -> tuple[Floats, Floats]:
    """Share lost in the period, and how fast it grows with the predictor."""
    predictor = np.clip(levels[:, None] + effects, -30.0, 3.3 if link == "cloglog" else 30.0)
    if link == "cloglog":
        rate = np.exp(predictor)
        return -np.expm1(-rate), rate * np.exp(-rate)
    hazard = 1 / (1 + np.exp(-predictor))
    return hazard, hazard * (1 - hazard)


def _link(share: Floats, link: str) -> Floats:
    if link == "cloglog":
        return np.asarray(np.log(-np.log1p(-share)))
    return np.asarray(np.log(share / (1 - share)))


def _log_likelihood(
    levels: Floats, effects: Floats, at_risk: Floats, events: Floats, link: str
) -> float:
    hazard, _ = _hazard(levels, effects, link)
    return float((events * np.log(hazard) + (at_risk - events) * np.log1p(-hazard)).sum())


def compared_by_period(sets: RiskSets) -> NDArray[np.bool_]:
    """Say for each pair whether one of the first was lost in a period that one of the other
    stayed through.
    """
    stayed = (sets.at_risk > sets.events).astype(float)
    return np.asarray((sets.events > 0).astype(float).T @ stayed > 0)
