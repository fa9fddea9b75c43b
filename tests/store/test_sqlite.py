"""SQLite's writers take turns, whichever way they write."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from tests.world import World

from kokemus.store.models import AuditEntry, Organisation
from kokemus.store.sqlite.turnstile import Turnstile

pytestmark = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite only")


def rename(world: World) -> None:
    Organisation.objects.filter(pk=world.organisation.pk).update(name="New")


def rename_in_a_transaction(world: World) -> None:
    with transaction.atomic():
        rename(world)


def write_down(world: World) -> None:
    AuditEntry.objects.record(organisation=world.organisation, action="looked")


@pytest.mark.parametrize("write", [rename, rename_in_a_transaction, write_down])
def test_who_writes_waits_for_its_turn(open_world: World, write: Callable[[World], None]) -> None:
    ended = threading.Event()

    def work() -> None:
        try:
            write(open_world)
            ended.set()
        finally:
            connection.close()

    turnstile = Turnstile(str(connection.settings_dict["NAME"]))
    turnstile.enter()
    writer = threading.Thread(target=work)
    writer.start()
    has_pushed_in = ended.wait(0.3)
    turnstile.leave()
    writer.join(20)
    assert (has_pushed_in, ended.is_set()) == (False, True)


def test_the_turn_is_given_on_after_each_statement(open_world: World) -> None:
    rename(open_world)
    write_down(open_world)
    turnstile = Turnstile(str(connection.settings_dict["NAME"]))
    entered = threading.Event()

    def enter() -> None:
        turnstile.enter()
        entered.set()
        turnstile.leave()

    other = threading.Thread(target=enter)
    other.start()
    other.join(5)
    assert entered.is_set()


def test_who_only_reads_waits_for_nobody(open_world: World) -> None:
    turnstile = Turnstile(str(connection.settings_dict["NAME"]))
    turnstile.enter()
    assert Organisation.objects.count() == 1
    turnstile.leave()
