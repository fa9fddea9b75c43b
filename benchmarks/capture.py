"""Answers kept per second: the real server, the database alone, and a plain Django view.

Limits: at least 6,000 acknowledged answers a second, on SQLite (synchronous=FULL) and on PostgreSQL
(fsync on), four times the plain Django view, and p99 below 100 ms, with 64 at once over loopback;
the answer page below 15 kB with its style, and below 50 ms.
"""

from __future__ import annotations

import datetime as dt
import gzip
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.serving import find_postgresql, running_postgresql

from benchmarks._load import Measured, gets, measure_load, posts, summarise
from kokemus.server.listening import count_listeners

COUNT = int(os.environ.get("BENCH_COUNT", "20000"))
PLAIN_COUNT = max(COUNT // 10, 200)
CAPTURES_MIN, TIMES_PLAIN_MIN, P99_MAX = 6_000, 4.0, 100.0
PAGE_BYTES_MAX, PAGE_MILLISECONDS_MAX = 15_000, 50.0


@dataclass(frozen=True)
class Ground:
    """A database with one published survey, and the key to send answers to it."""

    database_url: str
    data_dir: str
    survey: int
    link: str
    key: str
    row: dict[str, Any]
    session: str = ""
    member: int = 0

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "KOKEMUS_DATABASE_URL": self.database_url,
            "KOKEMUS_DATA_DIR": self.data_dir,
            "KOKEMUS_SECRET_KEY": "only for measuring, never for real use",
            "KOKEMUS_KEY_RATE": "100000000",
            "KOKEMUS_ADDRESS_RATE": "100000000",
            "KOKEMUS_LOG_LEVEL": "ERROR",
            "PYTHONWARNINGS": "ignore",
            "DJANGO_SETTINGS_MODULE": "kokemus.server.settings",
        }


def run() -> bool:
    """Measure on SQLite, and on PostgreSQL (fsync on) in a cluster made for it, or by URL."""
    with tempfile.TemporaryDirectory(prefix="kokemus-bench-") as folder:
        holds = measure_on(f"sqlite:///{folder}/bench.sqlite3", folder)
    with postgresql_url() as url:
        if not url:
            print("PostgreSQL is not here, so it was not measured: install it, or set")
            print("BENCH_POSTGRESQL_URL to an empty database.")
            return holds
        with tempfile.TemporaryDirectory(prefix="kokemus-bench-") as folder:
            return measure_on(url, folder) and holds


@contextmanager
def postgresql_url() -> Iterator[str]:
    """An empty database: BENCH_POSTGRESQL_URL, or one in a cluster of our own; or nothing."""
    if url := os.environ.get("BENCH_POSTGRESQL_URL"):
        yield url
    elif find_postgresql() is None:
        yield ""
    else:
        with running_postgresql() as cluster:
            yield cluster.new_database()


def measure_on(database_url: str, folder: str) -> bool:
    ground = lay_ground(database_url, folder)
    print(f"{database_url.partition(':')[0]}, 64 at once, {COUNT:,} answers")
    raw = measure_raw(ground)
    print(f"  the database alone, group commit  {raw}")
    with serving_web(ground) as (port, process):
        page_holds = measure_page(ground, port)
        measure_captures("one web process", ground, port, process, raw=raw)
    with serving(ground, "--without-worker") as (port, process):
        name = f"{count_listeners()} web processes"
        door = measure_captures(name, ground, port, process, raw=raw)
    with serving(ground) as (port, process):
        measure_captures("kokemus serve, with triage", ground, port, process, raw=raw)
    with serving_plain(ground) as (port, process):
        before = cpu_seconds(process)
        plain = measure_load(port, json_posts(ground, "/respond"), count=PLAIN_COUNT)
        plain_cpu = (cpu_seconds(process) - before) / PLAIN_COUNT
    times = door.per_second / plain.per_second
    print(f"  a plain Django view               {plain}   {cost(plain_cpu)}")
    print(f"  We are {times:.1f} times as fast as the plain view.")
    is_fast = door.per_second >= CAPTURES_MIN and door.p99 < P99_MAX
    holds = is_fast and times >= TIMES_PLAIN_MIN and set(door.statuses) == {201}
    return holds and page_holds


