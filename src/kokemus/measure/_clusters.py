"""How much answers that come in clusters are worth."""

from dataclasses import dataclass

import numpy as np

from kokemus.measure import intervals
from kokemus.measure._frame import ClusterTable
from kokemus.measure.histograms import Floats, HistogramTable
from kokemus.measure.results import write_count

CLUSTERS_FEW = 30


@dataclass(frozen=True)
class Spread:
    """Per group: how many answers the estimate is worth, and what its interval takes.

    `counts` is how many clusters there are, None where answers stand by themselves; then
    `standard_errors` are NaN, as they are with one cluster.
    """

    effective: Floats
    for_limits: Floats
    standard_errors: Floats
    counts: Floats | None = None


def describe_clusters(count: int) -> str:
    """Say behind the method's name what it rests on, such as ", 12 clusters, which are few"."""
    return f", {write_count(count, 'cluster')}" + ", which are few" * (count < CLUSTERS_FEW)


def spread_of(
    table: HistogramTable, clusters: ClusterTable | None, worths: Floats, *, confidence: float
) -> Spread:
    """Say what the answers of each group are worth; `worths` has what each table row counts.

    With clusters the variance of the mean is the linearised one between clusters (CR1), and the
    answers are worth as many independent ones as have that variance, at most their own count.
    The interval takes fewer still, as its t has clusters less one degrees of freedom.
    """
    if clusters is None:
        effective = table.effective_answers
        return Spread(effective, effective, np.full(len(effective), np.nan))
    place = {group: number for number, group in enumerate(clusters.groups)}
    order = np.array([place.get(group, -1) for group in table.groups], np.intp)
    counts = np.where(order < 0, 0.0, np.append(clusters.clusters, 0.0)[order])
    errors = np.sqrt(np.append(clusters.mean_variance, np.nan)[order])
    answers = table.sum_by_group(table.answers)
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = _variance_of_one(table, worths) / errors**2
    effective = np.where(np.isfinite(worth) & (worth > 0), np.minimum(worth, answers), counts)
    return Spread(effective, effective * _shrink(counts, confidence), errors, counts)


def _variance_of_one(table: HistogramTable, worths: Floats) -> Floats:
    """Variance of one answer, with divisor n - 1."""
    weight, answers = table.sum_by_group(table.weights), table.sum_by_group(table.answers)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = table.sum_by_group(table.weights * worths) / weight
        squares = table.sum_by_group(table.weights * (worths - mean[table.group_index]) ** 2)
        variance: Floats = squares / weight * answers / (answers - 1)
    return variance


def _shrink(counts: Floats, confidence: float) -> Floats:
    """Square of z over t with clusters less one degrees of freedom (Korn and Graubard)."""
    from scipy.special import stdtrit  # 0.1 s to import: only who asks for it waits

    z = intervals.normal_quantile(confidence)
    quantiles = stdtrit(np.maximum(counts - 1, 1.0), (1 + confidence) / 2)
    ratio: Floats = (z / quantiles) ** 2
    return ratio
