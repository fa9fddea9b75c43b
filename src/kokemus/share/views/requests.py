"""What the views of share read from a request, and write of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from kokemus.share.filters import Filters, NotInSight, read_filters
from kokemus.store.models import AuditEntry
from kokemus.store.requests import MemberRequest


def filters_of(request: MemberRequest) -> Filters:
    try:
        return read_filters(request.GET.dict(), member=request.user, now=timezone.now())
    except NotInSight as missing:
        raise Http404 from missing


def next_url(request: MemberRequest, *, otherwise: str) -> str:
    """Where the form wants to go after; only pages of ours."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours and asked.startswith("/") else reverse(otherwise)


def record_export(request: MemberRequest, subject: str) -> None:
    """Who took what, without the words that were searched for.

    These may be a customer's name, and what stands in the audit can never be erased.
    """
    detail: dict[str, Any] = {n: v for n, v in request.GET.items() if n != "words"}
    if request.GET.get("words"):
        detail["is_searched"] = True
    record(request, "export", subject=subject, detail=detail)


def record(
    request: MemberRequest, action: str, *, subject: str, detail: dict[str, Any] | None = None
) -> None:
    AuditEntry.objects.record(
        organisation=request.user.organisation_id,
        action=action,
        member=request.user,
        subject=subject,
        address=request.META.get("REMOTE_ADDR", ""),
        detail=detail,
    )


def render_part(
    request: MemberRequest, template: str, context: dict[str, Any], *, heading: str
) -> HttpResponse:
    """What a page fetches into itself; followed as a link, as it is without scripts, a page."""
    if request.headers.get("HX-Request"):
        return render(request, template, context)
    return render(request, "share/part.html", {**context, "part": template, "heading": heading})
