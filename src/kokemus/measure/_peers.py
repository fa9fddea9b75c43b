"""A unit beside its peers: how unusual it is, given that honest units differ too.

Honest units differ by more than chance, so limits from chance alone would flag half of them. Each
unit is compared with the others, itself left out: with their level, and with their spread, whose
outer tenths are drawn in so that a few who game do not widen it.
"""

from typing import NamedTuple

import numpy as np

from kokemus.measure.histograms import Floats

UNITS_MIN = 5  # fewer peers do not show how much honest units differ
DRAWN_IN = 0.1
TRIALS_EXACT = 20_000
ALONE_MAX = 200  # units; beyond, one unit does not sway the spread of all
# The mean of squares of a normal number whose outer tenths are drawn in to the 10th percentile.
DRAWN_IN_SPREAD = 0.6767


class Beside(NamedTuple):
    """Per unit: what its peers have, how unlikely an honest unit is so high; NaN cannot tell."""

    peers: Floats
    p_values: Floats


def compare_shares(events: Floats, trials: Floats) -> Beside:
    """Compare shares upwards: the chance of as many events or more in an honest unit.

    The tail is the beta-binomial's, exact for few events, with the others' share and the spread.
    """
    peers, p_values = np.full(len(trials), np.nan), np.full(len(trials), np.nan)
    known = trials > 0
    if known.sum() < UNITS_MIN:
        return Beside(peers, p_values)
    x, n = events[known], trials[known]
    others = n.sum() - n
    smoothed = (x.sum() - x + 0.5) / (others + 1)
    spreads = _spreads(x / n, n, smoothed)
    peers[known] = (x.sum() - x) / others
    p_values[known] = [
        _tail(*unit)
        for unit in zip(*(a.tolist() for a in (x, n, smoothed, others, spreads)), strict=True)
    ]
    return Beside(peers, p_values)


def compare_numbers(numbers: Floats, variances: Floats) -> Beside:
    """Compare estimates upwards, given their own variances; NaN where there is none."""
    from scipy.special import stdtr

    peers, p_values = np.full(len(numbers), np.nan), np.full(len(numbers), np.nan)
    known = np.isfinite(numbers) & np.isfinite(variances) & (variances > 0)
    if known.sum() < UNITS_MIN:
        return Beside(peers, p_values)
    y, v = numbers[known], variances[known]
    units = len(y)
    centre = ((y / v).sum() - y / v) / ((1 / v).sum() - 1 / v)
    if units > ALONE_MAX:
        spread = np.full(units, _spread(y, v, float((y / v).sum() / (1 / v).sum())))
        weight = 1 / (v + spread)
        total = weight.sum() - weight
        others = ((weight * y).sum() - weight * y) / total
    else:
        spread = np.array(
            [_spread(np.delete(y, u), np.delete(v, u), centre[u]) for u in range(units)]
        )
        weights = 1 / (v[None, :] + spread[:, None])
        np.fill_diagonal(weights, 0.0)
        total = weights.sum(1)
        others = weights @ y / total
    away = (y - others) / np.sqrt(v + spread + 1 / total)
    peers[known] = others
    p_values[known] = stdtr(units - 2, -away)
    return Beside(peers, p_values)


def _spreads(shares: Floats, trials: Floats, centres: Floats) -> Floats:
    """Estimate for each unit the spread of the others (of all, where units are many)."""
    units = len(shares)
    if units > ALONE_MAX:
        centre = float((shares * trials).sum() / trials.sum())
        return np.full(units, _spread(shares, centre * (1 - centre) / trials, centre))
    widened = (units - 2) / (units - 4)  # as t is wider than normal: few units, unsure spread
    return widened * np.array(
        [
            _spread(np.delete(shares, u), c * (1 - c) / np.delete(trials, u), c)
            for u, c in enumerate(centres.tolist())
        ]
    )


def _spread(numbers: Floats, variances: Floats, centre: float) -> float:
    """Estimate the variance between units beyond chance, by moments, the outer tenths drawn in."""
    z = (numbers - centre) / np.sqrt(variances)
    low, high = np.quantile(z, [DRAWN_IN, 1 - DRAWN_IN])
    excess = float((np.clip(z, low, high) ** 2).mean()) / DRAWN_IN_SPREAD
    weight = 1 / variances
    units = len(z)
    divisor = weight.sum() - (weight**2).sum() / weight.sum()
    return float(max(0.0, (units * excess - (units - 1)) / divisor))


def _tail(x: float, n: float, share: float, others: float, spread: float) -> float:
    """Chance of x or more of n, where shares have a beta distribution."""
    from scipy.special import betaln, gammaln, ndtr

    if x == 0:
        return 1.0
    variance = spread + share * (1 - share) / others
    size = share * (1 - share) / variance - 1
    if size <= 0:
        return 1.0
    if n > TRIALS_EXACT:
        error = np.sqrt(share * (1 - share) / n + variance)
        return float(ndtr(-(x / n - share) / error))
    a, b = share * size, (1 - share) * size
    k = np.arange(np.ceil(x), n + 1)
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return float(min(1.0, np.exp(ways + betaln(k + a, n - k + b) - betaln(a, b)).sum()))


def estimate_spread(numbers: Floats, variances: Floats) -> float:
    """Estimate the variance between units beyond chance; NaN cannot tell and is left out."""
    known = np.isfinite(numbers) & np.isfinite(variances) & (variances > 0)
    y, v = numbers[known], variances[known]
    return _spread(y, v, float((y / v).sum() / (1 / v).sum())) if len(y) >= UNITS_MIN else 0.0
