"""A change is split as in the published tables; its parts sum to it, and cover the truth."""

import json
import math
from collections.abc import Iterator
from datetime import date

import numpy as np
import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import dasgupta

from kokemus.measure import (
    Tally,
    UnknownPeriod,
    decompose_change,
    decompose_change_from_histograms,
    decompose_changes,
    nps,
    standardise,
)

PARTS = ("mix", "within", "entry", "exit")
NAN = math.nan


def estimates(change) -> dict[str, float]:
    return {name: getattr(change, name).estimate for name in ("total", *PARTS)}


def test_headship_is_as_in_das_guptas_table_5_1() -> None:
    before, after = (
        {age: {rate: size} for age, (size, rate) in enumerate(zip(*columns, strict=True))}
        for columns in (dasgupta.HEADS_1970.values(), dasgupta.HEADS_1985.values())
    )
    found = estimates(decompose_change_from_histograms(before, after, kind="mean"))
    assert {name: found[name] for name in dasgupta.HEADS} == pytest.approx(dasgupta.HEADS, abs=1e-6)


def test_crossed_factors_are_as_in_das_guptas_table_5_3() -> None:
    before, after = (
        {
            (race, age): {rate: size}
            for race, columns in races.items()
            for age, (size, rate) in enumerate(zip(*columns, strict=True))
        }
        for races in (dasgupta.DEATHS_1970, dasgupta.DEATHS_1985)
    )
    found = decompose_change_from_histograms(before, after, factors=("race", "age"), kind="mean")
    effects = {name: part.estimate for name, part in found.factors.items()}
    assert effects == pytest.approx({"age": 1.5217347, "race": 0.0197749}, abs=1e-6)
    assert found.within.estimate == pytest.approx(dasgupta.DEATHS["within"], abs=1e-6)
    assert found.total.estimate == pytest.approx(dasgupta.DEATHS["total"], abs=1e-6)


def test_a_new_and_a_gone_segment_are_parts_of_their_own() -> None:
    """With "b" alone in both: 0 to 50 within; 20 of 40 come in at 100; 10 of 20 left at -100."""
    found = decompose_change_from_histograms(
        {"a": {3: 10}, "b": {10: 5, 3: 5}}, {"b": {10: 15, 3: 5}, "c": {9: 20}}
    )
    assert estimates(found) == pytest.approx(
        {"total": 125, "mix": 0, "within": 50, "entry": 25, "exit": 50}
    )
    by_segment = {each.segment: each for each in found.segments}
    assert by_segment["c"].within is None
    assert by_segment["c"].entry.estimate == pytest.approx(25)
    assert by_segment["a"].exit.estimate == pytest.approx(50)
    assert (by_segment["a"].score_after, by_segment["c"].score_before) == (None, None)


def test_a_growing_segment_below_the_average_draws_the_score_down() -> None:
    found = decompose_change_from_histograms(
        {"good": {10: 80, 3: 10}, "poor": {10: 20, 7: 10}},
        {"good": {10: 40, 3: 5}, "poor": {10: 50, 7: 25}},
    )
    good, poor = found.segments
    assert poor.score_after < good.score_after
    assert poor.mix.estimate < 0
    assert good.mix.estimate < 0
    assert poor.mix.estimate + good.mix.estimate == pytest.approx(found.mix.estimate)


ROWS = {
    "period": ["then"] * 8 + ["now"] * 8 + ["older", None],
    "shop": [1.0, 1.0, 2.0, 2.0, 2.0, 1.0, NAN, None] * 2 + [1.0, 1.0],
    "is_web": [True, False, True, False, True, None, True, True] * 2 + [True, True],
    "score": [10, 9, 3, 8, None, 10, 9, 2, 3, 10, 10, 10, 9, NAN, 4, 10, 0, 0],
    "weight": [1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 3.0, 1.0, NAN, 1, 1, 1, 1, 1],
}


def test_every_kind_of_frame_gives_the_same_change(make_frame) -> None:
    frame = make_frame(ROWS)
    options = {"segment": ["shop", "is_web"], "weight": "weight", "before": "then", "after": "now"}
    found = decompose_change(frame, **options)
    assert json.loads(json.dumps(found.to_dict())) == approximately(EXPECTED.to_dict())


def approximately(value):
    """Compare whole results, numbers to 1e-9."""
    if isinstance(value, dict):
        return {key: approximately(part) for key, part in value.items()}
    if isinstance(value, list):
        return [approximately(part) for part in value]
    return pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value


def tally(*weights: float) -> Tally:
    return Tally(len(weights), sum(weights), sum(weight**2 for weight in weights))


