"""Proportional odds and the chance to win: figures of R, every frame, coverage."""

import math

import numpy as np
import pytest
from tests.reference import experiments as reference

from kokemus import measure

NAN = math.nan
SHARES = np.array([2, 1, 1, 1, 2, 5, 5, 11, 25, 21, 26]) / 100


def check_model(found, effects, thresholds, errors, log_likelihood) -> None:
    for name, (effect, error) in effects.items():
        assert found.effects[name].estimate == pytest.approx(effect, abs=1e-5)
        assert found.standard_errors[name] == pytest.approx(error, abs=1e-5)
    assert [t.estimate for t in found.thresholds.values()] == pytest.approx(thresholds, abs=1e-5)
    widths = [(t.high - t.low) / 2 / 1.959963985 for t in found.thresholds.values()]
    assert widths == pytest.approx(errors, abs=1e-5)
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=1e-5)


def test_the_wine_is_that_of_clm() -> None:
    found = measure.proportional_odds_from_counts(
        reference.WINE, factors=("temperature", "contact")
    )
    check_model(
        found,
        reference.WINE_EFFECTS,
        reference.WINE_THRESHOLDS,
        reference.WINE_THRESHOLD_ERRORS,
        reference.WINE_LOG_LIKELIHOOD,
    )
    assert found.references == {"temperature": "cold", "contact": "no"}


def test_the_airport_is_that_of_clm() -> None:
    found = measure.proportional_odds_from_counts(reference.AIRPORT)
    check_model(
        found,
        reference.AIRPORT_EFFECTS,
        reference.AIRPORT_THRESHOLDS,
        reference.AIRPORT_THRESHOLD_ERRORS,
        reference.AIRPORT_LOG_LIKELIHOOD,
    )


def test_the_rank_sum_is_that_of_r() -> None:
    morning, noon = (dict(enumerate(reference.AIRPORT[time])) for time in (1, 2))
    found = measure.win_probability_from_histograms(morning, noon)
    assert (found.statistic, found.p_value) == pytest.approx(reference.AIRPORT_WILCOXON, rel=1e-9)
    assert found.estimate == pytest.approx(356399 / (759 * 966))
    back = measure.win_probability_from_histograms(noon, morning)
    assert (back.low, back.high) == pytest.approx((1 - found.high, 1 - found.low))


ROWS = {
    "arm": [*"aaaabbbbb", None, "a", "b"],
    "score": [3.0, 5.0, 4.0, 4.0, 5.0, 5.0, 2.0, 4.0, 5.0, 1.0, NAN, None],
}


def test_ordinal_on_every_frame(make_frame) -> None:
    frame = make_frame(ROWS)
    found = measure.proportional_odds(frame, reference={"arm": "b"})
    histograms = {"a": {3: 1, 4: 2, 5: 1}, "b": {2: 1, 4: 1, 5: 3}}
    counts = measure.proportional_odds_from_counts(histograms, reference={"arm": "b"})
    for place, name in ((found, "effects"), (found, "thresholds")):
        for key, estimate in getattr(place, name).items():
            assert estimate.estimate == pytest.approx(getattr(counts, name)[key].estimate)
    assert (found.answers, found.missing, list(found.thresholds)) == (9, 3, [2, 3, 4])
    win = measure.win_probability(frame, control="a", treatment="b")
    assert win.estimate == pytest.approx((0 + 2 + 3 * 3.5) / 20)
    assert (win.answers, win.missing) == (9, 2)


def test_one_value_one_level_and_one_end_cannot_tell() -> None:
    equal = measure.proportional_odds_from_counts({"a": [0, 4], "b": [0, 6]})
    alone = measure.proportional_odds_from_counts({"a": [3, 4]})
    apart = measure.proportional_odds_from_counts({"a": [3, 0, 0], "b": [0, 2, 5]})
    assert equal.effects["arm", "b"].estimate is None
    assert str(equal) == "arm b: cannot tell\n10 answers"
    assert (alone.effects, str(alone)) == ({}, "cannot tell: one level only\n7 answers")
    assert apart.effects["arm", "b"].estimate is None


def test_win_probability_of_none_equal_and_apart() -> None:
    win = measure.win_probability_from_histograms
    assert str(win({}, {5: 1})) == "Win probability: cannot tell (1 answer)"
    equal, apart = win({4: 10}, {4: 10}), win({5: 10}, {4: 10})
    assert (equal.estimate, equal.p_value) == (0.5, 1.0)
    assert (equal.low, equal.high) == pytest.approx(measure.intervals.wilson_interval(5, 10))
    assert (apart.low, apart.high) == pytest.approx((0.7224672001371107, 1))


def test_a_ratio_that_does_not_fit_is_said() -> None:
    counts = {"a": [30, 40, 30], "b": [70, 20, 70]}
    found = measure.proportional_odds_from_counts(counts)
    free = sum(n * math.log(n / sum(row)) for row in counts.values() for n in row)
    ratio = 2 * (free - found.log_likelihood)
    assert found.lack_of_fit == pytest.approx(math.erfc(math.sqrt(ratio / 2)))
    assert "one ratio does not fit at every cut" in str(found)
    assert measure.proportional_odds_from_counts(reference.WINE, factors="ab").lack_of_fit is None


def test_unknown_levels_are_named() -> None:
    with pytest.raises(measure.UnknownArm, match="'arm' has no level 'x'"):
        measure.proportional_odds_from_counts({"a": [1, 2]}, reference={"arm": "x"})
    with pytest.raises(ValueError, match="each key needs a level of each of"):
        measure.proportional_odds_from_counts({"a": [1, 2]}, factors=("arm", "shop"))
    import polars as pl

    with pytest.raises(measure.UnknownArm, match="there is no arm 'x'"):
        measure.win_probability(pl.DataFrame(ROWS, strict=False), control="a", treatment="x")


def test_results_have_a_table_and_a_chart() -> None:
    odds = measure.proportional_odds_from_counts(reference.AIRPORT)
    win = measure.win_probability_from_histograms({5: 3, 4: 1}, {4: 4})
    assert odds.to_dict()["effects"]["arm, 2"]["estimate"] == pytest.approx(0.09164775)
    for each in (odds, win):
        assert each.plot().to_dict()["$schema"]
        assert each._repr_html_().startswith("<table>")


def tilt(effect: float) -> np.ndarray:
    below = np.cumsum(SHARES)[:-1]
    odds = below / (1 - below) * math.exp(-effect)
    return np.diff(odds / (1 + odds), prepend=0, append=1)


@pytest.mark.slow
@pytest.mark.parametrize("effect", [0.0, 1.2])
def test_the_ordinal_intervals_cover(effect) -> None:
    generator = np.random.default_rng(11)
    shares = tilt(effect)
    truth = float(shares @ (np.cumsum(SHARES) - SHARES / 2))
    runs, held = 1200, np.zeros(3)
    for _ in range(runs):
        treated, control = generator.multinomial(30, shares), generator.multinomial(30, SHARES)
        odds = measure.proportional_odds_from_counts({"c": control, "t": treated}).effects
        few = generator.multinomial(20, shares), generator.multinomial(20, SHARES)
        wins = [
            measure.win_probability_from_histograms(*map(dict, map(enumerate, pair)))
            for pair in ((treated, control), few)
        ]
        held += [
            odds["arm", "t"].low <= effect <= odds["arm", "t"].high,
            *(win.low <= truth <= win.high for win in wins),
        ]
    assert (held / runs > 0.93).all()
    assert (held / runs < 0.97).all()
