"""Journeys, paths and hand-offs: R's figures, features by hand, all dataframes, coverage."""

import datetime
import json
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import journeys as reference

from kokemus import measure
from kokemus.measure._frame.journeys import collect_features

FEATURES = ["mean", "peak", "trough", "end", "start", "trend", "length"]


def test_models_equal_those_of_r() -> None:
    found = measure.peak_end_from_grams(np.array(reference.GRAM), names=reference.NAMES)
    assert {name: found[name].r_squared for name in reference.R_SQUARED} == pytest.approx(
        reference.R_SQUARED, abs=1e-9
    )
    assert {name: found[name].aic for name in reference.AIC} == pytest.approx(
        reference.AIC, abs=1e-5
    )
    full = found["all"]
    for name, (slope, error) in reference.COEFFICIENTS.items():
        assert full.coefficients[name].estimate == pytest.approx(slope, abs=1e-8)
        assert full.standard_errors[name] == pytest.approx(error, abs=1e-8)
    assert found.inflation == pytest.approx(reference.INFLATION, rel=1e-8)
    assert found.shares == pytest.approx(reference.LMG, abs=1e-9)
    assert (found.best, full.cross_validated) == (None, None)
    assert found.verdict == "cannot tell whether peak and end say more than the mean"


def make_journeys(count, *, seed, weights, noise=0.5):
    """Journeys of 2 to 6 ratings; the overall score is weights of (mean, peak, end) and noise."""
    random = np.random.default_rng(seed)
    rows = {name: [] for name in ("journey", "customer", "order", "rating", "overall")}
    for journey in range(count):
        ratings = random.integers(1, 11, random.integers(2, 7)).astype(float)
        parts = (ratings.mean(), ratings.max(), ratings[-1])
        overall = float(np.dot(weights, parts) + noise * random.normal())
        for order, rating in enumerate(ratings):
            rows["journey"].append(journey)
            rows["customer"].append(f"customer {journey // 2:03}")
            rows["order"].append(float(order))
            rows["rating"].append(float(rating))
            rows["overall"].append(overall)
    return rows


def test_features_are_those_counted_by_hand() -> None:
    frame = pl.DataFrame(
        {
            "journey": ["a", "a", "a", "a", "b", "b", "c"],
            "order": [datetime.date(2026, 1, day) for day in (9, 2, 3, 5, 1, 2, 1)],
            "rating": [4, 8, 9, 3, 5, 7, 1],
            "overall": [7, None, None, None, 6, 6, 1],
        }
    )
    table = collect_features(
        frame,
        journey="journey",
        order="order",
        rating="rating",
        outcome="overall",
        customer=None,
        features=FEATURES,
        folds=2,
    )
    assert (table.single, table.missing) == (1, 0)
    rows = sorted(
        (gram[0, 1:] + gram[0, 0] * table.centre).round(9).tolist() for gram in table.grams
    )
    # the trend of 8, 9, 3, 4 on places 1 to 4: (-1.5·8 - 0.5·9 + 0.5·3 + 1.5·4) / 5
    assert rows == [
        [6.0, 7.0, 5.0, 7.0, 5.0, 2.0, 2.0, 6.0],
        [6.0, 9.0, 3.0, 4.0, 8.0, -1.8, 4.0, 7.0],
    ]


def test_every_kind_of_frame_gives_the_same(make_frame) -> None:
    rows = make_journeys(20, seed=1, weights=(0.5, 0.2, 0.3))
    known = measure.peak_end(pl.DataFrame(rows), customer="customer", folds=3).to_dict()
    single = {
        "journey": 99,
        "customer": "customer 002",
        "order": 1.0,
        "rating": 4.0,
        "overall": 4.0,
    }
    gaps = [single | {name: None} for name in ("customer", "rating", "order", "overall")]
    gaps += [single | {name: math.nan} for name in ("rating", "order")]
    more = {name: [row[name] for row in [*gaps, single]] for name in rows}
    more["journey"] = [97, 97, 97, 98, 97, 97, 99]
    gapped = {name: more[name] + rows[name] for name in rows}
    found = measure.peak_end(make_frame(gapped), customer="customer", folds=3).to_dict()
    assert (found.pop("missing"), found.pop("single")) == (6, 1)
    assert (known.pop("missing"), known.pop("single")) == (0, 0)
    assert json.loads(json.dumps(found)) == found
    assert flatten(found) == pytest.approx(flatten(known), abs=1e-9)


