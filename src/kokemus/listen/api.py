"""API operations of listening: encounters."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError as InvalidEmail
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils import timezone
from ninja import Body, Router, Schema, Status
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from kokemus.listen.api_shapes import ITEMS_MAX, AnswerErrorOut, AnswerIn, BatchIn, BatchOut, Kept
from kokemus.listen.encounters import (
    KeptEncounter,
    ToldEncounter,
    UnknownCode,
    record_encounters,
)
from kokemus.store.models import ApiKey
from kokemus.store.models.contacts import ContactFacts

router = Router(tags=["Listening"])
EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
FUTURE_MINUTES_MAX = 5


class KeyRequest(HttpRequest):
    """A request that came with an API key. For annotations only."""

    auth: ApiKey


def _storable(text: str) -> str:
    """Text that both databases can keep: no control characters, no halves of characters."""
    if any(ord(char) < 32 or 0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise ValueError("contains characters that cannot be kept")
    return text


def _email(text: str) -> str:
    try:
        if text:
            validate_email(text)
    except InvalidEmail:
        raise ValueError("is not an email address") from None
    return text


def _moment(value: object) -> dt.datetime:
    """Only text: a number may be seconds, milliseconds or a mistake, and has no zone."""
    try:
        return dt.datetime.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        words = "is not a time such as 2026-03-02T10:00:00+02:00"
        raise PydanticCustomError("time_form", words) from None


def _possible(moment: dt.datetime) -> dt.datetime:
    latest = timezone.now() + dt.timedelta(minutes=FUTURE_MINUTES_MAX)
    if not EARLIEST <= moment <= latest:
        raise ValueError("lies before 1990 or in the future")
    return moment


Text = Annotated[str, AfterValidator(_storable)]
Reference = Annotated[Text, Field(min_length=1, max_length=100)]
Code = Annotated[Text, Field(min_length=1, max_length=60)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment), AfterValidator(_possible)]


class StrictSchema(Schema):
    model_config = ConfigDict(extra="forbid")


class ContactIn(StrictSchema):
    reference: Reference
    audience: Literal["customer", "employee", "candidate", "partner"] = "customer"
    name: Annotated[Text, Field(max_length=200)] = ""
    email: Annotated[Text, Field(max_length=254), AfterValidator(_email)] = ""
    phone: Annotated[Text, Field(max_length=40)] = ""
    language: Literal["fi", "sv", "en", ""] = ""
    account: Annotated[Text, Field(max_length=100)] = ""


class PartyIn(StrictSchema):
    """A unit that took part, and perhaps who, by a pseudonym of yours."""

    unit: Code
    staff: Annotated[Text, Field(max_length=60)] = ""


class EncounterIn(StrictSchema):
    """One actual happening. The same `reference` again changes nothing."""

    reference: Reference
    touchpoint: Code = Field(description="Code of the touchpoint")
    happened_at: Moment = Field(description="ISO 8601 with a time zone")
    unit: Annotated[Text, Field(max_length=60)] = Field(
        "", description="Code of the unit; without it, the touchpoint's own"
    )
    contact: ContactIn | None = None
    parties: Annotated[list[PartyIn], Field(max_length=20)] = []

    def told(self) -> ToldEncounter:
        return ToldEncounter(
            reference=self.reference,
            touchpoint=self.touchpoint,
            unit=self.unit,
            happened_at=self.happened_at.astimezone(dt.UTC),
            contact=ContactFacts(**self.contact.model_dump()) if self.contact else None,
            parties=tuple((party.unit, party.staff) for party in self.parties),
        )


class EncounterBatchIn(StrictSchema):
    """Up to 1,000 encounters. Each is checked by itself, as the single one is."""

    encounters: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=1000)]


def _kind_of(body: object) -> str:
    return "batch" if isinstance(body, dict) and "encounters" in body else "single"


# Told apart first, so that errors are about what was meant.
EncountersIn = Annotated[
    Annotated[EncounterBatchIn, Tag("batch")] | Annotated[EncounterIn, Tag("single")],
    Discriminator(_kind_of),
]
BODY_PLACES = (("body", "body", "batch"), ("body", "body", "single"), ("body", "body"))


class ItemError(Schema):
    code: str
    field: str
    message: str


class EncounterOut(Schema):
    id: str
    reference: str
    state: Literal["added", "unchanged"]
    answer_url: str | None = Field(
        None, description="The survey at the touchpoint, for this contact"
    )


class EncounterResult(Schema):
    """What became of one item: `id` and `state`, or `errors`."""

    index: int
    id: str | None = None
    reference: str | None = None
    state: Literal["added", "unchanged", "refused"]
    answer_url: str | None = None
    errors: list[ItemError] = []


class EncounterBatchOut(Schema):
    results: list[EncounterResult]
    added: int
    unchanged: int
    refused: int


class ErrorBody(Schema):
    code: str
    message: str
    errors: list[ItemError] = []


class ErrorOut(Schema):
    error: ErrorBody


ERRORS: dict[int, Any] = dict.fromkeys((400, 401, 403, 413, 415, 422, 429, 503), ErrorOut)


@router.post(
    "/encounters",
    operation_id="create_encounters",
    summary="Tell of encounters",
    response={200: EncounterBatchOut | EncounterOut, 201: EncounterOut, **ERRORS},
)
def create_encounters(request: KeyRequest, body: Body[EncountersIn]) -> Status[Any]:
    """Tell of one encounter, or of up to 1,000.

    One: 201 when new, 200 with state `unchanged` when the reference is known. A batch: 200 with
    a result for each item, in order; an item in error does not stop the others. Each encounter
    comes back with the link by which its contact can answer.
    """
    if denied := _denied(request.auth, "encounters:write"):
        return denied
    now = timezone.now()
    if isinstance(body, EncounterIn):
        (kept,) = record_encounters(request.auth.organisation, [body.told()], now=now)
        if isinstance(kept, UnknownCode):
            error = _unknown(kept)
            return Status(422, _error("unknown_code", error["message"], [error]))
        return Status(201 if kept.is_new else 200, _describe(kept))
    return Status(200, _record_batch(request.auth, body.encounters, now))


def _record_batch(key: ApiKey, items: list[dict[str, Any]], now: dt.datetime) -> dict[str, Any]:
    results: dict[int, dict[str, Any]] = {}
    told: dict[int, ToldEncounter] = {}
    for index, item in enumerate(items):
        try:
            told[index] = EncounterIn.model_validate(item).told()
        except ValidationError as error:
            results[index] = {"state": "refused", "errors": read_errors(error.errors())}
    kept = record_encounters(key.organisation, list(told.values()), now=now)
    for index, one in zip(told, kept, strict=True):
        if isinstance(one, UnknownCode):
            results[index] = {"state": "refused", "errors": [_unknown(one)]}
        else:
            results[index] = _describe(one)
    ordered = [{"index": index, **results[index]} for index in range(len(items))]
    states = [result["state"] for result in ordered]
    counts = {state: states.count(state) for state in ("added", "unchanged", "refused")}
    return {"results": ordered, **counts}


def _describe(kept: KeptEncounter) -> dict[str, Any]:
    row = kept.encounter
    query = urlencode({"e": row.pk.hex})
    return {
        "id": str(row.pk),
        "reference": row.reference,
        "state": "added" if kept.is_new else "unchanged",
        "answer_url": f"{settings.PUBLIC_URL}/a/{kept.link}?{query}" if kept.link else None,
    }


def _unknown(code: UnknownCode) -> dict[str, str]:
    words = f"'{code.value}' is not a {code.field.removesuffix('ies')} code of this organisation."
    if code.field == "parties":
        words = f"'{code.value}' is not a unit code of this organisation."
    return {"code": "unknown_code", "field": code.field, "message": words}


def read_errors(errors: list[Any]) -> list[dict[str, str]]:
    """Pydantic's errors in our shape: code, field (dotted, from the item on), message."""
    return [
        {
            "code": str(error["type"]),
            "field": ".".join(str(part) for part in _within_item(tuple(error["loc"]))),
            "message": str(error["msg"]).removeprefix("Value error, "),
        }
        for error in errors
    ]


