"""R² of every subset of predictors by one tree of eliminations, and Shapley's sums over it.

At the depth of a player (a predictor, or the columns of a group) every node has two children.
"Exclude" drops the player's columns: nothing is computed. "Include" takes one pivot per column on
what is left of the matrix, whose last row and column are the outcome's. A leaf is one number, the
outcome's residual variance given the subset. Deep nodes are many and small, so the work is O(2^p)
in all: O(1) per subset, where refitting takes O(p³).

All nodes of a depth are one array, with the nodes on the last axis; a player's depth is one bit of
a leaf's place, later players higher bits. From 2^CHUNK_DEPTH leaves on, the last depths are walked
node by node, so that the arrays stay in the processor's cache.

The gradient runs the same tree backwards. Below a player's depth the adjoint of its Shapley value
is one of two fields shared by all players, so that all gradients together cost a constant times
the walk down.
"""

import math
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kokemus.measure.histograms import Floats, Indices

CHUNK_DEPTH = 15
GRADIENT_CHUNK_DEPTH = 12
PIVOT_MIN = 1e-10
PLAYERS_MAX = 26


class TooManyPredictors(ValueError):
    """More players than all their subsets can be walked for."""


class Pivot(NamedTuple):
    """What one elimination took: the row beside the pivot, and the pivot's inverse (0: none)."""

    row: Floats
    inverse: Floats


def sum_shapley(matrix: Floats, widths: Sequence[int]) -> Floats:
    """Return each player's Shapley value of explained variance.

    `matrix` is the correlation matrix of the players' columns, in order, and then the outcome;
    `widths` says how many columns each player has.
    """
    check_players(len(widths))
    top, low = _part(widths, CHUNK_DEPTH)
    with_player, without = _size_weights(len(widths))
    nodes, sizes = _descend(matrix, top)
    low_sizes = subset_sizes(len(low))
    weights = {
        size: (with_player[low_sizes + size], without[low_sizes + size])
        for size in range(len(top) + 1)
    }
    walk = Walk(len(nodes), low)
    rests = np.zeros((len(top) + 1, len(low_sizes)))
    totals = np.empty((2, nodes.shape[-1]))
    for place, size in enumerate(sizes.tolist()):
        rest = walk.descend(nodes[:, :, place, None])
        rests[size] += rest
        # not `@`: two threads of a BLAS cost twenty times what they save on vectors this short
        totals[:, place] = [np.einsum("t,t->", rest, weight) for weight in weights[size]]
    amounts = sum(rests[size] * weights[size][0] for size in weights)
    with_each = [_sum_with_each(totals[0], len(top)), _sum_with_each(amounts, len(low))]
    return np.asarray(totals[1].sum() - np.concatenate(with_each))


def sum_shapley_gradient(matrix: Floats, widths: Sequence[int]) -> tuple[Floats, Floats]:
    """Return the Shapley values, and for each its derivative by every element of the matrix."""
    check_players(len(widths))
    top, low = _part(widths, GRADIENT_CHUNK_DEPTH)
    weights = np.stack(_size_weights(len(widths))[::-1])
    nodes, sizes, taken = _descend_and_keep(matrix, top)
    low_sizes = subset_sizes(len(low))
    fields = np.empty((2 + len(low), *nodes.shape))
    for place, size in enumerate(sizes):
        _, _, low_taken = _descend_and_keep(nodes[:, :, place, None], low)
        leaves = weights[:, low_sizes + size][:, None, None, :]
        fields[..., place] = _ascend(leaves, low, low_taken)[..., 0]
    slopes = -_ascend(fields, top, taken)[2:, :, :, 0]
    shares = np.einsum("jab,ab->j", slopes, matrix)
    slopes[:, -1, -1] -= shares
    return shares, slopes


def explained_by_subset(matrix: Floats, widths: Sequence[int]) -> Floats:
    """Return R² of every subset; bit j of the place says whether player j is in."""
    return np.asarray(1 - _residuals(matrix[:, :, None], widths))


def sum_conditional(matrix: Floats, widths: Sequence[int]) -> Floats:
    """Return what each player (row) adds to R² on average to subsets of each size (column)."""
    players = len(widths)
    explained, sizes = explained_by_subset(matrix, widths), subset_sizes(players)
    everything = np.bincount(sizes, explained, players + 1)
    added = np.empty((players, players))
    subsets = np.array([math.comb(players - 1, size) for size in range(players)])
    for player in range(players):
        inside = (np.arange(len(sizes)) >> player & 1).astype(bool)
        with_player = np.bincount(sizes[inside], explained[inside], players + 1)
        added[player] = (with_player[1:] - (everything - with_player)[:-1]) / subsets
    return added


def count_complete(matrix: Floats, widths: Sequence[int]) -> Floats:
    """Return the share of subsets of the others to which one (row) adds more than another."""
    players = len(widths)
    explained = explained_by_subset(matrix, widths)
    places = np.arange(len(explained))
    shares = np.full((players, players), np.nan)
    for one in range(players):
        for other in range(one):
            rest = places[(places >> one & 1 | places >> other & 1) == 0]
            ahead = explained[rest | 1 << one] - explained[rest | 1 << other]
            wins, losses = (ahead > PIVOT_MIN).mean(), (ahead < -PIVOT_MIN).mean()
            shares[one, other], shares[other, one] = wins, losses
    return shares


def check_players(players: int) -> None:
    if players > PLAYERS_MAX:
        raise TooManyPredictors(
            f"{players} predictors have {2.0**players:.0e} subsets, and up to {PLAYERS_MAX} are"
            " walked: join some by groups=, or take method='johnson'"
        )


