"""Weights that bring the answers to what is known of those asked, and what they cost."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kokemus.measure._frame import IntoFrame, tally_cells, weigh
from kokemus.measure._raking import fit_margins
from kokemus.measure._weight_results import (
    CellWeight,
    Levels,
    UnknownLevel,
    Weights,
)
from kokemus.measure.design_effects import kish_from_sums
from kokemus.measure.histograms import Floats, Indices, NegativeWeights, Tally

Counts = Mapping[Hashable, float | Tally]
Margins = Mapping[str, Mapping[Hashable, float]]
TOLERANCE = 1e-12
ROUNDS_MAX = 1000


class EmptyCell(ValueError):
    """A part of the population from which nobody answered: no weight can speak for it."""


class UnequalMargins(ValueError):
    """Margins whose totals differ, so that no weights can meet them all."""


class NotConverged(ArithmeticError):
    """Margins that the answers cannot meet together, however long one rakes."""


def rake(
    frame: IntoFrame,
    margins: Margins,
    *,
    weight: str | None = None,
    tolerance: float = TOLERANCE,
    rounds_max: int = ROUNDS_MAX,
) -> Weights:
    """Weight answers so that several columns have known margins: iterative proportional fitting.

    Take it where the population's totals are known by each column (age, region) but not by their
    combinations; where they are, take `post_stratify`.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    margins : mapping
        For each column the population's total of each level. Shares serve as well as counts; all
        columns must have the same sum.
    weight : str, optional
        Column of weights that the answers have already.
    tolerance : float
        How far the worst margin may be from its target, relative to the whole.
    rounds_max : int
        After so many rounds `NotConverged` is raised.

    Returns
    -------
    Weights
        A factor for each combination of levels; `add_weights` writes them beside the answers.

    Raises
    ------
    EmptyCell
        A level has a total and no answers.
    UnknownLevel
        Answers have a level without a total.
    UnequalMargins
        The columns' totals differ.
    NotConverged
        The margins cannot be met, most often for want of answers in some combination.
    UnknownColumn, NotNumbers, NegativeWeights
        As for `nps`.

    Notes
    -----
    One group-by, over the columns of the margins.

    Behaviour: none - a level without answers raises; one - one answer may carry a whole level,
    and the design effect shows it; equal - margins that hold already give factors of 1 (times
    the whole over the count); missing - a row with a missing level, or without a weight over 0,
    has no weight and counts in ``.missing``; weighted - the weights given are multiplied.

    Where it misleads: weights mend only what the columns tell. If those who answer differ from
    those who do not within the same age and region, the weighted score is as wrong as the plain
    one (`nonresponse_bounds` says how wrong at most). Few answers with large weights make a noisy
    score: look at the effective number of answers, and merge levels with few.

    References
    ----------
    Deming, W. E. and Stephan, F. F. (1940). On a least squares adjustment of a sampled frequency
    table when the expected marginal totals are known. Annals of Mathematical Statistics 11,
    427-444.

    Examples
    --------
    >>> import polars as pl
    >>> columns = {"channel": ["shop"] * 60 + ["web"] * 40, "is_new": [True, False] * 50}
    >>> margins = {"channel": {"shop": 0.5, "web": 0.5}, "is_new": {True: 0.3, False: 0.7}}
    >>> found = rake(pl.DataFrame(columns), margins)
    >>> print(f"{found.design_effect:.3f} {found.factor('shop', True):.5f}")
    1.208 0.00500
    """
    tallies, missing = _tally(frame, columns=list(margins), weight=weight)
    found = rake_from_counts(tallies, margins, tolerance=tolerance, rounds_max=rounds_max)
    return replace(found, missing=missing)


def post_stratify(
    frame: IntoFrame,
    totals: Mapping[Hashable, float],
    *,
    by: str | Sequence[str],
    weight: str | None = None,
) -> Weights:
    """Weight answers so that each cell stands for the population's known total of it.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    totals : mapping
        Level (a tuple of levels with several columns) to the population's total, counts or shares.
    by : str or sequence of str
        The columns.
    weight : str, optional
        Column of weights that the answers have already.

    Returns
    -------
    Weights

    Raises
    ------
    EmptyCell
        A cell has a total and no answers.
    UnknownLevel
        Answers are in a cell without a total.
    UnknownColumn, NotNumbers, NegativeWeights
        As for `nps`.

    Notes
    -----
    One group-by. Behaviour and where it misleads: as for `rake`. Besides, the more cells, the
    fewer answers in each, and the noisier the weights.

    References
    ----------
    Holt, D. and Smith, T. M. F. (1979). Post stratification. Journal of the Royal Statistical
    Society A 142, 33-46.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"channel": ["shop"] * 80 + ["web"] * 20})
    >>> print(post_stratify(frame, {"shop": 500, "web": 500}, by="channel"))
    weights of 100 answers by channel: 6.25 to 25, design effect 1.56, worth 64 answers \
