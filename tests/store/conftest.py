"""What the tests of the doors without Django share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.databases import database_url_of_tests
from tests.world import World, make_world

from kokemus.store.writer import Writer


@pytest.fixture
def open_world(transactional_db: None, settings: Any) -> World:
    """The world, committed: what writes over a connection of its own can see it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
    return make_world()


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The address of the database of this test run."""
    return database_url_of_tests()


@pytest.fixture
def writer(open_world: World, database_url: str) -> Iterator[Writer]:
    writer = Writer(database_url)
    yield writer
    writer.close()
