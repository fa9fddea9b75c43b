"""Cells of a joint table with their weights, and weights written beside the answers."""

import operator
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from kokemus.measure._frame.aggregating import Table, aggregate
from kokemus.measure._frame.opening import Frame, IntoFrame, give_back, number, open_frame
from kokemus.measure._frame.scaling import find_factor, scale_weights
from kokemus.measure.histograms import NegativeWeights, Tally

if TYPE_CHECKING:
    import narwhals as nw

Levels = tuple[Hashable, ...]


class FarWeights(ValueError):
    """Weights so far from 1 that they have no squares."""


def tally_cells(
    frame: IntoFrame, *, keys: Sequence[str], weight: str | None
) -> Iterator[tuple[Levels, Tally, float]]:
    """Tally the rows of each combination of keys, by one group-by; beside it those without weight.

    A weight that is missing or 0 is none. `FarWeights` where weights have no squares.
    """
    opened = open_frame(frame, numbers=[weight] if weight else [], keys=keys)
    table = _sum_cells(opened, keys=keys, weight=weight)
    if find_factor(_total(table)) != 1:
        raise FarWeights(
            f"column {weight!r} has weights too large or too small to square;"
            " divide them by the largest first"
        )
    yield from _list_tallies(table)


def tally_scaled_cells(
    frame: IntoFrame, *, keys: Sequence[str], weight: str
) -> Iterator[tuple[Levels, Tally, float]]:
    """Tally as `tally_cells` does, with weights far from 1 brought near it."""
    opened = open_frame(frame, numbers=[weight], keys=keys)
    table = _sum_cells(opened, keys=keys, weight=weight)
    if scaled := scale_weights(opened, weight, _total(table)):
        table = _sum_cells(scaled[0], keys=keys, weight=scaled[1])
    yield from _list_tallies(table)


def _total(table: Table) -> float:
    return float(table.numbers.get("weight", table.numbers["rows"]).sum())


def _sum_cells(opened: Frame, *, keys: Sequence[str], weight: str | None) -> Table:
    import narwhals as nw

    sums: dict[str, nw.Expr] = {"rows": nw.lit(1.0)}
    if weight:
        given = number(weight)
        sums |= {
            "answers": given > 0,
            "weight": given,
            "squared": given * given,
            "negative": given < 0,
        }
    table = aggregate(opened, keys=keys, sums=sums)
    if weight and (negative := table.numbers["negative"].sum()):
        raise NegativeWeights(f"column {weight!r} has negative numbers in {int(negative):,} rows")
    return table


def _list_tallies(table: Table) -> Iterator[tuple[Levels, Tally, float]]:
    rows = table.numbers["rows"]
    answers = table.numbers.get("answers", rows)
    amounts = (answers, table.numbers.get("weight", rows), table.numbers.get("squared", rows))
    for levels, *tally, without in zip(
        table.keys, *(each.tolist() for each in amounts), (rows - answers).tolist(), strict=True
    ):
        yield levels, Tally(*tally), without


def weigh(
    frame: IntoFrame,
    *,
    keys: Sequence[str],
    factors: Mapping[Levels, float],
    weight: str | None,
    name: str,
) -> Any:
    """Add a column with each row's factor, times its own weight; null where it has none."""
    import narwhals as nw

    opened = open_frame(frame, numbers=[weight] if weight else [], keys=keys)
    none = nw.lit(None, nw.Float64)
    parts = [
        nw.when(_is_cell(keys, levels)).then(nw.lit(factor)).otherwise(nw.lit(0.0))
        for levels, factor in factors.items()
    ]
    known = [nw.when(_is_cell(keys, levels)).then(1.0).otherwise(0.0) for levels in factors]
    total = reduce(operator.add, parts)
    if weight:
        total = total * number(weight)
    is_known = reduce(operator.add, known) > nw.lit(0.0)
    made = opened.with_columns(nw.when(is_known).then(total).otherwise(none).alias(name))
    return give_back(frame, made, name)


def _is_cell(keys: Sequence[str], levels: Levels) -> "nw.Expr":
    import narwhals as nw

    matches = [
        nw.col(key) == nw.lit(level)  # type: ignore[arg-type]
        for key, level in zip(keys, levels, strict=True)
    ]
    return reduce(operator.and_, matches)
