"""What the variance between few or unequal clusters is worth: its bias and degrees of freedom."""

from typing import NamedTuple

import numpy as np

from kokemus.measure.histograms import Floats

POWERS = 5  # of the clusters' answers, whose sums are asked for
ALIKE = 0.05  # how alike answers of a cluster are taken to be, to know which clusters weigh most


class Bearing(NamedTuple):
    """By how much the variance between clusters falls short, and its degrees of freedom."""

    factor: Floats
    degrees: Floats


def bear(powers: Floats) -> Bearing:
    """Say what the squared residual sums of clusters about their common mean can bear.

    `powers` are the sums over clusters of their answers to the power 1, 2, … 5, shape (5, …). A
    cluster's sum is taken to vary as that of n answers with a correlation of 0.05. The factor makes
    the sum of squares right on average under that, and the degrees of freedom are those of the
    chi-square with as much spread (Satterthwaite; Bell and McCaffrey, 2002). Of G clusters of
    equal size they are G/(G-1) and G-1, whatever the correlation. Under two clusters: NaN and 0.
    """
    answers = powers[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two, three, four, five = (powers[k] / answers ** (k + 1) for k in range(POWERS))
        alone, shared = (1 - ALIKE) * answers, ALIKE * answers**2
        # Sums over clusters of the variance v and its square by powers of the cluster's share.
        v = alone * one + shared * two
        v_h = alone * two + shared * three
        v_hh = alone * three + shared * four
        v_v = alone**2 * two + 2 * alone * shared * three + shared**2 * four
        v_v_h = alone**2 * three + 2 * alone * shared * four + shared**2 * five
        expected = v * (1 + two) - 2 * v_h
        spread = v_v * (1 + 2 * two) - 4 * v_v_h + (two * v - 2 * v_h) ** 2
        spread = spread + 2 * v * v_hh - 2 * v_h**2
        is_known = two < 1 - 1e-12
        return Bearing(
            np.where(is_known, v / expected, np.nan), np.where(is_known, expected**2 / spread, 0.0)
        )
