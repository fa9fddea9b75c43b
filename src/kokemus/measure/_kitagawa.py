"""The arithmetic of a change: its parts, and how each answers to every cell.

A cell is a segment in a period. Every part is a smooth function of the cells' weights and means;
beside its value stands its slope in each, from which the delta method has the variance.
"""

from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from kokemus.measure.histograms import Floats, Indices

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """The segments of one period, as arrays of one length; absent segments have weight 0.

    `lean` and `spread` are sums over answers of squared weight times deviation from the cell's
    mean, and times its square.
    """

    weight: Floats
    squares: Floats
    mean: Floats
    lean: Floats
    spread: Floats

    @property
    def is_there(self) -> Bools:
        return self.weight > 0


@dataclass(frozen=True)
class Slope:
    """How a part changes with the weights and with the means of a period's cells."""

    weight: Floats
    mean: Floats

    def __add__(self, other: "Slope") -> "Slope":
        return Slope(self.weight + other.weight, self.mean + other.mean)

    def __mul__(self, factor: float) -> "Slope":
        return Slope(self.weight * factor, self.mean * factor)


@dataclass(frozen=True)
class Part:
    """One part of a change with its slopes in the cells before and after."""

    value: float
    before: Slope
    after: Slope


def split_change(before: Cells, after: Cells, *, codes: Indices) -> dict[str | int, Part]:
    """Split the change of the overall mean into within, mix, entry and exit, and mix by factor.

    `codes` numbers the level of each factor (rows) in each cell (columns); the parts of the
    factors stand under their numbers and sum to the mix. Where no cell is in both periods the
    change is halved between entry and exit, which then mean something only together.
    """
    staying = before.is_there & after.is_there
    if not staying.any():
        return _split_strangers(before, after)
    share_0, share_1 = (_share(cells, staying) for cells in (before, after))
    mean_0, mean_1 = (np.where(staying, cells.mean, 0.0) for cells in (before, after))
    middle, change = (mean_0 + mean_1) / 2, mean_1 - mean_0
    share_change, share_middle = share_1 - share_0, (share_0 + share_1) / 2
    back_0, back_1 = (_pull_shares(cells, staying, change / 2) for cells in (before, after))
    parts: dict[str | int, Part] = {
        "mix": Part(
            float(share_change @ middle),
            Slope(_pull_shares(before, staying, -middle), share_change / 2),
            Slope(_pull_shares(after, staying, middle), share_change / 2),
        ),
        "within": Part(
            float(share_middle @ change),
            Slope(back_0, -share_middle),
            Slope(back_1, share_middle),
        ),
        "entry": _split_turnover(before, after, staying, is_entry=True),
        "exit": _split_turnover(before, after, staying, is_entry=False),
    }
    if len(codes) == 1:
        return parts | {0: parts["mix"]}
    return parts | split_mix(before, after, staying, codes, middle)


def _share(cells: Cells, staying: Bools) -> Floats:
    weight = np.where(staying, cells.weight, 0.0)
    share: Floats = weight / weight.sum()
    return share


def _pull_shares(cells: Cells, staying: Bools, slope: Floats) -> Floats:
    """Carry slopes in the shares among the staying cells back to the cells' weights."""
    weight = np.where(staying, cells.weight, 0.0)
    total = weight.sum()
    return np.where(staying, (slope - slope @ weight / total) / total, 0.0)


def _split_turnover(before: Cells, after: Cells, staying: Bools, *, is_entry: bool) -> Part:
    nothing = Slope(np.zeros(len(staying)), np.zeros(len(staying)))
    if is_entry:
        value, slope = _pull_of_movers(after, staying)
        return Part(value, nothing, slope)
    value, slope = _pull_of_movers(before, staying)
    return Part(-value, slope * -1.0, nothing)


def _pull_of_movers(cells: Cells, staying: Bools) -> tuple[float, Slope]:
    """How far the cells that do not stay draw the period's mean from that of those that do."""
    moving = cells.is_there & ~staying
    total, moved = cells.weight.sum(), cells.weight[moving].sum()
    share = _share(cells, staying)
    stayers_mean = float(share @ np.where(staying, cells.mean, 0.0))
    distance = np.where(cells.is_there, cells.mean - stayers_mean, 0.0)
    value = float(cells.weight[moving] @ distance[moving]) / total
    kept = cells.weight[staying].sum()
    by_weight = np.where(moving, distance, 0.0) - np.where(staying, moved * distance / kept, 0.0)
    by_mean = np.where(moving, cells.weight, 0.0) - moved * share
    return value, Slope((by_weight - value * cells.is_there) / total, by_mean / total)


def _split_strangers(before: Cells, after: Cells) -> dict[str | int, Part]:
    nothing = Slope(np.zeros(len(before.weight)), np.zeros(len(before.weight)))
    (mean_0, slope_0), (mean_1, slope_1) = (_overall(cells) for cells in (before, after))
    half = Part((mean_1 - mean_0) / 2, slope_0 * -0.5, slope_1 * 0.5)
    none = Part(0.0, nothing, nothing)
    return {"mix": none, "within": none, "entry": half, "exit": half}


