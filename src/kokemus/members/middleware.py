"""What happens to every request of a member, and to every request before there are any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from kokemus.store.models import Organisation

Respond = Callable[[HttpRequest], HttpResponse]
BEFORE_FIRST_RUN = {"first-run", "set_language", "healthz", "metrics"}


class OwnLanguageMiddleware:
    """Speaks the member's language, and tells the time of the organisation's clock."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = request.user.language
        with timezone.override(request.user.organisation.time_zone):
            return self.get_response(request)


class FirstRunMiddleware:
    """Leads every page to the first-run page as long as there is no organisation."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        match = request.resolver_match
        is_for_machines = match is not None and match.namespace == "api"
        if match is None or is_for_machines or match.url_name in BEFORE_FIRST_RUN:
            return None
        if request.user.is_authenticated or Organisation.objects.exists():
            return None
        return redirect("first-run")
