"""Does the past of one series tell of another what its own past does not? F by least squares."""

from dataclasses import dataclass
from operator import index

import numpy as np

from kokemus.measure.histograms import Floats
from kokemus.measure.results import write_count

EXACT = 1e-20  # a residual share as small as this is no error but a formula


@dataclass(frozen=True)
class LagTest:
    """F of the lags of the cause, or the reason why there is none."""

    f: float | None
    degrees: tuple[int, int]
    periods: int
    left_out: int
    reason: str = ""


def compare_pasts(cause: Floats, effect: Floats, order: int) -> LagTest:
    """Compare the regression on both pasts with that on the own past; NaN is missing."""
    rows = _stack(cause, effect, order)
    is_there = np.isfinite(rows).all(axis=1)
    known = rows[is_there]
    degrees = (order, len(known) - 2 * order - 1)
    f, reason = _compare(known, degrees)
    return LagTest(f, degrees, len(known), int((~is_there).sum()), reason)


def check_order(order: int) -> int:
    try:
        order = index(order)
    except TypeError:
        raise TypeError(f"order is one whole number of periods, not {order!r}") from None
    if order < 1:
        raise ValueError(f"order must be 1 or more: {order}")
    return order


def _stack(cause: Floats, effect: Floats, order: int) -> Floats:
    """A row per period: the effect, its past, and the past of the cause."""
    last = len(effect)
    if last <= order:
        return np.zeros((0, 2 * order + 1))
    pasts = [series[order - lag : last - lag] for series in (effect, cause) for lag in _lags(order)]
    return np.column_stack([effect[order:], *pasts])


def _lags(order: int) -> range:
    return range(1, order + 1)


def _compare(rows: Floats, degrees: tuple[int, int]) -> tuple[float | None, str]:
    order, free = degrees
    if free < 1:
        are = "is" if len(rows) == 1 else "are"
        return None, f"{write_count(len(rows), 'period')} with a known past {are} too few"
    centred = rows - rows.mean(axis=0)
    scale = np.sqrt((centred**2).sum(axis=0))
    if not (scale > 1e-12 * np.abs(rows).max(axis=0)).all():
        return None, "a series does not change"
    scaled = centred / scale
    own = _residual(scaled[:, 0], scaled[:, 1 : order + 1])
    both = _residual(scaled[:, 0], scaled[:, 1:])
    if own is None or both is None:
        return None, "one column of the past follows from the others"
    if both < EXACT:
        return None, "the past leaves no error"
    return max(own - both, 0.0) / order / (both / free), ""


def _residual(outcome: Floats, predictors: Floats) -> float | None:
    """Sum of squares that the predictors leave; None where they depend on one another."""
    found, _, rank, _ = np.linalg.lstsq(predictors, outcome, rcond=1e-12)
    if rank < predictors.shape[1]:
        return None
    return float(((outcome - predictors @ found) ** 2).sum())
