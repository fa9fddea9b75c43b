"""Fit what a reading means to an organisation's own scores: few comments move it little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Whole = NDArray[np.int64]
LABELS = ("negative", "neutral", "positive")
CERTAIN_SHARE = 0.9
"""Of the readings that are not unsure, so many are right on the comments they were fitted on."""

_SLOPE_SPREAD = 0.35
_SHIFT_SPREAD = 1.0
_FEWEST_FOR_BOUND = 30


class UnknownLabel(ValueError):
    """A label is none of negative, neutral and positive."""


@dataclass(frozen=True)
class Calibration:
    """A straight line for each of the two log odds, of negative and of positive.

    The slopes are above zero, so the order of comments by either stays as it was.
    `certain` is the probability from which a reading is not unsure; None leaves it as shipped.
    """

    slopes: tuple[float, float] = (1.0, 1.0)
    shifts: tuple[float, float] = (0.0, 0.0)
    certain: float | None = None

    def apply(self, log_odds: Matrix) -> Matrix:
        """The log odds as this calibration has them."""
        found: Matrix = log_odds * np.array(self.slopes) + np.array(self.shifts)
        return found


def fit_calibration(log_odds: Matrix, labels: Sequence[str]) -> Calibration:
    """Fit to rated comments by maximum likelihood with a prior at "as shipped".

    The prior weighs as much as some ten comments, so five ratings change little and a hundred
    decide.
    """
    from scipy.optimize import minimize  # reading does without: it takes 25 MB

    classes = class_numbers(labels)

    def loss(point: Matrix) -> float:
        shares = probabilities(log_odds * np.exp(point[:2]) + point[2:])
        missed = -np.log(np.maximum(shares[np.arange(len(classes)), classes], 1e-12)).sum()
        prior = (point[:2] / _SLOPE_SPREAD) ** 2 + (point[2:] / _SHIFT_SPREAD) ** 2
        return float(missed + prior.sum() / 2)

    found = minimize(loss, np.zeros(4), method="L-BFGS-B", bounds=[(-2, 2)] * 2 + [(-5, 5)] * 2)
    slopes, shifts = np.exp(found.x[:2]).tolist(), found.x[2:].tolist()
    fitted = Calibration((slopes[0], slopes[1]), (shifts[0], shifts[1]))
    bound = certain_bound(probabilities(fitted.apply(log_odds)), classes)
    return Calibration(fitted.slopes, fitted.shifts, bound)


def probabilities(log_odds: Matrix) -> Matrix:
    """Probabilities of negative, neutral, positive from the two log odds against neutral."""
    three = np.insert(np.clip(log_odds, -30, 30), 1, 0.0, axis=1)
    raised = np.exp(three - three.max(axis=1, keepdims=True))
    shares: Matrix = raised / raised.sum(axis=1, keepdims=True)
    return shares


def certain_bound(shares: Matrix, classes: Whole) -> float | None:
    """The least probability above which nine readings of ten are right; None if too few tell."""
    if len(classes) < _FEWEST_FOR_BOUND:
        return None
    best = shares.max(axis=1)
    order = np.argsort(-best, kind="stable")
    right = np.cumsum(shares.argmax(axis=1)[order] == classes[order])
    held = right >= CERTAIN_SHARE * np.arange(1, len(order) + 1)
    enough = np.flatnonzero(held[_FEWEST_FOR_BOUND // 3 :])
    if not len(enough):
        return 0.95
    return float(np.clip(best[order[enough[-1] + _FEWEST_FOR_BOUND // 3]], 0.4, 0.95))


def class_numbers(labels: Sequence[str]) -> Whole:
    """The place of each label in `LABELS`."""
    for label in labels:
        if label not in LABELS:
            raise UnknownLabel(f"{label!r} is not a label; use {', '.join(LABELS)}.")
    return np.array([LABELS.index(label) for label in labels], np.int64)
