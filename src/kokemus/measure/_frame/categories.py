"""Categories as what they stand for: numbers, times or words, in the order that they declare."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw

    Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]

NULLABLE = {"i": "Int64", "u": "UInt64", "b": "boolean"}  # pandas' whole numbers have no gaps


class OrderUnclear(ValueError):
    """Categories declared in an order that their values do not have, where order matters."""


def decode(frame: "Frame", columns: Sequence[str], *, ordered: Sequence[str] = ()) -> "Frame":
    """Replace categories by their values, and a pandas column of objects without any by numbers.

    Narwhals takes the categories of pandas and PyArrow for words, whatever they hold. Ordered
    words stay as they are, of the kind Enum. `ordered` columns are those whose order matters:
    other values must ascend as they are declared.
    """
    import narwhals as nw

    kind = frame.implementation
    if not (kind.is_pandas() or kind.is_pyarrow()):
        return frame
    schema = frame.collect_schema()
    kinds = (nw.Categorical, nw.Enum, nw.String)
    found = [name for name in dict.fromkeys(columns) if isinstance(schema.get(name), kinds)]
    if not found:
        return frame
    native = frame.to_native()
    replaced = _decode_pandas if kind.is_pandas() else _decode_pyarrow
    changed = {}
    for name in found:
        column = replaced(native[name])
        if column is not None:
            if name in ordered and not _is_ascending(native[name], is_pandas=kind.is_pandas()):
                raise OrderUnclear(
                    f"column {name!r} declares an order that its values do not have;"
                    " turn it into times, numbers or words that sort as meant"
                )
            changed[name] = column
    if not changed:
        return frame
    made: Frame = nw.from_native(_replace(native, changed, is_pandas=kind.is_pandas()))
    return made


def declared_order(kind: "nw.dtypes.DType") -> tuple[str, ...] | None:
    """Tell the order that a column declares for its words, if it does."""
    import narwhals as nw

    return tuple(kind.categories) if isinstance(kind, nw.Enum) else None


def place_in_order(frame: "Frame", column: str) -> "nw.Expr":
    """Read a column by which rows are put in order: declared words as their places."""
    import narwhals as nw

    kind = frame.collect_schema()[column]
    read = nw.col(column)
    if isinstance(kind, nw.Categorical):
        return read.cast(nw.String)
    order = declared_order(kind)
    if order is None:
        return nw.when(~read.is_nan()).then(read) if kind.is_float() else read
    place = nw.lit(0.0)
    for number, word in enumerate(order):
        is_word = nw.when(read.cast(nw.String) == nw.lit(word)).then(nw.lit(float(number)))
        place = place + is_word.otherwise(nw.lit(0.0))
    return nw.when(~read.is_null()).then(place)


def sort_levels(levels: Sequence[Hashable], order: Sequence[str] | None) -> list[Hashable]:
    """Sort levels as declared, or each after its kind; the missing one comes last."""
    from kokemus.measure._frame.reading import order_key

    if order is None:
        return sorted(levels, key=order_key)
    place = {word: number for number, word in enumerate(order)}
    return sorted(levels, key=lambda level: place.get(level, len(place)))  # type: ignore[call-overload]


def _decode_pandas(column: Any) -> Any:
    """Return the column of values, None where it is to stay."""
    if not hasattr(column, "cat"):
        has_none = column.dtype == object and column.isna().all()
        return column.astype("float64") if has_none else None
    values = column.cat.categories.dtype
    if values.kind in NULLABLE and column.isna().any():
        return column.astype(NULLABLE[values.kind])
    if values.kind in "iubfMm" or not (column.cat.ordered or _is_other(values)):
        return column.astype(values)
    if _is_other(values):  # intervals of numbers, as a cut gives
        return column.cat.rename_categories([str(value) for value in column.cat.categories])
    return None


def _is_other(values: Any) -> bool:
    return str(values).startswith(("interval", "period", "timedelta"))


def _decode_pyarrow(column: Any) -> Any:
    is_coded = hasattr(column.type, "value_type") and hasattr(column.type, "ordered")
    return column.cast(column.type.value_type) if is_coded else None


def _is_ascending(column: Any, *, is_pandas: bool) -> bool:
    if is_pandas:
        is_free = not (hasattr(column, "cat") and column.cat.ordered)
        return is_free or bool(column.cat.categories.is_monotonic_increasing)
    if not column.type.ordered:
        return True
    values = column.unify_dictionaries().chunk(0).dictionary.to_pylist() if len(column) else []
    return values == sorted(values)


def _replace(native: Any, columns: dict[str, Any], *, is_pandas: bool) -> Any:
    if is_pandas:
        native = native.copy(deep=False)
        for name, column in columns.items():
            native[name] = column
        return native
    for name, column in columns.items():
        native = native.set_column(native.schema.get_field_index(name), name, column)
    return native
