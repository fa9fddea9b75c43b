"""Pages hear of what changed in their reach, and of nothing else."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone
from tests.world import World, make_world

from kokemus.respond.door import LiveDoor
from kokemus.respond.live_token import read_listener, sign_listener
from kokemus.store.models import Case, Member

KEY = "a secret of at least thirty-two characters"
LIVE = b"event: live\ndata: case\n\n"


@pytest.fixture
def shared(transactional_db: Any) -> World:
    """A world whose rows other connections see."""
    return make_world()


def database_url() -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    parts = settings.DATABASES["default"]
    user = f"{parts['USER']}:{parts['PASSWORD']}"
    return f"postgresql://{user}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"


class Page:
    """A page that listens: collects what the door sends."""

    def __init__(self, door: LiveDoor, *, token: str, since: int | None = None) -> None:
        query = f"token={token}" + (f"&since={since}" if since else "")
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": "/live/today",
            "query_string": query.encode(),
        }
        self.status, self.ended, self._left = 0, False, asyncio.Event()
        self.body = b""
        self.task = asyncio.create_task(door(self.scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")
        self.ended = message["type"] == "http.response.body" and not message.get("more_body")

    async def until(self, is_so: Callable[[], bool], *, seconds: float = 3.0) -> bool:
        ends = time.monotonic() + seconds
        while not is_so() and time.monotonic() < ends:
            await asyncio.sleep(0.02)
        return is_so()

    async def leave(self) -> None:
        self._left.set()
        await asyncio.wait_for(self.task, 3)


def token_of(member: Member, *, seconds: int = 60) -> str:
    return sign_listener(member.pk, expires=int(time.time()) + seconds, secret_key=KEY)


def run(story: Callable[[LiveDoor], Coroutine[Any, Any, None]], **options: Any) -> None:
    async def whole() -> None:
        door = LiveDoor(database_url=database_url(), secret_key=KEY, **options)
        await door.start()
        try:
            await story(door)
        finally:
            await door.stop()

    asyncio.run(whole())


def open_case(world: World, *, begun: dt.datetime | None = None, **values: Any) -> Case:
    response = world.respond(2, **values)
    now = begun or timezone.now()
    case, _ = Case.objects.open_for(response, unit=response.unit, reason="", due_at=now, at=now)
    return case


def from_thread(function: Callable[..., Any]) -> Callable[..., Coroutine[Any, Any, Any]]:
    def act(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        finally:
            connections.close_all()

    return sync_to_async(act, thread_sensitive=False)


def test_a_token_is_believed_until_it_expires() -> None:
    token = sign_listener(7, expires=100, secret_key=KEY)
    assert read_listener(token, now=99, secret_key=KEY) == 7
    assert read_listener(token, now=100, secret_key=KEY) is None
    assert read_listener(token, now=99, secret_key=KEY + "x") is None
    assert read_listener(token.replace("7.", "8.", 1), now=99, secret_key=KEY) is None
    assert read_listener("", now=0, secret_key=KEY) is None
    assert read_listener("ä.ö.å", now=0, secret_key=KEY) is None


def test_a_page_hears_of_a_new_case_within_a_second(shared: World) -> None:
    async def story(door: LiveDoor) -> None:
        page = Page(door, token=token_of(shared.agent))
        assert await page.until(lambda: page.status == 200)
        await asyncio.sleep(0.3)
        started = time.monotonic()
        await from_thread(open_case)(shared)
        assert await page.until(lambda: LIVE in page.body)
        assert time.monotonic() - started < 1
        await asyncio.sleep(0.5)
        assert page.body.count(LIVE) == 1
        await page.leave()

    run(story)


def test_a_page_hears_nothing_of_what_is_out_of_reach(shared: World) -> None:
    other = make_world("Other")

    async def story(door: LiveDoor) -> None:
        pages = {m: Page(door, token=token_of(m)) for m in (shared.agent, other.admin)}
        admin = Page(door, token=token_of(shared.admin))
        assert await admin.until(lambda: admin.status == 200)
        await asyncio.sleep(0.3)
        await from_thread(open_case)(shared, unit=shared.billing)
        assert await admin.until(lambda: LIVE in admin.body)
        assert [LIVE in page.body for page in pages.values()] == [False, False]
        for page in (admin, *pages.values()):
            await page.leave()

    run(story)


def test_the_unit_that_handed_a_case_on_hears_too(shared: World) -> None:
    case = open_case(shared)

    async def story(door: LiveDoor) -> None:
        page = Page(door, token=token_of(shared.agent))
        assert await page.until(lambda: page.status == 200)
        await asyncio.sleep(0.5)
        before = page.body.count(LIVE)
        now = timezone.now()
        await from_thread(case.hand_off)(
            shared.agent, unit=shared.partner, text="", due_at=now, at=now
        )
        assert await page.until(lambda: page.body.count(LIVE) > before)
        await page.leave()

    run(story)


def test_what_changed_while_the_page_was_drawn_is_heard(shared: World) -> None:
    drawn = int(time.time())
    open_case(shared)

    async def story(door: LiveDoor) -> None:
        page = Page(door, token=token_of(shared.agent), since=drawn - 1)
        assert await page.until(lambda: LIVE in page.body)
        await page.leave()

    run(story)


def test_what_was_stamped_before_the_page_and_committed_after_is_heard(shared: World) -> None:
    """Triage stamps a case when its round begins; the commit may come a moment later."""

    async def story(door: LiveDoor) -> None:
        page = Page(door, token=token_of(shared.agent), since=int(time.time()))
        assert await page.until(lambda: page.status == 200)
        await from_thread(open_case)(shared, begun=timezone.now() - dt.timedelta(seconds=2))
        assert await page.until(lambda: LIVE in page.body)
        await page.leave()

    run(story)


@pytest.mark.parametrize("reason", ["false", "expired", "inactive"])
def test_who_may_not_come_in_hears_nothing(shared: World, reason: str) -> None:
    token = token_of(shared.agent, seconds=-1 if reason == "expired" else 60)
    token = token[:-1] + "x" if reason == "false" else token
    if reason == "inactive":
        Member.objects.filter(pk=shared.agent.pk).update(is_active=False)

    async def story(door: LiveDoor) -> None:
        page = Page(door, token=token)
        await asyncio.wait_for(page.task, 3)
        assert (page.status, page.ended) == (403, True)

    run(story)


def test_a_member_who_is_shut_out_stops_hearing(
    shared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kokemus.respond.door.RECHECK_SECONDS", 0.1)

    async def story(door: LiveDoor) -> None:
        page = Page(door, token=token_of(shared.agent))
        assert await page.until(lambda: page.status == 200)
        shut_out = from_thread(Member.objects.filter(pk=shared.agent.pk).update)
        await shut_out(is_active=False)
        assert await page.until(lambda: page.ended)

    run(story)


def test_there_is_a_bound_to_how_many_listen(shared: World) -> None:
    async def story(door: LiveDoor) -> None:
        first = Page(door, token=token_of(shared.agent))
        assert await first.until(lambda: first.status == 200)
        second = Page(door, token=token_of(shared.lead))
        assert await second.until(lambda: second.status == 503)
        await first.leave()
        third = Page(door, token=token_of(shared.lead))
        assert await third.until(lambda: third.status == 200)

    run(story, streams_max=1)


def test_stopping_ends_every_stream(shared: World) -> None:
    async def story(door: LiveDoor) -> None:
        page = Page(door, token=token_of(shared.agent))
        assert await page.until(lambda: page.status == 200)
        await door.stop()
        await asyncio.wait_for(page.task, 3)
        assert page.ended

    run(story)


def test_only_its_own_path_is_the_doors() -> None:
    door = LiveDoor(database_url="sqlite:///none", secret_key=KEY)
    scopes = [{"type": "http", "path": p} for p in ("/live/today", "/live/", "/today/")]
    assert [door.handles(scope) for scope in scopes] == [True, False, False]
    assert not door.handles({"type": "lifespan"})
