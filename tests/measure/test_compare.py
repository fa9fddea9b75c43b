"""The difference of two scores carries the uncertainty of both."""

import pytest

from kokemus.measure import (
    Incomparable,
    Score,
    csat_from_histogram,
    difference,
    mean_from_histogram,
    nps_from_histogram,
)


def test_difference_of_shares_is_newcombes() -> None:
    """Newcombe (1998), table II, method 10: 56/70 less 48/80 is 0.2000 (0.0524 to 0.3339)."""
    found = difference(csat_from_histogram({5: 56, 1: 14}), csat_from_histogram({5: 48, 1: 32}))
    assert found.estimate == pytest.approx(20.0)
    assert (found.low, found.high) == pytest.approx((5.24, 33.39), abs=0.005)


def test_difference_of_nps_with_itself_is_about_zero() -> None:
    score = nps_from_histogram({10: 50, 8: 20, 3: 30})
    found = difference(score, score)
    assert found.estimate == 0
    assert found.low is not None
    assert found.high == pytest.approx(-found.low)
    assert score.high is not None
    assert score.low is not None
    assert found.high < score.high - score.low


def test_order_turns_the_sign() -> None:
    one, other = nps_from_histogram({10: 5, 3: 9}), nps_from_histogram({10: 8, 3: 3})
    there, back = difference(one, other), difference(other, one)
    assert (there.estimate, there.low, there.high) == pytest.approx(
        tuple(-number for number in (back.estimate, back.high, back.low) if number is not None)
    )


@pytest.mark.parametrize("empty", [nps_from_histogram({}), nps_from_histogram({7: 1})])
def test_no_answers_no_difference_one_answer_a_wide_one(empty: Score) -> None:
    found = difference(nps_from_histogram({10: 5, 3: 2}), empty)
    assert (found.estimate is None) == (empty.estimate is None)
    assert (found.low is None) == (empty.low is None)


def test_different_scores_have_no_difference() -> None:
    with pytest.raises(Incomparable):
        difference(nps_from_histogram({10: 1}), mean_from_histogram({10: 1}))
