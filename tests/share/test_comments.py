"""What people wrote: found in any form, shown redacted, corrected with undo, exported redacted."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.share.readings import read, read_comment
from tests.world import NOW, World

from kokemus.share.filters import read_filters
from kokemus.share.marked_text import mark_text
from kokemus.share.rise_alerts import alert_rises
from kokemus.share.themes import list_themes, tell_theme
from kokemus.store.models import AuditEntry, CommentReading, Delivery, Theme

DAY = dt.timedelta(days=1)
NUMBER = "040 123 4567"
COMMENT = f"Soittakaa Matti Virtaselle, {NUMBER}. Puhelin ei toimi."
REDACTED = "Soittakaa [nimi], [puhelinnumero]. Puhelin ei toimi."


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.admin)
    return client


def as_(member: Any) -> Client:
    client = Client()
    client.force_login(member)
    return client


def found(client: Client, query: str) -> set[Any]:
    listing = client.get(f"/comments/?period=all&{query}").context["listing"]
    return {seen.reading.pk for seen in listing.rows}


def test_a_word_is_found_in_any_form_of_three_languages(world: World, client: Client) -> None:
    service = read(world, "Hyvä palvelu", lemmas="hyvä palvelu", language="fi")
    bill = read(world, "Fel på fakturan", lemmas="fel på faktura", language="sv")
    read(world, "Kind people", lemmas="kind people")
    assert found(client, "words=palvelusta") == {service.pk}
    assert found(client, "words=fakturor") == {bill.pk}
    assert found(client, "words=palvelusta+fakturan") == set()
    assert found(client, 'words="på fakturan"') == {bill.pk}


def test_facets_narrow_and_stand_in_the_address(world: World, client: Client) -> None:
    low = read(world, "Late", score=1, themes="waiting")
    high = read(world, "Kind", score=10, themes="staff", label="positive", language="fi")
    dim = read(world, "Ok", score=8, label="neutral", is_unsure=True, channel="qr")
    assert found(client, "theme=waiting") == {low.pk}
    assert found(client, "sentiment=positive") == {high.pk}
    assert found(client, "unsure=1") == {dim.pk}
    assert found(client, "tone=bad") == {low.pk}
    assert found(client, "language=fi") == {high.pk}
    assert found(client, "channel=qr") == {dim.pk}
    assert found(client, "mode=human") == {low.pk, high.pk, dim.pk}
    assert found(client, "mode=digital") == set()
    assert client.get("/comments/?theme=nothing").status_code == 404


@pytest.mark.parametrize("role", ["viewer", "agent", "lead", "admin"])
def test_personal_data_is_hidden_from_everybody_on_the_list(world: World, role: str) -> None:
    span = {"start": 11, "end": 26, "kind": "name"}
    reading = read(world, COMMENT, redacted=REDACTED, personal=[span])
    member = as_(getattr(world, role))
    for path in ("/comments/?period=all", f"/comments/{reading.pk}/"):
        page = member.get(path).content.decode()
        assert "[puhelinnumero]" in page
        assert NUMBER not in page
        assert "Virtaselle" not in page
    assert ("Show as it was written" in page) == (role in {"lead", "admin"})


def test_export_is_redacted_disarmed_and_audited(world: World, client: Client) -> None:
    read(world, COMMENT, redacted=f"={REDACTED}", themes="digital")
    answer: Any = client.get("/comments/export.csv?period=all")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["redacted"], row["themes"], row["label"]) == (
        f"'={REDACTED}",
        "digital",
        "negative",
    )
    assert NUMBER not in text
    assert AuditEntry.objects.get(action="export").member == world.admin


def test_a_correction_shows_at_once_and_can_be_undone(world: World) -> None:
    reading = read(world, "Nobody answered", themes="waiting")
    agent = as_(world.agent)
    staff = Theme.objects.get(organisation=world.organisation, code="staff")
    agent.post(f"/comments/{reading.pk}/sentiment/", {"label": "neutral"})
    agent.post(f"/comments/{reading.pk}/theme/", {"theme": staff.pk})
    reading = CommentReading.objects.get()
    assert (reading.label, reading.is_corrected) == ("neutral", True)
    assert {each.theme.code for each in reading.read_themes.all()} == {"waiting", "staff"}
    correction = reading.response.sentiment_correction
    agent.post(f"/comments/corrections/{correction.pk}/undo/")
    example = reading.response.theme_examples.get()
    agent.post(f"/comments/examples/{example.pk}/undo/")
    assert not reading.response.theme_examples.exists()
    reading.response.refresh_from_db()
    assert reading.response.reading_turn is not None  # it is read anew


def test_htmx_gets_the_comment_as_it_is_read_now(world: World) -> None:
    reading = read(world, "Nobody answered")
    path = f"/comments/{reading.pk}/sentiment/"
    answer = as_(world.agent).post(path, {"label": "positive"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert page.lstrip().startswith("<li")
    assert "Positive" in page
    assert "/undo/" in page


def test_words_that_drove_the_reading_are_marked_and_explained() -> None:
    shown = {
        "statements": [
            {"start": 0, "end": 5, "label": "positive"},
            {"start": 6, "end": 20, "label": "negative"},
        ],
        "evidence": [
            {"start": 0, "end": 4, "kind": "sentiment", "weight": 1.0},
            {"start": 10, "end": 15, "kind": "theme:waiting", "weight": 1.0},
            {"start": 10, "end": 15, "kind": "sentiment", "weight": -0.9},
            {"start": 6, "end": 9, "kind": "sentiment", "weight": -0.1},
            {"start": 16, "end": 19, "kind": "theme:unknown", "weight": 1.0},
        ],
    }
    text = "Kind. But queue bad."
    first, second = mark_text(text, shown, theme_names={"waiting": "Waiting"})
    assert (first.label, second.label) == ("positive", "negative")
    assert "".join(p.text for part in (first, second) for p in part.pieces) == text
    marked = [(piece.text, piece.tone) for piece in second.pieces if piece.why]
    assert marked == [("queue", "bad")]
    assert "Waiting" in next(piece.why for piece in second.pieces if piece.why)


def test_a_page_without_a_comment_to_show_is_loaded_anew_when_all_are_read(
    world: World, client: Client
) -> None:
    response = world.respond(2, comment="Nobody answered the phone.")
    page = client.get("/comments/?period=all").content.decode()
    polled = "/comments/progress/?bare=1"
    assert f'hx-get="{polled}"' in page
    assert "still being read" in page
    still = client.get(polled)
    assert f'hx-get="{polled}"' in still.content.decode()
    assert "HX-Refresh" not in still.headers
    read_comment(response)
    assert client.get(polled).headers["HX-Refresh"] == "true"
    # A page with comments on it is left in peace.
    beside = client.get("/comments/progress/")
    assert "Show them" in beside.content.decode()
    assert "HX-Refresh" not in beside.headers


def test_pages_say_what_to_do_when_there_is_nothing(world: World, client: Client) -> None:
    assert "No comments yet" in client.get("/comments/").content.decode()
    assert "No comments yet" in client.get("/themes/").content.decode()
    read(world, "Late", answered_at=NOW - 400 * DAY)
    assert "No comments like these" in client.get("/comments/").content.decode()


@pytest.mark.parametrize("path", ["/comments/?period=all", "/themes/?period=all"])
def test_thirty_comments_take_as_many_queries_as_one(
    world: World, client: Client, path: str, django_assert_num_queries: Any
) -> None:
    read(world, "Late", themes="waiting", answered_at=NOW)
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _ in range(29):
        read(world, "Late", themes="waiting staff", answered_at=NOW)
    with django_assert_num_queries(len(few)):
        assert client.get(path).status_code == 200


def fill_weeks(world: World, *, now: int) -> None:
    """Twelve weeks with one comment in twenty about waiting, and a last one with `now` of them."""
    for week in range(13):
        many = now if week == 0 else 2
        for n in range(30):
            is_about = n < many
            read(
                world,
                "Queue" if is_about else "Fine",
                themes="waiting" if is_about else "staff",
                lemmas="queue phone" if is_about else "fine kind",
                score=2 if is_about else 9,
                answered_at=NOW - week * 7 * DAY,
            )


def test_a_theme_that_rises_is_told_on_top_and_mailed_once(world: World, client: Client) -> None:
    fill_weeks(world, now=20)
    filters = read_filters({}, member=world.admin, now=NOW)
    [rise] = [r for r in list_themes(world.admin, filters).rises if r.leader.found.count == 20]
    assert rise.leader.code == "waiting"
    assert alert_rises(world.organisation, now=NOW) >= 1
    told = Delivery.objects.filter(key__contains="theme:waiting")
    assert [mail.recipient for mail in told] == [world.admin.email]
    assert "20 comments in seven days" in told.get().text
    assert alert_rises(world.organisation, now=NOW + dt.timedelta(hours=1)) == 0


def test_a_theme_tells_its_share_effect_words_and_voices(world: World) -> None:
    fill_weeks(world, now=20)
    filters = read_filters({"period": "all"}, member=world.admin, now=NOW)
    story = tell_theme(world.admin, filters, "waiting")
    assert (story.share.comments, story.share.total) == (44, 390)
    assert story.effect is not None
    assert story.effect[1].difference.estimate == pytest.approx(-200)
    assert {str(word.word) for word in story.telling} == {"queue", "phone"}
    assert len(story.voices) == 1  # they are all alike


def test_nothing_is_told_of_fewer_than_five(world: World, client: Client) -> None:
    for _ in range(4):
        read(world, "Late", themes="waiting")
    page = client.get("/themes/waiting/?period=all").content.decode()
    assert "too few comments to tell" in page
    assert "cannot tell" in client.get("/themes/?period=all").content.decode()


def test_no_comment_of_another_unit_or_organisation_is_seen(
    world: World, other_world: World
) -> None:
    read(world, "Secret of billing", unit=world.billing, themes="waiting")
    read(other_world, "Secret of others", themes="waiting")
    for path in ("/comments/", "/themes/", "/themes/waiting/", "/comments/export.csv"):
        answer: Any = as_(world.agent).get(f"{path}?period=all")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"Secret" not in body
