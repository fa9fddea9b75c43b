"""Bounds hold whatever the silent would have said."""

import math

import numpy as np
import pytest
from tests.measure.test_coverage import chances, split

from kokemus.measure import (
    UnknownScale,
    nonresponse_bounds,
    nonresponse_bounds_from_histogram,
    nps_from_histogram,
)
from kokemus.measure.intervals import nps_limits

NAN = math.nan
NUMBERS = ("estimate", "worst", "best", "low", "high", "answers", "silent")


def test_bounds_are_the_scores_with_everyone_worst_and_best() -> None:
    found = nonresponse_bounds_from_histogram({10: 50, 8: 20, 3: 10}, silent=20)
    worst = nps_from_histogram({10: 50, 8: 20, 3: 30})
    best = nps_from_histogram({10: 70, 8: 20, 3: 10})
    assert (found.worst, found.best) == (worst.estimate, best.estimate)
    assert (found.low, found.high) == (worst.low, best.high)
    assert (found.estimate, found.response_rate) == (50, 0.8)


def test_everyone_answered_leaves_the_score_alone() -> None:
    found = nonresponse_bounds_from_histogram({10: 50, 3: 30}, silent=0)
    assert found.worst == found.estimate == found.best == 25


def test_shares_and_means_have_bounds() -> None:
    share = nonresponse_bounds_from_histogram({5: 30, 1: 10}, silent=10, kind="csat")
    assert (share.worst, share.estimate, share.best) == (60, 75, 80)
    mean = nonresponse_bounds_from_histogram({5: 30, 1: 10}, silent=10, kind="mean", scale=(1, 5))
    assert (mean.worst, mean.estimate, mean.best) == pytest.approx((3.4, 4.0, 4.2))
    with pytest.raises(UnknownScale, match="pass scale="):
        nonresponse_bounds_from_histogram({5: 30}, silent=10, kind="mean")


def test_nobody_answered_and_nobody_asked() -> None:
    silent = nonresponse_bounds_from_histogram({}, silent=10)
    assert (silent.estimate, silent.worst, silent.best) == (None, -100, 100)
    assert str(silent).endswith("nobody answered, 0 of 10 answered")
    assert str(nonresponse_bounds_from_histogram({}, silent=0)) == "NPS: nobody was asked"


ROWS = {
    "score": [10, 9, NAN, None, 3, 99, 10, None],
    "shop": ["a", "a", "a", "a", "b", "b", None, None],
}


def test_every_kind_of_frame_gives_the_same_bounds(make_frame) -> None:
    found = nonresponse_bounds(make_frame(ROWS), by="shop", missing=[99])
    expected = [({10: 1, 9: 1}, 2), ({3: 1}, 1), ({10: 1}, 1)]
    assert [bounds.group for bounds in found] == ["a", "b", None]
    for bounds, (answers, silent) in zip(found, expected, strict=True):
        again = nonresponse_bounds_from_histogram(answers, silent=silent)
        numbers = [getattr(again, name) for name in NUMBERS]
        assert [getattr(bounds, name) for name in NUMBERS] == pytest.approx(numbers, rel=1e-9)


@pytest.mark.parametrize(
    "shares", [(0.1, 0.2, 0.4, 0.3), (0.05, 0.1, 0.25, 0.6), (0.3, 0.3, 0.3, 0.1)]
)
def test_the_interval_covers_the_whole_range_as_the_docstring_says(shares) -> None:
    """Every outcome of 30 asked with its chance: detractors, passives, promoters, silent."""
    outcomes = np.array(list(split(30, 4)), float)
    down, between, up, silent = outcomes.T
    low, _ = nps_limits(down + silent, between, up, confidence=0.95, method="score")
    _, high = nps_limits(down, between, up + silent, confidence=0.95, method="score")
    likely = chances(outcomes.astype(int), shares)
    worst, best = (
        100 * (shares[2] - shares[0] - shares[3]),
        100 * (shares[2] + shares[3] - shares[0]),
    )
    assert likely[(low <= worst) & (best <= high)].sum() >= 0.934
    assert min(likely[low <= worst].sum(), likely[high >= best].sum()) >= 0.963
