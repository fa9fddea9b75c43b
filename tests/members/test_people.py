"""The pages on which an admin finds a person, hands over what is kept, and erases it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.people import AURINKO, KUUTAMO, live_through, places_with
from tests.world import World

from kokemus.store.models import AuditEntry, Contact, ImportRun, Response


@pytest.fixture(autouse=True)
def _data_dir(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.admin)
    return client


def address_of(world: World) -> str:
    person = live_through(world, KUUTAMO)
    return f"/people/{person.key}/"


def test_before_and_after_a_search_that_finds_nobody_the_page_says_what_to_do(
    client: Client,
) -> None:
    assert "find them here" in client.get("/people/").text
    page = client.post("/people/", {"text": "Nobody"})
    assert "Nobody found by “Nobody”" in page.text
    assert "nothing ties the answer to them" in page.text


def test_what_is_searched_for_stands_in_no_address(world: World, client: Client) -> None:
    key = live_through(world, KUUTAMO).key
    page = client.post("/people/", {"text": "AAVA"})
    assert (f'href="/people/{key}/"' in page.text, page.request["QUERY_STRING"]) == (True, "")
    assert "no-store" in page.headers["Cache-Control"]


def test_of_many_who_are_called_so_the_first_are_shown(world: World, client: Client) -> None:
    Contact.objects.bulk_create(
        Contact(organisation=world.organisation, reference=f"r{n}", name="Aino") for n in range(60)
    )
    page = client.post("/people/", {"text": "aino"})
    assert page.text.count("list-cover") == 50
    assert "Write more of the name" in page.text


def test_many_people_are_found_with_as_many_queries_as_one(world: World, client: Client) -> None:
    counts = []
    for number in (1, 30):
        Contact.objects.bulk_create(
            Contact(organisation=world.organisation, reference=f"{number}-{n}", name=f"A{number}B")
            for n in range(number)
        )
        with CaptureQueriesContext(connection) as queries:
            assert (
                client.post("/people/", {"text": f"a{number}b"}).text.count("list-cover") == number
            )
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_of_a_person_says_in_short_what_is_kept(world: World, client: Client) -> None:
    page = client.get(address_of(world)).text
    for words in (KUUTAMO.name, KUUTAMO.email, KUUTAMO.company, "3 answers", "2 cases with"):
        assert words in page
    assert KUUTAMO.comment not in page  # comments are read where walls stand around them


def test_everything_is_downloaded_and_the_audit_says_so(world: World, client: Client) -> None:
    address = address_of(world)
    assert client.get(f"{address}export.json").status_code == 405
    answer = client.post(f"{address}export.json")
    assert json.loads(answer.content)["contact"]["name"] == KUUTAMO.name
    assert KUUTAMO.word not in answer.headers["Content-Disposition"]
    entry = AuditEntry.objects.get(action="person_exported")
    assert (entry.member, entry.subject) == (world.admin, f"contact:{address.split('/')[2]}")


def test_erasing_is_confirmed_with_what_will_go(
    world: World, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    address = address_of(world)
    live_through(world, AURINKO)
    page = client.get(f"{address}erase/").text
    for words in ("cannot be brought back", "1 encounter<", "3 answers", "backups"):
        assert words in page
    assert Contact.objects.filter(reference=KUUTAMO.reference).exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(f"{address}erase/", follow=True)
    assert "The person is erased." in done.text
    assert client.get(address).status_code == 404
    again = client.post(f"{address}erase/", follow=True)
    assert ("The person is erased." in again.text, again.status_code) == (True, 200)
    assert AuditEntry.objects.filter(action="erasure").count() == 1
    assert places_with(KUUTAMO.words) == []
    assert Response.objects.count() == 3


def test_the_audit_tells_of_erasing_and_names_nobody(world: World, client: Client) -> None:
    address = address_of(world)
    client.get("/responses/export.csv", {"words": KUUTAMO.word, "period": "all"})
    client.get(address)
    client.post(f"{address}erase/")
    told = {entry.action: entry for entry in AuditEntry.objects.all()}
    assert {"export", "person_viewed", "erasure"} <= set(told)
    assert told["export"].detail == {"period": "all", "is_searched": True}
    assert told["erasure"].subject == f"contact:{address.split('/')[2]}"
    assert told["erasure"].detail["counts"]["answers"] == 3
    assert [place for place in places_with(KUUTAMO.words) if "audit" in place] == []
    page = client.get("/audit/").text
    assert ("Erased a person" in page, "1 encounter, 3 answers" in page) == (True, True)


def test_while_a_file_is_brought_in_the_page_says_to_come_again(
    world: World, client: Client
) -> None:
    address = address_of(world)
    ImportRun.objects.get(state="mapping").start(mapping={}, missing=[])
    page = client.post(f"{address}erase/", follow=True)
    assert "Nothing was erased; try again when it is in." in page.text
    assert Contact.objects.filter(reference=KUUTAMO.reference).exists()


def test_who_left_only_an_address_has_a_page_too(world: World, client: Client) -> None:
    row = world.respond(1, comment="By an open link", reply_to="somebody@left.example")
    found = client.post("/people/", {"text": "Somebody@left.example"}).text
    assert (f"/people/{row.pk}/" in found, "Left this address" in found) == (True, True)
    assert "somebody@left.example" in client.get(f"/people/{row.pk}/").text
    client.post(f"/people/{row.pk}/erase/")
    assert not Response.objects.exists()


@pytest.mark.parametrize("key", ["0", "nobody", "1" * 40, "0190d6e5-0000-7000-8000-000000000000"])
def test_nobody_has_no_page(client: Client, key: str) -> None:
    assert client.get(f"/people/{key}/").status_code == 404
