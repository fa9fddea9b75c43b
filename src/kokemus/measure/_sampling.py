"""What a score asks of a frame: a histogram per group and period, and sums over clusters."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

import numpy as np

from kokemus.measure._frame import (
    PERIOD,
    ClusterTable,
    IntoFrame,
    add_period,
    open_frame,
    period_start,
    refuse_infinite,
    sum_clusters,
    tally_classes,
    tally_values,
)
from kokemus.measure.histograms import HistogramTable

By = str | Sequence[str]
Scale = tuple[float, float]


class Columns(TypedDict):
    """Which columns of the frame are what, and which codes mean no answer."""

    score: str
    by: By | None
    time: str | None
    every: str
    cluster: str | None
    weight: str | None
    count: str | None
    missing: Sequence[float]


@dataclass(frozen=True)
class Sample:
    """A histogram per group, and where answers come in clusters, sums over these."""

    table: HistogramTable
    clusters: ClusterTable | None
    is_grouped: bool


def read_sample(
    frame: IntoFrame,
    columns: Columns,
    *,
    scale: Scale | None = None,
    cuts: Sequence[float] = (),
) -> Sample:
    """Count the answers below and above the cuts, or each answer where it takes more than that.

    One group-by; a second one where answers are off the scale, to name them; two more in one
    query for clusters.
    """
    score, time, missing = columns["score"], columns["time"], columns["missing"]
    by = columns["by"]
    keys = [by] if isinstance(by, str) else list(by or ())
    is_single = not time and isinstance(by, str)
    opened = open_frame(frame, keys=keys)
    if time:
        opened = add_period(opened, time=time, every=columns["every"])
        is_single, keys = not keys, [*keys, PERIOD]
    grouping = (keys[0] if is_single else keys) or None
    table = None
    if cuts and scale and columns["weight"] is None and columns["count"] is None:
        table = tally_classes(
            opened, score=score, by=grouping, missing=missing, scale=scale, cuts=cuts
        )
    if table is None:
        weights = {"weight": columns["weight"], "count": columns["count"]}
        table = tally_values(opened, score=score, by=grouping, **weights).without(missing)
        if scale is None and np.isinf(table.values).any():
            refuse_infinite(opened, [score])
    clusters = None
    if columns["cluster"]:
        clusters = sum_clusters(
            opened,
            score=score,
            cluster=columns["cluster"],
            by=keys,
            is_single=is_single,
            weight=columns["weight"],
            count=columns["count"],
            missing=missing,
            cuts=cuts or None,
        )
    if time:
        table = replace(table, groups=_name_periods(table.groups))
        clusters = clusters and replace(clusters, groups=_name_periods(clusters.groups))
    return Sample(table, clusters, is_grouped=by is not None or time is not None)


def _name_periods(groups: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    """Name each period, the last key of a group, by its first day."""
    return tuple(
        (*group[:-1], period_start(group[-1])) if isinstance(group, tuple) else period_start(group)
        for group in groups
    )
