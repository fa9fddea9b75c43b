"""Whose turn it is to write a SQLite file, among threads and processes.

SQLite lets waiting writers poll; under steady load one of them can starve for seconds. Here a
writer first passes a gate and waits there for the seat. Whoever leaves the seat has to queue at
the gate again, so a busy writer cannot take every turn. The operating system drops the locks of
a process that dies.
"""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path


class Turnstile:
    """A lock on a database file that a busy holder cannot keep for itself. Not re-entrant."""

    def __init__(self, database: Path | str) -> None:
        self._paths = (f"{database}.gate", f"{database}.seat")
        self._own = threading.local()

    def enter(self) -> None:
        """Wait for the turn to write."""
        gate, seat = self._files()
        fcntl.flock(gate, fcntl.LOCK_EX)
        try:
            fcntl.flock(seat, fcntl.LOCK_EX)
        finally:
            fcntl.flock(gate, fcntl.LOCK_UN)

    def leave(self) -> None:
        fcntl.flock(self._files()[1], fcntl.LOCK_UN)

    def _files(self) -> tuple[int, int]:
        """Each thread has its own open files: flock() is between open files, not processes."""
        files: tuple[int, int] | None = getattr(self._own, "files", None)
        if files is None or self._own.process != os.getpid():
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            files = (os.open(self._paths[0], flags, 0o600), os.open(self._paths[1], flags, 0o600))
            self._own.files, self._own.process = files, os.getpid()
        return files
