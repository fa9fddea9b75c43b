"""What templates say of one answer with `{% load share %}`."""

from django import template
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
