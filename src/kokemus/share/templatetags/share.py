"""What templates say of one answer with `{% load share %}`."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kokemus.store.models import Response
from kokemus.ui.wording import DASH

register = template.Library()


@register.filter
def tone_of(response: Response) -> str:
    """Whether the score is bad, middle or good on its scale; nothing for a skipped question."""
    from kokemus.share.scales import MEASURED  # brings NumPy, whose threads no fork may meet

    if response.score is None:
        return ""
    return MEASURED[response.scale].group_of(response.score).tone


@register.filter
def score_words(response: Response) -> str:
    """The score as it is read in a list: "9", "4/5", "yes"."""
    if response.score is None:
        return DASH
    if response.scale == "thumbs":
        return gettext("Up") if response.score else gettext("Down")
    return str(response.score)


@register.inclusion_tag("share/printed.html", takes_context=True)
def printed_filters(context: Context) -> dict[str, Any]:
    """Whose page it is, of which answers and of which day; only on paper."""
    from kokemus.share.printed import name_filters  # brings NumPy, as above

    filters = context["filters"]
    names = name_filters(filters, context.get("search"))
    organisation = context["request"].user.organisation
    return {"organisation": organisation, "names": names, "filters": filters}


SPARK_WIDTH, SPARK_HEIGHT = 96, 28


@register.simple_tag
def spark(weeks: Sequence[float | None]) -> SafeString | str:
    """A line of the last weeks, from zero; for the eye alone, the numbers stand elsewhere."""
    known = [(place, value) for place, value in enumerate(weeks) if value is not None]
    if len(known) < 2:
        return ""
    top = max(value for _place, value in known) or 1.0
    step = SPARK_WIDTH / max(len(weeks) - 1, 1)
    points = [(place * step, SPARK_HEIGHT * (1 - value / top)) for place, value in known]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>',
        SPARK_WIDTH,
        SPARK_HEIGHT,
        line,
        f"{x:.1f}",
        f"{y:.1f}",
    )
