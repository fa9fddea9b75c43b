"""Benjamini and Hochberg's step-up adjustment of many p-values."""

import numpy as np

from kokemus.measure.histograms import Floats


def adjust_p_values(p_values: Floats) -> Floats:
    """Return for each p-value the lowest false discovery rate at which it is still found.

    NaN is not among the tests and stays NaN.
    """
    adjusted = np.full(len(p_values), np.nan)
    tested = np.flatnonzero(~np.isnan(p_values))
    order = tested[np.argsort(-p_values[tested], kind="stable")]
    count = len(order)
    scaled = p_values[order] * count / np.arange(count, 0, -1)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled), 1.0)
    return adjusted
