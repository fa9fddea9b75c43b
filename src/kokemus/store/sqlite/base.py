"""Django's SQLite backend with our turnstile: transactions take their turn before they begin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from kokemus.store.sqlite.turnstile import Turnstile

PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
BUSY_SECONDS = 20


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite in WAL mode; a transaction begins with its turn to write and ends by giving it on."""

    _turnstile: Turnstile | None = None
    _has_turn = False

    def get_connection_params(self) -> dict[str, Any]:
        parameters = super().get_connection_params()
        return {**parameters, "timeout": BUSY_SECONDS}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.executescript(PRAGMAS)
        return connection

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
