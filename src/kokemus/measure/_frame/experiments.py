"""The arms of an experiment from a frame: sums over the units of randomisation."""

from collections.abc import Hashable, Mapping
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any

from kokemus.measure._arm_sums import ArmSums
from kokemus.measure._frame.aggregating import Table, aggregate
from kokemus.measure._frame.grams import find_centre
from kokemus.measure._frame.opening import Frame, IntoFrame, fetch, number, open_frame
from kokemus.measure._frame.reading import read_numbers
from kokemus.measure._sample_ratio import ArmCounts

if TYPE_CHECKING:
    import narwhals as nw

DETRACTOR_MAX, PROMOTER_MIN, POINTS = 6, 9, 100.0
AMOUNTS = ("rows", "answers", "outcome", "pre", "with_pre")
PAIRS = tuple(combinations_with_replacement(AMOUNTS, 2))
SIZES = ("answers cubed", "answers to the fourth", "answers to the fifth")


class SplitClusters(ValueError):
    """Clusters with rows in several arms: they were not what was randomised."""


def sum_arms(
    frame: IntoFrame,
    *,
    outcome: str,
    arm: str,
    pre: str | None,
    cluster: str | None,
    is_nps: bool,
) -> tuple[list[ArmCounts], dict[Hashable, ArmSums]]:
    """Sum the arms: by one group-by, with clusters two and a count of clusters before them."""
    numbers = [outcome, *filter(None, [pre])]
    opened = open_frame(frame, numbers=numbers, keys=[arm, *filter(None, [cluster])])
    centres = find_centre(opened, numbers).tolist()
    if is_nps:
        centres[0] = 0.0
    y = _points(outcome) if is_nps else number(outcome) - centres[0]
    x = number(pre) - centres[1] if pre else None
    table = _sum_units(opened, _amounts(y, x), arm=arm, cluster=cluster)
    return _read_counts(table), _read_sums(table, centres[0])


def count_arms(
    frame: IntoFrame, *, arm: str, answered: str | None, cluster: str | None
) -> list[ArmCounts]:
    """Count units, rows and answers of the arms."""
    import narwhals as nw

    columns = [arm, *filter(None, [cluster, answered])]
    opened = open_frame(frame, keys=columns)
    y = nw.lit(0.0)
    if answered is not None:
        is_float = opened.collect_schema()[answered].is_float()
        found = number(answered) if is_float else nw.col(answered)
        y = nw.when(~found.is_null()).then(nw.lit(0.0))
    return _read_counts(_sum_units(opened, _amounts(y, None), arm=arm, cluster=cluster))


def _points(column: str) -> "nw.Expr":
    """Take an answer 0 to 10 as -100, 0 or 100 points."""
    import narwhals as nw

    score = number(column)
    low = nw.when(score <= nw.lit(float(DETRACTOR_MAX))).then(nw.lit(-POINTS))
    high = nw.when(score >= nw.lit(float(PROMOTER_MIN))).then(nw.lit(POINTS))
    return low.otherwise(high.otherwise(nw.when(~score.is_null()).then(nw.lit(0.0))))


def _amounts(y: "nw.Expr", x: "nw.Expr | None") -> "dict[str, nw.Expr]":
    """Name what a row adds: a row, an answer, its outcome, its pre-score, that it has one."""
    import narwhals as nw

    zero, one = nw.lit(0.0), nw.lit(1.0)
    has_y = ~y.is_null()
    amounts = {
        "rows": one,
        "answers": nw.when(has_y).then(one).otherwise(zero),
        "outcome": nw.when(has_y).then(y).otherwise(zero),
    }
    if x is None:
        return amounts | {"pre": zero, "with_pre": zero}
    has_both = has_y & ~x.is_null()
    pre = nw.when(has_both).then(x).otherwise(zero)
    return amounts | {"pre": pre, "with_pre": nw.when(has_both).then(one).otherwise(zero)}


def _sum_units(
    frame: Frame, amounts: "Mapping[str, nw.Expr]", *, arm: str, cluster: str | None
) -> Table:
    """Sum amounts and their products over the units of each arm: rows, or clusters."""
    import narwhals as nw

    keys = {"arm": nw.col(arm)} | ({"cluster": nw.col(cluster)} if cluster else {})
    units = frame.select(**keys, **amounts)
    if cluster is not None:
        units = _sum_clusters(units)
    one, zero = nw.lit(1.0), nw.lit(0.0)
    sums = {
        "units": one,
        "answering": nw.when(nw.col("answers") > zero).then(one).otherwise(zero),
        **{name: nw.col(name) for name in AMOUNTS},
        **{f"{a},{b}": nw.col(a) * nw.col(b) for a, b in PAIRS},
    }
    if cluster is not None:
        power = nw.col("answers") * nw.col("answers")
        for name in SIZES:
            power = power * nw.col("answers")
            sums[name] = power
    return aggregate(units, keys=["arm"], sums=sums)


def _sum_clusters(rows: Frame) -> Frame:
    """Sum the rows of each cluster; rows without a cluster lose their arm: unassigned."""
    import narwhals as nw

    keys = [nw.col("arm"), nw.col("cluster")]
    if rows.collect_schema()["cluster"].is_float():
        keys[1] = number("cluster").alias("cluster")
    if rows.collect_schema()["arm"].is_float():
        keys[0] = number("arm").alias("arm")
    known = rows.with_columns(*keys)
    is_known = ~nw.col("cluster").is_null()
    known = known.with_columns(arm=nw.when(is_known).then(nw.col("arm")))
    clusters = known.group_by("arm", "cluster").agg(*(nw.col(name).sum() for name in AMOUNTS))
    _check_split(clusters)
    return clusters


def _check_split(clusters: Frame) -> None:
    import narwhals as nw

    named = clusters.filter(~nw.col("cluster").is_null() & ~nw.col("arm").is_null())
    arms = named.group_by("cluster").agg(nw.len().alias("arms"))
    split = arms.filter(nw.col("arms") > 1).select(nw.len().alias("clusters"))
    count = read_numbers(fetch(split)["clusters"], "clusters")
    if count.sum() > 0:
        raise SplitClusters(f"{int(count.sum()):,} clusters have rows in several arms")


def _read_counts(table: Table) -> list[ArmCounts]:
    numbers = table.numbers
    unassigned = sum(
        float(numbers["rows"][place]) for place, (arm,) in enumerate(table.keys) if arm is None
    )
    return [
        ArmCounts(
            arm=arm,
            units=float(numbers["units"][place]),
            rows=float(numbers["rows"][place]),
            answers=float(numbers["answers"][place]),
            rows_rows=float(numbers["rows,rows"][place]),
            rows_answers=float(numbers["rows,answers"][place]),
            answers_answers=float(numbers["answers,answers"][place]),
            unassigned=unassigned,
        )
        for place, (arm,) in enumerate(table.keys)
        if arm is not None
    ]


def _read_sums(table: Table, origin: float) -> dict[Hashable, ArmSums]:
    names = AMOUNTS[1:]
    return {
        arm: ArmSums(
            units=float(table.numbers["answering"][place]),
            totals=tuple(float(table.numbers[name][place]) for name in names),
            products=tuple(
                tuple(float(_product(table, a, b)[place]) for b in names) for a in names
            ),
            origin=origin,
            sizes=tuple(
                float(table.numbers[name][place]) for name in SIZES if name in table.numbers
            ),
        )
        for place, (arm,) in enumerate(table.keys)
        if arm is not None
    }


def _product(table: Table, a: str, b: str) -> Any:
    return table.numbers[f"{a},{b}" if (a, b) in PAIRS else f"{b},{a}"]