EXPECTED = decompose_change_from_histograms(
    {
        (1.0, False): {9: tally(2)},
        (1.0, True): {10: tally(1)},
        (1.0, None): {10: tally(1)},
        (2.0, False): {8: tally(1)},
        (2.0, True): {3: tally(1), NAN: 1},
        (None, True): {9: tally(1), 2: tally(2)},
    },
    {
        (1.0, False): {10: tally(1)},
        (1.0, True): {3: tally(1)},
        (1.0, None): {NAN: 1},
        (2.0, False): {10: tally(1)},
        (2.0, True): {10: tally(3), NAN: 1},
        (None, True): {4: tally(1), 10: tally(1)},
    },
    factors=("shop", "is_web"),
)
EXPECTED = type(EXPECTED)(
    **{
        **{name: getattr(EXPECTED, name) for name in EXPECTED.__dataclass_fields__},
        **{"before": "then", "after": "now"},
        "score_before": nps(
            polars.DataFrame(ROWS, strict=False).filter(period="then"), by="period", weight="weight"
        )[0],
        "score_after": nps(
            polars.DataFrame(ROWS, strict=False).filter(period="now"), by="period", weight="weight"
        )[0],
    }
)


histograms = st.dictionaries(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")),
    st.dictionaries(st.integers(0, 10), st.integers(1, 20), min_size=1, max_size=4),
    min_size=1,
)


@settings(max_examples=60)
@given(histograms, histograms, st.sampled_from(["nps", "mean"]))
def test_the_parts_sum_to_the_change(before, after, kind) -> None:
    found = decompose_change_from_histograms(before, after, factors=("one", "two"), kind=kind)
    parts = estimates(found)
    assert sum(parts[name] for name in PARTS) == pytest.approx(parts["total"], abs=1e-9)
    mix = sum(part.estimate for part in found.factors.values())
    assert mix == pytest.approx(parts["mix"], abs=1e-9)
    for name in PARTS:
        by_segment = sum(
            getattr(each, name).estimate for each in found.segments if getattr(each, name)
        )
        is_halved = not any(each.mix for each in found.segments)
        assert is_halved or by_segment == pytest.approx(parts[name], abs=1e-9)


@settings(max_examples=30)
@given(histograms, histograms)
def test_weights_of_one_and_the_order_of_segments_change_nothing(before, after) -> None:
    ones = [
        {
            segment: {value: Tally(count, count, count) for value, count in counts.items()}
            for segment, counts in reversed(period.items())
        }
        for period in (before, after)
    ]
    found = decompose_change_from_histograms(before, after, factors=("one", "two"))
    again = decompose_change_from_histograms(*ones, factors=("one", "two"))
    for name in ("total", *PARTS):
        expected, part = getattr(found, name), getattr(again, name)
        assert part.to_dict() == approximately(expected.to_dict())


SERIES = {
    "period": [date(2026, month, 1) for month in (1, 2, 3) for _ in range(60)],
    "segment": (["a"] * 40 + ["b"] * 20) + (["a"] * 25 + ["b"] * 35) + (["b"] * 30 + ["c"] * 30),
    "score": [10, 9, 3, 8, 10, 7] * 10 + [10, 4, 9] * 20 + [10, 10, 9, 2, 8] * 12,
}


def test_many_periods_add_up_along_any_path() -> None:
    found = decompose_changes(polars.DataFrame(SERIES))
    scores = nps(polars.DataFrame(SERIES), by="period")
    last = found.since_first[-1]
    for name in ("total", "mix", "within", "turnover"):
        steps = [getattr(step, name).estimate for step in found.steps]
        assert sum(steps) == pytest.approx(getattr(last, name).estimate, abs=1e-9)
    for step in (*found.steps, last):
        parts = step.mix.estimate + step.within.estimate + step.turnover.estimate
        assert parts == pytest.approx(step.total.estimate, abs=1e-9)
    assert last.total.estimate == pytest.approx(scores[2].estimate - scores[0].estimate)
    assert [score.estimate for score in found.scores] == [score.estimate for score in scores]


def test_of_two_periods_both_ways_agree() -> None:
    frame = polars.DataFrame(SERIES).filter(polars.col("period").dt.month() < 3)
    pair = decompose_change(frame, before=date(2026, 1, 1), after=date(2026, 2, 1))
    step = decompose_changes(frame).steps[0]
    assert step.mix.to_dict() == approximately(pair.mix.to_dict())
    assert step.within.to_dict() == approximately(pair.within.to_dict())


def test_many_periods_on_every_kind_of_frame(make_frame) -> None:
    rows = {**SERIES, "period": [month for month in (1, 2, 3) for _ in range(60)]}
    rows["score"] = [*rows["score"][:-2], None, NAN]
    found = decompose_changes(make_frame(rows), periods=[1, 2, 3])
    again = decompose_changes(polars.DataFrame(rows, strict=False))
    assert found.to_dict() == approximately(again.to_dict())
    assert (found.missing, found.steps[1].turnover.estimate != 0) == (2, True)


def test_a_period_without_answers_cannot_tell() -> None:
    rows = {"period": [1, 2], "segment": ["a", "a"], "score": [9, None]}
    found = decompose_change(polars.DataFrame(rows))
    assert estimates(found) == dict.fromkeys(("total", *PARTS))
    assert str(found) == "NPS from 1 to 2: cannot tell, 1 and 0 answers"


