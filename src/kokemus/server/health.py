"""How the installation is: for a load balancer (`/healthz`) and for Prometheus (`/metrics`)."""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from kokemus.server import metrics as counted
from kokemus.server.worker import HEARTBEAT
from kokemus.store.models import Case, Delivery, Heartbeat, Response

HEARTBEAT_SECONDS_MAX = 30
OUTBOX_LATE_SECONDS = 900


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while answers can be kept and acted upon; else 503 with what is wrong."""
    now = timezone.now()
    try:
        worker, outbox = examine_worker(now=now), examine_outbox(now=now)
    except DatabaseError:
        return _quietly(JsonResponse({"status": "failing", "database": "unreachable"}, status=503))
    is_well = worker["state"] == "working"
    about = {"status": "ok" if is_well else "failing", "database": "ok"}
    full = about | {"worker": worker, "outbox": outbox}
    return _quietly(JsonResponse(full, status=200 if is_well else 503))


def _quietly(response: JsonResponse) -> JsonResponse:
    """An answer that Django does not log as a fault: whoever asks each second knows already."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def examine_worker(*, now: dt.datetime) -> dict[str, object]:
    """`working`, `silent` (no sign of life for a while) or `never` seen; and what fails."""
    heartbeat = Heartbeat.objects.filter(name=HEARTBEAT).first()
    if heartbeat is None:
        return {"state": "never"}
    age = (now - heartbeat.at).total_seconds()
    state = "working" if age <= HEARTBEAT_SECONDS_MAX else "silent"
    return {"state": state, "seconds_ago": round(age, 1), "failing": heartbeat.failing}


def examine_outbox(*, now: dt.datetime) -> dict[str, object]:
    """`ok`, or `late` when a message has been due for a quarter of an hour."""
    oldest = Delivery.objects.due(now=now).first()
    age = (now - oldest.due_at).total_seconds() if oldest else 0.0
    return {
        "state": "late" if age > OUTBOX_LATE_SECONDS else "ok",
        "waiting": Delivery.objects.filter(state="waiting").count(),
        "dead": Delivery.objects.dead().count(),
    }


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format; with the bearer token, or for this machine if none is set."""
    if not may_read_metrics(request):
        return HttpResponse("Not allowed. See KOKEMUS_METRICS_TOKEN.\n", "text/plain", status=403)
    observe_database(now=timezone.now())
    return HttpResponse(counted.write_metrics(), CONTENT_TYPE_LATEST)


def may_read_metrics(request: HttpRequest) -> bool:
    token: str = settings.CONFIGURATION.metrics_token
    if not token:
        return bool(request.META.get("kokemus.is_local"))
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return secrets.compare_digest(given.encode(), token.encode())


def observe_database(*, now: dt.datetime) -> None:
    """Set the gauges that are read from the rows."""
    oldest = Response.objects.untriaged().first()
    age = (now - oldest.changed_at).total_seconds() if oldest else 0.0
    counted.UNTRIAGED_SECONDS.set(max(0.0, age))
    unresolved = Case.objects.unresolved()
    counted.CASES_OPEN.set(unresolved.count())
    counted.CASES_OVERDUE.set(unresolved.filter(due_at__lt=now).count())
    for state in ("waiting", "dead"):  # of those sent, counting all would take ever longer
        counted.DELIVERIES.labels(state).set(Delivery.objects.filter(state=state).count())
    heartbeat = Heartbeat.objects.filter(name=HEARTBEAT).first()
    counted.WORKER_SECONDS.set((now - heartbeat.at).total_seconds() if heartbeat else -1)
