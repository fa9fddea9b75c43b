"""Sums per group: one query of the frame's engine, read as arrays."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from kokemus.measure._frame.categories import declared_order
from kokemus.measure._frame.opening import Frame, IntoFrame, fetch, open_frame
from kokemus.measure._frame.reading import Levels, number_groups, read_levels, read_numbers
from kokemus.measure.histograms import Floats, Indices, sum_by_group

if TYPE_CHECKING:
    import narwhals as nw


@dataclass(frozen=True)
class Table:
    """A row per group, sorted by its keys unless told otherwise, those without a value last.

    `levels` has for each key column its distinct values in order, `codes` (key columns by rows)
    points into them; `numbers` has the sums, a row for a row. Many rows are quicker by codes.
    """

    levels: tuple[Levels, ...]
    codes: Indices
    numbers: dict[str, Floats]

    @cached_property
    def keys(self) -> list[tuple[Hashable, ...]]:
        """The group of each row, a value per key column; without key columns one ()."""
        if not self.levels:
            return [()]
        columns = (
            [level[code] for code in codes.tolist()]
            for level, codes in zip(self.levels, self.codes, strict=True)
        )
        return list(zip(*columns, strict=True))


def aggregate(
    frame: "IntoFrame | Frame",
    *,
    keys: Sequence[str] = (),
    sums: Mapping[str, "nw.Expr"],
    counts: Mapping[str, "nw.Expr"] | None = None,
    known: Mapping[str, "nw.Expr"] | None = None,
    rows: str | None = None,
    is_sorted: bool = True,
) -> Table:
    """Sum expressions over the rows of each group, by one group-by (one select without keys).

    The expressions give a number for each row, null where it adds nothing; the sum of none is 0.
    Null, NaN and NaT as key are one missing group, None. Sums are doubles. `counts` are
    conditions, of which it is counted how often they hold: as quick as the engine can; of `known`
    it is counted how often they have a value. `rows` names a further number: how many rows the
    group has. Without `is_sorted` the groups come as the engine gives them, which is quicker for
    many, and a missing key of two kinds may come twice.
    """
    import narwhals as nw

    opened = open_frame(frame, keys=keys)
    schema = opened.collect_schema()
    places = {f"key_{place}": read_key(key, schema[key]) for place, key in enumerate(keys)}
    conditions = dict(counts or {})
    kind = opened.implementation
    if not (kind.is_polars() or kind.is_duckdb()):  # those two count what is true; Spark cannot
        conditions = {name: each.cast(nw.Float64) for name, each in conditions.items()}
    amounts = [*(each.cast(nw.Float64) for each in sums.values()), *conditions.values()]
    columns = {name: f"sum_{place}" for place, name in enumerate([*sums, *conditions])}
    named = dict(zip(columns.values(), amounts, strict=True))
    totals = [nw.col(name).sum() for name in named]
    for place, (name, each) in enumerate((known or {}).items()):
        columns[name] = f"known_{place}"
        named[columns[name]] = each
        totals.append(nw.col(columns[name]).count())
    chosen = opened.with_columns(**places, **named).select(*places, *named)
    if rows is not None:
        totals.append(nw.len().alias("rows"))
        columns[rows] = "rows"
    summed = chosen.group_by(*places).agg(*totals) if places else chosen.select(*totals)
    orders = [declared_order(schema[key]) for key in keys]
    found = fetch(summed)
    return read_table(found, keys=list(places), sums=columns, orders=orders, is_sorted=is_sorted)


def read_key(key: str, kind: "nw.dtypes.DType") -> "nw.Expr":
    """Read a key column with NaN as null."""
    import narwhals as nw

    column = nw.col(key)
    return nw.when(~column.is_nan()).then(column) if kind.is_float() else column


def read_table(
    frame: "nw.DataFrame[Any]",
    *,
    keys: Sequence[str],
    sums: Mapping[str, str],
    orders: Sequence[Sequence[str] | None],
    is_sorted: bool = True,
) -> Table:
    """Read columns of keys, and of sums by the name to give them; equal keys become one row.

    `orders` has for each key the order that it declares, or None. Without `is_sorted` the rows
    stay as they are.
    """
    numbers = {name: read_numbers(frame[column], name) for name, column in sums.items()}
    if not keys:
        return Table(levels=(), codes=np.zeros((0, 1), np.intp), numbers=numbers)
    levels, codes = zip(
        *(read_levels(frame[key], order) for key, order in zip(keys, orders, strict=True)),
        strict=True,
    )
    if not is_sorted:
        return Table(levels=levels, codes=np.array(codes), numbers=numbers)
    index, kept = number_groups(levels, codes)
    groups = kept.shape[1]
    summed = {name: sum_by_group(index, amounts, groups) for name, amounts in numbers.items()}
    return Table(levels=levels, codes=kept, numbers=summed)
