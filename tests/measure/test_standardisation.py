"""Standardised rates are Das Gupta's, and effects add up along any path."""

import math

import numpy as np
import pytest
from tests.reference import dasgupta

from kokemus.measure import UnlikePopulations, standardise


def multiply(**factors: np.ndarray) -> float:
    return float(math.prod(float(factor) for factor in factors.values()))


def share_of_births(**women: np.ndarray) -> float:
    """Of A women by age a share B is unmarried, of whom C bear a child, and D of the others."""
    unmarried = float((women["A"] * women["B"] * women["C"]).sum())
    return unmarried / (unmarried + float((women["A"] * (1 - women["B"]) * women["D"]).sum()))


@pytest.mark.parametrize(
    ("populations", "rates"),
    [
        (dasgupta.EARNINGS, dasgupta.EARNINGS_RATES),
        (dasgupta.PREGNANCY, dasgupta.PREGNANCY_RATES),
    ],
)
def test_products_of_factors_are_as_in_the_tables(populations, rates) -> None:
    found = standardise(populations, rate=multiply)
    for factor, expected in rates.items():
        assert found.rates[factor] == pytest.approx(expected, rel=1e-6)


def test_headship_is_as_in_table_5_1() -> None:
    found = standardise(
        {1970: dasgupta.HEADS_1970, 1985: dasgupta.HEADS_1985},
        rate=lambda size, rate: float((size / size.sum() * rate).sum()),
    )
    for factor, expected in dasgupta.HEADS_RATES.items():
        assert found.rates[factor] == pytest.approx(expected, abs=1e-6)


def test_five_years_and_four_vectors_are_as_in_table_6_5() -> None:
    found = standardise(dasgupta.BIRTHS, rate=share_of_births)
    for factor, expected in dasgupta.BIRTHS_RATES.items():
        rates = found.crude if factor == "crude" else found.rates[factor]
        assert rates == pytest.approx(expected, abs=1e-12)


def test_effects_sum_to_the_difference_and_along_any_path() -> None:
    found = standardise(dasgupta.BIRTHS, rate=share_of_births)
    whole = sum(found.effect(factor, before=1963, after=1983) for factor in "ABCD")
    assert whole == pytest.approx(found.crude[-1] - found.crude[0], abs=1e-14)
    steps = [found.effect("B", before=year, after=year + 5) for year in range(1963, 1983, 5)]
    assert sum(steps) == pytest.approx(found.effect("B", before=1963, after=1983), abs=1e-14)


def test_it_prints_and_goes_into_json() -> None:
    found = standardise(dasgupta.EARNINGS, rate=multiply)
    assert str(found).splitlines()[1] == "  earnings: 8437.23, 12807.1"
    assert found.to_dict()["rates"]["earners"] == pytest.approx([9878.552866, 11365.815227])
    assert "<td>9878.55</td>" in found._repr_html_()


@pytest.mark.parametrize(
    ("populations", "words"),
    [
        ({"a": {"x": 1.0}}, "needs two populations"),
        ({"a": {"x": 1.0}, "b": {"y": 1.0}}, r"'a' has the factors \['x'\] and 'b' \['y'\]"),
    ],
)
def test_unlike_populations_are_refused(populations, words) -> None:
    with pytest.raises(UnlikePopulations, match=words):
        standardise(populations, rate=multiply)
