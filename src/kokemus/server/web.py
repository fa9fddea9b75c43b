"""The web process: granian, embedded, on a socket that the supervisor has opened."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Callable

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.server.embed import Server

from kokemus.server.asgi import Application, build_application

BACKLOG = 1024
STOP_SECONDS_MAX = 10.0
LOG = logging.getLogger("kokemus.web")


def serve_web(listener: socket.socket, *, on_ready: Callable[[], object]) -> int:
    """Serve until SIGTERM; then answer what has begun, drain the writer, return the exit status."""
    return asyncio.run(_serve(build_application(), listener, on_ready))


class SocketServer(Server):
    """Takes a listening socket instead of an address, so that a restart refuses nobody."""

    def __init__(self, application: Application, listener: socket.socket) -> None:
        super().__init__(
            application,
            interface=Interfaces.ASGI,
            websockets=False,
            backlog=BACKLOG,
            log_enabled=False,
        )
        self._listener = listener

    def _init_shared_socket(self) -> None:
        # granian's own type description lacks the arguments and the attribute's type.
        holder = SocketHolder(self._listener.fileno(), False, BACKLOG)  # type: ignore[call-arg]
        self._shd = holder  # type: ignore[assignment]


async def _serve(
    application: Application, listener: socket.socket, on_ready: Callable[[], object]
) -> int:
    server = SocketServer(application, listener)
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    serving = asyncio.create_task(server.serve())
    ready = asyncio.create_task(_say_ready(application, on_ready))
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if serving.done():
        LOG.error("The web server ended by itself")
        return 1
    server.stop()  # type: ignore[no-untyped-call]
    await application.end_streams()
    _, unfinished = await asyncio.wait({serving}, timeout=STOP_SECONDS_MAX)
    if unfinished:
        LOG.warning("Requests were still open after %d seconds and were cut off", STOP_SECONDS_MAX)
        await application.close()
    return 0


async def _say_ready(application: Application, on_ready: Callable[[], object]) -> None:
    await application.started.wait()
    on_ready()
