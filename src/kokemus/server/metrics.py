"""What this process counts, for `/metrics`. No label ever holds an address, a key or a text."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge

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
