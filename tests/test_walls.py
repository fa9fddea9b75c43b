"""Every page and operation lets in whom its row in `walls.py` says, and shows nobody another's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.scene import BILLING, OTHER, SERVICE, Scene, set_scene
from tests.walls import OPERATIONS, TO_SIGN_IN, WALLS, Operation, Wall
from tests.world import World, make_world

API_PAGES = ("api-root", "openapi-json", "openapi-view")
INLINE = re.compile(
    r"<style|<script(?![^>]*(?:\ssrc=|type=\"application/json\"))[^>]*>|<[a-z][^>]*\s(?:style|on[a-z]+)=",
    re.IGNORECASE,
)
HIDDEN_FROM = {
    "anonymous": (SERVICE, BILLING, OTHER),
    "viewer": (BILLING, OTHER),
    "agent": (BILLING, OTHER),
    "lead": (BILLING, OTHER),
    "admin": (OTHER,),
    "partner": (SERVICE, BILLING, OTHER),
    "other": (SERVICE, BILLING),
}


@pytest.fixture(scope="module")
def whole_scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Set once for hundreds of tests, in a transaction that is rolled back after the last."""
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
        scene = set_scene(make_world(), make_world("Other"))
    yield scene
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def scene(whole_scene: Scene, db: None) -> Scene:
    """What a test changes in it is undone."""
    return whole_scene


def test_every_page_has_a_row() -> None:
    missing = sorted(set(url_names(get_resolver())) - {wall.name for wall in WALLS})
    assert missing == [], "add these to tests/walls.py"


def test_every_row_has_a_page() -> None:
    assert sorted({wall.name for wall in WALLS} - set(url_names(get_resolver()))) == []


def test_every_operation_has_a_row() -> None:
    rows = {(row.method, row.path.split("?")[0]) for row in OPERATIONS}
    assert sorted(set(operations()) - rows) == [], "add these to tests/walls.py"


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: f"{wall.name}-{wall.method}")
def test_page_lets_in_whom_its_row_says(wall: Wall, scene: Scene) -> None:
    answers = {role: knock(wall, scene, role=role) for role in wall.expected()}
    got = {role: status for role, (status, _body) in answers.items()}
    wrong = {role: (got[role], right) for role, right in wall.expected().items()}
    assert {role: pair for role, pair in wrong.items() if pair[0] != pair[1]} == {}
    leaks = {
        role: secret
        for role, (_status, body) in answers.items()
        for secret in HIDDEN_FROM[role]
        if secret.casefold() in body.casefold()
    }
    assert leaks == {}


def test_what_a_bare_door_answers_has_its_walls_tested_there() -> None:
    doors = {row.door for row in OPERATIONS if row.door}
    assert {door for door in doors if not Path(door).read_text("utf-8").count("401")} == set()


OF_DJANGO = [row for row in OPERATIONS if not row.door]


@pytest.mark.parametrize("row", OF_DJANGO, ids=lambda row: f"{row.method} {row.path}")
def test_operation_lets_in_whose_key_fits(row: Operation, scene: Scene) -> None:
    assert call(row, scene, key="")[0] == 401
    assert call(row, scene, key="kok_nobodys")[0] == 401
    assert call(row, scene, key=key_without(scene.world, row.scope))[0] == 403
    status, body = call(row, scene, key=scene.api_secret)
    assert (status, OTHER in body) == (row.key, False)
    status, body = call(row, scene, key=scene.other_api_secret)
    assert (status, SERVICE in body, BILLING in body) == (row.other or row.key, False, False)


PAGES = [wall for wall in WALLS if wall.method == "get"]


@pytest.mark.parametrize("wall", PAGES, ids=lambda wall: wall.name)
def test_page_keeps_a_strict_content_security_policy(wall: Wall, scene: Scene) -> None:
    """No page loosens the policy, and none has a script, style or handler that it would refuse."""
    client = Client(raise_request_exception=False)
    if wall.anonymous == TO_SIGN_IN:
        client.force_login(scene.world.admin)
    response = client.get(wall.path.format_map(scene.names()), wall.data)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    if response.headers.get("Content-Type", "").startswith("text/html"):
        assert INLINE.findall(body_of(response)) == []


def test_the_scene_has_something_to_leak(scene: Scene) -> None:
    """An admin, who may, does see the billing unit's secret on some page of the table."""
    pages = [wall for wall in WALLS if wall.method == "get" and wall.expected()["admin"] == 200]
    bodies = [knock(wall, scene, role="admin")[1] for wall in pages]
    assert any(BILLING in body for body in bodies)
    assert any(SERVICE in body for body in bodies)


def knock(wall: Wall, scene: Scene, *, role: str) -> tuple[int, str]:
    """Ask for the page as the role; what it changed is undone."""
    client = Client(raise_request_exception=False)
    with transaction.atomic():
        if role != "anonymous":
            client.force_login(member_of(scene, role))
        path = wall.path.format_map(scene.names())
        response = getattr(client, wall.method)(path, wall.data)
        status, body = response.status_code, body_of(response)
        transaction.set_rollback(True)
    if role == "anonymous" and status == 302 and not wall.is_public:
        assert response["Location"].startswith(reverse("account_login")), response["Location"]
    return status, body


def member_of(scene: Scene, role: str) -> Any:
    if role == "other":
        return scene.other_world.admin
    return getattr(scene.world, "partner_agent" if role == "partner" else role)


def call(row: Operation, scene: Scene, *, key: str) -> tuple[int, str]:
    client = Client(raise_request_exception=False)
    body = json.dumps(row.body).encode() if row.body is not None else b""
    path = row.path.format_map(scene.names())
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with transaction.atomic():
        response = client.generic(
            row.method.upper(),
            path,
            body,
            content_type="application/json",
            headers=headers,
            QUERY_STRING="&".join(f"{name}={value}" for name, value in row.query.items()),
        )
        status, text = response.status_code, body_of(response)
        transaction.set_rollback(True)
    return status, text


def key_without(world: World, scope: str) -> str:
    from kokemus.store.models import ApiKey
    from kokemus.store.models.access import SCOPES

    rest = [other for other in SCOPES if other != scope]
    return ApiKey.objects.issue(world.organisation, name="Less", scopes=rest)[1]


def body_of(response: Any) -> str:
    content = b"".join(response) if response.streaming else response.content
    return str(content.decode("utf-8", "replace"))


def url_names(resolver: URLResolver) -> Iterator[str]:
    """The name of every pattern, or its path where it has none; the API's are operations."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace == "api":
            yield from API_PAGES
        elif isinstance(pattern, URLResolver):
            yield from url_names(pattern)
        elif isinstance(pattern, URLPattern):
            yield pattern.name or str(pattern.pattern)


def operations() -> Iterator[tuple[str, str]]:
    """(method, path) of every operation that the OpenAPI document describes."""
    from kokemus.server.api import api

    for path, methods in api.get_openapi_schema()["paths"].items():
        yield from ((method, path) for method in methods)
