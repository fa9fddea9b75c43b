"""What the overview found, in words, and as charts whose titles say it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from kokemus.measure import Score
from kokemus.share.filters import PERIODS, Filters
from kokemus.share.overview import Attention, Now, Overview, Place, Trend
from kokemus.share.scales import Measured
from kokemus.store.models import Response
from kokemus.ui.chart_weeks import WeekPoint
from kokemus.ui.charts import (
    Chart,
    CountBar,
    RankedPoint,
    ScoreBar,
    channel_chart,
    distribution_chart,
    ranking_chart,
    trend_chart,
)
from kokemus.ui.wording import format_number, format_percent

NAMES_MAX = 3


def tell_change(now: Now, filters: Filters) -> str:
    """Whether the score changed from the days before, in a sentence; empty without such days."""
    if now.before is None or not now.is_told:
        return ""
    if not now.is_change_told or now.change is None or now.change.estimate is None:
        return gettext("There are too few answers of the %(days)s days before to compare with.") % {
            "days": filters.days
        }
    words = {
        "size": now.measured.write_size(now.change.estimate),
        "days": filters.days,
        "interval": _write_change_interval(now.measured, now.change),
    }
    if now.direction == 0:
        return gettext(
            "It cannot be told apart from the %(days)s days before (change %(interval)s)."
        ) % (words)
    risen = gettext("It rose by %(size)s from the %(days)s days before (%(interval)s).")
    fallen = gettext("It fell by %(size)s from the %(days)s days before (%(interval)s).")
    return (risen if now.direction > 0 else fallen) % words


def tell_state(now: Now, filters: Filters) -> str:
    """Why there is no number, for none, one and too few answers; empty where there is one."""
    if now.is_told:
        return ""
    if not now.score.answers:
        return gettext("No answers in this period.")
    return ngettext(
        "One answer so far. A score can be told from %(needed)s answers.",
        "%(count)s answers so far. A score can be told from %(needed)s answers.",
        now.score.answers,
    ) % {"count": now.score.answers, "needed": 5}


def draw_trend(trend: Trend) -> Chart:
    measured = trend.measured
    points = [
        WeekPoint(
            week.monday,
            week.score.estimate,
            week.score.low,
            week.score.high,
            week.score.answers,
        )
        for week in trend.weeks
    ]
    return trend_chart(
        points,
        title=_title_of_trend(trend),
        subtitle=gettext("%(name)s by week. The band is where the score lies with 95 %% certainty.")
        % {"name": measured.name},
        decimals=1 if measured.form == "mean" else 0,
        is_signed=measured.is_signed,
    )


def draw_distribution(overview: Overview) -> Chart:
    measured = overview.now.measured
    bars = []
    for score in measured.scores:
        group = measured.group_of(score)
        label = str(group.name) if measured.code == "thumbs" else str(score)
        bars.append(
            ScoreBar(label, overview.distribution.get(score, 0), group.tone, str(group.name))
        )
    return distribution_chart(
        bars,
        title=_title_of_distribution(overview),
        subtitle=gettext("How many gave each answer."),
    )


def draw_ranking(overview: Overview) -> Chart:
    attention = overview.attention
    apart = {place.touchpoint for place in (*attention.below, *attention.above)}
    points = [
        RankedPoint(
            name_place(place),
            place.score.estimate or 0.0,
            place.score.low or 0.0,
            place.score.high or 0.0,
            place.score.answers,
            is_apart=place.touchpoint in apart,
        )
        for place in attention.placed
    ]
    return ranking_chart(
        points,
        title=title_of_ranking(attention),
        subtitle=gettext(
            "First those that lie below the score of all with their whole interval, then those"
            " that cannot be told apart from it. The intervals hold for all touchpoints at once."
        ),
        overall=attention.overall,
        decimals=1 if overview.now.measured.form == "mean" else 0,
        is_signed=overview.now.measured.is_signed,
    )


def draw_channels(overview: Overview) -> Chart:
    bars = [CountBar(name_channel(code), count) for code, count in overview.channels]
    return channel_chart(
        bars,
        title=_title_of_channels(overview),
        subtitle=gettext("Answers by the way they came."),
    )


def title_of_ranking(attention: Attention) -> str:
    if attention.below:
        return gettext("Below the score of all: %(names)s") % {
            "names": _join([name_place(place) for place in attention.below])
        }
    if attention.above:
        return gettext("Above the score of all: %(names)s") % {
            "names": _join([name_place(place) for place in attention.above])
        }
    return gettext("No touchpoint can be told apart from the score of all")


def title_of(now: Now, filters: Filters) -> str:
    """The score, its margin and its change in one line, for a heading or a mail."""
    score, measured = now.score, now.measured
    if not now.is_told or score.estimate is None or score.low is None or score.high is None:
        return f"{measured.name}: {tell_state(now, filters)}"
    margin = measured.write_margin((score.high - score.low) / 2)
    return f"{measured.name} {measured.write(score.estimate)} (±{margin})"


def name_place(place: Place) -> str:
    return place.name or gettext("Another unit's touchpoint")


def name_channel(code: str) -> str:
    return str(Response.Channel(code).label)


def name_period(filters: Filters) -> str:
    return str(PERIODS[filters.period][1])


def name_days_before(filters: Filters) -> str:
    return gettext("The %(days)s days before") % {"days": filters.days}


def _title_of_trend(trend: Trend) -> str:
    change, measured = trend.change, trend.measured
    if change is None or change.estimate is None or change.low is None or change.high is None:
        return gettext("Too few weeks to tell a direction")
    words = {
        "size": measured.write_size(change.estimate),
        "interval": _write_change_interval(measured, change),
        "weeks": format_number(len(trend.weeks)),
    }
    if change.low > 0:
        return gettext("Risen by %(size)s in %(weeks)s weeks (%(interval)s)") % words
    if change.high < 0:
        return gettext("Fallen by %(size)s in %(weeks)s weeks (%(interval)s)") % words
    return gettext("No change in %(weeks)s weeks that could be told from chance") % words


def _title_of_distribution(overview: Overview) -> str:
    groups = overview.now.measured.groups
    total = sum(overview.distribution.values())
    if not total:
        return gettext("No answers in this period.")
    shares = {
        group.tone: sum(n for score, n in overview.distribution.items() if group.holds(score))
        / total
        for group in groups
    }
    names = {group.tone: str(group.name) for group in groups}
    return gettext("%(good)s %(good_share)s, %(bad)s %(bad_share)s") % {
        "good": capfirst(names["good"]),
        "good_share": format_percent(shares["good"]),
        "bad": names["bad"].lower(),
        "bad_share": format_percent(shares["bad"]),
    }


def _title_of_channels(overview: Overview) -> str:
    total = sum(count for _code, count in overview.channels)
    if not total:
        return gettext("No answers in this period.")
    code, count = overview.channels[0]
    return gettext("Most answers came by this way: %(channel)s, %(share)s") % {
        "channel": name_channel(code).lower() if code not in {"qr", "api"} else name_channel(code),
        "share": format_percent(count / total),
    }


def _write_change_interval(measured: Measured, change: Score) -> str:
    assert change.low is not None
    assert change.high is not None
    return f"{measured.write_signed(change.low)} … {measured.write_signed(change.high)}"


def _join(names: Sequence[str]) -> str:
    if len(names) <= NAMES_MAX:
        return ", ".join(names)
    rest = len(names) - NAMES_MAX
    more = ngettext("%(count)s more", "%(count)s more", rest) % {"count": rest}
    return ", ".join([*names[:NAMES_MAX], more])
