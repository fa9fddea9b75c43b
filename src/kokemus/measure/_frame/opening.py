"""A frame of any kind becomes a Narwhals frame whose columns are there and of the right kind."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw
    from narwhals.typing import IntoFrame as IntoFrame

    Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]
else:
    IntoFrame = Any
    Frame = Any


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


def open_frame(
    frame: "IntoFrame | Frame", *, numbers: Sequence[str] = (), keys: Sequence[str] = ()
) -> "Frame":
    """Wrap a frame; `numbers` must hold numbers or booleans, `keys` must be there.

    An eager Polars frame is made lazy, so that a chain of expressions runs as one query. A frame
    that is wrapped already is checked and returned.
    """
    import narwhals as nw

    opened = nw.from_native(frame)
    if isinstance(opened, nw.DataFrame) and opened.implementation.is_polars():
        opened = opened.lazy()
    _check_columns(opened, numbers, keys)
    return opened


def number(column: str) -> "nw.Expr":
    """Read a column as doubles in which NaN and every kind of null are null."""
    import narwhals as nw

    return number_of(nw.col(column))


def number_of(expression: "nw.Expr") -> "nw.Expr":
    """Make an expression doubles in which NaN and every kind of null are null."""
    import narwhals as nw

    double = expression.cast(nw.Float64)
    return nw.when(~double.is_nan()).then(double)


def fetch(frame: "Frame") -> "nw.DataFrame[Any]":
    """Let the engine work, and read the small table that it returns."""
    import narwhals as nw

    if not isinstance(frame, nw.LazyFrame):
        return frame
    if frame.implementation.is_polars():
        return frame.collect(engine="streaming")
    return frame.collect()


def _check_columns(frame: "Frame", numbers: Sequence[str], keys: Sequence[str]) -> None:
    import narwhals as nw

    schema = frame.collect_schema()
    for column in [*numbers, *keys]:
        if column not in schema:
            raise UnknownColumn(column, schema.names())
    for column in numbers:
        kind = schema[column]
        if not (kind.is_numeric() or kind in {nw.Boolean, nw.Object, nw.Unknown}):
            raise NotNumbers(f"column {column!r} must hold numbers, and holds {kind}")


def nearest_names(name: str, names: Sequence[str]) -> list[str]:
    """Return up to three of the names, those most like the one that is not there."""
    lowered = {other.lower(): other for other in reversed(names)}
    for likeness in (0.6, 0.0):
        if close := get_close_matches(name.lower(), list(lowered), n=3, cutoff=likeness):
            return [lowered[other] for other in close]
    return []
