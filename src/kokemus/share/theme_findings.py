"""What was found of themes, in sentences, and as charts whose titles say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from kokemus.share.filters import Filters
from kokemus.share.telling import Rise, Share
from kokemus.share.themes import Contrast, Part, ThemeStory, Week, compare_weeks
from kokemus.store.models import Theme, Touchpoint
from kokemus.ui.chart_weeks import WeekPoint
from kokemus.ui.charts import Chart, RankedPoint, ranking_chart, trend_chart
from kokemus.ui.wording import format_number, format_percent, format_signed

WORDS_MAX = 6


@dataclass(frozen=True)
class ToldRise:
    """An alert in a sentence; `code` is its theme, empty where words rise that no theme names."""

    sentence: str
    how_sure: str
    code: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class ToldContrast:
    title: str
    first_name: str
    second_name: str
    contrast: Contrast


def tell_rise(rise: Rise, *, names: dict[str, str]) -> ToldRise:
    """What rises, from what it was expected to be to what it is."""
    themes = [names.get(each.code, each.code) for each in rise.risers if each.kind == "theme"]
    words = tuple(each.code for each in rise.risers if each.kind == "word")[:WORDS_MAX]
    found = rise.leader.found
    facts = {
        "count": format_number(found.count),
        "expected": format_number(found.expected, decimals=0 if found.expected >= 10 else 1),
    }
    if themes:
        sentence = gettext(
            "“%(what)s” rises: %(count)s comments in seven days, where %(expected)s were expected."
        ) % (facts | {"what": ", ".join(themes)})
    else:
        sentence = gettext(
            "The words “%(what)s” rise: %(count)s comments in seven days, where %(expected)s were"
            " expected."
        ) % (facts | {"what": ", ".join(words)})
    code = next((each.code for each in rise.risers if each.kind == "theme"), "")
    return ToldRise(sentence, _how_sure(rise), code, words)


def title_of_theme(story: ThemeStory) -> str:
    """The finding: how common the theme is and how that changed, in one line."""
    name, share = story.theme.name, story.share
    if not story.is_told or share.estimate is None:
        return gettext("%(theme)s: too few comments to tell") % {"theme": name}
    return gettext("%(theme)s is in %(share)s of comments (%(interval)s)") % {
        "theme": name,
        "share": format_percent(share.estimate),
        "interval": write_interval(share),
    }


def tell_theme_change(story: ThemeStory, filters: Filters) -> str:
    change = story.change
    if change is None or change.estimate is None or change.low is None or change.high is None:
        return ""
    words = {
        "size": format_number(abs(change.estimate), decimals=1),
        "days": filters.days,
        "interval": f"{format_signed(change.low, decimals=1)} … "
        f"{format_signed(change.high, decimals=1)}",
    }
    if story.direction > 0:
        return (
            gettext("Up %(size)s percentage points from the %(days)s days before (%(interval)s).")
            % words
        )
    if story.direction < 0:
        return (
            gettext("Down %(size)s percentage points from the %(days)s days before (%(interval)s).")
            % words
        )
    return (
        gettext(
            "It cannot be told apart from the %(days)s days before (change %(interval)s points)."
        )
        % words
    )


def tell_effect(story: ThemeStory) -> str:
    """How much lower or higher the score is where the theme is, as an association."""
    if story.effect is None:
        return gettext("No scores to compare with.")
    measured, effect = story.effect
    if not effect.is_told or effect.difference.estimate is None:
        return ngettext(
            "Cannot tell yet: %(count)s answer with this theme has a score.",
            "Cannot tell yet: %(count)s answers with this theme have a score.",
            effect.inside.answers,
        ) % {"count": format_number(effect.inside.answers)}
    low, high = effect.difference.low or 0.0, effect.difference.high or 0.0
    words = {
        "name": measured.name,
        "size": measured.write_size(effect.difference.estimate),
        "interval": f"{measured.write_signed(low)} … {measured.write_signed(high)}",
    }
    if effect.direction < 0:
        return gettext("%(name)s is %(size)s lower where this is spoken of (%(interval)s).") % words
    if effect.direction > 0:
        return gettext("%(name)s is %(size)s higher where this is spoken of (%(interval)s).") % (
            words
        )
    return gettext(
        "%(name)s cannot be told apart with and without this theme (difference %(interval)s)."
    ) % (words)


def draw_theme_trend(theme: Theme, weeks: Sequence[Week]) -> Chart:
    """The share of comments by ISO week with its interval; weeks of too few comments are gaps."""
    points = [
        WeekPoint(
            week.monday,
            _percent(week.share.estimate),
            _percent(week.share.low),
            _percent(week.share.high),
            week.share.total,
        )
        for week in weeks
    ]
    return trend_chart(
        points,
        title=_title_of_trend(weeks),
        subtitle=gettext(
            "Share of comments that speak of “%(theme)s”, percent of each week's. The band is the"
            " 95 %% interval."
        )
        % {"theme": theme.name},
        is_signed=False,
        names=(gettext("Share, %"), gettext("Comments")),
    )


def draw_parts(story: ThemeStory, parts: Sequence[Part], *, title: str) -> Chart:
    """Shares of the groups with their intervals; what cannot be told apart is grey."""
    points = [
        RankedPoint(
            name_part(part),
            _percent(part.share.estimate) or 0.0,
            _percent(part.share.low) or 0.0,
            _percent(part.share.high) or 0.0,
            part.share.total,
            is_apart=part.is_apart,
        )
        for part in parts
        if part.share.estimate is not None
    ]
    return ranking_chart(
        points,
        title=title,
        subtitle=gettext(
            "Percent of each group's comments, with 95 % intervals. Grey cannot be told apart"
            " from the others."
        ),
        overall=_percent(story.share.estimate),
        is_signed=False,
        is_valued=False,
        names=(gettext("Group"), gettext("Share, %"), gettext("Comments")),
    )


def title_of_parts(story: ThemeStory, parts: Sequence[Part]) -> str:
    """Which groups speak of it more or less than the others."""
    told = [part for part in parts if part.is_apart and part.share.estimate is not None]
    whole = story.share.estimate or 0.0
    more = [name_part(part) for part in told if (part.share.estimate or 0) > whole]
    if more:
        return gettext("Spoken of more: %(names)s") % {"names": ", ".join(more)}
    less = [name_part(part) for part in told]
    if less:
        return gettext("Spoken of less: %(names)s") % {"names": ", ".join(less)}
    return gettext("The groups cannot be told apart")


def tell_contrast(contrast: Contrast) -> ToldContrast:
    titles = {
        "score": (
            gettext("Low and high scores"),
            gettext("Those who gave a low score"),
            gettext("Those who gave a high score"),
        ),
        "mode": (
            gettext("Human and digital"),
            gettext("Of human encounters"),
            gettext("Of digital encounters"),
        ),
        "partner": (
            gettext("Partners and own units"),
            gettext("Of partners"),
            gettext("Of own units"),
        ),
    }
    return ToldContrast(*titles[contrast.code], contrast)


def name_part(part: Part) -> str:
    if part.name:
        return part.name
    if part.code == "own":
        return gettext("Own units")
    return str(Touchpoint.Mode(part.code).label)


def write_interval(share: Share) -> str:
    if share.low is None or share.high is None:
        return ""
    return f"{format_percent(share.low)} … {format_percent(share.high)}"


def _title_of_trend(weeks: Sequence[Week]) -> str:
    """The last quarter of the weeks beside the first."""
    quarter = len(weeks) // 4
    change = compare_weeks(weeks[-quarter:], weeks[:quarter]) if quarter else None
    if change is None or change.estimate is None or change.low is None or change.high is None:
        return gettext("Too few weeks to tell a direction")
    words = {
        "size": gettext("%(size)s percentage points")
        % {"size": format_number(abs(change.estimate), decimals=1)},
        "interval": f"{format_signed(change.low, decimals=1)} … "
        f"{format_signed(change.high, decimals=1)}",
        "weeks": format_number(len(weeks)),
    }
    if change.low > 0:
        return gettext("Risen by %(size)s in %(weeks)s weeks (%(interval)s)") % words
    if change.high < 0:
        return gettext("Fallen by %(size)s in %(weeks)s weeks (%(interval)s)") % words
    return gettext("No change in %(weeks)s weeks that could be told from chance") % words


def _how_sure(rise: Rise) -> str:
    ratio = rise.leader.found.share_ratio
    if ratio.estimate is None or ratio.low is None or ratio.high is None:
        return gettext("It is new.")
    return gettext("%(times)s times what was expected (%(low)s to %(high)s).") % {
        "times": format_number(ratio.estimate, decimals=1),
        "low": format_number(ratio.low, decimals=1),
        "high": format_number(ratio.high, decimals=1),
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
