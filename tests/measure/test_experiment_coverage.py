"""How often the intervals of experiments hold the truth, at one look and at every look."""

import numpy as np
import pytest

from kokemus.measure import (
    ArmSums,
    always_valid_difference,
    always_valid_share,
    experiment_from_sums,
)

pytestmark = pytest.mark.slow

SCORES = np.arange(11)
SHARES = np.array([2, 1, 1, 1, 2, 5, 5, 11, 25, 21, 26]) / 100  # as at an airport
POINTS = 100.0 * ((SCORES >= 9).astype(float) - (SCORES <= 6))


def draw(generator, size):
    return generator.choice(SCORES, p=SHARES, size=size)


def running(outcomes, looks):
    """Mean and variance of the mean of each run at each look."""
    n = np.asarray(looks)
    total = np.cumsum(outcomes, axis=1)[:, n - 1]
    squares = np.cumsum(outcomes**2, axis=1)[:, n - 1]
    return total / n, (squares - total**2 / n) / (n - 1) / n


def peeked(outcome_of, *, planned, start, runs, step=1, last=4):
    """Share of experiments without a difference whose interval holds 0 at every look."""
    generator = np.random.default_rng(7)
    looks = np.arange(start, last * planned // 2 + 1, step)
    (one, v1), (two, v2) = (
        running(outcome_of[draw(generator, (runs, looks[-1]))], looks) for _ in range(2)
    )
    error = np.sqrt(v1 + v2)
    progress = 2 * looks / planned
    mixing = 1 / (2 * np.log(20) + np.log1p(2 * np.log(20)))
    width = np.sqrt((progress + mixing) / progress * np.log((progress + mixing) / mixing * 400))
    inside = np.abs(one - two) <= error * width
    once = np.abs(one - two) <= error * 1.96
    return float(inside.all(1).mean()), float(once.all(1).mean())


@pytest.mark.parametrize("outcome_of", [SCORES.astype(float), POINTS], ids=["mean", "nps"])
def test_the_always_valid_interval_holds_at_every_look(outcome_of) -> None:
    """Looked at after every answer from 30 in each arm on, four times the plan long."""
    held, _ = peeked(outcome_of, planned=1000, start=30, runs=2000)
    assert held == pytest.approx(0.974, abs=0.008)


def test_the_interval_for_one_look_fails_when_peeked_at() -> None:
    held, once = peeked(SCORES.astype(float), planned=1000, start=50, runs=2000, step=20, last=1)
    assert held == pytest.approx(0.985, abs=0.01)
    assert once == pytest.approx(0.78, abs=0.02)


def test_the_simulated_width_is_the_function_s() -> None:
    low, high = always_valid_difference(1.0, 2.0, progress=0.3)
    mixing = 1 / (2 * np.log(20) + np.log1p(2 * np.log(20)))
    width = np.sqrt((0.3 + mixing) / 0.3 * np.log((0.3 + mixing) / mixing * 400))
    assert (low, high) == pytest.approx((1 - 2 * width, 1 + 2 * width))


def test_the_always_valid_interval_of_a_share_holds_at_every_look() -> None:
    generator = np.random.default_rng(5)
    held = 0
    for _ in range(300):
        successes = np.cumsum(generator.random(400) < 0.7)
        held += all(
            low <= 0.7 <= high
            for n in range(10, 401, 15)
            for low, high in [always_valid_share(int(successes[n - 1]), n, planned=200)]
        )
    assert held / 300 >= 0.95


def experiments(generator, runs, clusters):
    """Experiments as the functions make them, few answers in each arm, true difference 0."""
    for _ in range(runs):
        arms = {}
        for arm in "ab":
            if clusters:
                lean = generator.normal(0, 1, clusters)
                n = generator.integers(3, 9, clusters)
                y = n * lean + generator.normal(0, np.sqrt(n) * 2)
                arms[arm] = ArmSums.of_clusters(n, y=y)
            else:
                y = draw(generator, 30)
                x = np.clip(y + generator.integers(-4, 5, 30), 0, 10)
                arms[arm] = ArmSums.of_answers(
                    30, y=y.sum(), yy=(y**2).sum(), x=x.sum(), xy=(x * y).sum(), xx=(x**2).sum()
                )
        yield experiment_from_sums(arms, control="a").comparisons[0]


def draw_clusters(generator, clusters, *, is_unequal):
    """Answers, sum of scores and sum of pre-scores of each cluster of one arm."""
    n = np.full(clusters, 10)
    if is_unequal:
        n = np.maximum(1, np.rint(np.exp(generator.normal(2, 0.8, clusters)))).astype(int)
    place = np.repeat(np.arange(clusters), n)
    pre = generator.normal(size=len(place)) + 0.5 * generator.normal(size=clusters)[place]
    lean = generator.normal(size=clusters)[place]
    y = np.clip(np.rint(8 + 1.2 * pre + lean + 1.5 * generator.normal(size=len(place))), 0, 10)
    return n, np.bincount(place, y), np.bincount(place, pre)


@pytest.mark.parametrize("is_unequal", [False, True], ids=["equal", "unequal"])
@pytest.mark.parametrize("clusters", [(3, 3), (6, 6), (10, 10), (6, 20), (20, 20)])
def test_few_clusters_cover_as_well(clusters, is_unequal) -> None:
    """With and without a pre-score; before the small-sample factors 86 to 94 %."""
    generator = np.random.default_rng(3)
    held = np.zeros(2)
    for _ in range(1000):
        arms = {}
        for arm, count in zip("ab", clusters, strict=True):
            n, y, x = draw_clusters(generator, count, is_unequal=is_unequal)
            arms[arm] = ArmSums.of_clusters(n, y=y, x=x)
        each = experiment_from_sums(arms, control="a").comparisons[0]
        held += [found.low <= 0 <= found.high for found in (each.fixed, each.plain)]
    least, most = (0.93, 0.985) if is_unequal and 3 in clusters else (0.93, 0.977)
    assert (held >= least * 1000).all(), held
    assert (held <= most * 1000).all(), held


@pytest.mark.parametrize("clusters", [0, 15])
def test_the_interval_for_one_look_covers(clusters) -> None:
    found = list(experiments(np.random.default_rng(3), 3000, clusters))
    held = np.mean([each.fixed.low <= 0 <= each.fixed.high for each in found])
    plain = np.mean([each.plain.low <= 0 <= each.plain.high for each in found])
    assert 0.93 <= held <= 0.965
    assert 0.93 <= plain <= 0.965
