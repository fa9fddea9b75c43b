"""The interval of the population's R², from how the sample's R² varies."""

import numpy as np

from kokemus.measure.histograms import Floats
from kokemus.measure.intervals import find_roots

NODES = 1500  # places at which the mixture is summed
ANSWERS_PER_COLUMN = 2


def limit_r_squared(
    r_squared: float, *, answers: float, columns: int, excess: float, confidence: float
) -> tuple[float, float]:
    """Return limits of the R² of all whom the answers stand for, not of the sample's own R².

    Exact for normal columns: those population values under which an R² as high, or as low, is not
    too rare. `excess` is how many times its variance is that of normal columns (heavy tails,
    clusters, missing values): over 1, as many times fewer answers count. For the upper limit an
    R² below what noise alone gives on average counts as that, or it would say that none is sure.
    """
    worth = max(answers / max(1.0, excess), columns + 3.0)
    tail = (1 - confidence) / 2
    low = _solve(r_squared, 1 - tail, worth, columns)
    return low, _solve(max(r_squared, columns / (worth - 1)), tail, worth, columns)


def _solve(r_squared: float, level: float, answers: float, columns: int) -> float:
    """The population's R² under which so large a part of all samples has less than this one."""

    def excess(population: Floats) -> Floats:
        found = share_below(r_squared, float(population[0]), answers=answers, columns=columns)
        return np.array([level - found])

    low, high = np.zeros(1), np.full(1, 1 - 1e-9)
    if excess(low)[0] >= 0:
        return 0.0
    return float(high[0] if excess(high)[0] <= 0 else find_roots(excess, low, high)[0])


def share_below(r_squared: float, population: float, *, answers: float, columns: int) -> float:
    """Return the part of samples with a lower R², for normal predictors drawn with the outcome.

    Fisher's distribution (1928): a mixture of beta distributions with negative binomial weights.
    """
    from scipy.special import betainc  # 0.1 s to import: only who asks for it waits

    rest = (answers - columns - 1) / 2
    if population <= 0:
        return float(betainc(columns / 2, rest, r_squared))
    places, weights = _mix(population, (answers - 1) / 2)
    return float(weights @ betainc(columns / 2 + places, rest, r_squared))


def _mix(population: float, half: float) -> tuple[Floats, Floats]:
    """The negative binomial weights, on a grid where they are many and smooth."""
    from scipy.special import gammaln

    mean = half * population / (1 - population)
    spread = np.sqrt(half * population) / (1 - population)
    first, last = max(0.0, np.floor(mean - 9 * spread)), np.ceil(mean + 9 * spread + 60)
    places = np.arange(first, last + 1, max(1, (last - first) // NODES))
    logs = gammaln(half + places) - gammaln(places + 1) + places * np.log(population)
    weights = np.exp(logs - logs.max())
    return places, weights / weights.sum()
