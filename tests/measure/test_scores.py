import datetime
import math
import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import sfo_2017

from kokemus import measure

NAN = math.nan
ROWS: dict[str, list[Any]] = {
    "score": [10.0, 9.0, 9.0, 7.0, 3.0, None, NAN, 11.0, 10.0, 0.0],
    "shop": ["b", "b", "a", "a", "a", "a", "b", "a", None, None],
    "weight": [1.0, 2.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, None, NAN],
}


def briefly(scores: Sequence[measure.Score]) -> list[tuple[Any, ...]]:
    return [(score.group, score.estimate, score.answers, score.missing) for score in scores]


def test_nps_counts_null_nan_and_codes_as_missing(make_frame) -> None:
    score = measure.nps(make_frame(ROWS), missing=[11])
    low, high = measure.intervals.nps_interval(2, 1, 4)
    assert score == measure.Score(
        name="NPS",
        estimate=pytest.approx(200 / 7),
        low=pytest.approx(low),
        high=pytest.approx(high),
        answers=7,
        missing=3,
        effective_answers=7.0,
        method="score",
        confidence=0.95,
        unit="points",
    )


def test_nps_by_group_is_sorted_with_the_nameless_last(make_frame) -> None:
    scores = measure.nps(make_frame(ROWS), by="shop", missing=[11])
    assert briefly(scores) == [
        ("a", pytest.approx(0), 3, 2),
        ("b", pytest.approx(100), 2, 1),
        (None, pytest.approx(0), 2, 0),
    ]


def test_nps_with_weights_leaves_out_what_has_none(make_frame) -> None:
    score = measure.nps(make_frame(ROWS), weight="weight", missing=[11])
    assert (score.answers, score.missing) == (5, 5)
    assert score.estimate == pytest.approx(100 * (4 - 2) / 7)
    assert score.effective_answers == pytest.approx(7**2 / 11)
    assert score.method == "score, Kish effective n"


def test_groups_of_several_columns_and_numbers_are_sorted_by_value(make_frame) -> None:
    rows = {"score": [9, 9, 0, 9], "week": [10, 2, 2, 2], "shop": ["a", "b", "a", "b"]}
    scores = measure.nps(make_frame(rows), by=["week", "shop"])
    assert briefly(scores) == [
        ((2, "a"), -100, 1, 0),
        ((2, "b"), 100, 2, 0),
        ((10, "a"), 100, 1, 0),
    ]
    assert [type(score.group[0]) for score in scores] == [int, int, int]


def test_a_rollup_with_counts_equals_its_rows(make_frame) -> None:
    rollup = {"score": [10, 7, 3, 10], "answers": [4, 2, 1, 0], "shop": ["a", "a", "b", "b"]}
    rows = {"score": [10] * 4 + [7, 7, 3], "shop": ["a"] * 6 + ["b"]}
    by_count = measure.nps(make_frame(rollup), by="shop", count="answers")
    assert by_count == measure.nps(make_frame(rows), by="shop")


def test_a_rollup_with_counts_and_weights_equals_its_rows(make_frame) -> None:
    rollup = {"score": [10, 7, 3], "answers": [4, 2, 1], "weight": [1.0, 2.0, 0.5]}
    rows = {"score": [10] * 4 + [7, 7, 3], "weight": [1.0] * 4 + [2.0, 2.0, 0.5]}
    by_count = measure.nps(make_frame(rollup), weight="weight", count="answers")
    assert by_count == measure.nps(make_frame(rows), weight="weight")


def test_csat_counts_the_top_boxes(make_frame) -> None:
    rows = {"stars": [5, 4, 4, 3, None, 1, 2, 5, 5, 4, 4]}
    score = measure.csat(make_frame(rows), "stars")
    low, high = measure.intervals.wilson_interval(7, 10)
    assert (score.estimate, score.low, score.high) == pytest.approx((70, 100 * low, 100 * high))
    assert (score.answers, score.missing, score.method) == (10, 1, "wilson")
    top = measure.csat(make_frame(rows), "stars", box=1, method="clopper_pearson")
    low, high = measure.intervals.clopper_pearson_interval(3, 10)
    assert (top.estimate, top.low, top.high) == pytest.approx((30, 100 * low, 100 * high))