def subset_sizes(players: int) -> Indices:
    """Return how many players each subset has, by its place."""
    sizes: NDArray[np.intp] = np.zeros(1, np.intp)
    for _ in range(players):
        sizes = np.concatenate([sizes, sizes + 1])
    return sizes


@cache
def _size_weights(players: int) -> tuple[Floats, Floats]:
    """Return, by subset size, the weight of a subset that has the player, more than without."""
    factorial = math.factorial
    without = [
        factorial(size) * factorial(players - 1 - size) / factorial(players)
        for size in range(players)
    ]
    weights = np.array([*without, 0.0])
    return np.concatenate([[0.0], weights[:-1]]) + weights, weights


def _part(widths: Sequence[int], depth: int) -> tuple[Sequence[int], Sequence[int]]:
    top = max(0, len(widths) - depth)
    return widths[:top], widths[top:]


def _residuals(nodes: Floats, widths: Sequence[int]) -> Floats:
    return np.asarray(_descend(nodes, widths)[0][0, 0])


def _descend(nodes: Floats, widths: Sequence[int]) -> tuple[Floats, Indices]:
    nodes = nodes.reshape(*nodes.shape[:2], -1)
    for width in widths:
        nodes = np.concatenate([nodes[width:, width:], _include(nodes, width)[0]], axis=2)
    return nodes, subset_sizes(len(widths))


def _descend_and_keep(
    nodes: Floats, widths: Sequence[int]
) -> tuple[Floats, Indices, list[list[Pivot]]]:
    nodes = nodes.reshape(*nodes.shape[:2], -1)
    taken = []
    for width in widths:
        included, pivots = _include(nodes, width)
        taken.append(pivots)
        nodes = np.concatenate([nodes[width:, width:], included], axis=2)
    return nodes, subset_sizes(len(widths)), taken


class Walk:
    """The same depths again and again, in arrays that are made once and stay in the cache."""

    def __init__(self, size: int, widths: Sequence[int]) -> None:
        self._levels: list[tuple[int, list[Floats]]] = []
        nodes = 1
        for width in widths:
            steps = [
                np.empty((size - step, size - step, nodes * (1 + (step == width))))
                for step in range(1, width + 1)
            ]
            size, nodes = size - width, 2 * nodes
            self._levels.append((width, steps or [np.empty((size, size, nodes))]))

    def descend(self, nodes: Floats) -> Floats:
        """Return the leaves; they stay until the next call."""
        for width, steps in self._levels:
            half, both = nodes.shape[-1], steps[-1]
            both[:, :, :half] = nodes[width:, width:]
            if width == 0:
                both[:, :, half:] = nodes
            for step in steps[:width]:
                pivot, row = nodes[0, 0], nodes[0, 1:]
                inverse = _invert_pivot(pivot)
                target = step[:, :, half:] if step is both else step
                np.multiply((row * inverse)[:, None], row, out=target)
                np.subtract(nodes[1:, 1:], target, out=target)
                nodes = target
            nodes = both
        leaves: Floats = nodes[0, 0]
        return leaves


def _invert_pivot(pivot: Floats) -> Floats:
    """Return 1 / pivot, and 0 where the column has nothing left of its own."""
    inverse: Floats = np.zeros_like(pivot)
    np.divide(1.0, pivot, out=inverse, where=pivot > PIVOT_MIN)
    return inverse


def _include(nodes: Floats, width: int) -> tuple[Floats, list[Pivot]]:
    """Take out what the next columns explain; a column that others already hold explains none."""
    pivots = []
    for _ in range(width):
        pivot, row = nodes[0, 0], nodes[0, 1:]
        inverse = _invert_pivot(pivot)
        nodes = nodes[1:, 1:] - (row * inverse)[:, None] * row
        pivots.append(Pivot(row, inverse))
    return nodes, pivots


def _ascend(fields: Floats, widths: Sequence[int], taken: list[list[Pivot]]) -> Floats:
    """Carry the adjoints from the leaves to the root.

    The first two fields are those of subsets without and with any player; each depth adds its
    player's own field before it is climbed, in front of those of the deeper players.
    """
    for width, pivots in zip(reversed(widths), reversed(taken), strict=True):
        half = fields.shape[-1] // 2
        own = -fields[:1]
        own[..., half:] += fields[1:2, ..., half:]
        fields = np.concatenate([fields[:2], own, fields[2:]])
        included = fields[..., half:]
        for pivot in reversed(pivots):
            included = _restore(included, pivot)
        included[:, width:, width:] += fields[..., :half]
        fields = included
    return fields


def _restore(fields: Floats, pivot: Pivot) -> Floats:
    """Undo one pivot for adjoints: V F V' with V = [-row / pivot; 1]."""
    size = fields.shape[1] + 1
    restored = np.empty((fields.shape[0], size, size, fields.shape[3]))
    scaled = pivot.row * pivot.inverse
    edge = -(fields * scaled).sum(axis=2)
    restored[:, 1:, 1:] = fields
    restored[:, 0, 1:] = restored[:, 1:, 0] = edge
    restored[:, 0, 0] = -(edge * scaled).sum(axis=1)
    return restored


def _sum_with_each(amounts: Floats, players: int) -> Floats:
    """Sum over the subsets that have each player, folding the last player's bit each time."""
    sums = np.empty(players)
    for player in reversed(range(players)):
        half = len(amounts) // 2
        sums[player] = amounts[half:].sum()
        amounts = amounts[:half] + amounts[half:]
    return sums
