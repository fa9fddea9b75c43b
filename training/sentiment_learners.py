"""What the sentiment weights are learnt by: three linear learners on the same hashed features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import Ridge
from sklearn.svm import LinearSVC

from kokemus.comments.calibration import Calibration
from kokemus.comments.sentiment_features import (
    BUCKETS,
    CHARACTER_BUCKETS,
    SHAPES,
    count_features,
    join_features,
)
from kokemus.comments.sentiment_weights import Weights
from training.sentiment_texts import Example

RARE_BELOW = {"fi": 3, "sv": 2, "en": 2}
SPREAD = {"fi": 1, "sv": 2, "en": 2}
"""How many buckets share one where there is less to learn from."""
SHARES = {"machine": 0.35, "odds": 0.4, "ridge": 0.25}
Matrix = NDArray[np.float64]


def learn_weights(examples: Sequence[Example], *, language: str) -> Weights:
    """Learn the log odds of negative and positive against neutral, uncalibrated.

    Three linear learners on the same features are added up: a support vector machine, another
    whose features are weighed by their log odds in the class (NB-SVM, Wang and Manning 2012),
    and a ridge regression on the shares of annotators. Texts that only know poles (`is_polar`)
    teach a machine of their own, whose margin the three get as one more feature.
    """
    table = prepare(examples, language=language)
    machine, odds, ridge = _machine(table), _odds(table), _ridge(table)
    learnt = [(machine, SHARES["machine"]), (odds, SHARES["odds"]), (ridge, SHARES["ridge"])]
    total = sum(share * head / _deviation(table, head) for head, share in learnt)
    return _collapse(total, table)


def with_line(weights: Weights, line: Calibration) -> Weights:
    """The weights with a calibration taken into them."""
    slopes, shifts = np.array(line.slopes, np.float32), np.array(line.shifts, np.float32)
    return Weights(
        rarity=weights.rarity,
        weights=weights.weights * slopes,
        shapes=weights.shapes * slopes,
        bias=weights.bias * slopes + shifts,
        certain=weights.certain if line.certain is None else line.certain,
    )


@dataclass(frozen=True)
class Table:
    """What is learnt from: features of each text scaled to length one, and what it should say.

    `dense` holds the shapes, whether the text is feedback, and the margin of the poles' machine.
    """

    features: sparse.csr_matrix
    dense: Matrix
    classes: NDArray[np.int64]
    shares: Matrix
    sizes: Matrix
    rarity: NDArray[np.float32]
    poles: Matrix
    spread: int

    def both(self, scale: Matrix | None = None) -> sparse.csr_matrix:
        features = self.features if scale is None else self.features @ sparse.diags(scale)
        return sparse.hstack([features, sparse.csr_matrix(self.dense)]).tocsr()


def prepare(examples: Sequence[Example], *, language: str) -> Table:
    counted, shapes = count_table([example.text for example in examples], SPREAD[language])
    often = np.bincount(counted.indices, minlength=counted.shape[1])
    rarity = np.log((1 + len(examples)) / (1 + often)) + 1
    rarity = np.where(often >= RARE_BELOW[language], rarity, 0.0).astype(np.float32)
    features = scale_table(counted, rarity)
    polar = np.array([example.is_polar for example in examples])
    classes = np.array([example.label for example in examples])
    sizes = np.array([example.size for example in examples])
    poles = np.zeros(features.shape[1])
    if polar.any():
        machine = LinearSVC(C=0.1, class_weight="balanced", random_state=0)
        machine.fit(features[polar], classes[polar], sample_weight=sizes[polar])
        poles = machine.coef_[0]
    kept = np.flatnonzero(~polar)
    feedback = np.array([example.is_feedback for example in examples], float)
    dense = np.column_stack([shapes, feedback, features @ poles])[kept]
    shares = np.array([examples[row].shares for row in kept])
    return Table(
        features=features[kept],
        dense=dense,
        classes=classes[kept],
        shares=shares,
        sizes=sizes[kept],
        rarity=rarity,
        poles=poles,
        spread=SPREAD[language],
    )


def count_table(texts: Sequence[str], spread: int) -> tuple[sparse.csr_matrix, Matrix]:
    """Counts of every feature of every text, and the texts' shapes."""
    found = join_features(count_features(texts))
    place = (found.documents, found.buckets // spread)
    size = (len(texts), BUCKETS // spread)
    return sparse.csr_matrix((found.counts.astype(float), place), shape=size), found.shapes


def scale_table(counted: sparse.csr_matrix, rarity: NDArray[np.float32]) -> sparse.csr_matrix:
    """`(1 + log count) * rarity`, of length one in each text and each of the two tables."""
    table = counted.tocoo()
    kept = rarity[table.col] > 0
    rows, columns = table.row[kept], table.col[kept]
    values = (1 + np.log(table.data[kept])) * rarity[columns]
    edge = CHARACTER_BUCKETS * counted.shape[1] // BUCKETS
    part = rows * 2 + (columns >= edge)
    lengths = np.sqrt(np.bincount(part, values * values, 2 * counted.shape[0]))
    return sparse.csr_matrix((values / lengths[part], (rows, columns)), shape=counted.shape)


def _machine(table: Table) -> Matrix:
    learner = LinearSVC(C=0.2, class_weight="balanced", random_state=0)
    learner.fit(table.both(), table.classes, sample_weight=table.sizes)
    return _with_bias(learner.coef_, learner.intercept_)


def _odds(table: Table) -> Matrix:
    heads = []
    for label in (0, 1, 2):
        within = table.classes == label
        inside = np.asarray(table.features[within].sum(axis=0)).ravel() + 0.05
        outside = np.asarray(table.features[~within].sum(axis=0)).ravel() + 0.05
        odds = np.log((inside / inside.sum()) / (outside / outside.sum()))
        scale = np.abs(odds) * 0.8 + 0.2
        learner = LinearSVC(C=0.1, class_weight="balanced", random_state=0)
        learner.fit(table.both(scale), within, sample_weight=table.sizes)
        head = _with_bias(learner.coef_, learner.intercept_)[0]
        head[: len(scale)] *= scale
        heads.append(head)
    return np.stack(heads)


def _ridge(table: Table) -> Matrix:
    mean = np.average(table.shares, axis=0, weights=table.sizes)
    learner = Ridge(alpha=1.0, solver="sparse_cg", tol=1e-3, fit_intercept=False)
    learner.fit(table.both(), table.shares - mean, sample_weight=table.sizes)
    return _with_bias(learner.coef_, mean)


def _with_bias(weights: Matrix, bias: Matrix) -> Matrix:
    return np.column_stack([weights, bias])


def _margins(table: Table, head: Matrix) -> Matrix:
    margins: Matrix = table.both() @ head[:, :-1].T + head[:, -1]
    return margins


def _deviation(table: Table, head: Matrix) -> float:
    return float(_margins(table, head).std())


def _collapse(head: Matrix, table: Table) -> Weights:
    """Take the dense columns into weights and bias; what is read is feedback."""
    against = np.stack([head[0] - head[1], head[2] - head[1]], axis=1)
    width = table.features.shape[1]
    shapes, feedback, poles, bias = np.split(
        against[width:], [SHAPES, SHAPES + 1, SHAPES + 2], axis=0
    )
    weights = against[:width] + table.poles[:, None] * poles
    weights[table.rarity == 0] = 0
    return Weights(
        rarity=np.repeat(table.rarity, table.spread),
        weights=np.repeat(weights.astype(np.float32), table.spread, axis=0),
        shapes=shapes.astype(np.float32),
        bias=(feedback[0] + bias[0]).astype(np.float32),
        certain=0.6,
    )
