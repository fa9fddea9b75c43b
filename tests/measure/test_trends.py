"""Control charts, EWMA, change points and what changed since."""

import json
import math
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import laney

from kokemus.measure import NotNumbers
from kokemus.measure._chart_rules import RULES, find_signals, rule
from kokemus.measure._false_discovery import adjust_p_values
from kokemus.measure.trends import (
    change_points,
    ewma,
    ewma_run_length,
    nps_chart,
    nps_chart_from_counts,
    share_chart,
    share_chart_from_counts,
    what_changed,
    what_changed_from_histograms,
    with_iso_week,
)

NAN = math.nan


def laney_chart(**options):
    successes, answers = zip(*laney.WEEKS, strict=True)
    return share_chart_from_counts(successes, answers, **options)


def test_p_prime_limits_are_those_of_qicharts2() -> None:
    chart = laney_chart()
    limits = [(point.limit_low / 100, point.limit_high / 100) for point in chart.points]
    expected = [row[2:] for row in laney.WEEKS.values()]
    assert np.allclose(limits, expected, rtol=0, atol=1e-12)
    assert chart.centre == pytest.approx(100 * laney.CENTRE, abs=1e-10)


def test_the_spread_is_what_widens_the_plain_limits() -> None:
    chart = laney_chart()
    plain = [
        (chart.centre - 3 * point.standard_error, chart.centre + 3 * point.standard_error)
        for point in chart.points
    ]
    expected = [row[:2] for row in laney.WEEKS.values()]
    assert np.allclose(np.array(plain) / 100, expected, rtol=0, atol=1e-12)
    assert chart.spread == pytest.approx(10.64, abs=0.01)


def test_plain_limits_would_flag_most_weeks_and_p_prime_none() -> None:
    chart = laney_chart(rules=["outside"])
    outside = [abs(point.z) * chart.spread > 3 for point in chart.points]
    assert (sum(outside), chart.signals) == (16, ())


def test_an_nps_chart_takes_the_trinomial_variance() -> None:
    down, between, up = [8, 9, 7, 9], [9, 9, 10, 8], [19, 18, 19, 20]
    chart = nps_chart_from_counts(down, between, up)
    n = np.array([36, 36, 36, 37])
    p, q = 76 / 145, 33 / 145
    errors = 100 * np.sqrt((p + q - (p - q) ** 2) / n)
    z = (100 * (np.array(up) - down) / n - 100 * (p - q)) / errors
    spread = np.abs(np.diff(z)).mean() / 1.128
    assert chart.spread == pytest.approx(spread, abs=1e-12)
    low = [point.limit_low for point in chart.points]
    assert low == pytest.approx(list(100 * (p - q) - 3 * errors * spread), abs=1e-9)


def test_an_nps_without_passives_is_charted_as_its_share() -> None:
    up, n = [30, 25, 28, 31, 20], 40
    share = share_chart_from_counts(up, [n] * 5)
    nps = nps_chart_from_counts([n - each for each in up], [0] * 5, up)
    assert [point.z for point in nps.points] == pytest.approx([p.z for p in share.points])
    assert nps.centre == pytest.approx(2 * share.centre - 100)


def test_a_baseline_sets_the_limits() -> None:
    whole = share_chart_from_counts([30, 32, 29, 33], [50] * 4)
    longer = share_chart_from_counts([30, 32, 29, 33, 10, 12], [50] * 6, baseline=4)
    assert longer.points[:4] == whole.points
    assert [point.period for point in longer.signals] == [5, 6]


def test_limits_stay_on_the_scale() -> None:
    chart = share_chart_from_counts([10, 9, 10, 8, 10], [10] * 5)
    assert {point.limit_high for point in chart.points} == {100.0}


@pytest.mark.parametrize(
    ("successes", "answers", "printed"),
    [
        ([], [], "share: no answers"),
        ([0, 0], [0, 0], "share: no answers"),
        ([3], [5], "share by period: centre 60.0 %; cannot tell what is usual from 1 period"),
        (
            [5, 5],
            [5, 5],
            "share by period: centre 100.0 %; cannot tell what is usual from 2 periods",
        ),
    ],
)
def test_a_chart_says_when_it_cannot_tell(successes, answers, printed) -> None:
    chart = share_chart_from_counts(successes, answers)
    assert str(chart) == printed
    assert all(point.limit_low is None for point in chart.points)


