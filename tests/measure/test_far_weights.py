"""Equal weights, and all weights times the same number, give the same results at any scale."""

import math

import numpy as np
import polars as pl
import pytest

from kokemus import measure

SCALES = [1e-200, 1e-170, 1e-6, 1e6, 1e170, 1e200]
CHANCE = np.random.default_rng(5)
N = 240
ROWS = {
    "score": CHANCE.integers(0, 11, N).tolist(),
    "a": CHANCE.integers(1, 6, N).astype(float).tolist(),
    "b": CHANCE.integers(1, 6, N).astype(float).tolist(),
    "g": CHANCE.choice(["p", "q"], N).tolist(),
    "c": CHANCE.integers(0, 40, N).tolist(),
    "period": [i // 24 for i in range(N)],
    "w": CHANCE.choice([0.5, 1.0, 2.0, None], N).tolist(),
}
CALLS = {
    "nps": lambda frame, w: measure.nps(frame, by="g", weight=w),
    "mean": lambda frame, w: measure.mean_score(frame, weight=w),
    "csat": lambda frame, w: measure.csat(frame, "a", weight=w),
    "clusters": lambda frame, w: measure.mean_score(frame, weight=w, cluster="c"),
    "nps clusters": lambda frame, w: measure.nps(frame, weight=w, cluster="c", by="g"),
    "time": lambda frame, w: measure.what_changed(frame, since=5, by="g", weight=w),
    "change": lambda frame, w: measure.decompose_change(
        frame, period="g", segment="a", before="p", after="q", weight=w
    ),
    "groups": lambda frame, w: measure.compare_groups(frame, by="g", weight=w),
    "funnel": lambda frame, w: measure.funnel(frame, unit="g", weight=w),
    "chart": lambda frame, w: measure.nps_chart(frame, period="period", weight=w),
    "drivers": lambda frame, w: measure.drivers(frame, "score", ["a", "b"], weight=w),
    "drivers clusters": lambda frame, w: measure.drivers(
        frame, "score", ["a", "b"], weight=w, cluster="c"
    ),
    "dominance": lambda frame, w: measure.conditional_dominance(
        frame, outcome="score", predictors=["a", "b"], weight=w
    ),
    "map": lambda frame, w: measure.performance_and_importance(
        frame, outcome="score", predictors=["a", "b"], weight=w
    ),
    "penalty": lambda frame, w: measure.penalty_reward(
        frame, "score", ["a", "b"], low=[1, 2], high=[5], weight=w
    ),
    "kish": lambda frame, w: measure.kish(frame, weight=w),
}


def times(scale):
    return {**ROWS, "w": [w if w is None else w * scale for w in ROWS["w"]]}


def assert_alike(found, expected, tolerance=1e-12) -> None:
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key in expected:
            assert_alike(found[key], expected[key], tolerance)
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_alike(one, other, tolerance)
    elif isinstance(expected, float):
        assert math.isclose(found, expected, rel_tol=tolerance, abs_tol=tolerance)
    else:
        assert found == expected


def plain(found):
    parts = found if isinstance(found, tuple) else (found,)
    return [part.to_dict() for part in parts]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", CALLS)
def test_the_scale_of_weights_does_not_matter(name, scale) -> None:
    expected = plain(CALLS[name](pl.DataFrame(ROWS), "w"))
    tolerance = 1e-9 if name == "dominance" else 1e-12  # it takes derivatives by small steps
    assert_alike(plain(CALLS[name](pl.DataFrame(times(scale)), "w")), expected, tolerance)


@pytest.mark.parametrize("scale", [1e-170, 1e200])
def test_the_scale_of_weights_does_not_matter_on_any_kind_of_frame(make_frame, scale) -> None:
    frame, near = make_frame(times(scale)), make_frame(ROWS)
    for name in ("nps", "clusters", "drivers", "penalty", "kish"):
        assert_alike(plain(CALLS[name](frame, "w")), plain(CALLS[name](near, "w")))


def test_equal_weights_are_none_at_any_scale() -> None:
    frame = pl.DataFrame({"score": [9, 3, 8, 10] * 50})
    alone = measure.nps(frame)
    for scale in (1e-300, *SCALES, 1e300, 1.7e308):
        found = measure.nps(frame.with_columns(w=pl.lit(scale)), weight="w")
        assert (found.estimate, found.low, found.high) == (alone.estimate, alone.low, alone.high)
        assert found.effective_answers == 200


def test_far_weights_are_checked_as_others_are() -> None:
    frame = pl.DataFrame({"score": [9, 3], "w": [1e200, -1e200]})
    with pytest.raises(measure.NegativeWeights, match="column 'w' has negative numbers in 1 rows"):
        measure.nps(frame, weight="w")
    with pytest.raises(measure.NotFinite, match="column 'w' has infinite numbers in 1 rows"):
        measure.nps(frame.with_columns(w=pl.Series([1e200, math.inf])), weight="w")
    with pytest.raises(measure.FarWeights, match="column 'w' has weights too large or too small"):
        measure.rake(frame.with_columns(w=pl.lit(1e200)), {"score": {9: 1, 3: 1}}, weight="w")
