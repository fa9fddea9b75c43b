"""Ranks: known answers, coverage of the sets, ends."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokemus import measure
from kokemus.measure.ranks import RankSet, TooManyToRank

NUMBERS = st.lists(st.floats(-5, 5), min_size=1, max_size=8)


def test_expected_ranks_are_1_plus_the_chances_of_the_others() -> None:
    found = measure.expected_ranks([0.0, 1.0], [3.0, 4.0])
    assert found == pytest.approx([1 + 0.5792597094391, 1 + 0.4207402905609])  # normal, at 0.2
    assert measure.expected_ranks([2.0, 1.0, 1.0], [0.0, 0.0, 0.0]) == [1.0, 2.5, 2.5]
    assert measure.expected_ranks([2.0, 1.0], [0.0, 0.0], best="low") == [2.0, 1.0]
    assert measure.expected_ranks([], []) == []


@given(NUMBERS)
def test_expected_ranks_sum_to_the_sum_of_ranks(values) -> None:
    ranks = measure.expected_ranks(values, [0.5] * len(values))
    assert sum(ranks) == pytest.approx(len(values) * (len(values) + 1) / 2)


@given(NUMBERS)
def test_a_set_holds_its_rank_and_grows_when_all_are_held_together(values) -> None:
    errors = [0.5] * len(values)
    marginal = measure.rank_confidence_sets(values, errors, draws=100)
    together = measure.rank_confidence_sets(values, errors, draws=100, kind="simultaneous")
    for one, all_ in zip(marginal, together, strict=True):
        assert 1 <= one.low <= one.rank <= one.high <= len(values)
        assert all_.low <= one.low
        assert one.high <= all_.high


def test_far_apart_and_equal_estimates_have_known_sets() -> None:
    assert measure.rank_confidence_sets([1.0, 90.0, 50.0], [1.0, 1.0, 1.0]) == [
        RankSet(3, 3, 3),
        RankSet(1, 1, 1),
        RankSet(2, 2, 2),
    ]
    assert measure.rank_confidence_sets([5.0] * 4, [1.0] * 4) == [RankSet(1, 1, 4)] * 4
    assert measure.rank_confidence_sets([3.0, 2.0], [0.0, 0.0]) == [
        RankSet(1, 1, 1),
        RankSet(2, 2, 2),
    ]
    assert measure.rank_confidence_sets([3.0], [1.0]) == [RankSet(1, 1, 1)]
    assert measure.rank_confidence_sets([], []) == []


def test_the_critical_value_of_two_is_that_of_one_difference() -> None:
    close, apart = 1.9 * 2**0.5, 2.02 * 2**0.5
    options = {"draws": 200_000, "kind": "marginal"}
    assert measure.rank_confidence_sets([close, 0.0], [1.0, 1.0], **options)[0].high == 2
    assert measure.rank_confidence_sets([apart, 0.0], [1.0, 1.0], **options)[0].high == 1


def test_what_cannot_be_ranked_is_said() -> None:
    with pytest.raises(ValueError, match="2 estimates, and 1 standard errors"):
        measure.rank_confidence_sets([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="0 or more"):
        measure.expected_ranks([1.0], [-1.0])
    with pytest.raises(ValueError, match="'both'"):
        measure.rank_confidence_sets([1.0], [1.0], kind="both")
    with pytest.raises(ValueError, match="best"):
        measure.expected_ranks([1.0], [1.0], best="first")
    with pytest.raises(TooManyToRank, match="3,001 estimates, and at most 3,000"):
        measure.rank_confidence_sets([0.0] * 3_001, [1.0] * 3_001)


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.3, 3.0])
def test_the_sets_cover_at_least_as_they_say(spread) -> None:
    random = np.random.default_rng(3)
    single, together = [], []
    for _ in range(150):
        truth = spread * random.normal(size=8)
        ranks = 1 + (truth[:, None] < truth).sum(axis=1)
        seen = (truth + random.normal(size=8)).tolist()
        for kind, covered in (("marginal", single), ("simultaneous", together)):
            sets = measure.rank_confidence_sets(seen, [1.0] * 8, kind=kind, draws=300)
            inside = [s.low <= rank <= s.high for s, rank in zip(sets, ranks, strict=True)]
            covered.append(np.mean(inside) if kind == "marginal" else all(inside))
    assert np.mean(single) >= 0.95
    assert np.mean(together) >= 0.95