def _overall(cells: Cells) -> tuple[float, Slope]:
    total = cells.weight.sum()
    mean = float(cells.weight @ np.where(cells.is_there, cells.mean, 0.0)) / total
    by_weight = np.where(cells.is_there, cells.mean - mean, 0.0) / total
    return mean, Slope(by_weight, cells.weight / total)


def split_mix(
    before: Cells, after: Cells, staying: Bools, codes: Indices, middle: Floats
) -> dict[str | int, Part]:
    """Split the mix among crossed factors (Das Gupta 1993, chapter 5).

    A cell's share is written as a product with one term for each factor, and each factor's part
    is what changing its term alone makes, averaged over the orders of changing them.
    """
    margins = _Margins(codes[:, staying])
    weights = [cells.weight[staying] for cells in (before, after)]
    terms = [margins.terms(weight) for weight in weights]
    worth = middle[staying]
    parts: dict[str | int, Part] = {}
    for factor in range(len(codes)):
        by_cell, slopes = _swap(terms[0], terms[1], factor, worth)
        pulled = [
            margins.pull(weight, term, slope)
            for weight, term, slope in zip(weights, terms, slopes, strict=True)
        ]
        by_mean = _scatter(by_cell / 2, staying)
        parts[factor] = Part(
            float(by_cell @ worth),
            Slope(_scatter(pulled[0], staying), by_mean),
            Slope(_scatter(pulled[1], staying), by_mean),
        )
    return parts


def _swap(
    terms_0: Floats, terms_1: Floats, factor: int, worth: Floats
) -> tuple[Floats, tuple[Floats, Floats]]:
    """Change one factor's term, the others being old or new: each cell's change of share.

    Beside it the slopes of the changes' sum, each cell at its worth, in the old and new terms.
    """
    others = [other for other in range(len(terms_0)) if other != factor]
    by_cell = np.zeros(terms_0.shape[1])
    slopes = (np.zeros_like(terms_0), np.zeros_like(terms_1))
    for new in subsets(others):
        chance = order_chance(len(new), len(others))
        product = chance * np.prod(
            [terms_1[other] if other in new else terms_0[other] for other in others], axis=0
        )
        change = product * (terms_1[factor] - terms_0[factor])
        by_cell += change
        slopes[0][factor] -= product * worth
        slopes[1][factor] += product * worth
        for other in others:
            when, term = (1, terms_1[other]) if other in new else (0, terms_0[other])
            slopes[when][other] += change / term * worth
    return by_cell, slopes


class _Margins:
    """The sums of the cells' weights over every set of factors."""

    def __init__(self, codes: Indices) -> None:
        self.factors = range(len(codes))
        self.index = {
            chosen: np.unique(codes[list(chosen)].T, axis=0, return_inverse=True)[1].reshape(-1)
            if chosen
            else np.zeros(codes.shape[1], np.intp)
            for chosen in subsets(list(self.factors))
        }

    def sums(self, chosen: tuple[int, ...], amounts: Floats) -> Floats:
        """Return for each cell the sum over the cells that share its levels."""
        index = self.index[chosen]
        sums = np.bincount(index, weights=amounts).astype(float)
        return sums[index]

    def terms(self, weight: Floats) -> Floats:
        """Return a row per factor; their product is the cell's share."""
        logs = {chosen: np.log(self.sums(chosen, weight)) for chosen in self.index}
        terms = [
            sum(chance * (logs[wider] - logs[chosen]) for chance, wider, chosen in self._steps(k))
            for k in self.factors
        ]
        shares: Floats = np.exp(np.array(terms))
        return shares

    def pull(self, weight: Floats, terms: Floats, slopes: Floats) -> Floats:
        """Carry slopes in the terms back to the cells' weights."""
        pulled = np.zeros(len(weight))
        for factor in self.factors:
            flow = slopes[factor] * terms[factor]
            for chance, wider, chosen in self._steps(factor):
                pulled += chance * self.sums(wider, flow) / self.sums(wider, weight)
                pulled -= chance * self.sums(chosen, flow) / self.sums(chosen, weight)
        return pulled

    def _steps(self, factor: int) -> list[tuple[float, tuple[int, ...], tuple[int, ...]]]:
        others = [other for other in self.factors if other != factor]
        return [
            (order_chance(len(chosen), len(others)), tuple(sorted((*chosen, factor))), chosen)
            for chosen in subsets(others)
        ]


def subsets(items: list[int]) -> list[tuple[int, ...]]:
    return [chosen for size in range(len(items) + 1) for chosen in combinations(items, size)]


def order_chance(chosen: int, others: int) -> float:
    """Return how often just these come first when all orders are alike (Shapley's weight)."""
    return factorial(chosen) * factorial(others - chosen) / factorial(others + 1)


def _scatter(amounts: Floats, places: Bools) -> Floats:
    whole = np.zeros(len(places))
    whole[places] = amounts
    return whole


