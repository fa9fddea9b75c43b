from __future__ import annotations

import gzip
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.databases import database_url_of_tests
from tests.listen.visitor import SECONDS, OpenDoor, Visitor, form_of
from tests.world import NOW, World

from kokemus.listen.door import CaptureDoor
from kokemus.store.models import Encounter, Response


def kept() -> list[tuple[int | None, str]]:
    return list(Response.objects.order_by("changed_at").values_list("score", "comment"))


def test_a_tap_is_kept_and_the_comment_completes_the_same_answer(
    open_world: World, visitor: Visitor
) -> None:
    page = visitor.open(f"/a/{open_world.survey.link}?c=qr")
    assert "Would you recommend us?" in page.words
    why = visitor.submit(page, score="2")
    assert kept() == [(2, "")]
    assert Response.objects.get().completed_at is None
    thanks = visitor.submit(
        why, comment="Slow & late\r\n<b>", may_contact="yes", reply_to="040 123 4567"
    )
    assert "Thank you for your answer We read every answer." in thanks.words
    assert "We will contact you." in thanks.words
    row = Response.objects.get()
    assert (row.score, row.comment, row.may_contact, row.reply_to) == (
        2,
        "Slow & late\n<b>",
        True,
        "040 123 4567",
    )
    assert (row.channel, row.language, row.completed_at is not None) == ("qr", "en", True)


def test_the_back_button_amends_the_answer(open_world: World, visitor: Visitor) -> None:
    first = visitor.open(f"/a/{open_world.survey.link}")
    visitor.submit(first, score="2")
    visitor.submit(first, score="9")
    assert kept() == [(9, "")]


def test_a_double_tap_is_one_answer(open_world: World, door: OpenDoor) -> None:
    page = Visitor(door).open(f"/a/{open_world.survey.link}")
    address, hidden = form_of(page)
    body = f"key={hidden['key']}&score=4".encode()
    taps = [door.send("POST", address, body=body) for _ in range(8)]
    assert {tap.result(SECONDS).status for tap in taps} == {303}
    assert kept() == [(4, "")]


def test_reloading_any_step_sends_nothing_again(open_world: World, visitor: Visitor) -> None:
    why = visitor.submit(visitor.open(f"/a/{open_world.survey.link}"), score="5")
    changed_at = Response.objects.get().changed_at
    assert visitor.open(visitor.at).words == why.words
    visitor.submit(why, comment="Hm")
    again = visitor.open(visitor.at)
    assert "Thank you for your answer" in again.words
    assert kept() == [(5, "Hm")]
    assert Response.objects.get().changed_at > changed_at


def test_two_open_tabs_are_one_answer(open_world: World, visitor: Visitor) -> None:
    """Both were opened before either cookie came: the cookie wins over the forms' keys."""
    cookies = dict(visitor.cookies)
    one = visitor.open(f"/a/{open_world.survey.link}")
    visitor.cookies = cookies
    other = visitor.open(f"/a/{open_world.survey.link}")
    assert form_of(one)[1] != form_of(other)[1]
    visitor.submit(one, score="3")
    visitor.submit(other, score="8")
    assert kept() == [(8, "")]


def test_without_cookies_it_is_one_answer_too(open_world: World, door: OpenDoor) -> None:
    visitor = Visitor(door, accepts_cookies=False)
    why = visitor.submit(visitor.open(f"/a/{open_world.survey.link}"), score="3")
    assert "Your answer 3 / 10 is kept." in why.words
    thanks = visitor.submit(why, comment="No cookies")
    assert "Thank you for your answer" in thanks.words
    assert kept() == [(3, "No cookies")]


def test_someone_else_on_the_same_device_is_another_answer(
    open_world: World, visitor: Visitor
) -> None:
    link = f"/a/{open_world.survey.link}"
    thanks = visitor.submit(visitor.submit(visitor.open(link), score="3"), comment="One")
    fresh = visitor.submit(thanks, action="/anew")
    assert "Your answer is" not in fresh.words
    visitor.submit(fresh, score="10")
    assert kept() == [(3, "One"), (10, "")]


