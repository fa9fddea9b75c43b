"""Dominance: which predictor adds more to R² than another, whatever else is there already.

General dominance is the LMG share of `drivers`; here are the stricter kinds.
"""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kokemus.measure._driver_estimates import (
    Sample,
    differentiate_figures,
    find_varying,
    name_players,
    normal_covariance,
    read_gram,
    read_sample,
    standardise,
)
from kokemus.measure._driver_results import (
    CompleteDominance,
    ConditionalDominance,
    dominating_pairs,
    find_quantile,
    limit_share,
)
from kokemus.measure._subset_tree import TooManyPredictors, count_complete, sum_conditional
from kokemus.measure.intervals import check_confidence
from kokemus.measure.results import Estimate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from kokemus.measure._frame import IntoFrame

PAIRS_MAX = 16
Groups = Mapping[str, Sequence[str]]


def conditional_dominance(
    frame: "IntoFrame",
    *,
    outcome: str,
    predictors: Sequence[str] = (),
    weight: str | None = None,
    groups: Groups | None = None,
    categorical: Sequence[str] = (),
    missing: str = "em",
    confidence: float = 0.95,
) -> ConditionalDominance:
    """Say what each predictor adds to R² on average, by how many others are there already.

    Its mean over sizes is the LMG share of `drivers`.

    Parameters
    ----------
    frame, outcome, predictors, weight, groups, categorical, missing, confidence
        As for `drivers`; at most 16 players.

    Returns
    -------
    ConditionalDominance
        ``.added``: predictor to an `Estimate` per size 0, 1, …; ``.dominates``.

    Raises
    ------
    TooManyPredictors
        Over 16 players.
    UnknownColumn, NotNumbers, NegativeWeights, NoPredictors, NotSettled
        As for `drivers`.

    Notes
    -----
    Group-bys as for `drivers`, without the second pass: intervals are those of normal columns.
    ``.dominates`` describes the sample. Behaviour: as for `drivers`.

    References
    ----------
    Azen, R. and Budescu, D. (2003). The dominance analysis approach for comparing predictors in
    multiple regression. Psychological Methods 8, 129-148.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"a": [1, 2, 3, 4, 5, 6], "b": [2, 1, 4, 3, 6, 4]})
    >>> frame = frame.with_columns(y=pl.col("a") * 2 + pl.col("b"))
    >>> found = conditional_dominance(frame, outcome="y", predictors=["a", "b"])
    >>> [round(part.estimate, 3) for part in found.added["a"]]
    [0.947, 0.243]
    """
    sample = read_sample(
        frame,
        outcome=outcome,
        players=name_players(predictors, groups),
        categorical=categorical,
        weight=weight,
        cluster=None,
        missing=missing,
    )
    return _conclude_conditional(sample, outcome, check_confidence(confidence))


def conditional_dominance_from_gram(
    gram: "ArrayLike",
    *,
    names: Sequence[str],
    outcome: str,
    groups: Groups | None = None,
    weights_squared: float | None = None,
    confidence: float = 0.95,
) -> ConditionalDominance:
    """Do as `conditional_dominance`, from sums of cross-products.

    Parameters
    ----------
    gram, names, outcome, groups, weights_squared, confidence
        As for `drivers_from_gram`.

    Returns
    -------
    ConditionalDominance

    Raises
    ------
    TooManyPredictors, NoPredictors, ValueError
        As for `drivers_from_gram`.

    Examples
    --------
    >>> gram = [[50, 0, 0, 0], [0, 50, 20, 30], [0, 20, 50, 25], [0, 30, 25, 50]]
    >>> print(conditional_dominance_from_gram(gram, names=["a", "b", "y"], outcome="y"))
    conditional dominance for y, 50 answers
      a: 0.360 (0.174 to 0.613); 0.190 (0.055 to 0.408)
      b: 0.250 (0.082 to 0.510); 0.080 (0.005 to 0.244)
    in this sample a dominates b
    """
    sample = _sample_of_gram(gram, names, outcome, groups, weights_squared)
    return _conclude_conditional(sample, outcome, check_confidence(confidence))


