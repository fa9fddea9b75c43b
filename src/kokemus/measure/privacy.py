"""Small groups are persons: hide their cells, and what would give them away by subtraction.

Common to all: a cell of 1 to `minimum` - 1 respondents is small; one of 0 tells of nobody and is
shown. Both count persons, so name the column of the respondent where one may answer twice.
"""

import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from kokemus.measure._frame import IntoFrame, Table, UnknownColumn
from kokemus.measure._frame.distinct import count_distinct, count_rows
from kokemus.measure._ledger import find_revealed
from kokemus.measure._safe_table import SafeTable
from kokemus.measure._suppression import (
    TOTAL,
    ImpossibleTable,
    Reader,
    build_grid,
    choose_hidden,
    list_keys,
    read_grid,
    read_keys,
)
from kokemus.measure.results import HtmlTable, Result, write_group

if TYPE_CHECKING:
    import altair

__all__ = [
    "TOTAL",
    "ImpossibleTable",
    "Ledger",
    "SafeTable",
    "WouldReveal",
    "find_ranges",
    "is_safe_to_show",
    "open_ledger",
    "suppress",
    "suppress_small_cells",
]


class WouldReveal(ValueError):
    """A total that, with those shown before, gives away a group under the minimum.

    Attributes
    ----------
    cells : frozenset
        The group's cells.
    """

    def __init__(self, cells: frozenset[Hashable], minimum: int) -> None:
        self.cells = cells
        listed = "; ".join(sorted(write_group(cell) for cell in cells))
        super().__init__(
            f"with what was shown before, this gives away a group of fewer than {minimum} by"
            f" subtraction: {listed}. Show a coarser group, or none"
        )


def suppress(
    table: Mapping[Any, int],
    *,
    minimum: int = 5,
    protection: float | None = None,
    columns: Sequence[str] = (),
) -> SafeTable:
    """Hide the small cells of a table, and the others that would give them away.

    Parameters
    ----------
    table : mapping
        Cell to its count of respondents. A cell is a value, or a tuple with a value for each of
        several columns; the margins are added, and combinations that are not there count 0.
    minimum : int
        Smallest count to show, 2 or more; 1 to ``minimum - 1`` are small.
    protection : float, optional
        How wide the range of each hidden cell must be that a reader can work out, 1 or more; the
        minimum without it.
    columns : sequence of str
        Names of the columns.

    Returns
    -------
    SafeTable
        All cells and margins, hidden ones None, with the range of each that is left to a reader.

    Raises
    ------
    ImpossibleTable
        Counts are not whole or below 0, or keys do not match.
    ValueError
        The minimum or the protection is out of range.

    Notes
    -----
    Behaviour: none - a total of 0; one - a single small cell hides the total, too; equal - as any;
    missing - a value None is a group like others; weighted - counts are of persons, never weights.

    For each hidden cell whose range is too narrow a linear program finds the cheapest other cells
    to hide: small ones before large ones, margins last. Then each is tried whether it need be.
    A last audit computes every range, by linear programming up to two columns and in whole
    numbers beyond. As each range is as wide as the minimum, no union of hidden cells under the
    minimum can be worked out either. With more than 40 hidden cells none is tried for showing
    again, so more than needed may be hidden; the choice is near the least, not the least.

    Where it misleads: the table is safe by itself. Beside another of the same persons it may not
    be: see `Ledger`. Scores of hidden cells must be hidden with them. Who knows one person's
    answer knows more than the reader here.

    References
    ----------
    Fischetti, M. and Salazar, J. J. (2001). Solving the cell suppression problem on tabular data
    with linear constraints. Management Science 47(7), 1008-1027.
    Hundepool, A. and others (2012). Statistical disclosure control. Wiley, chapter 4.

    Examples
    --------
    >>> print(suppress({"north": 3, "south": 12, "west": 40}))
    north: hidden
    south: hidden
    west: 40
    (total): 55
    2 of 4 cells are hidden: groups under 5, and what would give them away
    """
    _check_minimum(minimum)
    width = float(minimum if protection is None else protection)
    if not 1 <= width < math.inf:
        raise ValueError(f"a range is protected by 1 or more, not {protection}")
    cells, is_single = read_keys(table)
    grid = build_grid(cells)
    is_hidden = choose_hidden(grid, minimum, width)
    names = list_keys(grid.keys, is_single)
    places = np.flatnonzero(is_hidden)
    reader = Reader(grid, places)
    return SafeTable(
        columns=tuple(columns) or tuple(f"column {way + 1}" for way in range(grid.ways)),
        cells={
            name: None if hidden else int(count)
            for name, count, hidden in zip(names, grid.counts, is_hidden, strict=True)
        },
        ranges={names[place]: _plain_range(reader.range_of(int(place))) for place in places},
        minimum=minimum,
        protection=width,
    )


