"""AAPOR's rates are those of the formulas; e is stated; what nobody asked has no rate."""

import math

import pytest
from tests.reference import aapor_rates

from kokemus.measure import (
    UnknownDisposition,
    response_rates,
    response_rates_from_counts,
)
from kokemus.measure.intervals import wilson_interval


def test_rates_are_as_the_formulas_say() -> None:
    found = response_rates_from_counts(aapor_rates.COUNTS, e=aapor_rates.E)
    rates = {name: found[name].estimate for name in aapor_rates.RATES}
    assert rates == pytest.approx(aapor_rates.RATES, abs=1e-15)
    assert found["delivered"].estimate == pytest.approx(450 / 6022)
    assert (found["RR1"].low, found["RR1"].high) == wilson_interval(412, 6022)
    assert (found["RR3"].low, found["RR3"].high) == wilson_interval(412, 2122 + 0.62 * 3900)
    assert (found.e, found.e_source) == (0.62, "given")


def test_e_is_taken_from_the_known_where_some_are_not_eligible() -> None:
    found = response_rates_from_counts({"I": 60, "R": 20, "UO": 50, "NE": 20})
    assert (found.e, found.e_source) == (0.8, "share eligible among the known")
    assert found["RR3"].estimate == pytest.approx(60 / (80 + 0.8 * 50))
    all_taken = response_rates_from_counts({"I": 60, "R": 20, "UO": 50})
    assert (all_taken.e, all_taken.e_source) == (1.0, "all unknown taken as eligible")
    assert all_taken["RR3"] == all_taken["RR1"]


def test_what_came_back_is_unknown_and_was_not_delivered() -> None:
    found = response_rates_from_counts({"I": 30, "UO": 50, "B": 20})
    assert found["RR1"].estimate == pytest.approx(0.3)
    assert found["delivered"].estimate == pytest.approx(30 / 80)
    stated = response_rates_from_counts({"I": 30, "UO": 70}, delivered=60)
    assert stated["delivered"].estimate == pytest.approx(0.5)


ROWS = {
    "how": ["I", "I", "P", "R", "bounced", None, "UO", "I", "UO", "I"],
    "shop": [1.0] * 6 + [math.nan, None, 2.0, 2.0],
    "times": [1.0, 2.0, 1.0, 1.0, 1.0, 5.0, 2.0, 1.0, math.nan, 3.0],
}


def test_every_kind_of_frame_gives_the_same_rates(make_frame) -> None:
    found = response_rates(
        make_frame(ROWS), "how", by="shop", codes={"bounced": "B"}, count="times", e=0.5
    )
    assert [(rates.group, rates.missing) for rates in found] == [(1.0, 5), (2.0, 0), (None, 0)]
    expected = [{"I": 3, "P": 1, "R": 1, "B": 1}, {"I": 3}, {"UO": 2, "I": 1}]
    for rates, counts in zip(found, expected, strict=True):
        again = response_rates_from_counts(counts, e=0.5)
        assert rates.rates == again.rates
        assert rates.counts == pytest.approx(again.counts)


def test_nobody_asked_has_no_rates() -> None:
    found = response_rates_from_counts({})
    assert {rate.estimate for rate in found.rates.values()} == {None}
    assert str(found).startswith("RR1 cannot tell; RR3 cannot tell; delivered cannot tell")


def test_rates_print_and_go_into_json() -> None:
    found = response_rates_from_counts({"I": 30, "UO": 50, "B": 20})
    assert found.to_dict()["rates"]["RR1"]["estimate"] == pytest.approx(0.3)
    assert "<th>COOP4</th>" in found._repr_html_()
    assert found.plot().to_dict()["layer"]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: response_rates_from_counts({"X": 1}), UnknownDisposition, "'X' is no disposition"),
        (lambda: response_rates_from_counts({"I": -1}), ValueError, "there cannot be -1 of 'I'"),
        (lambda: response_rates_from_counts({"I": 1}, e=62), ValueError, "a share, 0 to 1, not 62"),
        (
            lambda: response_rates_from_counts({"I": 3}, delivered=2),
            ValueError,
            "2 delivered cannot give 3 answers",
        ),
    ],
)
def test_wrong_counts_are_said(call, error, words) -> None:
    with pytest.raises(error, match=words):
        call()