(post-stratification)
    """
    columns = [by] if isinstance(by, str) else list(by)
    tallies, missing = _tally(frame, columns=columns, weight=weight)
    found = post_stratify_from_counts(tallies, totals, columns=columns)
    return replace(found, missing=missing)


def add_weights(
    frame: IntoFrame, weights: Weights, *, weight: str | None = None, name: str = "weight"
) -> Any:
    """Write the weights beside the answers, as a column for ``weight=`` of the scores.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        It has the columns of the weights.
    weights : Weights
        As made by `rake`, `post_stratify` or `trim_weights`.
    weight : str, optional
        Column of the weights that the answers had before; the same as given to `rake`.
    name : str
        The new column.

    Returns
    -------
    frame
        Of the same kind; eager frames stay eager, lazy ones lazy.

    Raises
    ------
    UnknownColumn, NotNumbers
        As for `nps`.

    Notes
    -----
    No group-by. A row of a cell that has no weight, or with a missing level, gets null, and so
    counts as missing in a score.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"channel": ["shop", "shop", "web"], "score": [10, 9, 3]})
    >>> found = post_stratify(frame, {"shop": 0.5, "web": 0.5}, by="channel")
    >>> add_weights(frame, found)["weight"].to_list()
    [0.25, 0.25, 0.5]
    """
    factors = {cell.levels: cell.factor for cell in weights.cells}
    return weigh(frame, keys=weights.columns, factors=factors, weight=weight, name=name)


def rake_from_counts(
    counts: Counts,
    margins: Margins,
    *,
    tolerance: float = TOLERANCE,
    rounds_max: int = ROUNDS_MAX,
) -> Weights:
    """Rake the cells of a joint table to known margins, by iterative proportional fitting.

    Parameters
    ----------
    counts : mapping
        Levels, a tuple with one for each margin in the margins' order, to how many answered (or a
        `Tally`, where answers have weights already).
    margins : mapping
        For each column the population's total of each level. Shares serve as well as counts; all
        columns must have the same sum.
    tolerance : float
        How far the worst margin may be from its target, relative to the whole.
    rounds_max : int
        After so many rounds `NotConverged` is raised.

    Returns
    -------
    Weights

    Raises
    ------
    EmptyCell
        A level has a total and no answers.
    UnknownLevel
        Answers have a level without a total.
    UnequalMargins
        The columns' totals differ.
    NotConverged
        The margins cannot be met, most often for want of answers in some combination.

    Notes
    -----
    Behaviour and where it misleads: as for `rake`.

    Examples
    --------
    >>> found = rake_from_counts(
    ...     {("shop", "new"): 30, ("shop", "old"): 30, ("web", "new"): 30, ("web", "old"): 10},
    ...     {"channel": {"shop": 0.4, "web": 0.6}, "customer": {"new": 0.5, "old": 0.5}},
    ... )
    >>> print(found)
    weights of 100 answers by channel and customer: 0.00453 to 0.02359, design effect 1.29, \