def test_equal_answers_have_no_interval_within() -> None:
    found = decompose_change_from_histograms({"a": {10: 5}}, {"a": {9: 5}})
    assert found.within.to_dict() == {"estimate": 0.0, "low": 0.0, "high": 0.0}
    moved = decompose_change_from_histograms({"a": {10: 5}}, {"a": {3: 5}})
    assert moved.within.to_dict() == {"estimate": -200.0, "low": None, "high": None}
    assert moved.total.low is not None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"before": "then"}, "name before and after; there are 3 periods"),
        ({"before": "then", "after": "soon"}, "no rows have the period 'soon'"),
        ({"before": "now", "after": "now"}, "are the same period, 'now'"),
    ],
)
def test_unknown_periods_are_said(options, words) -> None:
    with pytest.raises(UnknownPeriod, match=words):
        decompose_change(polars.DataFrame(ROWS, strict=False), segment="shop", **options)


def test_the_waterfall_stands_from_score_to_score() -> None:
    found = decompose_change_from_histograms({"a": {10: 5, 3: 4}}, {"a": {10: 7, 3: 2}})
    drawn = found.plot().to_dict()
    values = next(each for each in drawn["datasets"].values() if len(each) == 6)
    assert [value["label"] for value in values] == ["before", *PARTS, "after"]
    assert values[-1]["end"] == pytest.approx(found.score_after.estimate)
    assert "<td>+44.4 (" in found._repr_html_()


SIMULATED = {
    "even": (
        ([0.5, 0.3, 0.2], [[0.2, 0.3, 0.5], [0.1, 0.2, 0.7], [0.4, 0.3, 0.3]], 200),
        ([0.3, 0.3, 0.4], [[0.25, 0.3, 0.45], [0.1, 0.3, 0.6], [0.3, 0.3, 0.4]], 200),
    ),
    "few": (
        ([0.6, 0.3, 0.1], [[0.1, 0.2, 0.7], [0.05, 0.15, 0.8], [0.3, 0.3, 0.4]], 100),
        ([0.45, 0.35, 0.2], [[0.1, 0.3, 0.6], [0.1, 0.15, 0.75], [0.3, 0.3, 0.4]], 100),
    ),
    "unlike": (
        ([0.9, 0.05, 0.05], [[0.1, 0.2, 0.7], [0.3, 0.3, 0.4], [0.5, 0.3, 0.2]], 400),
        ([0.6, 0.3, 0.1], [[0.1, 0.2, 0.7], [0.3, 0.3, 0.4], [0.5, 0.3, 0.2]], 100),
    ),
    "turnover": (
        ([0.5, 0.3, 0.2, 0], [[0.2, 0.3, 0.5], [0.1, 0.2, 0.7], [0.4, 0.3, 0.3], [1, 0, 0]], 200),
        (
            [0.4, 0.35, 0, 0.25],
            [[0.2, 0.3, 0.5], [0.15, 0.2, 0.65], [1, 0, 0], [0.1, 0.2, 0.7]],
            300,
        ),
    ),
}


def tables(counts: np.ndarray) -> dict[int, dict[int, float]]:
    return {
        segment: dict(zip((3, 8, 10), row, strict=True))
        for segment, row in enumerate(counts.tolist())
        if sum(row)
    }


def simulate(name: str, *, rounds: int) -> Iterator[tuple[object, object]]:
    """Draw answers of both periods again and again; the truth beside what is found."""
    chances = [
        np.array(shares)[:, None] * np.array(answers) for shares, answers, _ in SIMULATED[name]
    ]
    truth = decompose_change_from_histograms(*(tables(1e6 * chance) for chance in chances))
    generator = np.random.default_rng(3)
    drawn = [
        generator.multinomial(count, chance.ravel(), rounds).reshape(rounds, *chance.shape)
        for chance, (_, _, count) in zip(chances, SIMULATED[name], strict=True)
    ]
    for before, after in zip(*drawn, strict=True):
        yield truth, decompose_change_from_histograms(tables(before), tables(after))


def holds(part, truth) -> bool:
    return part.low - 1e-9 <= truth.estimate <= part.high + 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("name", SIMULATED)
def test_intervals_cover_as_the_docstring_says(name) -> None:
    held = dict.fromkeys(("total", *PARTS), 0)
    rounds = 900
    for truth, found in simulate(name, rounds=rounds):
        for part in held:
            held[part] += holds(getattr(found, part), getattr(truth, part))
    shares = {part: count / rounds for part, count in held.items()}
    least = 0.91 if name == "turnover" else 0.93
    assert least <= shares["mix"] <= 0.97
    turned = ("entry", "exit") if name == "turnover" else ()
    for part in ("total", "within", *turned):
        assert 0.93 <= shares[part] <= 0.97, part


def test_standardised_rates_are_drawn() -> None:
    pytest.importorskip("altair")
    populations = {"a": {"x": 0.5, "y": 2.0}, "b": {"x": 0.25, "y": 4.0}}
    drawn = standardise(populations, rate=lambda x, y: x * y).plot().to_dict()
    (rows,) = drawn["datasets"].values() if "datasets" in drawn else (drawn["data"]["values"],)
    assert [row["label"] for row in rows] == [
        "x, a",
        "x, b",
        "y, a",
        "y, b",
        "crude, a",
        "crude, b",
    ]
