"""Cross-products of columns: the sufficient statistic of every linear model."""

import math
import operator
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from kokemus.measure._frame.aggregating import Table, aggregate, read_key, read_table
from kokemus.measure._frame.categories import declared_order
from kokemus.measure._frame.opening import (
    Frame,
    IntoFrame,
    fetch,
    number,
    refuse_infinite,
    wrap_frame,
)
from kokemus.measure._frame.reading import read_numbers
from kokemus.measure._frame.scaling import scale_weights
from kokemus.measure.histograms import Floats, NegativeWeights

if TYPE_CHECKING:
    import narwhals as nw
    from numpy.typing import NDArray

CENTRE_ROWS = 1000
COLUMNS_MAX = 52  # a pattern of missing columns is a whole number that a double holds exactly


@dataclass(frozen=True)
class GramTable:
    """Cross-products of ``[1, columns - centre]``, a row per group and pattern of missing columns.

    Attributes
    ----------
    columns : tuple of str
        The p columns, in the order of the products.
    centre : array (p,)
        What was subtracted from each column, near its mean, so that sums of squares keep their
        digits. Covariances and slopes are as without it; a mean is ``centre`` higher.
    groups : list
        The group of each row: its value, a tuple with several `by` columns, None without `by`.
    is_present : array of bool (rows, p)
        Which columns have a value in the row's pattern. A pattern occurs once per group.
    answers, weights, weights_squared : arrays (rows,)
        How many rows of the frame, the sum of their weights, and of the squares of these.
    products : array (rows, p + 1, p + 1)
        Weighted sums of products; 0 for a column that the pattern lacks. ``products[:, 0, 0]``
        is the sum of weights.
    """

    columns: tuple[str, ...]
    centre: Floats
    groups: list[Hashable]
    is_present: "NDArray[np.bool_]"
    answers: Floats
    weights: Floats
    weights_squared: Floats
    products: Floats

    @property
    def is_complete(self) -> "NDArray[np.bool_]":
        """Which rows lack no column: listwise deletion keeps these."""
        return np.asarray(self.is_present.all(axis=1))


def gram(
    frame: "IntoFrame | Frame",
    *,
    columns: Sequence[str],
    weight: str | None = None,
    by: str | Sequence[str] | None = None,
) -> GramTable:
    """Sum products of columns, weighted, per group and pattern of missing values.

    Null and NaN are missing. Rows whose weight is missing or 0 are left out; a negative one
    raises `NegativeWeights`, infinity `NotFinite`. At most 52 columns.

    The engine takes the means of the first 1,000 rows, then one select if no value is missing;
    with missing values, or with `by`, one group-by.
    """
    if len(columns) > COLUMNS_MAX:
        raise ValueError(f"at most {COLUMNS_MAX} columns, not {len(columns)}")
    if not columns:
        raise ValueError("cross-products need a column")
    keys = [by] if isinstance(by, str) else list(by or ())
    numbers = [*columns, *filter(None, [weight])]
    opened = wrap_frame(frame, numbers=numbers, keys=keys)
    with np.errstate(invalid="ignore"):  # pandas warns of infinity, which is refused below
        centre = find_centre(opened, columns)
        prepared = _prepare(opened, columns, centre, weight, keys)
        sums = _list_sums(len(columns), has_weight=weight is not None)
        table = None if keys else _sum_complete(prepared, sums, len(columns))
        if table is None:
            table = _sum_patterns(prepared, sums, len(columns), keys=len(keys))
    if not all(np.isfinite(amounts).all() for amounts in table.numbers.values()):
        refuse_infinite(opened, numbers)
    if "negative" in table.numbers and table.numbers["negative"].any():
        raise NegativeWeights(f"column {weight!r} has negative numbers")
    if weight and (scaled := scale_weights(opened, weight, float(table.numbers["weight"].sum()))):
        opened, weight = scaled
        return gram(opened, columns=columns, weight=weight, by=by)
    return _tabulate(tuple(columns), centre, table, is_single=isinstance(by, str))


def find_centre(frame: Frame, columns: Sequence[str]) -> Floats:
    means = {f"mean_{place}": number(column) for place, column in enumerate(columns)}
    some = frame.select(*columns).head(CENTRE_ROWS)
    found = fetch(some.with_columns(**means).select(*(_mean(name) for name in means)))
    centre = [float(read_numbers(found[name], name)[0]) for name in means]
    return np.array([middle if math.isfinite(middle) else 0.0 for middle in centre])


def _mean(name: str) -> "nw.Expr":
    import narwhals as nw

    return nw.col(name).mean()


def _prepare(
    frame: Frame, columns: Sequence[str], centre: Floats, weight: str | None, keys: Sequence[str]
) -> Frame:
    """Name the columns x_0, x_1, … around the centre, the keys key_0, … and the weight w."""
    import narwhals as nw

    schema = frame.collect_schema()
    chosen = {f"key_{place}": read_key(key, schema[key]) for place, key in enumerate(keys)}
    for place, (column, middle) in enumerate(zip(columns, centre.tolist(), strict=True)):
        chosen[f"x_{place}"] = _read(column, schema[column]) - middle
    if weight is not None:
        w = number(weight)
        chosen["w"] = nw.when(w > nw.lit(0.0)).then(w).otherwise(nw.lit(0.0))
        chosen["negative"] = nw.when(w < nw.lit(0.0)).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    return frame.with_columns(**chosen).select(*chosen)