def suppress_small_cells(
    frame: IntoFrame,
    *,
    by: str | Sequence[str],
    minimum: int = 5,
    respondent: str | None = None,
    count: str | None = None,
    protection: float | None = None,
) -> SafeTable:
    """Count respondents by one or more columns, and hide what is small or would give it away.

    One group-by; with `respondent` two.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    by : str or sequence of str
        Columns of the table.
    minimum, protection
        As for `suppress`.
    respondent : str, optional
        Column that names the person: each counts once in a cell.
    count : str, optional
        Column with how many persons a row stands for.

    Returns
    -------
    SafeTable
        With margins. Rows without a value make a group of their own, None.

    Raises
    ------
    UnknownColumn, NotNumbers
        A column is not there, or counts are not numbers.
    ValueError
        As for `suppress`; or both `respondent` and `count` are given.

    Notes
    -----
    Behaviour, where it misleads and references: as for `suppress`. A person who is in two cells
    counts twice in a margin.

    Examples
    --------
    >>> import polars as pl
    >>> staff = pl.DataFrame({"unit": ["a"] * 9 + ["b"] * 2 + ["c"] * 7})
    >>> suppress_small_cells(staff, by="unit").cells
    {'a': 9, 'b': None, 'c': None, '(total)': 18}
    """
    keys = [by] if isinstance(by, str) else list(by)
    sizes = _count_cells(frame, keys, respondent, count)
    table = {key[0] if isinstance(by, str) else key: round(n) for key, n in sizes.items()}
    return suppress(table, minimum=minimum, protection=protection, columns=keys)


def find_ranges(shown: Mapping[Any, int | None]) -> dict[Hashable, tuple[float, float | None]]:
    """Audit a table: work out from what is shown how large each hidden cell can be.

    Parameters
    ----------
    shown : mapping
        Cell to its count, None where it is hidden; margins with "(total)" as value, as in
        ``SafeTable.cells``. All combinations and margins must be there.

    Returns
    -------
    dict
        Hidden cell to lowest and highest count, the highest None where nothing bounds it.
        Lowest and highest are the same: the cell is as good as shown.

    Raises
    ------
    ImpossibleTable
        Cells are lacking, or no counts of 0 or more have these margins.

    Notes
    -----
    Where it misleads: for a reader who knows the sums and that counts are not below 0, and
    nothing else.

    References
    ----------
    Hundepool, A. and others (2012). Statistical disclosure control. Wiley, chapter 4.

    Examples
    --------
    >>> find_ranges({"north": None, "south": 12, "(total)": 15})
    {'north': (3.0, 3.0)}
    """
    cells, is_single = read_keys(shown)
    grid, hidden = read_grid(cells)
    reader = Reader(grid, hidden)
    names = list_keys(grid.keys, is_single)
    return {names[place]: _plain_range(reader.range_of(place)) for place in hidden.tolist()}


def is_safe_to_show(
    shown: Iterable[Collection[Hashable]],
    new: Collection[Hashable],
    *,
    sizes: Mapping[Any, float],
    minimum: int = 5,
) -> bool:
    """Tell whether one more total can be shown without giving away a small group by subtraction.

    Parameters
    ----------
    shown : iterable of collections
        The groups whose totals (counts, scores) were shown, each as the cells it is made of.
    new : collection
        The group to be shown, as cells.
    sizes : mapping
        Cell to how many persons are in it. Cells do not overlap: make them fine enough that each
        filter takes whole cells.
    minimum : int
        Smallest group that may be known, 2 or more.

    Returns
    -------
    bool
        False where some sum of multiples of the totals is that of a group of 1 to
        ``minimum - 1`` persons. A group of nobody is safe.

    Raises
    ------
    KeyError
        A group has a cell without a size.
    ValueError
        The minimum is under 2.

    Notes
    -----
    Behaviour: none - with nothing shown before, only the group's own size counts; one, equal -
    the same group again is safe; missing, weighted - as `sizes` say.

    Exact for sums and differences of totals. Cells that no group parts count as one.

    Where it misleads: it knows what it was told was shown, so all pages, exports and keys must
    share one record. It does not reason from bounds (a total that shows everybody gave 10 tells of
    each); nor of changes in time: the same filter a day later, with one answer more, shows that
    answer. Take periods as a column of the cells, and show whole periods.

    References
    ----------
    Denning, D. E. and Schlörer, J. (1983). Inference controls for statistical databases. Computer
    16(7), 69-82.
    Chin, F. Y. and Özsoyoglu, G. (1982). Auditing and inference control in statistical databases.
    IEEE Transactions on Software Engineering 8(6), 574-582.

    Examples
    --------
    >>> sizes = {"men": 20, "women": 18, "others": 2}
    >>> everybody = {"men", "women", "others"}
    >>> is_safe_to_show([everybody], {"men"}, sizes=sizes)
    True
    >>> is_safe_to_show([everybody], {"men", "women"}, sizes=sizes)
    False
    """
    return Ledger(
        sizes=dict(sizes), minimum=minimum, shown=tuple(frozenset(each) for each in shown)
    ).is_safe(new)


