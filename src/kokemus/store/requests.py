"""The type of a request that a signed-in member sent."""

from __future__ import annotations

from django.http import HttpRequest

from kokemus.store.models import Member


class MemberRequest(HttpRequest):
    """What a view behind `login_required` receives. For annotations only; never instantiated."""

    user: Member