def measure_captures(
    name: str, ground: Ground, port: int, process: int, *, raw: Measured
) -> Measured:
    measure_load(port, json_posts(ground, "/api/v1/responses"), count=COUNT // 10)
    before = cpu_seconds(process)
    measured = measure_load(port, json_posts(ground, "/api/v1/responses"), count=COUNT)
    cpu = (cpu_seconds(process) - before) / COUNT
    share = measured.per_second / raw.per_second
    print(f"  {name:<32}  {measured}   {cost(cpu)}   {share:.0%} of that")
    return measured


def cost(seconds: float) -> str:
    return f"CPU {1e6 * seconds:5,.0f} µs each"


def cpu_seconds(process: int) -> float:
    """Processor time of a process and all below it, so far."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        number = int(path.parent.name)
        parents[number], ticks[number] = int(fields[1]), int(fields[11]) + int(fields[12])
    family = {process}
    while more := {n for n, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(ticks.get(n, 0) for n in family) / os.sysconf("SC_CLK_TCK")


def measure_raw(ground: Ground) -> Measured:
    """The same rows through the writer, 64 waiting at once, without HTTP."""
    from kokemus.store.capture import Outcome, Submission, new_id
    from kokemus.store.writer import Writer

    now = dt.datetime.now(dt.UTC)
    writer = Writer(ground.database_url)
    waiting: list[tuple[float, Future[list[Outcome]]]] = []
    waits: list[float] = []
    start = time.perf_counter()
    for _ in range(COUNT):
        id_ = new_id()
        row = Submission(
            id=id_, key=id_, answered_at=now, local_day=now.date(), comment=COMMENT, **ground.row
        )
        waiting.append((time.perf_counter(), writer.submit([row])))
        if len(waiting) == 64:
            began, future = waiting.pop(0)
            future.result()
            waits.append(time.perf_counter() - began)
    for began, future in waiting:
        future.result()
        waits.append(time.perf_counter() - began)
    seconds = time.perf_counter() - start
    writer.close()
    return summarise(waits, seconds=seconds, statuses={})


def measure_page(ground: Ground, port: int) -> bool:
    """Bytes on the wire of the answer page with its style, and the time to answer one at a time."""
    address = f"http://127.0.0.1:{port}"
    page = _fetch(f"{address}/a/{ground.link}")
    html = gzip.decompress(page).decode()
    match = re.search('rel="stylesheet" href="([^"]+)"', html)
    style = _fetch(address + match[1]) if match else b""
    alone = measure_load(
        port,
        gets(f"/a/{ground.link}", headers="Accept-Encoding: gzip\r\n"),
        connections=1,
        count=min(COUNT, 1000),
    )
    size = len(page) + len(style)
    print(f"  the answer page: {size:,} bytes with its style; p99 {alone.p99:.1f} ms")
    return size < PAGE_BYTES_MAX and alone.p99 < PAGE_MILLISECONDS_MAX


def _fetch(address: str) -> bytes:
    asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return bytes(answer.read())


COMMENT = "Asentaja tuli ajallaan ja siivosi jälkensä, mutta lasku oli epäselvä."


def json_posts(ground: Ground, path: str) -> Any:
    numbers = itertools.count(time.time_ns())

    def bodies() -> Iterator[bytes]:
        answered_at = dt.datetime.now(dt.UTC).isoformat()
        for number in numbers:
            yield json.dumps(
                {
                    "survey": ground.survey,
                    "score": 2 if number % 20 == 0 else 9,  # one in twenty becomes a case
                    "comment": COMMENT,
                    "language": "fi",
                    "answered_at": answered_at,
                    "key": f"order-{number}",
                }
            ).encode()

    return posts(path, bodies(), headers=f"Authorization: Bearer {ground.key}\r\n")


def lay_ground(database_url: str, folder: str) -> Ground:
    """Migrate and make a survey in a process of its own, as settings are read once."""
    empty = Ground(database_url, folder, 0, "", "", {})
    printed = subprocess.run(
        [sys.executable, "-m", "benchmarks._ground"],
        env=empty.environment(),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return Ground(database_url, folder, **json.loads(printed.splitlines()[-1]))


@contextmanager
def serving_web(ground: Ground) -> Iterator[tuple[int, int]]:
    """One web process by itself."""
    port = free_port()
    code = (
        "from kokemus.server import listening, web;"
        f"web.serve_web(listening.listen('127.0.0.1', {port})[0], on_ready=lambda: None)"
    )
    command = [sys.executable, "-c", code]
    with _running(command, ground, port, f"/a/{ground.link}") as process:
        yield port, process


@contextmanager
def serving(ground: Ground, *arguments: str) -> Iterator[tuple[int, int]]:
    port = free_port()
    code = "import sys; from kokemus.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "serve", "--port", str(port), *arguments]
    with _running(command, ground, port, f"/a/{ground.link}") as process:
        yield port, process


@contextmanager
def serving_plain(ground: Ground) -> Iterator[tuple[int, int]]:
    """One process and one thread: what serves SQLite best."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--blocking-threads", "1",
        "--no-ws", "--log-level", "error", "--port", str(port),
        "benchmarks._plain_django:application",
    ]  # fmt: skip
    with _running(command, ground, port, "/respond") as process:
        yield port, process


@contextmanager
def _running(command: list[str], ground: Ground, port: int, path: str) -> Iterator[int]:
    process = subprocess.Popen(command, env=ground.environment())
    try:
        _wait_until_it_answers(process, port, path)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with status {process.returncode}.")
        try:
            measure_load(port, gets(path), connections=1, count=1)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("The server did not answer in 60 seconds.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