worth 77 answers (raking, 11 rounds)
    """
    table = _read_counts(counts, columns=list(margins))
    codes, targets = _read_margins(table, margins)
    fitted, rounds, gap = fit_margins(
        table.weight, codes, targets, tolerance=tolerance, rounds_max=rounds_max
    )
    if gap > tolerance:
        raise NotConverged(
            f"after {rounds} rounds the worst margin of {' and '.join(margins)} is still"
            f" {gap:.2g} of the whole from its target; merge levels with few answers"
        )
    method = f"raking, {rounds} round{'s' * (rounds != 1)}"
    return _make_weights(table, fitted, rounds=rounds, gap=gap, method=method)


def post_stratify_from_counts(
    counts: Counts, totals: Mapping[Hashable, float], *, columns: Sequence[str] = ("stratum",)
) -> Weights:
    """Weight each cell to the population's known total of that cell.

    Parameters
    ----------
    counts : mapping
        Cell (a tuple of levels with several columns) to how many answered, or to a `Tally`.
    totals : mapping
        Cell to the population's total; counts or shares.
    columns : sequence of str
        The columns' names.

    Returns
    -------
    Weights

    Raises
    ------
    EmptyCell
        A cell has a total and no answers.
    UnknownLevel
        Answers are in a cell without a total.

    Notes
    -----
    Behaviour and where it misleads: as for `post_stratify`.

    Examples
    --------
    >>> found = post_stratify_from_counts({"shop": 80, "web": 20}, {"shop": 500, "web": 500})
    >>> print(found.factor("shop"), found.factor("web"))
    6.25 25.0
    """
    table = _read_counts(counts, columns=columns)
    wanted = {_as_levels(cell, len(columns)): float(total) for cell, total in totals.items()}
    _check_totals(wanted.values(), "totals")
    known = set(table.levels)
    for levels, total in wanted.items():
        if total > 0 and levels not in known:
            raise EmptyCell(f"nobody answered from {_name(columns, levels)}; merge it with a like")
    for levels in table.levels:
        if levels not in wanted:
            raise UnknownLevel(f"there is no total for {_name(columns, levels)}")
    fitted = np.array([wanted[levels] for levels in table.levels])
    return _make_weights(table, fitted, rounds=0, gap=0.0, method="post-stratification")


def trim_weights(weights: Weights, *, times_mean_max: float = 5.0) -> Weights:
    """Cap the factors at a multiple of their mean, and share what is cut among the other cells.

    Parameters
    ----------
    weights : Weights
        As made by `rake` or `post_stratify`.
    times_mean_max : float
        The largest factor, in multiples of the mean factor of an answer; over 1.

    Returns
    -------
    Weights
        With the same whole; ``.gap`` says how far the worst cell was moved, as a share of it.

    Raises
    ------
    ValueError
        The multiple is not over 1.

    Notes
    -----
    Where it misleads: it buys precision with bias. The margins no longer hold, and who was
    weighted most, because few of them answered, counts for less again.

    Examples
    --------
    >>> found = post_stratify_from_counts({"shop": 99, "web": 1}, {"shop": 500, "web": 500})
    >>> trimmed = trim_weights(found, times_mean_max=5)
    >>> print(trimmed.factor("web"), f"{found.design_effect:.1f} {trimmed.design_effect:.2f}")
    50.0 25.3 1.16
    """
    if not times_mean_max > 1:
        raise ValueError(f"times_mean_max must be over 1, not {times_mean_max}")
    totals = np.array([cell.total for cell in weights.cells])
    base = np.array([cell.base.weight for cell in weights.cells])
    whole = totals.sum()
    limit = times_mean_max * whole / base.sum() * base
    is_capped, trimmed = np.zeros(len(totals), bool), totals
    while (is_over := (trimmed > limit * (1 + TOLERANCE)) & ~is_capped).any():
        is_capped |= is_over
        share = (whole - limit[is_capped].sum()) / totals[~is_capped].sum()
        trimmed = np.where(is_capped, limit, totals * share)
    table = _Cells(
        columns=weights.columns,
        levels=tuple(cell.levels for cell in weights.cells),
        tallies=tuple(cell.base for cell in weights.cells),
    )
    method = f"{weights.method}, trimmed at {times_mean_max:g} times the mean"
    gap = max(weights.gap, float(np.abs(trimmed - totals).max() / whole))
    found = _make_weights(table, trimmed, rounds=weights.rounds, gap=gap, method=method)
    return replace(found, missing=weights.missing)


@dataclass(frozen=True)
class _Cells:
    """The joint table: levels, and how many answered with which weights."""

    columns: tuple[str, ...]
    levels: tuple[Levels, ...]
    tallies: tuple[Tally, ...]

    @property
    def weight(self) -> Floats:
        return np.array([tally.weight for tally in self.tallies], float)


def _tally(
    frame: IntoFrame, *, columns: Sequence[str], weight: str | None
) -> tuple[dict[Hashable, Tally], int]:
    """Tally the cells by the engine; those with a missing level, and rows without weight, apart."""
    tallies: dict[Hashable, Tally] = {}
    missing = 0.0
    for levels, tally, without in tally_cells(frame, keys=columns, weight=weight):
        missing += without
        if None in levels:
            missing += tally.answers
        elif tally.answers:
            tallies[levels] = tally
    return tallies, round(missing)


def _read_counts(counts: Counts, *, columns: Sequence[str]) -> _Cells:
    cells: dict[Levels, Tally] = {}
    for cell, count in counts.items():
        tally = count if isinstance(count, Tally) else Tally(count, count, count)
        if not min(tally) >= 0:
            raise NegativeWeights(f"there cannot be {count} answers of {cell!r}")
        if tally.weight > 0:
            cells[_as_levels(cell, len(columns))] = tally
    if not cells:
        raise EmptyCell("there are no answers to weight")
    return _Cells(tuple(columns), tuple(cells), tuple(cells.values()))


def _as_levels(cell: Hashable, columns: int) -> Levels:
    levels = cell if columns > 1 or isinstance(cell, tuple) else (cell,)
    if not isinstance(levels, tuple) or len(levels) != columns:
        raise UnknownLevel(f"{cell!r} does not have a level for each of {columns} columns")
    return levels


def _read_margins(table: _Cells, margins: Margins) -> tuple[Indices, list[Floats]]:
    """Number the levels of each column, and list the totals by number."""
    codes, targets = [], []
    for place, (column, totals) in enumerate(margins.items()):
        _check_totals(totals.values(), column)
        order = {level: number for number, level in enumerate(totals)}
        answered = {levels[place] for levels in table.levels}
        for level in answered - set(order):
            raise UnknownLevel(f"there is no total for {column} {level!r}")
        for level, total in totals.items():
            if total > 0 and level not in answered:
                raise EmptyCell(
                    f"nobody answered from {column} {level!r}; merge it with another level"
                )
        codes.append([order[levels[place]] for levels in table.levels])
        targets.append(np.array(list(totals.values()), float))
    sums = [target.sum() for target in targets]
    if not np.allclose(sums, sums[0], rtol=1e-9, atol=0):
        listed = ", ".join(f"{name} {total:g}" for name, total in zip(margins, sums, strict=True))
        raise UnequalMargins(f"the margins' totals differ: {listed}")
    return np.array(codes, np.intp), targets


def _check_totals(totals: Iterable[float], name: str) -> None:
    listed = list(totals)
    if not all(0 <= total < np.inf for total in listed) or not sum(listed) > 0:
        raise ValueError(f"the totals of {name} must be 0 or more, and some over 0: {listed}")


def _name(columns: Sequence[str], levels: Levels) -> str:
    return ", ".join(f"{name} {level!r}" for name, level in zip(columns, levels, strict=True))


def _make_weights(
    table: _Cells, fitted: Floats, *, rounds: int, gap: float, method: str
) -> Weights:
    factors = fitted / table.weight
    answers = sum(tally.answers for tally in table.tallies)
    squares = np.array([tally.weight_squared for tally in table.tallies])
    effect = kish_from_sums(answers, float(fitted.sum()), float(squares @ factors**2))
    return Weights(
        columns=table.columns,
        cells=tuple(
            CellWeight(levels=levels, base=tally, factor=factor, total=total)
            for levels, tally, factor, total in zip(
                table.levels, table.tallies, factors.tolist(), fitted.tolist(), strict=True
            )
        ),
        answers=round(answers),
        missing=0,
        design_effect=effect.design_effect or 1.0,
        effective_answers=effect.effective_answers,
        rounds=rounds,
        gap=gap,
        method=method,
    )
