"""Django as WSGI behind an ASGI server, in few threads that never wait for the network.

The body is read before a thread is taken and the answer is handed back whole, so that a slow or
vanished client holds no thread: on SQLite there is only one. What a page streams (an export, a
file) is read in other threads, so that a long one keeps no page waiting.
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any

from kokemus.server.asgi_types import Receive, Scope, Send

IN_MEMORY_BYTES_MAX = 1024 * 1024
CHUNK_BYTES = 64 * 1024
STREAMS_AT_ONCE = 4
ReadRest = Callable[[], object]
LOG = logging.getLogger("kokemus.pages")


@dataclass
class Reply:
    """What the pages answered."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: IO[bytes] = field(default_factory=io.BytesIO)


class Pages:
    """An ASGI application around a WSGI one."""

    def __init__(self, application: Callable[..., Iterable[bytes]], *, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="pages")
        self._readers = ThreadPoolExecutor(STREAMS_AT_ONCE, thread_name_prefix="streams")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive)
        if body is None:
            return
        environ = build_environ(scope, body)
        loop = asyncio.get_running_loop()
        reply, read_rest = await loop.run_in_executor(self._threads, self._answer, environ)
        with body, reply.body:
            if read_rest is not None:
                await loop.run_in_executor(self._readers, read_rest)
            await send_reply(send, reply)

    def close(self) -> None:
        """Finish what has begun."""
        self._threads.shutdown(wait=True)
        self._readers.shutdown(wait=True)

    def _answer(self, environ: dict[str, Any]) -> tuple[Reply, ReadRest | None]:
        """The reply; where it streams, still without its body, and what reads that."""
        reply = Reply(body=new_body())

        def start_response(
            status: str, headers: list[tuple[str, str]], _: object = None
        ) -> Callable[[bytes], object]:
            reply.status = int(status.split(" ", 1)[0])
            reply.headers = [(n.lower().encode(), v.encode("latin-1")) for n, v in headers]
            return reply.body.write

        chunks = self._application(environ, start_response)
        is_wanted = environ["REQUEST_METHOD"] != "HEAD"
        if is_wanted and getattr(chunks, "streaming", False):
            # Language and time zone of the request live in its context.
            return reply, partial(copy_context().run, read_chunks, chunks, reply.body)
        if is_wanted:
            read_chunks(chunks, reply.body)
        else:
            close_chunks(chunks)
        return reply, None


def read_chunks(chunks: Iterable[bytes], body: IO[bytes]) -> None:
    try:
        body.writelines(chunks)
    finally:
        close_chunks(chunks)


def close_chunks(chunks: Iterable[bytes]) -> None:
    """Tell Django that the request is over."""
    getattr(chunks, "close", lambda: None)()


def new_body() -> IO[bytes]:
    """Kept in memory while small; whoever asks closes it."""
    return tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES_MAX)


async def read_body(receive: Receive) -> IO[bytes] | None:
    """Read the whole body; None if the client went away."""
    body = new_body()
    try:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                body.close()
                return None
            body.write(message.get("body", b""))
            if not message.get("more_body", False):
                body.seek(0)
                return body
    except BaseException:
        body.close()
        raise


async def send_reply(send: Send, reply: Reply) -> None:
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    reply.body.seek(0)
    chunk = reply.body.read(CHUNK_BYTES)
    while True:
        following = reply.body.read(CHUNK_BYTES)
        more = bool(following)
        await send({"type": "http.response.body", "body": chunk, "more_body": more})
        if not more:
            return
        chunk = following


def build_environ(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """The WSGI environment (PEP 3333) of an ASGI scope."""
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "kokemus.is_local": scope.get("state", {}).get("is_local", False),
    }
    length = body.seek(0, io.SEEK_END)
    body.seek(0)
    for name, value in scope["headers"]:
        if b"_" in name:  # it would pass for the header with a hyphen
            continue
        variable = name.decode("latin-1").upper().replace("-", "_")
        if variable not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            variable = f"HTTP_{variable}"
        text = value.decode("latin-1")
        separator = "; " if variable == "HTTP_COOKIE" else ","
        environ[variable] = f"{environ[variable]}{separator}{text}" if variable in environ else text
    environ["CONTENT_LENGTH"] = str(length)
    return environ
