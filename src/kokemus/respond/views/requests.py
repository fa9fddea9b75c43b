"""What the views of respond read from a request."""

from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kokemus.respond.live_token import sign_listener
from kokemus.store.models import Member

LISTEN_SECONDS = 12 * 3600


def live_url(member: Member) -> str:
    """The address of events for this member's page, which is being drawn now."""
    now = int(time.time())
    token = sign_listener(member.pk, expires=now + LISTEN_SECONDS, secret_key=settings.SECRET_KEY)
    return f"/live/today?token={token}&since={now}"


def next_url(request: HttpRequest, *, otherwise: str = "today") -> str:
    """Where the form wants to go after; only pages of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours and asked.startswith("/") else reverse(otherwise)


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