def test_a_period_without_answers_is_passed_over() -> None:
    whole = share_chart_from_counts([30, 32, 29, 33], [50] * 4, periods=[1, 2, 4, 5])
    gap = share_chart_from_counts([30, 32, 0, 29, 33], [50, 50, 0, 50, 50])
    assert [point for point in gap.points if point.answers] == list(whole.points)
    assert gap.points[2].estimate is None


@pytest.mark.parametrize(
    "call",
    [
        lambda: share_chart_from_counts([3], [2]),
        lambda: share_chart_from_counts([3, 1], [5]),
        lambda: share_chart_from_counts([-1], [2]),
        lambda: share_chart_from_counts([1, 1], [2, 2], rules=["nine"]),
        lambda: share_chart_from_counts([1, 1], [2, 2], baseline=1),
        lambda: share_chart_from_counts([1, 1], [2, 2], sigmas=0),
        lambda: share_chart_from_counts([1, 1], [2, 2], periods=["a"]),
        lambda: ewma(laney_chart(), smoothing=0),
        lambda: ewma(laney_chart(), periods_between_false_alarms=1),
        lambda: ewma_run_length(0.2, limit=0),
        lambda: change_points(laney_chart(), permutations=9),
        lambda: change_points(laney_chart(), confidence=1),
        lambda: what_changed_from_histograms({}, since=1, false_discovery_rate=0),
        lambda: what_changed_from_histograms({"a": {1: {9: 1}}}, since=1, metric="csat"),
        lambda: what_changed_from_histograms({"a": {"1": {9: 1}}}, since=date(2026, 1, 1)),
    ],
)
def test_what_makes_no_sense_is_refused(call) -> None:
    with pytest.raises(ValueError):
        call()


def test_rules_signal_as_often_as_they_say() -> None:
    draws = np.random.default_rng(3).standard_normal((2_000, 600))
    for name in RULES:
        rate = find_signals(draws, name, 3.0)[:, 20:].mean()
        assert rate == pytest.approx(rule(name, 3.0).false_alarm_rate, rel=0.06), name


@pytest.mark.parametrize(
    ("name", "z", "places"),
    [
        ("outside", [0, 3.1, -3.1, 2.9], [1, 2]),
        ("run_of_8", [-1] + [1] * 9, [8, 9]),
        ("two_of_three", [2.1, 0, 2.1, -2.1, 2.1], [2, 4]),
        ("four_of_five", [1.1, 1.1, 0, 1.1, 1.1, -1.1], [4]),
        ("trend_of_6", [1, 2, 3, 4, 5, 6, 5], [5]),
    ],
)
def test_rules_signal_where_they_should(name, z, places) -> None:
    found = find_signals(np.array(z, float), name, 3.0)
    assert list(np.flatnonzero(found)) == places


def test_a_chart_says_how_often_it_alarms_for_nothing() -> None:
    """Weeks vary twice as much as sampling explains, and nothing changes."""
    random = np.random.default_rng(11)
    shares = np.clip(0.6 + 0.05 * random.standard_normal((1_500, 24)), 0, 1)
    charts = [share_chart_from_counts(row, [300] * 24) for row in random.binomial(300, shares)]
    rate = np.mean([bool(chart.signals) for chart in charts])
    assert rate == pytest.approx(charts[0].false_alarm_chance, abs=0.02)
    assert charts[0].false_alarm_chance == pytest.approx(0.09, abs=0.005)


def spread_out(total):
    return np.diff(np.floor(np.linspace(0, total + 1e-6, 21)))


def part_that_alarms(counts, worths):
    """Simulated charts × periods × outcomes, read anew by Laney's limits and both rules."""
    answers, worths = counts[0, 0].sum(), np.array(worths)
    pooled = counts.mean(axis=1) / answers
    centre = pooled @ worths
    error = np.sqrt((pooled @ worths**2 - centre**2) / answers)
    with np.errstate(invalid="ignore"):
        z = (counts @ worths / answers - centre[:, None]) / error[:, None]
        z /= np.abs(z[:, 1:] - z[:, :-1]).mean(axis=1)[:, None] / 1.128
    runs = np.lib.stride_tricks.sliding_window_view(z, 8, axis=1)
    is_run = ((runs > 0).all(axis=2) | (runs < 0).all(axis=2)).any(axis=1)
    return ((np.abs(z) > 3).any(axis=1) | is_run).mean()


