from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.store.submissions import submission
from tests.world import NOW, World

from kokemus.store.connections import open_connection
from kokemus.store.models import Case, Response
from kokemus.store.writer import DatabaseUnavailable, QueueFull, Writer

SECONDS = 20


def test_an_answer_is_kept_before_it_is_acknowledged(open_world: World, writer: Writer) -> None:
    sent = submission(open_world, 7)
    outcomes = writer.submit([sent]).result(SECONDS)
    assert [(outcome.id, outcome.state) for outcome in outcomes] == [(sent.id, "added")]
    assert Response.objects.get().score == 7


def test_eight_threads_with_the_same_keys_make_one_row_each(
    open_world: World, writer: Writer
) -> None:
    keys = [f"same-{n}" for n in range(50)]

    def send(_: int) -> list[str]:
        futures = [writer.submit([submission(open_world, 5, key=key)]) for key in keys]
        return [future.result(SECONDS)[0].state for future in futures]

    with ThreadPoolExecutor(8) as threads:
        states = [state for sent in threads.map(send, range(8)) for state in sent]
    assert sorted(Response.objects.values_list("key", flat=True)) == sorted(keys)
    assert (states.count("added"), states.count("unchanged")) == (50, 350)


def test_who_left_while_waiting_does_not_stop_the_writer(open_world: World, writer: Writer) -> None:
    futures = [writer.submit([submission(open_world)]) for _ in range(200)]
    for future in futures:
        future.cancel()
    assert writer.submit([submission(open_world)]).result(SECONDS)[0].state == "added"
    assert Response.objects.count() == 201


def test_a_full_queue_refuses_the_whole_request(open_world: World, database_url: str) -> None:
    writer = Writer(database_url, queue_max=10)
    holder = open_connection(database_url)
    holder.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
    if connection.vendor != "sqlite":
        holder.execute("LOCK TABLE store_response IN ACCESS EXCLUSIVE MODE")
    in_hand = writer.submit([submission(open_world)])
    while writer.rows_waiting:
        threading.Event().wait(0.005)
    waiting = writer.submit([submission(open_world) for _ in range(8)])
    with pytest.raises(QueueFull):
        writer.submit([submission(open_world) for _ in range(3)])
    fitting = writer.submit([submission(open_world) for _ in range(2)])
    holder.execute("COMMIT")
    holder.close()
    assert len(in_hand.result(SECONDS) + waiting.result(SECONDS) + fitting.result(SECONDS)) == 11
    writer.close()
    assert Response.objects.count() == 11


def test_a_request_larger_than_the_queue_is_taken_when_nothing_waits(
    open_world: World, database_url: str
) -> None:
    writer = Writer(database_url, queue_max=10)
    outcomes = writer.submit([submission(open_world) for _ in range(1200)]).result(SECONDS)
    writer.close()
    assert len(outcomes) == Response.objects.count() == 1200


def test_closing_writes_what_waits(open_world: World, database_url: str) -> None:
    writer = Writer(database_url)
    futures = [writer.submit([submission(open_world)]) for _ in range(3000)]
    writer.close()
    assert {future.result(0)[0].state for future in futures} == {"added"}
    assert Response.objects.count() == 3000
    with pytest.raises(DatabaseUnavailable):
        writer.submit([submission(open_world)])


def test_a_connection_that_broke_is_opened_anew(open_world: World, writer: Writer) -> None:
    writer.submit([submission(open_world)]).result(SECONDS)
    _break(writer)
    assert writer.submit([submission(open_world)]).result(SECONDS)[0].state == "added"
    assert Response.objects.count() == 2


def _break(writer: Writer) -> None:
    if connection.vendor == "sqlite":
        writer._connection.close()
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_database_that_cannot_be_used_is_never_an_acknowledgement(
    open_world: World, tmp_path: Path
) -> None:
    """A file without our tables stands for every failure of the database itself."""
    sqlite3.connect(tmp_path / "empty.sqlite3").close()
    writer = Writer(f"sqlite:///{tmp_path}/empty.sqlite3")
    with pytest.raises(DatabaseUnavailable):
        writer.submit([submission(open_world)]).result(SECONDS)
    with pytest.raises(DatabaseUnavailable):
        writer.submit([submission(open_world)]).result(SECONDS)
    writer.close()


def test_answers_are_kept_while_a_case_is_being_opened(open_world: World, writer: Writer) -> None:
    """Whoever gives the next number locks the organisation, which every answer refers to."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's writers take turns")
    response = open_world.respond(1)
    with transaction.atomic():
        Case.objects.open_for(response, unit=response.unit, reason="Low", due_at=NOW, at=NOW)
        assert writer.submit([submission(open_world)]).result(5)[0].state == "added"


def test_sqlite_is_written_durably(open_world: World, writer: Writer) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    writer.submit([submission(open_world)]).result(SECONDS)
    pragmas = [
        writer._connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    assert pragmas == ["wal", 2, 1]
