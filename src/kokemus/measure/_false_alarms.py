"""How often a chart signals although nothing changes, reckoned for the answers that it has."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kokemus.measure._chart_rules import find_signals, spread_of
from kokemus.measure.histograms import Floats

NORMAL_FROM = 50.0  # answers times share times rest, of each outcome, from which z is normal
NORMAL_POINTS, COUNTED_POINTS = 1_000_000, 60_000
BY_CHANCE = 1.5  # the mean moving range of k draws errs by some 0.8 / √k
SEED = 8  # fixed, so that the figure is the same each time


@dataclass(frozen=True)
class Lot:
    """What the answers of an unchanged process are drawn from.

    `worths` are what an outcome adds to the score, `shares` how many answers have it; `spread`
    is how much more the periods vary than sampling explains (Laney's sigma).
    """

    worths: tuple[float, ...]
    shares: tuple[float, ...]
    spread: float


@dataclass(frozen=True)
class Reading:
    """How a chart is read: how many first periods set the limits, and what signals."""

    baseline: int
    rules: tuple[str, ...]
    sigmas: float


def chance_of_false_alarm(lot: Lot, answers: tuple[int, ...], reading: Reading) -> float:
    """Simulate charts on which nothing changes, limits estimated as on a real one.

    Where there are answers enough the points are normal whatever the score (error under 0.01);
    elsewhere they are counts at the very numbers of answers (under 0.02).
    """
    shares = np.array([share for share in lot.shares if share > 0])
    if min(answers) * (shares * (1 - shares)).min() >= NORMAL_FROM:
        return _chance_of_normal(len(answers), reading)
    return _chance_of_counts(lot, answers, reading)


@lru_cache(maxsize=64)
def _chance_of_normal(periods: int, reading: Reading) -> float:
    size = (max(2_000, NORMAL_POINTS // periods), periods)
    draws = np.random.default_rng(SEED).standard_normal(size)
    return _part_alarmed(draws - draws[:, : reading.baseline].mean(axis=1, keepdims=True), reading)


@lru_cache(maxsize=64)
def _chance_of_counts(lot: Lot, answers: tuple[int, ...], reading: Reading) -> float:
    charts = min(max(500, COUNTED_POINTS // len(answers)), 3_000)
    shares = np.array(lot.shares) / sum(lot.shares)
    counts = np.random.default_rng(SEED).multinomial(answers, shares, (charts, len(answers)))
    worths, base = np.array(lot.worths), slice(0, reading.baseline)
    pooled = counts[:, base].sum(axis=1) / sum(answers[base])
    centre = pooled @ worths
    deviation = np.sqrt(np.maximum(pooled @ worths**2 - centre**2, 0.0))[:, None]
    away = counts @ worths / np.array(answers) - centre[:, None]
    errors = deviation / np.sqrt(answers)
    raw = np.divide(away, errors, out=np.zeros_like(away), where=errors > 1e-12)
    return _part_alarmed(raw + _vary(lot, charts, answers, reading), reading)


def _vary(lot: Lot, charts: int, answers: tuple[int, ...], reading: Reading) -> Floats:
    """Draw what periods vary beyond sampling, in its standard errors: normal, of unknown shape.

    A spread over 1 comes by chance, too: one that chance explains adds nothing, lest it water
    down the signals of lumpy counts.
    """
    is_beyond = lot.spread > 1 + BY_CHANCE / math.sqrt(reading.baseline)
    beyond = math.sqrt(lot.spread**2 - 1) if is_beyond else 0.0
    draws = np.random.default_rng(SEED + 1).standard_normal((charts, len(answers)))
    roots, base = np.sqrt(answers), slice(0, reading.baseline)
    centre = draws[:, base] @ roots[base] / (roots[base] ** 2).sum()
    return np.asarray(beyond * (draws - centre[:, None] * roots))


def _part_alarmed(raw: Floats, reading: Reading) -> float:
    """Read the charts, a row each; one whose baseline is all alike tells nothing."""
    spread = spread_of(raw[:, : reading.baseline])[:, None]
    z = np.divide(raw, spread, out=np.zeros_like(raw), where=spread > 0)
    signals = [find_signals(z, name, reading.sigmas).any(axis=1) for name in reading.rules]
    return float(np.any(signals, axis=0).mean())
