"""Results about drivers, and how far a ranking may go."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kokemus.measure.histograms import Floats
from kokemus.measure.intervals import normal_quantile
from kokemus.measure.results import Estimate, HtmlTable, Result, write_count, write_worth

if TYPE_CHECKING:
    import altair

Limits = tuple[float | None, float | None]
Tiers = tuple[tuple[str, ...], ...]
UNKNOWN: Limits = (None, None)
NO_RANKING = "the intervals overlap: no ranking"


@dataclass(frozen=True, kw_only=True)
class Drivers(Result):
    """How much of an outcome's variance goes with each predictor.

    Attributes
    ----------
    outcome, method : str
    share : dict
        Predictor (or group) to its share of the outcome's variance, 0 to 1. Sums to `r_squared`
        with the methods lmg, johnson, pratt and car. Empty if it cannot be told.
    intervals : dict
        Predictor to (low, high); (None, None) if they cannot be told.
    r_squared : float or None
        Share of the variance that all predictors hold together in the sample, to which the shares
        sum. With few rows a predictor it is higher than that of all whom they stand for.
    r_squared_interval : tuple
        (low, high) of the R² of all whom the answers stand for; with few rows a predictor it may
        lie below `r_squared`. (None, None) if it cannot be told.
    covariance : tuple of tuples
        How the shares vary together, in the order of `share`; empty without intervals.
    answers : int
        Rows the moments rest on.
    complete_answers : int
        Rows that lack nothing: what listwise deletion would keep.
    effective_answers : float
        Kish's effective number of `answers`.
    missing : str
        "em" or "listwise".
    interval_method : str
        How the intervals were made.
    confidence : float
    clusters : int or None
        With clusters, how many.
    reason : str or None
        Why nothing, or no interval, can be told.
    """

    outcome: str
    method: str
    share: dict[str, float]
    intervals: dict[str, Limits]
    r_squared: float | None
    r_squared_interval: Limits
    covariance: tuple[tuple[float, ...], ...]
    answers: int
    complete_answers: int
    effective_answers: float
    missing: str
    interval_method: str
    confidence: float
    clusters: int | None = None
    reason: str | None = None

    @property
    def ranking(self) -> Tiers | None:
        """Tiers, most important first; None if the intervals of differences separate none.

        Everyone in a tier differs from everyone in the next, all pairs held together at
        `confidence` (Bonferroni). Within a tier there is no order.
        """
        pairs = len(self.share) * (len(self.share) - 1) // 2
        if not self.covariance or pairs == 0:
            return None
        quantile = find_quantile(1 - (1 - self.confidence) / pairs, self.clusters)
        return find_tiers(self.share, np.array(self.covariance), quantile)

    @property
    def ranking_text(self) -> str:
        """The ranking in words."""
        if len(self.share) < 2:
            return "one predictor: no ranking"
        if self.ranking is not None:
            return "ranking: " + " > ".join(", ".join(tier) for tier in self.ranking)
        return NO_RANKING if self.covariance else "no intervals: no ranking"

    def difference(self, first: str, second: str) -> Estimate:
        """Return by how much the share of one exceeds that of another, for this pair alone."""
        names = list(self.share)
        one, other = names.index(first), names.index(second)
        gap = self.share[first] - self.share[second]
        if not self.covariance:
            return Estimate(gap, None, None)
        spread = np.array(self.covariance)
        variance = spread[one, one] + spread[other, other] - 2 * spread[one, other]
        quantile = find_quantile(self.confidence, self.clusters)
        margin = quantile * math.sqrt(max(float(variance), 0.0))
        return Estimate(gap, gap - margin, gap + margin)

    def __str__(self) -> str:
        heading = f"drivers of {self.outcome} by {self.method}"
        if self.r_squared is None:
            return f"{heading}: cannot tell, {self.reason}"
        lines = [f"{heading}: {self._r_squared_text}", f"  {self._answers_text}"]
        width = max(map(len, self.share), default=0)
        for name, share in self.share.items():
            lines.append(f"  {name:<{width}}  {Estimate(share, *self.intervals[name]).write(3)}")
        lines.append(self.ranking_text + (f" ({self.reason})" if self.reason else ""))
        return "\n".join(lines)

    @property
    def _r_squared_text(self) -> str:
        low, high = self.r_squared_interval
        if self.r_squared is not None and high is not None and high < self.r_squared:
            return f"R² {self.r_squared:.3f} in the sample, {low:.3f} to {high:.3f} beyond it"
        return f"R² {Estimate(self.r_squared, low, high).write(3)}"

    @property
    def _answers_text(self) -> str:
        text = write_count(self.answers, "answer")
        if round(self.effective_answers) != self.answers:
            text += f" worth {write_worth(self.effective_answers)}"
        if self.complete_answers < self.answers:
            text += f" (listwise {self.complete_answers:,})"
        if self.covariance:
            text += f", {100 * self.confidence:.4g} % intervals by {self.interval_method}"
        return text

    def _table(self) -> HtmlTable:
        rows = [(name, share, *self.intervals[name]) for name, share in self.share.items()]
        whole = ("R²", self.r_squared, *self.r_squared_interval)
        return ("driver", "share of variance", "low", "high"), [*rows, whole]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_intervals

        return draw_intervals(
            [Interval(name, share, *self.intervals[name]) for name, share in self.share.items()],
            title=f"share of the variance of {self.outcome}",
        )


@dataclass(frozen=True, kw_only=True)
class ConditionalDominance(Result):
    """What each predictor adds to R², on average, to subsets of the others of each size.

    Attributes
    ----------
    outcome : str
    added : dict
        Predictor to its additions, one `Estimate` per size 0, 1, … of the subset.
    dominates : tuple of pairs
        (one, other) where one adds more than the other at every size.
    answers : int
    method, interval_method : str
    confidence : float
    """

    outcome: str
    added: dict[str, tuple[Estimate, ...]]
    dominates: tuple[tuple[str, str], ...]
    answers: int
    interval_method: str
    confidence: float
    method: str = "conditional dominance"

    def __str__(self) -> str:
        lines = [f"conditional dominance for {self.outcome}, {write_count(self.answers, 'answer')}"]
        for name, parts in self.added.items():
            lines.append(f"  {name}: " + "; ".join(part.write(3) for part in parts))
        lines.extend(f"in this sample {one} dominates {other}" for one, other in self.dominates)
        return "\n".join(lines)

    def _table(self) -> HtmlTable:
        sizes = max((len(parts) for parts in self.added.values()), default=0)
        rows = [(name, *(part.write(3) for part in parts)) for name, parts in self.added.items()]
        return ("driver", *(f"to {size}" for size in range(sizes))), rows

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Point, draw_line

        return draw_line(
            [
                Point(size, part.estimate, part.low, part.high, name)
                for name, parts in self.added.items()
                for size, part in enumerate(parts)
            ],
            title="added to R²",
            x_title="predictors there already",
        )


@dataclass(frozen=True, kw_only=True)
class CompleteDominance(Result):
    """For each pair, how many subsets of the others one adds more to than the other.

    Attributes
    ----------
    outcome : str
    wins : dict
        (one, other) to the share of subsets, 0 to 1. It describes this sample: a share of
        subsets has no sampling interval, so read it beside the intervals of `drivers`.
    subsets : int
        Subsets that each pair was compared on.
    answers : int
    method : str
    """

    outcome: str
    wins: dict[tuple[str, str], float]
    subsets: int
    answers: int
    method: str = "complete dominance"

    @property
    def dominates(self) -> tuple[tuple[str, str], ...]:
        """The pairs (one, other) in which one adds more to every subset."""
        return tuple(pair for pair, share in self.wins.items() if share == 1)

    def __str__(self) -> str:
        heading = f"complete dominance for {self.outcome}, {write_count(self.answers, 'answer')}"
        if not self.dominates:
            return f"{heading}: none dominates another"
        lines = [f"  in this sample {one} dominates {other}" for one, other in self.dominates]
        return "\n".join([heading, *lines])

    def _table(self) -> HtmlTable:
        rows = [(one, other, share) for (one, other), share in self.wins.items()]
        return ("one", "other", "share of subsets where one adds more"), rows

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_bars

        return draw_bars(
            [Interval(f"{one} over {other}", share) for (one, other), share in self.wins.items()],
            title="share of subsets",
        )


def find_quantile(confidence: float, clusters: int | None) -> float:
    """Return the normal quantile, or Student's with as many degrees as clusters less one."""
    if clusters is None:
        return normal_quantile(confidence)
    from scipy.special import stdtrit  # 0.1 s to import: only who asks for it waits

    return float(stdtrit(max(clusters - 1, 1), (1 + confidence) / 2))


