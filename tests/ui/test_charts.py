"""What the charts draw and say: with nothing, with one point, with gaps, in every language."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import altair
import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from kokemus.ui.chart_theme import read_colours
from kokemus.ui.chart_weeks import WeekPoint, fill_weeks, label_weeks
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
from kokemus.ui.drawing import render_png, render_svg

MONDAY = date(2025, 12, 22)
SVG = "{http://www.w3.org/2000/svg}"


def make_week(number: int, estimate: float = 40.0) -> WeekPoint:
    return WeekPoint(MONDAY + timedelta(weeks=number), estimate, estimate - 5, estimate + 5, 90)


def make_trend(count: int) -> Chart:
    points = [make_week(number) for number in range(count)]
    return trend_chart(points, title="Steady", subtitle="NPS by week", target=45)


def make_distribution(*counts: int) -> Chart:
    tones = ("bad", "middle", "good")
    bars = [
        ScoreBar(str(n), count, tones[n % 3], tones[n % 3].title())
        for n, count in enumerate(counts)
    ]
    return distribution_chart(bars, title="Mixed", subtitle="Answers")


def make_ranking(count: int) -> Chart:
    points = [
        RankedPoint(f"Stop {n}", 20 * n, 20 * n - 5, 20 * n + 5, 80, n != 1) for n in range(count)
    ]
    return ranking_chart(points, title="Order", subtitle="NPS", overall=20)


def make_channel(count: int) -> Chart:
    bars = [CountBar(f"Door {n}", 10 * n) for n in range(count)]
    return channel_chart(bars, title="By mail", subtitle="Answers")


EVERY = [
    *(make_trend(count) for count in (0, 1, 2, 30)),
    *(make_distribution(*counts) for counts in ((), (1,), (0, 0, 0), (3, 4, 5))),
    *(make_ranking(count) for count in (0, 1, 3)),
    *(make_channel(count) for count in (0, 1, 3)),
]


@pytest.mark.parametrize("chart", EVERY)
def test_every_specification_is_valid_vega_lite(chart: Chart) -> None:
    altair.Chart.from_dict(chart.spec, validate=True)


@pytest.mark.parametrize("chart", EVERY)
@pytest.mark.parametrize("width", [330, 720])
def test_every_drawing_has_a_label_and_nothing_the_policy_refuses(chart: Chart, width: int) -> None:
    root = ElementTree.fromstring(render_svg(chart, width=width))
    assert (root.get("role"), root.get("aria-label")) == ("img", chart.label)
    assert [element for element in root.iter() if "style" in element.attrib] == []
    assert [
        element.tag for element in root.iter() if element.tag in {SVG + "style", "script"}
    ] == []


def test_a_drawing_takes_its_colours_from_the_page() -> None:
    root = ElementTree.fromstring(render_svg(make_ranking(3)))
    classes = {name for element in root.iter() for name in element.get("class", "").split()}
    assert {"fill-good", "fill-edge", "fill-bad", "stroke-good", "fill-ink"} <= classes


def test_a_dark_drawing_has_the_dark_colours() -> None:
    light, dark = (render_svg(make_channel(3), theme=theme) for theme in ("light", "dark"))
    assert [read_colours()["accent"][0] in svg for svg in (light, dark)] == [True, False]
    assert read_colours()["accent"][1] in dark


def test_a_label_cannot_break_out_of_the_drawing() -> None:
    chart = channel_chart([CountBar("<b>&", 3)], title='"><script>', subtitle="")
    svg = render_svg(chart)
    assert "<script" not in svg
    assert ElementTree.fromstring(svg).get("aria-label") == '"><script>'


def test_png_is_drawn_for_mail() -> None:
    assert render_png(make_trend(3), width=300)[:8] == b"\x89PNG\r\n\x1a\n"


def test_weeks_without_answers_are_gaps() -> None:
    with translation.override("en"):
        chart = trend_chart(
            [make_week(3), make_week(0, 12.0)], title="Gap", subtitle="", is_signed=False
        )
        assert chart.rows == (
            ("W52 2025", "12", "7 … 17", "90"),
            ("W1 2026", "–", "–", "0"),
            ("W2 2026", "–", "–", "0"),
            ("W3 2026", "40", "35 … 45", "90"),
        )


def test_a_week_between_gaps_is_alone_and_the_last_score_is_labelled() -> None:
    weeks = fill_weeks([make_week(0), make_week(1), make_week(3), make_week(5, float("nan"))])
    assert [week.is_alone for week in weeks] == [False, False, False, True, False, False]
    assert [week.is_last for week in weeks] == [False, False, False, True, False, False]


def test_weeks_are_labelled_by_iso_week_with_the_year_where_it_changes() -> None:
    with translation.override("fi"):
        labels = label_weeks(fill_weeks([make_week(0), make_week(2)]))
    assert labels == {
        "2025-W52": ["vko 52", "2025"],
        "2026-W01": ["vko 1", "2026"],
        "2026-W02": ["vko 2", ""],
    }


def test_what_cannot_be_told_apart_is_said_so() -> None:
    with translation.override("en"):
        rows = make_ranking(3).rows
    assert [(row[0], row[-1]) for row in rows] == [
        ("Stop 0", "worse"),
        ("Stop 1", "cannot be told apart"),
        ("Stop 2", "better"),
    ]


def test_distribution_has_counts_and_shares_behind_it() -> None:
    with translation.override("en"):
        rows = make_distribution(1, 1, 2).rows
    assert rows == (
        ("0", "Bad", "1", "25%"),
        ("1", "Middle", "1", "25%"),
        ("2", "Good", "2", "50%"),
    )


def render_figure(chart: Chart, agent: str = "") -> str:
    request = RequestFactory().get("/", headers={"User-Agent": agent})
    template = Template("{% load ui %}{% chart chart %}")
    with translation.override("en"):
        return template.render(Context({"chart": chart, "request": request}))


def test_chart_tag_shows_title_drawing_and_table() -> None:
    html = render_figure(make_channel(2))
    assert '<h2 class="chart-title">By mail</h2>' in html
    assert html.count('role="img"') == 1
    assert re.findall(r'<th scope="row">([^<]+)</th><td class="num">([^<]+)<', html) == [
        ("Door 0", "0"),
        ("Door 1", "10"),
    ]


def test_chart_tag_says_when_there_is_nothing_to_draw() -> None:
    html = render_figure(make_trend(0))
    assert "No answers yet" in html
    assert "<svg" not in html


def test_phones_get_a_narrow_drawing() -> None:
    html = render_figure(make_trend(3), "Mozilla/5.0 (iPhone) Mobile/15E148")
    assert re.search(r'viewBox="0 0 330 ', html) is not None
