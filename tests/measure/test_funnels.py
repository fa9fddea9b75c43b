"""Funnels: R's limits, dispersion by hand, all dataframes, exact and simulated coverage."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import funnels as reference

from kokemus import measure
from kokemus.measure._funnel import ALARM, WARNING, estimate_dispersion, estimate_spread

COUNTS = st.dictionaries(
    st.text(max_size=3),
    st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20)),
    max_size=6,
)


def test_the_binomial_limits_equal_those_of_r() -> None:
    found = {
        answers: (
            *measure.share_limits(answers, reference.TARGET),
            *measure.share_limits(answers, reference.TARGET, confidence=0.998),
        )
        for answers in reference.BINOMIAL_LIMITS
    }
    for answers, limits in reference.BINOMIAL_LIMITS.items():
        assert found[answers] == pytest.approx(limits, abs=1e-12)


def test_dispersion_and_spread_follow_spiegelhalter() -> None:
    z = np.array([-9.0, -2.0, -1.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 20.0])
    # 10 % and 90 % points of the eleven are -2 and 5, to which the outermost are drawn
    dispersion = (4 + 4 + 1 + 0 + 0 + 1 + 4 + 9 + 16 + 25 + 25) / 11
    assert estimate_dispersion(z) == pytest.approx(dispersion)
    errors = np.full(11, 0.5)
    # all weights 4: (kφ - (k - 1)) / (44 - 16·11/44)
    assert estimate_spread(dispersion, errors) ** 2 == pytest.approx((89 - 10) / 40)
    assert estimate_spread(0.9, errors) == 0


def test_limits_are_those_of_three_outcomes_and_of_the_arcsine() -> None:
    counts = dict.fromkeys("abc", (25, 25, 50))
    found = measure.funnel_from_counts(counts, overdispersion="none")
    error = 100 * math.sqrt((0.75 - 0.25**2) / 100)
    assert (found.target, found.dispersion) == (25.0, 0.0)
    assert found.units[0].low95 == pytest.approx(25 - WARNING * error)
    assert found.units[0].high998 == pytest.approx(25 + ALARM * error)
    shares = measure.share_funnel_from_counts(
        dict.fromkeys("abc", (50, 100)), overdispersion="none"
    )
    assert shares.units[0].low95 == pytest.approx(100 * math.sin(math.pi / 4 - WARNING / 20) ** 2)


def test_additive_and_multiplicative_limits_flag_fewer() -> None:
    counts = {unit: (20 - unit, 30, 50 + unit) for unit in range(-19, 20, 2)}
    counts[100] = (95, 3, 2)
    ways = {
        way: measure.funnel_from_counts(counts, overdispersion=way)
        for way in ("none", "additive", "multiplicative")
    }
    assert ways["none"].flagged == ways["additive"].flagged_by_chance_alone
    scores = np.array([up - down for down, _, up in counts.values()])
    middle = scores.mean()
    up_or_down = np.mean([up + down for down, _, up in counts.values()]) / 100
    error = 10 * math.sqrt(up_or_down - (middle / 100) ** 2)
    assert len(ways["none"].flagged) == (np.abs(scores - middle) > 3.0902323 * error).sum() > 5
    assert ways["additive"].flagged == ways["multiplicative"].flagged == (100,)
    assert ways["multiplicative"].units[0].z_adjusted == pytest.approx(
        ways["none"].units[0].z / math.sqrt(ways["none"].dispersion)
    )


def test_every_kind_of_frame_gives_the_same(make_frame) -> None:
    rows = {
        "score": [10.0, 9.0, 3.0, 8.0, 10.0, 2.0, 0.0, 7.0, 9.0, None, math.nan, 10.0, 9.0],
        "unit": ["A"] * 4 + ["B"] * 5 + ["A", "B", None, "C"],
        "w": [1.0] * 8 + [1.0, 1.0, 1.0, 1.0, 1.0],
    }
    known = measure.funnel_from_counts({"A": (1, 1, 2), "B": (2, 1, 2)}, minimum=2).to_dict()
    found = measure.funnel(make_frame(rows), weight="w", minimum=2).to_dict()
    assert (found.pop("missing"), found.pop("too_small")) == (3, ["C"])
    assert (known.pop("missing"), known.pop("too_small")) == (0, [])
    units, known_units = found.pop("units"), known.pop("units")
    assert found == pytest.approx(known, abs=1e-9)
    for unit, other in zip(units, known_units, strict=True):
        assert unit == pytest.approx(other, abs=1e-9)


def test_a_share_is_counted_from_its_mark() -> None:
    import polars as pl

    frame = pl.DataFrame({"unit": ["A"] * 6 + ["B"] * 5, "score": [5, 4, 3, 5, 1, None] + [4] * 5})
    found = measure.share_funnel(frame, at_least=4)
    assert [(unit.unit, unit.estimate, unit.answers) for unit in found.units] == [
        ("A", pytest.approx(60.0), 5.0),
        ("B", 100.0, 5.0),
    ]
    assert (found.target, found.missing) == (pytest.approx(80.0), 1)


@given(COUNTS)
def test_every_table_of_counts_gives_a_funnel(counts) -> None:
    found = measure.funnel_from_counts(counts)
    assert {unit.unit for unit in found.units} | set(found.too_small) == set(counts)
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
    for unit in found.units:
        assert unit.place == "cannot tell" or -100 <= unit.low998 <= unit.low95 <= unit.high998


def test_one_unit_and_equal_answers_cannot_tell() -> None:
    assert str(measure.funnel_from_counts({})) == "NPS funnel: cannot tell, no unit with 5 answers"
    one = measure.funnel_from_counts({"A": (5, 5, 10)})
    assert str(one) == "NPS funnel of 1 unit around 25.0: cannot tell who differs"
    equal = measure.funnel_from_counts({"A": (0, 0, 10), "B": (0, 0, 10)})
    assert [unit.place for unit in equal.units] == ["cannot tell"] * 2
    assert equal.flagged == ()
    with pytest.raises(ValueError, match="overdispersion is one of"):
        measure.funnel_from_counts({"A": (5, 5, 10)}, overdispersion="some")
    with pytest.raises(ValueError, match="0 or more"):
        measure.share_funnel_from_counts({"A": (5, 4)})


def test_a_funnel_is_drawn_with_two_bands() -> None:
    pytest.importorskip("altair")
    counts = {unit: (20, 30, 50 + unit) for unit in range(5)}
    layers = measure.funnel_from_counts(counts).plot().to_dict()["layer"]
    assert [layer["mark"]["type"] for layer in layers] == ["area", "area", "point", "rule"]


def hold(answers, shares):
    """The exact chance that a unit like the whole is inside the 95 % limits."""
    chances = np.array([1.0])
    for _ in range(answers):
        chances = np.convolve(chances, shares)
    score = np.arange(-answers, answers + 1) / answers
    target = shares[2] - shares[0]
    error = math.sqrt((shares[0] + shares[2] - target**2) / answers)
    return chances[np.abs(score - target) <= WARNING * error].sum()


@pytest.mark.parametrize("shares", [(0.15, 0.3, 0.55), (0.05, 0.15, 0.8), (0.3, 0.3, 0.4)])
def test_limits_by_chance_alone_hold_as_they_say(shares) -> None:
    assert 0.93 <= hold(10, shares) <= 0.98
    assert 0.93 <= hold(30, shares) <= 0.97
    assert 0.94 <= hold(300, shares) <= 0.96


def test_additive_limits_hold_as_the_docstring_says() -> None:
    random = np.random.default_rng(5)
    inside = []
    for _ in range(60):
        move = 0.05 * random.normal(size=60)
        counts = {
            unit: tuple(random.multinomial(100, [0.2 - move[unit], 0.2, 0.6 + move[unit]]))
            for unit in range(60)
        }
        found = measure.funnel_from_counts(counts)
        inside.append(np.mean([unit.place == "inside" for unit in found.units]))
    assert 0.89 <= np.mean(inside) <= 0.93
