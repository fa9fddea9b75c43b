"""Counts and sums of crossed factors: what a model of random intercepts needs of the rows."""

import operator
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from kokemus.measure._frame.aggregating import Table, aggregate
from kokemus.measure._frame.opening import (
    Frame,
    IntoFrame,
    find_categories,
    number,
    open_frame,
    refuse_infinite,
)
from kokemus.measure._frame.reading import Levels
from kokemus.measure.histograms import Floats, Indices, NegativeWeights

if TYPE_CHECKING:
    import narwhals as nw

MOST_DUMMIES = 100


class TooManyDummies(ValueError):
    """A covariate in words with more values than coefficients make sense of."""


@dataclass(frozen=True, kw_only=True)
class CrossedTable:
    """Cross-products of [1, columns, outcome] around `centre`, whole, by level and by pair."""

    columns: tuple[str, ...]
    centre: Floats
    gram: Floats
    levels: dict[str, Levels]
    sums: dict[str, Floats]
    pairs: dict[tuple[str, str], tuple[Indices, Indices, Floats]]
    rows: int
    missing: int
    log_weights: float


def collect_crossed(
    frame: IntoFrame,
    *,
    outcome: str,
    factors: Mapping[str, Sequence[str]],
    covariates: Sequence[str],
    weight: str | None,
) -> CrossedTable:
    """Aggregate the complete rows: two selects, a group-by per factor, pair and word covariate."""
    keys = [column for columns in factors.values() for column in columns]
    opened = open_frame(frame, numbers=[outcome, *filter(None, [weight])], keys=keys)
    opened = open_frame(opened, keys=covariates)
    schema = opened.collect_schema()
    categories = find_categories(frame, covariates)
    words = [n for n in covariates if n in categories or not _holds_numbers(schema[n])]
    numbers = [name for name in covariates if name not in words]
    refuse_infinite(opened, numbers)
    prepared = _prepare(
        opened, numbers=[*numbers, outcome], keys=[*words, *dict.fromkeys(keys)], weight=weight
    )
    first = _sum_all(prepared, numbers=len(numbers) + 1, weight=weight)
    complete = prepared.filter(_is_complete())
    columns, complete = _add_dummies(complete, words, covariates, len(numbers))
    centre = np.zeros(len(columns) + 1)
    for place, name in enumerate([*numbers, outcome]):
        centre[-1 if place == len(numbers) else columns.index((name, f"x_{place}"))] = first[
            f"x_{place}"
        ] / max(first["complete"], 1)
    names = [column for _, column in columns] + [f"x_{len(numbers)}"]
    centred = _centre(complete, names, centre)
    places = {name: place for place, name in enumerate([*words, *dict.fromkeys(keys)])}
    alias = {
        factor: [f"key_{places[column]}" for column in parts] for factor, parts in factors.items()
    }
    tables = {
        factor: aggregate(centred, keys=parts, sums=_weigh(len(names)))
        for factor, parts in alias.items()
    }
    return CrossedTable(
        columns=tuple(name for name, _ in columns),
        centre=centre,
        gram=_read_gram(centred, len(names)),
        levels={factor: _name_levels(table) for factor, table in tables.items()},
        sums={factor: _stack(table, len(names)) for factor, table in tables.items()},
        pairs={
            (one, other): _count_pairs(
                centred, alias, tables, (one, other), has_weight=weight is not None
            )
            for one, other in combinations(factors, 2)
        },
        rows=round(first["complete"]),
        missing=round(first["all"] - first["complete"]),
        log_weights=float(first["logs"]),
    )


def _holds_numbers(kind: "nw.dtypes.DType") -> bool:
    import narwhals as nw

    return kind.is_numeric() or kind == nw.Boolean


def _prepare(
    frame: Frame, *, numbers: Sequence[str], keys: Sequence[str], weight: str | None
) -> Frame:
    """Name the numbers x_0, x_1, …, the keys key_0, …, and say for each row if it is complete."""
    import narwhals as nw

    schema = frame.collect_schema()
    chosen = {f"x_{place}": number(column) for place, column in enumerate(numbers)}
    for place, key in enumerate(keys):
        column = nw.col(key)
        is_float = schema[key].is_float()
        chosen[f"key_{place}"] = nw.when(~column.is_nan()).then(column) if is_float else column
    if weight is not None:
        chosen["w"] = number(weight)
    prepared = frame.with_columns(**chosen).select(*chosen)
    gaps = [nw.col(name).is_null().cast(nw.Float64) for name in chosen]
    if weight is not None:
        w = nw.col("w")
        is_counted = (w > nw.lit(0.0)) & (w <= nw.lit(sys.float_info.max))
        gaps.append(nw.when(is_counted).then(nw.lit(0.0)).otherwise(nw.lit(1.0)))
        negative = nw.when(w < nw.lit(0.0)).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
        return prepared.with_columns(gaps=reduce(operator.add, gaps), negative=negative)
    return prepared.with_columns(
        gaps=reduce(operator.add, gaps), w=nw.lit(1.0), negative=nw.lit(0.0)
    )


