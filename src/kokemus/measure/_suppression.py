"""Which cells of a table to hide, so that none can be worked out from those that are shown."""

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kokemus.measure.histograms import Floats, Indices

TOTAL = "(total)"
MARGIN_COST, TINY = 6.0, 1e-6
PRUNED_MAX = 40  # hidden cells up to which each is tried whether it need be hidden

Key = tuple[Hashable, ...]


class ImpossibleTable(ValueError):
    """Counts that are no table: below 0, not whole, or with margins that are not sums."""


@dataclass(frozen=True, eq=False)
class Grid:
    """A table with all its margins, and the sums that tie its cells together.

    `places` has for each relation the cell of the sum and those that it sums.
    """

    keys: tuple[Key, ...]
    counts: Floats
    relations: tuple[tuple[int, Indices], ...]
    ways: int

    @cached_property
    def matrix(self) -> Any:
        """A row per relation: 1 for the sum, -1 for what it sums."""
        from scipy.sparse import csr_array

        rows = [np.full(len(parts) + 1, row) for row, (_, parts) in enumerate(self.relations)]
        columns = [np.append(parts, whole) for whole, parts in self.relations]
        values = [np.append(-np.ones(len(parts)), 1.0) for _, parts in self.relations]
        return csr_array(
            (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
            shape=(len(self.relations), len(self.keys)),
        )

    @cached_property
    def costs(self) -> Floats:
        """What hiding a cell costs: more for large ones, far more for margins."""
        margins = np.array([sum(part == TOTAL for part in key) for key in self.keys])
        return np.asarray(MARGIN_COST**margins * (1 + np.log1p(self.counts)))


def build_grid(cells: Mapping[Key, float]) -> Grid:
    """Add the margins of every kind; combinations that are not there count 0."""
    keys = list(cells)
    ways = len(keys[0]) if keys else 1
    if any(len(key) != ways or TOTAL in key for key in keys):
        raise ImpossibleTable(f"keys name a value for each of {ways} columns, and no {TOTAL!r}")
    levels = [list(dict.fromkeys(key[way] for key in keys)) for way in range(ways)]
    counts = np.zeros([len(level) for level in levels])
    place = [{name: number for number, name in enumerate(level)} for level in levels]
    for key, count in cells.items():
        if not (count >= 0 and float(count).is_integer()):
            raise ImpossibleTable(f"cell {key} counts {count}, which no whole respondents do")
        counts[tuple(place[way][name] for way, name in enumerate(key))] = count
    for way in range(ways):
        counts = np.concatenate([counts, counts.sum(axis=way, keepdims=True)], axis=way)
    names = tuple(product(*([*level, TOTAL] for level in levels)))
    return Grid(names, counts.reshape(-1), tuple(_relations(counts.shape)), ways)


def read_grid(shown: Mapping[Key, float | None]) -> tuple[Grid, Indices]:
    """Read a table as it is shown, margins and all, None for what is hidden."""
    inner = {key: count for key, count in shown.items() if TOTAL not in key}
    grid = build_grid(dict.fromkeys(inner, 0))
    lacking = [key for key in grid.keys if key not in shown]
    if lacking:
        raise ImpossibleTable(f"the table lacks the cells {lacking[:3]}")
    values = [shown[key] for key in grid.keys]
    counts = np.array([math.nan if value is None else value for value in values], float)
    return Grid(grid.keys, counts, grid.relations, grid.ways), np.flatnonzero(np.isnan(counts))


def _relations(shape: tuple[int, ...]) -> Iterator[tuple[int, Indices]]:
    places = np.arange(math.prod(shape)).reshape(shape)
    for way in range(len(shape)):
        for line in np.moveaxis(places, way, -1).reshape(-1, shape[way]):
            yield int(line[-1]), line[:-1]


def choose_hidden(grid: Grid, minimum: int, protection: float) -> NDArray[np.bool_]:
    """Hide the small cells, and as many more as it takes that none can be worked out."""
    hidden = (grid.counts > 0) & (grid.counts < minimum)
    primary = hidden.copy()
    safe: set[int] = set()
    while True:
        unsafe = _find_unsafe(grid, hidden, protection, safe)
        if unsafe is None:
            break
        hidden |= _cells_to_hide(grid, hidden, unsafe, protection)
    for place in sorted(np.flatnonzero(hidden & ~primary), key=lambda each: -grid.costs[each]):
        if hidden.sum() > PRUNED_MAX:
            break
        fewer = hidden.copy()
        fewer[place] = False
        if _find_unsafe(grid, fewer, protection, set()) is None:
            hidden = fewer
    return np.asarray(hidden)


def _find_unsafe(
    grid: Grid, hidden: NDArray[np.bool_], protection: float, safe: set[int]
) -> int | None:
    """Find a hidden cell whose range is too narrow; note the others, which stay wide enough."""
    places = np.flatnonzero(hidden)
    reader = Reader(grid, places)
    for place in sorted(set(places.tolist()) - safe, key=lambda each: float(grid.counts[each])):
        low, high = reader.range_of(place)
        if high - low < protection - TINY:
            return int(place)
        safe.add(place)
    return None


class Reader:
    """Somebody who sees what is shown, knows the sums, and works out what is hidden."""

    def __init__(self, grid: Grid, hidden: Indices) -> None:
        self.place = {int(each): number for number, each in enumerate(hidden)}
        shown = np.where(np.isnan(grid.counts), 0.0, grid.counts)
        shown[hidden] = 0.0
        sums = -(grid.matrix @ shown)
        part = grid.matrix[:, hidden].toarray() if len(hidden) else np.zeros((len(sums), 0))
        is_tied = np.abs(part).sum(axis=1) > 0
        if np.any(np.abs(sums[~is_tied]) > TINY):
            raise ImpossibleTable("the margins shown are not the sums of the cells shown")
        self.part, self.sums = part[is_tied], sums[is_tied]
        self.is_whole = grid.ways > 2  # up to two ways, the limits are whole numbers anyway
        self.cap = 4 * shown.sum() + 1_000.0

    def range_of(self, place: int) -> tuple[float, float]:
        """Lowest and highest count that the cell can have; infinity where nothing bounds it."""
        low, high = (self._extreme(self.place[place], side) for side in (1.0, -1.0))
        return low, math.inf if high >= self.cap / 2 else high

    def _extreme(self, column: int, side: float) -> float:
        from scipy.optimize import Bounds, LinearConstraint, milp

        goal = np.zeros(self.part.shape[1])
        goal[column] = side
        found = milp(
            goal,
            integrality=np.full(len(goal), int(self.is_whole)),
            bounds=Bounds(0, self.cap),
            constraints=LinearConstraint(self.part, self.sums, self.sums),
        )
        if found.x is None:
            raise ImpossibleTable("no counts of 0 or more have the sums shown")
        value = float(side * found.fun)
        return float(round(value)) if abs(value - round(value)) < TINY else value


def _cells_to_hide(
    grid: Grid, hidden: NDArray[np.bool_], target: int, protection: float
) -> NDArray[np.bool_]:
    """Find the cheapest cells by which the target can be moved up and down far enough.

    Two other tables have the same sums, one with more in the target and one with less, apart by
    the protection; where they differ from the true one, cells are hidden.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import block_array, csr_array

    cells = len(grid.keys)
    costs = np.where(hidden, 0.0, grid.costs / np.maximum(np.minimum(grid.counts, protection), 1))
    steps = csr_array(grid.matrix)
    none = csr_array(steps.shape)
    moves = block_array([[steps, -steps, none, none], [none, none, steps, -steps]]).tocsr()
    apart = np.zeros(4 * cells)
    apart[[target, cells + target, 2 * cells + target, 3 * cells + target]] = 1, -1, -1, 1
    down = np.concatenate([np.full(cells, np.inf), grid.counts] * 2)
    down[[cells + target, 2 * cells + target]] = 0.0
    found = milp(
        np.tile(costs + 1e-6, 4),
        integrality=np.full(4 * cells, int(grid.ways > 2)),
        bounds=Bounds(0, down),
        constraints=[
            LinearConstraint(moves, 0, 0),
            LinearConstraint(apart[None, :], protection, np.inf),
        ],
    )
    moved = np.asarray(found.x).reshape(4, cells) > TINY
    return np.asarray(moved.any(axis=0))


def read_keys(table: Mapping[Any, Any]) -> tuple[dict[Key, Any], bool]:
    """Name all cells by tuples; tell whether they were named by a value alone."""
    is_single = not any(isinstance(key, tuple) for key in table)
    if is_single:
        return {(key,): value for key, value in table.items()}, True
    if not all(isinstance(key, tuple) for key in table):
        raise ImpossibleTable("name all cells by tuples, or none")
    return dict(table), False


def list_keys(keys: Sequence[Key], is_single: bool) -> list[Hashable]:
    """Name cells as they were named: by a value alone in a table of one way."""
    return [key[0] if is_single else key for key in keys]
