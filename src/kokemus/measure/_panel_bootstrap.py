"""Panels drawn so that the cause tells nothing of the effect, and their Wald statistics.

Dumitrescu and Hurlin (2012), section 6, with autocorrelations freed of their bias in short series.
"""

import numpy as np
from numpy.typing import NDArray

from kokemus.measure.histograms import Floats, Indices

Flags = NDArray[np.bool_]
CELLS = 500_000  # units x periods x draws at a time: 4 MB an array
ROOT_MAX = 0.98  # an effect that carries over more than this would run away
BIAS_DRAWS, BIAS_ROUNDS = 100, 3


def draw_wald_sums(cause: Floats, effect: Floats, *, order: int, draws: int, seed: int) -> Floats:
    """Draw the sum over units of Wald statistics, shape (draws,), where nothing leads.

    Both series have shape (units, periods), NaN where missing. Errors are drawn by whole periods,
    so that what units share in a period stays shared; the cause and the first values stay.
    """
    generator = np.random.default_rng(seed)
    past = _stack_pasts(effect, order)
    has_past = np.asarray(np.isfinite(effect) & np.isfinite(past).all(axis=0))
    slopes = _find_slopes(cause, effect, has_past, order=order, generator=generator)
    level, errors = _find_errors(effect, past, has_past, slopes)
    pool = _fill(errors, has_past, generator)
    size = max(1, CELLS // effect.size)
    sums = [
        _find_wald(
            _draw(effect, has_past, slopes, level, _pick(pool, has_past, count, generator)),
            cause,
            has_past,
            order,
        ).sum(axis=1)
        for count in _split(draws, size)
    ]
    return np.concatenate(sums)


def _split(draws: int, size: int) -> list[int]:
    return [min(size, draws - start) for start in range(0, draws, size)]


def _stack_pasts(series: Floats, order: int) -> Floats:
    """The last values before each period, shape (order, units, periods)."""
    pasts = np.full((order, *series.shape), np.nan)
    for lag in range(1, order + 1):
        pasts[lag - 1, :, lag:] = series[:, :-lag]
    return pasts


def _find_slopes(
    cause: Floats, effect: Floats, has_past: Flags, *, order: int, generator: np.random.Generator
) -> Floats:
    """How each unit's effect carries over, shape (order, units).

    Least squares draws it down in short series. It is raised until panels drawn with it give, on
    average, what was found; and drawn to the mean of all, as far as chance alone sets it apart.
    """
    past = _stack_pasts(effect, order)
    found = _fit_own_past(effect.T[:, None, :], has_past, order)[:, 0]
    slopes = _keep_stationary(found)
    for _ in range(BIAS_ROUNDS):
        level, errors = _find_errors(effect, past, has_past, slopes)
        pool = _fill(errors, has_past, generator)
        refits = []
        for count in _split(BIAS_DRAWS, max(1, CELLS // effect.size)):
            shocks = _pick(pool, has_past, count, generator)
            made = _draw(effect, has_past, slopes, level, shocks)
            refits.append(_fit_own_past(made, has_past, order))
        drawn = np.concatenate(refits, axis=1)
        slopes = _keep_stationary(slopes + found - drawn.mean(axis=1))
    return _keep_stationary(_draw_together(slopes, found, drawn))


def _draw_together(slopes: Floats, found: Floats, drawn: Floats) -> Floats:
    """Draw the units' slopes to their mean by as much as they differ by chance alone."""
    chance = drawn.var(axis=1, ddof=1).mean(axis=1)
    seen = found.var(axis=1)
    differ = np.clip(1 - chance / np.maximum(seen, 1e-12), 0.0, 1.0)[:, None]
    mean = slopes.mean(axis=1, keepdims=True)
    return np.asarray(mean + differ * (slopes - mean))


def _keep_stationary(slopes: Floats) -> Floats:
    """Shrink the roots of units that would run away."""
    order, units = slopes.shape
    companion = np.zeros((units, order, order))
    companion[:, 0] = slopes.T
    companion[:, range(1, order), range(order - 1)] = 1
    largest = np.abs(np.linalg.eigvals(companion)).max(axis=1)
    shrink = np.minimum(1.0, ROOT_MAX / np.maximum(largest, ROOT_MAX))
    return np.asarray(slopes * shrink ** np.arange(1, order + 1)[:, None])


def _find_errors(
    effect: Floats, past: Floats, has_past: Flags, slopes: Floats
) -> tuple[Floats, Floats]:
    left = np.where(has_past, effect - np.einsum("ku,kut->ut", slopes, past), 0.0)
    level = left.sum(axis=1) / has_past.sum(axis=1)
    return level, np.where(has_past, left - level[:, None], np.nan)


def _fill(errors: Floats, has_past: Flags, generator: np.random.Generator) -> Floats:
    """Give a unit one of its own errors where a period has none."""
    filled = errors.copy()
    for unit in np.flatnonzero(~has_past.all(axis=1)):
        gone = ~has_past[unit]
        filled[unit, gone] = generator.choice(errors[unit, ~gone], gone.sum())
    return filled


def _pick(pool: Floats, has_past: Flags, count: int, generator: np.random.Generator) -> Floats:
    """Draw periods with replacement; their errors, shape (periods, draws, units)."""
    periods = np.flatnonzero(has_past.any(axis=0))
    picked: Indices = generator.choice(periods, (pool.shape[1], count))
    return pool.T[picked]


def _draw(effect: Floats, has_past: Flags, slopes: Floats, level: Floats, shocks: Floats) -> Floats:
    """Build the effect anew from its own past, shape (periods, draws, units)."""
    made = np.repeat(effect.T[:, None, :], shocks.shape[1], axis=1)
    for period in np.flatnonzero(has_past.any(axis=0)):
        carried = level + shocks[period]
        for lag, slope in enumerate(slopes, start=1):
            carried = carried + slope * made[period - lag]
        made[period] = np.where(has_past[:, period], carried, made[period])
    return made


def _fit_own_past(made: Floats, has_past: Flags, order: int) -> Floats:
    products = _multiply(_lag(made, order), has_past)
    for place in range(1, order + 1):
        _eliminate(products, place)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = [products[place, 0] / products[place, place] for place in range(1, order + 1)]
    return np.asarray(np.nan_to_num(np.array(slopes), nan=0.0, posinf=0.0, neginf=0.0))


def _find_wald(made: Floats, cause: Floats, has_past: Flags, order: int) -> Floats:
    """Each unit's Wald statistic, shape (draws, units); infinite where it has no errors."""
    past = _stack_pasts(cause, order)
    is_row = np.asarray(has_past & np.isfinite(past).all(axis=0))
    causes = [np.broadcast_to(lagged.T[:, None, :], made.shape) for lagged in past]
    products = _multiply([*_lag(made, order), *causes], is_row)
    for place in range(1, order + 1):
        _eliminate(products, place)
    own = products[0, 0].copy()
    for place in range(order + 1, 2 * order + 1):
        _eliminate(products, place)
    both = products[0, 0]
    free = is_row.sum(axis=1) - 2 * order - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        wald = (own - both) / both * free
    return np.where(np.isnan(wald), np.inf, wald)


def _lag(made: Floats, order: int) -> list[Floats]:
    """The effect, and its last values."""
    lagged = [made]
    for lag in range(1, order + 1):
        moved = np.full_like(made, np.nan)
        moved[lag:] = made[:-lag]
        lagged.append(moved)
    return lagged


def _multiply(columns: list[Floats], is_row: Flags) -> Floats:
    """Sums of products about the means, shape (columns, columns, draws, units)."""
    is_used, rows = is_row.T[:, None, :], is_row.sum(axis=1)
    centred = []
    for column in columns:
        kept = np.where(is_used, column, 0.0)
        centred.append(np.where(is_used, kept - kept.sum(axis=0) / rows, 0.0))
    products = np.empty((len(columns), len(columns), *columns[0].shape[1:]))
    for one, first in enumerate(centred):
        for other, second in enumerate(centred[: one + 1]):
            summed = np.einsum("tdu,tdu->du", first, second)
            products[one, other] = products[other, one] = summed
    return products


def _eliminate(products: Floats, place: int) -> None:
    """Take what goes with one column out of all others (Gauss and Jordan), in place."""
    pivot = products[place].copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        for row in range(len(products)):
            if row != place:
                products[row] -= products[row, place] / pivot[place] * pivot
