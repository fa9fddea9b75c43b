"""What a print says is what was found: no false reading, no bad grammar."""

import math

import polars as pl
import pytest

from kokemus import measure
from kokemus.measure.results import write_count, write_worth

NUMBER = {"score": pl.Float64}


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (0, "0 answers"),
        (1, "1 answer"),
        (1.2, "1 answer"),
        (2.0, "2 answers"),
        (1214, "1,214 answers"),
    ],
)
def test_a_count_agrees_with_its_noun(count, written) -> None:
    assert write_count(count, "answer") == written


def test_effective_answers_say_what_was_lost() -> None:
    frame = pl.DataFrame({"score": [9, 10, 3], "weight": [1.0, 1.5, 0.8]})
    assert "3 answers worth 2.8," in str(measure.nps(frame, weight="weight"))
    assert [write_worth(number) for number in (2.0, 99.96, 123.4)] == ["2", "100.0", "123"]
    one = measure.kish(pl.DataFrame({"weight": [2.0]}))
    assert str(one) == "design effect 1.000: 1 answer is worth 1"


def test_a_funnel_compares_its_limits_with_those_of_chance_alone() -> None:
    shops = "abcdefghijkl"
    counts = {
        shop: (30 + 8 * (n % 2), 20, 50 + 9 * (n % 5) - 45 * (n == 0))
        for n, shop in enumerate(shops)
    }
    wide = measure.funnel_from_counts(counts)
    plain = measure.funnel_from_counts(counts, overdispersion="none")

    assert len(plain.flagged) == len(wide.flagged_by_chance_alone) > 0
    chance = f"({len(plain.flagged)} where limits allow for nothing but chance)"
    assert f"outside 99.8 %: {len(wide.flagged)} {chance}\n" in str(wide) + "\n"
    assert f"outside 99.8 %: {len(plain.flagged)}\n" in str(plain)


def test_one_driver_has_one_interval_and_no_ranking() -> None:
    frame = pl.DataFrame({"y": [1.0, 2, 4, 3, 5, 6, 8, 7] * 5, "a": [1.0, 3, 2, 4, 6, 5, 7, 9] * 5})
    found = measure.drivers(frame, "y", ["a"])

    assert found.share["a"] == pytest.approx(found.r_squared)
    assert found.intervals["a"] == found.r_squared_interval
    assert str(found).endswith("one predictor: no ranking")


def test_what_changed_of_nothing_cannot_be_told() -> None:
    empty = pl.DataFrame(schema={"score": pl.Float64, "period": pl.Int64})
    assert (
        str(measure.what_changed(empty, since=2)) == "cannot tell whether anything changed since 2"
    )
    two = pl.DataFrame({"score": [9, 10, 3, 4] * 5, "period": [1, 2] * 10})
    assert str(measure.what_changed(two, since=2)).endswith(
        "score: nps: too few periods to tell how they vary; sampling alone is counted"
    )


def test_what_changed_of_missing_scores_cannot_be_told() -> None:
    nothing = pl.DataFrame({"score": [None] * 20, "period": range(20)}, schema_overrides=NUMBER)
    found = measure.what_changed(nothing, since=10)
    assert found.missing == 20
    assert [change.change.estimate for change in found.changes] == [None]


def test_a_part_without_spread_claims_no_interval() -> None:
    frame = pl.DataFrame(
        {
            "period": [1] * 20 + [2] * 20,
            "segment": ["all"] * 40,
            "score": [10, 3] * 10 + [9, 5, 10, 8] * 5,
        }
    )
    found = measure.decompose_change(frame)

    assert "  mix: +0.0 (no interval: what it rests on does not vary)\n" in str(found)
    assert str(found.exit) == "0.00 (0.00 to 0.00)"
    assert math.copysign(1, found.to_dict()["exit"]["estimate"]) == 1


def test_a_sample_ratio_of_nobody_says_so() -> None:
    empty = pl.DataFrame(schema={"arm": pl.String})
    assert str(measure.sample_ratio(empty)) == "Sample ratio: cannot tell, nobody is assigned."


def test_word_and_deed_are_compared_in_words() -> None:
    frame = pl.DataFrame({"score": [10, 9, 2, 8] * 5, "done": [True, False, False, True] * 5})
    assert "share who recommended, less the mean answer (10 is 100 %): -22.5 %" in str(
        measure.said_versus_done(frame, score="score", done="done")
    )
