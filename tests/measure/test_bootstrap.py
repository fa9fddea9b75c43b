"""The bootstrap: seeded, the same for the same histogram, and as good as it says."""

import math

import numpy as np
import pytest

from kokemus.measure.intervals import bootstrap_interval, mean_interval

VALUES = np.arange(1.0, 6.0)
SHARES = np.array([0.05, 0.05, 0.10, 0.30, 0.50])


def mean(values: np.ndarray, counts: np.ndarray) -> float:
    return float(values @ counts / counts.sum())


def deviation(values: np.ndarray, counts: np.ndarray) -> float:
    return math.sqrt(counts @ (values - mean(values, counts)) ** 2 / counts.sum())


def test_of_many_answers_it_is_the_intervals_of_the_field() -> None:
    histogram = {1: 300, 2: 200, 3: 900, 4: 2100, 5: 3300}
    values, counts = np.array(list(histogram), float), np.array(list(histogram.values()), float)
    expected = mean_interval(mean(values, counts), deviation(values, counts), counts.sum())
    found = bootstrap_interval(histogram, mean, seed=1, draws=20000)
    assert found == pytest.approx(expected, abs=0.001)


def test_a_seed_gives_one_interval_in_any_order_of_the_answers() -> None:
    found = bootstrap_interval({5: 9, 1: 4, 3: 2, 2: 0, math.nan: 3}, mean, seed=7)
    assert found == bootstrap_interval({1: 4, 3: 2, 5: 9}, mean, seed=7)
    many = {1: 40, 3: 20, 4: 77, 5: 90}
    assert bootstrap_interval(many, mean, seed=7) != bootstrap_interval(many, mean, seed=8)


def test_equal_answers_have_no_width() -> None:
    assert bootstrap_interval({4: 10}, mean, seed=1) == (4.0, 4.0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answers", "statistic", "covers"),
    [(20, deviation, 0.847), (20, mean, 0.927), (50, deviation, 0.931), (100, mean, 0.943)],
)
def test_it_covers_as_the_docstring_says(answers, statistic, covers) -> None:
    chance = np.random.default_rng(6)
    truth = statistic(VALUES, SHARES)
    held = 0
    for seed in range(400):
        drawn = chance.multinomial(answers, SHARES)
        histogram = dict(zip(VALUES.tolist(), drawn.tolist(), strict=True))
        low, high = bootstrap_interval(histogram, statistic, seed=seed, draws=300)
        held += low <= truth <= high
    assert held / 400 == pytest.approx(covers, abs=0.035)


def test_what_cannot_be_drawn_is_refused() -> None:
    for histogram in ({5: 1}, {}, {5: 1.5, 4: 2}, {5: -1, 4: 3}):
        with pytest.raises(ValueError, match="whole counts of two answers or more"):
            bootstrap_interval(histogram, mean, seed=1)
    with pytest.raises(ValueError, match="draws 100 or more"):
        bootstrap_interval({5: 2}, mean, seed=1, draws=10)
    with pytest.raises(ValueError, match="the statistic is nan"):
        bootstrap_interval({5: 2}, lambda values, counts: math.nan, seed=1)
