"""kill -9 at random moments under load: nothing acknowledged is lost, nothing is doubled.

Real processes, a real database on disk, a real mail server on loopback. The seed is printed; run
with CRASH_SEED to repeat one, and with CRASH_ROUNDS for another number of rounds.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.serving import Mailbox, MailServer, RunningKokemus, running_kokemus

pytestmark = [pytest.mark.server, pytest.mark.own_database, pytest.mark.slow]

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "50"))
CLIENTS = 4
CLIENT_PAUSE_SECONDS = 0.03
SCORE_LOW = 2
SETTLE_SECONDS_MAX = 120

# The supervisor waits longer from death to death. Here it never does: a round that finds the worker
# still resting would kill nobody.
IMPATIENT = """
from kokemus.server import supervisor
from kokemus.cli import main
supervisor.PAUSES = (0.0,)
raise SystemExit(main())
"""

SET_UP = f"""
from kokemus.store.models import ApiKey, TriageRule
from tests.world import make_world
world = make_world("Crash")
TriageRule.objects.all().delete()  # those an organisation starts with
world.service.email = "alerts@example.com"
world.service.save()
rule = {{"name": "Low", "scale": "nps", "score_at_most": {SCORE_LOW}}}
TriageRule.objects.lay_down(world.service, **rule)
_, key = ApiKey.objects.issue(world.organisation, name="load", scopes=["responses:write"])
print(key, world.survey.link)
"""

# Until all answers are triaged and all messages sent, then what there is. A worker that was killed
# while it sent has claimed its messages for minutes: their time is cut short.
SETTLE_AND_COUNT = f"""
import json, time
from collections import Counter
from django.utils import timezone
from kokemus.respond.outbox import as_mail
from kokemus.store.models import Case, Delivery, Response

def is_settled():
    now = timezone.now()
    Delivery.objects.filter(state="waiting", due_at__gt=now).update(due_at=now)
    if Response.objects.filter(triaged_at=None).exists():
        return False
    return not Delivery.objects.exclude(state="sent").exists()

deadline = time.monotonic() + {SETTLE_SECONDS_MAX}
while not is_settled():
    assert time.monotonic() < deadline, "not all was triaged and sent"
    time.sleep(0.1)

alerts = Counter(delivery.key for delivery in Delivery.objects.all())
print(json.dumps({{
    "rows": list(Response.objects.values_list("key", "score")),
    "cases": list(Case.objects.values_list("response__key", flat=True)),
    "alerts": len(alerts),
    "message_ids": [as_mail(delivery).message_id for delivery in Delivery.objects.all()],
}}))
"""


@dataclass
class Client:
    """Sends answers one after another; each key again until it is acknowledged."""

    running: RunningKokemus
    number: int
    key: str
    link: str
    stop: threading.Event
    dice: random.Random
    acknowledged: dict[str, int] = field(default_factory=dict)

    def run(self) -> None:
        connection = self._connect()
        try:
            self._ask_on(connection)
        finally:
            connection.close()

    def _ask_on(self, connection: http.client.HTTPConnection) -> None:
        count = 0
        while not self.stop.is_set():
            count += 1
            key, score = f"{self.number}-{count}", self.dice.randint(0, 10)
            while key not in self.acknowledged:
                try:
                    self._send(connection, key=key, score=score)
                except (OSError, http.client.HTTPException):
                    connection.close()  # and opens itself again at the next request
                    if self.stop.wait(0.02):
                        return
            self.stop.wait(CLIENT_PAUSE_SECONDS)

    def _connect(self) -> http.client.HTTPConnection:
        host = self.running.base_url.removeprefix("http://")
        return http.client.HTTPConnection(host, timeout=20)

    def _send(self, connection: http.client.HTTPConnection, *, key: str, score: int) -> None:
        body = {"survey": self.link, "score": score, "key": key, "comment": f"answer {key}"}
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        connection.request("POST", "/api/v1/responses", json.dumps(body), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status in {200, 201}:
            self.acknowledged[key] = score
        elif answer.status != 503:
            raise AssertionError(f"{key} was answered {answer.status}")


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_no_crash_loses_or_doubles_anything(
    database: str, tmp_path: Path, mail_server: MailServer, request: pytest.FixtureRequest
) -> None:
    seed = int(os.environ.get("CRASH_SEED", str(time.time_ns() % 10**9)))
    print(f"CRASH_SEED={seed}")
    dice = random.Random(seed)
    cluster = request.getfixturevalue("postgresql") if database == "postgresql" else None
    environment = {
        "KOKEMUS_EMAIL_URL": mail_server.url,
        "KOKEMUS_KEY_RATE": "10000000",
        "KOKEMUS_ADDRESS_RATE": "10000000",
    }
    with running_kokemus(
        tmp_path,
        database=database,
        postgresql=cluster,
        environment=environment,
        program=[sys.executable, "-c", IMPATIENT],
    ) as running:
        clients = crash_under_load(running, dice, mail_server.mailbox)
        found = json.loads(running.python(SETTLE_AND_COUNT, seconds=SETTLE_SECONDS_MAX + 30))
    acknowledged = {k: s for client in clients for k, s in client.acknowledged.items()}
    rows = dict(found["rows"])
    mailed = {mail["Message-ID"] for mail in mail_server.mailbox.mails}
    low = sorted(key for key, score in rows.items() if score <= SCORE_LOW)
    assert len(acknowledged) > ROUNDS, "the load was too light to show anything"
    assert {key: rows.get(key) for key in acknowledged} == acknowledged, "answers were lost"
    assert len(rows) == len(found["rows"]), "answers were doubled"
    assert sorted(found["cases"]) == low, "cases are missing or doubled"
    assert found["alerts"] == len(low), "alerts are missing or doubled"
    assert set(found["message_ids"]) - mailed == set(), "mails were lost"


def crash_under_load(
    running: RunningKokemus, dice: random.Random, mailbox: Mailbox
) -> list[Client]:
    key, link = running.python(SET_UP).split()
    stop = threading.Event()
    clients = [
        Client(running, n, key, link, stop, random.Random(dice.random())) for n in range(CLIENTS)
    ]
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, ROUNDS + 1):
            time.sleep(dice.uniform(0.02, 0.4))
            crash(running, dice, is_whole=number % 10 == 0)
            wait_until_busy(clients, mailbox)
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    return clients


VICTIMS = [
    ("web-1",),
    ("worker",),
    ("web-1", "web-2"),
    ("web-2", "worker"),
    ("web-1", "web-2", "worker"),
]


def crash(running: RunningKokemus, dice: random.Random, *, is_whole: bool) -> None:
    """Every tenth time all processes at once; else some of web and worker."""
    if is_whole:
        running.kill_hard()
        running.start_again()
        return
    pids = running.pids()
    for name in dice.choice(VICTIMS):
        with contextlib.suppress(KeyError, ProcessLookupError):
            os.kill(pids[name], signal.SIGKILL)


def wait_until_busy(clients: list[Client], mailbox: Mailbox) -> None:
    """Until an answer is acknowledged and a mail comes again: web and worker are in the middle."""

    def progress() -> tuple[int, int]:
        return sum(len(client.acknowledged) for client in clients), len(mailbox.mails)

    before = progress()
    deadline = time.monotonic() + 60
    while any(now <= then for now, then in zip(progress(), before, strict=True)):
        assert time.monotonic() < deadline, "nothing was acknowledged or mailed for a minute"
        time.sleep(0.01)
