"""Two groups, the same contacts twice, many groups: differences with intervals and p-values."""

import math

import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import nps_differences

from kokemus.measure import (
    OffScale,
    Tally,
    UnknownGroup,
    compare_groups,
    compare_groups_from_histograms,
    csat_from_histogram,
    difference,
    difference_between,
    difference_from_histograms,
    nps_from_histogram,
    paired_difference,
    paired_difference_from_counts,
)

NAN = math.nan
NUMBERS = ("estimate", "low", "high", "p_value", "answers", "other_answers", "missing")


def as_histogram(three):
    return dict(zip((3, 8, 10), three, strict=True))


def numbers(comparison) -> list:
    return [getattr(comparison, name) for name in NUMBERS]


@pytest.mark.parametrize(("pair", "limits"), nps_differences.MOVER.items())
def test_mover_is_as_computed_apart(pair, limits) -> None:
    later, earlier = (as_histogram(three) for three in pair)
    found = difference_from_histograms(later, earlier)
    assert (found.low, found.high) == pytest.approx([100 * limit for limit in limits], abs=1e-6)
    plain = difference(nps_from_histogram(later), nps_from_histogram(earlier))
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), abs=1e-9)


def test_shares_are_newcombes() -> None:
    """Newcombe (1998), table II, method 10: 56/70 less 48/80 is 0.2000 (0.0524 to 0.3339)."""
    found = difference_from_histograms({5: 56, 1: 14}, {5: 48, 1: 32}, kind="csat")
    assert (found.low, found.high) == pytest.approx((5.24, 33.39), abs=0.005)
    plain = difference(csat_from_histogram({5: 56, 1: 14}), csat_from_histogram({5: 48, 1: 32}))
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), abs=1e-9)


@pytest.mark.parametrize(("counts", "limits"), nps_differences.NEWCOMBE_PAIRED.items())
def test_paired_shares_are_newcombes(counts, limits) -> None:
    pairs = dict(zip([(5, 5), (5, 1), (1, 5), (1, 1)], counts, strict=True))
    found = paired_difference_from_counts(pairs, kind="csat")
    assert (-found.high, -found.low) == pytest.approx([100 * limit for limit in limits], abs=0.005)


three_counts = st.tuples(*[st.integers(0, 40)] * 3).filter(any)


@settings(max_examples=20)
@given(three_counts, three_counts, st.sampled_from(["nps", "csat", "mean"]))
def test_the_p_value_and_the_interval_never_disagree(one, other, kind) -> None:
    values = (3, 8, 10) if kind == "nps" else (1, 3, 5)
    later, earlier = (dict(zip(values, three, strict=True)) for three in (one, other))
    found = difference_from_histograms(later, earlier, kind=kind)
    if found.p_value is None:
        assert (kind, found.low) == ("mean", None)
        return
    at_limit = 1 - found.p_value
    if 1e-9 < found.p_value < 1:
        again = difference_from_histograms(later, earlier, kind=kind, confidence=at_limit)
        nearest = again.low if found.estimate > 0 else again.high
        assert nearest == pytest.approx(0, abs=1e-6)
    assert found.is_different == (found.p_value <= 1 - found.confidence)


def test_weights_of_one_equal_none_and_order_turns_the_sign() -> None:
    later, earlier = {10: 20, 3: 9, 7: 4}, {10: 11, 3: 12}
    ones = {value: Tally(count, count, count) for value, count in later.items()}
    assert numbers(difference_from_histograms(ones, earlier)) == pytest.approx(
        numbers(difference_from_histograms(later, earlier))
    )
    back = difference_from_histograms(earlier, later)
    there = difference_from_histograms(later, earlier)
    assert (back.estimate, back.low, back.p_value) == pytest.approx(
        (-there.estimate, -there.high, there.p_value)
    )


def test_no_answers_no_difference() -> None:
    found = difference_from_histograms({10: 5}, {})
    assert numbers(found)[:4] == [None, None, None, None]
    assert found.is_different is None
    assert str(found) == "later less earlier: NPS cannot tell, 5 and 0 answers"


