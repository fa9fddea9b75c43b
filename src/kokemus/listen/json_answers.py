"""POST /api/v1/responses: one answer or a batch, as JSON. No Django."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from kokemus.listen.answer_texts import say_refusal
from kokemus.listen.answers import RefusedAnswer, read_answer
from kokemus.listen.api_shapes import (
    BODY_BYTES_MAX,
    ITEMS_MAX,
    REQUEST_ERRORS,
    SCOPE,
    AnswerItemError,
    BatchOut,
    ErrorDetail,
    ItemResult,
)
from kokemus.listen.exchange import (
    JSON_HEADERS,
    Exchange,
    Headers,
    Reply,
    TooLarge,
    json_reply,
)
from kokemus.store.capture import Outcome, Submission
from kokemus.store.published import KeyGrant, Published, PublishedCache
from kokemus.store.writer import DatabaseUnavailable, QueueFull

Keep = Callable[[Sequence[Submission]], Awaitable[list[Outcome]]]
Check = Callable[[], Awaitable[None]]
RETRY_SECONDS = b"1"


class RefusedRequest(Exception):
    """The whole request cannot be taken; `code` is one of REQUEST_ERRORS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def take_answers(
    exchange: Exchange, *, cache: PublishedCache, keep: Keep, check: Check, now: dt.datetime
) -> Reply:
    """Read, check and keep what was sent; the reply is given after the commit.

    `check` looks for changes in what is published, for a key or survey not met before.
    """
    try:
        if exchange.method != "POST":
            raise RefusedRequest("wrong_method")
        grant = await _authorise(exchange, cache=cache, check=check)
        payload = await _read_json(exchange)
        if isinstance(payload, dict) and "responses" in payload:
            items = _items_of(payload)
            await _look_again_if_unknown(items, cache=cache, check=check)
            return await _take_batch(items, grant=grant, cache=cache, keep=keep, now=now)
        if not isinstance(payload, dict):
            raise RefusedRequest("not_an_object")
        if key := exchange.headers.get(b"idempotency-key"):
            payload["key"] = key.decode("latin-1")
        await _look_again_if_unknown([payload], cache=cache, check=check)
        return await _take_one(payload, grant=grant, cache=cache, keep=keep, now=now)
    except RefusedRequest as refused:
        return refuse_request(refused.code)
    except (QueueFull, DatabaseUnavailable):
        return refuse_request("busy")


def refuse_request(code: str) -> Reply:
    status, message = REQUEST_ERRORS[code]
    headers: Headers = []
    if status == 401:
        headers = [(b"www-authenticate", b"Bearer")]
    if status == 405:
        headers = [(b"allow", b"POST")]
    if status == 503:
        headers = [(b"retry-after", RETRY_SECONDS)]
    error: ErrorDetail = {"code": code, "message": message, "errors": []}
    return json_reply(status, {"error": error}, headers=headers)


async def _authorise(exchange: Exchange, *, cache: PublishedCache, check: Check) -> KeyGrant:
    scheme, _, key = exchange.header(b"authorization").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise RefusedRequest("no_key")
    grant = cache.grant_of(key.strip())
    if grant is None:
        await check()
        grant = cache.grant_of(key.strip())
    if grant is None:
        raise RefusedRequest("unknown_key")
    if SCOPE not in grant.scopes:
        raise RefusedRequest("scope_missing")
    return grant


async def _read_json(exchange: Exchange) -> Any:
    kind = exchange.headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if kind != b"application/json":
        raise RefusedRequest("not_json_type")
    try:
        return json.loads(await exchange.read_body(bytes_max=BODY_BYTES_MAX))
    except TooLarge:
        raise RefusedRequest("too_large") from None
    except (ValueError, RecursionError):
        raise RefusedRequest("not_json") from None


def _items_of(payload: dict[str, Any]) -> list[Any]:
    items = payload["responses"]
    if not isinstance(items, list) or len(payload) > 1:
        raise RefusedRequest("not_an_object")
    if not items:
        raise RefusedRequest("no_items")
    if len(items) > ITEMS_MAX:
        raise RefusedRequest("too_many_items")
    return items


