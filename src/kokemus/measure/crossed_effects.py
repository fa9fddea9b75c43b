"""How much of a score is whose: crossed random intercepts from counts and sums."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kokemus.measure import intervals
from kokemus.measure._attribution import Attribution, estimate_shares
from kokemus.measure._frame import IntoFrame, list_columns
from kokemus.measure._given import given
from kokemus.measure._reml import Fit, Moments, NoResidual, fit
from kokemus.measure.histograms import Floats, Indices

METHODS = ("reml", "ml")
MOST_LEVELS = 6_000  # of all factors but the largest: the work grows with their cube
DENSE = 0.15  # share of filled cells from which on a table of pairs is kept whole
FEW = 6  # levels under which a variance is hardly told
Factor = str | Sequence[str]


class CannotAttribute(ValueError):
    """Rows from which no variance can be told apart."""


class TooManyLevels(ValueError):
    """Factors that together, the largest left aside, have too many levels to solve at once."""


@dataclass(frozen=True, kw_only=True)
class CrossedCounts:
    """What a model of crossed random intercepts needs of the rows, for rollups to carry.

    Attributes
    ----------
    columns : tuple of str
        p covariates; the outcome is not among them.
    gram : array of (p + 2, p + 2)
        Cross-products of [1, covariates, outcome] over all rows.
    levels : mapping
        Factor to its q levels.
    sums : mapping
        Factor to an array of (q, p + 2): per level the sums of [1, covariates, outcome].
    pairs : mapping
        (factor, other factor) to three arrays: places of levels of the one, of the other, and how
        often the two meet. Each pair of factors once.
    rows : int or None
        How many, where weights make it another number than the first of `gram`.
    missing : int
        Rows that were left out.
    log_weights : float
        Sum of the logarithms of the weights.
    """

    columns: tuple[str, ...] = ()
    gram: Floats
    levels: Mapping[str, Sequence[Hashable]]
    sums: Mapping[str, Floats]
    pairs: Mapping[tuple[str, str], tuple[Indices, Indices, Floats]]
    rows: int | None = None
    missing: int = 0
    log_weights: float = 0.0


def attribution(
    frame: IntoFrame,
    outcome: str = "y",
    factors: Sequence[Factor] | None = None,
    covariates: Sequence[str] = (),
    *,
    weight: str | None = None,
    method: str = "reml",
    confidence: float = 0.95,
) -> Attribution:
    """Split the variance of a score among those who took part, and estimate each one's part.

    The model is ``y = intercept + covariates + one random intercept per factor + residual``; the
    factors may be crossed in any way (each customer meets many staff, each staff many customers).

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        A row per answer.
    outcome : str
        Column of numbers: the score itself, or -1, 0, 1 for detractors, passives, promoters, whose
        mean is the NPS.
    factors : sequence of str or of sequences of str
        Columns that name who took part, of any kind. Several columns together, such as
        ``("team", "agent")``, make one factor, named "team:agent": so an agent "Anna" of one team
        is not taken for another team's.
    covariates : sequence of str
        Columns of what is not to be held against anyone, such as the customer's previous score.
        Numbers and booleans enter as they are; words by a 0/1 column per value but the first, named
        "column=value".
    weight : str, optional
        Column of precision weights: the residual variance of a row is the residual variance over
        its weight, as in lme4. They are not sampling weights.
    method : {"reml", "ml"}
        Restricted maximum likelihood, or maximum likelihood, whose variances are too small.
    confidence : float
        Nominal coverage of the intervals of shares, 0 to 1.

    Returns
    -------
    Attribution
        ``.variance`` per factor and "residual"; ``.effects[factor][level]`` is (estimate, standard
        error); ``.shares`` with intervals; ``.rank(factor)`` for ranks with their uncertainty.

    Raises
    ------
    UnknownColumn, NotNumbers, NegativeWeights
        As for `nps`.
    TooManyDummies
        A covariate in words has more than 100 values.
    TooManyLevels
        All factors but the largest have more than 6,000 levels together.
    CannotAttribute
        No complete rows, a factor of one level or of as many levels as rows, a covariate that
        others (or the intercept) determine, an outcome without residual variance.
    ValueError
        An empty list of factors, one named twice, another `method`.
    TypeError
        `factors` is left out.

    Notes
    -----
    Two selects (means, cross-products), one group-by per factor, one per pair of factors, one per
    covariate in words. The largest factor is eliminated, the rest solved at once by average-
    information steps; the criterion is lme4's.

    The standard error of an effect is that of lme4's ``ranef(condVar=TRUE)``: given the fixed
    effects. It compares levels with each other. The distance of a level from the mean of all
    possible levels is less certain, see ``.intervals``, whose 95 % cover 93 to 96 % (simulated, one
    and two factors, 6 levels and more), and 90 % where the variance is so small that it is often
    estimated as 0.

    The interval of a share is that of F, exact for one factor with as many answers per level, with
    the sampling noise of the average information elsewhere. Its 95 % cover 94 to 99 % (simulated
    alike), the more the oftener the variance is estimated as 0.

    Behaviour: none or one - `CannotAttribute`; all equal - `CannotAttribute`; missing - rows with a
    missing outcome, covariate, factor or weight are left out and counted in ``.missing``; weighted
    - see `weight`. A variance of 0 is the boundary: all its effects are 0 with standard error 0,
    and a note says so.

    Where it misleads: estimates are shrunken, so they must not be averaged back to a team's total.
    Few answers per level mean estimates near 0, not "average". Who serves the harder customers
    looks worse unless the customer or the case mix is in the model; who gets to choose whom to
    ask looks better. Levels of one name in two teams are one level: give both columns. Scores of
    few values are taken as a continuum; at the end of the scale effects are compressed.

    References
    ----------
    Gilmour, A. R., Thompson, R. & Cullis, B. R. (1995). Average information REML. Biometrics 51,
    1440-1450. Bates, D., Maechler, M., Bolker, B. & Walker, S. (2015). Fitting linear
    mixed-effects models using lme4. Journal of Statistical Software 67(1). Raudenbush, S. W.
    (1993). A crossed random effects model. Journal of Educational Statistics 18, 321-349.

    Examples
    --------
    >>> import polars as pl
    >>> scores = {"A": [8, 9, 9, 10], "B": [5, 6, 6, 7], "C": [7, 7, 8, 9], "D": [3, 5, 5, 6]}
    >>> rows = [{"staff": name, "y": y} for name in scores for y in scores[name]]
    >>> found = attribution(pl.DataFrame(rows), factors=["staff"])
    >>> {name: round(variance, 2) for name, variance in found.variance.items()}
    {'staff': 3.28, 'residual': 0.96}
    >>> effect, standard_error = found.effects["staff"]["A"]
    >>> round(effect, 2), round(standard_error, 2)
    (1.98, 0.47)
    """
    from kokemus.measure._frame.crossed import collect_crossed

    covariates = list_columns(covariates)
    named = _name_factors(given(factors, "attribution", "factors"), outcome, covariates)
    table = collect_crossed(
        frame, outcome=outcome, factors=named, covariates=covariates, weight=weight
    )
    counts = CrossedCounts(
        columns=table.columns,
        gram=table.gram,
        levels=table.levels,
        sums=table.sums,
        pairs=table.pairs,
        rows=table.rows,
        missing=table.missing,
        log_weights=table.log_weights,
    )
    return _attribute(counts, table.centre, outcome=outcome, method=method, confidence=confidence)


def attribution_from_counts(
    counts: CrossedCounts,
    *,
    outcome: str = "y",
    method: str = "reml",
    confidence: float = 0.95,
) -> Attribution:
    """Split the variance of a score from counts and sums per level and pair of levels.

    Parameters
    ----------
    counts : CrossedCounts
        Additive over parts of the rows, so kept per month, say, and summed.
    outcome : str
        Its name, for print.
    method, confidence
        As for `attribution`.

    Returns
    -------
    Attribution

    Raises
    ------
    TooManyLevels, CannotAttribute, ValueError
        As for `attribution`.

    Notes
    -----
    Sums of large numbers with little spread lose digits: sum them around a constant.

    Examples
    --------
    >>> import numpy as np
    >>> sums = np.array([[4.0, 36.0], [4.0, 24.0], [4.0, 31.0], [4.0, 19.0]])
    >>> gram = np.array([[16.0, 110.0], [110.0, 810.0]])
    >>> counts = CrossedCounts(
    ...     gram=gram, levels={"staff": ["A", "B", "C", "D"]}, sums={"staff": sums}, pairs={}
    ... )
    >>> round(attribution_from_counts(counts).variance["staff"], 2)
    3.28
    """
    centre = counts.gram[0, 1:] / max(counts.gram[0, 0], 1e-300)
    return _attribute(
        _shift(counts, centre), centre, outcome=outcome, method=method, confidence=confidence
    )


def _name_factors(
    factors: Sequence[Factor], outcome: str, covariates: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    parts = [(factor,) if isinstance(factor, str) else tuple(factor) for factor in factors]
    named = {":".join(columns): columns for columns in parts}
    if isinstance(factors, str) or not factors or not all(parts):
        raise ValueError(f"factors is a list of columns, at least one: {factors!r}")
    if len(named) < len(parts) or outcome in named or "residual" in named:
        raise ValueError(
            f"factors must differ from each other, the outcome and 'residual': {factors!r}"
        )
    if len({*covariates, outcome}) <= len(covariates):
        raise ValueError(f"covariates must differ from each other and the outcome: {covariates!r}")
    return named


def _shift(counts: CrossedCounts, centre: Floats) -> CrossedCounts:
    """Move all sums to deviations from the centre."""
    move = np.eye(len(counts.gram))
    move[0, 1:] = -centre
    return CrossedCounts(
        columns=counts.columns,
        gram=move.T @ counts.gram @ move,
        levels=counts.levels,
        sums={factor: np.asarray(sums, float) @ move for factor, sums in counts.sums.items()},
        pairs=counts.pairs,
        rows=counts.rows,
        missing=counts.missing,
        log_weights=counts.log_weights,
    )


def _attribute(
    counts: CrossedCounts, centre: Floats, *, outcome: str, method: str, confidence: float
) -> Attribution:
    if method not in METHODS:
        raise ValueError(f"method is one of {METHODS}, not {method!r}")
    intervals.check_confidence(confidence)
    rows = round(float(counts.gram[0, 0])) if counts.rows is None else counts.rows
    _check(counts, rows)
    scale = _scale(counts.gram)
    order = sorted(counts.levels, key=lambda factor: -len(counts.levels[factor]))
    moments = Moments(
        rows=rows,
        weight=[np.asarray(counts.sums[factor], float)[:, 0] for factor in order],
        level=[np.asarray(counts.sums[factor], float) / scale for factor in order],
        meet=_tabulate_pairs(counts, order),
        gram=counts.gram / scale / scale[:, None],
        log_weights=counts.log_weights,
    )
    _check_determined(moments, counts.columns)
    try:
        fitted = fit(moments, restricted=method == "reml")
    except NoResidual as error:
        raise CannotAttribute(
            f"{' and '.join(order)} explain every answer exactly: there is no residual variance"
        ) from error
    return _report(
        counts,
        fitted,
        scale,
        centre,
        order,
        rows=rows,
        outcome=outcome,
        method=method,
        confidence=confidence,
    )


def _check(counts: CrossedCounts, rows: int) -> None:
    if rows < 2:
        raise CannotAttribute(f"{rows} complete rows cannot tell one source from another")
    for factor, levels in counts.levels.items():
        if len(levels) < 2:
            raise CannotAttribute(f"factor {factor!r} has one level, {levels[0]!r}: nothing varies")
        if len(levels) >= rows:
            raise CannotAttribute(
                f"factor {factor!r} has a level per row: its part cannot be told from the residual"
            )
    sizes = sorted(len(levels) for levels in counts.levels.values())
    if sum(sizes[:-1]) > MOST_LEVELS:
        raise TooManyLevels(
            f"all factors but the largest have {sum(sizes[:-1]):,} levels together, and"
            f" {MOST_LEVELS:,} can be solved at once: leave one of {list(counts.levels)} out, or"
            " keep the levels with most answers"
        )


def _scale(gram: Floats) -> Floats:
    """Root mean squares of the columns, so that no unit of measure spoils the arithmetic."""
    spread = np.sqrt(np.diag(gram) / gram[0, 0])
    spread[0] = 1.0
    if spread[-1] <= 0:
        raise CannotAttribute("all answers are equal: there is no variance to split")
    return np.where(spread > 0, spread, 1.0)


def _check_determined(moments: Moments, columns: Sequence[str]) -> None:
    fixed = moments.gram[:-1, :-1] / moments.gram[0, 0]
    values, vectors = np.linalg.eigh(fixed)
    if len(fixed) >= moments.rows or values[0] < 1e-10 * values[-1]:
        named = ("(Intercept)", *columns)
        tied = [name for name, part in zip(named, vectors[:, 0], strict=True) if abs(part) > 1e-3]
        raise CannotAttribute(f"covariates determine each other, leave one out: {', '.join(tied)}")
    outcome = moments.gram[:-1, -1]
    left = moments.gram[-1, -1] - outcome @ np.linalg.solve(moments.gram[:-1, :-1], outcome)
    if left <= 1e-12 * moments.gram[-1, -1]:
        raise CannotAttribute("the covariates explain every answer exactly: nothing is left")


def _tabulate_pairs(counts: CrossedCounts, order: Sequence[str]) -> "dict[tuple[int, int], object]":
    """Lay the pairs out as matrices, sparse where most levels never meet."""
    from scipy import sparse

    meet: dict[tuple[int, int], object] = {}
    for k, one in enumerate(order):
        for m, other in enumerate(order[k + 1 :], k + 1):
            is_turned = (one, other) not in counts.pairs
            rows, columns, amounts = counts.pairs[(other, one) if is_turned else (one, other)]
            if is_turned:
                rows, columns = columns, rows
            shape = len(counts.levels[one]), len(counts.levels[other])
            table = sparse.csr_matrix((np.asarray(amounts, float), (rows, columns)), shape=shape)
            is_dense = table.nnz > DENSE * shape[0] * shape[1]
            meet[k, m] = table.toarray() if is_dense else table
    return meet


def _report(
    counts: CrossedCounts,
    fitted: Fit,
    scale: Floats,
    centre: Floats,
    order: Sequence[str],
    *,
    rows: int,
    outcome: str,
    method: str,
    confidence: float,
) -> Attribution:
    """Turn the fit back into the units of the columns."""
    unit = scale[-1]
    places = [order.index(factor) for factor in counts.levels]
    variances = fitted.residual * unit**2 * np.append(fitted.ratios[places], 1.0)
    turn = [*places, len(order)]
    covariance = unit**4 * fitted.covariance[np.ix_(turn, turn)]
    fixed, errors = _turn_back(fitted, scale, centre)
    names = ("(Intercept)", *counts.columns)
    freedom = rows - len(names) * (method == "reml")
    levels = {factor: _plain_levels(levels) for factor, levels in counts.levels.items()}
    sizes = [len(part) for part in levels.values()]
    return Attribution(
        outcome=outcome,
        variance=dict(zip([*levels, "residual"], variances.tolist(), strict=True)),
        shares=estimate_shares([*levels, "residual"], variances, covariance, sizes, confidence),
        effects={
            factor: _pair_up(
                levels[factor],
                unit * fitted.effects[place],
                unit * np.sqrt(fitted.effect_variances[place]),
            )
            for factor, place in zip(levels, places, strict=True)
        },
        errors={
            factor: dict(
                zip(
                    levels[factor],
                    (unit * np.sqrt(fitted.error_variances[place])).tolist(),
                    strict=True,
                )
            )
            for factor, place in zip(levels, places, strict=True)
        },
        sums={
            factor: _pair_up(levels[factor], sums[:, 0], sums[:, -1] + centre[-1] * sums[:, 0])
            for factor, sums in counts.sums.items()
        },
        coefficients=dict(zip(names, fixed.tolist(), strict=True)),
        standard_errors=dict(zip(names, errors.tolist(), strict=True)),
        reml_criterion=fitted.criterion
        + 2 * freedom * float(np.log(unit))
        + (2 * float(np.log(scale[1:-1]).sum()) if method == "reml" else 0.0),
        answers=rows,
        missing=counts.missing,
        method=method,
        confidence=confidence,
        notes=tuple(_note(levels, variances, rows)),
    )


def _turn_back(fitted: Fit, scale: Floats, centre: Floats) -> tuple[Floats, Floats]:
    """Coefficients and standard errors of the columns as they came."""
    turn = np.diag(scale[-1] / scale[:-1])
    turn[0, 1:] = -centre[:-1] * np.diag(turn)[1:]
    fixed = turn @ fitted.fixed
    fixed[0] += centre[-1]
    covariance = turn @ fitted.fixed_covariance @ turn.T
    return fixed, np.sqrt(np.diag(covariance))


def _plain_levels(levels: Sequence[Hashable]) -> list[Hashable]:
    return [level.item() if isinstance(level, np.generic) else level for level in levels]


def _pair_up(
    levels: Sequence[Hashable], first: Floats, second: Floats
) -> dict[Hashable, tuple[float, float]]:
    return dict(zip(levels, zip(first.tolist(), second.tolist(), strict=True), strict=True))


def _note(levels: Mapping[str, Sequence[Hashable]], variances: Floats, rows: int) -> "list[str]":
    notes = []
    for (factor, names), variance in zip(levels.items(), variances.tolist(), strict=False):
        if variance == 0:
            notes.append(f"{factor}: no variance found; its levels cannot be told apart")
        if len(names) < FEW:
            notes.append(f"{factor}: {len(names)} levels hardly tell a variance")
        if rows / len(names) < FEW:
            notes.append(
                f"{factor}: {rows / len(names):.1f} answers per level; single levels say little"
            )
    return notes
