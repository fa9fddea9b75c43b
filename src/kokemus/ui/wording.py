"""Numbers, times and durations as people read them in Finnish, Swedish and English."""

from datetime import date, datetime, timedelta
from math import isnan
from typing import Protocol

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

MINUS, NO_BREAK, THIN, DASH = "\u2212", "\u00a0", "\u202f", "\u2013"
_ENGLISH = (".", ",")
_NORDIC = (",", THIN)


class Estimate(Protocol):
    """What `kokemus.measure` returns, as far as a page needs it."""

    @property
    def estimate(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def answers(self) -> int: ...


def format_number(value: float, *, decimals: int = 0) -> str:
    """Return the number with the separators of the active language and a true minus sign."""
    point, thousands = _NORDIC if (get_language() or "en")[:2] in {"fi", "sv"} else _ENGLISH
    text = f"{abs(value):,.{decimals}f}"
    whole, _, fraction = text.partition(".")
    sign = MINUS if value < 0 and text.strip("0.,") else ""
    if len(whole) > 5 or thousands == ",":
        whole = whole.replace(",", thousands)
    else:
        whole = whole.replace(",", "")
    return sign + whole + (point + fraction if fraction else "")


def format_signed(value: float, *, decimals: int = 0) -> str:
    """Return the number with its sign always shown, except for zero."""
    text = format_number(value, decimals=decimals)
    return f"+{text}" if value > 0 and any(digit in text for digit in "123456789") else text


def format_percent(share: float, *, decimals: int = 0) -> str:
    """Return a share between 0 and 1 as a percentage, spaced as the language spaces it."""
    text = format_number(100 * share, decimals=decimals)
    return f"{text}%" if (get_language() or "en").startswith("en") else f"{text}{NO_BREAK}%"


def format_duration(length: timedelta) -> str:
    """Return the two largest units of a length of time: "2 h 5 min", in Finnish "2 t 5 min"."""
    seconds = max(0, round(length.total_seconds()))
    minutes, hours, days = seconds // 60 % 60, seconds // 3600 % 24, seconds // 86400
    if not seconds // 60:
        return gettext("under a minute")
    parts = [
        (days, gettext("%(count)s d")),
        (hours, gettext("%(count)s h")),
        (minutes, gettext("%(count)s min")),
    ]
    while not parts[0][0]:
        parts.pop(0)
    shown = [text % {"count": format_number(count)} for count, text in parts[:2] if count]
    return " ".join(part.replace(" ", NO_BREAK) for part in shown)


def format_ago(moment: datetime, *, now: datetime) -> str:
    """Return how long ago (or how soon) the moment is; a date when it is over a week away."""
    length = now - moment
    if abs(length) < timedelta(minutes=1):
        return gettext("just now")
    if abs(length) > timedelta(days=7):
        return format_day(moment)
    if length > timedelta(0):
        return gettext("%(duration)s ago") % {"duration": format_duration(length)}
    return gettext("in %(duration)s") % {"duration": format_duration(-length)}


def format_due(moment: datetime, *, now: datetime) -> str:
    """Return how a deadline stands: "2 h left" or "3 h late"."""
    if moment < now:
        return gettext("%(duration)s late") % {"duration": format_duration(now - moment)}
    return gettext("%(duration)s left") % {"duration": format_duration(moment - now)}


def format_day(moment: datetime | date) -> str:
    """Return the local day in the short form of the active language."""
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    form = {"fi": "j.n.Y", "sv": "j b Y"}.get((get_language() or "en")[:2], "j M Y")
    return date_format(local, form)


def format_moment(moment: datetime) -> str:
    """Return the local day and time."""
    clock = "H.i" if (get_language() or "en")[:2] == "fi" else "H:i"
    return f"{format_day(moment)} {date_format(timezone.localtime(moment), clock)}"


def format_answers(count: int) -> str:
    """Return "1 answer", "12,400 answers" in the active language."""
    text = ngettext("%(answers)s answer", "%(answers)s answers", count)
    return text % {"answers": format_number(count)}


def is_known(value: float | None) -> bool:
    """Whether an estimate says anything: neither None nor NaN."""
    return value is not None and not isnan(value)
