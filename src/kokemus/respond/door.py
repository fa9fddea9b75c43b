"""Live updates as server-sent events, on the bare ASGI side: a page hears that a case changed."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from kokemus.respond.changes import OVERLAP, Change, ChangeFeed, Reach, find_reach
from kokemus.respond.live_token import read_listener
from kokemus.store.connections import connection_errors, open_connection

LOG = logging.getLogger(__name__)
PATH = "/live/today"
POLL_SECONDS = 0.2
HEARTBEAT_SECONDS = 15.0
RECHECK_SECONDS = 60.0
STREAMS_MAX = 1000
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Listener:
    """One open page: what it may hear, and whether there is something to hear."""

    def __init__(self, member: int, *, reach: Reach) -> None:
        self.member, self.reach = member, reach
        self.woken = asyncio.Event()
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True
        self.woken.set()


class LiveDoor:
    """Answers GET /live/today?token=…; one poller serves all streams, while there are any."""

    def __init__(
        self, *, database_url: str, secret_key: str, streams_max: int = STREAMS_MAX
    ) -> None:
        self._database_url, self._secret_key = database_url, secret_key
        self._streams_max = streams_max
        self._listeners: set[Listener] = set()
        self._poller: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live")
        self._connection: Any = None
        self._is_stopped = False

    def handles(self, scope: Message) -> bool:
        return bool(scope["type"] == "http" and scope["path"] == PATH)

    async def start(self) -> None:
        """Nothing to prepare: the database is opened when the first page listens."""

    async def stop(self) -> None:
        """End every stream and the poller; new pages are turned away."""
        if self._is_stopped:
            return
        self._is_stopped = True
        for listener in list(self._listeners):
            listener.close()
        if self._poller is not None:
            self._poller.cancel()
            await asyncio.gather(self._poller, return_exceptions=True)
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown(wait=False)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await _refuse(send, 405)
            return
        reach = await self._admit(scope)
        if isinstance(reach, int):
            await _refuse(send, reach)
            return
        listener = Listener(reach[0], reach=reach[1])
        self._listeners.add(listener)
        self._poll_while_listened()
        try:
            await self._catch_up(listener, since=_read_since(scope))
            await _stream(listener, receive=receive, send=send)
        finally:
            self._listeners.discard(listener)

    async def _catch_up(self, listener: Listener, *, since: dt.datetime) -> None:
        """Wake the page if something changed after it was drawn and before it listened.

        What was stamped a little before may have been committed after: then it is told as well.
        """
        feed = ChangeFeed(since=since - OVERLAP, database_url=self._database_url)
        now = dt.datetime.now(dt.UTC)
        try:
            changes = await self._ask(
                lambda c: feed.read(c, organisations=[listener.reach.organisation], now=now)
            )
        except connection_errors(self._database_url):
            return  # the poller says so, and goes on asking
        if any(listener.reach.sees(change) for change in changes):
            listener.woken.set()

    async def _admit(self, scope: Message) -> tuple[int, Reach] | int:
        """The member and what they see, or the status that says why not."""
        if self._is_stopped or len(self._listeners) >= self._streams_max:
            return 503
        token = _read_parameter(scope, "token")
        member = read_listener(token, now=time.time(), secret_key=self._secret_key)
        if member is None:
            return 403
        try:
            reach = await self._ask(partial(self._find_reach, member=member))
        except connection_errors(self._database_url):
            return 503
        return (member, reach) if reach else 403

    def _find_reach(self, connection: Any, member: int) -> Reach | None:
        return find_reach(connection, member, database_url=self._database_url)

    def _poll_while_listened(self) -> None:
        if self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._poll())

    async def _poll(self) -> None:
        since = dt.datetime.now(dt.UTC) - OVERLAP
        feed = ChangeFeed(since=since, database_url=self._database_url)
        checked = time.monotonic()
        while self._listeners:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self._tell(feed)
                if time.monotonic() - checked > RECHECK_SECONDS:
                    checked = time.monotonic()
                    await self._recheck()
            except connection_errors(self._database_url):
                LOG.warning("Live updates wait for the database", extra={"event": "live_waits"})
                await self._ask_quietly_to_disconnect()
                await asyncio.sleep(5 * POLL_SECONDS)

    async def _tell(self, feed: ChangeFeed) -> None:
        organisations = {listener.reach.organisation for listener in self._listeners}
        if not organisations:
            return
        now = dt.datetime.now(dt.UTC)
        changes: list[Change] = await self._ask(
            lambda c: feed.read(c, organisations=organisations, now=now)
        )
        for listener in self._listeners:
            if any(listener.reach.sees(change) for change in changes):
                listener.woken.set()

    async def _recheck(self) -> None:
        """Close the streams of those who may no longer come in; renew what the others see."""
        for listener in list(self._listeners):
            reach = await self._ask(partial(self._find_reach, member=listener.member))
            if reach is None:
                listener.close()
            else:
                listener.reach = reach

    async def _ask(self, question: Callable[[Any], Any]) -> Any:
        """Ask the database in its thread; the connection stays open between questions."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._answer, question)

    def _answer(self, question: Callable[[Any], Any]) -> Any:
        if self._connection is None:
            self._connection = open_connection(self._database_url)
        return question(self._connection)

    async def _ask_quietly_to_disconnect(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _read_parameter(scope: Message, name: str) -> str:
    query: dict[str, list[str]] = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return query.get(name, [""])[0]


def _read_since(scope: Message) -> dt.datetime:
    """When the page was drawn, in seconds since 1970; without it, now."""
    text = _read_parameter(scope, "since")
    seconds = int(text) if text.isdecimal() and len(text) < 12 else int(time.time())
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


async def _stream(listener: Listener, *, receive: Receive, send: Send) -> None:
    """Send until the page goes away or the door closes."""
    gone = asyncio.create_task(_wait_for_leaving(receive))
    gone.add_done_callback(lambda _: listener.close())
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await _write(send, b": welcome\n\n")
    try:
        while not listener.is_closed:
            try:
                await asyncio.wait_for(listener.woken.wait(), HEARTBEAT_SECONDS)
            except TimeoutError:
                await _write(send, b": still here\n\n")
                continue
            listener.woken.clear()
            if not listener.is_closed:
                await _write(send, b"event: live\ndata: case\n\n")
        if not gone.done():
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()


async def _wait_for_leaving(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"0")]
    if status == 503:
        headers.append((b"retry-after", b"30"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