def test_ces_is_the_mean_or_a_share(make_frame) -> None:
    frame = make_frame({"ease": [7.0, 6.0, NAN, 5.0, 4.0, None]})
    mean = measure.ces(frame, "ease")
    margin = 3.182446305 * math.sqrt(5 / 3) / 2  # t(0.975, 3)
    assert (mean.estimate, mean.low, mean.high) == pytest.approx((5.5, 5.5 - margin, 7))
    share = measure.ces(frame, "ease", box=3)
    assert (share.estimate, share.unit, share.answers) == (75, "percent", 4)


def test_mean_score_by_group(make_frame) -> None:
    rows = {"stars": [5.0, 4.0, 3.0, None, 2.5, NAN], "shop": ["a", "a", "a", "a", "b", "b"]}
    first, second = measure.mean_score(make_frame(rows), "stars", by="shop", scale=(1, 5))
    margin = 4.302652730 / math.sqrt(3)  # t(0.975, 2)
    assert (first.estimate, first.low, first.high) == pytest.approx((4, 4 - margin, 5))
    assert (second.estimate, second.low, second.high) == (2.5, 1, 5)
    assert (second.method, second.missing) == ("whole scale", 1)


def test_no_rows_and_no_answers_are_said(make_frame) -> None:
    frame = make_frame({"score": [NAN, None], "shop": ["a", "b"]})
    for score in (measure.nps, measure.csat, measure.ces, measure.mean_score):
        found = score(frame)
        assert (found.estimate, found.low, found.high) == (None, None, None)
        assert (found.answers, found.missing) == (0, 2)
        assert str(found) == f"{found.name}: no answers, 2 missing"
    assert briefly(measure.nps(frame, by="shop")) == [("a", None, 0, 1), ("b", None, 0, 1)]


def test_codes_off_the_scale_are_named_with_their_counts(make_frame) -> None:
    frame = make_frame({"NETPRO": [9, 10, 11, 99, 11, 0]})
    with pytest.raises(measure.OffScale) as raised:
        measure.nps(frame, "NETPRO")
    assert raised.value.counts == {11: 2, 99: 1}
    assert str(raised.value) == (
        "column 'NETPRO' has answers outside the scale 0 to 10: 11 (2 answers), 99 (1 answer)."
        " If these are codes for no answer, pass missing=[11, 99]"
    )


def test_codes_are_missing_in_whole_numbers_too(make_frame) -> None:
    frame = make_frame({"score": [9, 10, 11, 99, 7]})
    assert briefly([measure.nps(frame, missing=[11, 99.0, 98.5])]) == [
        (None, pytest.approx(200 / 3), 3, 2)
    ]


def test_half_answers_and_infinite_ones_are_off_the_scale(make_frame) -> None:
    for value in (8.5, math.inf, -1.0):
        with pytest.raises(measure.OffScale, match="outside the scale 0 to 10"):
            measure.nps(make_frame({"score": [9.0, value]}))
        with pytest.raises(measure.OffScale, match="outside the scale 1 to 5"):
            measure.csat(make_frame({"score": [5.0, value]}))
    assert measure.mean_score(make_frame({"score": [4.5, 3.5]}), scale=(1, 5)).estimate == 4


def test_a_column_that_is_not_there_brings_the_nearest(make_frame) -> None:
    frame = make_frame({"NETPRO": [9], "BAREA": ["a"]})
    with pytest.raises(measure.UnknownColumn, match="no column 'netpr'; the nearest: NETPRO"):
        measure.nps(frame, "netpr")
    with pytest.raises(measure.UnknownColumn, match="no column 'AREA'; the nearest: BAREA"):
        measure.nps(frame, "NETPRO", by="AREA")


