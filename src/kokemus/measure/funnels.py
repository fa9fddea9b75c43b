"""Funnels: which units lie further from the whole than chance and common spread explain."""

from collections.abc import Hashable, Mapping

import numpy as np

from kokemus.measure._frame import IntoFrame, histogram
from kokemus.measure._funnel import (
    Funnel,
    Units,
    make_nps_funnel,
    make_share_funnel,
    read_counts,
)
from kokemus.measure._scoring import DETRACTOR_MAX, NPS_SCALE, PROMOTER_MIN
from kokemus.measure.histograms import HistogramTable


def funnel(
    frame: IntoFrame,
    score: str = "score",
    *,
    unit: str = "unit",
    weight: str | None = None,
    overdispersion: str = "additive",
    minimum: float = 5,
) -> Funnel:
    """Net Promoter Score by unit in a funnel, by the variance of three outcomes.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        A row per answer.
    score, unit, weight : str
        Columns: answers 0 to 10; the unit of each; weights, if any.
    overdispersion : {"additive", "multiplicative", "none"}
        How the limits allow for units that differ for many small reasons: a variance between
        units is added, or all standard errors are stretched alike, or nothing is done.
    minimum : float
        Units with fewer answers are left out and named in ``.too_small``.

    Returns
    -------
    Funnel
        In points, -100 to 100.

    Raises
    ------
    UnknownColumn, NotNumbers, OffScale, NegativeWeights
        As for `nps`.
    ValueError
        Another `overdispersion`.

    Notes
    -----
    One group-by (a histogram per unit). Chance is that of three outcomes, ``p₊ + p₋ - (p₊ - p₋)²``
    at the shares of all units together: binomial limits are wrong for NPS. The dispersion is the
    mean squared z-score after the outermost tenths are drawn in to the 10 % and 90 % points, the
    additive variance follows from it by moments.

    Behaviour: none - no units; one - no limits, "cannot tell"; all equal - no spread, so
    "cannot tell"; missing - left out, counted in ``.missing``; weighted - Kish's effective number
    of answers per unit.

    Where it misleads: outside the limits says unlike the others, not why: case mix comes first.
    One unit in 500 is outside 99.8 % by chance. With fewer than some ten units the dispersion is a
    guess. Limits by chance alone hold 93 to 98 % of alike units at 95 % with 5 to 10 answers, 94 to
    96 % from 30 on (exact, for six usual mixes). Where units truly differ, drawing in makes the
    dispersion too small: additive and multiplicative limits at 95 % hold 90 to 92 % of units from
    one normal distribution, those at 99.8 % hold 99 % (simulated).

    References
    ----------
    Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance. Statistics
    in Medicine 24, 1185-1202; (2005) Handling over-dispersion of performance indicators. Quality
    and Safety in Health Care 14, 347-351.

    Examples
    --------
    >>> import polars as pl
    >>> answers = {"A": [10] * 30 + [5] * 10, "B": [10] * 28 + [5] * 12, "C": [10] * 5 + [5] * 35}
    >>> rows = [{"unit": unit, "score": score} for unit in answers for score in answers[unit]]
    >>> print(funnel(pl.DataFrame(rows), overdispersion="none"))
    NPS funnel of 3 units around 5.0
    limits: chance alone, which units exceed 8.5 times
    outside 99.8 %: 1
      C: -75.0, 40 answers, below 99.8 %
    """
    table = histogram(frame, score=score, by=unit, weight=weight)
    table.check_scale(*NPS_SCALE, is_whole=True)
    down, up = table.values <= DETRACTOR_MAX, table.values >= PROMOTER_MIN
    counts = _count_units(table, np.vstack([down, ~(down | up), up]))
    return make_nps_funnel(counts, overdispersion, minimum, missing=_count_missing(table))


def funnel_from_counts(
    counts: Mapping[Hashable, tuple[float, float, float]],
    *,
    overdispersion: str = "additive",
    minimum: float = 5,
) -> Funnel:
    """Net Promoter Score by unit in a funnel, from each unit's three counts.

    Parameters
    ----------
    counts : mapping
        Unit to (detractors, passives, promoters).
    overdispersion, minimum
        As for `funnel`.

    Returns
    -------
    Funnel
        In points, -100 to 100.

    Raises
    ------
    ValueError
        A count below 0, another `overdispersion`.

    Examples
    --------
    >>> found = funnel_from_counts({"A": (20, 30, 50), "B": (22, 30, 48), "C": (18, 28, 54)})
    >>> found.flagged
    ()
    """
    return make_nps_funnel(read_counts(counts, 3), overdispersion, minimum, missing=0)


