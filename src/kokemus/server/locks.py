"""What only one process of an installation may do at a time: migrate, or work.

On SQLite the lock is on a file beside the database, on PostgreSQL an advisory lock of a session.
Both go when their holder dies, however it dies.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


class Lock:
    """A lock by name on the database. The connection of this thread holds it on PostgreSQL."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._number = zlib.crc32(f"kokemus {name}".encode())
        self._file: int | None = None

    def try_enter(self) -> bool:
        """Take the lock if nobody has it; say whether it was taken."""
        if connection.vendor != "sqlite":
            return bool(self._ask("SELECT pg_try_advisory_lock(%s)"))
        self._open()
        try:
            fcntl.flock(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def enter(self) -> None:
        """Wait for the lock."""
        if connection.vendor == "sqlite":
            fcntl.flock(self._open(), fcntl.LOCK_EX)
        else:
            self._ask("SELECT pg_advisory_lock(%s)")

    def leave(self) -> None:
        if connection.vendor != "sqlite":
            self._ask("SELECT pg_advisory_unlock(%s)")
        elif self._file is not None:
            os.close(self._file)
            self._file = None

    def is_held(self) -> bool:
        """Whether a lock that was taken still holds: its session may have been lost."""
        if connection.vendor == "sqlite":
            return True
        return bool(
            self._ask(
                "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()"
                " AND locktype = 'advisory' AND granted AND objid = %s"
            )
        )

    def _ask(self, statement: str) -> object:
        with connection.cursor() as cursor:
            cursor.execute(statement, [self._number])
            row = cursor.fetchone()
        return row[0] if row else None

    def _open(self) -> int:
        if self._file is None:
            path = Path(f"{connection.settings_dict['NAME']}.{self._name}")
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._file


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """Wait until no other process is inside the same name, and go in."""
    lock = Lock(name)
    lock.enter()
    try:
        yield
    finally:
        lock.leave()
