"""The whole API against its own description, over the wire: no 5xx, no undocumented answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis import checks as known
from schemathesis.specs.openapi import checks as openapi
from tests.serving import RunningKokemus, running_kokemus

SET_UP = """
from tests.world import make_world
from kokemus.store.models import ApiKey
world = make_world()
scopes = ["encounters:write", "responses:write"]
print(ApiKey.objects.issue(world.organisation, name="S", scopes=scopes)[1], world.survey.pk)
"""
CHECKS = [
    known.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
    openapi.response_headers_conformance,
]
EXAMPLES_MAX = 80


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningKokemus]:
    rates = {"KOKEMUS_KEY_RATE": "1000000", "KOKEMUS_ADDRESS_RATE": "1000000"}
    with running_kokemus(tmp_path_factory.mktemp("schema"), environment=rates) as running:
        yield running


@pytest.fixture(scope="module")
def key_and_survey(server: RunningKokemus) -> tuple[str, int]:
    key, survey = server.python(SET_UP).split()[-2:]
    return key, int(survey)


def operations(server: RunningKokemus) -> dict[str, Any]:
    schema = schemathesis.openapi.from_url(f"{server.base_url}/api/openapi.json")
    return {found.ok().label: found.ok() for found in schema.get_all_operations()}


def aim(body: Any, survey: int) -> None:
    """Point what names a survey, a touchpoint and a time at some that exist."""
    items = body.get("responses") or body.get("encounters") if isinstance(body, dict) else None
    for item in items if isinstance(items, list) and items else [body]:
        if isinstance(item, dict) and isinstance(item.get("survey"), int):
            item |= {"survey": survey, "answered_at": None, "encounter": None}
        if isinstance(item, dict) and isinstance(item.get("touchpoint"), str):
            item |= {"touchpoint": "visit", "unit": "", "parties": []}


@pytest.mark.parametrize("label", ["POST /api/v1/encounters", "POST /api/v1/responses"])
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_the_api_keeps_to_its_description(
    server: RunningKokemus,
    key_and_survey: tuple[str, int],
    label: str,
    mode: schemathesis.GenerationMode,
) -> None:
    key, survey = key_and_survey
    operation = operations(server)[label]
    seen: set[int] = set()

    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    @hypothesis.settings(
        max_examples=EXAMPLES_MAX,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    def try_everything(case: Any) -> None:
        aim(case.body, survey)
        answer = case.call(headers={"Authorization": f"Bearer {key}"})
        seen.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    try_everything()
    expected = {200, 201} if mode is schemathesis.GenerationMode.POSITIVE else {400, 422}
    assert seen & expected, seen


def test_every_operation_of_the_description_is_tried(server: RunningKokemus) -> None:
    assert set(operations(server)) == {"POST /api/v1/encounters", "POST /api/v1/responses"}


def test_an_answer_with_no_key_is_described(server: RunningKokemus) -> None:
    for label in operations(server):
        answer = requests.post(f"{server.base_url}{label.split()[1]}", json={}, timeout=10)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] in {"key_missing_or_wrong", "no_key"}