def flatten(tree, path=""):
    """Every number of a result by its path."""
    if isinstance(tree, dict | list):
        pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
        return {k: v for key, value in pairs for k, v in flatten(value, f"{path}.{key}").items()}
    return {path: tree} if isinstance(tree, int | float) else {}


def test_it_says_when_peak_and_end_lose_to_the_mean_and_when_they_win() -> None:
    by_mean = measure.peak_end(pl.DataFrame(make_journeys(300, seed=2, weights=(1, 0, 0))))
    assert by_mean.verdict.startswith(
        "peak and end say less than the plain mean, R² differs by -0."
    )
    by_both = measure.peak_end(pl.DataFrame(make_journeys(300, seed=3, weights=(0, 0.5, 0.5))))
    assert by_both.verdict.startswith("peak and end say more than the plain mean, R² differs by 0.")
    assert by_both.best == "peak-end"
    assert sum(by_both.shares.values()) == pytest.approx(by_both["all"].r_squared)


@settings(max_examples=5)
@given(st.permutations(range(60)))
def test_the_order_of_rows_changes_nothing(order) -> None:
    frame = pl.DataFrame(make_journeys(40, seed=4, weights=(0.5, 0.2, 0.3)))
    moved = pl.concat([frame[list(order)], frame[60:]])
    known, found = (measure.peak_end(each, folds=4).to_dict() for each in (frame, moved))
    assert flatten(found) == pytest.approx(flatten(known), abs=1e-9)


def test_cross_validation_is_that_of_models_refitted_without_the_fold() -> None:
    frame = pl.DataFrame(make_journeys(60, seed=5, weights=(0.5, 0.2, 0.3)))
    found = measure.peak_end(frame, folds=4)
    table = frame.group_by("journey").agg(pl.col("rating").mean(), pl.col("overall").first())
    table = table.sort("journey").with_columns(fold=(pl.col("journey") + 1) % 4)
    left, total = 0.0, 0.0
    for fold in range(4):
        seen, unseen = table.filter(pl.col("fold") != fold), table.filter(pl.col("fold") == fold)
        line = np.polynomial.Polynomial.fit(seen["rating"], seen["overall"], 1)
        left += ((unseen["overall"] - line(unseen["rating"].to_numpy())) ** 2).sum()
        total += ((unseen["overall"] - seen["overall"].mean()) ** 2).sum()
    assert found["mean"].cross_validated == pytest.approx(1 - left / total, abs=1e-9)


def test_what_cannot_be_compared_is_said() -> None:
    frame = pl.DataFrame(make_journeys(60, seed=6, weights=(1, 0, 0)))
    with pytest.raises(measure.TooFewJourneys, match="the outcome is the same"):
        measure.peak_end(frame.with_columns(overall=5.0))
    with pytest.raises(measure.TooFewJourneys, match="journeys, and 8 are the fewest"):
        measure.peak_end(frame.filter(pl.col("journey") < 4), folds=2)
    with pytest.raises(ValueError, match="'middle' is not a feature"):
        measure.peak_end(frame, features=["middle"])
    with pytest.raises(ValueError, match="2 or more"):
        measure.peak_end(frame, folds=1)
    with pytest.raises(ValueError, match="lack the features"):
        measure.peak_end_from_grams(np.eye(3), names=["mean"])


@pytest.mark.slow
def test_the_intervals_of_slopes_cover_as_they_say() -> None:
    random = np.random.default_rng(8)
    covered = []
    for _ in range(250):
        ratings = random.normal(size=(20, 15, 4))
        columns = [ratings.mean(2), ratings.max(2), ratings.min(2), ratings[:, :, -1]]
        own = random.normal(size=(20, 5)).repeat(3, axis=1)  # three journeys of one customer
        y = 1 + 0.5 * columns[0] + 0.3 * columns[3] + own + random.normal(size=(20, 15))
        x = np.stack([np.ones((20, 15)), *columns, y], axis=2)
        found = measure.peak_end_from_grams(
            np.einsum("fni,fnj->fij", x, x), names=FEATURES[:4], features=FEATURES[:4]
        )["all"].coefficients
        truth = {"(Intercept)": 1, "mean": 0.5, "peak": 0, "trough": 0, "end": 0.3}
        covered.append([found[k].low <= value <= found[k].high for k, value in truth.items()])
    assert 0.93 <= np.mean(covered) <= 0.97


