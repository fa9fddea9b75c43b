"""Which groups of persons can be told apart by adding and subtracting totals that were shown."""

from collections.abc import Hashable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kokemus.measure.histograms import Floats, Indices

ENDS = 12
PRIME = 2_147_483_647  # sums of 0 and 1 are solved modulo a prime, exactly and in whole numbers


def find_revealed(
    sets: Sequence[frozenset[Hashable]], sizes: dict[Hashable, float], minimum: int
) -> frozenset[Hashable] | None:
    """Find a group of under `minimum` persons whose total follows from those of the sets.

    Cells that are in the same sets cannot be told apart and count as one. A group follows if some
    sum of multiples of the totals has 1 for its cells and 0 for all others, which is to say that
    it lies in the span of the sets' rows. With the large cells first, the echelon form leaves at
    its foot the combinations without large cells; any group is a sum of some of these.
    """
    cells = [cell for cell in dict.fromkeys(c for each in sets for c in each) if sizes[cell] > 0]
    signatures: dict[tuple[int, ...], list[Hashable]] = {}
    for cell in cells:
        signature = tuple(place for place, each in enumerate(sets) if cell in each)
        signatures.setdefault(signature, []).append(cell)
    classes = sorted(
        (
            (sum(sizes[cell] for cell in alike), signature)
            for signature, alike in signatures.items()
        ),
        reverse=True,
    )
    large = sum(size >= minimum for size, _ in classes)
    table = np.zeros((len(sets), len(classes)), np.int64)
    for column, (_, signature) in enumerate(classes):
        table[list(signature), column] = 1
    reduced, pivots = reduce_rows(table)
    is_small = pivots >= large
    weights = np.array([size for size, _ in classes])
    for row in _sum_rows(reduced[is_small], weights[pivots[is_small]], minimum):
        if np.all(row <= 1) and 0 < weights[row == 1].sum() < minimum:
            chosen = [classes[column][1] for column in np.flatnonzero(row)]
            return frozenset(cell for signature in chosen for cell in signatures[signature])
    return None


def reduce_rows(table: NDArray[np.int64]) -> tuple[NDArray[np.int64], Indices]:
    """Bring whole numbers to reduced echelon form modulo the prime; return rows and pivots."""
    rows = table % PRIME
    pivots: list[int] = []
    for column in range(rows.shape[1]):
        rank = len(pivots)
        below = np.flatnonzero(rows[rank:, column])
        if not len(below):
            continue
        rows[[rank, rank + below[0]]] = rows[[rank + below[0], rank]]
        rows[rank] = rows[rank] * pow(int(rows[rank, column]), -1, PRIME) % PRIME
        others = np.flatnonzero(rows[:, column])
        others = others[others != rank]
        rows[others] = (rows[others] - rows[others, column][:, None] * rows[rank]) % PRIME
        pivots.append(column)
        if len(pivots) == len(rows):
            break
    return rows[: len(pivots)], np.array(pivots, np.intp)


def _sum_rows(
    rows: NDArray[np.int64], weights: Floats, minimum: int
) -> Iterator[NDArray[np.int64]]:
    """Yield the sums of rows that may be groups: pivots under the minimum, the end 0 and 1.

    In a group each row takes part once or not at all, as its pivot is in no other row. Sums are
    followed by their last columns alone, most of which have no pivot, and written out if these
    are those of a group.
    """
    ends = rows[:, -ENDS:]
    lightest = weights.min(initial=minimum)
    stack: list[tuple[tuple[int, ...], float, NDArray[np.int64]]] = [
        ((), 0.0, np.zeros(ends.shape[1], np.int64))
    ]
    while stack:
        chosen, weight, end = stack.pop()
        first = chosen[-1] + 1 if chosen else 0
        fitting = first + np.flatnonzero(weight + weights[first:] < minimum)
        sums = (end + ends[fitting]) % PRIME
        for place in np.flatnonzero((sums <= 1).all(axis=1)):
            yield rows[[*chosen, fitting[place]]].sum(axis=0) % PRIME
        for row, heavier, total in zip(fitting, weight + weights[fitting], sums, strict=True):
            if heavier + lightest < minimum:
                stack.append(((*chosen, int(row)), float(heavier), total))
