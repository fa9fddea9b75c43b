"""Columns of the small tables that engines return, as arrays: numbers, and keys with levels."""

import math
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kokemus.measure._frame.categories import sort_levels
from kokemus.measure._frame.opening import NotNumbers
from kokemus.measure.histograms import Floats, Indices

if TYPE_CHECKING:
    import narwhals as nw
    from numpy.typing import NDArray

Levels = tuple[Hashable, ...]
SPAN_DENSE = 4  # whole numbers spread over up to so many times their count are counted, not hashed
CELLS_DENSE = 4_000_000  # a table of flags this long is still quicker than sorting


def read_numbers(series: "nw.Series[Any]", column: str) -> Floats:
    """Read doubles with every kind of null as NaN; pandas alone has three."""
    import narwhals as nw

    if series.dtype.is_numeric():
        return np.asarray(series.cast(nw.Float64).to_numpy(), dtype=np.float64)
    numbers = zip(series.to_list(), series.is_null().to_list(), strict=True)
    try:
        return np.array([math.nan if null else float(number) for number, null in numbers])
    except (TypeError, ValueError) as error:  # a pandas column of objects can hold anything
        raise NotNumbers(f"column {column!r} must hold numbers: {error}") from error


def read_levels(
    series: "nw.Series[Any]", order: Sequence[str] | None = None
) -> tuple[Levels, Indices]:
    """Read a column of keys: its distinct values in order, the missing one last, and for each
    row the place of its value. `order` is the one that the column declared.
    """
    found, codes = _encode(series)
    cleaned = [clean_key(value) for value in found]
    levels = sort_levels([*set(cleaned)], order)
    place = {level: number for number, level in enumerate(levels)}
    moved = np.array([place[value] for value in cleaned], np.intp)
    return tuple(levels), moved[codes] if len(moved) else np.zeros(0, np.intp)


def _encode(series: "nw.Series[Any]") -> tuple[list[Any], Indices]:
    """Number the distinct values by the column's own library; they come in any order."""
    import narwhals as nw

    if series.dtype in {nw.Categorical, nw.Enum}:
        series = series.cast(nw.String)
    if series.dtype.is_integer() and not series.is_null().any():
        whole = np.asarray(series.to_numpy())
        if len(whole) and int(whole.max()) - int(whole.min()) < SPAN_DENSE * len(whole):
            return _encode_dense(whole, int(whole.min()))
    native, implementation = series.to_native(), series.implementation
    if implementation.is_polars():
        distinct = native.unique()
        codes = native.replace_strict(distinct, list(range(len(distinct)))).to_numpy()
        return distinct.to_list(), codes.astype(np.intp)
    if implementation.is_pyarrow():
        encoded = native.combine_chunks().dictionary_encode(null_encoding="encode")
        return encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.intp)
    nulls = zip(series.to_list(), series.is_null().to_list(), strict=True)
    values = [None if null else value for value, null in nulls]
    place = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return list(place), np.fromiter((place[value] for value in values), np.intp, len(values))


def _encode_dense(whole: "NDArray[np.integer[Any]]", lowest: int) -> tuple[list[Any], Indices]:
    """Number whole numbers that lie close together, without sorting or hashing them."""
    if whole.dtype == np.uint64:
        places = (whole - np.uint64(lowest)).astype(np.intp)
    else:
        places = whole.astype(np.int64) - lowest
    is_there = np.bincount(places) > 0
    levels: list[Any] = [lowest + place for place in np.flatnonzero(is_there).tolist()]
    return levels, (np.cumsum(is_there) - 1)[places]


def number_groups(levels: Sequence[Levels], codes: Sequence[Indices]) -> tuple[Indices, Indices]:
    """Number the combinations of keys that occur, in order.

    Returns the place of each row's group, and for each group the codes of its keys as a column.
    """
    index, cells = codes[0], len(levels[0])
    for more, level in zip(codes[1:], levels[1:], strict=True):
        if cells * len(level) > CELLS_DENSE:
            index = np.unique(index, return_inverse=True)[1]
            cells = int(index.max(initial=-1)) + 1
        index, cells = index * len(level) + more, cells * len(level)
    if cells > CELLS_DENSE:
        _, first, index = np.unique(index, return_index=True, return_inverse=True)
    else:
        first = np.full(cells, -1, np.intp)
        first[index] = np.arange(len(index))
        is_there = first >= 0
        index, first = (np.cumsum(is_there) - 1)[index], first[is_there]
    return index.astype(np.intp), np.array([code[first] for code in codes], np.intp)


def clean_key(part: Any) -> Any:
    """Make NaN and pandas' NaT the one missing group, and NumPy's scalars plain."""
    if isinstance(part, np.generic):
        part = part.item()
    return None if part is None or part != part else part


def order_key(part: Any) -> tuple[int, str, Any]:
    """Order numbers by size and the rest within its kind; the missing group comes last."""
    if part is None:
        return (2, "", 0)
    if isinstance(part, int | float) and not math.isnan(part):
        return (0, "", part)
    return (1, type(part).__name__, part)
