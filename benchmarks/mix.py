"""Pages read and written while answers are captured beside them, on SQLite, in one run.

Limit: pages that write keep p99 below 300 ms with 64 captures at once.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import tempfile
import time
import urllib.parse
import urllib.request
from multiprocessing import Queue
from multiprocessing.synchronize import Event

from benchmarks._load import Measured, measure_load, summarise
from benchmarks.capture import Ground, json_posts, lay_ground, serving

WARM_SECONDS = 3.0  # each web process loads charts with its first page
SECONDS = float(os.environ.get("BENCH_SECONDS", "30"))
WRITE_P99_MAX = 300.0
CAPTURES_A_ROUND = 2_000


def run() -> bool:
    with tempfile.TemporaryDirectory(prefix="kokemus-bench-") as folder:
        ground = lay_ground(f"sqlite:///{folder}/bench.sqlite3", folder)
        with serving(ground) as (port, _):
            measure_load(port, json_posts(ground, "/api/v1/responses"), count=1_000)
            case = _first_case(ground, port)
            browse(ground, port, case=case, seconds=WARM_SECONDS)
            alone_read, alone_write = browse(ground, port, case=case, seconds=SECONDS / 3)
            print(f"  pages read, alone                 {alone_read}")
            print(f"  pages written, alone              {alone_write}")
            captured = Captures(ground, port)
            captured.start()
            read, written = browse(ground, port, case=case, seconds=SECONDS)
            captured.stop()
    print(f"  answers captured beside pages     {captured.rates()}")
    print(f"  pages read beside captures        {read}")
    print(f"  pages written beside captures     {written}")
    return written.p99 < WRITE_P99_MAX and set(written.statuses) == {200}


class Captures:
    """64 senders at once, round after round, until told to stop."""

    def __init__(self, ground: Ground, port: int) -> None:
        processes = multiprocessing.get_context("spawn")  # none of our locks in the other process
        self._stop = processes.Event()
        self._rounds: Queue[list[Measured]] = processes.Queue()
        arguments = (ground, port, self._stop, self._rounds)
        self._process = processes.Process(target=send_captures, args=arguments)
        self._measured: list[Measured] = []

    def start(self) -> None:
        self._process.start()
        time.sleep(1)  # until the first round is on its way

    def stop(self) -> None:
        self._stop.set()
        self._measured = self._rounds.get(timeout=60)
        self._process.join()

    def rates(self) -> str:
        rates = sorted(one.per_second for one in self._measured)
        worst = max(one.p99 for one in self._measured)
        return f"{rates[len(rates) // 2]:9,.0f}/s   worst p99 {worst:6.1f} ms"


def send_captures(ground: Ground, port: int, stop: Event, rounds: Queue[list[Measured]]) -> None:
    """In a process of its own, as customers do not share ours."""
    requests = json_posts(ground, "/api/v1/responses")
    measured = []
    while not stop.is_set():
        measured.append(measure_load(port, requests, count=CAPTURES_A_ROUND))
    rounds.put(measured)


def browse(ground: Ground, port: int, *, case: int, seconds: float) -> tuple[Measured, Measured]:
    """One member reads Today and the overview, and writes notes on a case, in turn."""
    reads: list[float] = []
    writes: list[float] = []
    until = time.perf_counter() + seconds
    note = {"note-text": "Soitin asiakkaalle."}
    while time.perf_counter() < until:
        for path in ("/today/", "/overview/"):
            began = time.perf_counter()
            _open(ground, port, path)
            reads.append(time.perf_counter() - began)
        token = _token(ground, port, case)
        began = time.perf_counter()
        _open(ground, port, f"/cases/{case}/note/", {**note, "csrfmiddlewaretoken": token})
        writes.append(time.perf_counter() - began)
    return (
        summarise(reads, seconds=sum(reads), statuses={200: len(reads)}),
        summarise(writes, seconds=sum(writes), statuses={200: len(writes)}),
    )


def _first_case(ground: Ground, port: int) -> int:
    """The number of a case that triage has opened from the first answers."""
    for _ in range(100):
        if found := re.search(r"/cases/(\d+)/", _open(ground, port, "/today/")):
            return int(found[1])
        time.sleep(0.1)
    raise AssertionError("No case was opened in ten seconds")


def _token(ground: Ground, port: int, case: int) -> str:
    page = _open(ground, port, f"/cases/{case}/")
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found is not None
    return found[1]


_opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())


def _open(ground: Ground, port: int, path: str, form: dict[str, str] | None = None) -> str:
    data = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=data)
    cookie = f"sessionid={ground.session}"
    if form:
        cookie += f"; csrftoken={_csrf_cookie()}"
    request.add_header("Cookie", cookie)
    with _opener.open(request, timeout=60) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def _csrf_cookie() -> str:
    for handler in _opener.handlers:
        if isinstance(handler, urllib.request.HTTPCookieProcessor):
            return next((c.value or "" for c in handler.cookiejar if c.name == "csrftoken"), "")
    return ""