@pytest.mark.parametrize(
    ("answers", "share", "chance"), [(20, 0.97, 0.33), (20, 0.9, 0.14), (50, 0.7, 0.077)]
)
def test_a_chart_of_few_answers_says_how_often_it_alarms_for_nothing(
    answers, share, chance
) -> None:
    hits = spread_out(20 * answers * share) + (share < 0.95) * np.array([0, 1, 0, -1] * 5)
    chart = share_chart_from_counts(hits, [answers] * 20)
    assert chart.centre == pytest.approx(100 * share)
    drawn = np.random.default_rng(2).binomial(answers, share, (40_000, 20))
    rate = part_that_alarms(np.stack([answers - drawn, drawn], axis=2), (0, 1))
    assert rate == pytest.approx(chance, abs=0.01)
    assert chart.false_alarm_chance == pytest.approx(rate, abs=0.02)


@pytest.mark.parametrize("promoters", [0.85, 0.6])
def test_an_nps_chart_of_few_answers_says_how_often_it_alarms_for_nothing(promoters) -> None:
    shares = [0.9 - promoters, 0.1, promoters] if promoters > 0.8 else [0.15, 0.25, promoters]
    down, up = np.roll(spread_out(300 * shares[0]), 1), spread_out(300 * promoters)
    chart = nps_chart_from_counts(down, 15 - down - up, up)
    drawn = np.random.default_rng(2).multinomial(15, shares, (40_000, 20))
    rate = part_that_alarms(drawn, (-1, 0, 1))
    assert chart.false_alarm_chance == pytest.approx(rate, abs=0.02)
    assert rate > 0.07


def test_periods_that_vary_more_than_sampling_explains_water_lumps_down() -> None:
    """Of 50 answers at 80 % each period has its own share as well, by 10 points."""
    random = np.random.default_rng(7)
    shares = np.clip(0.8 + 0.1 * random.standard_normal((1_000, 20)), 0, 1)
    charts = [share_chart_from_counts(row, [50] * 20) for row in random.binomial(50, shares)[:40]]
    drawn = random.binomial(50, shares)
    rate = part_that_alarms(np.stack([50 - drawn, drawn], axis=2), (0, 1))
    said = np.mean([chart.false_alarm_chance for chart in charts])
    assert said == pytest.approx(rate, abs=0.02)


# Lucas and Saccucci (1990), in-control mean run lengths of about 500; Crowder (1987), 502.9.
@pytest.mark.parametrize(
    ("smoothing", "limit", "length"),
    [(0.4, 3.054, 500), (0.25, 2.998, 500), (0.1, 2.814, 500), (0.05, 2.615, 500)],
)
def test_ewma_run_lengths_are_those_of_the_literature(smoothing, limit, length) -> None:
    assert ewma_run_length(smoothing, limit=limit) == pytest.approx(length, rel=0.005)


def test_ewma_without_memory_is_the_plain_chart() -> None:
    chance = math.erfc(3 / math.sqrt(2))
    assert ewma_run_length(1.0, limit=3.0) == pytest.approx(1 / chance, rel=1e-9)


def test_ewma_keeps_the_promised_chance_of_a_false_alarm() -> None:
    random = np.random.default_rng(5)
    found = ewma(laney_chart(), smoothing=0.3, periods_between_false_alarms=100)
    assert found.in_control_length == pytest.approx(100, rel=1e-9)
    widths = np.array([point.limit for point in found.points])
    average, alarmed = np.zeros(40_000), np.zeros(40_000, bool)
    for width in widths:
        average = 0.3 * random.standard_normal(40_000) + 0.7 * average
        alarmed |= np.abs(average) > width
    assert alarmed.mean() == pytest.approx(found.false_alarm_chance, abs=0.006)


def test_ewma_averages_the_charts_points() -> None:
    chart = share_chart_from_counts([30, 32, 29, 33], [50] * 4)
    found = ewma(chart, smoothing=0.5)
    first, second = chart.points[0].z / 2, chart.points[1].z / 2
    assert found.points[1].average == pytest.approx(first / 2 + second)
    assert str(ewma(share_chart_from_counts([3], [5]))) == (
        "EWMA: cannot tell, the chart has no limits"
    )


