"""The weights of Finnish talk that is no feedback, and the cut points that they are read at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from kokemus.comments.calibration import Calibration, certain_bound, probabilities
from kokemus.comments.sentiment_weights import Weights
from training.sentiment_learners import learn_weights, with_line
from training.sentiment_texts import Example

LANGUAGE = "fi"
FOLDS = 5
ACCURACY_MIN = 0.81
MARGIN = 0.0015
_SHIFTS = np.arange(-0.4, 0.81, 0.04)
Matrix = NDArray[np.float64]
Whole = NDArray[np.int64]


def learn_talk(examples: Sequence[Example]) -> Weights:
    """Learn from sentences of a forum and lines of films, with the line of the forum's folds."""
    weights = learn_weights(examples, language=LANGUAGE)
    _, classes = forum_folds(examples)
    return with_line(weights, fit_cuts(read_by_folds(examples), classes))


def read_by_folds(examples: Sequence[Example]) -> Matrix:
    """Log odds of each sentence of the forum, by weights that were not taught its fold."""
    forum = [example for example in examples if example.fold]
    folds, _ = forum_folds(examples)
    log_odds = np.zeros((len(forum), 2))
    for fold in range(FOLDS):
        seen = [each for each in examples if not each.fold or each.fold % FOLDS != fold]
        weights = learn_weights(seen, language=LANGUAGE)
        held = np.flatnonzero(folds == fold)
        log_odds[held] = weights.log_odds([forum[row].text for row in held])
    return log_odds


def forum_folds(examples: Sequence[Example]) -> tuple[Whole, Whole]:
    """The fold and the class of each sentence of the forum."""
    forum = [example for example in examples if example.fold]
    folds = np.array([example.fold % FOLDS for example in forum])
    return folds, np.array([example.label for example in forum])


def fit_cuts(log_odds: Matrix, classes: Whole) -> Calibration:
    """The line under which what is read falls at the best cut points.

    These fix where each of the two log odds is zero. What is left is one slope, the same for
    both: that under which the probabilities surprise least.
    """
    mean, spread = float(log_odds.mean()), float(log_odds.std())
    cuts = best_cuts((log_odds - mean) / spread, classes)
    above = (log_odds - mean) / spread - np.array(cuts)

    def surprise(power: float) -> float:
        shares = probabilities(above * np.exp(power))
        return float(-np.log(np.maximum(shares[np.arange(len(classes)), classes], 1e-12)).mean())

    slope = float(np.exp(minimize_scalar(surprise, bounds=(-3, 3), method="bounded").x))
    low, high = (-slope * (mean / spread + cut) for cut in cuts)
    bound = certain_bound(probabilities(above * slope), classes)
    return Calibration((slope / spread, slope / spread), (low, high), bound)


def best_cuts(log_odds: Matrix, classes: Whole) -> tuple[float, float]:
    """The cut points of best macro-F1 among those that keep the accuracy."""
    starts = [float(np.quantile(log_odds[:, side], 0.8)) for side in (0, 1)]
    tried = []
    for low, high in product(_SHIFTS, _SHIFTS):
        cuts = (starts[0] + float(low), starts[1] + float(high))
        read = labels_at(log_odds, cuts)
        accuracy = float((read == classes).mean())
        tried.append((accuracy >= ACCURACY_MIN + MARGIN, macro_f1(read, classes), cuts))
    return max(tried)[2]


def labels_at(log_odds: Matrix, cuts: tuple[float, float]) -> Whole:
    above = log_odds - np.array(cuts)
    columns = [above[:, 0], np.zeros(len(above)), above[:, 1]]
    return np.stack(columns, axis=1).argmax(axis=1)


def macro_f1(read: Whole, classes: Whole) -> float:
    each = [
        2 * ((read == x) & (classes == x)).sum() / max(1, (read == x).sum() + (classes == x).sum())
        for x in range(3)
    ]
    return float(np.mean(each))
