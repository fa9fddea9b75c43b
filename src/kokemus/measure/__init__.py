"""Honest statistics of customer experience on any dataframe.

Every function takes a frame and column names, asks the frame's engine for sufficient statistics
in a bounded number of group-bys, and returns a frozen result: estimate, low, high, answers, method.
Beside each stands the same function from the sufficient statistic (`nps_from_histogram`).
"""

from kokemus.measure import intervals
from kokemus.measure._frame import NotNumbers, UnknownColumn
from kokemus.measure.compare import Incomparable, difference
from kokemus.measure.histograms import NegativeWeights, OffScale, Tally
from kokemus.measure.means import mean_from_histogram, mean_score
from kokemus.measure.results import Score, Scores
from kokemus.measure.scores import (
    ces,
    ces_from_histogram,
    csat,
    csat_from_histogram,
    nps,
    nps_from_histogram,
)

__all__ = [
    "Incomparable",
    "NegativeWeights",
    "NotNumbers",
    "OffScale",
    "Score",
    "Scores",
    "Tally",
    "UnknownColumn",
    "ces",
    "ces_from_histogram",
    "csat",
    "csat_from_histogram",
    "difference",
    "intervals",
    "mean_from_histogram",
    "mean_score",
    "nps",
    "nps_from_histogram",
]
