"""Charts show the uncertainty, always; a missing Altair is said."""

import datetime
import math
import sys
from dataclasses import dataclass

import pytest

from kokemus import measure
from kokemus.measure._plots import (
    Interval,
    Point,
    draw_bars,
    draw_intervals,
    draw_line,
    draw_waterfall,
)
from kokemus.measure.results import Result


def marks(chart) -> list[str]:
    return [layer["mark"]["type"] for layer in chart.to_dict()["layer"] if "mark" in layer]


def values(chart) -> list[dict]:
    spec = chart.to_dict()
    return next(layer["data"]["values"] for layer in spec["layer"] if "data" in layer)


def test_a_chart_without_altair_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(measure.MissingExtra, match="pip install altair"):
        measure.nps_from_histogram({9: 1}).plot()


def test_scores_are_drawn_as_intervals() -> None:
    pytest.importorskip("altair")
    scores = measure.Scores(
        (measure.nps_from_histogram({10: 5, 3: 4}), measure.nps_from_histogram({}))
    )
    spec = scores.plot().to_dict()
    shown = next(iter(spec["datasets"].values())) if "datasets" in spec else values(scores.plot())
    assert [(row["label"], row["low"] is None) for row in shown] == [
        ("(none)", False),
        ("(none)", True),
    ]
    assert marks(scores.plot()) == ["rule", "point"]
    assert marks(scores[0].plot()) == ["rule", "point"]


def test_scores_of_dates_are_drawn_as_a_line_with_a_band() -> None:
    pytest.importorskip("altair")
    polars = pytest.importorskip("polars")
    days = [datetime.date(2026, 1, 1), datetime.date(2026, 1, 2)]
    chart = measure.nps(polars.DataFrame({"score": [9, 1], "day": days}), by="day").plot()
    assert marks(chart) == ["area", "rule", "line", "point"]


def test_parts_of_a_waterfall_stand_on_each_other() -> None:
    pytest.importorskip("altair")
    parts = [Interval("mix", 3.0, 1.0, 5.0), Interval("within", -4.0, -6.0, -1.0)]
    spec = draw_waterfall([*parts, Interval("total", -1.0, -3.0, 1.0)]).to_dict()
    bars = next(iter(spec["datasets"].values())) if "datasets" in spec else spec["data"]["values"]
    fields = ("label", "start", "end", "whisker_low", "whisker_high")
    assert [tuple(bar[field] for field in fields) for bar in bars] == [
        ("mix", 0.0, 3.0, 1.0, 5.0),
        ("within", 3.0, -1.0, -3.0, 2.0),
        ("total", 0.0, -1.0, -3.0, 1.0),
    ]


def test_every_builder_makes_a_valid_chart() -> None:
    pytest.importorskip("altair")
    rows = [Interval("a", 1.0, 0.0, 2.0, "one"), Interval("b", None)]
    points = [Point("w1", 1.0, 0.0, 2.0, "north"), Point("w2", 2.0, 1.0, 3.0, "south")]
    numbers = [Point(1, 1.0, 0.0, 2.0), Point(2.5, 2.0)]
    for chart in (
        draw_intervals(rows, title="points", reference=0.0),
        draw_bars(rows),
        draw_line(points, rules={"limit": 2.0}),
        draw_line(numbers, x_title="months"),
    ):
        assert {"rule"} <= set(marks(chart))
    assert str(draw_line(numbers).to_dict()).count("'quantitative'") > 3


@dataclass(frozen=True, kw_only=True)
class Found(Result):
    parts: dict[object, measure.Estimate]
    day: datetime.date
    codes: tuple[float, ...] = (1.0, math.nan)

    def _table(self):
        return ("part", "estimate"), [(name, part.estimate) for name, part in self.parts.items()]

    def _chart(self):
        rows = [Interval(str(n), p.estimate, p.low, p.high) for n, p in self.parts.items()]
        return draw_bars(rows)


def test_a_result_becomes_plain_json_and_a_table() -> None:
    day = datetime.date(2026, 1, 2)
    found = Found(parts={"<a>": measure.Estimate(1234.5, None, math.inf)}, day=day)
    assert found.to_dict() == {
        "parts": {"<a>": {"estimate": 1234.5, "low": None, "high": None}},
        "day": "2026-01-02",
        "codes": [1.0, None],
    }
    assert "<tr><th>&lt;a&gt;</th><td>1,234</td></tr>" in found._repr_html_()


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        (measure.Estimate(1.234, 1, 2), "1.23 (1.00 to 2.00)"),
        (measure.Estimate(1.234, None, None), "1.23 (cannot tell how far off)"),
        (measure.Estimate(None, None, None), "cannot tell"),
    ],
)
def test_an_estimate_prints_well(estimate, words) -> None:
    assert str(estimate) == words
