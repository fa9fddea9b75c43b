"""The demo as a newcomer meets it: its doors, its tour, every page of the rail.

With PICTURES=1 each page of the rail is kept in artifacts/, with README_PICTURE=1 the README's.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.journeys.browsing import (
    DESK,
    HEIGHTS,
    PHONE,
    RULES,
    RULES_OF_COLOUR,
    Browser,
    Person,
)
from tests.serving import RunningKokemus

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
README_PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "overview.png"
OF_COMMENTS = ["/comments/", "/themes/", "/themes/promises/"]
# Where each step of the tour leads, and what must stand there.
STEPS = {
    "A customer who has waited too long": ("/cases/", "late"),
    "A matter that went from hand to hand": ("/cases/", "Handed on"),
    "The new invoice that made satisfaction fall": ("/overview/", "Fallen by"),
    "What cannot be told apart, said so": ("/overview/", "cannot be told apart"),
    "What the customer sees: answer yourself": ("/a/", "Kotilyhty"),
}


def come_in(person: Person, number: int = 0) -> Person:
    """By one of the buttons of the sign-in page; the first is the one who sees everything."""
    person.go("/")
    buttons = person.page.locator("button[name=member]")
    with person.page.expect_navigation():
        buttons.nth(number).click()
    return person.look()


def choose_language(person: Person, language: str) -> None:
    with person.page.expect_navigation():
        person.page.locator(f"button[name=language][value={language}]").first.click()


def settle(person: Person) -> None:
    """Until what htmx fetches is there."""
    expect(person.page.locator(".htmx-request, [hx-trigger=load]")).to_have_count(0)


def unfold_tour(person: Person) -> Person:
    """Open the banner, which is folded once something was seen."""
    person.page.locator("aside.tour details").evaluate("tour => { tour.open = true; }")
    return person


def pages_of_rail(person: Person) -> list[str]:
    links = person.page.locator("nav a[href^='/']").evaluate_all(
        "links => links.map((link) => link.getAttribute('href'))"
    )
    return list(dict.fromkeys(links))


def test_doors_lead_in_as_people_of_every_role(browser: Browser, demo: RunningKokemus) -> None:
    with browser.person(demo.base_url) as person:
        doors = person.go("/").page.locator("button[name=member]").count()
    queues = []
    for number in range(doors):
        with browser.person(demo.base_url) as person:
            come_in(person, number)
            assert person.where() == "/today/"
            queues.append(person.page.locator("#today .list-item").count())
    assert doors >= 3
    assert len(set(queues)) > 1  # whoever works in one unit sees less than whoever sees all


def test_the_five_steps_show_what_they_promise(browser: Browser, demo: RunningKokemus) -> None:
    with browser.person(demo.base_url) as person:
        come_in(person)
        choose_language(person, "en")
        for step, (path, words) in STEPS.items():
            unfold_tour(person.go("/today/"))
            person.press(step)
            settle(person)
            assert person.where().startswith(path)
            person.sees(words)
        unfold_tour(person.go("/today/")).sees("5 of 5 seen").press("Put this away")
        person.does_not_see("Five things to see")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_page_of_the_rail_is_whole(
    browser: Browser, demo: RunningKokemus, language: str
) -> None:
    with browser.person(demo.base_url, language=language) as person:
        come_in(person)
        choose_language(person, language)
        paths = pages_of_rail(person)
        assert len(paths) >= 10
        paths += [path for path in OF_COMMENTS if path not in paths]
        for path in paths:
            person.page.goto(person.base_url + path)
            settle(person)
            name = f"{path.strip('/').replace('/', '-')}-{language}"
            for width in (DESK, PHONE):
                person.page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                look_in_both_themes(person, name=f"{name}-{width}")


def look_in_both_themes(person: Person, *, name: str) -> None:
    for theme, rules in (("light", RULES), ("dark", RULES_OF_COLOUR)):  # all else is the same
        person.page.emulate_media(color_scheme=theme)
        person.look(rules=rules)
        if "PICTURES" in os.environ:
            person.picture(f"{name}-{theme}")


@pytest.mark.skipif("README_PICTURE" not in os.environ, reason="only with README_PICTURE=1")
def test_the_picture_of_the_readme_is_drawn(browser: Browser, demo: RunningKokemus) -> None:
    with browser.person(demo.base_url) as person:
        come_in(person)
        choose_language(person, "en")
        unfold_tour(person.go("/today/")).press("Put this away")
        person.go("/overview/")
        settle(person)
        README_PICTURE.parent.mkdir(exist_ok=True)
        person.page.screenshot(path=README_PICTURE)
    assert README_PICTURE.stat().st_size < 250_000


def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    browser: Browser, demo: RunningKokemus
) -> None:
    with browser.person(demo.base_url) as person:
        come_in(person)
        keys, focused = person.page.keyboard, person.page.locator(":focus")
        keys.press("Tab")
        assert focused.get_attribute("class") == "skip-link"
        expect(focused).to_be_in_viewport()
        keys.press("Enter")
        expect(person.page.locator("main#content")).to_be_focused()
        person.page.reload()
        reached, unseen = walk_by_keyboard(person)
        assert unseen == []
        assert set(pages_of_rail(person)) <= reached
        assert any(path.startswith("/cases/") for path in reached)


def walk_by_keyboard(person: Person, *, steps: int = 60) -> tuple[set[str], list[str]]:
    """Where Tab leads: the addresses of links, and what had focus without showing it."""
    reached, unseen = set(), []
    for _ in range(steps):
        person.page.keyboard.press("Tab")
        found = person.page.evaluate(
            "() => { const it = document.activeElement; const style = getComputedStyle(it);"
            " return [it.getAttribute('href') || '', it.outerHTML.slice(0, 120),"
            " style.outlineStyle !== 'none' || it.tagName === 'BODY']; }"
        )
        reached.add(found[0])
        if not found[2]:
            unseen.append(found[1])
    return reached, unseen
