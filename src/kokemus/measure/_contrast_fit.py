"""The fit of an outcome on dummies from its Gram, and what clusters make of its variance."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kokemus.measure._frame import GramTable
from kokemus.measure.histograms import Floats

EIGENVALUE_MIN = 1e-10


@dataclass(frozen=True)
class Fit:
    """Coefficients of [1, dummies], the inverse of their Gram, and their covariance matrix."""

    coefficients: Floats
    inverse: Floats
    covariance: Floats
    is_told: NDArray[np.bool_]
    r_squared: float | None
    degrees: float


def uncentre(products: Floats, centre: Floats) -> Floats:
    """Turn products around the centre into products around 0 for the dummies, not the outcome."""
    shift = np.eye(len(products))
    shift[1:-1, 0] = centre[:-1]
    return np.asarray(shift @ products @ shift.T)


def fit_gram(products: Floats, answers: int, *, outcome_centre: float = 0.0) -> Fit | None:
    inner, toward = products[:-1, :-1], products[:-1, -1]
    scale = np.sqrt(np.maximum(np.diag(inner), 0.0))
    if answers < 2 or scale[0] == 0:
        return None
    scale = np.where(scale > 1e-6, scale, 1.0)
    values, vectors = np.linalg.eigh(inner / np.outer(scale, scale))
    is_kept = values > EIGENVALUE_MIN
    degrees = answers - int(is_kept.sum())
    if degrees < 1:
        return None
    inverse = (vectors[:, is_kept] / values[is_kept]) @ vectors[:, is_kept].T
    inverse /= np.outer(scale, scale)
    coefficients = inverse @ toward
    left = max(float(products[-1, -1] - coefficients @ toward), 0.0)
    total = float(products[-1, -1] - toward[0] ** 2 / products[0, 0])
    varies = total > 1e-12 * float(products[-1, -1])
    return Fit(
        coefficients=coefficients + outcome_centre * np.eye(len(coefficients))[0],
        inverse=inverse,
        covariance=inverse * left / degrees,
        is_told=(np.abs(vectors[:, ~is_kept]) < 1e-6).all(axis=1),
        r_squared=1 - left / total if varies else None,
        degrees=degrees,
    )


def respect_clusters(fit: Fit, table: GramTable) -> tuple[int, Fit]:
    """Replace the covariance by the sandwich over clusters."""
    kept = np.flatnonzero(table.is_complete)
    products = np.array([uncentre(table.products[row], table.centre) for row in kept])
    slopes = fit.coefficients - float(table.centre[-1]) * np.eye(len(fit.coefficients))[0]
    scores = products[:, :-1, -1] - products[:, :-1, :-1] @ slopes
    clusters = len(kept)
    rows = float(table.answers[kept].sum())
    if clusters < 2:
        return clusters, replace(fit, covariance=np.full_like(fit.covariance, math.nan))
    wider = clusters / (clusters - 1) * (rows - 1) / fit.degrees
    covariance = fit.inverse @ (scores.T @ scores * wider) @ fit.inverse
    return clusters, replace(fit, covariance=covariance, degrees=clusters - 1)
