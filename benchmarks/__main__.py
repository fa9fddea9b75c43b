"""Run every benchmark, or those named: `python -m benchmarks capture`.

Each module beside this one is a benchmark with `run() -> bool`: it prints what it measured and
says whether its limits held.
"""

from __future__ import annotations

import os
import pkgutil
import sys
from importlib import import_module
from pathlib import Path

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")  # what waits for a second thread is not what is measured
# An installation keeps its bytecode; compiling at each start is not what is measured either.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def main(chosen: list[str]) -> int:
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    benchmarks = [name for name in names if not name.startswith("_")]
    if unknown := sorted(set(chosen) - set(benchmarks)):
        print(f"'{unknown[0]}' is not a benchmark. Benchmarks: {', '.join(benchmarks)}.")
        return 2
    failed = []
    for name in chosen or benchmarks:
        print(f"\n== {name} ==", flush=True)
        if not import_module(f"benchmarks.{name}").run():
            failed.append(name)
    print(f"\nBelow its limit: {', '.join(failed)}" if failed else "\nEvery limit held.")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
