"""Journeys, paths and hand-offs: rows in order within a journey, summed up by the engine."""

import operator
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from kokemus.measure._frame.aggregating import Table, aggregate
from kokemus.measure._frame.categories import place_in_order
from kokemus.measure._frame.grams import gram
from kokemus.measure._frame.opening import Frame, IntoFrame, number, open_frame
from kokemus.measure.histograms import Floats

if TYPE_CHECKING:
    import narwhals as nw


@dataclass(frozen=True, kw_only=True)
class FeatureTable:
    """Cross-products of [1, features, outcome] per fold, around `centre`; what was left out."""

    grams: Floats
    centre: Floats
    single: int
    missing: int


def collect_features(
    frame: IntoFrame,
    *,
    journey: str,
    order: str,
    rating: str,
    outcome: str,
    customer: str | None,
    features: Sequence[str],
    folds: int,
) -> FeatureTable:
    """Turn encounters into a row of features per journey, and sum products by fold.

    Windows over the journey (its outcome, first and last place, places in order), one group-by per
    journey, one window that numbers customers, and of these the products by fold.
    """
    import narwhals as nw

    keys = [journey, *filter(None, [customer])]
    opened = open_frame(frame, numbers=[rating, outcome], keys=[*keys, order], ordered=[order])
    rows = opened.select(
        journey=_key(opened, journey),
        customer=_key(opened, customer or journey),
        order=place_in_order(opened, order),
        rating=number(rating),
        outcome=number(outcome),
    )
    rows = rows.with_columns(outcome=nw.col("outcome").mean().over("journey"))
    gaps = [
        nw.col(name).is_null() for name in ("journey", "customer", "order", "rating", "outcome")
    ]
    rows = rows.with_columns(is_gap=gaps[0] | gaps[1] | gaps[2] | gaps[3] | gaps[4])
    one, zero = nw.lit(1.0), nw.lit(0.0)
    missing = _count_gaps(rows)
    table = _list_features(rows.filter(~nw.col("is_gap")))
    single = aggregate(
        table, sums={"n": nw.when(nw.col("length") < nw.lit(1.5)).then(one).otherwise(zero)}
    )
    longer = _add_fold(table.filter(nw.col("length") > nw.lit(1.5)), folds)
    found = gram(longer, columns=[*features, "outcome"], by="fold")
    return FeatureTable(
        grams=found.products,
        centre=found.centre,
        single=round(float(single.numbers["n"][0])),
        missing=missing,
    )


def _key(frame: Frame, column: str) -> "nw.Expr":
    """Read a column of keys in which NaN is null."""
    import narwhals as nw

    is_float = frame.collect_schema()[column].is_float()
    key = nw.col(column)
    return nw.when(~key.is_nan()).then(key) if is_float else key


def _flag_gaps(rows: Frame, *columns: str) -> Frame:
    import narwhals as nw

    is_gap = reduce(operator.or_, (nw.col(name).is_null() for name in columns))
    return rows.with_columns(is_gap=is_gap)


def _count_gaps(rows: Frame) -> int:
    import narwhals as nw

    gap = nw.when(nw.col("is_gap")).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    return round(float(np.nan_to_num(aggregate(rows, sums={"n": gap}).numbers["n"][0])))


def _list_features(rows: Frame) -> Frame:
    """Sum each journey up; the trend is the least-squares slope of the rating on its place."""
    import narwhals as nw

    one, zero = nw.lit(1.0), nw.lit(0.0)
    order, rating = nw.col("order"), nw.col("rating")
    placed = _number_places(rows).with_columns(
        first=order.min().over("journey"),
        last=order.max().over("journey"),
    )
    is_first, is_last = order == nw.col("first"), order == nw.col("last")
    placed = placed.with_columns(
        start=nw.when(is_first).then(rating),
        end=nw.when(is_last).then(rating),
        one=one,
        tt=nw.col("t") * nw.col("t"),
        tr=nw.col("t") * rating,
    )
    sums = ("one", "t", "tt", "tr")
    summed = placed.group_by("journey", "customer").agg(
        *(nw.col(name).sum().alias(f"s_{name}") for name in sums),
        rating.mean().alias("mean"),
        rating.sum().alias("s_rating"),
        rating.max().alias("peak"),
        rating.min().alias("trough"),
        nw.col("start").mean().alias("start"),
        nw.col("end").mean().alias("end"),
        nw.col("outcome").mean().alias("outcome"),
    )
    n, t, tt = nw.col("s_one"), nw.col("s_t"), nw.col("s_tt")
    spread = n * tt - t * t
    known = nw.when(spread > zero).then(spread).otherwise(one)
    # a power, since Sail cannot divide a column of doubles by another
    slope = (n * nw.col("s_tr") - t * nw.col("s_rating")) * known ** (-1.0)
    return summed.select(
        "customer",
        "mean",
        "peak",
        "trough",
        "start",
        "end",
        "outcome",
        length=n,
        trend=slope,
    )


def _add_fold(table: Frame, folds: int) -> Frame:
    """Deal the customers, in their order, to the folds like cards."""
    import narwhals as nw

    place = nw.col("customer").rank("dense")
    if table.implementation.is_pyarrow():
        numbered = table.with_columns(place=place.cast(nw.Int64))
    else:
        whole = table.with_columns(all=nw.lit(1))
        numbered = whole.with_columns(place=place.over("all").cast(nw.Int64))
    return numbered.with_columns(fold=nw.col("place") % nw.lit(folds))