def shifted_charts(shift, *, runs, seed=1):
    """40 periods that vary beyond sampling; the level moves in period 22."""
    random = np.random.default_rng(seed)
    for _ in range(runs):
        n = random.integers(100, 300, 40)
        step = shift * math.sqrt(0.24 / 200 + 0.02**2)
        share = 0.5 + 0.02 * random.standard_normal(40) + step * (np.arange(40) >= 22)
        yield share_chart_from_counts(random.binomial(n, share), n, periods=range(40)), 100 * step


def test_change_points_are_found_by_chance_as_often_as_they_say() -> None:
    found = [
        bool(change_points(chart, permutations=99).points)
        for chart, _ in shifted_charts(0, runs=400)
    ]
    assert np.mean(found) == pytest.approx(0.05, abs=0.025)


@pytest.mark.slow
def test_change_points_intervals_hold_the_truth_as_often_as_they_say() -> None:
    place, change = [], []
    for chart, step in shifted_charts(2, runs=500):
        found = change_points(chart, permutations=39).points
        if len(found) == 1:
            place.append(found[0].earliest <= 22 <= found[0].latest)
            change.append(found[0].change.low <= step <= found[0].change.high)
    assert len(place) > 400
    assert 0.94 <= np.mean(place) <= 0.99
    assert 0.93 <= np.mean(change) <= 0.97


def test_two_changes_are_found_in_order() -> None:
    happy = [40, 41, 39, 40, 42, 40, 30, 31, 29, 30, 32, 30, 44, 45, 43, 44, 46, 44]
    found = change_points(share_chart_from_counts(happy, [50] * 18))
    assert [point.period for point in found.points] == [7, 13]
    assert [point.change.estimate for point in found.points] == pytest.approx([-20, 28], abs=1)


def test_too_short_a_chart_has_no_change_points() -> None:
    found = change_points(share_chart_from_counts([40, 41, 10, 11], [50] * 4))
    assert str(found) == "share: cannot tell, 4 periods; a change takes 6"
    one = change_points(share_chart_from_counts([40], [50]), periods_min=1)
    assert str(one) == "share: cannot tell, 1 period; a change takes 3"


def test_levels_without_variation_keep_an_interval() -> None:
    """One change, none where rounding alone differs, and no certainty beyond that of sampling."""
    chart = share_chart_from_counts([40] * 8 + [20] * 8, [50] * 16)
    found = change_points(chart).points
    assert [(point.period, point.earliest, point.latest) for point in found] == [(9, 9, 9)]
    assert found[0].change.high - found[0].change.low > 13


def test_no_rows_are_no_change() -> None:
    import polars as pl

    empty = pl.DataFrame(schema={"score": pl.Float64, "period": pl.Int64, "shop": pl.String})
    assert what_changed(empty, since=1, by="shop").changes == ()
    assert str(nps_chart(empty)) == "NPS: no answers"
    assert ewma(nps_chart(empty)).points == change_points(nps_chart(empty)).points == ()


def test_the_same_seed_finds_the_same() -> None:
    assert change_points(laney_chart(), seed=4) == change_points(laney_chart(), seed=4)