def test_words_are_no_answers(make_frame) -> None:
    with pytest.raises(measure.NotNumbers, match="column 'score' must hold numbers, and holds"):
        measure.nps(make_frame({"score": ["9", "ten"]}))


def test_a_pandas_column_of_objects_may_hold_numbers_but_no_words() -> None:
    pandas = pytest.importorskip("pandas")
    objects = pandas.DataFrame({"score": pandas.Series([9, None, 10], dtype=object)})
    assert measure.nps(objects).answers == 2
    objects.loc[1, "score"] = "ten"
    with pytest.raises(measure.NotNumbers, match=r"column 'score' must hold numbers: .*'ten'"):
        measure.nps(objects)


def test_names_of_groups_that_are_dates(make_frame) -> None:
    days = [datetime.date(2026, 1, 2), datetime.date(2026, 1, 1), None]
    scores = measure.nps(make_frame({"score": [9, 1, 8], "day": days}), by="day")
    assert [score.to_dict()["group"] for score in scores] == ["2026-01-01", "2026-01-02", None]


def test_negative_weights_are_refused(make_frame) -> None:
    frame = make_frame({"score": [9, 8, 7], "weight": [1.0, -1.0, NAN]})
    with pytest.raises(measure.NegativeWeights, match="column 'weight' has negative numbers in 1"):
        measure.nps(frame, weight="weight")


def test_nps_agrees_with_the_survey_package() -> None:
    score = measure.nps_from_histogram(
        sfo_2017.HISTOGRAM | sfo_2017.CODED_MISSING | {NAN: sfo_2017.EMPTY}, missing=[11]
    )
    assert (score.answers, score.missing) == (sfo_2017.ANSWERS, 85)
    assert score.estimate == pytest.approx(100 * sfo_2017.NPS, abs=1e-10)
    wald = measure.nps_from_histogram(sfo_2017.HISTOGRAM, method="wald")
    assert (wald.high - wald.low) / 2 / 1.959963984540054 == pytest.approx(
        100 * sfo_2017.STANDARD_ERROR, abs=1e-9
    )


def test_weighted_nps_agrees_with_the_survey_package() -> None:
    tallies = {value: measure.Tally(*sums) for value, sums in sfo_2017.WEIGHTED_HISTOGRAM.items()}
    score = measure.nps_from_histogram(tallies)
    assert score.estimate == pytest.approx(100 * sfo_2017.WEIGHTED_NPS, abs=1e-9)
    assert score.effective_answers == pytest.approx(sfo_2017.KISH_EFFECTIVE_ANSWERS, rel=1e-9)
    assert score.answers / score.effective_answers == pytest.approx(sfo_2017.KISH_DESIGN_EFFECT)


def test_nps_by_area_agrees_with_the_survey_package(make_frame) -> None:
    cells = [
        (area, value, count)
        for area, counts in sfo_2017.COUNTS_BY_AREA.items()
        for value, count in zip((0, 7, 10), counts, strict=True)
    ]
    areas, values, counts = zip(*cells, strict=True)
    rows = {"area": list(areas), "NETPRO": list(values), "answers": list(counts)}
    found = measure.nps(make_frame(rows), "NETPRO", by="area", count="answers")
    assert {score.group: (score.answers, score.estimate) for score in found} == {
        area: (answers, pytest.approx(100 * nps, abs=1e-9))
        for area, (answers, nps) in sfo_2017.BY_AREA.items()
    }


def test_csat_of_billions() -> None:
    score = measure.csat_from_histogram({5: 2_000_000_000, 1: 1_000_000_000})
    assert (score.answers, score.effective_answers) == (3_000_000_000, 3e9)
    assert score.high - score.low == pytest.approx(0.00337, abs=1e-4)


