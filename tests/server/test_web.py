"""The HTTP server by itself, over real sockets: what it bounds, and how it sends."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from kokemus.server import web
from kokemus.server.addresses import Addresses
from kokemus.server.asgi import Application
from kokemus.server.asgi_types import Receive, Scope, Send
from kokemus.server.listening import listen
from kokemus.server.rates import Rates

pytestmark = pytest.mark.server

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def greet(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello", "more_body": False})


async def greet_slowly(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"first", "more_body": True})
    await asyncio.sleep(30)


@asynccontextmanager
async def serving(pages: Callable[..., Awaitable[None]]) -> AsyncIterator[int]:
    application = Application(
        pages=pages,
        addresses=Addresses(()),
        rates=Rates(key_rate=1000, address_rate=1000),
        is_https=False,
    )
    [listener] = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    config = web.configure(application)
    config.timeout_graceful_shutdown = 1
    server = web.SocketServer(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    await application.started.wait()
    yield port
    server.should_exit = True
    await running


async def ask(port: int, request: bytes) -> Streams:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    return reader, writer


def test_the_listener_delays_no_small_packets() -> None:
    [listener] = listen("127.0.0.1", 0)
    with listener:
        assert listener.proto == socket.IPPROTO_TCP  # without it asyncio leaves Nagle's delay on


def test_an_answer_comes_as_one_piece() -> None:
    async def story() -> bytes:
        async with serving(greet) as port:
            reader, writer = await ask(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            piece = await asyncio.wait_for(reader.read(65536), 10)
            writer.close()
            return piece

    piece = asyncio.run(story())
    assert piece.startswith(b"HTTP/1.1 200 OK\r\n")
    assert piece.endswith(b"\r\n\r\n5\r\nhello\r\n0\r\n\r\n")


def test_what_is_streamed_is_sent_at_once(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> bytes:
        async with serving(greet_slowly) as port:
            reader, writer = await ask(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            piece = await asyncio.wait_for(reader.readuntil(b"first"), 10)
            writer.close()
            return piece

    assert asyncio.run(story()).endswith(b"first")


def test_too_many_headers_are_refused_and_the_next_connection_is_served() -> None:
    flood = b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X-Flood: 12345678901234567890\r\n" * 4000

    async def story() -> tuple[bytes, bytes]:
        async with serving(greet) as port:
            reader, writer = await ask(port, flood)
            refused = await asyncio.wait_for(reader.read(12), 10)
            writer.close()
            reader, writer = await ask(port, b"GET / HTTP/1.0\r\n\r\n")
            served = await asyncio.wait_for(reader.read(12), 10)
            writer.close()
            return refused, served

    assert asyncio.run(story()) == (b"HTTP/1.1 400", b"HTTP/1.1 200")


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHos"])
def test_who_never_ends_the_headers_is_not_waited_for(
    begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "HEADER_SECONDS_MAX", 0.2)

    async def story() -> bytes:
        async with serving(greet) as port:
            reader, writer = await ask(port, begun)
            rest = await asyncio.wait_for(reader.read(), 10)
            writer.close()
            return rest

    assert asyncio.run(story()) == b""


def test_a_second_request_that_stalls_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "HEADER_SECONDS_MAX", 0.2)

    async def story() -> int:
        async with serving(greet) as port:
            reader, writer = await ask(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), 10)
            writer.write(b"GET / HTTP/1.1\r\nHos")
            rest = await asyncio.wait_for(reader.read(), 10)
            writer.close()
            return len(rest)

    assert asyncio.run(story()) == 0
