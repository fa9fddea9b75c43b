"""The charts of Kokemus: what is drawn, in which words, with which numbers behind it.

A builder takes points and the finding in words, and returns a frozen `Chart`. A template shows
it by `{% chart chart %}`; `ui.drawing` turns it into SVG for a page and PNG for mail.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from kokemus.ui.chart_theme import chart_config, colour
from kokemus.ui.chart_weeks import Week, WeekPoint, fill_weeks, label_weeks
from kokemus.ui.wording import DASH, format_number, format_percent, format_signed, is_known

if TYPE_CHECKING:
    import altair

TREND_HEIGHT, BARS_HEIGHT, ROW_HEIGHT, ROW_HEIGHT_NARROW = 260, 220, 40, 60
NARROW_BELOW = 480
FULL_WIDTH = "container"

Write = Callable[[float | None], str]


@dataclass(frozen=True)
class Chart:
    """A Vega-Lite specification in the light theme, and the same in words and numbers."""

    spec: dict[str, Any]
    title: str
    subtitle: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_empty: bool = False

    @property
    def label(self) -> str:
        """What a screen reader says in place of the drawing."""
        return f"{self.title}. {self.subtitle}" if self.subtitle else self.title


@dataclass(frozen=True)
class ScoreBar:
    """How many gave one answer; `tone` is good, middle or bad, `group` says so in a word."""

    label: str
    count: int
    tone: str
    group: str


@dataclass(frozen=True)
class RankedPoint:
    """One row of a ranking; `is_apart` when it can be told from the whole."""

    label: str
    estimate: float
    low: float
    high: float
    answers: int
    is_apart: bool


@dataclass(frozen=True)
class CountBar:
    label: str
    count: int


def trend_chart(
    points: Sequence[WeekPoint],
    *,
    title: str,
    subtitle: str,
    target: float | None = None,
    decimals: int = 0,
    is_signed: bool = True,
    names: tuple[str, str] | None = None,
) -> Chart:
    """Draw the score week by week with its interval; weeks without answers are gaps.

    `points` may come in any order and leave weeks out. `target` is a thin dashed line. `names`
    are what is drawn and what it rests on, where they are not scores and answers.
    """
    import altair as alt

    write = _writer(decimals=decimals, is_signed=is_signed)
    weeks = fill_weeks(points)
    data = _inline([_week_row(week, write=write) for week in weeks])
    x = alt.X("week:O", sort=None, axis=_week_axis(weeks), scale=alt.Scale(paddingOuter=0.5))
    axis = _score_axis(decimals=decimals, is_signed=is_signed)
    y = alt.Y("low:Q", scale=alt.Scale(zero=False, nice=True), axis=axis)
    base = alt.Chart(data).encode(x=x)
    layers: list[alt.Chart] = [
        base.mark_area(opacity=0.16).encode(y=y, y2="high:Q"),
        base.mark_line().encode(y="estimate:Q"),
        *_level_layers(weeks, target=target, write=write),
        *([_lonely_whiskers(base)] if any(week.is_alone for week in weeks) else []),
        *(draw(base) for draw in _WEEK_LAYERS if any(week.is_last for week in weeks)),
        *([_week_strips(base, names=names)] if any(week.is_last for week in weeks) else []),
    ]
    spec = _finish(alt.layer(*layers), height=TREND_HEIGHT, right=56)
    rows = tuple(_week_cells(week, write=write) for week in weeks)
    shown, answers = names or (gettext("Score"), gettext("Answers"))
    columns = (gettext("Week"), shown, gettext("Interval"), answers)
    is_empty = not any(is_known(week.point.estimate) for week in weeks)
    return Chart(spec, title, subtitle, columns, rows, is_empty=is_empty)


def distribution_chart(bars: Sequence[ScoreBar], *, title: str, subtitle: str) -> Chart:
    """Draw how many gave each answer, from worst to best, grouped in words above the bars."""
    import altair as alt

    total = sum(bar.count for bar in bars)
    values = [_bar_row(bar, total=total) for bar in bars]
    x = alt.X("label:N", sort=None, axis=alt.Axis(labelAngle=0, labelPadding=10))
    y = alt.Y("count:Q", axis=None, scale=alt.Scale(domainMin=0))
    tones = alt.Color("colour:N", scale=None, legend=None)
    tooltip = _tooltip(("label", "group", "shown", "share"))
    base = alt.Chart(_inline(values)).encode(x=x)
    layers: list[alt.Chart] = [
        base.mark_bar().encode(y=y, color=tones, tooltip=tooltip),
        base.mark_text(dy=-9, color=colour("ink-2")).encode(y=y, text="shown:N"),
        *(_group_words(bars, group=group) for group in _list_groups(bars)),
    ]
    spec = _finish(alt.layer(*layers), height=BARS_HEIGHT, top=58)
    rows = tuple((row["label"], row["group"], row["shown"], row["share"]) for row in values)
    columns = (gettext("Answer"), gettext("Group"), gettext("Answers"), gettext("Share"))
    return Chart(spec, title, subtitle, columns, rows, is_empty=not total)


def ranking_chart(
    points: Sequence[RankedPoint],
    *,
    title: str,
    subtitle: str,
    overall: float | None = None,
    decimals: int = 0,
    is_signed: bool = True,
    is_valued: bool = True,
    names: tuple[str, str, str] | None = None,
) -> Chart:
    """Draw scores with whiskers in the order given; what cannot be told apart is grey.

    Where more is neither better nor worse, `is_valued` is False. `names` are what is ranked, what
    is drawn and what it rests on, where they are not touchpoints, scores and answers.
    """
    import altair as alt

    write = _writer(decimals=decimals, is_signed=is_signed)
    values = [
        _ranked_row(point, overall=overall, write=write, is_valued=is_valued) for point in points
    ]
    y = alt.Y("label:N", sort=None, axis=alt.Axis(labelColor=colour("ink")))
    axis = _score_axis(decimals=decimals, is_signed=is_signed)
    x = alt.X("estimate:Q", scale=alt.Scale(zero=False, nice=True), axis=axis)
    tones = alt.Color("colour:N", scale=None, legend=None)
    shapes = alt.Shape("shape:N", scale=None, legend=None)
    base = alt.Chart(_inline(values)).encode(y=y)
    ranked, shown, answers = names or (gettext("Touchpoint"), gettext("Score"), gettext("Answers"))
    fields = ("label", "shown", "interval", "answers", "verdict")
    tooltip = _tooltip(fields, names=(shown, answers))
    layers: list[alt.Chart] = [
        base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", axis=axis), x2="high:Q", color=tones),
        base.mark_point(size=120).encode(x=x, color=tones, shape=shapes, tooltip=tooltip),
        base.mark_text(align="left", dx=10).encode(x="high:Q", text="shown:N"),
    ]
    if overall is not None:
        whole = _inline([{"overall": overall}])
        layers.insert(0, alt.Chart(whole).mark_rule(strokeDash=[4, 3]).encode(x="overall:Q"))
    spec = _finish_rows(alt.layer(*layers), rows=len(values), right=44)
    rows = tuple(tuple(row[key] for key in _RANKED_CELLS) for row in values)
    columns = (ranked, shown, gettext("Interval"), answers, gettext("Beside the whole"))
    return Chart(spec, title, subtitle, columns, rows, is_empty=not points)


def channel_chart(bars: Sequence[CountBar], *, title: str, subtitle: str) -> Chart:
    """Draw counts as bars in the order given, each with its number and share."""
    import altair as alt

    total = sum(bar.count for bar in bars)
    values = [_count_row(bar, total=total) for bar in bars]
    y = alt.Y("label:N", sort=None, axis=alt.Axis(labelColor=colour("ink")))
    x = alt.X("count:Q", axis=None, scale=alt.Scale(domainMin=0))
    base = alt.Chart(_inline(values)).encode(y=y, x=x)
    bar = base.mark_bar(height=18).encode(tooltip=_tooltip(("label", "shown", "share")))
    words = base.mark_text(align="left", dx=8).encode(text="words:N")
    spec = _finish_rows(alt.layer(bar, words), rows=len(values), right=112)
    rows = tuple((row["label"], row["shown"], row["share"]) for row in values)
    columns = (gettext("Channel"), gettext("Answers"), gettext("Share"))
    return Chart(spec, title, subtitle, columns, rows, is_empty=not total)


_RANKED_CELLS = ("label", "shown", "interval", "answers", "verdict")


def _finish(
    chart: altair.LayerChart | altair.FacetChart, *, height: int, top: int = 12, right: int = 8
) -> dict[str, Any]:
    """The specification with our size and theme; `usermeta` is what changes on a phone."""
    spec: dict[str, Any] = chart.to_dict(validate=False)  # the tests validate; here it costs 40 ms
    return spec | {
        "width": FULL_WIDTH,
        "height": height,
        "config": chart_config(),
        "padding": {"left": 2, "top": top, "right": right, "bottom": 4},
        "autosize": {"type": "fit-x", "contains": "padding"},
    }


def _finish_rows(
    chart: altair.LayerChart | altair.FacetChart, *, rows: int, right: int
) -> dict[str, Any]:
    """A drawing of rows; where it is narrow, each name stands over its row, not beside it."""
    spec = _finish(chart, height=ROW_HEIGHT * max(rows, 1), right=right)
    above = {"labelAlign": "left", "labelBaseline": "bottom", "labelOffset": -10}
    axis = above | {"labelPadding": 0, "labelLimit": NARROW_BELOW}
    narrow = {"height": ROW_HEIGHT_NARROW * max(rows, 1), "axisY": axis}
    return spec | {"usermeta": {"below": NARROW_BELOW, "narrow": narrow}}


def _score_axis(*, decimals: int, is_signed: bool) -> altair.Axis:
    import altair as alt

    form = f"{'+' if is_signed else ''}.{max(decimals, 1)}~f"
    expression = "datum.value === 0 ? '0' : datum.label"
    return alt.Axis(tickCount=4, format=form, labelExpr=expression, grid=True)


def _inline(rows: list[dict[str, Any]]) -> altair.InlineData:
    import altair as alt

    return alt.InlineData(values=rows)


def _writer(*, decimals: int, is_signed: bool) -> Write:
    form = format_signed if is_signed else format_number

    def write(value: float | None) -> str:
        if value is None or not is_known(value):
            return DASH
        return form(value, decimals=decimals)

    return write


def _tooltip(
    fields: tuple[str, ...], *, names: tuple[str, str] | None = None
) -> list[altair.Tooltip]:
    import altair as alt

    titles = {
        "name": gettext("Week"),
        "label": gettext("Name"),
        "group": gettext("Group"),
        "shown": gettext("Score") if "interval" in fields else gettext("Answers"),
        "interval": gettext("Interval"),
        "answers": gettext("Answers"),
        "share": gettext("Share"),
        "verdict": gettext("Beside the whole"),
    }
    titles |= dict(zip(("shown", "answers"), names or (), strict=False))
    return [alt.Tooltip(f"{name}:N", title=titles[name]) for name in fields]


def _week_axis(weeks: list[Week]) -> altair.Axis:
    import altair as alt

    labels = label_weeks(weeks)
    names = json.dumps(labels)
    return alt.Axis(
        values=list(labels),
        labelExpr=f"({names})[datum.value]",
        labelAngle=0,
        labelOverlap="greedy",
    )


def _lonely_whiskers(base: altair.Chart) -> altair.Chart:
    """A week between gaps has no band; its interval is a whisker."""
    whisker = base.transform_filter("datum.alone").mark_rule(strokeWidth=2, color=colour("accent"))
    drawn: altair.Chart = whisker.encode(y="low:Q", y2="high:Q")
    return drawn


def _week_marks(base: altair.Chart) -> altair.Chart:
    marks: altair.Chart = base.transform_filter("isValid(datum.estimate)").mark_point(size=30)
    return marks.encode(y="estimate:Q")


def _week_strips(base: altair.Chart, *, names: tuple[str, str] | None) -> altair.Chart:
    """Unseen strips from top to bottom, so that a week tells its numbers without exact aim."""
    strips: altair.Chart = base.transform_filter("isValid(datum.estimate)").mark_rule(
        strokeWidth=14, opacity=0
    )
    fields = ("name", "shown", "interval", "answers")
    return strips.encode(tooltip=_tooltip(fields, names=names))


def _last_words(base: altair.Chart) -> altair.Chart:
    text = base.transform_filter("datum.last").mark_text(
        align="left", dx=10, fontSize=16, fontWeight=600
    )
    drawn: altair.Chart = text.encode(y="estimate:Q", text="shown:N")
    return drawn


_WEEK_LAYERS = (_week_marks, _last_words)


def _week_row(week: Week, *, write: Write) -> dict[str, Any]:
    point = week.point
    return {
        "week": week.key,
        "name": week.name,
        "estimate": _number(point.estimate),
        "low": _number(point.low),
        "high": _number(point.high),
        "shown": write(point.estimate),
        "interval": _interval(point.low, point.high, write=write),
        "answers": format_number(point.answers),
        "alone": week.is_alone,
        "last": week.is_last,
    }


def _week_cells(week: Week, *, write: Write) -> tuple[str, ...]:
    row = _week_row(week, write=write)
    return (row["name"], row["shown"], row["interval"], row["answers"])


def _level_layers(weeks: list[Week], *, target: float | None, write: Write) -> list[altair.Chart]:
    """The thin zero line, where zero is in sight, and the dashed target with its words."""
    import altair as alt

    lows = [week.point.low for week in weeks if week.point.low is not None]
    highs = [week.point.high for week in weeks if week.point.high is not None]
    layers: list[altair.Chart] = []
    if lows and highs and min(lows) < 0 < max(highs):
        zero = alt.Chart(_inline([{"level": 0}]))
        layers.append(zero.mark_rule(color=colour("edge")).encode(y="level:Q"))
    if target is not None:
        words = gettext("Target %(value)s") % {"value": write(target)}
        base = alt.Chart(_inline([{"level": target, "words": words}])).encode(y="level:Q")
        layers.append(base.mark_rule(color=colour("ink-2"), strokeDash=[4, 3]))
        place: dict[str, Any] = {"align": "left", "baseline": "bottom", "x": 4, "dy": -4}
        halo: dict[str, Any] = {"stroke": colour("card"), "strokeWidth": 4, "color": colour("card")}
        layers.append(base.mark_text(**place, **halo).encode(text="words:N"))
        layers.append(base.mark_text(**place, color=colour("ink-2")).encode(text="words:N"))
    return layers


def _bar_row(bar: ScoreBar, *, total: int) -> dict[str, Any]:
    return {
        "label": bar.label,
        "group": bar.group,
        "count": bar.count,
        "shown": format_number(bar.count),
        "share": format_percent(bar.count / total) if total else DASH,
        "colour": colour(bar.tone),
    }


def _list_groups(bars: Sequence[ScoreBar]) -> list[str]:
    return list(dict.fromkeys(bar.group for bar in bars))


def _group_words(bars: Sequence[ScoreBar], *, group: str) -> altair.Chart:
    """A group's name and share on top: the first at the left edge, the last at the right."""
    import altair as alt

    groups = _list_groups(bars)
    place = groups.index(group) / max(len(groups) - 1, 1)
    align: dict[float, Any] = {0.0: "left", 1.0: "right"}
    members = [bar for bar in bars if bar.group == group]
    total = sum(bar.count for bar in bars)
    share = sum(bar.count for bar in members) / total if total else 0.0
    tone = members[0].tone
    ink = colour("ink-2" if tone == "middle" else tone)
    rows = [{"words": [group, format_percent(share)]}]
    mark = alt.Chart(_inline(rows)).mark_text(
        align=align.get(place, "center"),
        x=alt.expr(f"width * {place:.3f}"),
        y=-50,
        lineHeight=17,
        fontWeight=600,
        color=ink,
    )
    words: altair.Chart = mark.encode(text="words:N")
    return words


