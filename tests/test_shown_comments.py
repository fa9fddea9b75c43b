"""A telephone number and a name in a comment: who reads them where, on every page there is."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.readings import read
from tests.scene import Scene, set_scene
from tests.test_walls import knock
from tests.walls import WALLS
from tests.world import NOW, World

from kokemus.comments.personal import find_personal_data, redact
from kokemus.listen.comments import read_fresh_comments, read_past_comments
from kokemus.listen.hidden_names import apply_lists, keep_names
from kokemus.listen.readers import Readers
from kokemus.respond.triage import triage_responses
from kokemus.share import discovery
from kokemus.share.discovery import Discovery, Group
from kokemus.store.models import AuditEntry, Case, Delivery, Response
from kokemus.store.redaction import redacted_comment, shown_comment

NAME, PHONE, COLLEAGUE = "Virtasella", "040 123 4567", "agent"
COMMENT = f"Matti {NAME} on kiire, soittakaa {PHONE}. Agent auttoi."
HIDDEN = "[nimi] on kiire, soittakaa [puhelinnumero]. [nimi] auttoi."
SECRETS = re.compile(r"virtase|040.?123|123.?4567", re.IGNORECASE)


def said(response: Response) -> Response:
    """The customer says it; and once more, later, so that the case's history has it too."""
    Response.objects.filter(pk=response.pk).update(
        comment=COMMENT, language="fi", reading_turn=Response.Turn.FRESH
    )
    return Response.objects.get(pk=response.pk)


@pytest.fixture
def scene(world: World, other_world: World) -> Scene:
    scene = set_scene(world, other_world)
    said(scene.case.response)
    triage_responses(now=NOW)
    scene.case = Case.objects.get(pk=scene.case.pk)
    return scene


def as_read_by_the_job(response: Response) -> None:
    spans = find_personal_data(COMMENT, language="fi", names=("Agent of service",))
    read(response, redacted=redact(COMMENT, spans, language="fi"))


@pytest.mark.parametrize("is_read", [False, True], ids=["waiting to be read", "read"])
@pytest.mark.parametrize("role", ["viewer", "lead"])
def test_no_page_shows_personal_data_but_the_case_to_those_who_work_on_it(
    scene: Scene, role: str, is_read: bool
) -> None:
    if is_read:
        as_read_by_the_job(scene.case.response)
    shown = set()
    walls = [wall for wall in WALLS if wall.method == "get" and wall.name != "sign-out"]
    for wall in walls:
        _status, body = knock(wall, scene, role=role)
        if SECRETS.search(body):
            shown.add(wall.name)
    assert shown == (set() if role == "viewer" else {"case"})


def test_viewers_read_what_is_left(scene: Scene, client: Client) -> None:
    client.force_login(scene.world.viewer)
    pages = [f"/cases/{scene.case.number}/", "/today/", "/responses/?period=all"]
    pages += [f"/responses/{scene.case.response_id}/", "/responses/export.csv?period=all"]
    assert [HIDDEN in client.get(page).getvalue().decode() for page in pages] == [True] * 5


def test_nobody_finds_an_answer_by_what_is_hidden(scene: Scene, client: Client) -> None:
    as_read_by_the_job(scene.case.response)
    client.force_login(scene.world.viewer)
    found = {
        words: len(
            client.get("/responses/", {"period": "all", "words": words}).context["listing"].rows
        )
        for words in ("kiire", "4567", "virtasella")
    }
    assert found == {"kiire": 1, "4567": 0, "virtasella": 0}


def test_mails_say_no_personal_data(scene: Scene) -> None:
    sent = [mail for mail in Delivery.objects.all() if "kiire" in mail.text]
    assert sent
    assert not [mail for mail in sent if SECRETS.search(mail.text + mail.html + mail.subject)]


def test_who_works_on_the_case_reads_it_as_written(scene: Scene) -> None:
    world, case = scene.world, scene.case
    case.hand_off(world.agent, unit=world.partner, text="Please", due_at=NOW, at=NOW)
    case = Case.objects.select_related("response__unit", "unit").get(pk=case.pk)
    readers = {
        name: shown_comment(case.response, member=getattr(world, name), case=case) == COMMENT
        for name in ("viewer", "agent", "lead", "admin", "partner_agent")
    }
    assert readers == {
        "viewer": False,
        "agent": True,
        "lead": True,
        "admin": True,
        "partner_agent": True,
    }


def test_a_changed_comment_is_never_shown_as_it_was_before(world: World) -> None:
    response = world.respond(2, comment="Hyvä", language="fi")
    read(response, redacted="Hyvä")
    assert redacted_comment(Response.objects.get()) == "Hyvä"
    assert redacted_comment(said(response)) == HIDDEN


def test_a_lead_has_a_comment_shown_once_and_it_is_written_down(
    scene: Scene, client: Client
) -> None:
    key = scene.case.response_id
    client.force_login(scene.world.agent)
    assert client.post(f"/comments/{key}/show/").status_code == 403
    assert not AuditEntry.objects.filter(action="comment_shown").exists()
    client.force_login(scene.world.lead)
    assert f"/comments/{key}/show/" in client.get(f"/responses/{key}/").text
    shown = client.post(f"/comments/{key}/show/")
    assert PHONE in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    assert client.get(f"/comments/{key}/show/").status_code == 405
    assert PHONE not in client.get(f"/responses/{key}/").text
    entry = AuditEntry.objects.get(action="comment_shown")
    assert (entry.member, entry.subject) == (scene.world.lead, str(key))


def pages_with(words: str, scene: Scene) -> set[str]:
    """The pages on which an admin reads the words, but for the list of names itself."""
    walls = [wall for wall in WALLS if wall.method == "get" and wall.name != "hidden-names"]
    return {wall.name for wall in walls if words in knock(wall, scene, role="admin")[1].casefold()}


def test_no_page_tells_of_a_name_once_it_is_listed(
    world: World, other_world: World, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    scene, readers, later = set_scene(world, other_world), Readers(), NOW + dt.timedelta(hours=1)
    for number in range(40):
        blamed = f"Pirkkaleena oli tyly, jonotin pirkkaleenalle {number} tuntia"
        world.respond(number % 3, comment=blamed, language="fi")
        world.respond(9 + number % 2, comment="Hinta oli sopiva ja nettikauppa toimi")
    read_fresh_comments(readers, now=later)
    group = Group("pirkkaleena, jono", ("pirkkaleena", "jono"), 40, 0.5, ())
    discovery._write(world.organisation, Discovery("done", later.isoformat(), 80, 0.5, (group,)))
    told = pages_with("pirkkaleena", scene)
    assert {"comments", "comments-export", "responses", "themes-apart", "themes-found"} <= told
    keep_names(world.admin, ["Pirkkaleena"], now=later)
    assert apply_lists(now=later + dt.timedelta(seconds=2)) == 40
    read_past_comments(readers, now=later + dt.timedelta(seconds=3))
    assert pages_with("pirkkaleena", scene) == set()
