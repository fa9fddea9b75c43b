"""Each measure of relative importance from a correlation matrix, with its derivatives.

A matrix here has the players' columns in order and then the outcome; `widths` says how many
columns each player has. Derivatives are by every element of the matrix, which may stray from a
correlation matrix: they count the variances too.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

import numpy as np

from kokemus.measure._subset_tree import sum_shapley, sum_shapley_gradient
from kokemus.measure.histograms import Floats, Indices

EIGENVALUE_MIN = 1e-10
STEP = 1e-5
ALIASES = {
    "shapley": "lmg",
    "general_dominance": "lmg",
    "genizi": "johnson",
    "relative_weights": "johnson",
    "zero_order": "first",
}
Blocks = list[slice]


def resolve_method(method: str) -> str:
    method = ALIASES.get(method, method)
    if method != "lmg" and method not in MEASURES:
        known = ", ".join(sorted(["lmg", *MEASURES, *ALIASES]))
        raise ValueError(f"there is no method {method!r}; there are {known}")
    return method


def share_variance(matrix: Floats, widths: Sequence[int], method: str) -> Floats:
    """Return each player's share of the outcome's variance."""
    matrix = matrix / matrix[-1, -1]
    if method == "lmg":
        return sum_shapley(matrix, widths)
    return MEASURES[method](matrix, list_blocks(widths))


def share_with_slopes(
    matrix: Floats, widths: Sequence[int], method: str
) -> tuple[Floats, Floats | None]:
    """Return the shares and their derivatives; None where exact collinearity leaves none."""
    if method == "lmg":
        return sum_shapley_gradient(matrix, widths)
    shares = share_variance(matrix, widths, method)
    if method not in {"first", "last"} and is_singular(matrix[:-1, :-1]):
        return shares, None
    return shares, differentiate(matrix, widths, method)


def explain(matrix: Floats) -> tuple[float, Floats]:
    """Return R² and its derivatives."""
    residual = _residual_vector(matrix)
    left = float(residual @ matrix @ residual)
    slopes = -np.outer(residual, residual)
    slopes[-1, -1] += left
    return 1 - left, slopes


def is_singular(matrix: Floats) -> bool:
    return bool(np.linalg.eigvalsh(matrix)[0] < EIGENVALUE_MIN)


def differentiate(matrix: Floats, widths: Sequence[int], method: str) -> Floats:
    """Differentiate by central differences; a symmetric pair moves together, halved."""
    size = len(matrix)
    slopes = np.zeros((len(widths), size, size))
    for row in range(size):
        for column in range(row + 1):
            moved = np.zeros_like(matrix)
            moved[row, column] = moved[column, row] = STEP
            rise = share_variance(matrix + moved, widths, method)
            rise = rise - share_variance(matrix - moved, widths, method)
            both = 1 if row == column else 2
            slopes[:, row, column] = slopes[:, column, row] = rise / (2 * STEP * both)
    return slopes


def list_blocks(widths: Sequence[int]) -> Blocks:
    return [slice(*ends) for ends in pairwise(accumulate(widths, initial=0))]


def _first(matrix: Floats, blocks: Blocks) -> Floats:
    """R² of the player alone."""
    return np.array([_explained(matrix, np.arange(block.start, block.stop)) for block in blocks])


def _last(matrix: Floats, blocks: Blocks) -> Floats:
    """What the player adds to all the others."""
    everything = np.arange(len(matrix) - 1)
    full = _explained(matrix, everything)
    return np.array([full - _explained(matrix, np.delete(everything, block)) for block in blocks])


def _pratt(matrix: Floats, blocks: Blocks) -> Floats:
    """Standardised coefficient times correlation."""
    return _sum_blocks(_coefficients(matrix) * matrix[:-1, -1], blocks)


def _beta_squared(matrix: Floats, blocks: Blocks) -> Floats:
    """Variance of the player's own term in the fit."""
    beta = _coefficients(matrix)
    return np.array([beta[block] @ matrix[block, block] @ beta[block] for block in blocks])


def _johnson(matrix: Floats, blocks: Blocks) -> Floats:
    """Relative weights: what falls on the orthogonal stand-ins, shared back by their ties.

    The columns of a group are first made orthonormal among themselves, and blocks take the place
    of elements, so that the coding of a factor does not matter.
    """
    root, loads = _stand_ins(matrix, blocks)
    return np.array(
        [
            sum(float(np.square(root[one, other] @ loads[other]).sum()) for other in blocks)
            for one in blocks
        ]
    )


def _car(matrix: Floats, blocks: Blocks) -> Floats:
    """Squared correlation-adjusted correlation."""
    return _sum_blocks(_stand_ins(matrix, blocks)[1] ** 2, blocks)


MEASURES: dict[str, Callable[[Floats, Blocks], Floats]] = {
    "johnson": _johnson,
    "pratt": _pratt,
    "first": _first,
    "last": _last,
    "beta_squared": _beta_squared,
    "car": _car,
}
SUMS_TO_R_SQUARED = {"lmg", "johnson", "pratt", "car"}


def _sum_blocks(amounts: Floats, blocks: Blocks) -> Floats:
    return np.array([amounts[block].sum() for block in blocks])


def _explained(matrix: Floats, chosen: Indices) -> float:
    if len(chosen) == 1:  # by far the most asked for, and no matrix
        variance, along = matrix[chosen[0], chosen[0]], matrix[chosen[0], -1]
        return float(along**2 / variance) if variance > EIGENVALUE_MIN else 0.0
    toward = matrix[chosen, -1]
    return float(toward @ _power(matrix[np.ix_(chosen, chosen)], -1.0) @ toward)


def _coefficients(matrix: Floats) -> Floats:
    return np.asarray(_power(matrix[:-1, :-1], -1.0) @ matrix[:-1, -1])


def _residual_vector(matrix: Floats) -> Floats:
    return np.append(-_coefficients(matrix), 1.0)


def _stand_ins(matrix: Floats, blocks: Blocks) -> tuple[Floats, Floats]:
    """Return the symmetric root of the predictors' matrix and the stand-ins' coefficients."""
    whitener = np.eye(len(matrix) - 1)
    for block in blocks:
        if block.stop > block.start:
            whitener[block, block] = _power(matrix[block, block], -0.5)
    inner = whitener @ matrix[:-1, :-1] @ whitener
    return _power(inner, 0.5), _power(inner, -0.5) @ whitener @ matrix[:-1, -1]


def _power(matrix: Floats, exponent: float) -> Floats:
    """Raise a symmetric matrix to a power; directions without variance stay at zero."""
    values, vectors = np.linalg.eigh(matrix)
    is_kept = values > EIGENVALUE_MIN
    powers = np.where(is_kept, np.where(is_kept, values, 1.0) ** exponent, 0.0)
    return np.asarray((vectors * powers) @ vectors.T)
