"""A load generator on raw sockets: many connections, one request at a time on each."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """What a run gave: requests a second, milliseconds to answer, answers by status."""

    per_second: float
    p50: float
    p99: float
    statuses: dict[int, int]

    def __str__(self) -> str:
        wrong = {s: n for s, n in self.statuses.items() if s >= 300}
        note = f"  other answers: {wrong}" if wrong else ""
        return f"{self.per_second:9,.0f}/s   p50 {self.p50:6.1f} ms   p99 {self.p99:6.1f} ms{note}"


def measure_load(
    port: int, requests: Callable[[], bytes], *, connections: int = 64, count: int = 20_000
) -> Measured:
    """Send `count` requests over so many connections; each waits for its answer."""
    selector = selectors.DefaultSelector()
    began: dict[socket.socket, float] = {}
    buffers: dict[socket.socket, bytes] = {}
    waits: list[float] = []
    statuses: dict[int, int] = {}
    left = count
    start = time.perf_counter()
    for _ in range(min(connections, count)):
        peer = socket.create_connection(("127.0.0.1", port), timeout=30)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(peer, selectors.EVENT_READ)
        began[peer], buffers[peer] = time.perf_counter(), b""
        peer.sendall(requests())
        left -= 1
    while began:
        ready = selector.select(30)
        if not ready:
            raise TimeoutError(f"{len(began)} requests were not answered in 30 seconds")
        for key, _ in ready:
            peer = key.fileobj
            assert isinstance(peer, socket.socket)
            part = peer.recv(65536)
            if not part:
                raise ConnectionError("The server closed a connection")
            buffers[peer] += part
            status = _complete(buffers[peer])
            if status is None:
                continue
            waits.append(time.perf_counter() - began[peer])
            statuses[status] = statuses.get(status, 0) + 1
            buffers[peer] = b""
            if left:
                left -= 1
                began[peer] = time.perf_counter()
                peer.sendall(requests())
            else:
                selector.unregister(peer)
                peer.close()
                del began[peer]
    return summarise(waits, seconds=time.perf_counter() - start, statuses=statuses)


def summarise(waits: list[float], *, seconds: float, statuses: dict[int, int]) -> Measured:
    ordered = sorted(waits)
    return Measured(
        per_second=len(waits) / seconds,
        p50=1000 * ordered[len(ordered) // 2],
        p99=1000 * ordered[int(len(ordered) * 0.99)],
        statuses=statuses,
    )


def posts(path: str, bodies: Iterator[bytes], *, headers: str = "") -> Callable[[], bytes]:
    """Requests with a JSON body each."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"{headers}Content-Length: "
    ).encode()

    def request() -> bytes:
        body = next(bodies)
        return head + str(len(body)).encode() + b"\r\n\r\n" + body

    return request


def gets(path: str, *, headers: str = "") -> Callable[[], bytes]:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode()
    return lambda: request


def _complete(answer: bytes) -> int | None:
    """The status, once the whole answer is there."""
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return None
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        if name.lower() == b"transfer-encoding":
            return int(head[9:12]) if body.endswith(b"0\r\n\r\n") else None
    return int(head[9:12]) if len(body) >= length else None