def complete_dominance(
    frame: "IntoFrame",
    *,
    outcome: str,
    predictors: Sequence[str] = (),
    weight: str | None = None,
    groups: Groups | None = None,
    categorical: Sequence[str] = (),
    missing: str = "em",
) -> CompleteDominance:
    """Say for each pair to how many subsets of the others one adds more than the other.

    Parameters
    ----------
    frame, outcome, predictors, weight, groups, categorical, missing
        As for `drivers`; at most 16 players.

    Returns
    -------
    CompleteDominance
        ``.wins``: (one, other) to a share of subsets; ``.dominates``: the pairs with all.

    Raises
    ------
    TooManyPredictors
        Over 16 players.
    UnknownColumn, NotNumbers, NegativeWeights, NoPredictors, NotSettled
        As for `drivers`.

    Notes
    -----
    Group-bys as for `drivers`, without the second pass. Behaviour: as for `drivers`.

    Where it misleads: it describes the sample and has no interval; two predictors of the same
    importance often "dominate" one another by chance. Read it with ``drivers(…).difference``.

    References
    ----------
    Budescu, D. (1993). Dominance analysis: a new approach to the problem of relative importance
    of predictors in multiple regression. Psychological Bulletin 114, 542-551.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"a": [1, 2, 3, 4, 5, 6], "b": [2, 1, 4, 3, 6, 4]})
    >>> frame = frame.with_columns(y=pl.col("a") * 2 + pl.col("b"))
    >>> complete_dominance(frame, outcome="y", predictors=["a", "b"]).dominates
    (('a', 'b'),)
    """
    sample = read_sample(
        frame,
        outcome=outcome,
        players=name_players(predictors, groups),
        categorical=categorical,
        weight=weight,
        cluster=None,
        missing=missing,
    )
    return _conclude_complete(sample, outcome)


def complete_dominance_from_gram(
    gram: "ArrayLike", *, names: Sequence[str], outcome: str, groups: Groups | None = None
) -> CompleteDominance:
    """Do as `complete_dominance`, from sums of cross-products.

    Parameters
    ----------
    gram, names, outcome, groups
        As for `drivers_from_gram`.

    Returns
    -------
    CompleteDominance

    Raises
    ------
    TooManyPredictors, NoPredictors, ValueError
        As for `drivers_from_gram`.

    Examples
    --------
    >>> gram = [[50, 0, 0, 0], [0, 50, 20, 30], [0, 20, 50, 25], [0, 30, 25, 50]]
    >>> print(complete_dominance_from_gram(gram, names=["a", "b", "y"], outcome="y"))
    complete dominance for y, 50 answers
      in this sample a dominates b
    """
    return _conclude_complete(_sample_of_gram(gram, names, outcome, groups, None), outcome)


def _sample_of_gram(
    gram: "ArrayLike",
    names: Sequence[str],
    outcome: str,
    groups: Groups | None,
    weights_squared: float | None,
) -> Sample:
    return read_gram(
        np.asarray(gram, float),
        names=names,
        players=name_players([name for name in names if name != outcome], groups),
        outcome=outcome,
        weights_squared=weights_squared,
    )


def _conclude_conditional(sample: Sample, outcome: str, confidence: float) -> ConditionalDominance:
    kept = _check_pairs(sample)
    added: dict[str, tuple[Estimate, ...]] = {}
    dominates: tuple[tuple[str, str], ...] = ()
    if kept is not None:
        matrix, widths, _ = standardise(sample, kept)
        figures = sum_conditional(matrix, widths)
        errors = np.full(figures.shape, math.nan)
        if sample.answers > len(sample.moments.means) + 1:
            slopes = differentiate_figures(
                sample, kept, lambda moved: sum_conditional(moved / moved[-1, -1], widths).ravel()
            )
            spread = np.diag(normal_covariance(sample, slopes))
            errors = np.sqrt(np.maximum(spread, 0.0)).reshape(figures.shape)
        quantile = find_quantile(confidence, None)
        for name, row, row_errors in zip(
            sample.players, figures.tolist(), errors.tolist(), strict=True
        ):
            added[name] = tuple(
                _estimate_addition(value, error, quantile)
                for value, error in zip(row, row_errors, strict=True)
            )
        dominates = dominating_pairs(sample.players, figures)
    return ConditionalDominance(
        outcome=outcome,
        added=added,
        dominates=dominates,
        answers=sample.answers,
        interval_method="normal theory",
        confidence=confidence,
    )


def _estimate_addition(value: float, error: float, quantile: float) -> Estimate:
    if math.isnan(error):
        return Estimate(value, None, None)
    return Estimate(value, *limit_share(value, error, quantile, is_signed=False))


def _conclude_complete(sample: Sample, outcome: str) -> CompleteDominance:
    kept = _check_pairs(sample)
    wins: dict[tuple[str, str], float] = {}
    players = sample.players
    if kept is not None:
        matrix, widths, _ = standardise(sample, kept)
        shares = count_complete(matrix, widths)
        wins = {
            (players[one], players[other]): float(shares[one, other])
            for one in range(len(players))
            for other in range(len(players))
            if one != other
        }
    subsets = 2 ** max(len(players) - 2, 0)
    return CompleteDominance(outcome=outcome, wins=wins, subsets=subsets, answers=sample.answers)


def _check_pairs(sample: Sample) -> "NDArray[np.bool_] | None":
    """Return which columns vary; None where the outcome does not."""
    if len(sample.players) > PAIRS_MAX:
        raise TooManyPredictors(
            f"{len(sample.players)} predictors: at most {PAIRS_MAX} are compared in pairs;"
            " join some by groups=, or take drivers"
        )
    kept = find_varying(sample)
    return kept if kept[-1] and sample.answers > 1 else None
