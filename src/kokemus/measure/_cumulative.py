"""The proportional-odds model from a table of counts, by Newton's method."""

from typing import NamedTuple

import numpy as np

from kokemus.measure.histograms import Floats

STEPS_MAX = 60
EFFECT_MAX = 20.0  # log odds; beyond it a level is all in one end, and there is no estimate
TOLERANCE = 1e-10


class CumulativeFit(NamedTuple):
    """Thresholds, then effects; their covariance; None where the counts carry no estimate."""

    parameters: Floats | None
    covariance: Floats | None
    log_likelihood: float


def fit_cumulative(counts: Floats, design: Floats) -> CumulativeFit:
    """Fit logit P(Y <= j) = threshold_j - design @ effect by maximum likelihood.

    Parameters
    ----------
    counts : array (rows, categories)
        No empty category.
    design : array (rows, effects)
    """
    cuts = counts.shape[1] - 1
    below = np.cumsum(counts.sum(0))[:-1] / counts.sum()
    at = np.concatenate([np.log(below / (1 - below)), np.zeros(design.shape[1])])
    value = _log_likelihood(at, counts, design)
    for _ in range(STEPS_MAX):
        gradient, information = _slopes(at, counts, design)
        if np.linalg.cond(information) > 1e13:
            return CumulativeFit(None, None, value)
        step = np.linalg.solve(information, gradient).astype(np.float64)
        at, value, gained = _climb(at, step, value, counts, design)
        if np.abs(at[cuts:]).max(initial=0) > EFFECT_MAX:
            return CumulativeFit(None, None, value)
        if np.abs(step).max() < TOLERANCE or not gained:
            break
    _, information = _slopes(at, counts, design)
    return CumulativeFit(at, np.linalg.inv(information).astype(np.float64), value)


def _climb(
    at: Floats, step: Floats, value: float, counts: Floats, design: Floats
) -> tuple[Floats, float, bool]:
    """Take the step, halved until the likelihood does not fall."""
    for halving in range(30):
        new = at + step / 2**halving
        reached = _log_likelihood(new, counts, design)
        if reached >= value - 1e-12 * abs(value):
            return new, reached, True
    return at, value, False


def _cumulate(at: Floats, counts: Floats, design: Floats) -> Floats:
    """Return the chances of being at or below each threshold, rows by cuts."""
    from scipy.special import expit

    cuts = counts.shape[1] - 1
    return np.asarray(expit(at[:cuts] - (design @ at[cuts:])[:, None]))


def _shares(below: Floats) -> Floats:
    return np.diff(below, axis=1, prepend=0.0, append=1.0)


def _log_likelihood(at: Floats, counts: Floats, design: Floats) -> float:
    shares = _shares(_cumulate(at, counts, design))
    if (shares[counts > 0] <= 0).any():
        return -np.inf
    return float((counts[counts > 0] * np.log(shares[counts > 0])).sum())


def _slopes(at: Floats, counts: Floats, design: Floats) -> tuple[Floats, Floats]:
    """Return the gradient, and the observed information, of thresholds and effects."""
    below = _cumulate(at, counts, design)
    density = below * (1 - below)
    curve = density * (1 - 2 * below)
    shares = np.maximum(_shares(below), 1e-300)
    ratio = counts / shares
    pull = ratio[:, :-1] - ratio[:, 1:]
    cuts, size = below.shape[1], len(at)
    gradient, information = np.zeros(size), np.zeros((size, size))
    for row, features in enumerate(design):
        towards = np.hstack([np.eye(cuts), np.tile(-features, (cuts, 1))])
        gradient += (density[row] * pull[row]) @ towards
        change = density[row][:, None] * towards
        moved = np.vstack([change, np.zeros(size)]) - np.vstack([np.zeros(size), change])
        weight = ratio[row] / shares[row]
        information += moved.T @ (weight[:, None] * moved)
        information -= towards.T @ ((curve[row] * pull[row])[:, None] * towards)
    return gradient, information
