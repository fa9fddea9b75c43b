"""Encounters come in from other systems, sometimes twice."""

from __future__ import annotations

import threading

from django.db import connection
from tests.world import NOW, World

from kokemus.store.models import Contact, Encounter, EncounterParty
from kokemus.store.models.contacts import ContactFacts, EncounterFacts


def facts(world: World, reference: str, **values: object) -> EncounterFacts:
    fields = {
        "reference": reference,
        "touchpoint": world.touchpoint,
        "unit": world.service,
        "happened_at": NOW,
        "contact": ContactFacts(reference="c1", name="Aino", account="a1"),
        "parties": ((world.partner, "s-7"), (world.partner, "s-7")),
    }
    return EncounterFacts(**fields | values)  # type: ignore[arg-type]


def test_record_keeps_each_reference_once(world: World) -> None:
    batch = [facts(world, "e1"), facts(world, "e2"), facts(world, "e1")]
    first = Encounter.objects.record(world.organisation, batch, now=NOW)
    again = Encounter.objects.record(world.organisation, batch, now=NOW)
    assert [new for _, new in first] == [True, True, False]
    assert [new for _, new in again] == [False, False, False]
    assert [row.pk for row, _ in first] == [row.pk for row, _ in again]
    assert Encounter.objects.count() == 2
    assert Contact.objects.get().account.reference == "a1"  # type: ignore[union-attr]
    assert EncounterParty.objects.count() == 2


def test_record_keeps_the_moment(world: World) -> None:
    ((row, _new),) = Encounter.objects.record(world.organisation, [facts(world, "e1")], now=NOW)
    world.touchpoint.change(name="Call", mode="digital", unit=world.billing)
    row.refresh_from_db()
    assert (row.mode, row.unit) == ("human", world.service)


def test_an_empty_text_leaves_what_is_known(world: World) -> None:
    Encounter.objects.record(world.organisation, [facts(world, "e1")], now=NOW)
    later = facts(world, "e2", contact=ContactFacts(reference="c1", email="a@b.example"))
    Encounter.objects.record(world.organisation, [later], now=NOW)
    contact = Contact.objects.get()
    assert (contact.name, contact.email) == ("Aino", "a@b.example")


def test_references_belong_to_an_organisation(world: World, other_world: World) -> None:
    Encounter.objects.record(world.organisation, [facts(world, "e1")], now=NOW)
    theirs = facts(other_world, "e1")
    ((_row, new),) = Encounter.objects.record(other_world.organisation, [theirs], now=NOW)
    assert new
    assert Contact.objects.count() == 2


def test_two_systems_that_tell_the_same_in_another_order_are_both_heard(
    open_world: World,
) -> None:
    """Each waits for the rows that the other has written, never both for each other."""
    faults: list[Exception] = []
    start = threading.Barrier(2, timeout=10)

    def tell(turn: int, step: int) -> None:
        told = [
            EncounterFacts(
                reference=f"{turn}-{number}",
                touchpoint=open_world.touchpoint,
                unit=open_world.service,
                happened_at=NOW,
                contact=ContactFacts(reference=f"{turn}-{number}", account=f"{number % 7}"),
            )
            for number in range(300)
        ]
        try:
            start.wait()
            Encounter.objects.record(open_world.organisation, told[::step], now=NOW)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    for turn in range(4):
        systems = [threading.Thread(target=tell, args=(turn, step)) for step in (1, -1)]
        for system in systems:
            system.start()
        for system in systems:
            system.join(30)
    assert faults == []
    assert Encounter.objects.count() == 1200
