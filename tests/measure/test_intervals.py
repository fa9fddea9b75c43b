import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import nps_intervals

from kokemus.measure.intervals import (
    clopper_pearson_interval,
    cluster_interval,
    mean_interval,
    nps_interval,
    share_interval,
    wald_interval,
    wilson_interval,
)

Z_SQUARED = 3.841458820694124
counts = st.integers(0, 10**9)
some_counts = st.tuples(counts, counts, counts).filter(any)


@pytest.mark.parametrize(
    ("method", "reference"),
    [
        ("score", nps_intervals.SCORE),
        ("adjusted_wald", nps_intervals.ADJUSTED_WALD),
        ("wald", nps_intervals.WALD),
    ],
)
def test_nps_interval_agrees_with_the_reference(method, reference) -> None:
    for given_counts, limits in reference.items():
        found = nps_interval(*given_counts, method=method)
        assert found == pytest.approx([100 * limit for limit in limits], abs=1e-6)


def test_nps_interval_of_passives_only_has_a_closed_form() -> None:
    for passives in (1, 10, 3_000_000_000):
        bound = 100 * Z_SQUARED / (passives + Z_SQUARED)
        assert nps_interval(0, passives, 0) == pytest.approx((-bound, bound), rel=1e-9)


def test_nps_interval_of_promoters_only_has_a_closed_form() -> None:
    """(1 - d)² n = z² (1 - d²) where nobody else answered."""
    for promoters in (1, 10, 3_000_000_000):
        bound = 100 * (promoters - Z_SQUARED) / (promoters + Z_SQUARED)
        assert nps_interval(0, 0, promoters) == pytest.approx((bound, 100), rel=1e-9)


def test_nps_interval_of_billions_is_the_normal_one() -> None:
    third = 10**9
    margin = 100 * math.sqrt(Z_SQUARED * (2 / 3) / (3 * third))
    assert nps_interval(third, third, third) == pytest.approx((-margin, margin), rel=1e-6)


@given(some_counts, st.floats(0.5, 0.999))
def test_nps_interval_holds_its_estimate_and_stays_on_the_scale(three, confidence) -> None:
    detractors, _, promoters = three
    estimate = 100 * (promoters - detractors) / sum(three)
    low, high = nps_interval(*three, confidence=confidence)
    assert -100 <= low <= estimate + 1e-9
    assert estimate - 1e-9 <= high <= 100


@given(some_counts)
def test_nps_interval_of_the_mirror_image_is_the_mirror_image(three) -> None:
    low, high = nps_interval(*three)
    assert nps_interval(*reversed(three)) == pytest.approx((-high, -low), abs=1e-9)


@given(st.tuples(*[st.integers(0, 40)] * 3).filter(any))
def test_nps_interval_is_where_the_score_test_turns(three) -> None:
    """The likelihood is searched here for the restricted shares, with no formula of Tango's."""
    _, high = nps_interval(*three)
    if high < 100 - 1e-6:
        assert _score_statistic(three, high / 100 + 1e-7) < -math.sqrt(Z_SQUARED)
        assert _score_statistic(three, high / 100 - 1e-7) > -math.sqrt(Z_SQUARED)


def _score_statistic(three: tuple[int, int, int], difference: float) -> float:
    detractors, passives, promoters = three
    low, high = max(0.0, -difference), (1 - difference) / 2

    def slope(down: float) -> float:
        up, between = down + difference, 1 - 2 * down - difference
        return sum(
            count * sign / share if count else 0.0
            for count, sign, share in (
                (detractors, 1, max(down, 1e-300)),
                (promoters, 1, max(up, 1e-300)),
                (passives, -2, max(between, 1e-300)),
            )
        )

    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    variance = 2 * high + difference - difference**2
    answers = sum(three)
    return ((promoters - detractors) / answers - difference) / math.sqrt(variance / answers)


@given(st.integers(1, 10**6), st.floats(0.5, 0.9), st.floats(0.91, 0.999))
def test_nps_interval_widens_with_confidence(answers, less, more) -> None:
    low, high = nps_interval(answers, 2 * answers, answers, confidence=less)
    lower, higher = nps_interval(answers, 2 * answers, answers, confidence=more)
    assert lower < low < high < higher


@pytest.mark.parametrize(
    ("interval", "reference"),
    [
        (wilson_interval, nps_intervals.WILSON),
        (clopper_pearson_interval, nps_intervals.CLOPPER_PEARSON),
    ],
)
def test_share_intervals_agree_with_the_reference(interval, reference) -> None:
    for given_counts, limits in reference.items():
        assert interval(*given_counts) == pytest.approx(limits, abs=1e-9)


def test_share_interval_goes_by_method() -> None:
    assert share_interval(8, 10) == wilson_interval(8, 10)
    assert share_interval(8, 10, method="wald") == wald_interval(8, 10)
    assert share_interval(8, 10, method="clopper_pearson") == clopper_pearson_interval(8, 10)


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_share_intervals_stay_between_0_and_1(successes, more) -> None:
    trials = successes + more
    share = successes / trials
    for interval in (wilson_interval, clopper_pearson_interval):
        low, high = interval(successes, trials)
        assert 0 <= low <= share * (1 + 1e-12)
        assert share * (1 - 1e-12) <= high <= 1


def test_mean_interval_agrees_with_students_table() -> None:
    """t(0.975, 9) = 2.262157 (any table)."""
    assert mean_interval(5, math.sqrt(10), 10) == pytest.approx((2.737843, 7.262157), abs=1e-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nps_interval(0, 0, 0), "there is no interval without answers"),
        (lambda: nps_interval(-1, 2, 3), r"counts must be 0 or more, not \(-1, 2, 3\)"),
        (lambda: nps_interval(math.nan, 2, 3), "counts must be 0 or more"),
        (lambda: nps_interval(1, 2, 3, confidence=95), "confidence must be over 0 and under 1"),
        (lambda: nps_interval(1, 2, 3, method="best"), "one of score, adjusted_wald, wald, not"),
        (lambda: wilson_interval(3, 2), "successes must be 0 to trials"),
        (lambda: wald_interval(0, 0), "there is no interval without answers"),
        (lambda: share_interval(1, 2, method="best"), "one of wilson, clopper_pearson, wald, not"),
        (lambda: mean_interval(5, 1, 1), "needs over one answer"),
    ],
)
def test_intervals_say_what_is_wrong(call, words) -> None:
    with pytest.raises(ValueError, match=words):
        call()


def test_an_interval_of_clusters_needs_two_with_answers() -> None:
    for totals, sizes in (([1], [2]), ([1, 2], [2]), ([1, 0], [2, 0])):
        with pytest.raises(ValueError, match="two clusters or more"):
            cluster_interval(totals, sizes)
