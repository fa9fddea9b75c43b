"""What a printed page says of itself: which answers it is about, in the words of its chips."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext

from kokemus.share.comments import CommentSearch
from kokemus.share.filters import PERIODS, Filters
from kokemus.share.responses import Search
from kokemus.share.scales import MEASURED
from kokemus.store.models import Response, Touchpoint
from kokemus.store.models.comments import Feeling
from kokemus.store.models.organisation import LANGUAGES


def name_filters(filters: Filters, search: CommentSearch | Search | None = None) -> list[str]:
    """The period, then each filter that is set."""
    chosen = [
        (gettext("Scale"), str(MEASURED[filters.scale].name) if filters.scale else ""),
        (gettext("Unit"), filters.unit.name if filters.unit else ""),
        (gettext("Journey"), filters.journey.name if filters.journey else ""),
        (gettext("Touchpoint"), filters.touchpoint.name if filters.touchpoint else ""),
        (gettext("Survey"), filters.survey.name if filters.survey else ""),
        (gettext("Channel"), Response.Channel(filters.channel).label if filters.channel else ""),
        (gettext("Language"), dict(LANGUAGES).get(filters.language, "")),
    ]
    period = str(PERIODS[filters.period][1])
    return [period, *_say(chosen), *(_name_search(search) if search else [])]


def _name_search(search: CommentSearch | Search) -> list[str]:
    words = gettext("Search: “%(words)s”") % {"words": search.words} if search.words else ""
    tones = {
        "bad": gettext("Low score"),
        "middle": gettext("In between"),
        "good": gettext("High score"),
    }
    return [each for each in (words, tones.get(search.tone, ""), *_name_rest(search)) if each]


def _name_rest(search: CommentSearch | Search) -> list[str]:
    if isinstance(search, Search):
        return [gettext("With a comment")] if search.is_commented else []
    chosen = [
        (gettext("Theme"), search.theme.name if search.theme else ""),
        (gettext("Sentiment"), str(Feeling(search.label).label) if search.label else ""),
        (
            gettext("Human or digital"),
            str(Touchpoint.Mode(search.mode).label) if search.mode else "",
        ),
    ]
    return [*_say(chosen), *([gettext("Unsure")] if search.is_unsure else [])]


def _say(chosen: Sequence[tuple[str, object]]) -> list[str]:
    return [f"{label}: {value}" for label, value in chosen if value]
