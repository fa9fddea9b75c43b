"""Rows that end, with their events, and rows that start, by time and class."""

from typing import TYPE_CHECKING

from kokemus.measure._frame.aggregating import Table, aggregate
from kokemus.measure._frame.opening import Frame, number

if TYPE_CHECKING:
    import narwhals as nw

LARGEST = 1.7976931348623157e308
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

    time, lost = number(duration), number(event)
    is_there, is_open = _is_there(duration, event, group, start), _is_open(duration, start)
    is_possible = (time >= 0.0) & (time <= LARGEST)
    one = nw.lit(1.0)
    return aggregate(
        _add_keys(frame, duration, group),
        keys=[TIME, *([GROUP] if group else [])],
        sums={
            "rows": nw.when(is_there & is_open).then(one),
            "events": nw.when(is_there & is_open).then(lost),
            "missing": nw.when(~is_there).then(one),
            "empty": nw.when(is_there & ~is_open).then(one),
            "odd": nw.when(is_there & (lost != 0.0) & (lost != 1.0)).then(one),
            "impossible": nw.when(is_there & ~is_possible).then(one),
        },
    )


def count_starts(
    frame: Frame, *, duration: str, event: str, group: str | None, start: str | None
) -> Table:
    """Count the rows that start at each time, among those that `count_ends` counts."""
    import narwhals as nw

    assert start is not None
    is_counted = _is_there(duration, event, group, start) & _is_open(duration, start)
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


def _is_open(duration: str, start: str | None) -> "nw.Expr":
    import narwhals as nw

    return number(start) < number(duration) if start else nw.lit(True)
