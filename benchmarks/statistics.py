"""Scores and cross-products over ten million rows, beside the same written by hand.

Each figure is a ratio within this run: the engine by hand, and `measure` through Narwhals. And
what it takes to import `measure`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np

ROWS, PARTS, ROUNDS = 10_000_000, 10, 9
TOUCHPOINTS, WEEKS, COLUMNS = 50, 104, 25
RATIO_MAX = 1.3
IMPORT_SECONDS_MAX, IMPORT_MEGABYTES_MAX = 0.25, 60
GROUPS = ["touchpoint", "week"]


def run() -> bool:
    """Measure in one process; the best of a few rounds, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "answers.parquet")
        write_answers(file)
        found = [
            compare("NPS by 50 x 104, Polars", by_hand=polars_nps(file), ours=our_polars_nps(file)),
            compare("NPS by 50 x 104, DuckDB", by_hand=duckdb_nps(file), ours=our_duckdb_nps(file)),
            compare("Gram of 25 columns", by_hand=polars_gram(file), ours=our_gram(file), rounds=3),
        ]
    return all([*found, measure_import()])


def write_answers(file: str) -> None:
    """Write ten million answers: where, which week, a score and 24 items of a survey."""
    import polars as pl

    chance = np.random.default_rng(1)
    size = ROWS // PARTS
    names = np.array([f"touchpoint {number:02d}" for number in range(TOUCHPOINTS)])
    places = pl.Series(names.tolist())
    parts = []
    for part in range(PARTS):
        mood = chance.normal(size=size).astype(np.float32)
        weeks = np.datetime64("2024-01-01") + 7 * chance.integers(0, WEEKS, size)
        columns = {
            "touchpoint": places.gather(chance.integers(0, TOUCHPOINTS, size)),
            "week": pl.Series(weeks.astype("datetime64[D]")),
            "score": whole(8 + 2 * mood + chance.normal(size=size), 0, 10),
        }
        for item in range(1, COLUMNS):
            columns[f"q{item}"] = whole(7 + mood + 2 * chance.normal(size=size), 1, 10)
        parts.append(f"{file}.{part}")
        pl.DataFrame(columns).write_parquet(parts[-1])
    pl.scan_parquet(parts).sink_parquet(file)


def whole(values: np.ndarray, low: int, high: int) -> np.ndarray:
    return np.clip(np.round(values), low, high).astype(np.int8)


def polars_nps(file: str) -> Callable[[], object]:
    import polars as pl

    score = pl.col("score")
    query = (
        pl.scan_parquet(file)
        .group_by(*GROUPS)
        .agg(
            up=(score >= 9).sum().cast(pl.Float64),
            down=(score <= 6).sum().cast(pl.Float64),
            answers=pl.len(),
        )
        .with_columns(nps=100 * (pl.col("up") - pl.col("down")) / pl.col("answers"))
    )
    return lambda: query.collect(engine="streaming").rows()


def duckdb_nps(file: str) -> Callable[[], object]:
    import duckdb

    query = f"""
        SELECT touchpoint, week, count(*) AS answers,
            100.0 * (sum((score >= 9)::INT) - sum((score <= 6)::INT)) / count(*) AS nps
        FROM '{file}' GROUP BY touchpoint, week"""
    return lambda: duckdb.sql(query).fetchall()


def our_polars_nps(file: str) -> Callable[[], object]:
    import polars as pl

    from kokemus import measure

    return lambda: measure.nps(pl.scan_parquet(file), by=GROUPS)


def our_duckdb_nps(file: str) -> Callable[[], object]:
    import duckdb

    from kokemus import measure

    return lambda: measure.nps(duckdb.from_parquet(file), by=GROUPS)


def items() -> list[str]:
    return ["score", *(f"q{item}" for item in range(1, COLUMNS))]


def polars_gram(file: str) -> Callable[[], object]:
    import polars as pl

    pairs = combinations_with_replacement(items(), 2)
    products = [(pl.col(a) * pl.col(b)).sum().alias(f"{a} {b}") for a, b in pairs]
    doubles = pl.scan_parquet(file).select(pl.col(items()).cast(pl.Float64))
    query = doubles.select(*products)
    return lambda: query.collect(engine="streaming")


def our_gram(file: str) -> Callable[[], object]:
    import polars as pl

    from kokemus.measure._frame import gram

    return lambda: gram(pl.scan_parquet(file), columns=items())


def compare(
    name: str,
    *,
    by_hand: Callable[[], object],
    ours: Callable[[], object],
    rounds: int = ROUNDS,
) -> bool:
    """Run both in turns, so that a busy machine slows both, and take the best of each."""
    waited, worked = [float("inf")] * 2, [float("inf")] * 2
    for _ in range(rounds):
        for place, each in enumerate((by_hand, ours)):
            begun, busy = time.perf_counter(), time.process_time()
            each()
            waited[place] = min(waited[place], time.perf_counter() - begun)
            worked[place] = min(worked[place], time.process_time() - busy)
    ratio = waited[1] / waited[0]
    print(
        f"  {name:<26} by hand {1000 * waited[0]:6.0f} ms, measure {1000 * waited[1]:6.0f} ms:"
        f" {ratio:.2f} times (limit {RATIO_MAX}; of processor time {worked[1] / worked[0]:.2f})",
        flush=True,
    )
    return ratio <= RATIO_MAX


def measure_import() -> bool:
    """Import in fresh processes, with the names that bring NumPy; the later find all in memory."""
    code = (
        "import time; begun = time.perf_counter(); import numpy; numpys = time.perf_counter();"
        "from kokemus import measure; measure.nps, measure.results, measure.intervals;"
        "print(time.perf_counter() - begun, numpys - begun, int(open('/proc/self/status').read()"
        ".split('VmHWM:')[1].split()[0]) / 1024)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(ROUNDS)
    ]
    found = [tuple(map(float, run.stdout.split())) for run in runs]
    seconds, numpys, megabytes = (min(column) for column in zip(*found, strict=True))
    print(
        f"  import of kokemus.measure  {seconds:.3f} s (limit {IMPORT_SECONDS_MAX}; of this NumPy"
        f" {numpys:.3f} s), {megabytes:.0f} MB (limit {IMPORT_MEGABYTES_MAX})"
    )
    return seconds <= IMPORT_SECONDS_MAX and megabytes <= IMPORT_MEGABYTES_MAX