def share_funnel(
    frame: IntoFrame,
    score: str = "score",
    *,
    at_least: float,
    unit: str = "unit",
    weight: str | None = None,
    overdispersion: str = "additive",
    minimum: float = 5,
) -> Funnel:
    """Share of answers that reach a mark (CSAT, solved, renewed) by unit in a funnel.

    Parameters
    ----------
    frame, unit, weight, overdispersion, minimum
        As for `funnel`.
    score : str
        Column of numbers or booleans.
    at_least : float
        The lowest answer that counts: 4 for CSAT on 1 to 5, 1 for a column of 0 and 1.

    Returns
    -------
    Funnel
        In percent, 0 to 100.

    Raises
    ------
    UnknownColumn, NotNumbers, NegativeWeights
        As for `nps`.
    ValueError
        Another `overdispersion`.

    Notes
    -----
    One group-by. z-scores are taken on the arcsine of the root of the share, whose variance
    ``1/(4n)`` is the same for all shares; limits are turned back.

    Behaviour and where it misleads: as for `funnel`; a share of 0 or 100 % of all units together
    leaves nothing to tell.

    References
    ----------
    As for `funnel`.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"unit": ["A"] * 20 + ["B"] * 20, "score": [5] * 30 + [2] * 10})
    >>> [round(unit.estimate) for unit in share_funnel(frame, at_least=4).units]
    [100, 50]
    """
    table = histogram(frame, score=score, by=unit, weight=weight)
    reached = table.values >= at_least
    counts = _count_units(table, np.vstack([~reached, reached]))
    return make_share_funnel(counts, overdispersion, minimum, missing=_count_missing(table))


def share_funnel_from_counts(
    counts: Mapping[Hashable, tuple[float, float]],
    *,
    overdispersion: str = "additive",
    minimum: float = 5,
) -> Funnel:
    """Share by unit in a funnel, from each unit's count and answers.

    Parameters
    ----------
    counts : mapping
        Unit to (how many reached the mark, how many answered).
    overdispersion, minimum
        As for `funnel`.

    Returns
    -------
    Funnel
        In percent, 0 to 100.

    Raises
    ------
    ValueError
        A count below 0 or more reached than answered, another `overdispersion`.

    Examples
    --------
    >>> found = share_funnel_from_counts({"A": (80, 100), "B": (75, 100), "C": (40, 100)})
    >>> found.flagged_by_chance_alone, found.flagged
    (('A', 'C'), ())
    """
    pairs = {unit: (answers - reached, reached) for unit, (reached, answers) in counts.items()}
    return make_share_funnel(read_counts(pairs, 2), overdispersion, minimum, missing=0)


def share_limits(answers: float, target: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """Exact binomial limits of a unit's share, where chance is all there is.

    Parameters
    ----------
    answers : int
        How many answered in the unit.
    target : float
        The share of all, 0 to 1.
    confidence : float
        Nominal chance of a share inside, 0 to 1.

    Returns
    -------
    (low, high) : tuple of float
        Shares, 0 to 1: the binomial's quantiles over the answers.

    Raises
    ------
    ValueError
        No answers, a target outside 0 to 1, a `confidence` that is not between 0 and 1.

    Examples
    --------
    >>> share_limits(50, 0.44)
    (0.3, 0.58)
    """
    if not (answers >= 1 and 0 <= target <= 1 and 0 < confidence < 1):
        raise ValueError(f"limits need answers, a target and a confidence: {answers}, {target}")
    from scipy.special import bdtr

    cumulated = bdtr(np.arange(answers + 1.0), int(answers), target)
    tail = (1 - confidence) / 2
    low, high = np.searchsorted(cumulated, [tail, 1 - tail])
    return float(low / answers), float(high / answers)


def _count_units(table: HistogramTable, outcomes: "np.ndarray") -> Units:
    """Count each outcome per unit; with weights, as many as the answers are worth."""
    sums = np.array(
        [table.sum_by_group(np.where(outcome, table.weights, 0.0)) for outcome in outcomes]
    )
    total = np.maximum(sums.sum(axis=0), 1e-300)
    counts = (sums / total * table.effective_answers).T
    named = [place for place, group in enumerate(table.groups) if group is not None]
    return Units(tuple(table.groups[place] for place in named), counts[named])


def _count_missing(table: HistogramTable) -> int:
    answers = table.sum_by_group(table.answers)
    unnamed = [place for place, group in enumerate(table.groups) if group is None]
    return round(float(table.missing.sum() + answers[unnamed].sum()))
