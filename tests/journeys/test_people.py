"""Somebody asks what is kept about them and wants it erased, while everything runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.journeys.browsing import DESK, PHONE, RULES_OF_COLOUR, Browser, Person
from tests.journeys.scenes import Scene, set_scenes
from tests.people import AURINKO, KUUTAMO
from tests.serving import RunningKokemus

pytestmark = [pytest.mark.browser, pytest.mark.own_database]

TELL = """
from tests.people import AURINKO, KUUTAMO, meet
from tests.store.submissions import submission
from tests.world import NOW
from kokemus.store.models import Member, Response, Survey

survey = Survey.objects.select_related("organisation", "touchpoint__unit").get(pk=%d)

class World:
    organisation, touchpoint, survey = survey.organisation, survey.touchpoint, survey
    service, version = survey.touchpoint.unit, survey.current
    partner = organisation.units.get(code="partner")

for told in (KUUTAMO, AURINKO):
    meet(World, told)
    said = dict(comment=told.comment, reply_to=told.email, may_contact=True)
    Response.objects.record([submission(World, 1, encounter=told.visit, **said)], now=NOW)
"""
FIND = """
import json
from tests.people import KUUTAMO, places_with
print(json.dumps(places_with(KUUTAMO.words)))
"""
WAIT = """
import time
from kokemus.store.models import Case, CommentReading
for _ in range(300):
    if CommentReading.objects.count() == 2 and Case.objects.count() == 2:
        break
    time.sleep(0.1)
else:
    raise SystemExit("nobody read the comments")
"""


@pytest.fixture(scope="module")
def scene(kokemus: RunningKokemus) -> Scene:
    scene = set_scenes(kokemus, ["en"])[0]
    kokemus.python(TELL % scene.survey)
    kokemus.python(WAIT)
    return scene


def sign_in(person: Person, scene: Scene) -> Person:
    person.go("/account/login/").fill(login=scene.admin, password=scene.password)
    with person.page.expect_navigation():
        person.page.locator("form[action='/account/login/'] .button-primary").click()
    return person


def look_in_the_dark(person: Person, *, picture: str) -> None:
    person.picture(picture)
    person.page.emulate_media(color_scheme="dark")
    person.look(rules=RULES_OF_COLOUR).picture(f"{picture}-dark")
    person.page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_step_is_whole_on_phone_and_desk(
    browser: Browser, kokemus: RunningKokemus, scene: Scene, width: int
) -> None:
    with browser.person(kokemus.base_url, width=width) as admin:
        sign_in(admin, scene).go("/people/").sees("find them here")
        look_in_the_dark(admin, picture=f"people-{width}")
        admin.fill(text="Nobody at all").press("Find").sees("Nobody found by “Nobody at all”")
        look_in_the_dark(admin, picture=f"people-nobody-{width}")
        admin.fill(text="aava").press("Find").sees(KUUTAMO.name, AURINKO.name)
        look_in_the_dark(admin, picture=f"people-found-{width}")
        admin.follow(KUUTAMO.name).sees("1 answer", "1 case with its notes and history")
        look_in_the_dark(admin, picture=f"person-{width}")
        admin.follow("Erase this person").sees("cannot be brought back", "backups")
        look_in_the_dark(admin, picture=f"person-erase-{width}")
        admin.follow("Keep", exact=True).sees("What is kept")


def test_a_person_is_handed_over_and_erased_without_scripts(
    browser: Browser, kokemus: RunningKokemus, scene: Scene, tmp_path: Path
) -> None:
    assert json.loads(kokemus.python(FIND))
    with browser.person(kokemus.base_url, width=PHONE, scripts=False) as admin:
        sign_in(admin, scene).go("/people/")
        admin.page.get_by_label("Name, email address").press_sequentially(KUUTAMO.email)
        with admin.page.expect_navigation():
            admin.page.keyboard.press("Enter")
        admin.page.get_by_role("link", name=KUUTAMO.name).click()
        with admin.page.expect_download() as coming:
            admin.page.get_by_role("button", name="Download all (JSON)").click()
        coming.value.save_as(tmp_path / "person.json")
        admin.page.get_by_role("link", name="Erase this person").click()
        admin.page.get_by_role("button", name="Erase for good").click()
        expect(admin.page.get_by_text("The person is erased.")).to_be_visible()
        admin.go("/people/").fill(text=AURINKO.reference).press("Find").sees(AURINKO.name)
    handed = json.loads((tmp_path / "person.json").read_text("utf-8"))
    assert handed["answers"][0]["comment"] == KUUTAMO.comment
    assert json.loads(kokemus.python(FIND)) == []
    assert not [word for word in KUUTAMO.words if word in kokemus.log]
