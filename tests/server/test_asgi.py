"""The router: limits, headers, doors and pages, over plain ASGI calls."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any

import pytest

from kokemus.server.addresses import Addresses
from kokemus.server.asgi import BODY_BYTES_MAX, Application
from kokemus.server.asgi_types import Receive, Scope, Send
from kokemus.server.bridge import Pages
from kokemus.server.rates import Rates

pytestmark = pytest.mark.server


class Echo:
    """A door that answers with the body it was sent."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.calls: list[str] = []

    def handles(self, scope: Scope) -> bool:
        return bool(scope["path"].startswith(self.path))

    async def start(self) -> None:
        self.calls.append("start")

    async def stop(self) -> None:
        self.calls.append("stop")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].endswith("/fault"):
            raise RuntimeError("a fault in a door")
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = [(b"content-type", b"text/plain"), (b"x-frame-options", b"SAMEORIGIN")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def page(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    body: bytes = environ["wsgi.input"].read()
    about = {
        name: environ.get(name)
        for name in ("REQUEST_METHOD", "PATH_INFO", "REMOTE_ADDR", "HTTP_COOKIE", "CONTENT_LENGTH")
    }
    start_response("201 Created", [("Content-Type", "application/json")])
    return [json.dumps({**about, "length": len(body)}).encode(), b" " * 100_000]


def application(*, door: Echo | None = None, address_rate: int = 1000) -> Application:
    return Application(
        pages=Pages(page, threads=1),
        doors=[door] if door else [],
        addresses=Addresses(["10.0.0.1/32"]),
        rates=Rates(key_rate=1000, address_rate=address_rate),
        is_https=True,
    )


def ask(
    app: Application,
    path: str = "/",
    *,
    method: str = "GET",
    headers: Iterable[tuple[bytes, bytes]] = (),
    parts: tuple[bytes, ...] = (b"",),
    client: str = "192.0.2.1",
) -> tuple[int, dict[bytes, bytes], bytes]:
    """One request; returns status, headers and body."""
    waiting = [
        {"type": "http.request", "body": part, "more_body": n < len(parts) - 1}
        for n, part in enumerate(parts)
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "http_version": "1.1",
        "headers": list(headers),
        "client": (client, 1),
        "scheme": "http",
    }
    asyncio.run(app(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


def test_the_first_door_that_handles_a_request_answers_it() -> None:
    status, _, body = ask(application(door=Echo("/a/")), "/a/x", parts=(b"one ", b"two"))
    assert (status, body) == (200, b"one two")


def test_what_no_door_handles_goes_to_the_pages() -> None:
    cookies = [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"content_length", b"9")]
    status, _, body = ask(
        application(door=Echo("/a/")), "/päivä", method="POST", headers=cookies, parts=(b"12", b"3")
    )
    about = json.loads(body)
    assert (status, len(body) > 100_000) == (201, True)
    assert about == {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/päivä".encode().decode("latin-1"),
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_COOKIE": "a=1; b=2",
        "CONTENT_LENGTH": "3",
        "length": 3,
    }


def test_an_answer_to_head_has_no_body() -> None:
    assert ask(application(), method="HEAD")[2] == b""


@pytest.mark.parametrize("path", ["/a/x", "/page", "/a/fault"])
def test_every_answer_has_the_security_headers(path: str) -> None:
    _, headers, _ = ask(application(door=Echo("/a/")), path)
    names = {b"x-content-type-options", b"content-security-policy", b"strict-transport-security"}
    assert names <= set(headers)


def test_a_header_that_the_answer_sets_itself_stays() -> None:
    _, headers, _ = ask(application(door=Echo("/a/")), "/a/x")
    assert headers[b"x-frame-options"] == b"SAMEORIGIN"


def test_too_many_requests_are_told_when_to_come_again() -> None:
    app = application(address_rate=1)
    ask(app, "/api/v1/x")
    status, headers, body = ask(app, "/api/v1/x")
    assert (status, headers[b"retry-after"]) == (429, b"60")
    assert json.loads(body)["error"] == {
        "code": "too_many_requests",
        "message": "Too many requests. Try again in 60 s.",
        "errors": [],
        "retry_after_seconds": 60,
    }


def test_too_many_requests_are_told_in_words_of_the_browser() -> None:
    app = application(address_rate=1)
    ask(app)
    status, headers, body = ask(app, headers=[(b"accept-language", b"fi-FI,fi;q=0.9")])
    assert (status, headers[b"content-type"]) == (429, b"text/html; charset=utf-8")
    assert "Liian monta yritystä lyhyessä ajassa" in body.decode()


def test_a_made_up_key_where_no_key_is_asked_for_opens_no_second_purse() -> None:
    app = application(door=Echo("/a/"), address_rate=2)
    key = [(b"authorization", b"Bearer made-up")]
    assert [ask(app, "/a/x", headers=key)[0] for _ in range(3)] == [200, 200, 429]


def test_an_accepted_key_counts_for_itself_in_the_api() -> None:
    app = application(door=Echo("/api/v1/"), address_rate=1)
    key = [(b"authorization", b"Bearer good")]
    assert [ask(app, "/api/v1/x", headers=key)[0] for _ in range(3)] == [200, 200, 200]
    assert [ask(app, "/page", headers=key)[0] for _ in range(2)] == [429, 429]


def test_static_files_and_health_from_here_do_not_count() -> None:
    app = application(address_rate=1)
    paths = ["/static/a.css", "/healthz", "/metrics", "/page"]
    assert [ask(app, path, client="127.0.0.1")[0] for path in paths * 1] == [201] * 4
    assert ask(app, "/healthz", client="127.0.0.1")[0] == 201
    assert ask(app, "/page", client="127.0.0.1")[0] == 429


def test_health_from_elsewhere_counts() -> None:
    app = application(address_rate=1)
    assert [ask(app, "/healthz")[0] for _ in range(2)] == [201, 429]


def test_a_body_announced_too_large_is_refused_unread() -> None:
    length = [(b"content-length", str(BODY_BYTES_MAX + 1).encode())]
    assert ask(application(), headers=length, parts=())[0] == 413


def test_a_body_that_grows_too_large_is_refused() -> None:
    parts = (b"x" * BODY_BYTES_MAX, b"x")
    assert ask(application(), parts=parts)[0] == 413
    assert ask(application(door=Echo("/a/")), "/a/x", parts=parts)[0] == 413


def test_a_fault_in_a_door_is_said_in_words(caplog: pytest.LogCaptureFixture) -> None:
    status, _, body = ask(application(door=Echo("/a/")), "/a/fault")
    assert (status, b"Something went wrong at our end" in body) == (500, True)
    assert "a fault in a door" in caplog.text


def test_doors_start_and_stop_with_the_server() -> None:
    door = Echo("/a/")
    app = application(door=door)
    waiting = ["lifespan.startup", "lifespan.shutdown"]
    sent: list[str] = []

    async def receive() -> Any:
        return {"type": waiting.pop(0)}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    asyncio.run(app({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert door.calls == ["start", "stop"]


def test_a_client_that_goes_away_holds_no_thread() -> None:
    app = application()

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise AssertionError("nobody is there to be answered")

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "client": ("::1", 1)}
    asyncio.run(app(scope, receive, send))
    assert ask(app)[0] == 201


class Stream(list[bytes]):
    """What Django's streaming responses look like to WSGI."""

    streaming = True
    closed_in = ""

    def __iter__(self) -> Iterator[bytes]:
        yield f"{threading.current_thread().name} {language.get()}".encode()

    def close(self) -> None:
        self.closed_in = threading.current_thread().name


language: ContextVar[str] = ContextVar("language", default="")


def test_what_streams_is_read_outside_the_threads_of_pages() -> None:
    stream = Stream()

    def export(environ: dict[str, Any], start_response: Any) -> Stream:
        language.set("fi")
        start_response("200 OK", [])
        return stream

    app = Application(
        pages=Pages(export, threads=1),
        addresses=Addresses(()),
        rates=Rates(key_rate=9, address_rate=9),
        is_https=False,
    )
    assert ask(app)[2] == b"streams_0 fi"
    assert stream.closed_in == "streams_0"