def test_the_answer_can_be_changed_and_the_rest_stays(open_world: World, visitor: Visitor) -> None:
    link = f"/a/{open_world.survey.link}"
    why = visitor.submit(visitor.open(link), score="3")
    visitor.submit(why, comment="One", may_contact="yes", reply_to="a@b.example")
    again = visitor.open(link)
    assert "Your answer is 3 / 10." in again.words
    why = visitor.submit(again, score="6")
    assert "checked" in why.text
    visitor.submit(why, may_contact="yes")
    row = Response.objects.get()
    assert (row.score, row.comment, row.reply_to) == (6, "One", "a@b.example")
    visitor.submit(visitor.open(f"{link}/why"))
    row.refresh_from_db()
    assert (row.may_contact, row.reply_to) == (False, "")


def test_looking_creates_nothing(open_world: World, door: OpenDoor) -> None:
    link = f"/a/{open_world.survey.link}"
    scanner = {"purpose": "prefetch", "sec-purpose": "prefetch"}
    statuses = [
        door.ask("GET", link, headers=scanner).status,
        door.ask("HEAD", link).status,
        door.ask("GET", f"{link}?score=9").status,
        door.ask("GET", f"{link}/why").status,
        door.ask("GET", f"{link}/thanks").status,
        door.ask("GET", f"{link}/anew").status,
        door.ask("POST", f"{link}/thanks").status,
        door.ask("PUT", link).status,
    ]
    assert statuses == [200, 200, 200, 303, 303, 404, 405, 405]
    assert door.ask("HEAD", link).body == b""
    assert kept() == []


def test_sending_nothing_before_a_tap_keeps_nothing(open_world: World, door: OpenDoor) -> None:
    link = f"/a/{open_world.survey.link}"
    answered = door.ask("POST", f"{link}/why", body=b"comment=")
    assert (answered.status, answered.header("location")) == (303, link)
    assert kept() == []


def test_another_site_cannot_answer(open_world: World, door: OpenDoor) -> None:
    reply = door.ask(
        "POST",
        f"/a/{open_world.survey.link}",
        body=b"score=10",
        headers={"sec-fetch-site": "cross-site"},
    )
    assert (reply.status, kept()) == (403, [])


@pytest.mark.parametrize("score", ["11", "-1", "nine", "", "1.5", "٣", "10;"])
def test_a_score_off_the_scale_is_refused_in_words(
    open_world: World, visitor: Visitor, score: str
) -> None:
    page = visitor.submit(visitor.open(f"/a/{open_world.survey.link}"), score=score)
    assert (page.status, kept()) == (422, [])
    assert "The score is not on the survey's scale." in page.words


def test_what_cannot_be_taken_stays_on_the_page(open_world: World, visitor: Visitor) -> None:
    why = visitor.submit(visitor.open(f"/a/{open_world.survey.link}"), score="1")
    long = "ä" * 5001
    page = visitor.submit(why, comment=long, may_contact="yes", reply_to="me@")
    assert page.status == 422
    assert "The comment has 5 001 characters. There is room for 5 000." in page.words
    assert long in page.text
    page = visitor.submit(why, comment="Short", reply_to='me@"')
    assert "Write an email address or a phone number." in page.words
    assert 'value="me@&#34;"' in page.text
    page = visitor.submit(why, comment="Short", may_contact="yes")
    assert "so that we can reply" in page.words
    assert kept() == [(1, "")]


def test_a_link_from_an_encounter_keeps_its_place(open_world: World, visitor: Visitor) -> None:
    encounter = Encounter.objects.create(
        organisation=open_world.organisation,
        reference="visit 1",
        touchpoint=open_world.touchpoint,
        unit=open_world.partner,
        mode="human",
        happened_at=NOW,
        received_at=NOW,
    )
    link = f"/a/{open_world.survey.link}?e=visit+1&c=sms"
    why = visitor.submit(visitor.open(link), score="0")
    visitor.submit(why, may_contact="yes")
    row = Response.objects.get()
    assert (row.encounter, row.unit, row.channel) == (encounter, open_world.partner, "sms")
    assert row.may_contact
    visitor.submit(visitor.open(f"/a/{open_world.survey.link}?e=visit+2"), score="7")
    other = Response.objects.exclude(pk=row.pk).get()
    assert (other.encounter, other.unit) == (None, open_world.service)


def test_the_language_follows_the_link_then_the_browser(
    open_world: World, visitor: Visitor
) -> None:
    link = f"/a/{open_world.survey.link}"
    visitor.language = "sv-FI,sv;q=0.9,en;q=0.5"
    assert '<html lang="sv">' in visitor.open(link).text
    assert '<html lang="fi">' in visitor.open(f"{link}?lang=fi").text
    visitor.language = "de"
    page = visitor.open(f"{link}?lang=xx")
    assert '<html lang="en">' in page.text
    assert f'href="{link}?lang=fi" lang="fi"' in page.text