def variance(cells: Cells, slope: Slope) -> Floats:
    """Delta-method variance of what has this slope, answers being drawn independently.

    The weights of the cells are as random as the answers in them: the variance of the shares is
    the multinomial one. Slopes may have a row for each of many parts.
    """
    weight = np.where(cells.is_there, cells.weight, 1.0)
    by_mean = slope.mean / weight
    squared: Floats = (
        slope.weight**2 @ cells.squares
        + 2 * (slope.weight * by_mean) @ cells.lean
        + by_mean**2 @ cells.spread
    )
    return squared


def segment_parts(before: Cells, after: Cells) -> dict[str, tuple[Floats, Floats]]:
    """Split mix and within by segment, and entry and exit: for each the values and variances.

    A segment's mix is its change of share times how far it lies from the overall mean.
    """
    staying = before.is_there & after.is_there
    cells = len(staying)
    nothing = np.zeros(cells)
    parts = dict.fromkeys(("mix", "within", "entry", "exit"), (nothing, nothing))
    if staying.any():
        parts["mix"] = _mix_by_segment(before, after, staying)
        parts["within"] = _within_by_segment(before, after, staying)
    for name, period, sign in (("entry", after, 1.0), ("exit", before, -1.0)):
        parts[name] = _movers_by_segment(period, staying, sign)
    return parts


def _mix_by_segment(before: Cells, after: Cells, staying: Bools) -> tuple[Floats, Floats]:
    share = [_share(cells, staying) for cells in (before, after)]
    mean = [np.where(staying, cells.mean, 0.0) for cells in (before, after)]
    overall = (share[0] @ mean[0] + share[1] @ mean[1]) / 2
    distance = np.where(staying, (mean[0] + mean[1]) / 2 - overall, 0.0)
    change = share[1] - share[0]
    total = np.zeros(len(staying))
    for cells, own_share, own_mean, sign in zip(
        (before, after), share, mean, (-1.0, 1.0), strict=True
    ):
        total += _row_variances(
            cells, staying, own_share, own_mean, sign * distance, change / 2, -change / 2
        )
    return change * distance, total


def _within_by_segment(before: Cells, after: Cells, staying: Bools) -> tuple[Floats, Floats]:
    share = [_share(cells, staying) for cells in (before, after)]
    mean = [np.where(staying, cells.mean, 0.0) for cells in (before, after)]
    middle, change = (share[0] + share[1]) / 2, mean[1] - mean[0]
    nothing = np.zeros(len(staying))
    total = np.zeros(len(staying))
    for cells, own_share, own_mean, sign in zip(
        (before, after), share, mean, (-1.0, 1.0), strict=True
    ):
        total += _row_variances(
            cells, staying, own_share, own_mean, change / 2, sign * middle, nothing
        )
    return middle * change, total


def _row_variances(
    cells: Cells,
    staying: Bools,
    share: Floats,
    mean: Floats,
    by_share: Floats,
    by_mean: Floats,
    by_overall: Floats,
) -> Floats:
    """Variance of each segment's part, given its slopes in its share, its mean and the overall.

    The segment itself and the others are taken apart, so that no table of all by all is needed.
    """
    total = cells.weight[staying].sum()
    distance = np.where(staying, mean - share @ mean, 0.0)
    inside = np.where(staying, 1.0, 0.0)
    # An answer in any staying cell h moves the part by these, per unit of weight …
    fall = -by_share * share / total
    lift = by_overall / total
    squares, lean, spread = (inside * part for part in (cells.squares, cells.lean, cells.spread))
    everyone = (
        fall**2 * squares.sum()
        + 2 * fall * lift * (distance @ squares + lean.sum())
        + lift**2 * (distance**2 @ squares + 2 * distance @ lean + spread.sum())
    )
    # … and one in the segment itself by these besides.
    own = by_share / total
    steep = by_mean / np.where(staying, cells.weight, 1.0)
    level = fall + lift * distance
    itself = (
        (own**2 + 2 * own * level) * squares
        + 2 * (own * (lift + steep) + level * steep) * lean
        + (steep**2 + 2 * steep * lift) * spread
    )
    return np.where(staying, everyone + itself, 0.0)


def _movers_by_segment(cells: Cells, staying: Bools, sign: float) -> tuple[Floats, Floats]:
    moving = cells.is_there & ~staying
    total = cells.weight.sum()
    value, spread = np.zeros(len(staying)), np.zeros(len(staying))
    share = _share(cells, staying) if staying.any() else np.zeros(len(staying))
    stayers_mean = float(share @ np.where(staying, cells.mean, 0.0))
    kept = cells.weight[staying].sum()
    for place in np.flatnonzero(moving).tolist():
        own, distance = cells.weight[place], cells.mean[place] - stayers_mean
        value[place] = own * distance / total
        by_weight = np.where(cells.is_there, -value[place] / total, 0.0)
        by_weight[place] += distance / total
        by_mean = np.zeros(len(staying))
        by_mean[place] = own / total
        if kept:
            from_stayers = np.where(staying, cells.mean - stayers_mean, 0.0)
            by_weight -= own * from_stayers / kept / total
            by_mean -= own * share / total
        spread[place] = variance(cells, Slope(by_weight, by_mean))
    return sign * value, spread
