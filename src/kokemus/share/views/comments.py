"""Pages of what people wrote, and correcting how it was read."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kokemus.share import corrections, findings
from kokemus.share.comments import (
    MODES,
    CommentSearch,
    SeenComment,
    export_comments,
    list_comments,
    look_at_comment,
    reading_progress,
    weigh_mood,
)
from kokemus.share.filters import NotInSight, list_choices
from kokemus.share.views.requests import filters_of, next_url, record_export
from kokemus.store.models import Theme, Touchpoint
from kokemus.store.models.comments import Feeling
from kokemus.store.requests import MemberRequest
from kokemus.ui.notices import announce

TONES = ("bad", "middle", "good")
WORDS_MAX = 100


@login_required
@require_safe
def comments(request: MemberRequest) -> HttpResponse:
    filters, search = filters_of(request), _search(request)
    # Before the list: what is read in between is then on it, and never "none like these".
    reading = reading_progress(request.user)
    try:
        listing = list_comments(request.user, filters, search, before=request.GET.get("before", ""))
    except NotInSight as missing:
        raise Http404 from missing
    context = {
        "filters": filters,
        "search": search,
        "period": findings.name_period(filters),
        "choices": list_choices(request.user),
        "listing": listing,
        "mood": weigh_mood(request.user, filters, search),
        "progress": reading,
        "query": request.GET.urlencode(),
        **_words_of(request),
    }
    return render(request, "share/comments.html", context)


@login_required
@require_safe
def progress(request: MemberRequest) -> HttpResponse:
    """How far the reading is; a part of the pages that say so.

    A page that had no comment to show (`bare`) is loaded anew when the reading is done.
    """
    now, is_bare = reading_progress(request.user), "bare" in request.GET
    context = {"progress": now, "is_part": True, "is_bare": is_bare}
    answer = render(request, "share/reading_progress.html", context)
    if is_bare and now.is_done:
        answer.headers["HX-Refresh"] = "true"
    return answer


@login_required
@require_safe
def comment(request: MemberRequest, key: uuid.UUID) -> HttpResponse:
    return _show(request, _find(request, key))


@login_required
@require_safe
def export(request: MemberRequest) -> StreamingHttpResponse:
    """The comments found as a file; written into the audit before the first line leaves."""
    filters, search = filters_of(request), _search(request)
    record_export(request, _("Comments"))
    lines = export_comments(request.user, filters, search)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"kokemus-comments-{filters.today}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_POST
def sentiment(request: MemberRequest, key: uuid.UUID) -> HttpResponseBase:
    seen = _find(request, key)
    label = request.POST.get("label", "")
    try:
        taught = corrections.correct_sentiment(seen, label, by=request.user, now=timezone.now())
    except corrections.MayNotCorrect as refused:
        raise PermissionDenied(str(refused)) from refused
    except corrections.NoSuchCorrection as unknown:
        raise BadRequest(_("There is no such sentiment.")) from unknown
    announce(
        request, _("Thank you, it learns."), undo_url=reverse("sentiment-undo", args=[taught.pk])
    )
    return _go_back(request, key)


@login_required
@require_POST
def theme(request: MemberRequest, key: uuid.UUID) -> HttpResponseBase:
    seen = _find(request, key)
    is_positive = request.POST.get("is", "1") == "1"
    try:
        taught = corrections.correct_theme(
            seen,
            request.POST.get("theme", ""),
            is_positive=is_positive,
            by=request.user,
            now=timezone.now(),
        )
    except corrections.MayNotCorrect as refused:
        raise PermissionDenied(str(refused)) from refused
    except corrections.NoSuchCorrection as unknown:
        raise BadRequest(_("There is no such theme.")) from unknown
    words = (
        _("This is about “%(theme)s”. It learns.")
        if is_positive
        else _("This is not about “%(theme)s”. It learns.")
    )
    undo_url = reverse("theme-example-undo", args=[taught.pk])
    announce(request, words % {"theme": taught.theme.name}, undo_url=undo_url)
    return _go_back(request, key)


@login_required
@require_POST
def undo_sentiment(request: MemberRequest, key: int) -> HttpResponse:
    return _undo(request, corrections.take_back_sentiment, key)


@login_required
@require_POST
def undo_theme(request: MemberRequest, key: int) -> HttpResponse:
    return _undo(request, corrections.take_back_theme, key)


def _find(request: MemberRequest, key: uuid.UUID) -> SeenComment:
    try:
        return look_at_comment(request.user, key)
    except NotInSight as missing:
        raise Http404 from missing


def _undo(request: MemberRequest, take_back: Any, key: int) -> HttpResponse:
    try:
        take_back(key, by=request.user, now=timezone.now())
    except NotInSight as missing:
        raise Http404 from missing
    except corrections.MayNotCorrect as refused:
        raise PermissionDenied(str(refused)) from refused
    announce(request, _("Undone. The comment is read anew in a moment."))
    return redirect(_came_from(request))


def _came_from(request: MemberRequest) -> str:
    """The list the button stood on; the button itself does not say it."""
    sent_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    is_list = sent_from.path in (reverse("comments"), reverse("themes"))
    return f"{sent_from.path}?{sent_from.query}" if is_list else reverse("comments")


def _go_back(request: MemberRequest, key: uuid.UUID) -> HttpResponse:
    """To htmx the comment as it is read now; else the page the form stood on."""
    if request.headers.get("HX-Request"):
        return _show(request, _find(request, key))
    return redirect(f"{next_url(request, otherwise='comments')}#c{key}")


def _show(request: MemberRequest, seen: SeenComment) -> HttpResponse:
    """One comment: a part of the list to htmx, else a page."""
    is_part = bool(request.headers.get("HX-Request"))
    context = {"seen": seen, "is_part": is_part, "here": reverse("comments"), **_words_of(request)}
    template = "share/comment_part.html" if is_part else "share/comment.html"
    return render(request, template, context)


def _words_of(request: MemberRequest) -> dict[str, Any]:
    themes = list(Theme.objects.visible_to(request.user).in_use())
    modes = dict(Touchpoint.Mode.choices)
    return {
        "themes": themes,
        "theme_options": [(theme.code, theme.name) for theme in themes],
        "feelings": Feeling.choices,
        "mode_options": [(mode, modes[mode]) for mode in MODES],
    }


def _search(request: MemberRequest) -> CommentSearch:
    tone, mode = request.GET.get("tone", ""), request.GET.get("mode", "")
    label, code = request.GET.get("sentiment", ""), request.GET.get("theme", "")
    theme = Theme.objects.visible_to(request.user).filter(code=code).first() if code else None
    if code and theme is None:
        raise Http404
    return CommentSearch(
        words=request.GET.get("words", "").strip()[:WORDS_MAX],
        theme=theme,
        label=label if label in Feeling.values else "",
        is_unsure=request.GET.get("unsure") == "1",
        mode=mode if mode in MODES else "",
        tone=tone if tone in TONES else "",
    )
