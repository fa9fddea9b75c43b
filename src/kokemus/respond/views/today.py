from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kokemus.respond.today import Filters, list_units, show_today
from kokemus.respond.views.requests import live_url
from kokemus.store.requests import MemberRequest


@login_required
@require_safe
def today(request: MemberRequest) -> HttpResponse:
    """What needs a human now; to htmx only the part that changes."""
    member, now = request.user, timezone.now()
    filters = read_filters(request)
    shown = show_today(member, filters=filters, now=now)
    is_part = request.headers.get("HX-Target") == "today"
    context = {
        "today": shown,
        "filters": filters,
        "now": now,
        "page": shown.page,
        "rail_counts": {"today": shown.counts.unresolved},
        "is_part": is_part,
    }
    if is_part:
        return render(request, "respond/today_list.html", context)
    context |= {
        "live_url": live_url(member),
        "has_mail": settings.IS_MAIL_CONFIGURED,
        "units": [(unit.pk, unit.name) for unit in list_units(member)],
    }
    return render(request, "respond/today.html", context)


def read_filters(request: MemberRequest) -> Filters:
    unit = request.GET.get("unit", "")
    return Filters(
        show=request.GET.get("show", ""),
        unit=int(unit) if unit.isdecimal() and len(unit) < 18 else None,
        page=request.GET.get("page", "1"),
    )
