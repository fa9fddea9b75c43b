"""From a template to a public link."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.world import NOW, World

from kokemus.listen.surveys import (
    IncompleteTexts,
    as_published,
    draft_survey,
    has_unpublished_changes,
    list_surveys,
    publish_survey,
    rewrite_survey,
)
from kokemus.store.models import Survey


def form_of(survey: Survey, **changes: str) -> dict[str, str]:
    texts = {f"{lang}-{key}": t for lang, own in survey.texts.items() for key, t in own.items()}
    return {"name": survey.name, **texts, **changes}


def test_publish_survey_freezes_the_words(world: World) -> None:
    survey = draft_survey(world.touchpoint, name="Visit", scale="ces")
    first = publish_survey(survey, by=world.lead, at=NOW)
    survey.texts["en"]["question"] = "It was easy."
    rewrite_survey(survey, name="Visit", texts=survey.texts)
    first.refresh_from_db()
    assert first.texts["en"]["question"] == "It was easy to get my matter handled."
    assert has_unpublished_changes(survey)
    second = publish_survey(survey, by=world.lead, at=NOW)
    assert (first.number, second.number) == (1, 2)
    assert publish_survey(survey, by=world.lead, at=NOW) == second
    assert not has_unpublished_changes(survey)


def test_publish_survey_names_what_is_missing(world: World) -> None:
    survey = draft_survey(world.touchpoint, name="Visit", scale="nps")
    survey.texts["sv"]["low"] = ""
    rewrite_survey(survey, name="Visit", texts=survey.texts)
    with pytest.raises(IncompleteTexts) as caught:
        publish_survey(survey, by=world.lead, at=NOW)
    assert caught.value.missing == [("sv", "low")]
    assert survey.current is None


def test_a_survey_is_made_and_published_on_its_page(world: World, client: Client) -> None:
    client.force_login(world.lead)
    made = {"scale": "csat", "touchpoint": world.touchpoint.pk, "name": "How was it?"}
    answer = client.post("/surveys/new/", made)
    survey = Survey.objects.get(name="How was it?")
    assert answer.headers["Location"] == f"/surveys/{survey.pk}/"
    changes = {"fi-question": "Miten meni?", "publish": "yes"}
    client.post(f"/surveys/{survey.pk}/", form_of(survey, **changes))
    version = survey.current
    assert version is not None
    assert version.texts["fi"]["question"] == "Miten meni?"
    page = client.get(f"/surveys/{survey.pk}/").content.decode()
    assert f"/a/{survey.link}" in page


def test_publishing_with_a_hole_keeps_what_was_typed(world: World, client: Client) -> None:
    client.force_login(world.lead)
    survey = draft_survey(world.touchpoint, name="Visit", scale="nps")
    changes = {"sv-low": "", "en-why": "Tell us why", "publish": "yes"}
    page = client.post(f"/surveys/{survey.pk}/", form_of(survey, **changes)).content.decode()
    assert "Write this, or empty the whole language." in page
    assert "Tell us why" in page
    survey.refresh_from_db()
    assert survey.texts["en"]["why"] == "Tell us why"
    assert survey.current is None


def test_a_viewer_reads_but_does_not_publish(world: World, client: Client) -> None:
    client.force_login(world.viewer)
    page = client.get(f"/surveys/{world.survey.pk}/").content.decode()
    assert 'name="publish"' not in page
    assert client.post(f"/surveys/{world.survey.pk}/", {"publish": "yes"}).status_code == 403
    assert world.survey.versions.count() == 1


@pytest.mark.parametrize(
    ("form", "kind", "start"),
    [
        ("svg", "image/svg+xml", b"<?xml"),
        ("png", "image/png", b"\x89PNG"),
        ("pdf", "application/pdf", b"%PDF"),
    ],
)
def test_code_downloads(world: World, client: Client, form: str, kind: str, start: bytes) -> None:
    client.force_login(world.viewer)
    answer = client.get(f"/surveys/{world.survey.pk}/code.{form}")
    assert answer.headers["Content-Type"] == kind
    assert answer.content.startswith(start)
    assert f'attachment; filename="after-the-visit.{form}"' in answer.headers.values()


def test_surveys_page_costs_the_same_for_many(world: World, client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(world.lead)
    with CaptureQueriesContext(connection) as one:
        client.get("/surveys/")
    for number in range(29):
        draft_survey(world.touchpoint, name=f"Survey {number}", scale="nps")
    with CaptureQueriesContext(connection) as thirty:
        page = client.get("/surveys/").content.decode()
    assert "Survey 28" in page
    assert len(one) == len(thirty)


def test_the_list_counts_each_answer_once_however_many_versions_there_are(world: World) -> None:
    quiet = draft_survey(world.touchpoint, name="Quiet", scale="ces")
    world.survey.publish(by=world.lead, at=NOW)
    world.respond(9)
    world.respond(3, answered_at=NOW + dt.timedelta(hours=1))
    world.respond(1, unit=world.billing)
    with CaptureQueriesContext(connection) as queries:
        by_key: dict[int, Any] = {survey.pk: survey for survey in list_surveys(world.lead)}
    heard = by_key[world.survey.pk]
    assert (heard.answers, heard.last_answer) == (2, NOW + dt.timedelta(hours=1))
    assert (by_key[quiet.pk].answers, by_key[quiet.pk].last_answer) == (0, None)
    joined = [q for q in queries if "store_version" in q["sql"] and "store_response" in q["sql"]]
    assert joined == []


def test_a_survey_hides_personal_data_from_when_it_is_published(
    world: World, client: Client
) -> None:
    client.force_login(world.lead)
    survey = draft_survey(world.touchpoint, name="Visit", scale="nps")
    publish_survey(survey, by=world.lead, at=NOW)
    address = f"/surveys/{survey.pk}/"
    client.post(address, form_of(survey, hides_personal_data="on"))
    survey.refresh_from_db()
    assert survey.hides_personal_data
    assert has_unpublished_changes(survey)
    assert not as_published(survey).hides_personal_data
    client.post(address, form_of(survey, hides_personal_data="on", publish="yes"))
    published = as_published(Survey.objects.get(pk=survey.pk))
    assert published.hides_personal_data
    assert world.agent.name in published.names
    client.force_login(world.viewer)
    assert "hidden before a comment is kept" in client.get(address).text