ROWS = {
    "who": ["a", "b", "c", "d", "e", "f", None, "a", "b", "c", "d", "d", "g", None, "h", "a"],
    "wave": [1.0] * 7 + [2.0] * 7 + [NAN, None],
    "score": [10, 9, 3, 8, None, 10, 4, 10, 10, 8, 9, 2, 10, 9, 10, 0],
}
ROWS_NAN = {**ROWS, "score": [NAN if each is None else each for each in ROWS["score"]]}


def test_two_groups_on_every_kind_of_frame(make_frame) -> None:
    found = difference_between(make_frame(ROWS), group="wave", later=2, earlier=1)
    expected = difference_from_histograms(
        {10: 3, 8: 1, 9: 2, 2: 1}, {10: 2, 9: 1, 3: 1, 8: 1, 4: 1, NAN: 1}
    )
    assert numbers(found) == pytest.approx(numbers(expected), rel=1e-9)
    assert (found.group, found.other) == (2.0, 1.0)


def test_repeated_contacts_on_every_kind_of_frame(make_frame) -> None:
    found = difference_between(
        make_frame(ROWS_NAN), group="wave", later=2, earlier=1, contact="who", kind="mean"
    )
    again = difference_between(
        polars.DataFrame(ROWS, strict=False).reverse(),
        group="wave",
        later=2,
        earlier=1,
        contact="who",
        kind="mean",
    )
    assert numbers(found) == pytest.approx(numbers(again), rel=1e-9)
    before = {"a": 10, "b": 9, "c": 3, "d": 8, "f": 10, "x": 4}
    after = {"a": 10, "b": 10, "c": 8, "d": 11, "g": 10, "y": 9}
    counts = {"d": 2}
    mean_1, mean_2 = 44 / 6, 58 / 7
    shared = sum(
        (before[who] - mean_1) * (after[who] - counts.get(who, 1) * mean_2) for who in "abcd"
    )
    spread_1 = sum((each - mean_1) ** 2 for each in before.values())
    spread_2 = sum((after[who] - counts.get(who, 1) * mean_2) ** 2 for who in after)
    assert found.correlation == pytest.approx(shared / math.sqrt(spread_1 * spread_2))


def test_pairs_on_every_kind_of_frame(make_frame) -> None:
    """In both waves: a, b, c once each, and d, whose two later answers count as one."""
    found = paired_difference(make_frame(ROWS), contact="who", period="wave", before=1, after=2)
    assert (found.answers, found.missing, found.score, found.other_score) == (4, 2, 50, 25)
    again = paired_difference(
        polars.DataFrame(ROWS_NAN, strict=False), contact="who", period="wave", before=1, after=2
    )
    assert numbers(found) == pytest.approx(numbers(again), rel=1e-9)


def test_pairs_of_single_answers_equal_their_counts() -> None:
    rows = {
        "who": [*range(30), *range(30)],
        "period": [1] * 30 + [2] * 30,
        "score": [10] * 15 + [3] * 15 + [10] * 10 + [8] * 5 + [10] * 8 + [3] * 7,
    }
    found = paired_difference(polars.DataFrame(rows), contact="who", before=1, after=2)
    counts = {(10, 10): 10, (10, 8): 5, (3, 10): 8, (3, 3): 7}
    assert numbers(found) == pytest.approx(numbers(paired_difference_from_counts(counts)))
    scores = [
        nps_from_histogram({10: 15, 3: 15}),
        nps_from_histogram({10: 18, 8: 5, 3: 7}),
    ]
    independent = difference(scores[1], scores[0])
    assert found.high - found.low < independent.high - independent.low


def test_nobody_in_both_is_no_difference() -> None:
    rows = {"who": [1, 2], "period": [1, 2], "score": [9, 9]}
    found = paired_difference(polars.DataFrame(rows), contact="who", before=1, after=2)
    assert (found.estimate, found.p_value, found.missing) == (None, None, 2)


SHOPS = {
    "shop": [1.0] * 30 + [2.0] * 30 + [NAN] * 20 + [None] * 10,
    "weight": [1.0, 2.0, 0.0, 1.0, NAN, 1.0] * 15,
    "score": [10, 9, 10, 10, 9, 8] * 5 + [10, 3, 2, 8, 9, None] * 5 + [3, 10, 9] * 10,
}


