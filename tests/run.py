"""Every test: on SQLite, on PostgreSQL, on Spark, and the browser stories. `make test` runs this.

Brings Chromium, PostgreSQL, Java and Voikko from Debian's packages where it may (root, apt-get).
Where it may not, it names the parts that did not run; with CI=1 their absence is a failure.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from ctypes.util import find_library
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.serving import find_postgresql, running_postgresql  # noqa: E402 the root comes first

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WITHOUT_DATABASE = ("base", "measure", "comments", "simulate", "ui", "cli", "channels", "reference")
NOTHING_COLLECTED = 5
# Hundreds of processes are started: each would compile all it imports where none may keep it.
NOT_FOR_TESTS = ("KOKEMUS_", "PYTHONDONTWRITEBYTECODE")
# They wait much of their time: for a server to start, for a page to be drawn. The two longest
# come first, and four processes beside the servers are enough for two processors. What says how
# quick something is runs by itself when they have ended.
PARTS_AT_ONCE = 2
ONE_SPEAKS = threading.Lock()


@dataclass
class Part:
    """One run of pytest; `needs` names what is missing, or is empty.

    `places` are where its tests are, for a run of all: to look through everything takes seconds.
    """

    name: str
    arguments: list[str]
    needs: Callable[[], str]
    environment: Callable[[], contextlib.AbstractContextManager[dict[str, str]]]
    places: list[str] = field(default_factory=list)
    is_alone: bool = False
    result: str = ""
    seconds: float = 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="SQLite only, without slow tests")
    parser.add_argument("rest", nargs="*", help="passed on to pytest")
    chosen = parser.parse_args()
    if not chosen.quick:
        bring_packages()
    parts = list_parts(quick=chosen.quick)
    together = [part for part in parts if not part.is_alone]
    with ThreadPoolExecutor(PARTS_AT_ONCE) as pool:
        list(pool.map(lambda part: run_part(part, chosen.rest, among=len(parts)), together))
    for part in parts:
        if part.is_alone:
            run_part(part, chosen.rest, among=1)
    return report(parts)


def list_parts(*, quick: bool) -> list[Part]:
    once = "not browser and not spark and not timed" + " and not slow" * quick
    parts = [Part("on SQLite", ["-n", "3", "-m", once], lambda: "", one_thread_each)]
    if quick:
        return parts
    skipped = [f"--ignore=tests/{folder}" for folder in WITHOUT_DATABASE]
    rows = ["-n", "2", "-m", "not browser and not spark and not own_database", *skipped]
    return [
        *parts,
        Part(
            "in the browser",
            ["-m", "browser and not timed"],
            lambda: missing("Chromium", find_browser()),
            no_more,
            find_marked("browser"),
        ),
        Part("on PostgreSQL", rows, lambda: missing("PostgreSQL", find_postgresql()), scratch),
        Part("on Spark", ["-m", "spark"], find_spark_lack, no_more, ["tests/measure"]),
        Part(
            "of time",
            ["-m", "timed"],
            find_lack_of_timed,
            no_more,
            find_marked("timed"),
            is_alone=True,
        ),
    ]


def find_marked(name: str) -> list[str]:
    """The files that have tests of this marker."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(file) for file in files if f"mark.{name}" in file.read_text("utf-8")]


def missing(name: str, found: object) -> str:
    return "" if found else f"{name} is not installed"


def find_spark_lack() -> str:
    lacking = ["Java"] if not shutil.which("java") else []
    lacking += [name for name in ("pyspark", "pysail") if not find_spec(name)]
    return missing(" and ".join(lacking), not lacking)


def find_lack_of_timed() -> str:
    lacking = [] if find_browser() else ["Chromium"]
    lacking += [] if find_postgresql() else ["PostgreSQL"]
    return missing(" and ".join(lacking), not lacking)


def find_browser() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextlib.contextmanager
def no_more() -> Iterator[dict[str, str]]:
    yield {}


@contextlib.contextmanager
def one_thread_each() -> Iterator[dict[str, str]]:
    """Three processes compute already; a column engine with threads of its own is no quicker."""
    yield {"POLARS_MAX_THREADS": "1"}


@contextlib.contextmanager
def scratch() -> Iterator[dict[str, str]]:
    with running_postgresql() as cluster:
        yield {"KOKEMUS_DATABASE_URL": cluster.url("kokemus")}


def bring_packages() -> None:
    """Install what is missing, if we are root on a Debian."""
    wanted = [] if find_browser() else ["chromium"]
    wanted += [] if find_postgresql() else ["postgresql"]
    wanted += [] if shutil.which("java") else ["openjdk-17-jre-headless"]
    wanted += [] if find_library("voikko") else ["libvoikko1", "voikko-fi"]
    if not wanted or os.getuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"Installing {', '.join(wanted)} for the tests", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-q", "-y"]
    subprocess.run([*apt, "update"], env=environment, check=False)
    subprocess.run(
        [*apt, "install", "--no-install-recommends", *wanted], env=environment, check=False
    )


def run_part(part: Part, rest: list[str], *, among: int) -> None:
    """Run it; of several, what one prints comes in one piece at its end."""
    if reason := part.needs():
        part.result = f"DID NOT RUN: {reason}"
        return
    say(f"\n== Tests {part.name} begin")
    begun, where = time.monotonic(), rest or part.places
    outside = {n: v for n, v in os.environ.items() if not n.startswith(NOT_FOR_TESTS)}
    with part.environment() as more:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--durations=12", *part.arguments, *where],
            cwd=ROOT,
            env=outside | more,
            stdout=None if among == 1 else subprocess.PIPE,
            stderr=None if among == 1 else subprocess.STDOUT,
            text=True,
        )
    part.seconds = time.monotonic() - begun
    is_well = done.returncode == 0 or (rest and done.returncode == NOTHING_COLLECTED)
    part.result = "passed" if is_well else f"FAILED (pytest ended with {done.returncode})"
    if done.stdout:
        say(f"\n== Tests {part.name}\n{done.stdout}")


def say(words: str) -> None:
    with ONE_SPEAKS:
        print(words, flush=True)


def report(parts: list[Part]) -> int:
    print("\n== Summary")
    for part in parts:
        print(f"  {part.name:<16} {part.seconds:6.0f} s  {part.result}")
    has_failed = any(part.result.startswith("FAILED") for part in parts)
    left_out = [part for part in parts if part.result.startswith("DID NOT RUN")]
    if left_out:
        names = " and ".join(f"those {part.name}" for part in left_out)
        print(f"\n!! NOT ALL TESTS RAN: {names}. Install what is missing and run again.")
    return 1 if has_failed or (left_out and os.environ.get("CI")) else 0


if __name__ == "__main__":
    sys.exit(main())
