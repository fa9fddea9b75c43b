"""Bounds that hold at every look: the figures of others, and the edges."""

import math

import pytest
from tests.reference import experiments as reference

from kokemus.measure import always_valid

BOUNDS = (
    always_valid.normal_mixture_bound,
    always_valid.one_sided_normal_mixture_bound,
    always_valid.gamma_exponential_bound,
    always_valid.gamma_poisson_bound,
)


def test_the_mixture_bounds_are_those_of_confseq() -> None:
    for (planned, variance), expected in reference.BOUNDS.items():
        found = tuple(bound(variance, planned=planned) for bound in BOUNDS)
        assert found == pytest.approx(expected[:4], rel=1e-9, abs=1e-9)


def test_the_stitched_bound_is_that_of_confseq() -> None:
    for (planned, variance), expected in reference.BOUNDS.items():
        found = always_valid.stitched_bound(variance, least=planned)
        assert found == pytest.approx(expected[4], rel=1e-9)


def test_rho_is_that_of_confseq() -> None:
    for planned, expected in reference.RHO.items():
        found = [always_valid.normal_mixture_rho(planned, sides=sides) for sides in (2, 1)]
        assert found == pytest.approx(expected, rel=1e-9)


def test_the_interval_of_a_share_is_that_of_confseq() -> None:
    for (successes, trials, planned), expected in reference.BERNOULLI.items():
        found = always_valid.always_valid_share(successes, trials, planned=planned)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_shares_of_none_and_all_have_one_open_end() -> None:
    none = always_valid.always_valid_share(0, 40, planned=100)
    all_ = always_valid.always_valid_share(40, 40, planned=100)
    assert (none[0], all_[1]) == (0.0, 1.0)
    assert none[1] == pytest.approx(1 - all_[0])
    assert 0.05 < none[1] < 0.5


def test_a_plan_far_beyond_the_trials_may_leave_an_end_open() -> None:
    low, high = always_valid.always_valid_share(9, 10, planned=200)
    assert (round(low, 3), high) == (0.221, 1.0)


def test_a_heavier_tail_widens_the_bounds() -> None:
    for bound in (always_valid.gamma_exponential_bound, always_valid.gamma_poisson_bound):
        assert bound(50, planned=100, scale=3) > bound(50, planned=100, scale=0.5)
    stitched = always_valid.stitched_bound
    assert stitched(50, least=10, scale=1) > stitched(50, least=10)


def test_the_interval_of_a_difference_is_the_bound_over_the_information() -> None:
    low, high = always_valid.always_valid_difference(2.0, 0.5, progress=0.25)
    margin = always_valid.normal_mixture_bound(25, planned=100) / 5 * 0.5
    assert (low, high) == pytest.approx((2 - margin, 2 + margin))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: always_valid.normal_mixture_rho(0), "planned must be over 0, not 0"),
        (lambda: always_valid.normal_mixture_rho(1, sides=3), "sides must be 1 or 2, not 3"),
        (lambda: always_valid.normal_mixture_rho(1, sides=1, confidence=0.4), "over 0.5, not 0.4"),
        (lambda: always_valid.normal_mixture_bound(math.nan, planned=1), "variance must be over 0"),
        (lambda: always_valid.stitched_bound(1, least=1, scale=-1), "scale must be 0 or more"),
        (lambda: always_valid.gamma_poisson_bound(1, planned=1, scale=0), "scale must be over 0"),
        (lambda: always_valid.always_valid_share(3, 2, planned=1), "successes must be 0 to trials"),
        (
            lambda: always_valid.always_valid_difference(0, -1, progress=1),
            "standard_error must be 0",
        ),
        (lambda: always_valid.always_valid_difference(0, 1, progress=0), "progress must be over 0"),
    ],
)
def test_what_is_not_allowed_is_named(call, words) -> None:
    with pytest.raises(ValueError, match=words):
        call()
