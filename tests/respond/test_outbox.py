"""What is due leaves at least once, and nobody waits for a slow or dead one."""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.channels.mail_server import serve_mail
from tests.world import NOW, World, make_world

from kokemus.channels.email import Mail, MailFailed, MailRefused
from kokemus.respond.jobs import send_deliveries
from kokemus.respond.outbox import as_mail, send_due_deliveries
from kokemus.store.models import Delivery
from kokemus.store.models.deliveries import ATTEMPTS_MAX, LEASE_SECONDS

LATER = NOW + dt.timedelta(seconds=LEASE_SECONDS + 1)


def put(world: World, key: str, *, due_at: dt.datetime = NOW) -> Delivery:
    return Delivery.objects.enqueue(
        organisation=world.organisation,
        unit=world.service,
        key=key,
        recipient=f"{key}@acme.example",
        subject="Subject",
        text="Text",
        due_at=due_at,
    )


def states() -> dict[str, tuple[str, int]]:
    return {d.key: (d.state, d.attempts) for d in Delivery.objects.all()}


def test_what_is_due_is_sent_once(world: World) -> None:
    put(world, "now")
    put(world, "later", due_at=LATER)
    sent: list[Mail] = []
    assert send_due_deliveries(now=NOW, send=sent.append) == 1
    assert send_due_deliveries(now=NOW, send=sent.append) == 0
    assert [mail.recipient for mail in sent] == ["now@acme.example"]
    assert states() == {"now": ("sent", 1), "later": ("waiting", 0)}


def test_a_failure_backs_off_and_ends_among_the_dead(world: World) -> None:
    put(world, "one")

    def fail(mail: Mail) -> None:
        raise MailFailed("unreachable", "no route")

    now, waits = NOW, []
    for _ in range(ATTEMPTS_MAX):
        assert send_due_deliveries(now=now, send=fail) == 1
        delivery = Delivery.objects.get()
        waits.append((delivery.due_at - now).total_seconds())
        now = delivery.due_at
    assert waits[:7] == [10, 60, 300, 900, 3600, 14400, 43200]
    assert (delivery.state, delivery.last_error) == ("dead", "unreachable: no route")
    assert send_due_deliveries(now=now + dt.timedelta(days=30), send=fail) == 0
    delivery.retry(at=now)
    sent: list[Mail] = []
    assert send_due_deliveries(now=now, send=sent.append) == 1
    assert states() == {"one": ("sent", 1)}


def test_a_refused_address_is_not_tried_again(world: World) -> None:
    put(world, "one")

    def refuse(mail: Mail) -> None:
        raise MailRefused("address", "550 no such user")

    send_due_deliveries(now=NOW, send=refuse)
    assert states() == {"one": ("dead", 1)}


def test_a_killed_worker_leaves_the_message_to_be_sent_again_as_the_same(world: World) -> None:
    delivery = put(world, "one")
    before = as_mail(delivery).message_id
    Delivery.objects.claim_due(now=NOW, limit=9)  # and then the process died
    sent: list[Mail] = []
    assert send_due_deliveries(now=NOW, send=sent.append) == 0
    assert send_due_deliveries(now=LATER, send=sent.append) == 1
    assert [mail.message_id for mail in sent] == [before]
    assert states() == {"one": ("sent", 2)}


def test_two_messages_never_look_the_same(world: World, other_world: World) -> None:
    mails = [as_mail(put(place, key)) for place in (world, other_world) for key in ("a", "b")]
    assert len({mail.message_id for mail in mails}) == 4


def test_a_slow_one_does_not_hold_up_the_rest(world: World) -> None:
    for key in ("slow", "b", "c", "d", "e", "f"):
        put(world, key)
    ended = threading.Event()

    def send(mail: Mail) -> None:
        if mail.recipient.startswith("slow"):
            ended.wait(5)

    started = time.monotonic()
    send_due_deliveries(now=NOW, send=send, patience=0.3)
    ended.set()
    assert time.monotonic() - started < 2
    found = states()
    assert found.pop("slow") == ("waiting", 1)
    assert set(found.values()) == {("sent", 1)}


def test_a_fault_of_ours_is_a_failed_attempt(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    put(world, "one")

    def send(mail: Mail) -> None:
        raise RuntimeError("a fault")

    send_due_deliveries(now=NOW, send=send)
    assert Delivery.objects.get().last_error == "other: RuntimeError"
    assert caplog.records[0].message == "A message could not be sent"


def test_an_idle_round_asks_the_database_once(world: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        send_due_deliveries(now=NOW, send=print)
    assert len(queries) == 1


def test_without_a_mail_server_the_outbox_waits(world: World, settings: Any) -> None:
    settings.IS_MAIL_CONFIGURED = False
    put(world, "one")
    assert send_deliveries(NOW) == 0
    assert states() == {"one": ("waiting", 0)}


def test_mail_goes_to_a_real_server(world: World, settings: Any) -> None:
    keys = {f"k{number}" for number in range(12)}
    for key in keys:
        put(world, key)
    with serve_mail(settings) as inbox:
        inbox.refuse["k3@acme.example"] = "550 Unknown"
        inbox.drop = 1
        assert send_deliveries(NOW) == 12
        assert send_deliveries(NOW + dt.timedelta(seconds=11)) == 1
    assert {m["To"] for m in inbox.messages} == {f"{k}@acme.example" for k in keys - {"k3"}}
    assert len(inbox.messages) == 11
    assert states()["k3"] == ("dead", 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once() -> None:
    world = make_world()
    for number in range(30):
        put(world, f"k{number}")
    sent: list[str] = []

    def work() -> None:
        try:
            while send_due_deliveries(now=NOW, send=lambda mail: sent.append(mail.recipient)):
                pass
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(sent) == sorted(f"k{number}@acme.example" for number in range(30))


@pytest.mark.django_db(transaction=True)
def test_a_message_that_is_being_sent_is_not_replaced() -> None:
    world = make_world()
    put(world, "one")
    claimed = threading.Event()

    def claim() -> None:
        try:
            with transaction.atomic():
                Delivery.objects.claim_due(now=NOW, limit=1)
                claimed.set()
                time.sleep(0.5)
        finally:
            connection.close()

    worker = threading.Thread(target=claim)
    worker.start()
    assert claimed.wait(10)
    known = put(world, "one", due_at=NOW)
    worker.join(10)
    kept = Delivery.objects.get()
    assert (known.attempts, kept.attempts) == (1, 1)
    assert kept.due_at == known.due_at == NOW + dt.timedelta(seconds=LEASE_SECONDS)


@pytest.mark.django_db(transaction=True)
def test_what_was_sent_is_marked_while_a_slow_one_is_still_on_its_way() -> None:
    """A worker that dies meanwhile must not leave the whole group to be sent again."""
    world = make_world()
    for key in ("slow", "b", "c"):
        put(world, key)
    marked = []

    def send(mail: Mail) -> None:
        if not mail.recipient.startswith("slow"):
            return
        try:
            ends = time.monotonic() + 3
            while not marked and time.monotonic() < ends:
                if Delivery.objects.filter(state="sent").count() == 2:
                    marked.append("in time")
                time.sleep(0.02)
        finally:
            connection.close()

    assert send_due_deliveries(now=NOW, send=send) == 3
    assert marked == ["in time"]
    assert {state for state, _ in states().values()} == {"sent"}
