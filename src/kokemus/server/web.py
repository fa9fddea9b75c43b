"""The web process: uvicorn, embedded, on a socket that the supervisor has opened."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
from asyncio import TimerHandle
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kokemus.server.asgi import Application, build_application
from kokemus.server.rates import Rates
from kokemus.server.turns import take_short_turns

BACKLOG = 1024
STOP_SECONDS_MAX = 10
IDLE_SECONDS_MAX = 75  # longer than proxies keep a connection, so that they are who closes it
YOUNG_MAX = 10_000  # objects that may wait to be looked through; Python says 700
HEADER_SECONDS_MAX = 30.0
HEADER_BYTES_MAX = 64 * 1024  # and what comes with the last piece
LOG = logging.getLogger("kokemus.web")


def serve_web(
    listener: socket.socket, *, on_ready: Callable[[], object], rates: Rates | None = None
) -> int:
    """Serve until SIGTERM; then answer what has begun, drain the writer, return the exit status.

    `rates` are those of all web processes, where there are others.
    """
    application = build_application(rates=rates)
    spare_the_collector()
    take_short_turns()
    return uvloop.run(_serve(application, listener, on_ready))


def spare_the_collector() -> None:
    """Never look again for garbage among what was loaded, and seldom for new: looking takes time.

    Nearly all of what a request leaves is let go of without it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_MAX, 20, 20)


def configure(application: Application) -> uvicorn.Config:
    """What the HTTP server is told. Addresses, limits of rate and logs are the application's."""
    return uvicorn.Config(
        application,
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        interface="asgi3",
        loop="asyncio",
        backlog=BACKLOG,
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS_MAX,
        timeout_graceful_shutdown=STOP_SECONDS_MAX,
    )


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 that waits for headers only so long and takes only so much of them."""

    _header_bytes = 0
    _is_waiting = True
    _deadline: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(JoiningTransport(transport, self.loop))  # type: ignore[arg-type]
        self._wait_for_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._is_waiting or self.transport.is_closing():
            return
        self._header_bytes += len(data)
        if self._header_bytes > HEADER_BYTES_MAX:
            self.send_400_response("Too many headers.")
        elif self._deadline is None:
            self._wait_for_headers()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._header_bytes, self._is_waiting = 0, True

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._is_waiting = False

    def _wait_for_headers(self) -> None:
        self._deadline = self.loop.call_later(HEADER_SECONDS_MAX, self.transport.close)

    def _stop_waiting(self) -> None:
        self._is_waiting = False
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class JoiningTransport:
    """A transport that sends what is written in one turn of the event loop as one piece.

    Headers and body are written apart, and each would cost a system call and a packet.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._pieces:
            self._loop.call_soon(self._send)
        self._pieces.append(data)

    def close(self) -> None:
        self._send()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:  # whatever else a transport has
        return getattr(self._transport, name)

    def _send(self) -> None:
        if self._pieces:
            self._transport.write(b"".join(self._pieces))
            self._pieces.clear()


class SocketServer(uvicorn.Server):
    """A server that leaves the signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(
    application: Application, listener: socket.socket, on_ready: Callable[[], object]
) -> int:
    server = SocketServer(configure(application))
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    serving: asyncio.Task[Any] = asyncio.create_task(server.serve(sockets=[listener]))
    ready = asyncio.create_task(_say_ready(application, on_ready))
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if serving.done():
        LOG.error("The web server ended by itself")
        return 1
    await application.end_streams()
    server.should_exit = True
    await serving
    return 0


async def _say_ready(application: Application, on_ready: Callable[[], object]) -> None:
    await application.started.wait()
    on_ready()
