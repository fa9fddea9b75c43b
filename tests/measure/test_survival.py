import math
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.test_hazards import ROWS, simulate
from tests.reference import telco_survival as telco

from kokemus import measure


def test_the_curve_agrees_with_the_reference() -> None:
    curves = measure.kaplan_meier_from_counts(telco.COUNTS, method="log")
    for (contract, month), (share, error, low, high) in telco.STAYING.items():
        found = curves[contract].at(month)
        assert found.estimate == pytest.approx(share, abs=1e-12)
        place = curves[contract].times.index(month)
        assert curves[contract].standard_errors[place] == pytest.approx(error, abs=1e-12)
        if share < 1:  # R gives (1, 1) where nobody was lost
            assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12)
    assert {curve.group: curve.median.estimate for curve in curves} == telco.MEDIAN


def test_log_rank_agrees_with_the_reference() -> None:
    found = measure.log_rank_from_counts(telco.COUNTS)
    assert found.test.chi_squared == pytest.approx(telco.LOG_RANK, rel=1e-12)
    assert found.test.degrees == 2
    assert list(found.observed.values()) == telco.OBSERVED
    assert list(found.expected.values()) == pytest.approx(telco.EXPECTED, rel=1e-12)


def test_the_restricted_mean_agrees_with_the_reference() -> None:
    found = measure.rmst_from_counts(telco.COUNTS, limit=72)
    means = {contract: mean.estimate for contract, mean in found.means.items()}
    assert means == pytest.approx(telco.MEAN_OF_72, rel=1e-12)
    assert found == measure.rmst_from_counts(telco.COUNTS)  # all were followed to month 72


def test_the_curve_is_the_same_on_every_kind_of_frame(make_frame) -> None:
    curves = measure.kaplan_meier(make_frame(ROWS), group="g")
    known = measure.kaplan_meier_from_counts(
        {
            "monthly": {2: (6, 1), 3: (5, 1), 5: (3, 1), 7: (2, 0), 8: (2, 1), 9: (1, 0)},
            "yearly": {2: (4, 0), 3: (4, 0), 5: (3, 0), 7: (3, 1), 8: (2, 0), 9: (2, 1)},
        }
    )
    assert curves.curves == known.curves
    assert (curves.missing, curves.empty) == (4, 0)


def test_log_rank_and_restricted_mean_are_the_same_on_every_kind_of_frame(make_frame) -> None:
    frame = make_frame(ROWS)
    # By hand from the definitions: at 2, 3, 5, 7, 8 and 9 of both classes.
    share = np.array([6 / 10, 5 / 9, 3 / 6, 2 / 5, 2 / 4, 1 / 3])
    expected = float(share.sum())
    test = measure.log_rank(frame).test
    chi_squared = (4 - expected) ** 2 / float((share * (1 - share)).sum())
    assert test.chi_squared == pytest.approx(chi_squared, rel=1e-9)
    found = measure.rmst(frame, group="g", limit=8, start="s")
    assert (found.limit, found.empty, found.rows) == (8, 1, {"monthly": 6, "yearly": 3})
    # With late starts: of 5 monthly rows one is lost at 2, of 4 at 3, of 3 at 5.
    mean = 2 + 4 / 5 * (1 + 2 * 3 / 4 + 3 * 3 / 4 * 2 / 3)
    assert found.means["monthly"].estimate == pytest.approx(mean, abs=1e-9)


def test_a_late_start_is_at_risk_only_after_it() -> None:
    import polars as pl

    frame = pl.DataFrame({"s": [0, 0, 2], "t": [2, 4, 4], "e": [1, 1, 0]})
    curve = measure.kaplan_meier(frame, start="s")[None]
    assert (curve.times, curve.at_risk, curve.events) == ((2.0, 4.0), (2, 2), (1, 1))
    assert curve.survival == (0.5, 0.25)


def test_a_share_that_nobody_left_has_a_low_limit() -> None:
    curves = measure.kaplan_meier_from_counts({"a": {1: (8, 0)}, "b": {1: (8, 1), 2: (7, 7)}})
    assert curves["a"].at(1) == measure.Estimate(1.0, pytest.approx(0.025 ** (1 / 8)), 1.0)
    assert curves["a"].at(0.5) == curves["a"].at(1)
    assert curves["b"].at(2) == measure.Estimate(0.0, None, None)
    assert curves["b"].at(3) == measure.Estimate(0.0, None, None)
    assert curves["a"].at(3) == measure.Estimate(None, None, None)
    assert "half are not lost yet" in str(curves["a"])


def test_the_time_when_half_are_lost_is_the_middle_where_the_curve_is_flat() -> None:
    curves = measure.kaplan_meier_from_counts({"a": {1: (4, 2), 5: (2, 1)}, "b": {2: (5, 3)}})
    assert curves["a"].median.estimate == 3
    assert curves["b"].median.estimate == 2