def _read(column: str, kind: "nw.dtypes.DType") -> "nw.Expr":
    """Read doubles; whole numbers are never NaN, which saves a pass over them."""
    import narwhals as nw

    return nw.col(column).cast(nw.Float64) if kind.is_integer() else number(column)


def _list_sums(columns: int, *, has_weight: bool) -> dict[str, "nw.Expr"]:
    """List what is summed; the products of missing values are null and add nothing."""
    import narwhals as nw

    x = [nw.col(f"x_{place}") for place in range(columns)]
    sums = {f"0,{j + 1}": x[j] for j in range(columns)}
    sums |= {f"{i + 1},{j + 1}": x[i] * x[j] for i in range(columns) for j in range(i, columns)}
    if not has_weight:
        return sums
    w = nw.col("w")
    weighted = {name: product * w for name, product in sums.items()}
    return {
        **weighted,
        "answers": (w > nw.lit(0.0)).cast(nw.Float64),
        "weight": w,
        "squared": w * w,
        "negative": nw.col("negative"),
    }


def _sum_complete(prepared: Frame, sums: Mapping[str, "nw.Expr"], columns: int) -> Table | None:
    """Sum over all rows at once; None if a value is missing.

    Each product is summed as it is made: kept in columns of their own, they would not fit in the
    processor's cache, which takes three times as long.
    """
    import narwhals as nw

    counts = {f"n_{place}": nw.col(f"x_{place}").count() for place in range(columns)}
    found = fetch(
        prepared.select(
            *(each.sum().alias(name) for name, each in sums.items()),
            *(each.alias(name) for name, each in counts.items()),
            nw.len().alias("rows"),
        )
    )
    numbers = {name: read_numbers(found[name], name) for name in [*sums, *counts, "rows"]}
    if any(numbers.pop(name) != numbers["rows"] for name in counts):
        return None
    return Table(levels=((0,),), codes=np.zeros((1, 1), np.intp), numbers=numbers)


def _sum_patterns(
    prepared: Frame, sums: Mapping[str, "nw.Expr"], columns: int, *, keys: int
) -> Table:
    """Sum per group and pattern: a whole number with a bit for each column that is missing."""
    import narwhals as nw

    bits = [
        nw.when(nw.col(f"x_{place}").is_null()).then(nw.lit(float(2**place))).otherwise(nw.lit(0.0))
        for place in range(columns)
    ]
    frame = prepared.with_columns(pattern=reduce(operator.add, bits))
    names = [*(f"key_{place}" for place in range(keys)), "pattern"]
    if not isinstance(frame, nw.LazyFrame):  # an eager one sums columns only
        return aggregate(frame, keys=names, sums=sums, rows="rows")
    totals = [each.sum().alias(name) for name, each in sums.items()]
    summed = fetch(frame.group_by(*names).agg(*totals, nw.len().alias("rows")))
    schema = frame.collect_schema()
    orders = [declared_order(schema[name]) for name in names]
    sums_by_name = {name: name for name in [*sums, "rows"]}
    return read_table(summed, keys=names, sums=sums_by_name, orders=orders)


def _tabulate(
    columns: tuple[str, ...], centre: Floats, table: Table, *, is_single: bool
) -> GramTable:
    size = len(columns) + 1
    for name in ("answers", "weight", "squared"):
        table.numbers.setdefault(name, table.numbers["rows"])
    is_counted = table.numbers["weight"] > 0
    products = np.zeros((int(is_counted.sum()), size, size))
    products[:, 0, 0] = table.numbers["weight"][is_counted]
    for name, amounts in table.numbers.items():
        if "," in name:
            i, j = (int(part) for part in name.split(","))
            products[:, i, j] = products[:, j, i] = amounts[is_counted]
    keys = [key for key, kept in zip(table.keys, is_counted, strict=True) if kept]
    patterns = np.array([int(float(key[-1])) for key in keys], np.int64)  # type: ignore[arg-type]
    is_present = (patterns[:, None] >> np.arange(len(columns))) & 1 == 0
    products *= np.insert(is_present, 0, True, axis=1)[:, :, None]
    products *= np.insert(is_present, 0, True, axis=1)[:, None, :]
    return GramTable(
        columns=columns,
        centre=centre,
        groups=[_name_group(key[:-1], is_single=is_single) for key in keys],
        is_present=is_present,
        answers=table.numbers["answers"][is_counted],
        weights=table.numbers["weight"][is_counted],
        weights_squared=table.numbers["squared"][is_counted],
        products=products,
    )


def _name_group(key: tuple[Hashable, ...], *, is_single: bool) -> Hashable:
    if not key:
        return None
    return key[0] if is_single else key
