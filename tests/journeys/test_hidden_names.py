"""An administrator lists a name that customers blame; what was read before follows."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect
from tests.journeys.browsing import DESK, PHONE, Browser
from tests.journeys.scenes import Scene, set_scenes
from tests.journeys.test_failure import sign_in
from tests.serving import RunningKokemus

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
CASES = [("fi", PHONE), ("sv", DESK)]
COMMENTS = """
from tests.world import NOW
from kokemus.store.identifiers import uuid7
from kokemus.store.models import Response, Survey
survey = Survey.objects.get(pk=%d)
texts = ["Pirkkaleena oli tyly, jonotin tunnin", "onni oli matkassa", "Onnin vuoro oli hyvä"]
for number, comment in enumerate(texts):
    Response.objects.create(
        id=uuid7(), key=f"listed-{number}", organisation=survey.organisation, survey=survey,
        version=survey.current, touchpoint=survey.touchpoint, unit=survey.touchpoint.unit,
        scale="nps", score=3, language="fi", channel="link", comment=comment, answered_at=NOW,
        local_day=NOW.date(), completed_at=NOW, changed_at=NOW,
    )
"""
WORDS = {
    "fi": ("Muokkaa nimiluetteloa", "Tallenna luettelo", "Luettelo on tallennettu", "arkisia"),
    "sv": ("Redigera namnlistan", "Spara listan", "Listan är sparad", "Vardagliga"),
}


@pytest.fixture(scope="module")
def scenes(kokemus: RunningKokemus) -> dict[tuple[str, int], Scene]:
    return dict(zip(CASES, set_scenes(kokemus, [case[0] for case in CASES]), strict=True))


@pytest.mark.parametrize(("language", "width"), CASES)
def test_a_name_is_listed_and_what_was_read_before_hides_it(
    browser: Browser,
    kokemus: RunningKokemus,
    scenes: dict[tuple[str, int], Scene],
    language: str,
    width: int,
) -> None:
    scene, (edit, keep, kept, everyday) = scenes[language, width], WORDS[language]
    kokemus.python(COMMENTS % scene.survey)
    with browser.person(kokemus.base_url, width=width, language=language) as admin:
        sign_in(admin, scene.admin, scene.password)
        page = admin.go("/comments/?period=all").page
        before = page.get_by_text("Pirkkaleena oli tyly")
        expect(before).to_be_visible()
        admin.go("/organisation/").follow(edit).fill(names="12345").press(keep)
        expect(page.locator("[name=names]")).to_have_attribute("aria-invalid", "true")
        admin.fill(names="Pirkkaleena\nMatti Meikäläinen\nOnni").press(keep).sees(kept)
        admin.sees(everyday)  # comes by itself, when the worker has looked
        if "PICTURES" in os.environ:
            admin.picture(f"hidden-names-{language}-{width}")
        expect(page.locator("#names-state progress")).to_have_count(0)
        expect(page.get_by_text(everyday)).to_have_count(1)
        admin.go("/comments/?period=all").sees("[nimi] oli tyly")
        expect(before).to_have_count(0)
        admin.go("/audit/").go("/organisation/")
        if "PICTURES" in os.environ:
            admin.picture(f"organisation-{language}-{width}")
