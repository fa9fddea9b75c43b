"""The capture door: the answer page and POST /api/v1/responses over bare ASGI. No Django.

Answers are acknowledged after the commit of the writer's group.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from kokemus.listen.answer_page import ASSETS, find_stylesheet
from kokemus.listen.exchange import Disconnected, Exchange, Headers, Receive, Reply, Scope, Send
from kokemus.listen.json_answers import take_answers
from kokemus.listen.visits import STEPS, answer_visit, notice
from kokemus.store.capture import Outcome, Submission
from kokemus.store.published import Published, PublishedCache
from kokemus.store.writer import Writer

Waiting = tuple["asyncio.Future[list[Outcome]]", float]  # and when it began
Done = tuple[Waiting, list[Outcome] | None, BaseException | None]
# Told what was kept, and how many seconds after it came.
OnKept = Callable[[Sequence[Outcome], float], object]
API_PATH = "/api/v1/responses"
PAGE_PATH = "/a/"
STYLE_HEADERS: Headers = [
    (b"content-type", b"text/css; charset=utf-8"),
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"vary", b"accept-encoding"),
    (b"x-content-type-options", b"nosniff"),
]
log = logging.getLogger(__name__)


class CaptureDoor:
    """ASGI application for what `handles` says; `start` before the first request."""

    def __init__(self, *, database_url: str, public_url: str, queue_max: int = 10_000) -> None:
        self._database_url = database_url
        self._queue_max = queue_max
        self._is_https = public_url.startswith("https:")
        self._cache = PublishedCache(database_url)
        self._writer: Writer | None = None
        self._done: deque[Done] = deque()
        self._is_woken = False
        self._checking: asyncio.Future[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.on_kept: OnKept = lambda outcomes, seconds: None

    def handles(self, scope: Scope) -> bool:
        path: str = scope["path"]
        return path.startswith(PAGE_PATH) or path == API_PATH

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._writer = Writer(self._database_url, queue_max=self._queue_max)
        await asyncio.to_thread(self._cache.start)

    async def stop(self) -> None:
        """Write all that waits, then let go of the database."""
        if self._writer is not None:
            await asyncio.to_thread(self._writer.close)
        await asyncio.to_thread(self._cache.stop)

    @property
    def rows_waiting(self) -> int:
        """How many answers wait for the writer."""
        return self._writer.rows_waiting if self._writer else 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(scope, receive)
        now = dt.datetime.now(dt.UTC)
        try:
            if scope["path"] == API_PATH:
                reply = await take_answers(
                    exchange, cache=self._cache, keep=self.keep, check=self._check, now=now
                )
            else:
                reply = await self._answer_page(exchange, now=now)
        except Disconnected:
            return
        await reply.send(send, has_body=scope["method"] != "HEAD")

    def keep(self, submissions: Sequence[Submission]) -> asyncio.Future[list[Outcome]]:
        """Queue for the writer; the future is done after the commit. Raises `QueueFull`."""
        if self._writer is None or self._loop is None:
            raise RuntimeError("The door was not started.")
        waiting: asyncio.Future[list[Outcome]] = self._loop.create_future()
        self._writer.hand_in(submissions, partial(self._hand_over, (waiting, time.perf_counter())))
        return waiting

    def _hand_over(
        self,
        waiting: Waiting,
        outcomes: list[Outcome] | None,
        error: BaseException | None,
    ) -> None:
        """From the writer's thread; the event loop is woken once for many."""
        self._done.append((waiting, outcomes, error))
        if not self._is_woken and self._loop is not None:
            self._is_woken = True
            self._loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        self._is_woken = False
        while self._done:
            (waiting, begun), outcomes, error = self._done.popleft()
            if outcomes is not None:
                self.on_kept(outcomes, time.perf_counter() - begun)
            if waiting.done():
                continue
            if outcomes is None:
                waiting.set_exception(error or RuntimeError("The writer gave no outcome."))
            else:
                waiting.set_result(outcomes)

    async def _answer_page(self, exchange: Exchange, *, now: dt.datetime) -> Reply:
        path, method = exchange.path, exchange.method
        if method not in {"GET", "HEAD", "POST"}:
            return Reply(405, b"", [(b"allow", b"GET, HEAD, POST")])
        if path.startswith(ASSETS):
            return _style(exchange)
        link, _, step = path.removeprefix(PAGE_PATH).rstrip("/").partition("/")
        published = await self._find(link)
        if published is None or step not in STEPS or (step == "anew" and method != "POST"):
            return notice("unknown", 404, exchange, published=None)
        if step == "thanks" and method == "POST":
            return Reply(405, b"", [(b"allow", b"GET, HEAD")])
        return await answer_visit(
            exchange,
            published=published,
            step=step,
            keep=self.keep,
            now=now,
            is_https=self._is_https,
        )

    async def _find(self, link: str) -> Published | None:
        published = self._cache.by_link(link)
        if published is None:
            await self._check()
            published = self._cache.by_link(link)
        return published

    async def _check(self) -> None:
        """All who miss something while a check is under way wait for that one."""
        if self._checking is None or self._checking.done():
            self._checking = asyncio.ensure_future(asyncio.to_thread(self._cache.check))
        await asyncio.shield(self._checking)


def _style(exchange: Exchange) -> Reply:
    found = find_stylesheet(exchange.path)
    if found is None:
        return notice("unknown", 404, exchange)
    plain, compressed = found
    if "gzip" in exchange.header(b"accept-encoding"):
        return Reply(200, compressed, [*STYLE_HEADERS, (b"content-encoding", b"gzip")])
    return Reply(200, plain, STYLE_HEADERS)