def find_t_ratio(confidence: float, degrees: float) -> float:
    """Return by how much Student's quantile is over the normal one."""
    if not math.isfinite(degrees):
        return 1.0
    from scipy.special import stdtrit

    quantile = float(stdtrit(max(degrees, 1.0), (1 + confidence) / 2))
    return quantile / normal_quantile(confidence)


def find_tiers(shares: Mapping[str, float], covariance: Floats, quantile: float) -> Tiers | None:
    """Cut the ordered shares wherever all above differ from all below."""
    names, values = list(shares), np.array(list(shares.values()))
    spread = np.diag(covariance)
    errors = np.sqrt(np.maximum(spread[:, None] + spread - 2 * covariance, 0.0))
    is_ahead = values[:, None] - values > np.maximum(quantile * errors, 1e-12)
    order = np.argsort(-values, kind="stable")
    tiers: list[list[str]] = [[]]
    for place, index in enumerate(order):
        if place and is_ahead[np.ix_(order[:place], order[place:])].all():
            tiers.append([])
        tiers[-1].append(names[index])
    return tuple(map(tuple, tiers)) if len(tiers) > 1 else None


def limit_share(
    share: float, error: float, quantile: float, *, is_signed: bool
) -> tuple[float, float]:
    """Return a share's limits: on the root's scale, where its spread is steadier; signed as is."""
    if is_signed:
        return share - quantile * error, share + quantile * error
    if share <= quantile * error * 1e-3:
        return 0.0, min(1.0, max(share, 0.0) + quantile * error)
    root, margin = math.sqrt(share), quantile * error / (2 * math.sqrt(share))
    return max(0.0, root - margin) ** 2, min(1.0, (root + margin) ** 2)


def plain_matrix(matrix: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in matrix.tolist())


def dominating_pairs(names: Sequence[str], added: Floats) -> tuple[tuple[str, str], ...]:
    """List the pairs in which one's additions exceed the other's at every size."""
    return tuple(
        (names[one], names[other])
        for one in range(len(names))
        for other in range(len(names))
        if one != other and bool((added[one] > added[other] + 1e-12).all())
    )
