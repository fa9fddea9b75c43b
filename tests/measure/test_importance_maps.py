import json

import numpy as np
import polars as pl
import pytest

from kokemus.measure import (
    Estimate,
    NoPredictors,
    drivers,
    performance_and_importance,
    stated_and_revealed,
)

ROWS = {
    "y": [9, 7, 4, 8, 2, 6, 9, 5, 3, 8, 7, 1, 10, 6, None, 4],
    "a": [5, 4, 2, 4, 1, 3, 5, 2, 2, 5, 3, 1, 5, 4, 3, float("nan")],
    "b": [4.0, 4, 3, 5, 2, 3, 4, None, 1, 4, 5, 2, 5, 3, 4, 2],
    "says_a": [3, 3, 4, None, 2, 3, 3, 3, 4, 3, 2, 3, 3, 4, 3, 3],
    "says_b": [5.0, 5, 5, 4, 5, 5, float("nan"), 4, 5, 5, 5, 5, 4, 5, 5, 5],
}
STATED = {"a": "says_a", "b": "says_b"}


def test_every_kind_of_frame_gives_the_same_map(make_frame) -> None:
    found = stated_and_revealed(make_frame(ROWS), outcome="y", stated=STATED, missing="listwise")
    pairs = [(s, t) for s, t in zip(ROWS["says_a"], ROWS["says_b"], strict=True)]
    means = np.array([pair for pair in pairs if None not in pair and pair[1] == pair[1]])
    assert found.answers == len(means) == 14
    across = [point.across.estimate for point in found.points.values()]
    assert across == pytest.approx(means.mean(axis=0).tolist(), abs=1e-9)
    error = 1.959963984540054 * means[:, 0].std(ddof=1) / np.sqrt(14)
    assert found["a"].across.high - found["a"].across.estimate == pytest.approx(error, abs=1e-9)
    polars = pl.DataFrame(ROWS, strict=False)
    shares = drivers(polars, outcome="y", predictors=["a", "b"], missing="listwise").share
    for name, point in found.points.items():
        assert point.importance.estimate == pytest.approx(shares[name], abs=1e-9)


def test_every_kind_of_frame_gives_the_same_performance(make_frame) -> None:
    options = {"outcome": "y", "predictors": ["a", "b"], "missing": "listwise"}
    found = performance_and_importance(make_frame(ROWS), **options)
    rows = [pair for pair in zip(ROWS["a"], ROWS["b"], strict=True) if None not in pair]
    means = np.array([pair for pair in rows if pair[0] == pair[0]]).mean(axis=0)
    across = [point.across.estimate for point in found.points.values()]
    assert across == pytest.approx(means.tolist(), abs=1e-9)


def planted(rows=1500):
    """Two parts that move the score and two that do not; of each, one is said to and done well."""
    generator = np.random.default_rng(6)
    rated = np.round(generator.normal([4, 2, 4, 2], size=(rows, 4)))
    y = rated @ [1, 1, 0.1, 0.1] + generator.normal(size=rows)
    said = np.round(generator.normal([8, 4, 8, 4], size=(rows, 4)))
    names = ["p", "q", "r", "s"]
    frame = pl.DataFrame(rated, schema=names).with_columns(y=pl.Series(y))
    return frame.with_columns(pl.Series(f"says_{n}", said[:, i]) for i, n in enumerate(names))


def test_what_was_planted_is_found() -> None:
    frame = planted()
    said = stated_and_revealed(frame, outcome="y", stated={name: f"says_{name}" for name in "pqrs"})
    assert [point.cell for point in said.points.values()] == [
        "known driver",
        "hidden driver",
        "said, not shown",
        "minor",
    ]
    done = performance_and_importance(frame, outcome="y", predictors=list("pqrs"))
    assert [point.cell for point in done.points.values()] == [
        "keep up",
        "improve first",
        "possible overkill",
        "low priority",
    ]
    assert done.crosshair[0] == pytest.approx(frame.select("p", "q", "r", "s").to_numpy().mean())
    assert "improve first" in str(done)


def test_a_point_whose_interval_crosses_a_line_is_not_read() -> None:
    found = performance_and_importance(planted(40), outcome="y", predictors=["p", "q", "r"])
    assert found["q"].across.high < found.crosshair[0]
    few = performance_and_importance(planted(4), outcome="y", predictors=["p", "q", "r"])
    assert {point.cell for point in few.points.values()} == {"cannot tell"}


def test_none_and_one_and_equal() -> None:
    frame = planted(30).with_columns(y=5.0)
    found = performance_and_importance(frame, outcome="y", predictors=["p", "q"])
    assert (found.points, found.crosshair) == ({}, (None, None))
    assert str(found) == "performance and revealed importance: cannot tell"
    with pytest.raises(NoPredictors, match="two predictors"):
        performance_and_importance(frame, outcome="y", predictors=["p"])


def test_a_part_whose_answers_are_all_equal_cannot_be_placed() -> None:
    frame = planted(300).with_columns(p=pl.lit(5.1), says_q=pl.lit(3))
    done = performance_and_importance(frame, outcome="y", predictors=list("pqrs"))
    assert done["p"].across == Estimate(pytest.approx(5.1), None, None)
    assert (done["p"].importance.low, done["p"].cell) == (None, "cannot tell")
    assert "p: cannot tell; performance 5.10 (cannot tell how far off), importance 0.000 (" in str(
        done
    )
    said = stated_and_revealed(frame, outcome="y", stated={name: f"says_{name}" for name in "qrs"})
    assert (said["q"].across.low, said["q"].cell) == (None, "cannot tell")
    assert said["q"].importance.low > 0.2


@pytest.mark.slow
def test_sides_are_wrong_as_seldom_as_is_said() -> None:
    """Three parts alike in mean and share: a side that is told is wrong, 5 % of them."""
    told = []
    for seed in range(150):
        generator = np.random.default_rng([5, seed])
        rated = generator.normal(size=(200, 3))
        frame = pl.DataFrame(rated, schema=["a", "b", "c"])
        frame = frame.with_columns(y=rated.sum(axis=1) + generator.normal(size=200))
        found = performance_and_importance(frame, outcome="y", predictors=["a", "b", "c"])
        told += [point.cell != "cannot tell" for point in found.points.values()]
    assert np.mean(told) < 0.02  # both sides wrong at once


def test_results_are_plain_json_and_tables_and_charts() -> None:
    found = performance_and_importance(planted(), outcome="y", predictors=["p", "q"])
    assert json.loads(json.dumps(found.to_dict()))["points"]["p"]["cell"] == found["p"].cell
    assert "<th>p</th>" in found._repr_html_()
    assert found.plot().to_dict()["layer"]
