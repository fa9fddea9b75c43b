"""Sums and counts of several columns, for means by group."""

from collections.abc import Sequence
from functools import reduce
from operator import or_

from kokemus.measure._frame.aggregating import Table, aggregate
from kokemus.measure._frame.opening import Frame, number


def average_by(
    frame: Frame, *, columns: Sequence[str], keys: Sequence[str], squares: bool = False
) -> Table:
    """Sum and count each column in each group, by one group-by.

    The table has "sum …" and "count …" for each column (with `squares` also "square …"), "rows"
    that have any of the numbers, and rows "missing" that have none.
    """
    import narwhals as nw

    one = nw.lit(1.0)
    is_there = {column: ~number(column).is_null() for column in columns}
    has_any = reduce(or_, is_there.values())
    sums: dict[str, nw.Expr] = {
        "rows": nw.when(has_any).then(one),
        "missing": nw.when(~has_any).then(one),
    }
    for column in columns:
        sums[f"sum {column}"] = number(column)
        sums[f"count {column}"] = nw.when(is_there[column]).then(one)
        if squares:
            sums[f"square {column}"] = number(column) * number(column)
    return aggregate(frame, keys=keys, sums=sums)
