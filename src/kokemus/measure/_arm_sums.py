"""An arm of an experiment as sums: all that a difference, CUPED and clusters need."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kokemus.measure._unequal_clusters import POWERS, bear
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
    sizes : tuple of float
        Sums over units of their answers to the powers 3, 4 and 5, which tell how unequal units
        are; without them units count as equally large.
    """

    units: float
    totals: tuple[float, ...]
    products: Moments
    origin: float = 0.0
    sizes: tuple[float, ...] = ()

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
            sizes=tuple(float((amounts[ANSWERS] ** power).sum()) for power in (3, 4, 5)),
        )

    @property
    def answers(self) -> float:
        return self.totals[ANSWERS]

    @property
    def has_clusters(self) -> bool:
        return self.units != self.answers

    def bear(self) -> tuple[float, float]:
        """What a sum of squares over the units falls short by, and its degrees of freedom."""
        if not self.has_clusters:
            factor = self.units / (self.units - 1) if self.units > 1 else math.nan
            return factor, self.units - 1
        each = self.answers / self.units
        equal = [self.units * each**power for power in range(1, POWERS + 1)]
        sizes = [self.answers, self.products[ANSWERS][ANSWERS], *self.sizes]
        found = bear(np.array(sizes if self.sizes else equal))
        return float(found.factor), float(found.degrees)

    @property
    def equal_units(self) -> float:
        """How many units of equal size would tell as much."""
        return self.bear()[1] + 1


def find_fewest(arms: Sequence[ArmSums]) -> ArmSums | None:
    """Return the arm with the fewest clusters, by what they are worth; None without clusters."""
    clustered = [arm for arm in arms if arm.has_clusters]
    return min(clustered, key=lambda arm: arm.equal_units) if clustered else None


class ArmMean(NamedTuple):
    """Mean outcome of an arm above its origin, that mean's variance and degrees of freedom.

    `pre` is the arm's mean pre-score above the centre of all arms'.
    """

    above: float
    origin: float
    variance: float
    degrees: float
    pre: float = 0.0

    @property
    def mean(self) -> float:
        return self.above + self.origin


class Slope(NamedTuple):
    """The slope of CUPED, the pre-score it starts from, and how far off the slope may be."""

    value: float = 0.0
    centre: float = 0.0
    variance: float = 0.0
    degrees: float = math.inf


def find_slope(arms: Sequence[ArmSums]) -> Slope:
    """Return the slope of CUPED and the centre of the pre-score, over all arms.

    The slope of the outcome on the pre-score within arms, in units of randomisation: that which
    makes the variance of the difference least, and with one unit an answer that of the analysis
    of covariance. Who has no pre-score takes its centre, so the adjustment leaves them alone. Of
    clusters, which may be few, it has the variance of the analysis of covariance; of answers it
    is taken as known.
    """
    with_pre = sum(arm.totals[WITH_PRE] for arm in arms)
    if not with_pre:
        return Slope()
    centre = sum(arm.totals[PRE] for arm in arms) / with_pre
    covariance = spread = raw = outcomes = 0.0
    for arm in arms:
        if not arm.answers:
            continue
        products = np.array(arm.products)
        outcome = np.array([-arm.totals[OUTCOME] / arm.answers, 1.0, 0.0, 0.0])
        pre = np.array([-_shift(arm, centre) / arm.answers, 0.0, 1.0, -centre])
        covariance += float(outcome @ products @ pre)
        spread += float(pre @ products @ pre)
        outcomes += float(outcome @ products @ outcome)
        raw += float(products[PRE, PRE])
    if not spread > 1e-12 * raw:
        return Slope(centre=centre)
    value = covariance / spread
    if not any(arm.has_clusters for arm in arms):
        return Slope(value, centre)
    degrees = sum(arm.bear()[1] for arm in arms if arm.answers) - 1
    left = max(outcomes - value * covariance, 0.0)
    variance = left / degrees / spread if degrees > 0 else math.nan
    return Slope(value, centre, variance, degrees)


def _shift(arm: ArmSums, centre: float) -> float:
    """Sum of the pre-scores above the centre."""
    return arm.totals[PRE] - centre * arm.totals[WITH_PRE]


def adjust_mean(arm: ArmSums, slope: Slope) -> ArmMean:
    """Return the mean of outcome - slope · (pre-score - centre), with its variance over units."""
    if not arm.answers:
        return ArmMean(math.nan, 0.0, math.nan, 0.0)
    weights: Floats = np.array([0.0, 1.0, -slope.value, slope.value * slope.centre])
    mean = float(weights @ np.array(arm.totals)) / arm.answers
    weights[ANSWERS] = -mean
    products = np.array(arm.products)
    spread = float(weights @ products @ weights)
    size = float(np.abs(weights) @ np.abs(products) @ np.abs(weights))
    spread = 0.0 if spread <= 1e-12 * size else spread  # what is left of equal numbers
    factor, degrees = arm.bear()
    # The slope was chosen to leave least, and takes a degree of freedom from all arms together.
    kept = slope.degrees / (slope.degrees + 1) if math.isfinite(slope.degrees) else 1.0
    variance = spread / arm.answers**2 * factor / kept if kept > 0 else math.nan
    pre = _shift(arm, slope.centre) / arm.answers
    return ArmMean(mean, arm.origin, variance, degrees * kept, pre)