def test_closed_and_unknown_are_said_in_words(open_world: World, door: OpenDoor) -> None:
    open_world.survey.close()
    link = f"/a/{open_world.survey.link}"
    assert soon(lambda: door.ask("GET", link).status == 410)
    closed = door.ask("GET", link, headers={"accept-language": "fi"})
    assert (closed.status, "Kysely on päättynyt" in closed.words) == (410, True)
    assert door.ask("POST", link, body=b"score=3").status == 410
    unknown = door.ask("GET", "/a/nothing", headers={"accept-language": "sv"})
    assert (unknown.status, "Enkäten hittades inte" in unknown.words) == (404, True)
    assert door.ask("GET", f"{link}/elsewhere").status == 404
    assert kept() == []


def test_a_busy_server_keeps_what_was_written(open_world: World) -> None:
    door = OpenDoor(
        CaptureDoor(
            database_url=database_url_of_tests(), public_url="http://127.0.0.1", queue_max=1
        )
    )
    visitor = Visitor(door)
    why = visitor.submit(visitor.open(f"/a/{open_world.survey.link}"), score="2")
    writer = door.door._writer
    assert writer is not None
    holding, release, write = threading.Event(), threading.Event(), writer._write

    def write_when_released(group: Any) -> Any:
        holding.set()
        release.wait(SECONDS)
        return write(group)

    writer._write = write_when_released  # type: ignore[method-assign]
    address, _ = form_of(why)
    first = door.send("POST", address, body=b"comment=One", headers=visitor.headers())
    assert holding.wait(SECONDS)
    second = door.send("POST", address, body=b"comment=Two", headers=visitor.headers())
    assert soon(lambda: writer.rows_waiting == 1)
    busy = visitor.submit(why, comment="Three words here", reply_to="a@b.example")
    assert (busy.status, busy.header("retry-after")) == (503, "2")
    assert "Try again in a moment" in busy.words
    assert "Three words here" in busy.text
    assert "Send again" in busy.words
    release.set()
    assert {first.result(SECONDS).status, second.result(SECONDS).status} == {303}
    visitor.submit(busy, comment="Three words here", reply_to="a@b.example")
    assert kept() == [(2, "Three words here")]
    door.close()


def soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.005)
    return condition()


def test_the_page_is_light_and_strict(open_world: World, door: OpenDoor) -> None:
    link = f"/a/{open_world.survey.link}"
    page = door.ask("GET", link, headers={"accept-encoding": "gzip, br"})
    html = gzip.decompress(page.body).decode()
    style_address = html.partition('rel="stylesheet" href="')[2].partition('"')[0]
    style = door.ask("GET", style_address, headers={"accept-encoding": "gzip"})
    assert len(page.body) + len(style.body) < 8_000
    assert style.header("cache-control") == "public, max-age=31536000, immutable"
    assert "'unsafe-inline'" not in page.header("content-security-policy")
    assert "<script" not in html
    assert "style=" not in html
    assert page.header("cache-control") == "no-store"
    cookie = page.header("set-cookie")
    assert f"Path={link};" in cookie
    assert "HttpOnly; SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert door.ask("GET", "/a/assets/000000000000-0e6a6a.css").status == 404


def test_over_https_the_cookie_is_secure(open_world: World) -> None:
    door = OpenDoor(
        CaptureDoor(database_url=database_url_of_tests(), public_url="https://cx.example")
    )
    page = door.ask("GET", f"/a/{open_world.survey.link}")
    door.close()
    assert page.header("set-cookie").endswith("; Secure")


def test_a_page_key_reaches_no_other_survey(
    open_world: World, door: OpenDoor, visitor: Visitor
) -> None:
    open_world.respond(1, key="k" * 22)
    door.ask("POST", f"/a/{open_world.survey.link}", body=b"key=" + b"k" * 22 + b"&score=9")
    assert sorted(score for score, _ in kept() if score is not None) == [1, 9]


def test_the_door_works_without_django() -> None:
    code = (
        "import sys, kokemus.listen.door;"
        "print(sorted(n for n in sys.modules if n.split('.')[0] in ('django', 'polars')))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (printed.stdout, printed.stderr) == ("[]\n", "")
