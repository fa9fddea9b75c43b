"""Who has met us as nobody in particular, and left an address."""

from __future__ import annotations

from tests.store.submissions import submission
from tests.world import NOW, World

from kokemus.store.erasure import count_person, erase_person
from kokemus.store.models import Encounter, ImportRun, Response
from kokemus.store.models.contacts import ContactFacts, EncounterFacts
from kokemus.store.people import find_people
from kokemus.store.person_export import export_person


def meet_nobody(world: World, reference: str, *, contact: ContactFacts | None = None) -> None:
    facts = EncounterFacts(
        reference=reference,
        touchpoint=world.touchpoint,
        unit=world.service,
        happened_at=NOW,
        contact=contact,
    )
    Encounter.objects.record(world.organisation, [facts], now=NOW)


def answer(world: World, encounter: str, comment: str, reply_to: str = "") -> None:
    given = submission(world, 2, encounter=encounter, comment=comment, reply_to=reply_to)
    [outcome] = Response.objects.record([given], now=NOW)
    assert outcome.state == "added"


def test_an_encounter_without_a_contact_goes_with_whoever_left_an_address_there(
    open_world: World,
) -> None:
    meet_nobody(open_world, "order-1")
    meet_nobody(open_world, "order-2")
    answer(open_world, "order-1", "slow", "zed@left.example")
    answer(open_world, "order-1", "and again, on the telephone")
    answer(open_world, "order-2", "kept", "other@left.example")
    [person] = find_people(open_world.organisation, "zed@left.example")
    exported = export_person(person)
    assert [one["reference"] for one in exported["encounters"]] == ["order-1"]
    counts = count_person(person)
    assert (counts["encounters"], counts["answers"]) == (1, 2)
    assert erase_person(person, at=NOW) == counts
    assert Encounter.objects.get().reference == "order-2"
    assert Response.objects.get().comment == "kept"


def test_of_an_encounter_that_many_share_only_their_own_answers_are_theirs(
    open_world: World,
) -> None:
    meet_nobody(open_world, "fair")
    for comment, address in (("mine", "zed@left.example"), ("yours", "you@left.example")):
        answer(open_world, "fair", comment, address)
    answer(open_world, "fair", "of nobody")
    [person] = find_people(open_world.organisation, "zed@left.example")
    assert erase_person(person, at=NOW)["answers"] == 1
    assert Encounter.objects.filter(reference="fair").exists()
    left = Response.objects.order_by("comment").values_list("comment", flat=True)
    assert list(left) == ["of nobody", "yours"]


def test_a_contact_who_left_their_address_elsewhere_is_found_with_that(open_world: World) -> None:
    known = ContactFacts(reference="zed", email="zed@left.example")
    meet_nobody(open_world, "order-1", contact=known)
    meet_nobody(open_world, "order-2")
    answer(open_world, "order-2", "slow", "Zed@left.example")
    [person] = find_people(open_world.organisation, "zed@left.example")
    assert erase_person(person, at=NOW)["encounters"] == 2
    assert not Response.objects.exists()


def test_a_file_that_is_called_by_their_name_is_called_by_its_number(open_world: World) -> None:
    known = ContactFacts(reference="zed", name="Zed Öhman")
    meet_nobody(open_world, "order-1", contact=known)
    runs = [
        ImportRun.objects.create(
            organisation=open_world.organisation,
            survey=open_world.survey,
            file_name=name,
            stored_as=f"{number}.csv",
            state="done",
        )
        for number, name in enumerate(["Palaute_zed_öhman.csv", "Palaute_zed_öhmander.csv"])
    ]
    [person] = find_people(open_world.organisation, "zed")
    erase_person(person, at=NOW)
    kept = ImportRun.objects.order_by("pk").values_list("file_name", flat=True)
    assert list(kept) == [f"{runs[0].pk}.csv", "Palaute_zed_öhmander.csv"]


def test_whose_reference_it_is_comes_before_many_of_that_name(open_world: World) -> None:
    for number in range(3):
        named = ContactFacts(reference=f"K{number}", name=f"Aino A1 {number}")
        meet_nobody(open_world, f"named-{number}", contact=named)
    meet_nobody(open_world, "meant", contact=ContactFacts(reference="a1", name="Östen"))
    found = find_people(open_world.organisation, "A1", limit=2)
    assert [str(each.contact) for each in found] == ["Östen", "Aino A1 0"]
