"""What must be done before the first request: the database's tables and the static files."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kokemus.server.locks import only_one

LOG = logging.getLogger("kokemus.prepare")


def prepare_database() -> None:
    """Bring the tables up to date; safe when two processes start at once."""
    with only_one("prepare"):
        _migrate()


def prepare_static_files() -> None:
    """Bring the static files up to date.

    In a process of its own: what draws charts, and builds their bundle, starts threads, and a
    process with threads must not fork.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            collect_static_files(Path(settings.STATIC_ROOT))
            status = 0
        except Exception:
            LOG.exception("The static files could not be collected")
        finally:
            logging.shutdown()
            os._exit(status)
    if os.waitpid(pid, 0)[1] != 0:
        raise StaticFilesMissing


class StaticFilesMissing(RuntimeError):
    """The static files could not be collected; the log says why."""


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
        LOG.info("The database is up to date")
    call_command("createcachetable", verbosity=0)  # where there is none


def collect_static_files(folder: Path) -> None:
    """Copy, hash and compress the static files if any has changed since the last time."""
    mark = folder / ".fingerprint"
    fingerprint = _fingerprint()
    if mark.exists() and mark.read_text("utf-8") == fingerprint:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(fingerprint, "utf-8")


def _fingerprint() -> str:
    """A digest of names, sizes and times of all source files."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            about = Path(storage.path(name)).stat()
            digest.update(f"{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()
