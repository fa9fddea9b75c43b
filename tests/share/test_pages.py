"""The pages: right at once, the same number of queries for one row and thirty, audited."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.readings import read
from tests.world import NOW, World

from kokemus.server.demo import load_demo
from kokemus.store.models import AuditEntry, Case, Member, Response


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.admin)
    return client


def test_an_answer_given_now_is_in_the_score_on_the_next_look(world: World, client: Client) -> None:
    now = timezone.now()
    for _ in range(5):
        world.respond(10, answered_at=now)
    assert "+100" in client.get("/overview/").content.decode()
    for _ in range(5):
        world.respond(0, answered_at=now)
    page = client.get("/overview/").content.decode()
    assert "+100" not in page
    assert "10 answers" in page


def test_pages_say_what_to_do_when_there_is_nothing(client: Client) -> None:
    assert "No answers yet" in client.get("/overview/").content.decode()
    assert "No answers with these filters" in client.get("/overview/?channel=qr").content.decode()
    assert "No answers like these" in client.get("/responses/").content.decode()


@pytest.mark.parametrize("path", ["/overview/?period=all", "/responses/?period=all"])
def test_thirty_rows_take_as_many_queries_as_one(
    world: World, client: Client, path: str, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    world.respond(3, comment="Slow")
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _ in range(29):
        world.respond(3, comment="Slow")
    with django_assert_num_queries(len(few)):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("name", ["trend", "ranking", "distribution", "channels"])
def test_each_chart_is_drawn_with_its_numbers(world: World, client: Client, name: str) -> None:
    for score in (10, 10, 9, 8, 2):
        world.respond(score)
    page = client.get(f"/overview/charts/{name}/?period=all").content.decode()
    assert "<svg" in page
    assert "<table" in page
    assert "<title>" in page  # followed as a link it is a page; fetched into one, a part of it
    part = client.get(f"/overview/charts/{name}/?period=all", headers={"HX-Request": "true"})
    assert part.content.decode().startswith('<div class="chart-place">')
    assert client.get("/overview/charts/pie/").status_code == 404


def test_answers_are_paged_by_key_without_gap_or_overlap(world: World, client: Client) -> None:
    rows = {str(world.respond(5).pk) for _ in range(60)}
    first = client.get("/responses/?period=all").context["listing"]
    second = client.get(f"/responses/?period=all&before={first.older}").context["listing"]
    shown = [str(row.pk) for row in (*first.rows, *second.rows)]
    assert (len(shown), set(shown), second.older) == (60, rows, "")


def test_answers_are_found_by_words_and_by_tone(world: World, client: Client) -> None:
    slow = world.respond(2, comment="The visit was late again")
    kind = world.respond(10, comment="Kind people, late but kind")
    world.respond(3)
    read(slow)
    read(kind)

    def found(query: str) -> set[Response]:
        return set(client.get(f"/responses/?period=all&{query}").context["listing"].rows)

    assert found("words=late+visit") == {slow}
    assert found("words=LATE") == {slow, kind}
    assert found("tone=good") == {kind}
    assert found("said=1&tone=bad") == {slow}


def test_export_has_the_same_answers_disarmed_and_is_audited(world: World, client: Client) -> None:
    world.respond(2, comment="=HYPERLINK(1)")
    world.respond(9, channel="qr")
    answer: Any = client.get("/responses/export.csv?period=all&channel=link")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["score"], row["comment"], row["touchpoint"]) == ("2", "'=HYPERLINK(1)", "Visit")
    entry = AuditEntry.objects.get(action="export")
    assert (entry.member, entry.detail["channel"]) == (world.admin, "link")


def test_a_look_at_an_answer_is_audited(world: World, client: Client) -> None:
    row = world.respond(2, comment="Nobody came")
    case, _ = Case.objects.open_for(row, unit=world.service, reason="x", due_at=NOW, at=NOW)
    page = client.get(f"/responses/{row.pk}/")
    assert "Nobody came" in page.content.decode()
    assert page.context["looked"].case == case
    entry = AuditEntry.objects.get(action="person_viewed")
    assert (entry.member, entry.subject) == (world.admin, str(row.pk))


@pytest.fixture
def guest(db: Any) -> Client:
    load_demo(now=timezone.now(), responses=400, months=3)
    client = Client()
    client.force_login(Member.objects.get(name="Katri Vuorela"))
    return client


def test_the_tour_meets_newcomers_on_their_first_page(guest: Client) -> None:
    first, next_page = guest.get("/today/"), guest.get("/overview/")
    assert "<details open>" in first.content.decode()
    assert "<details open>" not in next_page.content.decode()
    assert "Viisi katsottavaa" in first.content.decode()
    assert "KOKEMUS_EMAIL_URL" not in first.content.decode()  # the demo sends nothing anyway


def test_the_tour_leads_through_five_things_and_can_be_put_away(guest: Client) -> None:
    page = guest.get("/overview/")
    codes = [item["step"].code for item in page.context["tour"]["steps"]]
    assert len(codes) == 5
    targets = [guest.post(f"/demo/steps/{code}/")["Location"] for code in codes]
    assert [target.split("/")[1] for target in targets] == [
        "cases",
        "cases",
        "overview",
        "overview",
        "a",
    ]
    for target in targets[:4]:
        assert guest.get(target).status_code == 200
    assert guest.get("/overview/").context["tour"]["seen"] == 5
    assert guest.post("/demo/steps/nothing/").status_code == 404
    guest.post("/demo/dismiss/")
    assert "tour" not in guest.get("/overview/").context
