"""The only place where `measure` reads dataframes, whatever their kind, through Narwhals.

Narwhals itself is imported when the first frame comes: who works on histograms does not wait.
"""

import math
import sys
from collections.abc import Container, Hashable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from kokemus.measure.histograms import (
    Floats,
    HistogramTable,
    Indices,
    NegativeWeights,
    sum_by_group,
)

if TYPE_CHECKING:
    import narwhals as nw
    from narwhals.typing import IntoFrame as IntoFrame

    Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]
else:
    IntoFrame = Any

LARGEST = sys.float_info.max
SUMS = ("rows", "answers", "weight", "squared", "negative")


class UnknownColumn(LookupError):
    """A column that the frame does not have."""

    def __init__(self, column: str, columns: Sequence[str]) -> None:
        self.column = column
        self.nearest = nearest_names(column, columns)
        super().__init__(column)

    def __str__(self) -> str:
        return f"there is no column {self.column!r}; the nearest: {', '.join(self.nearest)}"


class NotNumbers(TypeError):
    """A column that must hold numbers and holds something else."""


def histogram(
    frame: IntoFrame,
    *,
    score: str,
    by: str | Sequence[str] | None = None,
    weight: str | None = None,
    count: str | None = None,
) -> HistogramTable:
    """Count the answers of each value in each group, by one group-by in the frame's engine.

    Null and NaN are missing, as score, as weight and as group; a weight of 0 counts as none.
    """
    import narwhals as nw

    native = nw.from_native(frame)
    if native.implementation.is_polars():
        native = native.lazy()
    keys = [by] if isinstance(by, str) else list(by or ())
    check_columns(native, [score, *filter(None, [weight, count])], keys)
    columns = _collect(native, score=score, keys=keys, weight=weight, count=count)
    if columns["negative"].any():
        raise NegativeWeights(
            f"column {weight or count!r} has negative numbers"
            f" in {int(columns['negative'].sum()):,} rows"
        )
    names = columns["names"] if by else [None] * len(columns["value"])
    groups, index = _number_groups(names, is_single=isinstance(by, str), is_grouped=bool(by))
    return _tabulate(score, groups, index, columns)


def check_columns(frame: "Frame", numbers: Sequence[str], keys: Sequence[str]) -> None:
    import narwhals as nw

    schema = frame.collect_schema()
    for column in [*numbers, *keys]:
        if column not in schema:
            raise UnknownColumn(column, schema.names())
    for column in numbers:
        kind = schema[column]
        if not (kind.is_numeric() or kind in {nw.Boolean, nw.Object, nw.Unknown}):
            raise NotNumbers(f"column {column!r} must hold numbers, and holds {kind}")


def _collect(
    frame: "Frame", *, score: str, keys: Sequence[str], weight: str | None, count: str | None
) -> dict[str, Any]:
    """Run the group-by; all sums are doubles, exact up to 9e15 answers."""
    import narwhals as nw

    numbers = {name: column for name, column in {"w": weight, "c": count}.items() if column}
    chosen = frame.select(
        nw.col(score).alias("value"),  # grouping by small integers is faster than by doubles
        *(nw.col(key).alias(f"key_{place}") for place, key in enumerate(keys)),
        *(nw.col(column).cast(nw.Float64).alias(name) for name, column in numbers.items()),
    )
    places = [f"key_{place}" for place in range(len(keys))]
    if numbers:
        table = _fetch(
            chosen.with_columns(*_amounts(numbers))
            .group_by("value", *places)
            .agg(*(nw.col(name).sum() for name in SUMS))
        )
    else:
        table = _fetch(chosen.group_by("value", *places).agg(nw.len().alias("rows")))
    names = ("value", "rows", *(SUMS if numbers else ()))
    columns: dict[str, Any] = {name: _read_numbers(table[name], score) for name in names}
    if not numbers:
        columns |= dict.fromkeys(("answers", "weight", "squared"), columns["rows"])
        columns["negative"] = np.zeros(0)
    columns["names"] = list(zip(*(_read_keys(table[place]) for place in places), strict=True))
    return columns


def _read_numbers(series: "nw.Series[Any]", column: str) -> Floats:
    """Read doubles with every kind of null as NaN; pandas alone has three."""
    numbers = zip(series.to_list(), series.is_null().to_list(), strict=True)
    try:
        return np.array([math.nan if null else float(number) for number, null in numbers])
    except (TypeError, ValueError) as error:  # a pandas column of objects can hold anything
        raise NotNumbers(f"column {column!r} must hold numbers: {error}") from error


def _read_keys(series: "nw.Series[Any]") -> list[Any]:
    keys = zip(series.to_list(), series.is_null().to_list(), strict=True)
    return [None if null else key for key, null in keys]


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
    """Whether a number is over 0 and finite; engines disagree on comparing NaN with 0, not here."""
    import narwhals as nw

    return (number > nw.lit(0.0)) & (number <= nw.lit(LARGEST))


def _fetch(frame: "Frame") -> "nw.DataFrame[Any]":
    import narwhals as nw

    if not isinstance(frame, nw.LazyFrame):
        return frame
    if frame.implementation.is_polars():
        return frame.collect(engine="streaming")
    return frame.collect()


def _number_groups(
    names: Sequence[Any], *, is_single: bool, is_grouped: bool
) -> tuple[tuple[Hashable, ...], Indices]:
    """Sort the groups, the missing one last, and number the rows by them."""
    if not is_grouped:
        return (None,), np.zeros(len(names), np.intp)
    cleaned = {name: tuple(_clean_key(part) for part in name) for name in names}
    ordered = sorted(
        set(cleaned.values()), key=lambda name: tuple(_order_key(part) for part in name)
    )
    place = {name: number for number, name in enumerate(ordered)}
    number = {name: place[clean] for name, clean in cleaned.items()}
    groups = tuple(name[0] for name in ordered) if is_single else tuple(ordered)
    return groups, np.array([number[name] for name in names], np.intp)


def _clean_key(part: Any) -> Any:
    """Make NaN and pandas' NaT the one missing group, and NumPy's scalars plain."""
    if isinstance(part, np.generic):
        part = part.item()
    return None if part is None or part != part else part


def _order_key(part: Any) -> tuple[int, str, Any]:
    """Order numbers by size and the rest within its kind; the missing group comes last."""
    if part is None:
        return (2, "", 0)
    if isinstance(part, int | float) and not math.isnan(part):
        return (0, "", part)
    return (1, type(part).__name__, part)


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


def nearest_names(name: str, names: Sequence[str]) -> list[str]:
    """Return up to three of the names, those most like the one that is not there."""
    lowered = {other.lower(): other for other in reversed(names)}
    for likeness in (0.6, 0.0):
        if close := get_close_matches(name.lower(), list(lowered), n=3, cutoff=likeness):
            return [lowered[other] for other in close]
    return []
