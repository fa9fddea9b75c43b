"""The eight published names take their parameters as published: by position, with the defaults."""

import inspect
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from kokemus import measure

PUBLISHED: dict[Callable[..., Any], dict[str, Any]] = {
    measure.nps: {
        "score": "score",
        "by": None,
        "weight": None,
        "confidence": 0.95,
        "method": "score",
    },
    measure.intervals.nps_interval: {
        "passives": inspect.Parameter.empty,
        "promoters": inspect.Parameter.empty,
        "confidence": 0.95,
        "method": "score",
    },
    measure.decompose_change: {
        "score": "score",
        "period": "period",
        "segment": "segment",
        "before": None,
        "after": None,
    },
    measure.drivers: {"outcome": "y", "predictors": (), "method": "lmg", "weight": None},
    measure.attribution: {"outcome": "y", "factors": None, "covariates": ()},
    measure.penalty_reward: {"outcome": "y", "attributes": None, "low": None, "high": None},
    measure.cox: {"duration": "t", "event": "e", "group": "g", "ties": "efron"},
    measure.granger: {"cause": "x", "effect": "y", "order": 3, "time": "t"},
}
ROWS = pl.DataFrame(
    {
        "y": [9.0, 3, 10, 8, 6, 9, 10, 2, 7, 10, 5, 9] * 5,
        "a": [5, 1, 4, 3, 2, 4, 5, 1, 3, 5, 3, 4] * 5,
        "g": ["p", "q", "q"] * 20,
        "w": [1.0, 2.0] * 30,
        "n": range(60),
    }
)


@pytest.mark.parametrize("function", PUBLISHED, ids=lambda function: function.__name__)
def test_a_fixed_name_takes_what_is_published_by_position(function) -> None:
    _, *parameters = inspect.signature(function).parameters.values()
    published = PUBLISHED[function]

    by_position = [each for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]

    assert {each.name: each.default for each in by_position} == published
    assert [each.name for each in by_position] == list(published)
    assert all(each.kind is each.KEYWORD_ONLY for each in parameters[len(published) :])


def test_positions_and_names_mean_the_same() -> None:
    """As printed: an engine may add up its groups in another order the second time."""
    pairs = [
        (
            measure.nps(ROWS, "y", "g", "w", 0.9, "wald"),
            measure.nps(ROWS, score="y", by="g", weight="w", confidence=0.9, method="wald"),
        ),
        (
            measure.intervals.nps_interval(8, 9, 19, 0.9, "wald"),
            measure.intervals.nps_interval(8, 9, 19, confidence=0.9, method="wald"),
        ),
        (measure.drivers(ROWS, "y", ["a"]), measure.drivers(ROWS, predictors=["a"])),
        (
            measure.granger(ROWS, "a", "y", 2, "n"),
            measure.granger(ROWS, cause="a", effect="y", order=2, time="n"),
        ),
        (
            measure.penalty_reward(ROWS, "y", ["a"], 2, 5),
            measure.penalty_reward(ROWS, attributes=["a"], low=2, high=5),
        ),
        (measure.attribution(ROWS, "y", ["g"]), measure.attribution(ROWS, factors=["g"])),
        (
            measure.decompose_change(ROWS, "y", "g", "a", "p", "q"),
            measure.decompose_change(
                ROWS, score="y", period="g", segment="a", before="p", after="q"
            ),
        ),
    ]
    assert [str(by_position) for by_position, _ in pairs] == [str(named) for _, named in pairs]


def test_what_must_be_given_is_named() -> None:
    with pytest.raises(TypeError, match=r"^attribution\(\) needs factors=; it has no default$"):
        measure.attribution(ROWS)
    with pytest.raises(TypeError, match=r"^penalty_reward\(\) needs attributes="):
        measure.penalty_reward(ROWS)
    with pytest.raises(TypeError, match=r"^penalty_reward\(\) needs low="):
        measure.penalty_reward(ROWS, "y", ["a"])
    with pytest.raises(TypeError, match=r"^penalty_reward\(\) needs high="):
        measure.penalty_reward(ROWS, "y", ["a"], 2)
    with pytest.raises(measure.NoPredictors):
        measure.drivers(ROWS)
