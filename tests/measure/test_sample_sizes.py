"""Sample sizes and power are those of the formulas, and each is the other turned round."""

import math

import pytest
from tests.reference import nps_differences

from kokemus.measure import (
    nps_difference_power,
    nps_difference_sample_size,
    nps_margin,
    nps_sample_size,
    nps_variance,
    share_difference_power,
    share_difference_sample_size,
    share_margin,
    share_sample_size,
)
from kokemus.measure.intervals import wilson_interval


def mix_of(variance: float) -> tuple[float, float, float]:
    """A mix with score 0 and this variance."""
    return variance / 2, 1 - variance, variance / 2


@pytest.mark.parametrize(("given", "expected"), nps_differences.SAMPLE_SIZES.items())
def test_sample_sizes_are_as_computed_apart(given, expected) -> None:
    variance, margin = given
    mix = mix_of(variance)
    one = nps_sample_size(100 * margin, mix=mix)
    two = nps_difference_sample_size(100 * margin, mix=mix)
    assert (one.answers, two.answers) == expected
    assert one.margin <= 100 * margin < nps_margin(one.answers - 1, mix=mix).margin
    assert two.power >= 0.8


def test_power_is_as_simulated() -> None:
    known = nps_differences.SIMULATED_POWER
    found = nps_difference_power(
        10, answers=known["answers"], mix=known["mix"], other_mix=known["other"]
    )
    assert found.power == pytest.approx(known["power"], abs=0.005)


def test_shares_are_as_rs_power_prop_test() -> None:
    known = nps_differences.POWER_PROP_TEST
    assert share_difference_power(0.5, 0.75, answers=50).power == pytest.approx(0.740, abs=5e-4)
    found = share_difference_sample_size(0.5, 0.75, power=0.9)
    assert found.answers == math.ceil(known["needed"])


def test_the_margin_of_a_share_is_half_of_wilsons_interval() -> None:
    low, high = wilson_interval(80, 100)
    assert share_margin(100, share=0.8).margin == pytest.approx(50 * (high - low))
    found = share_sample_size(3, share=0.5)
    assert found.margin <= 3 < share_margin(found.answers - 1, share=0.5).margin


def test_plans_print_and_go_into_json() -> None:
    found = nps_margin(100, mix=(20, 30, 50))
    assert str(found) == "100 answers: ± 15.08 points (95 % interval)"
    assert found.to_dict()["answers"] == 100
    assert "<th>100</th>" in found._repr_html_()
    assert nps_variance((1, 0, 1)) == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nps_sample_size(0, mix=(1, 1, 1)), "margin must be over 0"),
        (lambda: nps_sample_size(5, mix=(1, 1)), "a mix is three shares"),
        (lambda: nps_margin(0, mix=(1, 1, 1)), "answers must be over 0"),
        (lambda: nps_difference_sample_size(5, mix=(1, 1, 1), power=80), "power must be over 0"),
        (lambda: share_sample_size(50, share=0.5), "margin must be over 0 and under 50"),
        (lambda: share_margin(10, share=50), "a share is 0 to 1, not 50"),
        (lambda: share_difference_sample_size(0.5, 0.5), "difference of the shares must be over 0"),
    ],
)
def test_impossible_plans_are_said(call, words) -> None:
    with pytest.raises(ValueError, match=words):
        call()
