"""What the capture door reads of a request and sends back, over bare ASGI."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

Scope = Mapping[str, Any]  # as ASGI defines them
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

FORM_FIELDS_MAX = 20
JSON_HEADERS: Headers = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


class TooLarge(Exception):
    """The body is larger than this door takes."""


class Disconnected(Exception):
    """Whoever asked went away in the middle of the body."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    headers: Headers

    async def send(self, send: Send, *, has_body: bool = True) -> None:
        headers = [*self.headers, (b"content-length", str(len(self.body)).encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        body = self.body if has_body else b""
        await send({"type": "http.response.body", "body": body})


def json_reply(status: int, body: Any, *, headers: Headers | None = None) -> Reply:
    return Reply(status, json.dumps(body).encode(), JSON_HEADERS + (headers or []))


class Exchange:
    """One request: its address, headers and body."""

    __slots__ = ("_receive", "headers", "scope")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self._receive = receive

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        return str(self.scope["path"])

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")

    def query(self) -> dict[str, str]:
        return read_form(self.scope.get("query_string", b""))

    async def read_body(self, *, bytes_max: int) -> bytes:
        if int(self.headers.get(b"content-length") or 0) > bytes_max:
            raise TooLarge
        message = await self._receive()
        if message["type"] == "http.request" and not message.get("more_body"):
            return self._bounded(message.get("body", b""), bytes_max)
        return await self._read_rest(message, bytes_max)

    async def _read_rest(self, message: Message, bytes_max: int) -> bytes:
        body = bytearray()
        while True:
            if message["type"] != "http.request":
                raise Disconnected
            body += self._bounded(message.get("body", b""), bytes_max - len(body))
            if not message.get("more_body"):
                return bytes(body)
            message = await self._receive()

    def _bounded(self, part: bytes, bytes_max: int) -> bytes:
        if len(part) > bytes_max:
            raise TooLarge
        return part


def read_form(encoded: bytes) -> dict[str, str]:
    """The fields of a form or a query; the last of a name counts. Too many fields are none."""
    try:
        pairs = parse_qsl(
            encoded.decode("latin-1"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=FORM_FIELDS_MAX,
        )
    except ValueError:
        return {}
    return dict(pairs)
