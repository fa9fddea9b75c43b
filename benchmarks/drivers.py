"""LMG shares of many predictors, from a correlation matrix, in one run; processor time.

Limits: 20 predictors in 0.1 s, 24 in 2 s. Rivals: every subset refitted with NumPy, at 14
predictors; and R's relaimpo, which took 50.2 s for 20 from the covariance matrix (`calc.relimp`,
type "lmg", one of two shared cores; see tests/reference/drivers_of_many.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import factorial

import numpy as np
from numpy.typing import NDArray

from kokemus import measure

Floats = NDArray[np.float64]
RELAIMPO_SECONDS = 50.218
LIMITS = {20: 0.1, 24: 2.0}
REFITTED = 14


def run() -> bool:
    matrix = make_correlations(REFITTED)
    refit, expected = best_of(1, lambda: refit_every_subset(matrix))
    ours, shares = best_of(5, lambda: share(matrix))
    print(f"  {REFITTED} predictors, every subset refitted  {refit * 1000:9.1f} ms")
    print(f"  {REFITTED} predictors, here                   {ours * 1000:9.1f} ms", end="")
    print(f"  {refit / ours:,.0f} times faster, {np.abs(shares - expected).max():.0e} apart")
    took = {}
    for players in LIMITS:
        took[players], _ = best_of(3, lambda players=players: share(make_correlations(players)))
        print(
            f"  {players} predictors, here                   {took[players] * 1000:9.1f} ms", end=""
        )
        print(f"  limit {LIMITS[players] * 1000:,.0f} ms")
    print(f"  20 predictors, relaimpo as recorded  {RELAIMPO_SECONDS * 1000:9.1f} ms", end="")
    print(f"  {RELAIMPO_SECONDS / took[20]:,.0f} times ours")
    with_intervals, _ = best_of(1, lambda: share(make_correlations(20), answers=10_000))
    print(f"  20 predictors with intervals, here   {with_intervals * 1000:9.1f} ms")
    is_right = bool(np.allclose(shares, expected, atol=1e-10))
    return is_right and all(took[players] <= LIMITS[players] for players in LIMITS)


def share(matrix: Floats, answers: int | None = None) -> Floats:
    names = [*(f"x{place}" for place in range(len(matrix) - 1)), "y"]
    found = measure.drivers_from_correlation(matrix, names=names, outcome="y", answers=answers)
    return np.array(list(found.share.values()))


def refit_every_subset(matrix: Floats) -> Floats:
    """Do what a plain program does: solve the normal equations of each subset."""
    players = len(matrix) - 1
    explained = np.zeros(2**players)
    for subset in range(1, 2**players):
        chosen = [place for place in range(players) if subset >> place & 1]
        toward = matrix[chosen, -1]
        explained[subset] = toward @ np.linalg.solve(matrix[np.ix_(chosen, chosen)], toward)
    sizes = np.array([subset.bit_count() for subset in range(2**players)])
    weights = np.array(
        [
            factorial(size) * factorial(players - 1 - size) / factorial(players)
            for size in range(players)
        ]
    )
    places = np.arange(2**players)
    shares = np.zeros(players)
    for player in range(players):
        without = places[places >> player & 1 == 0]
        added = explained[without | 1 << player] - explained[without]
        shares[player] = weights[sizes[without]] @ added
    return shares


def make_correlations(players: int) -> Floats:
    generator = np.random.default_rng(players)
    rows = generator.normal(size=(2_000, players + 1)) + generator.normal(size=(2_000, 1))
    rows[:, -1] += rows[:, :-1].mean(axis=1)
    return np.corrcoef(rows.T)


def best_of(times: int, work: Callable[[], Floats]) -> tuple[float, Floats]:
    """Return the least processor time in seconds (all threads), and what came out."""
    shortest = float("inf")
    for _ in range(times):
        started = time.process_time()
        found = work()
        shortest = min(shortest, time.process_time() - started)
    return shortest, found
