"""The one writer of answers: a thread that commits what waits in groups, then acknowledges."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from kokemus.store.capture import Outcome, Submission, write_submissions
from kokemus.store.connections import (
    connection_errors,
    open_connection,
    sqlite_path,
    vendor_of,
)
from kokemus.store.sqlite.turnstile import Turnstile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    # Called from the writer's thread, with the outcomes or with what went wrong.
    Tell = Callable[[list[Outcome] | None, BaseException | None], object]
    Waiting = tuple[Sequence[Submission], Tell]

GROUP_ROWS = 500
LINGER_SECONDS = 0.001
log = logging.getLogger(__name__)


class QueueFull(Exception):
    """As many answers wait as may; nothing of this request was taken. Come again in a moment."""


class DatabaseUnavailable(Exception):
    """The database cannot be used now. Come again with the same keys: nothing is doubled."""


class Writer:
    """Takes submissions from any thread and writes them in groups over its own connection.

    A future has its outcomes only after the commit. It has `DatabaseUnavailable` when the group
    could not be committed over a connection opened anew.
    """

    def __init__(self, database_url: str, *, queue_max: int = 10_000) -> None:
        self._database_url = database_url
        self._vendor = vendor_of(database_url)
        self._errors = connection_errors(database_url)
        self._queue_max = queue_max
        self._queue: deque[Waiting] = deque()
        self._rows_waiting = 0
        self._rows_last = 0
        self._changed = threading.Condition()
        self._is_closing = False
        self._connection: Any = None  # sqlite3.Connection or psycopg.Connection
        self._turnstile = Turnstile(sqlite_path(database_url)) if self._vendor == "sqlite" else None
        self._thread = threading.Thread(target=self._run, name="capture-writer", daemon=True)
        self._thread.start()

    def submit(self, submissions: Sequence[Submission]) -> Future[list[Outcome]]:
        """Queue the answers of one request, all or none; raise `QueueFull` when they do not fit."""
        future: Future[list[Outcome]] = Future()

        def tell(outcomes: list[Outcome] | None, error: BaseException | None) -> None:
            if not future.set_running_or_notify_cancel():
                return
            if outcomes is None:
                future.set_exception(error)
            else:
                future.set_result(outcomes)

        self.hand_in(submissions, tell)
        return future

    def hand_in(self, submissions: Sequence[Submission], tell: Tell) -> None:
        """The same with a callback instead of a future, which costs a tenth of it."""
        with self._changed:
            if self._is_closing:
                raise DatabaseUnavailable("The writer has been closed.")
            if self._rows_waiting and self._rows_waiting + len(submissions) > self._queue_max:
                raise QueueFull(f"{self._rows_waiting} answers wait; {self._queue_max} may.")
            self._queue.append((submissions, tell))
            self._rows_waiting += len(submissions)
            if len(self._queue) == 1:
                self._changed.notify()

    @property
    def rows_waiting(self) -> int:
        return self._rows_waiting

    def close(self) -> None:
        """Take no more, write all that waits, then let go of the connection."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while group := self._next_group():
            self._settle(group)
        self._disconnect()

    def _next_group(self) -> list[Waiting]:
        """What waits, up to the size of a group; empty when closing and all is written."""
        with self._changed:
            while not self._queue and not self._is_closing:
                self._changed.wait()
        self._wait_for_company()
        with self._changed:
            group: list[Waiting] = []
            rows = 0
            while self._queue and (not group or rows + len(self._queue[0][0]) <= GROUP_ROWS):
                group.append(self._queue.popleft())
                rows += len(group[-1][0])
            self._rows_waiting -= rows
            self._rows_last = rows
            return group

    def _wait_for_company(self) -> None:
        """Where more came together last time, a moment more: one commit for all costs less."""
        if self._rows_last > 1 and self._rows_waiting < self._rows_last and not self._is_closing:
            time.sleep(LINGER_SECONDS)

    def _settle(self, group: list[Waiting]) -> None:
        """Write a group and answer everybody in it, whatever happens."""
        try:
            outcomes = self._write_even_if_reconnecting([s for part, _ in group for s in part])
        except BaseException as error:
            log.exception("A group of answers could not be written")
            for _, tell in group:
                tell(None, self._as_told(error))
            return
        start = 0
        for part, tell in group:
            tell(outcomes[start : start + len(part)], None)
            start += len(part)

    def _as_told(self, error: BaseException) -> BaseException:
        if isinstance(error, self._errors):
            return DatabaseUnavailable(f"The database cannot be used: {error}")
        return error

    def _write_even_if_reconnecting(self, submissions: list[Submission]) -> list[Outcome]:
        """Writing twice is writing once, so an uncertain commit is simply tried again."""
        try:
            return self._write(submissions)
        except self._errors:
            self._disconnect()
        try:
            return self._write(submissions)
        except self._errors:
            self._disconnect()
            raise

    def _write(self, submissions: list[Submission]) -> list[Outcome]:
        if self._connection is None:
            self._connection = open_connection(self._database_url)
        with self._turn():
            now = dt.datetime.now(dt.UTC)
            return write_submissions(self._connection, submissions, vendor=self._vendor, now=now)

    def _turn(self) -> AbstractContextManager[None]:
        return _turn_of(self._turnstile) if self._turnstile else nullcontext()

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except self._errors:
                log.warning("The connection was broken already")


@contextmanager
def _turn_of(turnstile: Turnstile) -> Iterator[None]:
    turnstile.enter()
    try:
        yield
    finally:
        turnstile.leave()
