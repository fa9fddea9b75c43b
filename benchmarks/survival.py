"""Cox's model from risk-set counts, beside lifelines on the rows.

lifelines is no dependency of ours: without it the rival is left out, in words.
`pip install lifelines` brings it.
"""

from __future__ import annotations

import importlib.util
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

SEED = 7
RIVAL_ROWS = 100_000
MANY_ROWS = 10_000_000
QUICKER_MIN = 5.0  # times as quick as lifelines, counting included
OVERHEAD_MAX = (
    3.0  # of Cox on a frame, which looks for nulls and NaN, beside bare counting by Polars
)
ROUNDS = 3


def run() -> bool:
    return all([_beside_rival(), _beside_counting()])


def _make_rows(rows: int) -> Any:
    """Months to loss or to the last look, in three classes with hazards 1, 1/2 and 1/4."""
    import polars as pl

    rng = np.random.default_rng(SEED)
    group = rng.integers(0, 3, rows)
    lost_at = rng.exponential(24.0 * 2.0**group)
    seen_until = rng.uniform(1, 73, rows)
    return pl.DataFrame(
        {
            "t": np.ceil(np.minimum(lost_at, seen_until)),
            "e": (lost_at <= seen_until).astype(np.int8),
            "g": group,
        }
    )


def _beside_rival() -> bool:
    from kokemus import measure

    frame = _make_rows(RIVAL_ROWS)
    ours, model = _time(lambda: measure.cox(frame))
    print(f"cox on {RIVAL_ROWS:,} rows: {ours * 1000:,.1f} ms, log likelihood", end=" ")
    print(f"{model.log_likelihood:,.6f}")
    if not importlib.util.find_spec("lifelines"):
        print("lifelines is not installed, so it is left out")
        return True
    from lifelines import CoxPHFitter

    rows = frame.to_pandas()
    for level in (1, 2):
        rows[f"g{level}"] = (rows["g"] == level).astype(float)
    rows = rows.drop(columns="g")
    theirs, fitted = _time(lambda: CoxPHFitter().fit(rows, duration_col="t", event_col="e"))
    ratio = theirs / ours
    apart = max(abs(fitted.params_[f"g{level}"] - model.coefficients[level]) for level in (1, 2))
    held = ratio >= QUICKER_MIN
    print(
        f"lifelines {theirs * 1000:,.1f} ms: {ratio:,.0f} times as long, coefficients"
        f" {apart:.1e} apart, its log likelihood {fitted.log_likelihood_:,.6f}"
        f"   limit {QUICKER_MIN:g}: {'held' if held else 'NOT HELD'}"
    )
    return held


def _beside_counting() -> bool:
    import polars as pl

    from kokemus import measure

    frame = _make_rows(MANY_ROWS)
    counted = (
        frame.lazy()
        .group_by("t", "g")
        .agg(pl.len(), pl.col("e").cast(pl.Float64).sum())
        .sort("g", "t")
    )
    bare, _ = _time(lambda: counted.collect(engine="streaming"))
    ours, _ = _time(lambda: measure.cox(frame))
    ratio = ours / bare
    held = ratio <= OVERHEAD_MAX
    print(
        f"cox on {MANY_ROWS:,} rows: {ours * 1000:,.0f} ms, bare counting {bare * 1000:,.0f} ms:"
        f" {ratio:.2f}   limit {OVERHEAD_MAX:g}: {'held' if held else 'NOT HELD'}"
    )
    return held


def _time(work: Callable[[], Any]) -> tuple[float, Any]:
    work()
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds), found
