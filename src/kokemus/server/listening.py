"""The listening sockets: one for each web process, all at one address.

The system shares new connections out among them.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
import time
from collections.abc import Iterator

from kokemus.server.starting import CannotStart

BACKLOG = 1024
LISTENERS_MAX = 4  # unless the setting says more
PATIENCE_SECONDS = 3.0  # what listened there before may still be ending


def listen(host: str, port: int, *, count: int = 1) -> list[socket.socket]:
    """Open so many listening sockets at one address, or say why they cannot be opened."""
    port = find_port(host, port)
    with _explaining(host, port):
        return [_listen(_family(host), host, port, is_shared=count > 1) for _ in range(count)]


def find_port(host: str, port: int) -> int:
    """The port, or a free one for 0; said in words when it cannot be listened at."""
    with _explaining(host, port):
        return _bind_alone(host, port, until=time.monotonic() + PATIENCE_SECONDS)


def _bind_alone(host: str, port: int, *, until: float) -> int:
    """Bind without sharing, so that a port in use is refused; try for as long as it is."""
    while True:
        try:
            with _open(_family(host)) as alone:
                alone.bind((host, port))
                return int(alone.getsockname()[1])
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise
        time.sleep(0.05)


@contextlib.contextmanager
def _explaining(host: str, port: int) -> Iterator[None]:
    try:
        yield
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotStart(
            f"Kokemus cannot listen at {host} port {port}: {reason}. "
            "Stop what listens there, or choose another with --port."
        ) from None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def count_listeners() -> int:
    """One for each processor that we may use; one where the system does not share out fairly."""
    if not sys.platform.startswith("linux"):
        return 1
    return min(len(os.sched_getaffinity(0)), LISTENERS_MAX)


def _open(family: socket.AddressFamily) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return opened


def _listen(
    family: socket.AddressFamily, host: str, port: int, *, is_shared: bool
) -> socket.socket:
    listener = _open(family)
    try:
        if is_shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener
