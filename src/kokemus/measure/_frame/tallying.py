"""How many gave each answer, per group: the sufficient statistic of every score."""

import math
from collections.abc import Container, Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kokemus.measure._frame.aggregating import Table, aggregate
from kokemus.measure._frame.categories import declared_order
from kokemus.measure._frame.opening import (
    Frame,
    IntoFrame,
    fetch,
    number,
    number_of,
    refuse_infinite,
    wrap_frame,
)
from kokemus.measure._frame.reading import number_groups, read_levels, read_numbers
from kokemus.measure._frame.scaling import scale_weights
from kokemus.measure.histograms import (
    Floats,
    HistogramTable,
    Indices,
    NegativeWeights,
    sum_by_group,
)

if TYPE_CHECKING:
    import narwhals as nw

SUMS = ("rows", "answers", "weight", "squared", "negative")


def histogram(
    frame: "IntoFrame | Frame",
    *,
    score: str,
    by: str | Sequence[str] | None = None,
    weight: str | None = None,
    count: str | None = None,
) -> HistogramTable:
    """Count the answers of each value in each group, by one group-by in the frame's engine.

    Null and NaN are missing, as score, as weight and as group; a weight of 0 counts as none;
    infinity raises `NotFinite`.
    """
    table = tally_values(frame, score=score, by=by, weight=weight, count=count)
    if np.isinf(table.values).any():
        refuse_infinite(wrap_frame(frame, numbers=[score]), [score])
    return table


def tally_values(
    frame: "IntoFrame | Frame",
    *,
    score: str,
    by: str | Sequence[str] | None = None,
    weight: str | None = None,
    count: str | None = None,
) -> HistogramTable:
    """Count as `histogram` does, infinite answers too: a scale has yet to tell what they are."""
    keys = [by] if isinstance(by, str) else list(by or ())
    weights = [column for column in (weight, count) if column]
    opened = wrap_frame(frame, numbers=[score, *weights], keys=keys)
    table = _collect(opened, score=score, keys=keys, weight=weight, count=count)
    names = ("value", "rows", *(SUMS if weights else ()))
    columns = {name: read_numbers(table[name], score) for name in names}
    if not weights:
        columns |= dict.fromkeys(("answers", "weight", "squared"), columns["rows"])
    elif not all(np.isfinite(columns[name]).all() for name in SUMS):
        refuse_infinite(opened, weights)
    if weights and columns["negative"].any():
        raise NegativeWeights(
            f"column {weight or count!r} has negative numbers"
            f" in {int(columns['negative'].sum()):,} rows"
        )
    if weight and (scaled := scale_weights(opened, weight, float(columns["weight"].sum()))):
        opened, weight = scaled
        return tally_values(opened, score=score, by=by, weight=weight, count=count)
    schema = opened.collect_schema()
    orders = [declared_order(schema[key]) for key in keys]
    groups, index = _read_groups(table, orders, is_single=isinstance(by, str))
    return _tabulate(score, groups, index, columns)


def tally_classes(
    frame: "IntoFrame | Frame",
    *,
    score: str,
    by: str | Sequence[str] | None = None,
    missing: Sequence[float] = (),
    scale: tuple[float, float],
    cuts: Sequence[float],
) -> HistogramTable | None:
    """Count the answers of each class in each group: a histogram with a value per class.

    The classes begin at the scale's lowest answer and at each of `cuts`, which ascend. A group
    has one row in the engine instead of one per answer, so this is quicker than `histogram` by
    half. None where an answer is off the scale or not whole, or the scale itself is not: who asks
    then takes the histogram, which names such answers.
    """
    import narwhals as nw

    keys = [by] if isinstance(by, str) else list(by or ())
    opened = wrap_frame(frame, numbers=[score], keys=keys)
    kind = opened.collect_schema()[score]
    low, high = scale
    is_whole = float(low).is_integer() and float(high).is_integer() and low < min(cuts)
    if not is_whole or not (kind.is_integer() or kind.is_float()):
        return None
    column = nw.col(score)
    codes: list[float] = [float(code) for code in missing if not math.isnan(code)]
    if kind.is_integer():
        codes = [int(code) for code in codes if code.is_integer()]
    if codes:
        column = nw.when(~column.is_in(codes)).then(column)
    if kind.is_float():
        whole = [float(value) for value in range(math.ceil(low), math.floor(high) + 1)]
        column = number_of(column)
        is_on = column.is_in(whole)
    else:
        is_on = (column >= low) & (column <= high)
    counts = {f"from {cut:g}": column >= cut for cut in cuts}
    counts |= {"on scale": is_on}
    table = aggregate(
        opened, keys=keys, sums={}, counts=counts, known={"answers": column}, rows="rows"
    )
    if (table.numbers["on scale"] != table.numbers["answers"]).any():
        return None
    return _tabulate_classes(score, table, low, cuts, is_single=isinstance(by, str))


