"""Pages of what the answers say: overview, its charts, the answers themselves, and the demo."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kokemus.share import findings, tour
from kokemus.share.filters import Filters, NotInSight, list_choices
from kokemus.share.overview import follow, look
from kokemus.share.responses import Search, export_lines, list_responses, look_at
from kokemus.share.views.requests import filters_of, record, record_export, render_part
from kokemus.store.models import Member
from kokemus.store.requests import MemberRequest
from kokemus.ui.charts import Chart

TONES = ("bad", "middle", "good")


@login_required
def overview(request: MemberRequest) -> HttpResponse:
    filters = filters_of(request)
    seen = look(request.user, filters)
    now = seen.now
    context = {
        "filters": filters,
        "choices": list_choices(request.user),
        "overview": seen,
        "shown": now.measured.as_shown(now.score),
        "title": findings.title_of(now, filters),
        "change": findings.tell_change(now, filters),
        "state": findings.tell_state(now, filters),
        "attention_title": findings.title_of_ranking(seen.attention),
        "before": now.measured.as_shown(now.before) if now.before else None,
        "before_label": findings.name_days_before(filters),
        "period": findings.name_period(filters),
        "has_any": bool(seen.scales),
        "query": request.GET.urlencode(),
    }
    return render(request, "share/overview.html", context)


@login_required
def chart(request: MemberRequest, name: str) -> HttpResponse:
    """One chart of the overview: drawing takes longer than counting, so the page comes first."""
    if name not in CHARTS:
        raise Http404
    drawn = CHARTS[name](request.user, filters_of(request))
    return render_part(request, "share/chart.html", {"drawn": drawn}, heading=_("Scores"))


def _draw(build: Callable[[Any], Chart]) -> Callable[[Member, Filters], Chart]:
    return lambda member, filters: build(look(member, filters))


CHARTS: dict[str, Callable[[Member, Filters], Chart]] = {
    "trend": lambda member, filters: findings.draw_trend(follow(member, filters)),
    "distribution": _draw(findings.draw_distribution),
    "ranking": _draw(findings.draw_ranking),
    "channels": _draw(findings.draw_channels),
}


@login_required
def responses(request: MemberRequest) -> HttpResponse:
    filters, search = filters_of(request), _search(request)
    try:
        listing = list_responses(
            request.user, filters, search, before=request.GET.get("before", "")
        )
    except NotInSight as missing:
        raise Http404 from missing
    context = {
        "filters": filters,
        "search": search,
        "period": findings.name_period(filters),
        "choices": list_choices(request.user),
        "listing": listing,
        "query": request.GET.urlencode(),
    }
    return render(request, "share/responses.html", context)


@login_required
def export(request: MemberRequest) -> StreamingHttpResponse:
    """The listed answers as a file; written into the audit before the first line leaves."""
    filters, search = filters_of(request), _search(request)
    record_export(request, _("Answers"))
    lines = export_lines(request.user, filters, search)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kokemus-{filters.today}.csv"'
    return response


@login_required
def response(request: MemberRequest, key: uuid.UUID) -> HttpResponse:
    try:
        looked = look_at(request.user, key)
    except NotInSight as missing:
        raise Http404 from missing
    record(request, "person_viewed", subject=str(key))
    context = {
        "looked": looked,
        "now": timezone.now(),
        "may_see_customer": request.user.has_role("agent", unit=looked.response.unit),
    }
    return render(request, "share/response.html", context)


@login_required
@require_POST
def see_step(request: MemberRequest, code: str) -> HttpResponse:
    """Go to one of the five things, and remember that it was seen."""
    if not request.user.organisation.is_demo:
        raise Http404
    try:
        target = tour.find_target(code, member=request.user)
    except tour.UnknownStep as unknown:
        raise Http404 from unknown
    request.session[tour.SEEN] = sorted({*request.session.get(tour.SEEN, []), code})
    return redirect(target)


@login_required
@require_POST
def dismiss_tour(request: MemberRequest) -> HttpResponse:
    if not request.user.organisation.is_demo:
        raise Http404
    request.session[tour.DISMISSED] = True
    return redirect("/")


def _search(request: MemberRequest) -> Search:
    tone = request.GET.get("tone", "")
    return Search(
        words=request.GET.get("words", "").strip()[:100],
        is_commented=request.GET.get("said") == "1",
        tone=tone if tone in TONES else "",
    )
