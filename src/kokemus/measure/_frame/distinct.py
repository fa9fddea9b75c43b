"""Counts of things that occur, each once: comments that have a word, respondents in a cell."""

from collections.abc import Sequence

from kokemus.measure._frame.aggregating import Table, aggregate
from kokemus.measure._frame.opening import Frame, IntoFrame, number, open_frame


def count_rows(frame: IntoFrame, *, keys: Sequence[str], count: str | None = None) -> Table:
    """Count rows per group, or sum a column of counts; "count" in the table's numbers."""
    import narwhals as nw

    if count is None:
        return aggregate(frame, keys=keys, sums={"count": nw.lit(1.0)})
    opened = open_frame(frame, numbers=[count], keys=keys)
    return aggregate(opened, keys=keys, sums={"count": number(count)})


def count_distinct(frame: IntoFrame, *, keys: Sequence[str], of: str) -> Table:
    """Count per group how many different values a column has, the missing not among them.

    Two group-bys: one for the different rows, one for the groups.
    """
    import narwhals as nw

    return aggregate(_list_distinct(frame, keys, of), keys=keys, sums={"count": nw.lit(1.0)})


def _list_distinct(frame: IntoFrame, keys: Sequence[str], of: str) -> "Frame":
    import narwhals as nw

    opened = open_frame(frame, keys=[*keys, of])
    schema = opened.collect_schema()
    columns = list(dict.fromkeys([*keys, of]))
    cleaned = [
        nw.when(~nw.col(name).is_nan()).then(nw.col(name)).alias(name)
        if schema[name].is_float()
        else nw.col(name)
        for name in columns
    ]
    return opened.select(*cleaned).filter(~nw.col(of).is_null()).unique(columns)
