"""Rows that end, with their events, and rows that start, by time and class."""

import math
from typing import TYPE_CHECKING

import numpy as np

from kokemus.measure._frame.aggregating import Table, aggregate
from kokemus.measure._frame.opening import Frame, number

if TYPE_CHECKING:
    import narwhals as nw

TIME, GROUP = "__time", "__group"


def count_ends(
    frame: Frame, *, duration: str, event: str, group: str | None, start: str | None
) -> Table:
    """Count the rows that end at each time, the events among them, and the rows left out.

    Of a row left out, "missing" says that a number or the class is not there, "empty" that it
    ends no later than it starts, "odd" that its event is neither 0 nor 1, and "impossible" that
    its duration is below 0 or infinite.
    """
    import narwhals as nw

    lost = number(event)
    keys = [TIME, *([GROUP] if group else [])]
    is_there = ~lost.is_null()
    counts = {"there": is_there, "odd": is_there & (lost != 0.0) & (lost != 1.0)}
    sums: dict[str, nw.Expr] = {"events": lost}
    if start:
        counts["there"] = _is_there(duration, event, group, start)
        counts["rows"] = counts["there"] & (number(start) < number(duration))
        sums["events"] = nw.when(counts["rows"]).then(lost)
    keyed = _add_keys(frame, duration, group)
    return _part_rows(aggregate(keyed, keys=keys, sums=sums, counts=counts, rows="all"))


def _part_rows(table: Table) -> Table:
    """Tell from the sums of each cell which rows count; cells without a key are all missing."""
    sums = table.numbers
    has_keys = np.ones(len(sums["all"]), bool)
    for levels, codes in zip(table.levels, table.codes, strict=True):
        has_keys &= np.array([level is not None for level in levels], bool)[codes]
    there = np.where(has_keys, sums["there"], 0.0)
    rows = np.where(has_keys, sums.get("rows", there), 0.0)
    times = np.array([math.nan if time is None else time for time in table.levels[0]], float)
    is_possible = (times >= 0.0) & np.isfinite(times)
    return Table(
        levels=table.levels,
        codes=table.codes,
        numbers={
            "rows": rows,
            "events": np.where(has_keys, sums["events"], 0.0),
            "missing": sums["all"] - there,
            "empty": there - rows,
            "odd": np.where(has_keys, sums["odd"], 0.0),
            "impossible": np.where(is_possible[table.codes[0]], 0.0, there),
        },
    )


def count_starts(
    frame: Frame, *, duration: str, event: str, group: str | None, start: str | None
) -> Table:
    """Count the rows that start at each time, among those that `count_ends` counts."""
    import narwhals as nw

    assert start is not None
    is_there = _is_there(duration, event, group, start)
    is_counted = is_there & (number(start) < number(duration))
    return aggregate(
        _add_keys(frame, start, group),
        keys=[TIME, *([GROUP] if group else [])],
        sums={"rows": nw.when(is_counted).then(nw.lit(1.0))},
    )


def _add_keys(frame: Frame, time: str, group: str | None) -> Frame:
    """Add time and class as keys in which NaN is null."""
    import narwhals as nw

    keys = {TIME: number(time)}
    if group:
        column = nw.col(group)
        is_float = frame.collect_schema()[group].is_float()
        keys[GROUP] = nw.when(~column.is_nan()).then(column) if is_float else column
    return frame.with_columns(**keys)


def _is_there(duration: str, event: str, group: str | None, start: str | None) -> "nw.Expr":
    """Whether a row has its numbers and, in the frame that `_add_keys` made, its class."""
    import narwhals as nw

    is_there = ~number(duration).is_null() & ~number(event).is_null()
    if start:
        is_there = is_there & ~number(start).is_null()
    return is_there & ~nw.col(GROUP).is_null() if group else is_there
