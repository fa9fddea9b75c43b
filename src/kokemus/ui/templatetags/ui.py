"""What templates say with `{% load ui %}`; shown with examples in kokemus/ui/README.md."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, QueryDict
from django.middleware.csrf import get_token
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, gettext

from kokemus.ui import wording
from kokemus.ui.chart_theme import map_to_dark, number_locale
from kokemus.ui.charts import Chart
from kokemus.ui.drawing import WIDTH, WIDTH_NARROW, render_svg
from kokemus.ui.icons import draw_icon
from kokemus.ui.navigation import list_links
from kokemus.ui.notices import UNDO

register = template.Library()
THEMES = ("light", "dark")
MESSAGE_ICONS = {"success": "done", "warning": "warning", "error": "error"}
Context = dict[str, Any]


@register.simple_tag
def icon(name: str, size_class: str = "") -> SafeString:
    return draw_icon(name, size_class=size_class)


# The frame


@register.inclusion_tag("ui/rail.html", takes_context=True)
def rail(context: Context) -> Context:
    """Draw rail and bar; a view may narrow them by `rail_allowed`, a set of URL names."""
    request = context.get("request")
    links = list_links(
        path=request.path if request else "/", allowed=context.get("rail_allowed") or None
    )
    in_bar = [link for link in links if link.item.in_bar][:4]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "user": context.get("user"),
        "organisation_name": context.get("organisation_name"),
        "counts": context.get("rail_counts") or {},
        "main": [link for link in links if not link.item.is_setting],
        "settings": [link for link in links if link.item.is_setting],
        "in_bar": in_bar,
        "beyond_bar": [link for link in links if link not in in_bar],
        "is_beyond_bar": any(link.is_current for link in links if link not in in_bar),
    }


@register.filter
def lookup(mapping: dict[str, Any], key: str) -> Any:
    return mapping.get(key)


@register.simple_tag
def url_if_any(name: str) -> str:
    """Return the URL of a page, or nothing where the page does not exist."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString | str:
    """Return `data-theme="dark"` when the reader chose a theme; else the system decides."""
    request = context.get("request")
    theme = request.COOKIES.get("theme") if request else None
    return format_html('data-theme="{}"', theme) if theme in THEMES else ""


@dataclass(frozen=True)
class Notice:
    text: str
    level: str
    icon: str
    undo_url: str


@register.inclusion_tag("ui/messages.html", takes_context=True)
def message_list(context: Context, out_of_band: bool = False) -> Context:
    """Show what `ui.notices` announced; `out_of_band=True` in an answer to htmx."""
    request = context.get("request")
    stored = get_messages(request) if request else []
    notices = []
    for message in stored:
        tags = (message.extra_tags or "").split()
        undo = next((tag.removeprefix(UNDO) for tag in tags if tag.startswith(UNDO)), "")
        level = message.level_tag
        shown = MESSAGE_ICONS.get(level, "info")
        notices.append(Notice(str(message.message), level, shown, undo))
    csrf_token = get_token(request) if request and notices else ""
    return {"notices": notices, "out_of_band": out_of_band, "csrf_token": csrf_token}


