"""Iterative proportional fitting: bring the cells' weights to known margins."""

import numpy as np

from kokemus.measure.histograms import Floats, Indices


def fit_margins(
    weight: Floats,
    codes: Indices,
    targets: list[Floats],
    *,
    tolerance: float,
    rounds_max: int,
) -> tuple[Floats, int, float]:
    """Fit by turns until every margin is within the tolerance of its target.

    `codes` has a row for each margin with the level of each cell. Returned are the fitted
    weights, the rounds taken and the largest gap, relative to the whole.
    """
    fitted, rounds, gap = weight.astype(float), 0, np.inf
    while gap > tolerance and rounds < rounds_max:
        for levels, target in zip(codes, targets, strict=True):
            fitted = fitted * _ratio(target, _sum(levels, fitted, len(target)))[levels]
        rounds, gap = rounds + 1, margin_gap(fitted, codes, targets)
    return fitted, rounds, gap


def margin_gap(fitted: Floats, codes: Indices, targets: list[Floats]) -> float:
    """Return how far the worst margin is from its target, relative to the whole."""
    return max(
        float(np.abs(_sum(levels, fitted, len(target)) - target).max() / target.sum())
        for levels, target in zip(codes, targets, strict=True)
    )


def _sum(levels: Indices, amounts: Floats, count: int) -> Floats:
    return np.bincount(levels, weights=amounts, minlength=count).astype(np.float64)


def _ratio(target: Floats, reached: Floats) -> Floats:
    return np.divide(target, reached, out=np.zeros_like(target), where=reached > 0)