def test_adjusted_p_values_are_benjamini_hochbergs() -> None:
    """The first example of Benjamini and Hochberg (1995): four of fifteen stand at 5 %."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262]
    p += [0.5719, 0.6528, 0.7590, 1.0]
    adjusted = adjust_p_values(np.array(p))
    assert (adjusted <= 0.05).sum() == 4
    assert adjusted[3] == pytest.approx(0.0095 * 15 / 4)
    assert list(np.isnan(adjust_p_values(np.array([0.5, NAN])))) == [False, True]


def quiet_weeks(random, *, groups=20, answers=30, dispersion=None):
    mix = np.array([0.2, 0.3, 0.5])
    shape = (groups, 16)
    shares = random.dirichlet(mix * dispersion, shape) if dispersion else np.tile(mix, (*shape, 1))
    counts = random.multinomial(answers, shares)
    return {
        group: {
            week: dict(zip((0, 8, 10), counts[group, week].tolist(), strict=True))
            for week in range(16)
        }
        for group in range(groups)
    }


@pytest.mark.parametrize("dispersion", [None, 10])
@pytest.mark.slow
def test_what_changed_keeps_its_false_alarms_and_coverage(dispersion) -> None:
    random = np.random.default_rng(3)
    found = [
        what_changed_from_histograms(quiet_weeks(random, dispersion=dispersion), since=12)
        for _ in range(300)
    ]
    assert np.mean([bool(each.found) for each in found]) <= 0.075
    covered = [c.change.low <= 0 <= c.change.high for each in found for c in each.changes]
    assert 0.93 <= np.mean(covered) <= 0.97


@pytest.mark.parametrize("metric", ["nps", ("at_least", 9)])
@pytest.mark.parametrize("dispersion", [None, 5])
def test_the_p_value_of_a_change_is_that_of_its_interval(metric, dispersion) -> None:
    """With a Wald test beside score limits they disagreed in 0.4 to 8 % of groups."""
    random = np.random.default_rng(3)
    weeks = quiet_weeks(random, groups=60, answers=6, dispersion=dispersion)
    for confidence in (0.5, 0.8, 0.95):
        found = what_changed_from_histograms(
            weeks, since=12, metric=metric, confidence=confidence
        ).changes
        excluded = [not c.change.low <= 0 <= c.change.high for c in found]
        assert excluded == [c.p_value <= 1 - confidence for c in found]
        assert 0 < sum(excluded) < len(found)


def test_what_changed_finds_what_was_planted() -> None:
    weeks = quiet_weeks(np.random.default_rng(9))
    for week in range(12, 16):
        weeks[7][week] = {0: 15, 8: 8, 10: 7}
    found = what_changed_from_histograms(weeks, since=12)
    assert [change.group for change in found.found] == [7]
    assert found.found[0].change.high < -30


def test_what_changed_says_when_it_cannot_tell() -> None:
    found = what_changed_from_histograms({"a": {1: {9: 3}}, "b": {1: {9: 3}, 2: {9: 4}}}, since=2)
    assert [change.p_value for change in found.changes] == [None, None]
    assert [str(change) for change in found.changes] == [
        "a: score: nps: cannot tell",
        "b: score: nps: cannot tell",
    ]
    assert found.dispersion == {"score: nps": None}


def test_what_changed_sums_several_columns() -> None:
    import polars as pl

    frame = pl.DataFrame(
        {"week": [1, 2, 3, 4] * 30, "nps": [10, 8, 3, 2] * 30, "ease": [5, 4, 5, 4] * 30}
    )
    found = what_changed(
        frame, since=3, period="week", metrics={"nps": "nps", "ease": ("at_least", 4)}
    )
    assert [(change.metric, change.is_change) for change in found.changes] == [
        ("nps: nps", False),
        ("ease: 4 or more", False),
    ]
    assert found.changes[0].change.estimate == -150


# On every kind of frame -------------------------------------------------------------------------

WEEKS = ["W1"] * 6 + ["W2"] * 6 + ["W3"] * 6 + [None, "W3"]
SCORES = [10, 9, 8, 0, 10, 9, 10, 10, 8, 6, 9, None, 3, 9, 10, 7, 2, NAN, 10, NAN]
SHOPS = ["a", "b"] * 10


def test_charts_and_changes_on_every_kind_of_frame(make_frame) -> None:
    frame = make_frame({"week": WEEKS, "score": SCORES, "shop": SHOPS})
    nps = nps_chart_from_counts([1, 1, 2], [1, 1, 1], [4, 3, 2], periods=["W1", "W2", "W3"])
    share = share_chart_from_counts([4, 3, 2], [6, 5, 5], periods=["W1", "W2", "W3"])
    found = nps_chart(frame, period="week").to_dict()
    assert found == nps.to_dict() | {"missing": 4}
    found = share_chart(frame, period="week", scale=(0, 10)).to_dict()
    assert found == share.to_dict() | {"missing": 4}
    histograms = {
        "a": {"W1": {10: 2, 8: 1}, "W2": {10: 1, 8: 1, 9: 1}, "W3": {3: 1, 10: 1, 2: 1}},
        "b": {"W1": {9: 2, 0: 1}, "W2": {10: 1, 6: 1}, "W3": {9: 1, 7: 1}},
    }
    expected = what_changed_from_histograms(histograms, since="W3").to_dict()
    found = what_changed(frame, since="W3", period="week", by="shop").to_dict()
    assert_close(found, expected | {"missing": 4})


def assert_close(found, expected) -> None:
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key in expected:
            assert_close(found[key], expected[key])
    elif isinstance(expected, list):
        for one, other in zip(found, expected, strict=True):
            assert_close(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, abs=1e-9)
    else:
        assert found == expected


def test_weeks_on_every_kind_of_frame(make_frame) -> None:
    stamps = ["2027-01-03T23:59", "2027-01-04T00:00", None, "2026-12-28T12:00"]
    days = [stamp and datetime.fromisoformat(stamp) for stamp in stamps]
    weeks = with_iso_week(make_frame({"date": days, "score": [10, 0, 9, 8]}))
    found = nps_chart(weeks, period="week")
    assert [(point.period, point.answers) for point in found.points] == [
        ("2026-W53", 2),
        ("2027-W01", 1),
    ]
    assert found.missing == 1


def test_weeks_are_those_of_the_calendar() -> None:
    import pandas

    days = [date(1999, 12, 20) + timedelta(days=place) for place in range(12_000)] + [None]
    found = with_iso_week(pandas.DataFrame({"date": days}))["week"].tolist()
    expected = [f"{y}-W{w:02}" for y, w, _ in (day.isocalendar() for day in days[:-1])]
    assert found[:-1] == expected
    assert found[-1] is None or found[-1] != found[-1]


def test_weeks_of_what_is_no_date_are_refused() -> None:
    import polars as pl

    with pytest.raises(NotNumbers, match="must hold dates"):
        with_iso_week(pl.DataFrame({"date": ["2026-01-01"]}))


def test_weights_count_as_effective_answers() -> None:
    import polars as pl

    rows = {"period": [1, 1, 1, 2, 2, 2, 3], "score": [10, 9, 0, 9, 8, 0, 10]}
    plain = nps_chart(pl.DataFrame(rows))
    ones = nps_chart(pl.DataFrame(rows | {"w": [1.0] * 7}), weight="w")
    twos = nps_chart(pl.DataFrame(rows | {"w": [2.0, 1, 1, 1, 1, 1, 1]}), weight="w")
    assert ones == plain
    assert twos.points[0].answers == pytest.approx(16 / 6)
    assert twos.points[0].estimate == pytest.approx(50)


@settings(max_examples=25)
@given(st.permutations(range(12)), st.integers(1, 11))
def test_the_order_and_splitting_of_rows_change_nothing(order, cut) -> None:
    import polars as pl

    rows = pl.DataFrame(
        {"period": [1, 2, 3, 4] * 3, "score": [10, 9, 8, 0, 10, 3, 9, 10, 7, 6, 9, 2]}
    )
    shuffled = rows[list(order)]
    split = pl.concat([shuffled[cut:], shuffled[:cut]])
    assert nps_chart(split) == nps_chart(rows)
    assert what_changed(split, since=3).to_dict() == what_changed(rows, since=3).to_dict()


def test_results_are_json_and_tables() -> None:
    chart = laney_chart()
    for result in (chart, ewma(chart), change_points(chart)):
        assert json.loads(json.dumps(result.to_dict(), allow_nan=False)) == result.to_dict()
        assert result._repr_html_().startswith("<table>")
    changed = what_changed_from_histograms({"a": {1: {9: 3}, 2: {0: 4}}}, since=2)
    assert json.loads(json.dumps(changed.to_dict(), allow_nan=False))["since"] == 2
    assert "changed since 2" in str(changed)
    assert "<td>score: nps</td>" in changed._repr_html_()


def test_results_draw_themselves() -> None:
    pytest.importorskip("altair")
    chart = share_chart_from_counts([40] * 8 + [20] * 8, [50] * 16)
    changed = what_changed_from_histograms({"a": {1: {9: 3, 0: 1}, 2: {0: 4}}}, since=2)
    for result in (chart, ewma(chart), change_points(chart), changed):
        assert result.plot().to_dict()["layer"]
