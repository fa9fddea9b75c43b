"""A comment in Finnish with a name and a number: hidden, read, made a case of, and learnt from."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from tests.journeys.browsing import DESK, PHONE, Browser, Person
from tests.journeys.scenes import Scene, set_scenes
from tests.journeys.test_failure import sign_in
from tests.serving import RunningKokemus

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
COMMENT = "Jonotin puhelimessa tunnin. Soittakaa Matti Virtaselle, 040 123 4567."
SECRETS = ("040 123 4567", "Virtaselle")
RULE = """
from kokemus.store.models import Member, TriageRule, Theme
admin = Member.objects.get(email=%r)
theme = Theme.objects.get(organisation=admin.organisation, code="waiting")
TriageRule.objects.filter(organisation=admin.organisation).update(is_active=False)
TriageRule.objects.lay_down(admin.organisation.root, name="Jonotus", theme=theme)
viewer = Member.objects.get(organisation=admin.organisation, name="Viewer of service")
print(viewer.email)
"""
CASES = [("fi", PHONE), ("fi", DESK)]


@pytest.fixture(scope="module")
def scenes(kokemus: RunningKokemus) -> dict[tuple[str, int], Scene]:
    return dict(zip(CASES, set_scenes(kokemus, [case[0] for case in CASES]), strict=True))


@pytest.mark.parametrize(("language", "width"), CASES)
def test_a_comment_is_hidden_read_acted_on_and_learnt_from(
    browser: Browser,
    kokemus: RunningKokemus,
    scenes: dict[tuple[str, int], Scene],
    language: str,
    width: int,
) -> None:
    scene, url = scenes[language, width], kokemus.base_url
    watcher = kokemus.python(RULE % scene.admin).strip().splitlines()[-1]
    options = {"width": width, "language": language}
    with (
        browser.person(url, **options) as viewer,
        browser.person(url, **options) as agent,
        browser.person(url, **options, scripts=False) as customer,
    ):
        sign_in(viewer, watcher, scene.password)
        sign_in(agent, scene.agent, scene.password)
        viewer.go("/comments/").sees("Ei vielä kommentteja")
        with worker_paused(kokemus):
            write(customer, scene)
            viewer.go("/comments/").sees("Kommentteja luetaan vielä", "0/1 kommenttia on luettu")
            viewer.does_not_see(*SECRETS)
            if "PICTURES" in os.environ:
                viewer.picture(f"comments-waiting-{language}-{width}")
        read_when_it_comes(viewer)
        agent.go("/today/").sees("Jonotin puhelimessa tunnin")  # the theme rule has made a case
        moved = viewer.go("/themes/").page.get_by_role("row", name=re.compile("Odottaminen"))
        expect(moved.locator("td").first).to_have_text("1")
        viewer.go("/themes/waiting/").sees("liian vähän kommentteja")
        correct(agent)
        agent.go("/themes/staff/").go("/themes/")


@contextlib.contextmanager
def worker_paused(kokemus: RunningKokemus) -> Iterator[None]:
    """Nothing is read meanwhile. The worker is not stopped while it holds the database."""
    worker = kokemus.pids()["worker"]
    while True:
        os.kill(worker, signal.SIGSTOP)
        database = sqlite3.connect(kokemus.data_dir / "kokemus.sqlite3", timeout=0.2)
        try:
            database.execute("BEGIN IMMEDIATE")
            break
        except sqlite3.OperationalError:
            os.kill(worker, signal.SIGCONT)
        finally:
            database.close()
    try:
        yield
    finally:
        os.kill(worker, signal.SIGCONT)


def write(customer: Person, scene: Scene) -> None:
    customer.go(scene.address)
    customer.page.get_by_role("button", name=re.compile("^6")).click()
    customer.page.wait_for_load_state()
    customer.fill(comment=COMMENT)
    customer.page.get_by_role("button", name="Lähetä").click()
    customer.page.wait_for_load_state()


def read_when_it_comes(viewer: Person) -> None:
    """Redacted, with its theme, for one who may only look."""
    expect(viewer.page.get_by_text("Jonotin").first).to_be_visible()  # without a reload
    viewer.go("/comments/?words=puhelin").sees("[puhelinnumero]", "[nimi]")
    viewer.does_not_see(*SECRETS)
    expect(
        viewer.page.locator("li.comment-row").get_by_role("link", name="Odottaminen")
    ).to_be_visible()
    expect(viewer.page.get_by_text("Korjaa", exact=True)).to_have_count(0)
    print_what_is_filtered(viewer)


def print_what_is_filtered(viewer: Person) -> None:
    """What is on paper stands on it, and not on the screen, where the chips say it."""
    viewer.page.goto(
        f"{viewer.base_url}/comments/?words=puhelin&period=7&theme=waiting&channel=link"
    )
    line = viewer.page.locator("header .only-print")
    expect(line).to_be_hidden()
    viewer.page.emulate_media(media="print")
    expect(line).to_be_visible()
    told = "Viimeiset 7 päivää · Kanava: Linkki · Haku: ”puhelin” · Teema: Odottaminen · Tulostettu"
    expect(line).to_contain_text(told)
    expect(viewer.page.locator("header .chips").first).to_be_hidden()
    viewer.page.emulate_media(media="screen")
    expect(line).to_be_hidden()


def correct(agent: Person) -> None:
    """By a click, at once on the page, with undo."""
    agent.go("/comments/").does_not_see(*SECRETS)
    agent.page.locator("summary", has_text="Korjaa").click()
    agent.page.get_by_role("button", name="Neutraali").click()
    agent.sees("Kiitos, tästä opitaan.", "korjattu").look()
    agent.page.locator("li.comment-row select").select_option(label="Henkilöstö")
    agent.page.get_by_role("button", name="Lisää teema").click()
    expect(
        agent.page.locator("li.comment-row").get_by_role("link", name="Henkilöstö")
    ).to_be_visible()
    agent.look()
    agent.page.reload()
    agent.sees("korjattu", "Henkilöstö")
