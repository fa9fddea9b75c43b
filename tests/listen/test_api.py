"""Other systems tell of encounters."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.world import World

from kokemus.store.models import ApiKey, Encounter

WHEN = "2026-03-01T12:00:00+02:00"


@pytest.fixture
def key(world: World) -> str:
    scopes = ["encounters:write"]
    return ApiKey.objects.issue(world.organisation, name="CRM", scopes=scopes)[1]


def tell(client: Client, key: str, body: Any) -> Any:
    return client.post(
        "/api/v1/encounters",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


def encounter(**values: Any) -> dict[str, Any]:
    return {"reference": "e1", "touchpoint": "visit", "happened_at": WHEN} | values


def test_an_encounter_is_kept_once(world: World, client: Client, key: str) -> None:
    body = encounter(
        contact={"reference": "c1", "name": "Aino", "email": "aino@home.example"},
        parties=[{"unit": "partner", "staff": "s-17"}],
    )
    first, again = tell(client, key, body), tell(client, key, body)
    row = Encounter.objects.get()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {
        "id": str(row.pk),
        "reference": "e1",
        "state": "added",
        "answer_url": f"http://127.0.0.1:8000/a/{world.survey.link}?e={row.pk.hex}",
    }
    assert again.json() == first.json() | {"state": "unchanged"}
    assert row.parties.get().unit == world.partner


def test_an_item_in_error_does_not_stop_the_others(world: World, client: Client, key: str) -> None:
    items = [
        encounter(),
        encounter(reference="e2", touchpoint="nowhere"),
        encounter(reference="e3", happened_at="2026-03-01T12:00:00"),
        encounter(reference="e4", surprise=1),
        encounter(reference="e5"),
    ]
    answer = tell(client, key, {"encounters": items}).json()
    assert (answer["added"], answer["unchanged"], answer["refused"]) == (2, 0, 3)
    errors = {r["index"]: [(e["code"], e["field"]) for e in r["errors"]] for r in answer["results"]}
    assert errors == {
        0: [],
        1: [("unknown_code", "touchpoint")],
        2: [("timezone_aware", "happened_at")],
        3: [("extra_forbidden", "surprise")],
        4: [],
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"reference": "a\u0000b"}, "reference"),
        ({"contact": {"reference": "c", "email": "nobody"}}, "email"),
        ({"happened_at": "1889-01-01T00:00:00Z"}, "happened_at"),
        ({"happened_at": "2999-01-01T00:00:00Z"}, "happened_at"),
    ],
)
def test_what_cannot_be_kept_is_said(
    world: World, client: Client, key: str, values: dict[str, Any], field: str
) -> None:
    answer = tell(client, key, encounter(**values))
    assert answer.status_code == 422
    assert any(field in error["field"] for error in answer.json()["error"]["errors"])
    assert not Encounter.objects.exists()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"happened_at": "yesterday"}, ("time_form", "happened_at")),
        ({"happened_at": 1772452800}, ("time_form", "happened_at")),
        ({"happened_at": "1772452800"}, ("time_form", "happened_at")),
        ({"happened_at": None}, ("time_form", "happened_at")),
        ({"happened_at": "2026-03-01T12:00:00"}, ("timezone_aware", "happened_at")),
        ({"happened_at": "2999-01-01T00:00:00Z"}, ("value_error", "happened_at")),
        ({"surprise": 1}, ("extra_forbidden", "surprise")),
        ({"contact": {"reference": "c", "email": "nobody"}}, ("value_error", "contact.email")),
        ({"parties": [{"unit": ""}]}, ("too_short", "parties.0.unit")),
    ],
)
def test_a_single_one_gets_the_same_one_error_as_in_a_batch(
    world: World, client: Client, key: str, values: dict[str, Any], error: tuple[str, str]
) -> None:
    body = encounter(**values)
    single = tell(client, key, body).json()["error"]
    in_batch = tell(client, key, {"encounters": [body]}).json()["results"][0]["errors"]
    assert single["errors"] == in_batch
    assert [(e["code"], e["field"]) for e in in_batch] == [error]
    assert single["message"] == in_batch[0]["message"]
    assert not Encounter.objects.exists()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"encounters": 5}, ("list_type", "encounters")),
        ({"encounters": [], "more": 1}, ("too_short", "encounters")),
        ({}, ("missing", "reference")),
    ],
)
def test_what_is_wrong_with_a_body_is_said_of_what_was_meant(
    world: World, client: Client, key: str, body: Any, error: tuple[str, str]
) -> None:
    first = tell(client, key, body).json()["error"]["errors"][0]
    assert (first["code"], first["field"]) == error


def test_a_code_of_another_organisation_is_unknown(
    world: World, other_world: World, client: Client, key: str
) -> None:
    other_world.touchpoint.code = "theirs"
    other_world.touchpoint.save()
    answer = tell(client, key, encounter(touchpoint="theirs"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "unknown_code")


def test_no_key_a_revoked_key_and_a_key_without_the_scope(world: World, client: Client) -> None:
    from tests.world import NOW

    narrow = ApiKey.objects.issue(world.organisation, name="N", scopes=["responses:write"])[1]
    row, revoked = ApiKey.objects.issue(world.organisation, name="R", scopes=["encounters:write"])
    row.revoke(at=NOW)
    answers = [tell(client, key, encounter()) for key in ("nonsense", revoked, narrow)]
    assert [answer.status_code for answer in answers] == [401, 401, 403]
    assert answers[2].json()["error"]["message"] == "This key lacks the scope encounters:write."
    assert not Encounter.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"encounters": []}', '{"encounters": 5}'])
def test_what_cannot_be_read_is_said(world: World, client: Client, key: str, body: str) -> None:
    answer = tell(client, key, body)
    assert answer.status_code in {400, 422}
    assert answer.json()["error"]["message"]


def test_the_description_is_served_without_other_hosts(world: World, client: Client) -> None:
    page = client.get("/api/docs").content.decode()
    assert "//" not in page.replace("http://127.0.0.1:8000", "")
    operations = client.get("/api/openapi.json").json()["paths"]
    assert "/api/v1/encounters" in operations