def _ranked_row(
    point: RankedPoint, *, overall: float | None, write: Write, is_valued: bool
) -> dict[str, Any]:
    is_above = overall is None or point.estimate >= overall
    if not point.is_apart:
        tone, shape, verdict = "edge", "circle", gettext("cannot be told apart")
    elif not is_valued:
        tone, shape = "accent", "triangle-up" if is_above else "triangle-down"
        verdict = gettext("more") if is_above else gettext("less")
    elif is_above:
        tone, shape, verdict = "good", "triangle-up", gettext("better")
    else:
        tone, shape, verdict = "bad", "triangle-down", gettext("worse")
    return {
        "label": point.label,
        "estimate": point.estimate,
        "low": point.low,
        "high": point.high,
        "shown": write(point.estimate),
        "interval": _interval(point.low, point.high, write=write),
        "answers": format_number(point.answers),
        "verdict": verdict,
        "colour": colour(tone),
        "shape": shape,
    }


def _count_row(bar: CountBar, *, total: int) -> dict[str, Any]:
    shown = format_number(bar.count)
    share = format_percent(bar.count / total) if total else DASH
    words = f"{shown} · {share}"
    return {"label": bar.label, "count": bar.count, "shown": shown, "share": share, "words": words}


def _number(value: float | None) -> float | None:
    return value if is_known(value) else None


def _interval(low: float | None, high: float | None, *, write: Write) -> str:
    return f"{write(low)} … {write(high)}" if is_known(low) and is_known(high) else DASH
