"""What every test shares."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.serving import MailServer, PostgresCluster
    from tests.world import World

# Tests never touch the data folder of a running installation.
if "KOKEMUS_DATA_DIR" not in os.environ:
    os.environ["KOKEMUS_DATA_DIR"] = tempfile.mkdtemp(prefix="kokemus-tests-")
    atexit.register(shutil.rmtree, os.environ["KOKEMUS_DATA_DIR"], ignore_errors=True)
os.environ.setdefault("KOKEMUS_SECRET_KEY", "a key for tests only, never for real use")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokemus.server.settings")

if find_spec("django"):

    @pytest.fixture
    def world(db: Any) -> World:
        """A small organisation: units, members of every role, a published survey."""
        from tests.world import make_world

        return make_world()

    @pytest.fixture
    def other_world(db: Any) -> World:
        """Another organisation, whose rows nobody of `world` may see."""
        from tests.world import make_world

        return make_world("Other")

    @pytest.fixture(autouse=True, scope="session")
    def _flush_with_audit() -> Any:
        """The audit refuses to be emptied; tests that commit have to empty it all the same."""
        from django.db import connection

        if connection.vendor != "sqlite":
            return
        inner = connection.ops.sql_flush

        def sql_flush(*arguments: Any, **options: Any) -> list[str]:
            trigger = "store_auditentry_no_delete"
            again = (
                f"CREATE TRIGGER {trigger} BEFORE DELETE ON store_auditentry "
                "BEGIN SELECT RAISE(ABORT, 'the audit cannot be shortened'); END"
            )
            flush = inner(*arguments, **options)
            return [f"DROP TRIGGER IF EXISTS {trigger}", *flush, again]

        connection.ops.sql_flush = sql_flush  # type: ignore[method-assign]

    @pytest.fixture(autouse=True)
    def _plain_static_files(settings: Any) -> None:
        """Pages are rendered without a static folder having been collected."""
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)

    @pytest.fixture(scope="session")
    def postgresql() -> Iterator[PostgresCluster]:
        """A scratch PostgreSQL; the test is skipped where it is not installed, but not under CI."""
        from tests.serving import find_postgresql, running_postgresql

        if find_postgresql() is None:
            if os.environ.get("CI"):
                pytest.fail("PostgreSQL is not installed")
            pytest.skip("PostgreSQL is not installed")
        with running_postgresql() as cluster:
            yield cluster

    @pytest.fixture
    def mail_server() -> Iterator[MailServer]:
        """A real SMTP server on loopback that keeps what it is sent."""
        from tests.serving import running_mail_server

        with running_mail_server() as server:
            yield server


def pytest_collection_finish() -> None:
    """What stays for the whole run is not looked through for garbage: a tenth less time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
