"""Means and covariances of columns of which rows lack some: EM on a Gram per pattern.

The estimates are the maximum of the normal likelihood of what was observed (FIML), which is right
where values are missing for reasons that the observed columns tell (missing at random), and not
only where they are missing by chance, as listwise deletion needs.

Parameters are the means and one element per pair of columns. A direction is a derivative of some
figure by them; `influence` turns directions into how much each row, or sum of rows, moves it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kokemus.measure.histograms import Floats, Indices, sum_by_group

TOLERANCE = 1e-11
ROUNDS_MAX = 20_000
EIGENVALUE_MIN = 1e-10
Flags = NDArray[np.bool_]


class NotSettled(ArithmeticError):
    """EM did not come to rest: too little is observed together."""


@dataclass(frozen=True)
class Patterns:
    """Weighted sums per pattern of present columns; a missing column's sums are 0.

    `present` is (patterns, columns), `weights` and `weights_squared` (patterns,), `products`
    (patterns, 1 + columns, 1 + columns) with those of a leading 1.
    """

    present: Flags
    weights: Floats
    weights_squared: Floats
    products: Floats

    @property
    def total(self) -> float:
        return float(self.weights.sum())


@dataclass(frozen=True)
class Moments:
    """Means and covariances (divisor the sum of weights), and the patterns they are of."""

    patterns: Patterns
    means: Floats
    covariances: Floats

    @cached_property
    def precisions(self) -> Floats:
        """The inverse covariances of each pattern's columns, 0 elsewhere."""
        return _invert(self.covariances, self.patterns.present)

    @property
    def is_complete(self) -> bool:
        return bool(self.patterns.present.all())

    def deviations(self, products: Floats, present: Flags) -> tuple[Floats, Floats]:
        return _around(self.means, products, present)

    @cached_property
    def information(self) -> Floats:
        """The observed information of means and pairs, from all patterns."""
        patterns = self.patterns
        sums, squares = self.deviations(patterns.products, patterns.present)
        inverse = self.precisions
        pulls = np.einsum("kab,kb->ka", inverse, sums)
        spread = inverse @ squares @ inverse - 0.5 * patterns.weights[:, None, None] * inverse
        return _join(
            (patterns.weights[:, None, None] * inverse).sum(axis=0),
            np.einsum("kia,kb->iab", inverse, pulls),
            np.einsum("kbc,kad->bcad", inverse, spread, optimize=True),
        )

    def expected_scatter(self, amounts: Floats) -> Floats:
        """The variance of the normal score, summed over patterns by amounts."""
        inverse = self.precisions
        size = inverse.shape[1]
        weighted = amounts[:, None, None] * inverse
        return _join(
            weighted.sum(axis=0),
            np.zeros((size, size, size)),
            0.5 * np.einsum("kbc,kad->bcad", inverse, weighted, optimize=True),
        )

    def solve(self, slopes: Floats) -> Floats:
        """Turn derivatives by every element of the covariances into directions, a row each."""
        size = slopes.shape[1]
        rows, columns = np.triu_indices(size)
        pairs = slopes[:, rows, columns] * np.where(rows == columns, 1.0, 2.0)
        derivatives = np.concatenate([np.zeros((len(slopes), size)), pairs], axis=1)
        return np.asarray(derivatives @ _pseudo_inverse(self.information))

    def score_sums(
        self, directions: Floats, products: Floats, weights: Floats, pattern: Indices
    ) -> Floats:
        """Sum the influence over rows of the frame, given their products; (sums, directions)."""
        size = len(self.means)
        sums, squares = self.deviations(products, self.patterns.present[pattern])
        inverse = self.precisions
        moved = _unpack(directions[:, size:], size)
        linear = np.einsum("da,kab->kdb", directions[:, :size], inverse)
        quadratic = 0.5 * np.einsum("kab,dbc,kce->kdae", inverse, moved, inverse, optimize=True)
        constant = 0.5 * np.einsum("dab,kab->kd", moved, inverse)
        return np.asarray(
            np.einsum("rda,ra->rd", linear[pattern], sums)
            + np.einsum("rdab,rab->rd", quadratic[pattern], squares)
            - constant[pattern] * weights[:, None]
        )

    def complete_forms(self, directions: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the influence of a row that lacks nothing: quadratic, linear and constant part."""
        size = len(self.means)
        inverse = _pseudo_inverse(self.covariances)
        moved = _unpack(directions[:, size:], size)
        quadratic = 0.5 * inverse @ moved @ inverse
        return (
            quadratic,
            directions[:, :size] @ inverse,
            -0.5 * np.einsum("dab,ab->d", moved, inverse),
        )


def find_moments(patterns: Patterns) -> Moments:
    """Maximise the likelihood, by EM where a pattern lacks columns."""
    if patterns.present.all():
        return _complete_moments(patterns)
    scale = _available_scale(patterns)
    scaled = _rescale(patterns, scale)
    means, covariances = _available_start(scaled)
    for _ in range(ROUNDS_MAX):
        new_means, new_covariances = _step(scaled, means, covariances)
        change = max(np.abs(new_means - means).max(), np.abs(new_covariances - covariances).max())
        means, covariances = new_means, new_covariances
        if change < TOLERANCE:
            return Moments(patterns, means * scale, covariances * np.outer(scale, scale))
    raise NotSettled(
        f"EM did not settle in {ROUNDS_MAX:,} rounds: some columns are hardly ever answered"
        " together; leave one out, or take missing='listwise'"
    )


def _complete_moments(patterns: Patterns) -> Moments:
    products = patterns.products.sum(axis=0) / patterns.total
    means = products[0, 1:]
    return Moments(patterns, means, products[1:, 1:] - np.outer(means, means))


def _step(patterns: Patterns, means: Floats, covariances: Floats) -> tuple[Floats, Floats]:
    """Fill in what each pattern lacks by regression on what it has, and take moments anew."""
    inverse = _invert(covariances, patterns.present)
    filling = covariances @ inverse
    sums, squares = _around(means, patterns.products, patterns.present)
    shift = np.einsum("kab,kb->a", filling, sums) / patterns.total
    left = covariances - filling @ covariances
    scatter = filling @ squares @ np.swapaxes(filling, 1, 2)
    scatter = (scatter + patterns.weights[:, None, None] * left).sum(axis=0) / patterns.total
    moved = scatter - np.outer(shift, shift)
    return means + shift, (moved + moved.T) / 2


def _around(means: Floats, products: Floats, present: Flags) -> tuple[Floats, Floats]:
    """Return sums and products of deviations from the means, 0 for what is missing."""
    expected = present * means
    weights, sums = products[:, 0, 0], products[:, 0, 1:]
    outer = sums[:, :, None] * expected[:, None, :]
    squares = (
        products[:, 1:, 1:]
        - outer
        - np.swapaxes(outer, 1, 2)
        + weights[:, None, None] * expected[:, :, None] * expected[:, None, :]
    )
    return sums - weights[:, None] * expected, squares


def _invert(covariances: Floats, present: Flags) -> Floats:
    both = present[:, :, None] & present[:, None, :]
    masked = np.where(both, covariances, 0.0)
    values, vectors = np.linalg.eigh(masked)
    floor = EIGENVALUE_MIN * np.maximum(values[:, -1:], 1e-300)
    powers = np.where(values > floor, 1 / np.where(values > floor, values, 1.0), 0.0)
    inverse = (vectors * powers[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    return np.where(both, inverse, 0.0)


def _pseudo_inverse(matrix: Floats) -> Floats:
    scale = np.sqrt(np.abs(np.diag(matrix)))
    scale = np.where(scale > 0, scale, 1.0)
    inner = np.linalg.pinv(matrix / np.outer(scale, scale), rcond=1e-10, hermitian=True)
    return np.asarray(inner / np.outer(scale, scale))


def _available_scale(patterns: Patterns) -> Floats:
    _, variances = _available_means(patterns)
    return np.where(variances > 0, np.sqrt(variances), 1.0)


def _available_start(patterns: Patterns) -> tuple[Floats, Floats]:
    means, variances = _available_means(patterns)
    return means, np.diag(variances)


def _available_means(patterns: Patterns) -> tuple[Floats, Floats]:
    weights = patterns.weights @ patterns.present
    means = patterns.products[:, 0, 1:].sum(axis=0) / weights
    squares = np.einsum("kaa->a", patterns.products[:, 1:, 1:]) / weights
    return means, np.maximum(squares - means**2, 0.0)


def _rescale(patterns: Patterns, scale: Floats) -> Patterns:
    full = np.concatenate([[1.0], scale])
    products = patterns.products / np.outer(full, full)
    return Patterns(patterns.present, patterns.weights, patterns.weights_squared, products)


def _join(of_means: Floats, between: Floats, crossed: Floats) -> Floats:
    """Lay blocks of means and pairs side by side; `crossed` is by (b, c, a, d)."""
    size = len(of_means)
    rows, columns = np.triu_indices(size)
    half = np.where(rows == columns, 0.5, 1.0)
    sides = (between[:, rows, columns] + between[:, columns, rows]) * half
    a, b = rows[:, None], columns[:, None]
    c, d = rows[None], columns[None]
    pairs = np.zeros((len(rows), len(rows)))
    for one, other in ((a, b), (b, a)):
        for third, fourth in ((c, d), (d, c)):
            pairs += crossed[other, third, one, fourth] + crossed[one, fourth, other, third]
    pairs *= 0.5 * half[:, None] * half[None]
    return np.block([[of_means, sides], [sides.T, pairs]])


def _unpack(pairs: Floats, size: int) -> Floats:
    matrices = np.zeros((len(pairs), size, size))
    rows, columns = np.triu_indices(size)
    matrices[:, rows, columns] = pairs
    matrices[:, columns, rows] = pairs
    return matrices


def merge_patterns(
    present: Flags, weights: Floats, weights_squared: Floats, products: Floats
) -> tuple[Patterns, Indices]:
    """Add up the rows of each pattern; also say which pattern each row belongs to."""
    distinct, index = np.unique(present, axis=0, return_inverse=True)
    index = np.asarray(index).reshape(-1)
    summed = np.zeros((len(distinct), *products.shape[1:]))
    np.add.at(summed, index, products)
    groups = len(distinct)
    merged = Patterns(
        present=distinct.astype(bool),
        weights=sum_by_group(index, weights, groups),
        weights_squared=sum_by_group(index, weights_squared, groups),
        products=summed,
    )
    return merged, index
