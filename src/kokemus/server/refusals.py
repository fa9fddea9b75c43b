"""Answers given before a request reaches a page: in words, or in JSON where a program asks."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from math import ceil

from django.template.loader import render_to_string
from django.utils import translation

from kokemus.server.asgi_types import Scope, Send

TEMPLATES = {413: "413.html", 429: "429.html", 500: "500.html", 503: "503.html"}
CODES = {413: "too_large", 429: "too_many_requests", 500: "fault", 503: "busy"}


async def refuse(scope: Scope, send: Send, *, status: int, retry_seconds: float = 0.0) -> None:
    """Answer with a status and say why."""
    headers = dict(scope["headers"])
    if wants_json(scope["path"], headers.get(b"accept", b"")):
        kind, body = b"application/json", _json(status, retry_seconds)
    else:
        kind, body = b"text/html; charset=utf-8", _page(status, _language(headers))
    answer = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if retry_seconds:
        answer.append((b"retry-after", str(ceil(retry_seconds)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": answer})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def wants_json(path: str, accept: bytes) -> bool:
    return path.startswith("/api/") or (b"json" in accept and b"html" not in accept)


def _json(status: int, retry_seconds: float) -> bytes:
    about: dict[str, object] = {
        "errors": [],
        "code": CODES[status],
        "message": f"{HTTPStatus(status).phrase}.",
    }
    if retry_seconds:
        about["message"] = f"Too many requests. Try again in {ceil(retry_seconds)} s."
        about["retry_after_seconds"] = ceil(retry_seconds)
    return json.dumps({"error": about}).encode()


@cache
def _page(status: int, language: str) -> bytes:
    with translation.override(language):
        return render_to_string(TEMPLATES[status]).encode()


def _language(headers: dict[bytes, bytes]) -> str:
    wanted = headers.get(b"accept-language", b"").decode("latin-1")
    for part in wanted.split(","):
        if (code := part.split(";")[0].strip().lower()[:2]) in {"fi", "sv", "en"}:
            return code
    return "en"
