"""An open capture door over the database of this test run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.databases import database_url_of_tests
from tests.listen.visitor import OpenDoor, Visitor
from tests.world import World, make_world

from kokemus.listen.door import CaptureDoor
from kokemus.store.models import ApiKey


@pytest.fixture
def open_world(transactional_db: None, settings: Any) -> World:
    """The world, committed: what writes over a connection of its own can see it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
    return make_world()


@pytest.fixture
def door(open_world: World) -> Iterator[OpenDoor]:
    door = OpenDoor(
        CaptureDoor(
            database_url=database_url_of_tests(), public_url="http://127.0.0.1", queue_max=5000
        )
    )
    yield door
    door.close()


@pytest.fixture
def visitor(door: OpenDoor) -> Visitor:
    return Visitor(door)


@pytest.fixture
def api_key(open_world: World) -> str:
    _, key = ApiKey.objects.issue(open_world.organisation, name="Shop", scopes=["responses:write"])
    return key
