"""Sums over clusters, such as repeat respondents: what cluster-robust intervals rest on."""

import math
import sys
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kokemus.measure._frame.aggregating import aggregate, read_key
from kokemus.measure._frame.opening import Frame, IntoFrame, number, number_of, wrap_frame
from kokemus.measure._frame.scaling import scale_weights
from kokemus.measure.histograms import Floats

if TYPE_CHECKING:
    import narwhals as nw

SUMS = ("clusters", "weight", "total", "weight_weight", "weight_total", "total_total")


@dataclass(frozen=True)
class ClusterTable:
    """Per group: how many clusters, and sums over them of their weight W and weighted total Z.

    `weight_weight` is the sum of W², `weight_total` of W Z, `total_total` of Z².
    """

    groups: tuple[Hashable, ...]
    clusters: Floats
    weight: Floats
    total: Floats
    weight_weight: Floats
    weight_total: Floats
    total_total: Floats

    @property
    def mean_variance(self) -> Floats:
        """Variance of the weighted mean, C / (C - 1) times the linearised one; NaN for C < 2."""
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = self.total / self.weight
            squares = self.total_total - 2 * mean * self.weight_total + mean**2 * self.weight_weight
            noise = 1e-14 * (self.total_total + mean**2 * self.weight_weight)
            squares = np.where(squares > noise, squares, 0.0)
            scale = np.where(self.clusters > 1, self.clusters / (self.clusters - 1), np.nan)
            variance: Floats = scale * squares / self.weight**2
        return variance


def sum_clusters(
    frame: "IntoFrame | Frame",
    *,
    score: str,
    cluster: str,
    by: Sequence[str] = (),
    is_single: bool = False,
    weight: str | None = None,
    count: str | None = None,
    missing: Sequence[float] = (),
    cuts: Sequence[float] | None = None,
) -> ClusterTable:
    """Sum over the clusters of each group, by one query of two group-bys.

    Without `cuts` an answer is worth itself; with them, how many of the cuts it reaches. A row
    that names no cluster stands by itself. What `histogram` leaves out is left out.
    """
    import narwhals as nw

    opened = wrap_frame(frame, numbers=[score, *filter(None, [weight, count])], keys=[*by, cluster])
    schema = opened.collect_schema()
    rows = {f"by_{place}": read_key(key, schema[key]) for place, key in enumerate(by)}
    rows["cluster"] = read_key(cluster, schema[cluster])
    amounts = _list_amounts(score, weight, count, missing, cuts)
    chosen = opened.with_columns(**rows, **amounts).select(*rows, *amounts)
    summed = chosen.group_by(*rows).agg(*(nw.col(name).sum() for name in amounts))
    table = aggregate(summed, keys=[*rows][:-1], sums=_list_squares())
    if weight and (scaled := scale_weights(opened, weight, float(table.numbers["weight"].sum()))):
        return sum_clusters(
            scaled[0],
            score=score,
            cluster=cluster,
            by=by,
            is_single=is_single,
            weight=scaled[1],
            count=count,
            missing=missing,
            cuts=cuts,
        )
    keys = table.keys
    return ClusterTable(
        groups=tuple(key[0] for key in keys) if is_single else tuple(keys) if by else (None,),
        **{name: table.numbers[name] for name in SUMS},
    )


def _list_amounts(
    score: str,
    weight: str | None,
    count: str | None,
    missing: Sequence[float],
    cuts: Sequence[float] | None,
) -> dict[str, "nw.Expr"]:
    """List what each row adds: w z and its like, each times how many answers the row is."""
    import narwhals as nw

    one = nw.lit(1.0)
    value = number(score)
    codes = [float(code) for code in missing if not math.isnan(code)]
    if codes:
        value = number_of(nw.when(~value.is_in(codes)).then(value))
    worth = value
    if cuts is not None:
        worth = nw.lit(0.0) * value
        for cut in cuts:
            worth = worth + (value >= cut).cast(nw.Float64)
    w = _positive(weight) if weight else one
    c = _positive(count) if count else one
    answered = nw.when(~worth.is_null() & ~w.is_null() & ~c.is_null())
    amounts = {
        "n": c,
        "w": w * c,
        "z": w * c * worth,
        "ww": w * w * c,
        "wz": w * w * c * worth,
        "zz": w * w * c * worth * worth,
    }
    return {name: answered.then(amount) for name, amount in amounts.items()}


def _positive(column: str) -> "nw.Expr":
    import narwhals as nw

    value = number(column)
    return nw.when((value > nw.lit(0.0)) & (value <= nw.lit(sys.float_info.max))).then(value)


def _list_squares() -> dict[str, "nw.Expr"]:
    """List what each cluster adds; answers without one add as many clusters as they are."""
    import narwhals as nw

    n, w, z = nw.col("n"), nw.col("w"), nw.col("z")
    alone = nw.when(nw.col("cluster").is_null())
    some = nw.when(n > nw.lit(0.0)).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    return {
        "clusters": alone.then(n).otherwise(some),
        "weight": w,
        "total": z,
        "weight_weight": alone.then(nw.col("ww")).otherwise(w * w),
        "weight_total": alone.then(nw.col("wz")).otherwise(w * z),
        "total_total": alone.then(nw.col("zz")).otherwise(z * z),
    }
