"""Logistic regression that starts from log odds given, for few examples and many features."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

Floats = NDArray[np.float64]


class Fit(NamedTuple):
    """Weights of the columns, and the start that is added to every row."""

    weights: Floats
    start: float


class Axes(NamedTuple):
    """Rows turned onto as many axes as there are rows, and how weights are turned back.

    With fewer rows than columns this loses nothing: a ridge keeps the weights within what the
    rows span. It makes the many fits of a cross-validation small.
    """

    rows: Floats
    back: Any

    def weights_of(self, weights: Floats) -> Floats:
        """Weights of the columns from weights of the axes."""
        return np.asarray(self.back @ weights)


def turn_onto_axes(rows: Any) -> Axes:
    """Find the axes by the eigenvectors of the rows' products."""
    products = rows @ rows.T
    dense = products.toarray() if hasattr(products, "toarray") else products
    lengths, vectors = np.linalg.eigh(np.asarray(dense, dtype=float))
    kept = lengths > max(float(lengths[-1]), 1.0) * 1e-9
    scale = np.sqrt(lengths[kept])
    vectors = vectors[:, kept]
    return Axes(vectors * scale, rows.T @ (vectors / scale))


def fit_logistic(
    rows: Floats,
    is_yes: NDArray[np.bool_],
    *,
    offset: Floats,
    counts: Floats,
    penalty: float,
    has_start: bool,
) -> Fit:
    """Fit by L-BFGS with a ridge; the same data give the same weights.

    Parameters
    ----------
    rows
        Rows × columns.
    offset
        Log odds that each row begins with.
    counts
        How much each row counts.
    penalty
        Half of it times the squared length of the weights is added to the loss.
    has_start
        Whether a start common to all rows is fitted; without it, it is 0.
    """
    signs = np.where(is_yes, 1.0, -1.0)
    columns = rows.shape[1]

    def loss(point: Floats) -> tuple[float, Floats]:
        weights, start = point[:columns], point[columns]
        margins = signs * (offset + rows @ weights + (start if has_start else 0.0))
        value = float(counts @ np.logaddexp(0.0, -margins)) + penalty / 2 * float(weights @ weights)
        pull = -counts * signs * expit(-margins)
        slope = np.append(rows.T @ pull + penalty * weights, pull.sum() if has_start else 0.0)
        return value, slope

    options = {"maxiter": 200, "ftol": 1e-9, "gtol": 1e-5}
    found = minimize(loss, np.zeros(columns + 1), jac=True, method="L-BFGS-B", options=options)
    return Fit(np.asarray(found.x[:columns]), float(found.x[columns]) if has_start else 0.0)