def _within_item(place: tuple[Any, ...]) -> tuple[Any, ...]:
    before = next((start for start in BODY_PLACES if place[: len(start)] == start), ())
    return place[len(before) :]


def _denied(key: ApiKey, scope: str) -> Status[Any] | None:
    if scope in key.scopes:
        return None
    return Status(403, _error("scope_missing", f"This key lacks the scope {scope}."))


def _error(code: str, message: str, errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "errors": errors or []}}


def describe_responses() -> tuple[dict[str, Any], dict[str, Any]]:
    """The OpenAPI operation of POST /api/v1/responses, which the capture door answers.

    Returns the operation and the schemas it refers to.
    """
    shapes: list[Any] = [AnswerIn, BatchIn, Kept, BatchOut, AnswerErrorOut]
    schemas: dict[str, Any] = {}
    for shape in shapes:
        schema = TypeAdapter(shape).json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {})
        schemas[shape.__name__] = schema
    schemas["BatchIn"]["properties"]["responses"] |= {"minItems": 1, "maxItems": ITEMS_MAX}
    errors = {
        str(code): _json_of("What is wrong, in words", "AnswerErrorOut")
        for code in (400, 401, 403, 413, 415, 422, 429, 503)
    }
    operation = {
        "operationId": "create_responses",
        "summary": "Send answers",
        "description": "Send one answer, or up to 1,000. Each is acknowledged after its commit. "
        "The same key (in the item, or as Idempotency-Key for a single one) again is the same "
        "answer. In a batch each item is taken or refused alone.",
        "tags": ["Listening"],
        "security": [{"BearerKey": []}],
        "parameters": [
            {
                "in": "header",
                "name": "Idempotency-Key",
                "required": False,
                "schema": {"type": "string", "minLength": 1, "maxLength": 100},
            }
        ],
        "requestBody": {"required": True, **_json_of("", "AnswerIn", "BatchIn")},
        "responses": {
            "200": _json_of("Known already; or a batch's results", "Kept", "BatchOut"),
            "201": _json_of("Kept", "Kept"),
            **errors,
        },
    }
    return operation, schemas


def _json_of(description: str, *names: str) -> dict[str, Any]:
    choices = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    schema = choices[0] if len(choices) == 1 else {"anyOf": choices}
    content = {"content": {"application/json": {"schema": schema}}}
    return {"description": description, **content} if description else content
