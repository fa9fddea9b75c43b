"""Pages of what comments are about, and the book of themes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kokemus.share import findings, theme_book, theme_findings
from kokemus.share.comments import reading_progress
from kokemus.share.discovery import ask_for_themes, embedding_progress, read_discovery
from kokemus.share.filters import Filters, NotInSight, list_choices
from kokemus.share.themes import (
    ThemeStory,
    find_theme,
    follow_theme,
    list_themes,
    tell_apart,
    tell_theme,
)
from kokemus.share.views.requests import filters_of, render_part
from kokemus.store.models import Member, Theme
from kokemus.store.models.organisation import LANGUAGES
from kokemus.store.requests import MemberRequest
from kokemus.ui.charts import Chart
from kokemus.ui.notices import announce, warn


@login_required
@require_safe
def themes(request: MemberRequest) -> HttpResponse:
    filters = filters_of(request)
    found = list_themes(request.user, filters)
    names = {row.theme.code: row.theme.name for row in found.rows}
    context = {
        **_frame(request, filters),
        "found": found,
        "rises": [theme_findings.tell_rise(rise, names=names) for rise in found.rises],
        "past": Theme.objects.visible_to(request.user).filter(is_active=False),
    }
    return render(request, "share/themes.html", context)


@login_required
@require_safe
def apart(request: MemberRequest) -> HttpResponse:
    """Words that tell groups apart: read from the comments themselves, so the page comes first."""
    told = [
        theme_findings.tell_contrast(one) for one in tell_apart(request.user, filters_of(request))
    ]
    context = {"contrasts": told, "query": request.GET.urlencode()}
    return render_part(request, "share/apart.html", context, heading=_("Themes"))


@login_required
@require_safe
def theme(request: MemberRequest, code: str) -> HttpResponse:
    filters = filters_of(request)
    found = _find(request, code)
    if found.merged_into:
        return redirect("theme", found.merged_into.code)
    story = tell_theme(request.user, filters, code)
    title = theme_findings.title_of_theme(story)
    names = {code: found.name}
    context = {
        **_frame(request, filters),
        "story": story,
        "theme": found,
        "title": title,
        "change": theme_findings.tell_theme_change(story, filters),
        "effect": theme_findings.tell_effect(story),
        **_shown_scores(story),
        "rise": theme_findings.tell_rise(story.rise, names=names) if story.rise else None,
        "quality": theme_book.quality_of(found),
        "events": found.events.select_related("member"),
        "others": Theme.objects.visible_to(request.user).in_use().exclude(pk=found.pk),
        "languages": [(key, name, found.names.get(key, "")) for key, name in LANGUAGES],
    }
    return render(request, "share/theme.html", context)


def _shown_scores(story: ThemeStory) -> dict[str, Any]:
    if story.effect is None:
        return {}
    measured, effect = story.effect
    return {
        "shown_inside": measured.as_shown(effect.inside),
        "shown_outside": measured.as_shown(effect.outside),
    }


@login_required
@require_safe
def chart(request: MemberRequest, code: str, name: str) -> HttpResponse:
    if name not in CHARTS:
        raise Http404
    _find(request, code)
    drawn = CHARTS[name](request.user, filters_of(request), code)
    return render_part(request, "share/chart.html", {"drawn": drawn}, heading=_("Themes"))


def _draw_trend(member: Member, filters: Filters, code: str) -> Chart:
    found, weeks = follow_theme(member, filters, code)
    return theme_findings.draw_theme_trend(found, weeks)


def _draw_modes(member: Member, filters: Filters, code: str) -> Chart:
    story = tell_theme(member, filters, code)
    return _draw_parts(story, story.modes)


def _draw_parties(member: Member, filters: Filters, code: str) -> Chart:
    story = tell_theme(member, filters, code)
    return _draw_parts(story, story.parties)


def _draw_parts(story: ThemeStory, parts: Any) -> Chart:
    title = theme_findings.title_of_parts(story, parts)
    return theme_findings.draw_parts(story, parts, title=title)


CHARTS: dict[str, Callable[[Member, Filters, str], Chart]] = {
    "trend": _draw_trend,
    "modes": _draw_modes,
    "parties": _draw_parties,
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_theme(request: MemberRequest) -> HttpResponse:
    """Begin a theme by picking comments that are about it."""
    member, filters = request.user, filters_of(request)
    if not theme_book.may_change(member):
        raise PermissionDenied(_("Themes are kept by the leads and admins of the organisation."))
    sought = request.GET.get("words", "").strip()[:100]
    picked = request.POST.getlist("example")
    offered = request.GET.getlist("example")
    context: dict[str, Any] = {
        **_frame(request, filters),
        "words": sought,
        "name": request.POST.get("name", request.GET.get("name", "")),
        "picked": set(picked or offered),
        "candidates": theme_book.find_candidates(member, filters, sought, first=offered),
        "least": theme_book.EXAMPLES_MIN,
    }
    if request.method == "POST":
        try:
            begun = theme_book.begin_theme(
                member, name=context["name"], examples=picked, now=timezone.now()
            )
        except theme_book.WrongTheme as wrong:
            return render(request, "share/theme_new.html", {**context, "error": wrong}, status=422)
        announce(
            request, _("“%(name)s” is begun. It learns from what you picked.") % {"name": begun}
        )
        return redirect("theme", begun.code)
    return render(request, "share/theme_new.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: MemberRequest) -> HttpResponse:
    """Themes that nobody asked for: POST has them looked for in the background."""
    if not theme_book.may_change(request.user):
        raise PermissionDenied(_("Themes are kept by the leads and admins of the organisation."))
    if request.method == "POST":
        ask_for_themes(request.user, now=timezone.now())
        return redirect("themes-found")
    return render(request, "share/themes_found.html", _discovery(request))


@login_required
@require_safe
def found_state(request: MemberRequest) -> HttpResponse:
    """How far it is; a part of the page."""
    if not theme_book.may_change(request.user):
        raise PermissionDenied(_("Themes are kept by the leads and admins of the organisation."))
    return render(request, "share/themes_found_state.html", _discovery(request))


def _discovery(request: MemberRequest) -> dict[str, Any]:
    discovery = read_discovery(request.user.organisation)
    keys = [key for group in discovery.groups for key in group.examples]
    texts = theme_book.texts_of(request.user, keys)
    names = {theme.code: theme for theme in Theme.objects.visible_to(request.user)}
    groups = [
        {
            "group": group,
            "theme": names.get(group.known_as),
            "voices": [texts[key] for key in group.examples[:3] if key in texts],
        }
        for group in discovery.groups
    ]
    return {
        "discovery": discovery,
        "groups": groups,
        "progress": reading_progress(request.user),
        "embedded": embedding_progress(request.user.organisation_id),
    }


@login_required
@require_POST
def rename(request: MemberRequest, code: str) -> HttpResponse:
    found = _find(request, code)
    names = {language: request.POST.get(f"name-{language}", "") for language, _name in LANGUAGES}
    try:
        theme_book.rename_theme(request.user, found, names=names, now=timezone.now())
    except theme_book.WrongTheme as wrong:
        warn(request, str(wrong))
    else:
        undo_url = reverse("theme-rename-undo", args=[code])
        announce(request, _("It is called “%(name)s” now.") % {"name": found}, undo_url=undo_url)
    return redirect("theme", code)


@login_required
@require_POST
def undo_rename(request: MemberRequest, code: str) -> HttpResponse:
    found = _find(request, code)
    try:
        theme_book.undo_rename(request.user, found, now=timezone.now())
    except theme_book.WrongTheme as wrong:
        warn(request, str(wrong))
    else:
        announce(request, _("It is called “%(name)s” again.") % {"name": found})
    return redirect("theme", code)


@login_required
@require_POST
def merge(request: MemberRequest, code: str) -> HttpResponse:
    found = _find(request, code)
    try:
        other = theme_book.merge_theme(
            request.user, found, into=request.POST.get("into", ""), now=timezone.now()
        )
    except theme_book.WrongTheme as wrong:
        warn(request, str(wrong))
        return redirect("theme", code)
    words = _("“%(one)s” is merged into “%(other)s”.") % {"one": found, "other": other}
    announce(request, words, undo_url=reverse("theme-restore", args=[code]))
    return redirect("theme", other.code)


@login_required
@require_POST
def split(request: MemberRequest, code: str) -> HttpResponse:
    found = _find(request, code)
    try:
        part = theme_book.split_theme(
            request.user,
            found,
            name=request.POST.get("name", ""),
            words=request.POST.get("words", ""),
            now=timezone.now(),
        )
    except theme_book.WrongTheme as wrong:
        warn(request, str(wrong))
        return redirect("theme", code)
    words = _("“%(part)s” is parted from “%(whole)s”. Comments are read anew in the background.")
    undo_url = reverse("theme-restore", args=[code])
    announce(request, words % {"part": part, "whole": found}, undo_url=undo_url)
    return redirect("themes")


@login_required
@require_POST
def retire(request: MemberRequest, code: str) -> HttpResponse:
    found = _find(request, code)
    theme_book.retire_theme(request.user, found, now=timezone.now())
    words = _("“%(name)s” is looked for no more.") % {"name": found}
    announce(request, words, undo_url=reverse("theme-restore", args=[code]))
    return redirect("themes")


@login_required
@require_POST
def restore(request: MemberRequest, code: str) -> HttpResponse:
    found = _find(request, code)
    theme_book.restore_theme(request.user, found, now=timezone.now())
    words = _("“%(name)s” is in use again. Comments are read anew in the background.")
    announce(request, words % {"name": found})
    return redirect("theme", code)


def _find(request: MemberRequest, code: str) -> Theme:
    try:
        return find_theme(request.user, code)
    except NotInSight as missing:
        raise Http404 from missing


def _frame(request: MemberRequest, filters: Filters) -> dict[str, Any]:
    return {
        "filters": filters,
        "period": findings.name_period(filters),
        "choices": list_choices(request.user),
        "progress": reading_progress(request.user),
        "may_change": theme_book.may_change(request.user),
        "query": request.GET.urlencode(),
    }