def _is_complete() -> "nw.Expr":
    import narwhals as nw

    return nw.col("gaps") < nw.lit(0.5)


def _sum_all(prepared: Frame, *, numbers: int, weight: str | None) -> dict[str, float]:
    import narwhals as nw

    one = nw.lit(1.0)
    sums = {
        "all": one,
        "complete": nw.when(_is_complete()).then(one),
        "negative": nw.col("negative"),
    }
    for place in range(numbers):
        sums[f"x_{place}"] = nw.when(_is_complete()).then(nw.col(f"x_{place}"))
    sums["logs"] = nw.lit(0.0)
    if weight is not None:
        sums["logs"] = nw.when(_is_complete()).then(nw.col("w")).otherwise(one).log()
    totals = {name: float(part[0]) for name, part in aggregate(prepared, sums=sums).numbers.items()}
    if totals["negative"]:
        raise NegativeWeights(
            f"column {weight!r} has negative numbers in {round(totals['negative']):,} rows"
        )
    return totals


def _add_dummies(
    frame: Frame, words: Sequence[str], covariates: Sequence[str], numbers: int
) -> tuple[list[tuple[str, str]], Frame]:
    """Add a column of 0 and 1 per value but the first of each covariate in words.

    Return (its name, its column in the frame) for each covariate column, in the order asked.
    """
    import narwhals as nw

    columns: list[tuple[str, str]] = []
    dummies: dict[str, nw.Expr] = {}
    seen = 0
    for covariate in covariates:
        if covariate not in words:
            columns.append((covariate, f"x_{seen}"))
            seen += 1
            continue
        place = words.index(covariate)
        found = aggregate(frame, keys=[f"key_{place}"], sums={"rows": nw.lit(1.0)})
        levels: list[Any] = [key[0] for key in found.keys]
        if len(levels) > MOST_DUMMIES:
            raise TooManyDummies(
                f"covariate {covariate!r} has {len(levels):,} values; make it a factor"
            )
        for level in levels[1:]:
            name = f"dummy_{len(dummies)}"
            is_level = nw.col(f"key_{place}") == nw.lit(level)
            dummies[name] = nw.when(is_level).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
            columns.append((f"{covariate}={level}", name))
    return columns, frame.with_columns(**dummies) if dummies else frame


def _centre(frame: Frame, names: Sequence[str], centre: Floats) -> Frame:
    """Name the columns c_0 (ones), c_1, … around their means: sums stay exact for large numbers."""
    import narwhals as nw

    around = {
        f"c_{place + 1}": nw.col(name) - middle
        for place, (name, middle) in enumerate(zip(names, centre.tolist(), strict=True))
    }
    return frame.with_columns(c_0=nw.lit(1.0), **around)


def _weigh(columns: int) -> dict[str, "nw.Expr"]:
    import narwhals as nw

    return {
        str(place): nw.col(f"c_{place}") * nw.col("w") if place else nw.col("w")
        for place in range(columns + 1)
    }


def _read_gram(frame: Frame, columns: int) -> Floats:
    import narwhals as nw

    cells = [(i, j) for i in range(columns + 1) for j in range(i, columns + 1)]
    products = {f"{i},{j}": nw.col(f"c_{i}") * nw.col(f"c_{j}") * nw.col("w") for i, j in cells}
    sums = aggregate(frame, sums=products).numbers
    gram = np.zeros((columns + 1, columns + 1))
    for i, j in cells:
        gram[i, j] = gram[j, i] = np.nan_to_num(sums[f"{i},{j}"][0])
    return gram


def _name_levels(table: Table) -> Levels:
    if len(table.levels) == 1:
        return tuple(key[0] for key in table.keys)
    return tuple(table.keys)


def _stack(table: Table, columns: int) -> Floats:
    return np.column_stack([table.numbers[str(place)] for place in range(columns + 1)])


def _count_pairs(
    frame: Frame,
    alias: Mapping[str, Sequence[str]],
    tables: Mapping[str, Table],
    pair: tuple[str, str],
    *,
    has_weight: bool,
) -> tuple[Indices, Indices, Floats]:
    import narwhals as nw

    one, other = pair
    keys = [*alias[one], *alias[other]]
    if has_weight:
        table = aggregate(frame, keys=keys, sums={"n": nw.col("w")}, is_sorted=False)
    else:
        table = aggregate(frame, keys=keys, sums={}, rows="n", is_sorted=False)
    cut = len(alias[one])
    first = _find_level(tables[one], table.codes[:cut])
    second = _find_level(tables[other], table.codes[cut:])
    return first, second, table.numbers["n"]


def _find_level(table: Table, codes: Indices) -> Indices:
    """Find the place of each row's level; every value is in both tables, so codes are alike."""
    if len(table.codes) == 1:
        return np.asarray(codes[0])
    sizes = tuple(len(levels) for levels in table.levels)
    own = np.ravel_multi_index(tuple(table.codes), sizes)
    return np.asarray(np.searchsorted(own, np.ravel_multi_index(tuple(codes), sizes)))
