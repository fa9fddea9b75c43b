"""Every error under /api/ has one shape."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.world import World

from kokemus.store.models import ApiKey

pytestmark = pytest.mark.server


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/v1/encounters", 405, "wrong_method"),
        ("get", "/api/v1/nowhere", 404, "unknown_path"),
        ("post", "/api/v1/encounters/", 404, "unknown_path"),
        ("get", "/api/", 404, "unknown_path"),
    ],
)
def test_an_error_of_the_api_is_json(
    client: Client, db: None, method: str, path: str, status: int, code: str
) -> None:
    answer = getattr(client, method)(path)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["errors"]) == (status, code, [])
    assert sorted(error) == ["code", "errors", "message"]
    assert answer.headers.get("Allow") == ("POST" if status == 405 else None)


def test_a_host_that_is_not_ours_is_refused_in_json(client: Client, db: None) -> None:
    answer = client.get("/api/v1/nowhere", headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "refused")


def test_a_fault_is_json(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("kokemus.listen.api.record_encounters", fail)
    key = ApiKey.objects.issue(world.organisation, name="K", scopes=["encounters:write"])[1]
    client.raise_request_exception = False
    answer = client.post(
        "/api/v1/encounters",
        {"reference": "e", "touchpoint": "visit", "happened_at": "2026-03-01T12:00:00Z"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "fault")
    assert b"inside" not in answer.content


def test_a_page_that_is_not_there_stays_a_page(client: Client, db: None) -> None:
    answer = client.get("/nowhere/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
