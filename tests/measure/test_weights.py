"""Raked weights meet the margins and equal those of R's survey; what cannot be met is said."""

import math

import narwhals as nw
import numpy as np
import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import survey_weighting as api

from kokemus.measure import (
    EmptyCell,
    NegativeWeights,
    NotConverged,
    Tally,
    UnequalMargins,
    UnknownLevel,
    add_weights,
    kish,
    kish_from_sums,
    nps,
    post_stratify,
    post_stratify_from_counts,
    rake,
    rake_from_counts,
    trim_weights,
)

NAN = math.nan


def mean_api(weights, sums) -> float:
    total = sum(weights.factor(*cell) * amount for cell, amount in sums.items())
    return total / sum(cell.total for cell in weights.cells)


def test_raked_weights_are_the_converged_ones() -> None:
    found = rake_from_counts(api.COUNTS, api.MARGINS)
    factors = {cell.levels: cell.factor for cell in found.cells}
    assert factors == pytest.approx(api.RAKED_UNIT_WEIGHTS, rel=1e-12)
    assert factors == pytest.approx(api.RAKED_UNIT_WEIGHTS_OF_R, rel=1e-4)
    assert found.gap <= 1e-12
    assert mean_api(found, api.API_SUMS) == pytest.approx(api.MEANS["raked"], abs=1e-3)


def test_base_weights_that_are_equal_change_nothing_but_the_factor() -> None:
    base = api.BASE_WEIGHT
    tallies = {
        cell: Tally(count, count * base, count * base**2) for cell, count in api.COUNTS.items()
    }
    found = rake_from_counts(tallies, api.MARGINS)
    for cell, weight in api.RAKED_UNIT_WEIGHTS.items():
        assert found.factor(*cell) * base == pytest.approx(weight, rel=1e-12)
    plain = rake_from_counts(api.COUNTS, api.MARGINS)
    assert found.design_effect == pytest.approx(plain.design_effect, rel=1e-12)


def test_post_stratified_means_are_as_documented() -> None:
    by_type = {
        name: sum(n for (kind, _), n in api.COUNTS.items() if kind == name) for name in "EHM"
    }
    sums = {
        (name,): sum(n for (kind, _), n in api.API_SUMS.items() if kind == name) for name in "EHM"
    }
    found = post_stratify_from_counts(by_type, api.MARGINS["stype"], columns=["stype"])
    factors = {cell.levels[0]: cell.factor for cell in found.cells}
    assert factors == pytest.approx(api.POST_STRATIFIED_UNIT_WEIGHTS, rel=1e-12)
    assert mean_api(found, sums) == pytest.approx(api.MEANS["post"], abs=1e-9)


def test_the_stratified_mean_is_as_documented() -> None:
    found = post_stratify_from_counts(api.STRATA_COUNTS, api.MARGINS["stype"])
    sums = {(name,): amount for name, amount in api.STRATA_SUMS.items()}
    assert mean_api(found, sums) == pytest.approx(api.STRATIFIED_MEAN, abs=1e-4)


ROWS = {
    "channel": ["shop", "shop", "web", "web", "web", None, "shop", "web", "shop"],
    "is_new": [True, False, True, False, True, True, None, False, True],
    "own": [1.0, 2.0, 1.0, 1.0, NAN, 1.0, 1.0, 3.0, 0.0],
    "score": [10, 9, 3, 8, 10, 10, 1, 10, 4],
}
RAKED = {"channel": {"shop": 0.3, "web": 0.7}, "is_new": {True: 0.5, False: 0.5}}


def test_every_kind_of_frame_gives_the_same_weights(make_frame) -> None:
    frame = make_frame(ROWS)
    found = rake(frame, RAKED, weight="own")
    expected = rake_from_counts(
        {
            ("shop", False): Tally(1, 2, 4),
            ("shop", True): Tally(1, 1, 1),
            ("web", False): Tally(2, 4, 10),
            ("web", True): Tally(1, 1, 1),
        },
        RAKED,
    )
    assert (found.answers, found.missing) == (5, 4)
    factors = {cell.levels: cell.factor for cell in found.cells}
    assert factors == pytest.approx({cell.levels: cell.factor for cell in expected.cells}, rel=1e-9)
    assert found.design_effect == pytest.approx(expected.design_effect, rel=1e-9)
    weighted = nw.from_native(add_weights(frame, found, weight="own"))
    if isinstance(weighted, nw.LazyFrame):
        weighted = weighted.collect()
    whole = weighted.filter(nw.col("own") > 2.5, nw.col("own") < 9.0)["weight"].to_list()
    assert whole == pytest.approx([3 * found.factor("web", False)], rel=1e-9)
    score = nps(weighted.to_native(), weight="weight")
    assert (score.answers, score.missing) == (5, 4)


def test_kish_on_every_kind_of_frame(make_frame) -> None:
    shop, web = kish(
        make_frame({**ROWS, "channel": ["shop", "web"] * 4 + ["web"]}), "own", by="channel"
    )
    assert (shop.group, shop.answers, shop.missing, shop.design_effect) == ("shop", 3, 1, 1.0)
    assert (web.group, web.answers, web.missing) == ("web", 4, 1)
    assert web.design_effect == pytest.approx(4 * (4 + 1 + 1 + 9) / (2 + 1 + 1 + 3) ** 2)