async def _look_again_if_unknown(
    items: Sequence[Any], *, cache: PublishedCache, check: Check
) -> None:
    """A survey published a moment ago may not be in memory yet."""
    if any(isinstance(item, dict) and _find(item.get("survey"), cache) is None for item in items):
        await check()


def _find(survey: object, cache: PublishedCache) -> Published | None:
    if isinstance(survey, str):
        return cache.by_link(survey) or (
            cache.by_survey(int(survey)) if re.fullmatch("[0-9]{1,18}", survey) else None
        )
    if isinstance(survey, int) and not isinstance(survey, bool):
        return cache.by_survey(survey)
    return None


def _read_item(
    item: Any, *, grant: KeyGrant, cache: PublishedCache, now: dt.datetime
) -> Submission:
    if not isinstance(item, dict):
        raise RefusedAnswer("not_an_object", "", item)
    if "survey" not in item:
        raise RefusedAnswer("missing", "survey")
    published = _find(item["survey"], cache)
    if published is None or published.organisation_id != grant.organisation_id:
        raise RefusedAnswer("unknown_survey", "survey", item["survey"])
    if not published.is_open:
        raise RefusedAnswer("survey_closed", "survey", item["survey"])
    return read_answer(item, published=published, now=now)


async def _take_one(
    item: dict[str, Any], *, grant: KeyGrant, cache: PublishedCache, keep: Keep, now: dt.datetime
) -> Reply:
    try:
        submission = _read_item(item, grant=grant, cache=cache, now=now)
    except RefusedAnswer as refused:
        return _refuse_answer(_describe(refused.code, refused.field))
    outcome = (await keep([submission]))[0]
    if outcome.state == "refused":
        return _refuse_answer(_describe_outcome(outcome))
    kept = f'{{"id": "{_dashed(outcome.id)}", "state": "{outcome.state}"}}'
    return Reply(201 if outcome.state == "added" else 200, kept.encode(), JSON_HEADERS)


def _refuse_answer(wrong: AnswerItemError) -> Reply:
    error: ErrorDetail = {"code": wrong["code"], "message": wrong["message"], "errors": [wrong]}
    return json_reply(422, {"error": error})


async def _take_batch(
    items: list[Any], *, grant: KeyGrant, cache: PublishedCache, keep: Keep, now: dt.datetime
) -> Reply:
    results: list[ItemResult] = []
    submissions: dict[int, Submission] = {}
    for index, item in enumerate(items):
        results.append({"index": index})
        try:
            submissions[index] = _read_item(item, grant=grant, cache=cache, now=now)
        except RefusedAnswer as refused:
            results[index]["errors"] = [_describe(refused.code, refused.field)]
    outcomes = await keep(list(submissions.values())) if submissions else []
    for index, outcome in zip(submissions, outcomes, strict=True):
        results[index].update(_result_of(outcome))
    return json_reply(200, _summarise(results))


def _result_of(outcome: Outcome) -> Any:
    if outcome.state == "refused":
        return {"errors": [_describe_outcome(outcome)]}
    return {"id": _dashed(outcome.id), "state": outcome.state}


def _summarise(results: list[ItemResult]) -> BatchOut:
    states = [result.get("state", "refused") for result in results]
    return {
        "results": results,
        "added": states.count("added"),
        "unchanged": states.count("unchanged"),
        "refused": states.count("refused"),
    }


FIELD_OF_REASON = {"unknown_encounter": "encounter", "unknown_survey": "survey"}


def _describe_outcome(outcome: Outcome) -> AnswerItemError:
    return _describe(outcome.reason, FIELD_OF_REASON.get(outcome.reason, ""))


def _describe(code: str, field: str) -> AnswerItemError:
    message = say_refusal(code, language="en")
    return {"code": code, "field": field, "message": message}


def _dashed(id_: str) -> str:
    return f"{id_[:8]}-{id_[8:12]}-{id_[12:16]}-{id_[16:20]}-{id_[20:]}"