@register.inclusion_tag("ui/language_switch.html", takes_context=True)
def language_switch(context: Context) -> Context:
    request = context.get("request")
    languages = [get_language_info(code) for code, _ in settings.LANGUAGES]
    return {
        "languages": languages,
        "current": get_language(),
        "url": url_if_any("set_language"),
        "path": request.get_full_path() if request else "/",
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/theme_switch.html", takes_context=True)
def theme_switch(context: Context) -> Context:
    request = context.get("request")
    theme = request.COOKIES.get("theme") if request else None
    return {"theme": theme if theme in THEMES else "system"}


# Numbers


@register.inclusion_tag("ui/score.html")
def score(
    result: wording.Estimate,
    label: str = "",
    form: str = "points",
    answers_min: int = 5,
    small: bool = False,
) -> Context:
    """Show an estimate with its interval and answers, or say that it cannot be told yet.

    `form` is "points" (signed, as NPS), "percent" (a share between 0 and 1) or "mean".
    """
    known = wording.is_known(result.estimate) and result.answers >= answers_min
    has_interval = known and wording.is_known(result.low) and wording.is_known(result.high)
    return {
        "label": label,
        "small": small,
        "answers": result.answers,
        "answers_text": wording.format_answers(result.answers),
        "answers_min": answers_min,
        "number": estimate_text(result.estimate, form) if known else "",
        "low": estimate_text(result.low, form) if has_interval else "",
        "high": estimate_text(result.high, form) if has_interval else "",
    }


def estimate_text(value: float | None, form: str) -> str:
    assert value is not None
    match form:
        case "points":
            return wording.format_signed(value)
        case "percent":
            return wording.format_percent(value)
        case "mean":
            return wording.format_number(value, decimals=1)
    raise template.TemplateSyntaxError(f"No form {form!r}; there are points, percent and mean")


@register.filter
def number(value: float | None, decimals: int = 0) -> str:
    if value is None or not wording.is_known(value):
        return wording.DASH
    return wording.format_number(value, decimals=decimals)


@register.filter
def signed(value: float | None, decimals: int = 0) -> str:
    if value is None or not wording.is_known(value):
        return wording.DASH
    return wording.format_signed(value, decimals=decimals)


@register.filter
def percent(share: float | None, decimals: int = 0) -> str:
    if share is None or not wording.is_known(share):
        return wording.DASH
    return wording.format_percent(share, decimals=decimals)


@register.filter
def answers(count: int) -> str:
    return wording.format_answers(count)


@register.inclusion_tag("ui/chart.html", takes_context=True)
def chart(context: Context, drawn: Chart) -> Context:
    """Show title, subtitle, drawing and the numbers behind; phones get a narrow drawing."""
    if drawn.is_empty:
        return {"chart": drawn}
    request = context.get("request")
    agent = request.headers.get("User-Agent", "") if request else ""
    width = WIDTH_NARROW if "Mobi" in agent else WIDTH
    parts = {"spec": drawn.spec, "colours": map_to_dark(), "locale": number_locale()}
    drawing = render_svg(drawn, width=width)
    return {"chart": drawn, "drawing": drawing, "data": json_script(parts)}


# Times


@register.filter
def duration(length: timedelta | None) -> str:
    return wording.DASH if length is None else wording.format_duration(length)


@register.filter
def day(moment: datetime | date | None) -> str:
    return wording.DASH if moment is None else wording.format_day(moment)


@register.filter
def moment(value: datetime | None) -> str:
    return wording.DASH if value is None else wording.format_moment(value)


@register.simple_tag(takes_context=True)
def ago(context: Context, value: datetime | None) -> SafeString | str:
    """Say how long ago; `now` of the context is the clock when a view gives it."""
    if value is None:
        return wording.DASH
    return _time_element(value, wording.format_ago(value, now=_clock(context)))


@register.simple_tag(takes_context=True)
def due(context: Context, value: datetime | None) -> SafeString | str:
    """Show a deadline as a badge: time left, due soon (under an hour), or late."""
    if value is None:
        return ""
    now = _clock(context)
    text = _time_element(value, wording.format_due(value, now=now))
    if value < now:
        return _badge("warning", text, "bad")
    soon = value - now < timedelta(hours=1)
    return _badge("clock", text, "warn" if soon else "")


@register.simple_tag
def badge(text: str, icon_name: str = "", tone: str = "") -> SafeString:
    """Show a state as icon and word; `tone` is good, bad, warn, accent or nothing."""
    return _badge(icon_name, text, tone)


def _badge(icon_name: str, text: str, tone: str) -> SafeString:
    drawing = draw_icon(icon_name) if icon_name else ""
    tone_class = f" badge-{tone}" if tone else ""
    return format_html('<span class="badge{}">{}{}</span>', tone_class, drawing, text)


def _time_element(value: datetime, text: str) -> SafeString:
    title = wording.format_moment(value)
    machine = value.isoformat(timespec="seconds")
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, title, text)


def _clock(context: Context) -> datetime:
    now = context.get("now")
    return now if isinstance(now, datetime) else timezone.now()


# Filters in the URL


@register.simple_tag(takes_context=True)
def chip(context: Context, parameter: str, value: object, label: str) -> SafeString:
    """Link that sets one query parameter and keeps the rest; a set one takes it away again."""
    query = _query(context)
    is_set = query.get(parameter, "") == str(value)
    url = _change(query, parameter, "" if is_set else str(value))
    if not is_set:
        return format_html('<a class="chip" href="{}">{}</a>', url, label)
    remove = format_html('<span class="visually-hidden">{}</span>', gettext("remove the filter"))
    link = '<a class="chip" aria-current="true" href="{}">{}{} {}</a>'
    return format_html(link, url, label, draw_icon("cross"), remove)


@register.inclusion_tag("ui/chip_menu.html", takes_context=True)
def chip_menu(
    context: Context, parameter: str, label: str, options: Iterable[tuple[object, str]]
) -> Context:
    """Draw a chip that opens a list of (value, words), each a link that sets the parameter."""
    query = _query(context)
    chosen = query.get(parameter, "")
    links = [
        {
            "url": _change(query, parameter, str(value)),
            "label": words,
            "is_set": str(value) == chosen,
        }
        for value, words in options
    ]
    current = next((link["label"] for link in links if link["is_set"]), "")
    clear = _change(query, parameter, "")
    return {"label": label, "links": links, "current": current, "clear_url": clear}


def _query(context: Context) -> QueryDict:
    request: HttpRequest | None = context.get("request")
    return request.GET if request else QueryDict()


def _change(query: QueryDict, parameter: str, value: str) -> str:
    changed = query.copy()
    changed.pop("page", None)
    changed.pop(parameter, None)
    if value:
        changed[parameter] = value
    return f"?{changed.urlencode()}"
