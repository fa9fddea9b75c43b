"""What a designer looks at beside the form: preview, QR code, poster; and the API's own page."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader
from tests.journeys.browsing import DESK, PHONE, Browser, Person
from tests.journeys.scenes import Scene, set_scenes
from tests.serving import RunningKokemus

pytestmark = [pytest.mark.browser, pytest.mark.own_database]


@pytest.fixture(scope="module")
def scene(kokemus: RunningKokemus) -> Scene:
    return set_scenes(kokemus, ["en"])[0]


def sign_in(person: Person, scene: Scene) -> Person:
    person.go("/account/login/").fill(login=scene.admin, password=scene.password)
    with person.page.expect_navigation():
        person.page.locator("form[action='/account/login/'] .button-primary").click()
    return person


def keep(person: Person, name: str, folder: Path) -> Path:
    """Download by a link's words."""
    with person.page.expect_download() as coming:
        person.page.get_by_role("link", name=name).click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def test_the_preview_shows_the_draft_and_keeps_nothing(
    browser: Browser, kokemus: RunningKokemus, scene: Scene
) -> None:
    with browser.person(kokemus.base_url, width=PHONE) as designer:
        sign_in(designer, scene).go(f"/surveys/{scene.survey}/")
        with designer.context.expect_page() as opened:
            designer.page.get_by_role("link", name="Preview English").click()
        designer.watch(opened.value)
        expect(opened.value.get_by_text("Would you recommend us?")).to_be_visible()
        opened.value.locator("button[name=score][value='9']").click()
        expect(opened.value.get_by_text("Preview. Answers are not kept.")).to_be_visible()
        designer.page.reload()
        designer.look().sees("Version 1 is open for answers; 0 so far.")


def test_the_downloads_lead_to_the_survey(
    browser: Browser, kokemus: RunningKokemus, scene: Scene, tmp_path: Path
) -> None:
    with browser.person(kokemus.base_url, width=DESK) as designer:
        sign_in(designer, scene).go(f"/surveys/{scene.survey}/")
        link = designer.page.get_by_label("Public link").input_value()
        picture = keep(designer, "QR code (PNG)", tmp_path)
        drawing = keep(designer, "QR code (SVG)", tmp_path)
        poster = keep(designer, "Poster, A5 (PDF)", tmp_path)
    read = zxingcpp.read_barcodes(Image.open(picture).convert("L"))
    assert [code.text.split("?")[0] for code in read] == [link]
    assert drawing.read_text("utf-8").count("<svg") == 1
    assert len(PdfReader(poster).pages) == 1


def test_the_page_of_the_api_opens_under_the_strict_policy(
    browser: Browser, kokemus: RunningKokemus, scene: Scene
) -> None:
    with browser.person(kokemus.base_url, width=DESK) as designer:
        sign_in(designer, scene)
        designer.page.goto(kokemus.base_url + "/api/docs")
        expect(designer.page.get_by_text("/api/v1/encounters").first).to_be_visible()
