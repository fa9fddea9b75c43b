"""The JSON of POST /api/v1/responses, as the door reads and answers it and the API documents it."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

ITEMS_MAX = 1_000
BODY_BYTES_MAX = 10 * 1024 * 1024
SCOPE = "responses:write"


class AnswerIn(TypedDict):
    """One answer. `survey` is its id or link; the same `key` again is the same answer."""

    survey: int | str
    score: NotRequired[int | None]
    comment: NotRequired[str | None]
    may_contact: NotRequired[bool | None]
    reply_to: NotRequired[str | None]
    language: NotRequired[str | None]
    channel: NotRequired[str | None]
    answered_at: NotRequired[str | None]
    encounter: NotRequired[str | None]
    key: NotRequired[str | None]


class BatchIn(TypedDict):
    """Up to ITEMS_MAX answers; each is taken or refused alone."""

    responses: list[AnswerIn]


class Kept(TypedDict):
    """201 when it was added, 200 when the key was known: `state` is added or unchanged."""

    id: str
    state: str


class AnswerItemError(TypedDict):
    code: str
    field: str
    message: str


class ItemResult(TypedDict):
    """What became of an item: `id` and `state`, or `errors`."""

    index: int
    id: NotRequired[str]
    state: NotRequired[str]
    errors: NotRequired[list[AnswerItemError]]


class BatchOut(TypedDict):
    """200, also when items were refused."""

    results: list[ItemResult]
    added: int
    unchanged: int
    refused: int


class ErrorDetail(TypedDict):
    code: str
    message: str
    errors: list[AnswerItemError]


class AnswerErrorOut(TypedDict):
    """The body of every 400, 401, 403, 405, 413, 415, 422 and 503."""

    error: ErrorDetail


# Status and sentence of what is wrong with a whole request.
REQUEST_ERRORS: dict[str, tuple[int, str]] = {
    "not_json": (400, "The body is not JSON in UTF-8."),
    "no_key": (401, "Send your API key: Authorization: Bearer KEY."),
    "unknown_key": (401, "This API key does not exist or has been revoked."),
    "scope_missing": (403, f"This API key lacks the scope {SCOPE}."),
    "wrong_method": (405, "Send answers by POST."),
    "too_large": (413, f"The body is over {BODY_BYTES_MAX:,} bytes. Send it in parts."),
    "too_many_items": (413, f"A batch has at most {ITEMS_MAX:,} answers. Send it in parts."),
    "not_json_type": (415, "Send the body as Content-Type: application/json."),
    "not_an_object": (422, "Send an answer, or an object with a list of responses."),
    "no_items": (422, "The list of responses is empty."),
    "busy": (503, "The answers could not be kept now. Send them again in a moment."),
}
