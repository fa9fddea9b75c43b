"""The one ASGI application: doors that answer without Django, and Django for the rest.

Every request first gets its real address, then passes the limits of rate and size; every answer
leaves with the security headers.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Sequence

import django

from kokemus.server.addresses import Addresses
from kokemus.server.asgi_types import Door, Message, Receive, Scope, Send
from kokemus.server.metrics import REFUSED, requests_of
from kokemus.server.rates import Rates, key_of

BODY_BYTES_MAX = 10 * 1024 * 1024
FILE_BYTES_MAX = 100 * 1024 * 1024
FILE_PATHS = ("/imports/",)
# Only here is a key looked at, so only here does its acceptance say that it is good.
KEYED_PATHS = ("/api/v1/",)
# What is no page is in no frame, follows no link and opens no camera.
ABOUT_DATA = (b"x-content-type-options", b"content-security-policy", b"strict-transport-security")
UNCOUNTED_PATHS = ("/static/",)
UNCOUNTED_LOCAL_PATHS = ("/healthz", "/metrics")
LOG = logging.getLogger("kokemus.asgi")
App = Callable[[Scope, Receive, Send], object]


def build_application(*, rates: Rates | None = None) -> Application:
    """Put the application together from the settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokemus.server.settings")
    django.setup(set_prefix=False)
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    from kokemus.server.bridge import Pages
    from kokemus.server.configuration import configuration
    from kokemus.server.doors import build_doors, build_streams

    chosen = configuration()
    return Application(
        pages=Pages(get_wsgi_application(), threads=1 if chosen.is_sqlite else 4),
        doors=build_doors(chosen),
        streams=build_streams(chosen, settings.SECRET_KEY),
        addresses=Addresses(chosen.trusted_proxies),
        rates=rates or Rates(key_rate=chosen.key_rate, address_rate=chosen.address_rate),
        is_https=chosen.is_https,
    )


class Application:
    """Routes each request to the first door that handles it, or to the pages.

    `streams` are doors whose answers go on until they are told to end, which they are as soon as
    the server is to stop; other doors stop when all requests have been answered.
    """

    def __init__(
        self,
        *,
        pages: App,
        doors: Sequence[Door] = (),
        streams: Sequence[Door] = (),
        addresses: Addresses,
        rates: Rates,
        is_https: bool,
    ) -> None:
        self._pages = pages
        self._doors = tuple(doors)
        self._streams = tuple(streams)
        self._addresses = addresses
        self._rates = rates
        self._headers = security_headers(is_https=is_https)
        self._data_headers = [item for item in self._headers if item[0] in ABOUT_DATA]
        self.started = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(self._addresses.settle(scope), receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def end_streams(self) -> None:
        """Let the answers end that would otherwise go on."""
        streams, self._streams = self._streams, ()
        for stream in streams:
            await stream.stop()

    async def close(self) -> None:
        """End the streams and let every door put away what it has taken in."""
        await self.end_streams()
        doors, self._doors = self._doors, ()
        for door in doors:
            await door.stop()

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            for door in (*self._doors, *self._streams):
                await door.start()
        except Exception as error:
            LOG.exception("A door did not open")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        self.started.set()
        await receive()
        await self.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_data = scope["path"].startswith(KEYED_PATHS)
        outgoing = Outgoing(send, self._data_headers if is_data else self._headers)
        key = key_of(scope["headers"]) if is_data else ""
        try:
            if seconds := self._seconds_to_wait(scope, key):
                REFUSED.inc()
                await refuse(scope, outgoing, status=429, retry_seconds=seconds)
            else:
                incoming = Incoming(receive, bytes_max=body_bytes_max(scope["path"]))
                incoming.check_announced(scope)
                await self._find(scope)(scope, incoming, outgoing)  # type: ignore[misc]
        except BodyTooLarge:
            if outgoing.status is None:
                await refuse(scope, outgoing, status=413)
        except Exception:
            LOG.exception("A request failed", extra={"path": scope["path"]})
            if outgoing.status is None:
                await refuse(scope, outgoing, status=500)
        if key and outgoing.status not in (None, 429):
            self._rates.learn(key=key, status=outgoing.status or 500)
        requests_of(outgoing.status).inc()

    def _find(self, scope: Scope) -> App:
        for door in (*self._doors, *self._streams):
            if door.handles(scope):
                return door
        return self._pages

    def _seconds_to_wait(self, scope: Scope, key: str) -> float:
        path: str = scope["path"]
        if path.startswith(UNCOUNTED_PATHS):
            return 0.0
        if scope["state"]["is_local"] and path in UNCOUNTED_LOCAL_PATHS:
            return 0.0
        return self._rates.take(key=key, address=scope["client"][0], now=time.monotonic())


async def refuse(scope: Scope, send: Send, *, status: int, retry_seconds: float = 0.0) -> None:
    from kokemus.server import refusals

    await refusals.refuse(scope, send, status=status, retry_seconds=retry_seconds)


class BodyTooLarge(ValueError):
    """More was sent than is taken."""


class Incoming:
    """`receive`, as long as the body keeps within its limit."""

    def __init__(self, receive: Receive, *, bytes_max: int) -> None:
        self._receive = receive
        self._bytes_left = bytes_max

    def check_announced(self, scope: Scope) -> None:
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit() and int(value) > self._bytes_left:
                raise BodyTooLarge

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._bytes_left -= len(message.get("body", b""))
            if self._bytes_left < 0:
                raise BodyTooLarge
        return message


class Outgoing:
    """`send`, with the security headers that the answer does not set itself."""

    def __init__(self, send: Send, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self._send = send
        self._headers = headers
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = message.get("headers", ())
            names = {name for name, _ in own}
            message["headers"] = [*own, *(item for item in self._headers if item[0] not in names)]
        await self._send(message)


def body_bytes_max(path: str) -> int:
    return FILE_BYTES_MAX if path.startswith(FILE_PATHS) else BODY_BYTES_MAX


def security_headers(*, is_https: bool) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
        (
            b"content-security-policy",
            b"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
            b"base-uri 'none'; frame-ancestors 'none'",
        ),
    ]
    if is_https:
        headers.append((b"strict-transport-security", b"max-age=31536000"))
    return headers
