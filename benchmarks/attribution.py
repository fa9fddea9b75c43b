"""Crossed random intercepts of 200,000 rows, beside the package `mixedlm` in the same run.

The whole call is timed, group-bys in Polars included, and these by themselves too. `mixedlm` (PyPI)
is no dependency: where it is not installed, MIXEDLM_PYTHON may name another environment's Python,
and without either its lines say so.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from kokemus import measure
from kokemus.measure._frame.crossed import collect_crossed

CASES = {"A": ((2000, 200, 40), 1, 0.2), "B": ((2000, 40_000, 40), 2, 6.0)}
ROWS, BEST_OF, PATIENCE_SECONDS = 200_000, 5, 300
RIVAL = """
import sys, time
import pandas
from mixedlm import lmer
frame = pandas.read_csv(sys.argv[1])
start = time.perf_counter()
lmer("y ~ x + (1|a) + (1|b) + (1|c)", data=frame)
print(time.perf_counter() - start)
"""


def run() -> bool:
    print(f"{ROWS:,} rows, best of {BEST_OF}, threads of BLAS: {os.environ.get('OMP_NUM_THREADS')}")
    held = [time_case(name, *case) for name, case in CASES.items()]
    return all(held)


def time_case(name: str, levels: tuple[int, int, int], seed: int, limit: float) -> bool:
    frame = make_ratings(*levels, seed=seed)
    counting = best(lambda: count(frame))
    whole = best(lambda: measure.attribution(frame, factors=["a", "b", "c"], covariates=["x"]))
    rival = time_rival(frame)
    beside = (
        "mixedlm not installed" if rival is None else f"mixedlm {rival:.2f} s, {rival / whole:.0f}×"
    )
    held = whole <= limit
    said = "held" if held else "NOT HELD"
    print(
        f"{name} {' × '.join(f'{size:,}' for size in levels)}: {whole:.3f} s"
        f" (group-bys {counting:.3f} s), limit {limit} s {said}; {beside}",
        flush=True,
    )
    return held


def make_ratings(levels_a: int, levels_b: int, levels_c: int, *, seed: int) -> pl.DataFrame:
    """Ratings 0 to 10 with three crossed random intercepts and one covariate."""
    random = np.random.default_rng(seed)
    a, b, c = (random.integers(0, size, ROWS) for size in (levels_a, levels_b, levels_c))
    x = random.normal(size=ROWS).round(3)
    mean = 7.5 + 0.3 * x + 0.45 * random.normal(size=levels_a)[a]
    mean = mean + 0.9 * random.normal(size=levels_b)[b] + 0.35 * random.normal(size=levels_c)[c]
    y = np.clip(np.rint(mean + 1.6 * random.normal(size=ROWS)), 0, 10).astype(int)
    return pl.DataFrame({"y": y, "x": x, "a": a, "b": b, "c": c})


def count(frame: pl.DataFrame) -> object:
    factors = {name: (name,) for name in "abc"}
    return collect_crossed(frame, outcome="y", factors=factors, covariates=["x"], weight=None)


def best(call: Callable[[], object]) -> float:
    times = []
    for _ in range(BEST_OF):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def time_rival(frame: pl.DataFrame) -> float | None:
    """Time mixedlm once, in a process of its own; None where there is none."""
    python = os.environ.get("MIXEDLM_PYTHON") or (sys.executable if find_spec("mixedlm") else None)
    if python is None:
        return None
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ratings.csv"
        frame.write_csv(path)
        done = subprocess.run(
            [python, "-c", RIVAL, str(path)],
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=True,
        )
    return float(done.stdout.split()[-1])