def _tabulate_classes(
    score: str, table: Table, low: float, cuts: Sequence[float], *, is_single: bool
) -> HistogramTable:
    """Part what reaches a cut from what reaches the next."""
    answers = table.numbers["answers"]
    reached = [answers, *(table.numbers[f"from {cut:g}"] for cut in cuts), np.zeros_like(answers)]
    counts = -np.diff(np.array(reached), axis=0).T.ravel()
    groups = tuple(key[0] for key in table.keys) if is_single else tuple(table.keys)
    whole = HistogramTable(
        column=score,
        groups=groups if table.levels else (None,),
        group_index=np.repeat(np.arange(len(answers)), len(cuts) + 1),
        values=np.tile(np.array([low, *cuts], float), len(answers)),
        answers=counts,
        weights=counts,
        weights_squared=counts,
        missing=table.numbers["rows"] - answers,
    )
    return whole.keep(counts > 0)


def _collect(
    frame: "Frame", *, score: str, keys: Sequence[str], weight: str | None, count: str | None
) -> "nw.DataFrame[Any]":
    """Run the group-by; all sums are doubles, exact up to 9e15 answers."""
    import narwhals as nw

    numbers = {name: column for name, column in {"w": weight, "c": count}.items() if column}
    chosen = frame.select(
        nw.col(score).alias("value"),  # grouping by small integers is faster than by doubles
        *(nw.col(key).alias(f"key_{place}") for place, key in enumerate(keys)),
        *(number(column).alias(name) for name, column in numbers.items()),
    )
    places = [f"key_{place}" for place in range(len(keys))]
    if not numbers:
        return fetch(chosen.group_by("value", *places).agg(nw.len().alias("rows")))
    return fetch(
        chosen.with_columns(*_amounts(numbers))
        .group_by("value", *places)
        .agg(*(nw.col(name).sum() for name in SUMS))
    )


def _amounts(numbers: Container[str]) -> list[Any]:
    """Build what each row adds to its cell, given a weight "w", a count "c" or both."""
    import narwhals as nw

    zero, one = nw.lit(0.0), nw.lit(1.0)
    w = nw.col("w") if "w" in numbers else None
    c = nw.col("c") if "c" in numbers else None
    if w is None:
        amounts, is_counted, is_negative = (c, c, c), _is_positive(c), c < zero
    elif c is None:
        amounts, is_counted, is_negative = (one, w, w * w), _is_positive(w), w < zero
    else:
        amounts, is_counted = (c, w * c, w * w * c), _is_positive(w) & _is_positive(c)
        is_negative = (w < zero) | (c < zero)
    rows = one if c is None else nw.when(_is_positive(c)).then(c).otherwise(zero)
    return [
        rows.alias("rows"),
        *(
            nw.when(is_counted).then(amount).otherwise(zero).alias(name)
            for name, amount in zip(("answers", "weight", "squared"), amounts, strict=True)
        ),
        nw.when(is_negative).then(one).otherwise(zero).alias("negative"),
    ]


def _is_positive(number: Any) -> Any:
    import narwhals as nw

    return number > nw.lit(0.0)


def _read_groups(
    table: "nw.DataFrame[Any]", orders: Sequence[Sequence[str] | None], *, is_single: bool
) -> tuple[tuple[Hashable, ...], Indices]:
    """Sort the groups, the missing one last, and number the rows by them."""
    if not orders:
        return (None,), np.zeros(len(table), np.intp)
    levels, codes = zip(
        *(read_levels(table[f"key_{place}"], order) for place, order in enumerate(orders)),
        strict=True,
    )
    index, kept = number_groups(levels, codes)
    names = [
        [level[code] for code in row.tolist()] for level, row in zip(levels, kept, strict=True)
    ]
    return tuple(names[0]) if is_single else tuple(zip(*names, strict=True)), index


def _tabulate(
    score: str, groups: tuple[Hashable, ...], index: Indices, columns: dict[str, Floats]
) -> HistogramTable:
    """Part what is counted from what is missing: no value, or no weight."""
    has_value = ~np.isnan(columns["value"])
    answers = np.where(has_value, columns["answers"], 0.0)
    missing = sum_by_group(index, columns["rows"] - answers, len(groups))
    table = HistogramTable(
        column=score,
        groups=groups,
        group_index=index,
        values=columns["value"],
        answers=answers,
        weights=columns["weight"],
        weights_squared=columns["squared"],
        missing=missing,
    )
    return table.keep(answers > 0)