def test_steps_are_counted_on_every_kind_of_frame(make_frame) -> None:
    rows = {
        "journey": [1, 1, 1, 2, 2, 3, 3],
        "order": [3.0, 1.0, 2.0, 1.0, 2.0, math.nan, 1.0],
        "touchpoint": ["shop", "web", "call", "web", "web", "call", None],
    }
    found = measure.paths(make_frame(rows))
    assert found.missing == 2
    assert {(step.before, step.after): step.count for step in found.steps} == {
        (None, "web"): 2,
        ("web", "call"): 1,
        ("web", "web"): 1,
        ("web", None): 1,
        ("call", "shop"): 1,
        ("shop", None): 1,
    }
    low, high = measure.intervals.wilson_interval(1, 3)
    assert found.drop_offs["web"] == measure.Estimate(pytest.approx(1 / 3), low, high)


def test_no_journeys_have_no_steps() -> None:
    assert str(measure.paths_from_counts({})) == "no journeys"
    with pytest.raises(ValueError, match="0 or more"):
        measure.paths_from_counts({("a", "b"): -1})


LEGS = {
    "case": [1, 1, 2, 2, 3, 4, 5, 5, 6, 6],
    "order": [1.0, 2.0, 1.0, 2.0, 1.0, 1.0, 1.0, 2.0, 2.0, 1.0],
    "unit": ["desk", "repair"] * 2 + ["desk"] * 3 + ["repair", "desk", None],
    "waiting": [1.0, 20.0, 2.0, 30.0, 1.0, 2.0, 3.0, 40.0, math.nan, 1.0],
    "working": [0.5, 2.0, 0.5, 3.0, 1.0, 1.0, 1.0, 4.0, 1.0, 1.0],
    "score": [4.0, 4.0, None, 3.0, 8.0, 9.0, None, math.nan, 5.0, 5.0],
}


def test_legs_are_summed_on_every_kind_of_frame(make_frame) -> None:
    found = measure.hand_offs(make_frame(LEGS), score="score")
    assert found.missing == 2
    worst, first = found.pairs
    assert (worst.before, worst.unit, worst.legs, worst.cases) == ("desk", "repair", 3, 2)
    # 20, 30, 40: deviation 10, t of 2 degrees 4.302653
    half = 4.302652729911275 * 10 / math.sqrt(3)
    assert worst.waiting.estimate == pytest.approx(30)
    assert (worst.waiting.low, worst.waiting.high) == pytest.approx((30 - half, 30 + half))
    # 4 and 3 against 8 and 9: both variances 1/2, so t of 2 degrees again
    half = 4.302652729911275 * math.sqrt(0.5)
    assert worst.effect.estimate == pytest.approx(-5)
    assert (worst.effect.low, worst.effect.high) == pytest.approx((-5 - half, -5 + half))
    assert (first.before, first.unit, first.legs) == (None, "desk", 5)
    assert first.effect == measure.Estimate(None, None, None)  # there are no other cases


@pytest.mark.parametrize("time", [2.0, 0.1, 0.0])
def test_equal_times_and_scores_cannot_tell_how_far_off_they_are(time) -> None:
    sums = measure.LegSums(3, 3 * time, 3 * time**2, 3, 3, 3, 3 * time, 3 * time**2)
    found = measure.hand_offs_from_sums({("a", "b"): sums}, cases=(6, 6 * time, 6 * time**2))
    mean = measure.Estimate(pytest.approx(time), None, None)
    assert (found.pairs[0].waiting, found.pairs[0].effect.low) == (mean, None)
    assert f"waiting {time:.2f} (cannot tell how far off)" in str(found)


def test_legs_without_a_score_have_times_only() -> None:
    found = measure.hand_offs(pl.DataFrame(LEGS))
    assert [pair.cases for pair in found.pairs] == [0, 0]
    assert [pair.effect.estimate for pair in found.pairs] == [None, None]
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
    assert str(measure.hand_offs_from_sums({})) == "no legs"


@pytest.mark.slow
@pytest.mark.parametrize(("legs", "low"), [(10, 0.87), (40, 0.92)])
def test_intervals_of_waits_cover_as_the_docstring_says(legs, low) -> None:
    random = np.random.default_rng(4)
    covered = 0
    for _ in range(600):
        waits = random.exponential(size=legs)
        sums = measure.LegSums(legs, waits.sum(), (waits**2).sum(), legs, legs)
        wait = measure.hand_offs_from_sums({("a", "b"): sums}).pairs[0].waiting
        covered += wait.low <= 1 <= wait.high
    assert low <= covered / 600 <= 0.96