def test_equal_answers_never_make_a_mean_certain() -> None:
    """After n equal answers at most 1 - 0.025^(1/n) of the others may differ."""
    score = measure.mean_from_histogram({5: 8}, scale=(1, 5))
    others = 1 - 0.025 ** (1 / 8)
    assert (score.estimate, score.high, score.method) == (5, 5, "equal answers")
    assert score.low == pytest.approx(5 - 4 * others)
    without_scale = measure.mean_from_histogram({5: 8})
    assert (without_scale.low, without_scale.high) == (None, None)
    assert str(without_scale) == "mean 5.00 (cannot tell how far off, 8 answers)"


def test_one_answer_tells_nothing_of_a_mean() -> None:
    score = measure.ces_from_histogram({4: 1})
    assert (score.estimate, score.low, score.high) == (4, 1, 7)
    assert (score.method, score.answers) == ("whole scale", 1)


def test_a_box_must_be_part_of_the_scale() -> None:
    for box in (0, 5):
        with pytest.raises(ValueError, match="box must be 1 to 4 on a scale 1 to 5"):
            measure.csat_from_histogram({5: 1}, box=box)


def test_a_method_that_there_is_not_is_named_even_without_answers() -> None:
    with pytest.raises(ValueError, match="method must be one of score, adjusted_wald, wald"):
        measure.nps_from_histogram({}, method="best")
    with pytest.raises(ValueError, match="method must be one of wilson"):
        measure.csat_from_histogram({}, method="best")


def test_a_histogram_with_negative_counts_is_refused() -> None:
    with pytest.raises(ValueError, match="a histogram has counts of 0 or more"):
        measure.nps_from_histogram({9: -1})


answers = st.lists(st.one_of(st.none(), st.just(NAN), st.integers(0, 10)), max_size=40)


def approximate(score: measure.Score) -> Any:
    return pytest.approx(
        [NAN if part is None else part for part in (score.estimate, score.low, score.high)],
        nan_ok=True,
    )


def parts(score: measure.Score) -> list[float]:
    return [NAN if part is None else part for part in (score.estimate, score.low, score.high)]


@given(answers, st.randoms())
def test_the_order_of_rows_changes_nothing(scores, chance: random.Random) -> None:
    import polars as pl

    frame = pl.DataFrame({"score": scores}, schema={"score": pl.Float64}, strict=False)
    shuffled = frame.sample(fraction=1, shuffle=True, seed=chance.randrange(2**32))
    for score in (measure.nps, measure.mean_score):
        assert parts(score(shuffled)) == approximate(score(frame))


@given(answers)
def test_weights_of_one_equal_no_weights(scores) -> None:
    import polars as pl

    frame = pl.DataFrame({"score": scores}, schema={"score": pl.Float64}, strict=False)
    weighted = frame.with_columns(weight=pl.lit(1.0))
    for score in (measure.nps, measure.mean_score):
        assert score(weighted, weight="weight") == score(frame)


@given(answers, st.integers(1, 5))
def test_splitting_rows_into_counted_ones_changes_nothing(scores, times) -> None:
    import polars as pl

    frame = pl.DataFrame({"score": scores}, schema={"score": pl.Float64}, strict=False)
    repeated = pl.concat([frame] * times)
    counted = frame.with_columns(times=pl.lit(times))
    assert measure.nps(counted, count="times") == measure.nps(repeated)


@given(st.dictionaries(st.integers(0, 10), st.integers(0, 1000)), st.floats(0.01, 100))
def test_the_unit_of_weights_does_not_matter(histogram, unit) -> None:
    tallies = {
        value: measure.Tally(count, count * unit, count * unit**2)
        for value, count in histogram.items()
    }
    weighted, plain = measure.nps_from_histogram(tallies), measure.nps_from_histogram(histogram)
    assert parts(weighted) == approximate(plain)
    assert weighted.method == plain.method
