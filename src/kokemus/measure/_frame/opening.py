"""A frame of any kind becomes a Narwhals frame whose columns are there and of the right kind."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kokemus.measure._frame.categories import decode

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


class NotAFrame(TypeError):
    """Something else than a dataframe, such as a single column."""


class RepeatedColumns(ValueError):
    """A frame in which two columns have the same name."""


class PatternName(ValueError):
    """A column whose name engines read as a pattern that stands for other columns."""


class NotFinite(ValueError):
    """A column of numbers that has infinity, which no mean or sum survives."""


def open_frame(
    frame: "IntoFrame | Frame",
    *,
    numbers: Sequence[str] = (),
    keys: Sequence[str] = (),
    ordered: Sequence[str] = (),
) -> "Frame":
    """Wrap a frame as `wrap_frame` does, and refuse infinity in `numbers`.

    Asks the engine for one select if any of them can hold infinity.
    """
    opened = wrap_frame(frame, numbers=numbers, keys=keys, ordered=ordered)
    refuse_infinite(opened, numbers)
    return opened


def wrap_frame(
    frame: "IntoFrame | Frame",
    *,
    numbers: Sequence[str] = (),
    keys: Sequence[str] = (),
    ordered: Sequence[str] = (),
) -> "Frame":
    """Wrap a frame; `numbers` must hold numbers or booleans, `keys` must be there.

    An eager Polars frame is made lazy, so that a chain of expressions runs as one query. A frame
    that is wrapped already is checked and returned. Categories become what they stand for; of
    the keys, the order of `ordered` must be clear.
    """
    import narwhals as nw

    opened = _wrap(frame)
    if isinstance(opened, nw.DataFrame) and opened.implementation.is_polars():
        opened = opened.lazy()
    refuse_patterns([*numbers, *keys], opened.collect_schema().names())
    opened = decode(opened, [*numbers, *keys], ordered=ordered)
    _check_columns(opened, numbers, keys)
    return opened


def give_back(frame: "IntoFrame", made: "Frame", name: str) -> Any:
    """Add the column that was made to the frame that was given: an eager one stays eager."""
    import narwhals as nw

    given = _wrap(frame)
    if not isinstance(given, nw.DataFrame):
        return made.to_native()
    return given.with_columns(fetch(made.select(name))[name]).to_native()


def find_categories(frame: "IntoFrame | Frame", columns: Sequence[str]) -> list[str]:
    """Name the columns whose values, numbers too, are declared to be categories."""
    import narwhals as nw

    schema = _wrap(frame).collect_schema()
    return [name for name in columns if isinstance(schema.get(name), nw.Categorical | nw.Enum)]


def refuse_patterns(wanted: Sequence[str], columns: Sequence[str]) -> None:
    """Raise `PatternName` for a column that is there and that an engine would read as others.

    Polars takes "*" and "^…$" for every column that matches, and DuckDB counts whole rows by "*".
    """
    for column in wanted:
        name = str(column)
        is_pattern = name == "*" or (name.startswith("^") and name.endswith("$"))
        if is_pattern and column in columns:
            raise PatternName(
                f"a column named {column!r} reads as a pattern of names; rename it first"
            )


def refuse_infinite(frame: "Frame", columns: Sequence[str]) -> None:
    """Raise `NotFinite` for the first column that has infinity; whole numbers cannot."""
    import narwhals as nw

    schema = frame.collect_schema()
    whole = (nw.Boolean, nw.Unknown)
    held = [
        column
        for column in dict.fromkeys(columns)
        if not (schema[column].is_integer() or isinstance(schema[column], whole))
    ]
    if not held:
        return
    places = {f"x_{place}": number(column) for place, column in enumerate(held)}
    one, none = nw.lit(1.0), nw.lit(0.0)
    flags = [
        nw.when(nw.col(name).abs() > nw.lit(sys.float_info.max)).then(one).otherwise(none)
        for name in places
    ]
    rows = frame.with_columns(**places).select(*places)
    flagged = rows.with_columns(*(flag.alias(n) for n, flag in zip(places, flags, strict=True)))
    found = fetch(flagged.select(*(nw.col(name).sum() for name in places)))
    for name, column in zip(places, held, strict=True):
        if count := found[name].to_list()[0]:
            raise NotFinite(f"column {column!r} has infinite numbers in {int(count):,} rows")


def list_columns(columns: str | Sequence[str]) -> list[str]:
    """Take the name of a single column as a list of one."""
    return [columns] if isinstance(columns, str) else list(columns)


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


def _wrap(frame: "IntoFrame | Frame") -> "Frame":
    import narwhals as nw
    from narwhals.exceptions import DuplicateError

    try:
        wrapped: Frame = nw.from_native(frame)
    except DuplicateError as error:
        names = list(map(str, getattr(frame, "column_names", getattr(frame, "columns", []))))
        twice = [repr(name) for name in dict.fromkeys(names) if names.count(name) > 1]
        raise RepeatedColumns(
            f"columns must have names of their own, and {', '.join(twice)} occurs more than once"
        ) from error
    except TypeError as error:
        kind = f"{type(frame).__module__.split('.')[0]} {type(frame).__name__}"
        raise NotAFrame(
            f"a dataframe with named columns is needed, and this is a {kind}"
        ) from error
    return wrapped


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
    from difflib import get_close_matches

    lowered = {other.lower(): other for other in reversed(names)}
    for likeness in (0.6, 0.0):
        if close := get_close_matches(name.lower(), list(lowered), n=3, cutoff=likeness):
            return [lowered[other] for other in close]
    return []
