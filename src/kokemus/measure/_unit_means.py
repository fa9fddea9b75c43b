"""Variance within and between units, and means shrunken by it."""

from collections.abc import Hashable, Sequence

import numpy as np

from kokemus.measure._leadlag_results import UnitMeans
from kokemus.measure._survival_results import UNTOLD
from kokemus.measure.histograms import Floats
from kokemus.measure.intervals import check_confidence
from kokemus.measure.results import Estimate

UNITS_MIN = 3
DEGREES_MIN = 3.0  # where units seem not to differ, their variance says nothing of its own error


def describe_units(
    units: Sequence[Hashable],
    count: Floats,
    total: Floats,
    square: Floats,
    *,
    missing: int,
    confidence: float,
) -> UnitMeans:
    from scipy.special import stdtrit  # 0.1 s to import: only who asks for it waits

    check_confidence(confidence)
    means = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    told = _part_variance(count, means, np.maximum(square - count * means**2, 0.0))
    reliability = mean = None
    shrunken = [UNTOLD] * len(units)
    if told:
        within, between = told
        of_mean = between + within / count
        precision = 1 / of_mean if between > 0 else count
        mean = float(precision @ means / precision.sum())
        reliability = between / of_mean
        centre = reliability * means + (1 - reliability) * mean
        # The mean of all and the reliability are estimated too (Morris), which matters the more,
        # the less a unit is relied on.
        doubt = 2 / max(len(units) - UNITS_MIN, 1) * (means - mean) ** 2
        spread = between * (1 - reliability) + (1 - reliability) ** 2 * (
            1 / (1 / of_mean).sum() + doubt
        )
        degrees = _find_degrees(spread, count, within, between)
        reach = stdtrit(degrees, (1 + confidence) / 2) * np.sqrt(spread)
        shrunken = [
            Estimate(*row)
            for row in zip(
                centre.tolist(), (centre - reach).tolist(), (centre + reach).tolist(), strict=True
            )
        ]
    shares = [None] * len(units) if reliability is None else reliability.tolist()
    return UnitMeans(
        means=dict(zip(units, means.tolist(), strict=True)),
        reliability=dict(zip(units, shares, strict=True)),
        shrunken=dict(zip(units, shrunken, strict=True)),
        answers=dict(zip(units, count.round().astype(int).tolist(), strict=True)),
        mean=mean,
        between=told[1] if told else None,
        within=told[0] if told else None,
        missing=missing,
        confidence=confidence,
    )


def _find_degrees(spread: Floats, count: Floats, within: float, between: float) -> Floats:
    """Degrees of freedom of each unit's spread, from the errors of the two variances.

    Satterthwaite's, after Kenward and Roger (1997): twice the squared spread over its variance by
    the delta method, where the spread is taken as that of the unit's mean when all else is known.
    """
    units, answers = len(count), float(count.sum())
    typical = _find_typical(count)
    by_between = (within / count / (between + within / count)) ** 2
    by_within = (between / (between + within / count)) ** 2 / count
    among_error = 2 * (within + typical * between) ** 2 / (units - 1)
    within_error = 2 * within**2 / (answers - units)
    error = by_between**2 * (among_error + within_error) / typical**2
    error = (
        error + by_within**2 * within_error - 2 * by_between * by_within * within_error / typical
    )
    return np.maximum(2 * spread**2 / np.maximum(error, 1e-300), DEGREES_MIN)


def _find_typical(count: Floats) -> float:
    """How many answers a unit has, as the analysis of variance counts them."""
    answers = float(count.sum())
    return (answers - float(count @ count) / answers) / (len(count) - 1)


def _part_variance(count: Floats, means: Floats, squares: Floats) -> tuple[float, float] | None:
    """Variance within and between, by the analysis of variance; None where it cannot be told."""
    units, answers = len(count), float(count.sum())
    if units < UNITS_MIN or answers <= units or not squares.sum() > 0:
        return None
    within = float(squares.sum()) / (answers - units)
    from_mean = means - float(count @ means) / answers
    among = float(count @ from_mean**2) / (units - 1)
    return within, max((among - within) / _find_typical(count), 0.0)
