"""A browser without a picture: speaks ASGI to a door on an event loop of its own."""

from __future__ import annotations

import asyncio
import html
import json
import re
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from kokemus.listen.door import CaptureDoor

SECONDS = 30


@dataclass
class Answered:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def words(self) -> str:
        """What is read on the page, without tags."""
        return " ".join(html.unescape(re.sub("<[^>]+>", " ", self.text)).split())

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class OpenDoor:
    """A started door; `ask` sends one request and waits for the answer."""

    def __init__(self, door: CaptureDoor) -> None:
        self.door = door
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._run(door.start()).result(SECONDS)

    def close(self) -> None:
        self._run(self.door.stop()).result(SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def ask(self, method: str, address: str, **sent: Any) -> Answered:
        return self.send(method, address, **sent).result(SECONDS)

    def send(
        self,
        method: str,
        address: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Future[Answered]:
        return self._run(self._exchange(method, address, body, headers or {}))

    def _run(self, coroutine: Any) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    async def _exchange(
        self, method: str, address: str, body: bytes, headers: Mapping[str, str]
    ) -> Answered:
        path, _, query = address.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()],
        }
        assert self.door.handles(scope)
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.door(scope, receive, send)
        start, *parts = sent
        return Answered(
            start["status"],
            [(k.decode(), v.decode("latin-1")) for k, v in start["headers"]],
            b"".join(part.get("body", b"") for part in parts),
        )


@dataclass
class Visitor:
    """Keeps cookies, follows redirects, sends forms as a browser without scripts does."""

    door: OpenDoor
    accepts_cookies: bool = True
    language: str = "en"
    cookies: dict[str, str] = field(default_factory=dict)
    at: str = ""

    def open(self, address: str) -> Answered:
        return self._follow("GET", address, b"")

    def submit(self, page: Answered, *, action: str = "", **fields: str) -> Answered:
        """Send the form of the page whose action ends so, with its hidden fields."""
        address, hidden = form_of(page, action)
        return self._follow("POST", address, urlencode({**hidden, **fields}).encode())

    def headers(self) -> dict[str, str]:
        headers = {"accept-language": self.language}
        if self.cookies:
            headers["cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        return headers

    def _follow(self, method: str, address: str, body: bytes) -> Answered:
        answered = self.door.ask(method, address, body=body, headers=self.headers())
        for name, value in answered.headers:
            if name == "set-cookie" and self.accepts_cookies:
                key, _, kept = value.partition(";")[0].partition("=")
                self.cookies[key] = kept
        self.at = address
        if answered.status == 303:
            return self._follow("GET", answered.header("location"), b"")
        return answered


def form_of(page: Answered, action: str = "") -> tuple[str, dict[str, str]]:
    for form in re.findall(r"<form.*?</form>", page.text, re.DOTALL):
        address = html.unescape(re.search('action="([^"]*)"', form)[1])  # type: ignore[index]
        if address.partition("?")[0].endswith(action):
            hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
            return address, hidden
    raise AssertionError(f"No form goes to {action}")
