"""A load generator on raw sockets: many connections, one request at a time on each."""

from __future__ import annotations

import re
import select
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)\r\n")
CHUNKED = re.compile(rb"(?i)\r\ntransfer-encoding:")


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
    """Send `count` requests over so many connections; each waits for its answer.

    What is sent is made before the clock starts, and an answer is only looked through until it is
    whole: the sender shares the processors with the server and is to take little of them.
    """
    unsent = [requests() for _ in range(count)]
    poll = select.epoll()
    peers: dict[int, Peer] = {}
    waits: list[float] = []
    statuses: dict[int, int] = {}
    start = time.perf_counter()
    for _ in range(min(connections, count)):
        peer = Peer(port)
        peers[peer.number] = peer
        poll.register(peer.number, select.EPOLLIN)
        peer.ask(unsent.pop())
    while peers:
        ready = poll.poll(30)
        if not ready:
            raise TimeoutError(f"{len(peers)} requests were not answered in 30 seconds")
        for number, _ in ready:
            peer = peers[number]
            if not (status := peer.hear()):
                continue
            waits.append(time.perf_counter() - peer.began)
            statuses[status] = statuses.get(status, 0) + 1
            if unsent:
                peer.ask(unsent.pop())
            else:
                poll.unregister(number)
                peers.pop(number).close()
    poll.close()
    return summarise(waits, seconds=time.perf_counter() - start, statuses=statuses)


class Peer:
    """One connection, with what it has heard so far of an answer."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.settimeout(None)  # heard only when something is there, so never waited for
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._heard = b""
        self.number = self._socket.fileno()
        self.began = 0.0

    def ask(self, request: bytes) -> None:
        self.began = time.perf_counter()
        self._socket.sendall(request)

    def hear(self) -> int:
        """The status once the whole answer is there, else 0."""
        part = self._socket.recv(65536)
        if not part:
            raise ConnectionError("The server closed a connection")
        self._heard += part
        status = _complete(self._heard)
        if status:
            self._heard = b""
        return status

    def close(self) -> None:
        self._socket.close()


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


def _complete(answer: bytes) -> int:
    """The status, once the whole answer is there; until then 0."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return 0
    if found := LENGTH.search(answer, 0, end + 2):
        return int(answer[9:12]) if len(answer) >= end + 4 + int(found[1]) else 0
    if CHUNKED.search(answer, 0, end + 2) and not answer.endswith(b"0\r\n\r\n"):
        return 0
    return int(answer[9:12])