def test_post_stratify_on_every_kind_of_frame(make_frame) -> None:
    found = post_stratify(make_frame(ROWS), {"shop": 60, "web": 40}, by="channel", weight="own")
    assert {cell.levels: cell.factor for cell in found.cells} == pytest.approx(
        {("shop",): 60 / 4, ("web",): 40 / 5}
    )
    assert (found.answers, found.missing) == (6, 3)


def test_kish_knows_none_and_equal_weights() -> None:
    assert kish_from_sums(4, 8, 16).design_effect == 1
    none = kish_from_sums(0, 0, 0)
    assert (none.design_effect, str(none)) == (None, "no answers with a weight")


def test_trimming_caps_the_factors_and_keeps_the_whole() -> None:
    found = post_stratify_from_counts({"a": 90, "b": 8, "c": 2}, {"a": 40, "b": 30, "c": 30})
    trimmed = trim_weights(found, times_mean_max=3)
    assert sum(cell.total for cell in trimmed.cells) == pytest.approx(100)
    assert [cell.factor for cell in trimmed.cells] == pytest.approx([70 / 90, 3, 3])
    assert trimmed.design_effect < found.design_effect
    assert trimmed.gap == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: rake_from_counts({("a", "x"): 1}, {"p": {"a": 1, "b": 1}, "q": {"x": 2}}),
            EmptyCell,
            "nobody answered from p 'b'",
        ),
        (
            lambda: rake_from_counts({("a",): 1, ("c",): 1}, {"p": {"a": 1}}),
            UnknownLevel,
            "no total for p 'c'",
        ),
        (
            lambda: rake_from_counts({("a", "x"): 1}, {"p": {"a": 1}, "q": {"x": 2}}),
            UnequalMargins,
            "totals differ: p 1, q 2",
        ),
        (
            lambda: rake_from_counts(
                {("a", "x"): 1, ("b", "y"): 1},
                {"p": {"a": 0.5, "b": 0.5}, "q": {"x": 0.4, "y": 0.6}},
            ),
            NotConverged,
            "after 1000 rounds the worst margin of p and q is still 0.1 of the whole",
        ),
        (lambda: rake_from_counts({}, {"p": {"a": 1}}), EmptyCell, "no answers to weight"),
        (
            lambda: post_stratify_from_counts({"a": 1}, {"a": 1, "b": 2}),
            EmptyCell,
            "nobody answered from stratum 'b'",
        ),
        (
            lambda: post_stratify_from_counts({"a": 1, "b": 1}, {"a": 1}),
            UnknownLevel,
            "no total for stratum 'b'",
        ),
        (
            lambda: post_stratify_from_counts({"a": 1}, {"a": -1}),
            ValueError,
            "must be 0 or more",
        ),
        (lambda: kish_from_sums(4, 8, 1), ValueError, "no weights have these sums"),
        (
            lambda: kish(polars.DataFrame({"weight": [-1.0]})),
            NegativeWeights,
            "negative numbers in 1 rows",
        ),
    ],
)
def test_what_cannot_be_met_is_said(call, error, words) -> None:
    with pytest.raises(error, match=words):
        call()


cells = st.fixed_dictionaries(
    {pair: st.integers(1, 50) for pair in [*zip("aabbcc", "xyxyxy", strict=True)]}
)


@settings(max_examples=40)
@given(cells, st.permutations([*zip("aabbcc", "xyxyxy", strict=True)]))
def test_margins_hold_and_order_changes_nothing(counts, order) -> None:
    margins = {"p": {"a": 5, "b": 3, "c": 2}, "q": {"x": 4, "y": 6}}
    found = rake_from_counts(counts, margins)
    for place, (_, totals) in enumerate(margins.items()):
        for level, total in totals.items():
            reached = sum(cell.total for cell in found.cells if cell.levels[place] == level)
            assert reached == pytest.approx(total, abs=1e-10)
    again = rake_from_counts({cell: counts[cell] for cell in order}, margins)
    assert all(
        again.factor(*cell.levels) == pytest.approx(cell.factor, rel=1e-9) for cell in found.cells
    )
    weights = np.array([cell.factor for cell in found.cells for _ in range(int(cell.base.answers))])
    effect = len(weights) * (weights**2).sum() / weights.sum() ** 2
    assert found.design_effect == pytest.approx(effect)


def test_weights_print_and_go_into_json() -> None:
    found = rake_from_counts(api.COUNTS, api.MARGINS)
    assert str(found).startswith("weights of 183 answers by stype and sch.wide: 29.87 to 67.13")
    assert found.to_dict()["cells"][0]["levels"] == ["E", "No"]
    assert "<td>39.84</td>" in found._repr_html_()
    with pytest.raises(UnknownLevel, match="no answers have 'X', 'No'"):
        found.factor("X", "No")
