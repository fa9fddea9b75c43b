"""An arm of an experiment as sums: all that a difference, CUPED and clusters need."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kokemus.measure.histograms import Floats

Moments = tuple[tuple[float, ...], ...]
ANSWERS, OUTCOME, PRE, WITH_PRE = range(4)


@dataclass(frozen=True, kw_only=True)
class ArmSums:
    """Sums over the units of randomisation of one arm; `of_answers` and `of_clusters` make them.

    A unit is an answer, or a cluster of answers. Of each unit there are four amounts: its answers,
    the sum of their outcomes, the sum of their pre-scores, and how many have a pre-score.

    Attributes
    ----------
    units : float
        How many units have an answer.
    totals : tuple of float
        Sums of the four amounts.
    products : tuple of tuple of float
        Sums of the products of the four amounts, 4 by 4.
    origin : float
        Outcome from which outcomes are counted, 0 unless the sums were centred.
    """

    units: float
    totals: tuple[float, ...]
    products: Moments
    origin: float = 0.0

    @classmethod
    def of_answers(
        cls,
        n: float,
        *,
        y: float,
        yy: float,
        x: float = 0.0,
        xy: float = 0.0,
        xx: float = 0.0,
        n_pre: float | None = None,
        y_pre: float | None = None,
    ) -> "ArmSums":
        """Take n, Σy, Σy² and, for CUPED, Σx, Σxy, Σx² of the pre-score x.

        Where some have no pre-score, x is summed over those who have; `n_pre` says how many they
        are and `y_pre` the sum of their outcomes.
        """
        if not 0 <= n < math.inf or (n_pre is None) != (y_pre is None):
            raise ValueError(f"n is 0 or more, and n_pre goes with y_pre: {n=}, {n_pre=}, {y_pre=}")
        h = (n if xx else 0.0) if n_pre is None else n_pre
        yh = (y if xx else 0.0) if y_pre is None else y_pre
        products = ((n, y, x, h), (y, yy, xy, yh), (x, xy, xx, x), (h, yh, x, h))
        return cls(units=n, totals=(n, y, x, h), products=products)

    @classmethod
    def of_clusters(
        cls,
        n: Sequence[float],
        *,
        y: Sequence[float],
        x: Sequence[float] | None = None,
        n_pre: Sequence[float] | None = None,
    ) -> "ArmSums":
        """Take for each cluster its answers n, Σy and, for CUPED, Σx and how many have an x."""
        answers = np.asarray(n, float)
        with_pre = np.asarray((n if x is not None else 0 * answers) if n_pre is None else n_pre)
        pre = 0 * answers if x is None else np.asarray(x, float)
        amounts = np.array([answers, np.asarray(y, float), pre, with_pre])[:, answers > 0]
        products = amounts @ amounts.T
        return cls(
            units=float(amounts.shape[1]),
            totals=tuple(amounts.sum(1).tolist()),
            products=tuple(map(tuple, products.tolist())),
        )

    @property
    def answers(self) -> float:
        return self.totals[ANSWERS]


class ArmMean(NamedTuple):
    """Mean outcome of an arm above its origin, that mean's variance and degrees of freedom."""

    above: float
    origin: float
    variance: float
    degrees: float

    @property
    def mean(self) -> float:
        return self.above + self.origin


def find_slope(arms: Sequence[ArmSums]) -> tuple[float, float]:
    """Return the slope of CUPED and the centre of the pre-score, over all arms.

    The slope of the outcome on the pre-score within arms, in units of randomisation: that which
    makes the variance of the difference least, and with one unit an answer that of the analysis
    of covariance. Who has no pre-score takes its centre, so the adjustment leaves them alone.
    """
    with_pre = sum(arm.totals[WITH_PRE] for arm in arms)
    if not with_pre:
        return 0.0, 0.0
    centre = sum(arm.totals[PRE] for arm in arms) / with_pre
    covariance = spread = raw = 0.0
    for arm in arms:
        if not arm.answers:
            continue
        products = np.array(arm.products)
        outcome = np.array([-arm.totals[OUTCOME] / arm.answers, 1.0, 0.0, 0.0])
        shifted = arm.totals[PRE] - centre * arm.totals[WITH_PRE]
        pre = np.array([-shifted / arm.answers, 0.0, 1.0, -centre])
        covariance += float(outcome @ products @ pre)
        spread += float(pre @ products @ pre)
        raw += float(products[PRE, PRE])
    return (covariance / spread if spread > 1e-12 * raw else 0.0), centre


def adjust_mean(arm: ArmSums, *, slope: float, centre: float) -> ArmMean:
    """Return the mean of outcome - slope · (pre-score - centre), with its variance over units."""
    if not arm.answers:
        return ArmMean(math.nan, 0.0, math.nan, 0.0)
    weights: Floats = np.array([0.0, 1.0, -slope, slope * centre])
    mean = float(weights @ np.array(arm.totals)) / arm.answers
    weights[ANSWERS] = -mean
    products = np.array(arm.products)
    spread = float(weights @ products @ weights)
    size = float(np.abs(weights) @ np.abs(products) @ np.abs(weights))
    spread = 0.0 if spread <= 1e-12 * size else spread  # what is left of equal numbers
    correction = arm.units / (arm.units - 1) if arm.units > 1 else math.nan
    variance = spread / arm.answers**2 * correction
    return ArmMean(mean, arm.origin, variance, arm.units - 1)