def test_a_class_followed_for_less_has_no_restricted_mean() -> None:
    counts = {"a": {2: (9, 1), 9: (2, 0)}, "b": {2: (9, 0), 4: (3, 1)}, "c": {1: (2, 2)}}
    found = measure.rmst_from_counts(counts, limit=6)
    assert found.means["b"] == found.differences["b"] == measure.Estimate(None, None, None)
    assert "b: cannot tell of the first 6, difference from a cannot tell; 9 rows" in str(found)
    # All of c were lost at 1: its mean is known, and how far off is not.
    assert found.means["c"] == measure.Estimate(1.0, None, None)
    assert found.means["a"].estimate == pytest.approx(2 + 4 * 8 / 9)
    nobody = measure.rmst_from_counts({"d": {1: (8, 0)}, "e": {1: (8, 1)}}, limit=1).means["d"]
    assert nobody == measure.Estimate(1.0, None, None)


@pytest.mark.parametrize("counts", [{}, {"a": {}}, {"a": {1: (3, 1)}}, {"a": {1: (2, 0)}, "b": {}}])
def test_too_little_prints_cannot_tell(counts) -> None:
    assert measure.log_rank_from_counts(counts).test is None
    assert "cannot tell" in str(measure.log_rank_from_counts(counts))
    for found in (measure.rmst_from_counts(counts), measure.kaplan_meier_from_counts(counts)):
        assert str(found)
        assert found.to_dict()


def test_a_restricted_mean_of_no_rows_is_drawn_empty() -> None:
    pytest.importorskip("altair")
    for rows in ({"t": [], "e": []}, {"t": [None], "e": [1]}):
        frame = pl.DataFrame(rows, schema={"t": pl.Int64, "e": pl.Int64})
        assert "'title': 'no rows'" in str(measure.rmst(frame).plot().to_dict())


def test_no_rows_give_no_curves() -> None:
    import polars as pl

    frame = pl.DataFrame({"t": [None, 1.0], "e": [1, None], "g": ["a", "b"]})
    assert (
        str(measure.kaplan_meier(frame, group="g")) == "cannot tell: no rows\nleft out: 2 missing"
    )
    assert str(measure.rmst(frame)) == "cannot tell: no rows\nleft out: 2 missing"
    with pytest.raises(ValueError, match="method must be one of log-log, log, plain: 'exact'"):
        measure.kaplan_meier(frame, method="exact")
    with pytest.raises(LookupError, match="there is no column 'tt'"):
        measure.kaplan_meier(frame, "tt")


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_order_of_rows_changes_nothing_and_shares_never_grow(seed, people) -> None:
    import polars as pl

    rng = np.random.default_rng(seed)
    frame = pl.DataFrame({"t": rng.integers(0, 9, people), "e": rng.integers(0, 2, people)})
    curve = measure.kaplan_meier(frame)[None]
    mixed = measure.kaplan_meier(frame.sample(fraction=1.0, shuffle=True, seed=2))[None]
    assert curve == mixed
    assert all(after <= before for before, after in pairwise(curve.survival))
    assert all(
        low is None or low <= share <= high
        for low, share, high in zip(curve.low, curve.survival, curve.high, strict=True)
    )


@pytest.mark.slow
@pytest.mark.parametrize(("people", "rounds"), [(20, 1500), (100, 600)])
def test_intervals_of_staying_cover_what_they_say(people, rounds) -> None:
    rng = np.random.default_rng(7)
    share, mean, half = math.exp(-0.5), (1 - math.exp(-0.5)) / 0.1, math.log(2) / 0.2
    difference = (1 - math.exp(-1.0)) / 0.2 - mean
    hits = dict.fromkeys(("share", "half", "mean", "difference", "equal"), 0)
    for _ in range(rounds):
        sets = simulate(rng, people)
        curves = measure.kaplan_meier_from_counts(sets)
        means = measure.rmst_from_counts(sets, limit=5.0)
        middle = curves[1].median
        hits["share"] += covers(curves[0].at(5.0), share)
        hits["half"] += (middle.low or math.inf) <= half <= (middle.high or math.inf)
        hits["mean"] += covers(means.means[0], mean)
        hits["difference"] += covers(means.differences[1], difference)
        hits["equal"] += not measure.log_rank_from_counts(
            simulate(rng, people, ratio=1.0)
        ).test.is_clear
    shares = {name: count / rounds for name, count in hits.items()}
    assert {name for name, found in shares.items() if not 0.93 < found < 0.97} == set(), shares


def covers(estimate, truth) -> bool:
    return estimate.low is not None and estimate.low <= truth <= estimate.high


def test_the_plain_and_log_limits_cover_less_with_few_people() -> None:
    rng = np.random.default_rng(8)
    hits = {"plain": 0, "log": 0}
    for _ in range(1000):
        sets = simulate(rng, 20)
        for method in hits:
            found = measure.kaplan_meier_from_counts(sets, method=method)[0].at(5.0)
            hits[method] += covers(found, math.exp(-0.5))
    assert hits == {"plain": pytest.approx(906, abs=30), "log": pytest.approx(918, abs=30)}


def test_results_serve_print_notebook_and_chart() -> None:
    pytest.importorskip("altair")
    found = measure.log_rank_from_counts(telco.COUNTS)
    assert str(found).startswith("log-rank: the classes do not stay equally long (χ² 2,352.87, 2")
    for each in (
        found,
        measure.kaplan_meier_from_counts(telco.COUNTS),
        measure.kaplan_meier_from_counts(telco.COUNTS)["Two year"],
        measure.rmst_from_counts(telco.COUNTS),
    ):
        assert each._repr_html_().startswith("<table>")
        assert each.plot().to_dict()["layer"]