@dataclass(frozen=True, kw_only=True)
class Ledger(Result):
    """What was shown of a body of persons, so that nothing is given away over time.

    Attributes
    ----------
    sizes : dict
        Cell to how many persons are in it.
    minimum : int
        Smallest group that may be known.
    shown : tuple of frozenset
        The groups whose totals were shown, as cells.
    columns : tuple of str
        What the parts of a cell's name are, for `select`.
    """

    sizes: dict[Hashable, float]
    minimum: int = 5
    shown: tuple[frozenset[Hashable], ...] = ()
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_minimum(self.minimum)

    def __str__(self) -> str:
        persons = sum(self.sizes.values())
        return (
            f"{len(self.shown)} totals shown of {persons:,.0f} persons in {len(self.sizes)} cells;"
            f" no group under {self.minimum} follows from them"
        )

    def _table(self) -> HtmlTable:
        """A row per cell: how many persons, and how many of the totals shown count them."""
        return ("cell", "persons", "totals shown with it"), [
            (write_group(cell), size, sum(cell in group for group in self.shown))
            for cell, size in self.sizes.items()
        ]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_bars

        rows = [Interval(write_group(cell), size) for cell, size in self.sizes.items()]
        return draw_bars(rows, title="persons")

    def select(self, **values: Any) -> frozenset[Hashable]:
        """List the cells of a filter: a value, or a list of values, for some of the columns."""
        for column in values:
            if column not in self.columns:
                raise UnknownColumn(column, self.columns)
        wanted = {
            self.columns.index(column): value if isinstance(value, list | set) else [value]
            for column, value in values.items()
        }
        return frozenset(
            cell
            for cell in self.sizes
            if isinstance(cell, tuple) and all(cell[way] in each for way, each in wanted.items())
        )

    def find_revealed(self, new: Collection[Hashable]) -> frozenset[Hashable] | None:
        """Find the small group that would be given away; None if none would."""
        return find_revealed([*self.shown, frozenset(new)], self.sizes, self.minimum)

    def is_safe(self, new: Collection[Hashable]) -> bool:
        """Tell whether the total of a group can be shown, too."""
        return self.find_revealed(new) is None

    def show(self, new: Collection[Hashable]) -> "Ledger":
        """Return the ledger with the group among those shown, or raise `WouldReveal`."""
        if (revealed := self.find_revealed(new)) is not None:
            raise WouldReveal(revealed, self.minimum)
        group = frozenset(new)
        return self if group in self.shown else replace(self, shown=(*self.shown, group))


def open_ledger(
    frame: IntoFrame,
    *,
    by: str | Sequence[str],
    minimum: int = 5,
    respondent: str | None = None,
    count: str | None = None,
) -> Ledger:
    """Count persons by the columns that filters use, for a ledger of what is shown.

    One group-by; with `respondent` two.

    Parameters
    ----------
    frame, minimum, respondent, count
        As for `suppress_small_cells`.
    by : str or sequence of str
        All columns that a filter may use; their combinations are the ledger's cells.

    Returns
    -------
    Ledger
        Nothing is shown yet. It is frozen: ``show`` returns the next one.

    Raises
    ------
    UnknownColumn, NotNumbers, ValueError
        As for `suppress_small_cells`.

    Notes
    -----
    Behaviour and where it misleads: as for `is_safe_to_show`.

    References
    ----------
    Denning, D. E. and Schlörer, J. (1983). Inference controls for statistical databases. Computer
    16(7), 69-82.

    Examples
    --------
    >>> import polars as pl
    >>> rows = {"unit": ["a"] * 10 + ["b"] * 8, "role": ["lead"] * 2 + ["staff"] * 16}
    >>> ledger = open_ledger(pl.DataFrame(rows), by=["unit", "role"])
    >>> ledger = ledger.show(ledger.select(unit="a"))
    >>> ledger.is_safe(ledger.select(unit="a", role="staff"))
    False
    >>> print(ledger.show(ledger.select(unit="b")))
    2 totals shown of 18 persons in 3 cells; no group under 5 follows from them
    """
    keys = [by] if isinstance(by, str) else list(by)
    sizes = _count_cells(frame, keys, respondent, count)
    return Ledger(sizes=sizes, minimum=minimum, columns=tuple(keys))


def _count_cells(
    frame: IntoFrame, keys: Sequence[str], respondent: str | None, count: str | None
) -> dict[Any, float]:
    if respondent is not None and count is not None:
        raise ValueError("persons are counted, or a column of counts is summed, not both")
    table: Table
    if respondent is None:
        table = count_rows(frame, keys=keys, count=count)
    else:
        table = count_distinct(frame, keys=keys, of=respondent)
    counts = np.nan_to_num(table.numbers["count"]).tolist()
    return dict(zip(table.keys, counts, strict=True))


def _check_minimum(minimum: int) -> None:
    if minimum < 2:
        raise ValueError(f"a group of one is always small: minimum is 2 or more, not {minimum}")


def _plain_range(limits: tuple[float, float]) -> tuple[float, float | None]:
    return limits[0], limits[1] if math.isfinite(limits[1]) else None
