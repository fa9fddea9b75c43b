"""A file of answers: tried, brought in, reported on, and the same number as on the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.journeys.browsing import Browser, Person
from tests.journeys.scenes import set_scenes
from tests.serving import RunningKokemus

pytestmark = [pytest.mark.browser, pytest.mark.own_database]
SCORES = [9] * 40 + [10] * 20 + [8] * 25 + [3] * 15  # NPS +45
NO_ANSWER, OFF_SCALE = 99, 11


def write_file(folder: Path) -> Path:
    path = folder / "answers.csv"
    lines = [f"{number},{score}," for number, score in enumerate(SCORES, 1)]
    lines += [f"{len(SCORES) + 1},{NO_ANSWER},", f"{len(SCORES) + 2},{OFF_SCALE},Too good"]
    path.write_text("\n".join(["id,score,comment", *lines]) + "\n", "utf-8")
    return path


def test_a_file_is_tried_brought_in_and_scored(
    browser: Browser, kokemus: RunningKokemus, tmp_path: Path
) -> None:
    scene, path = set_scenes(kokemus, ["en"])[0], write_file(tmp_path)
    with browser.person(kokemus.base_url) as admin:
        admin.go("/account/login/").fill(login=scene.admin, password=scene.password)
        with admin.page.expect_navigation():
            admin.page.locator("form[action='/account/login/'] .button-primary").click()
        upload(admin, path, survey=scene.survey)
        admin.sees("These values are off the scale:")
        admin.fill(missing=str(NO_ANSWER)).press("Try without writing")
        check_report(admin, "What would happen", added="Would be added", refused="Would be refused")
        admin.press("Bring the answers in")
        expect(admin.page.get_by_role("heading", name="Done")).to_be_visible()
        check_report(admin, "Done", added="Added", refused="Refused")
        admin.look().follow("See the score").sees(f"{len(SCORES)} answers")
        shown = admin.page.locator(".score-number").first.inner_text()
    printed = kokemus.run(
        "score", str(path), "--score", "score", "--missing", f"{NO_ANSWER},{OFF_SCALE}", "--json"
    )
    assert float(re.sub(r"[^\d.]", "", shown)) == pytest.approx(estimate_of(printed), abs=0.5)
    assert estimate_of(printed) == pytest.approx(45.0)


def upload(admin: Person, path: Path, *, survey: int) -> None:
    admin.go("/imports/").page.locator("[name=survey]").select_option(str(survey))
    admin.page.locator("[name=file]").set_input_files(path)
    admin.press("Look at the file")


def check_report(admin: Person, heading: str, *, added: str, refused: str) -> None:
    """The counts, and the refused line with its number, value and reason."""
    card = admin.page.locator("section.card", has=admin.page.get_by_role("heading", name=heading))
    facts = dict(
        zip(card.locator("dt").all_inner_texts(), card.locator("dd").all_inner_texts(), strict=True)
    )
    assert (facts[added], facts["Without an answer"], facts[refused]) == ("100", "1", "1")
    line, value, _reason = card.locator("tbody tr").first.locator("td").all_inner_texts()
    assert (line, value) == ("103", str(OFF_SCALE))


def estimate_of(printed: str) -> float:
    found = json.loads(printed)
    return float((found[0] if isinstance(found, list) else found)["estimate"])
