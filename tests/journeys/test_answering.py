"""The customer's page: one answer whatever one does, small, in one's language, by any means."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from tests.journeys.browsing import DESK, PHONE, Browser, Person
from tests.journeys.scenes import Scene, set_scenes
from tests.serving import RunningKokemus

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
BYTES_MAX = 15_000
KEPT = "is kept."


@pytest.fixture(scope="module")
def fresh_scenes(kokemus: RunningKokemus) -> Iterator[Scene]:
    return iter(set_scenes(kokemus, ["en"] * 8))


@pytest.fixture
def scene(fresh_scenes: Iterator[Scene]) -> Scene:
    """An organisation that no other story has used."""
    return next(fresh_scenes)


def answers_of(kokemus: RunningKokemus, scene: Scene) -> list[list[object]]:
    """Score and comment of each row that the survey has, the oldest first."""
    code = (
        "import json; from kokemus.store.models import Response; print(json.dumps(list(map(list, "
        f"Response.objects.filter(survey={scene.survey}).order_by('answered_at')"
        ".values_list('score', 'comment')))))"
    )
    found: list[list[object]] = json.loads(kokemus.python(code))
    return found


def tap(customer: Person, score: int) -> None:
    """Tap a score; its button may also say what the score means."""
    with customer.page.expect_navigation():
        customer.page.locator(f"button[name=score][value='{score}']").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_whatever_one_does_is_one_answer(
    browser: Browser, kokemus: RunningKokemus, scene: Scene, scripts: bool
) -> None:
    with browser.person(kokemus.base_url, width=PHONE, scripts=scripts) as customer:
        customer.go(scene.address)
        customer.page.locator("button[name=score][value='8']").dblclick()
        customer.sees("Your answer 8 / 10 " + KEPT)
        customer.page.reload()
        customer.page.go_back()
        tap(customer, 6)
        customer.sees("Your answer 6 / 10 " + KEPT).look()
        second = customer.context.new_page()
        customer.watch(second)
        second.goto(kokemus.base_url + scene.address)
        second.locator("button[name=score][value='7']").click()
        expect(second.get_by_text("Your answer 7 / 10 " + KEPT)).to_be_visible()
        customer.fill(comment="Two tabs, one visit.").press("Send").sees("You can close this page.")
        customer.page.reload()
        assert answers_of(kokemus, scene) == [[7, "Two tabs, one visit."]]
        customer.press("Someone else answers").sees("Would you recommend us?")
        tap(customer, 10)
        customer.look()
        assert answers_of(kokemus, scene) == [[7, "Two tabs, one visit."], [10, ""]]


def test_the_page_speaks_the_readers_language(
    browser: Browser, kokemus: RunningKokemus, scene: Scene
) -> None:
    sentences = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
    for language in sentences:
        with browser.person(kokemus.base_url, language=language) as customer:
            customer.go(scene.address)
            assert customer.page.locator("html").get_attribute("lang") == language
    with browser.person(kokemus.base_url, language="en") as customer:
        customer.go(scene.address + "?lang=sv")
        assert customer.page.locator("html").get_attribute("lang") == "sv"
        customer.follow("Suomi")
        assert customer.page.locator("html").get_attribute("lang") == "fi"
        tap(customer, 9)
        customer.look().sees("Kiitos. Vastauksesi 9 / 10 on tallessa.")


def test_the_answer_page_is_small_on_the_wire(
    browser: Browser, kokemus: RunningKokemus, scene: Scene
) -> None:
    with browser.person(kokemus.base_url, width=PHONE) as customer:
        received: list[float] = []
        wire = customer.context.new_cdp_session(customer.page)
        wire.send("Network.enable")
        wire.on(
            "Network.loadingFinished", lambda event: received.append(event["encodedDataLength"])
        )
        customer.page.goto(kokemus.base_url + scene.address)
        page = sum(received)
        tap(customer, 9)
        customer.fill(comment="Good.")
        with customer.page.expect_navigation():
            customer.page.get_by_role("button", name="Send").click()
        customer.sees("You can close this page.")
    print(f"{page:.0f} bytes for the page, {sum(received):.0f} for the whole visit")
    assert 0 < page < BYTES_MAX
    assert sum(received) < BYTES_MAX


def test_the_keyboard_is_enough(browser: Browser, kokemus: RunningKokemus, scene: Scene) -> None:
    with browser.person(kokemus.base_url, width=DESK) as customer:
        customer.go(scene.address)
        keys = customer.page.keyboard
        for _ in range(10):  # 0, 1, … 9
            keys.press("Tab")
        focused = customer.page.locator(":focus")
        assert focused.get_attribute("value") == "9"
        assert focused.evaluate("it => getComputedStyle(it).outlineStyle") == "solid"
        with customer.page.expect_navigation():
            keys.press("Enter")
        keys.press("Tab")
        keys.type("Written without a mouse.")
        for _ in range(3):  # permission, address, send
            keys.press("Tab")
        with customer.page.expect_navigation():
            keys.press("Enter")
        customer.look().sees("You can close this page.")
    assert answers_of(kokemus, scene) == [[9, "Written without a mouse."]]


def test_a_narrow_screen_and_large_text_need_no_sideways_scrolling(
    browser: Browser, kokemus: RunningKokemus, scene: Scene
) -> None:
    with browser.person(kokemus.base_url, width=320, language="fi", colours="dark") as customer:
        customer.go(scene.address)
        tap(customer, 3)
        customer.look().press("Lähetä").sees("Kiitos vastauksestasi")
        customer.page.set_viewport_size({"width": 640, "height": 450})
        customer.go(scene.address)
        customer.page.add_init_script("document.documentElement.style.fontSize = '200%'")
        wire = customer.context.new_cdp_session(customer.page)
        wire.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 1})
        customer.page.evaluate("document.documentElement.style.fontSize = '200%'")
        customer.look()