def count_steps(
    frame: IntoFrame, *, journey: str, order: str, touchpoint: str
) -> tuple[Table, int]:
    """Count how often each touchpoint follows each; None before the first and after the last.

    One window (the touchpoint before, and after), one group-by; and the rows left out.
    """
    import narwhals as nw

    opened = open_frame(frame, keys=[journey, order, touchpoint], ordered=[order])
    rows = opened.select(
        journey=_key(opened, journey),
        order=place_in_order(opened, order),
        touchpoint=_key(opened, touchpoint),
    )
    rows = _flag_gaps(rows, "journey", "order", "touchpoint")
    one, zero = nw.lit(1.0), nw.lit(0.0)
    missing = _count_gaps(rows)
    beside = _look_beside(rows.filter(~nw.col("is_gap")), "touchpoint", before=1, after=-1)
    starts = nw.when(nw.col("before").is_null()).then(one).otherwise(zero)
    table = aggregate(beside, keys=["touchpoint", "after"], sums={"n": one, "starts": starts})
    return table, missing


def _look_beside(rows: Frame, column: str, **steps: int) -> Frame:
    """Add the value of the row before (1) or after (-1) in the same journey, null at its ends.

    PyArrow has no shift within groups: there the rows are sorted, and shifted all at once.
    """
    import narwhals as nw

    if not rows.implementation.is_pyarrow():
        shifted = {
            name: nw.col(column).shift(step).over("journey", order_by="order")
            for name, step in steps.items()
        }
        return rows.with_columns(**shifted)
    ordered: Any = rows.sort("journey", "order")
    for name, step in steps.items():
        is_same = nw.col("journey") == nw.col("journey").shift(step)
        ordered = ordered.with_columns(
            nw.when(is_same).then(nw.col(column).shift(step)).alias(name)
        )
    return ordered  # type: ignore[no-any-return]


def _number_places(rows: Frame) -> Frame:
    """Add t, the place of each row in its journey from 1; rows of one moment share a place."""
    import narwhals as nw

    if not rows.implementation.is_pyarrow():
        place = nw.col("order").rank("dense").over("journey")
        return rows.with_columns(t=place.cast(nw.Float64))
    moved: Any = _look_beside(rows, "order", earlier=1)
    is_next = (nw.col("order") > nw.col("earlier")).cast(nw.Int64).fill_null(1)
    counted = moved.with_columns(step=is_next.cum_sum())
    first = counted.with_columns(least=nw.col("step").min().over("journey"))
    return first.with_columns(  # type: ignore[no-any-return]
        t=(nw.col("step") - nw.col("least") + 1).cast(nw.Float64)
    )


LEG_SUMS = ("legs", "waiting", "waiting²", "working", "working²")


def collect_legs(
    frame: IntoFrame,
    *,
    case: str,
    order: str,
    unit: str,
    waiting: str,
    working: str,
    score: str | None,
) -> tuple[Table, Table, Table, int]:
    """Sum the legs by pair of units, the cases by pair that they went through, and all cases.

    One window (the unit before), group-bys per pair, per case and pair, and per case.
    """
    import narwhals as nw

    numbers = [waiting, working, *filter(None, [score])]
    opened = open_frame(frame, numbers=numbers, keys=[case, order, unit], ordered=[order])
    chosen: dict[str, Any] = {
        "journey": _key(opened, case),
        "order": place_in_order(opened, order),
        "unit": _key(opened, unit),
        "waiting": number(waiting),
        "working": number(working),
    }
    chosen["score"] = nw.lit(None).cast(nw.Float64) if score is None else number(score)
    rows = opened.select(**chosen)
    rows = rows.with_columns(score=nw.col("score").mean().over("journey"))
    rows = _flag_gaps(rows, "journey", "order", "unit", "waiting", "working")
    one, zero = nw.lit(1.0), nw.lit(0.0)
    missing = _count_gaps(rows)
    legs = _look_beside(rows.filter(~nw.col("is_gap")), "unit", before=1)
    w, k, s = nw.col("waiting"), nw.col("working"), nw.col("score")
    by_pair = aggregate(
        legs,
        keys=["before", "unit"],
        sums=dict(zip(LEG_SUMS, (one, w, w * w, k, k * k), strict=True)),
    )
    scored = legs.filter(~s.is_null())
    is_scored = nw.when(~s.is_null()).then(one).otherwise(zero)
    passed = scored.group_by("journey", "before", "unit").agg(s.mean().alias("score"))
    by_case = scored.group_by("journey").agg(s.mean().alias("score"))
    sums = {"cases": is_scored, "score": s, "score²": s * s}
    return (
        by_pair,
        aggregate(passed, keys=["before", "unit"], sums=sums),
        aggregate(by_case, sums=sums),
        missing,
    )


def read_pairs(table: Table) -> dict[tuple[Hashable, Hashable], dict[str, float]]:
    """Name each row of a table of two keys."""
    return {
        (key[0], key[1]): {name: float(part[place]) for name, part in table.numbers.items()}
        for place, key in enumerate(table.keys)
    }
