"""The API: keys, errors in one shape, and its description at /api/docs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as InvalidRequest
from ninja.security import HttpBearer

import kokemus.listen.api
from kokemus.store.models import ApiKey


class BearerKey(HttpBearer):
    """`Authorization: Bearer kok_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        found: ApiKey | None = ApiKey.objects.find(token)
        return found


class KokemusAPI(NinjaAPI):
    """The API with the one operation that a bare door answers in its description."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        schema = super().get_openapi_schema(*args, **kwargs)
        operation, shapes = kokemus.listen.api.describe_responses()
        schema["paths"]["/api/v1/responses"] = {"post": operation}
        schema["components"].setdefault("schemas", {}).update(shapes)
        return schema


api = KokemusAPI(
    title="Kokemus",
    version="1",
    description="Tell Kokemus of encounters and answers. Keys are made under API keys.",
    auth=BearerKey(),
    docs_url="/docs",
    openapi_url="/openapi.json",
    urls_namespace="api",
)
api.add_router("/v1", kokemus.listen.api.router)


@api.exception_handler(InvalidRequest)
def say_what_is_invalid(request: HttpRequest, error: InvalidRequest) -> HttpResponse:
    errors = kokemus.listen.api.read_errors(error.errors)
    first = errors[0]["message"] if errors else "The request cannot be read."
    return _answer(request, 422, "invalid", first, errors)


@api.exception_handler(AuthenticationError)
def say_who_may_come_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    words = "Send a valid key: 'Authorization: Bearer kok_…'."
    answer = _answer(request, 401, "key_missing_or_wrong", words)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(HttpError)
def say_what_went_wrong(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _answer(request, error.status_code, "unreadable", error.message)


def _answer(
    request: HttpRequest,
    status: int,
    code: str,
    message: str,
    errors: list[dict[str, str]] | None = None,
) -> HttpResponse:
    body: dict[str, Any] = {"error": {"code": code, "message": message, "errors": errors or []}}
    return api.create_response(request, body, status=status)