def test_many_groups_on_every_kind_of_frame(make_frame) -> None:
    found = compare_groups(make_frame(SHOPS), by="shop", weight="weight")
    assert [each.group for each in found] == [1.0, 2.0, None]
    groups = {1.0: {}, 2.0: {}, None: {}}
    for shop, weight, score in zip(*SHOPS.values(), strict=True):
        group = groups[None if shop is None or shop != shop else shop]
        if score is None or not weight > 0:
            group[NAN] = group.get(NAN, 0) + 1
        else:
            old = group.get(score, Tally(0, 0, 0))
            group[score] = Tally(old[0] + 1, old[1] + weight, old[2] + weight**2)
    again = compare_groups_from_histograms(groups)
    for one, other in zip(found, again, strict=True):
        assert numbers(one) == pytest.approx(numbers(other), rel=1e-9)
        assert one.adjusted_p_value == pytest.approx(other.adjusted_p_value, rel=1e-9)


GROUPS = {"a": {10: 60, 3: 20}, "b": {10: 40, 3: 60}, "c": {10: 50, 8: 20, 3: 30}}


def test_the_rest_is_the_others_together() -> None:
    found = compare_groups_from_histograms(GROUPS)[0]
    rest = difference_from_histograms({10: 60, 3: 20}, {10: 90, 8: 20, 3: 90})
    assert numbers(found) == pytest.approx(numbers(rest))


def test_the_overall_holds_the_group_itself() -> None:
    rest, overall = (
        compare_groups_from_histograms(GROUPS, against=each) for each in ("rest", "overall")
    )
    whole = nps_from_histogram({10: 150, 8: 20, 3: 110})
    for one, other in zip(rest, overall, strict=True):
        assert other.other_score == pytest.approx(whole.estimate)
        assert other.estimate == pytest.approx(other.score - whole.estimate)
        assert other.p_value == one.p_value
        share = other.answers / 280
        assert (other.low, other.high) == pytest.approx(
            ((1 - share) * one.low, (1 - share) * one.high)
        )


def test_p_values_are_adjusted_by_benjamini_and_hochberg() -> None:
    found = compare_groups_from_histograms(GROUPS)
    p_values = sorted(each.p_value for each in found)
    steps = [p * 3 / rank for rank, p in enumerate(p_values, 1)]
    expected = [min(steps[place:]) for place in range(3)]
    assert sorted(each.adjusted_p_value for each in found) == pytest.approx(expected)
    assert [each.group for each in found.different] == ["a", "b"]


def test_one_group_has_no_rest() -> None:
    found = compare_groups_from_histograms({"a": {10: 5}})
    assert (found[0].estimate, found[0].score) == (None, 100)


def test_comparisons_print_and_go_into_json() -> None:
    found = compare_groups_from_histograms(GROUPS)
    assert str(found).startswith("2 of 3 groups differ from the rest (at most 5 % of such findings")
    assert str(found[2]).endswith("cannot tell them apart, 100 and 180 answers")
    assert found.to_dict()["comparisons"] == [each.to_dict() for each in found]
    assert "<th>adjusted p</th>" in found._repr_html_()
    assert found.plot().to_dict()["layer"]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda frame: difference_between(frame, group="wave", later=3, earlier=1),
            UnknownGroup,
            "no rows have the group 3",
        ),
        (
            lambda frame: difference_between(frame, group="wave", later=1, earlier=1),
            UnknownGroup,
            "are the same group",
        ),
        (
            lambda frame: paired_difference(
                frame, contact="who", period="wave", before=1, after=2, kind="csat"
            ),
            OffScale,
            "outside the scale 1 to 5",
        ),
        (
            lambda frame: compare_groups(frame, by="wave", against="best"),
            ValueError,
            "one of rest, overall, not 'best'",
        ),
        (
            lambda frame: compare_groups(frame, by="wave", kind="ces"),
            ValueError,
            "one of nps, csat, mean, not 'ces'",
        ),
    ],
)
def test_what_cannot_be_compared_is_said(call, error, words) -> None:
    with pytest.raises(error, match=words):
        call(polars.DataFrame(ROWS, strict=False))
