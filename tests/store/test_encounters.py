"""Encounters come in from other systems, sometimes twice."""

from __future__ import annotations

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
