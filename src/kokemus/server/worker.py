"""Background work: each job in a thread of its own, in one process of an installation at a time."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import close_old_connections, connection
from django.utils import timezone

from kokemus.listen.jobs import (
    apply_hidden_names,
    embed_read_comments,
    learn_from_corrections,
    learn_from_ratings,
    read_new_comments,
    read_old_comments,
    run_imports,
)
from kokemus.respond.jobs import send_deliveries, triage_new_responses, warm_up
from kokemus.server.locks import Lock
from kokemus.server.metrics import worked_of
from kokemus.server.turns import take_short_turns
from kokemus.share.jobs import discover_new_themes, refresh_lake, tell_rising_themes
from kokemus.store.models import Heartbeat

HEARTBEAT = "worker"
BEAT_SECONDS = 5.0
LOCK_SECONDS = 0.2
RETRY_SECONDS_MAX = 30.0
STOP_SECONDS_MAX = 10.0
LOG = logging.getLogger("kokemus.worker")


@dataclass(frozen=True)
class Job:
    """`function(now=...)` does what is due and says how many things it did; safe to run twice.

    `after_seconds` is how long it leaves the machine to what has just started.
    """

    name: str
    every_seconds: float
    function: Callable[..., int]
    after_seconds: float = 0.0


JOBS = (
    Job("triage_new_responses", 0.2, triage_new_responses),
    Job("send_deliveries", 0.5, send_deliveries),
    Job("refresh_lake", 2.0, refresh_lake),
    Job("run_imports", 1.0, run_imports),
    Job("read_new_comments", 0.2, read_new_comments),
    Job("read_old_comments", 1.0, read_old_comments),
    Job("embed_read_comments", 0.5, embed_read_comments),
    Job("apply_hidden_names", 1.0, apply_hidden_names),
    Job("learn_from_corrections", 2.0, learn_from_corrections),
    Job("learn_from_ratings", 600.0, learn_from_ratings, after_seconds=300.0),
    Job("discover_new_themes", 1.0, discover_new_themes),
    Job("tell_rising_themes", 3600.0, tell_rising_themes),
)


def work(stop: threading.Event, *, jobs: Sequence[Job] = JOBS) -> int:
    """Do the jobs until `stop`; return the exit status.

    Waits while another process of the same database works.
    """
    lock = Lock("worker")
    if not _wait_for_turn(lock, stop):
        return 0
    warm_up()
    take_short_turns()
    rounds = [Rounds(job, stop) for job in jobs]
    for each in rounds:
        each.thread.start()
    LOG.info("The worker works", extra={"count": len(rounds)})
    status = _watch(lock, rounds, stop)
    stop.set()
    for each in rounds:
        each.thread.join(STOP_SECONDS_MAX)
    if status == 0:
        lock.leave()
    connection.close()
    return status


class Rounds:
    """The rounds of one job."""

    def __init__(self, job: Job, stop: threading.Event) -> None:
        self.job = job
        self.failing_since: dt.datetime | None = None
        self.thread = threading.Thread(target=self._run, name=job.name, daemon=True)
        self._stop = stop
        self._failures = 0

    def _run(self) -> None:
        self._stop.wait(self.job.after_seconds)
        while not self._stop.is_set():
            self._go_round()
            self._stop.wait(self._pause())
        connection.close()

    def _go_round(self) -> None:
        close_old_connections()
        now = timezone.now()
        try:
            count = self.job.function(now=now)
        except Exception:
            # A job must not end with one bad round: whatever it was, it is said and tried again.
            LOG.exception("A round of %s failed", self.job.name)
            self.failing_since = self.failing_since or now
            self._failures += 1
            connection.close()
            return
        self.failing_since, self._failures = None, 0
        if count:
            worked_of(self.job.name).inc(count)
            LOG.debug("%s", self.job.name, extra={"count": count})

    def _pause(self) -> float:
        longer: int = 2 ** min(self._failures, 10)
        return min(self.job.every_seconds * longer, RETRY_SECONDS_MAX)


def _wait_for_turn(lock: Lock, stop: threading.Event) -> bool:
    """Wait until no other process works; False when asked to stop before that."""
    has_said = False
    while not lock.try_enter():
        if not has_said:
            LOG.info("Another process works on this database; waiting for it to end")
            has_said = True
        if stop.wait(LOCK_SECONDS):
            return False
    return True


def _watch(lock: Lock, rounds: Sequence[Rounds], stop: threading.Event) -> int:
    """Beat until `stop`; 1 if the lock was lost, for then another process may work."""
    while True:
        failing = {r.job.name: r.failing_since.isoformat() for r in rounds if r.failing_since}
        try:
            Heartbeat.objects.beat(HEARTBEAT, at=timezone.now(), failing=failing)
            if not lock.is_held():
                LOG.error("The lock of the worker was lost")
                return 1
        except Exception:
            # Whatever kept us from the database, it may also have freed the lock.
            LOG.exception("The worker cannot reach the database")
            return 1
        if stop.wait(BEAT_SECONDS):
            return 0
