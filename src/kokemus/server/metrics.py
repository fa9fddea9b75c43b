"""What this process counts, for `/metrics`. No label ever holds an address, a key or a text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

if TYPE_CHECKING:
    from kokemus.listen.door import CaptureDoor
    from kokemus.store.capture import Outcome

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "kokemus_requests", "Requests answered, by status", ["status"], registry=REGISTRY
)
REFUSED = Counter(
    "kokemus_requests_over_rate", "Requests refused because they came too often", registry=REGISTRY
)
UNTRIAGED_SECONDS = Gauge(
    "kokemus_untriaged_age_seconds", "Age of the oldest answer not looked at", registry=REGISTRY
)
CASES_OPEN = Gauge("kokemus_cases_open", "Cases not resolved", registry=REGISTRY)
CASES_OVERDUE = Gauge("kokemus_cases_overdue", "Open cases past their time", registry=REGISTRY)
DELIVERIES = Gauge("kokemus_deliveries", "Messages, by state", ["state"], registry=REGISTRY)
WORKER_SECONDS = Gauge(
    "kokemus_worker_heartbeat_age_seconds",
    "Time since the worker's sign of life",
    registry=REGISTRY,
)
CAPTURES = Counter("kokemus_captures", "Answers kept, by outcome", ["state"], registry=REGISTRY)
QUEUE_ROWS = Gauge("kokemus_capture_queue_rows", "Answers waiting to be written", registry=REGISTRY)
COMMIT_SECONDS = Histogram(
    "kokemus_commit_seconds",
    "From an answer's arrival at the writer to its commit",
    buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0),
    registry=REGISTRY,
)


def watch_capture(door: CaptureDoor) -> None:
    """Count what the capture door keeps and how long it takes."""
    door.on_kept = count_kept
    QUEUE_ROWS.set_function(lambda: door.rows_waiting)


def count_kept(outcomes: Sequence[Outcome], seconds: float) -> None:
    COMMIT_SECONDS.observe(seconds)
    for outcome in outcomes:
        captures_of(outcome.state).inc()


@cache
def captures_of(state: str) -> Counter:
    """The counter of one state; looking it up among the labels costs more than counting."""
    return CAPTURES.labels(state)


@cache
def requests_of(status: int | None) -> Counter:
    return REQUESTS.labels(str(status))
