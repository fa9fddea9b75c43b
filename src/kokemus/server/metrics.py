"""What web and worker count, for `/metrics`. No label holds an address, a key or a text.

Where the supervisor runs them, each process counts into a file of its own, and whichever is
asked adds them up.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

if TYPE_CHECKING:
    from kokemus.listen.door import CaptureDoor
    from kokemus.store.capture import Outcome

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # set by the supervisor; read when the library is imported
LATEST: Final = "mostrecent"
REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "kokemus_requests", "Requests answered, by status", ["status"], registry=REGISTRY
)
REFUSED = Counter(
    "kokemus_requests_over_rate", "Requests refused because they came too often", registry=REGISTRY
)
UNTRIAGED_SECONDS = Gauge(
    "kokemus_untriaged_age_seconds",
    "Age of the oldest answer not looked at",
    registry=REGISTRY,
    multiprocess_mode=LATEST,
)
CASES_OPEN = Gauge(
    "kokemus_cases_open", "Cases not resolved", registry=REGISTRY, multiprocess_mode=LATEST
)
CASES_OVERDUE = Gauge(
    "kokemus_cases_overdue",
    "Open cases past their time",
    registry=REGISTRY,
    multiprocess_mode=LATEST,
)
DELIVERIES = Gauge(
    "kokemus_deliveries",
    "Messages, by state",
    ["state"],
    registry=REGISTRY,
    multiprocess_mode=LATEST,
)
WORKER_SECONDS = Gauge(
    "kokemus_worker_heartbeat_age_seconds",
    "Time since the worker's sign of life",
    registry=REGISTRY,
    multiprocess_mode=LATEST,
)
CAPTURES = Counter("kokemus_captures", "Answers kept, by outcome", ["state"], registry=REGISTRY)
QUEUE_ROWS = Gauge(
    "kokemus_capture_queue_rows",
    "Answers waiting to be written",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
COMMIT_SECONDS = Histogram(
    "kokemus_commit_seconds",
    "From an answer's arrival at the writer to its commit",
    buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0),
    registry=REGISTRY,
)
WORKED = Counter(
    "kokemus_worker_done", "Things done in the background, by job", ["job"], registry=REGISTRY
)


def write_metrics() -> bytes:
    """Everything counted so far in Prometheus' text format, of all processes of a supervisor."""
    if FOLDER not in os.environ:
        return generate_latest(REGISTRY)
    everything = CollectorRegistry()
    MultiProcessCollector(everything)  # type: ignore[no-untyped-call]
    return generate_latest(everything)


def forget_process(pid: int) -> None:
    """A process has ended: what it counted stays, what it measured is no more."""
    if FOLDER in os.environ:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]


def watch_capture(door: CaptureDoor) -> None:
    """Count what the capture door keeps, how long it takes, and what waits."""

    def count(outcomes: Sequence[Outcome], seconds: float) -> None:
        count_kept(outcomes, seconds)
        QUEUE_ROWS.set(door.rows_waiting)

    door.on_kept = count


def count_kept(outcomes: Sequence[Outcome], seconds: float) -> None:
    COMMIT_SECONDS.observe(seconds)
    for outcome in outcomes:
        captures_of(outcome.state).inc()


@cache
def captures_of(state: str) -> Counter:
    """The counter of one state; looking it up among the labels costs more than counting."""
    return CAPTURES.labels(state)


@cache
def worked_of(job: str) -> Counter:
    return WORKED.labels(job)


@cache
def requests_of(status: int | None) -> Counter:
    return REQUESTS.labels(str(status))
