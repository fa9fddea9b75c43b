"""How often the 95 % intervals hold the truth, computed exactly: every outcome with its chance."""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from kokemus.measure import mean_from_histogram
from kokemus.measure.intervals import clopper_pearson_interval, nps_limits, wilson_interval

MIXES = [
    (0.10, 0.20, 0.70),
    (0.05, 0.15, 0.80),
    (0.02, 0.08, 0.90),
    (0.20, 0.30, 0.50),
    (0.30, 0.30, 0.40),
    (0.50, 0.20, 0.30),
    (0.33, 0.34, 0.33),
]


def split(answers: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (answers,)
        return
    for first in range(answers + 1):
        yield from ((first, *rest) for rest in split(answers - first, parts - 1))


def chances(outcomes: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    log_factorial = np.array([math.lgamma(count + 1) for count in range(outcomes.sum(1)[0] + 1)])
    ways = log_factorial[-1] - log_factorial[outcomes].sum(1)
    return np.exp(ways + outcomes @ np.log(shares))


def nps_coverage(answers: int, mix: Sequence[float], method: str) -> float:
    outcomes = np.array(list(split(answers, 3)))
    down, between, up = outcomes.T.astype(float)
    low, high = nps_limits(down, between, up, confidence=0.95, method=method)
    truth = 100 * (mix[2] - mix[0])
    return float(chances(outcomes, mix)[(low <= truth) & (truth <= high)].sum())


def test_chances_sum_to_one() -> None:
    outcomes = np.array(list(split(10, 3)))
    assert chances(outcomes, MIXES[0]).sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("answers", [10, 20, 30, 50, 100])
def test_nps_intervals_cover_as_the_docstring_says(answers) -> None:
    score = [nps_coverage(answers, mix, "score") for mix in MIXES]
    assert min(score) >= 0.947
    assert 0.95 <= sum(score) / len(score) <= 0.96
    assert min(nps_coverage(answers, mix, "adjusted_wald") for mix in MIXES) >= 0.9295


def test_the_wald_interval_misleads_as_the_docstring_says() -> None:
    found = [nps_coverage(10, mix, "wald") for mix in MIXES]
    assert min(found) == pytest.approx(0.649, abs=0.001)
    assert found.index(min(found)) == MIXES.index((0.02, 0.08, 0.90))


def share_coverage(
    interval: Callable[..., tuple[float, float]], trials: int, share: float
) -> float:
    return sum(
        math.comb(trials, successes) * share**successes * (1 - share) ** (trials - successes)
        for successes in range(trials + 1)
        if interval(successes, trials)[0] <= share <= interval(successes, trials)[1]
    )


@pytest.mark.parametrize("trials", [5, 10, 30])
def test_clopper_pearson_never_covers_less_than_it_says(trials) -> None:
    shares = np.linspace(0.01, 0.99, 99)
    assert min(share_coverage(clopper_pearson_interval, trials, p) for p in shares) >= 0.95


@pytest.mark.parametrize("trials", [10, 30, 100])
def test_wilson_covers_on_average(trials) -> None:
    found = [share_coverage(wilson_interval, trials, p) for p in np.linspace(0.005, 0.995, 199)]
    assert sum(found) / len(found) == pytest.approx(0.952, abs=0.01)
    assert min(found) > 0.859


@pytest.mark.parametrize(
    ("shares", "coverage"),
    [
        ((0.05, 0.05, 0.10, 0.30, 0.50), 0.926),
        ((0.01, 0.02, 0.05, 0.12, 0.80), 0.899),
        ((0.02, 0.01, 0.01, 0.06, 0.90), 0.837),
    ],
)
def test_mean_interval_covers_as_its_docstring_says(shares, coverage) -> None:
    outcomes = np.array(list(split(20, 5)))
    truth = float(np.dot(shares, [1, 2, 3, 4, 5]))
    likely = chances(outcomes, shares)
    is_worth_it = likely > 1e-7
    held = 0.0
    for outcome, chance in zip(outcomes[is_worth_it], likely[is_worth_it], strict=True):
        score = mean_from_histogram(dict(enumerate(outcome.tolist(), 1)), scale=(1, 5))
        held += chance * (score.low <= truth <= score.high)
    assert held == pytest.approx(coverage, abs=0.001)
