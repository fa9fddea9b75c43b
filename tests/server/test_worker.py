import datetime as dt
import threading

import pytest

from kokemus.server.metrics import write_metrics
from kokemus.server.worker import HEARTBEAT, Job, work
from kokemus.store.models import Heartbeat

pytestmark = pytest.mark.server


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_is_said_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    stop = threading.Event()
    rounds: list[dt.datetime] = []

    def fail_once(*, now: dt.datetime) -> int:
        rounds.append(now)
        if len(rounds) == 1:
            raise RuntimeError("the first round fails")
        stop.set()
        return 1

    assert work(stop, jobs=[Job("fail_once", 0.01, fail_once)]) == 0
    assert len(rounds) == 2
    assert b'kokemus_worker_done_total{job="fail_once"} 1.0' in write_metrics()
    assert "A round of fail_once failed" in caplog.text
    assert "the first round fails" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_worker_gives_a_sign_of_life_and_stops_when_asked() -> None:
    stop = threading.Event()

    def stop_at_once(*, now: dt.datetime) -> int:
        stop.set()
        return 0

    assert work(stop, jobs=[Job("stop_at_once", 60.0, stop_at_once)]) == 0
    assert Heartbeat.objects.get().name == HEARTBEAT
