"""Django's SQLite backend with our turnstile: transactions take their turn before they begin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from kokemus.store.connections import SQLITE_PRAGMAS
from kokemus.store.sqlite.turnstile import Turnstile

BUSY_SECONDS = 20
LOG_TRIES = 20
LOG_WAIT_MILLISECONDS = 250  # with the turn to write in hand, so that nobody waits for long
WRITES = {"INSERT", "UPDATE", "DELETE"}


class Cursor(base.SQLiteCursorWrapper):
    """A cursor whose statements take their turn when they write outside a transaction."""

    def __init__(self, connection: Any, *, turn: Callable[[str], AbstractContextManager[None]]):
        super().__init__(connection)
        self._turn = turn

    def execute(self, query: str, params: Any = None) -> Any:
        with self._turn(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        with self._turn(query):
            return super().executemany(query, param_list)


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite in WAL mode; a transaction begins with its turn to write and ends by giving it on.

    So does a statement that writes outside one. What is deleted is overwritten with zeros.
    """

    _turnstile: Turnstile | None = None
    _has_turn = False

    def get_connection_params(self) -> dict[str, Any]:
        parameters = super().get_connection_params()
        return {**parameters, "timeout": BUSY_SECONDS}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.executescript(SQLITE_PRAGMAS)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=partial(Cursor, turn=self._turn_for))

    @contextmanager
    def _turn_for(self, query: str) -> Iterator[None]:
        if self._has_turn or query[:6].upper() not in WRITES:
            yield
            return
        self._enter()
        try:
            yield
        finally:
            self._leave_when_ended()

    def empty_log(self) -> bool:
        """Bring what was committed into the file, and cut off the log that still has what was there
        before. False within a transaction, or when somebody read all the while.
        """
        for _ in range(0 if self.in_atomic_block else LOG_TRIES):
            self._enter()
            try:
                with self.cursor() as cursor:
                    cursor.execute(f"PRAGMA busy_timeout={LOG_WAIT_MILLISECONDS}")
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    is_busy = cursor.fetchone()[0]
                    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
            finally:
                self._leave()
            if not is_busy:
                return True
        return False

    def _start_transaction_under_autocommit(self) -> None:
        """Every `atomic` block may write, so it takes its turn and the write lock at once."""
        self._enter()
        try:
            self.cursor().execute("BEGIN IMMEDIATE")
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._leave_when_ended()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._leave_when_ended()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._leave()

    def _leave_when_ended(self) -> None:
        if self.connection is None or not self.connection.in_transaction:
            self._leave()

    def _enter(self) -> None:
        name = str(self.settings_dict["NAME"])
        if self._has_turn or self.is_in_memory_db() or not Path(name).is_absolute():
            return
        if self._turnstile is None:
            self._turnstile = Turnstile(name)
        self._turnstile.enter()
        self._has_turn = True

    def _leave(self) -> None:
        if self._has_turn and self._turnstile is not None:
            self._has_turn = False
            self._turnstile.leave()
