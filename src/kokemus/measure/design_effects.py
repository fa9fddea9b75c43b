"""What unequal weights cost: Kish's design effect and the effective number of answers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import overload

from kokemus.measure._frame import IntoFrame, tally_scaled_cells
from kokemus.measure._weight_results import DesignEffect

By = str | Sequence[str]


@overload
def kish(frame: IntoFrame, weight: str = ..., *, by: None = None) -> DesignEffect: ...
@overload
def kish(frame: IntoFrame, weight: str = ..., *, by: By) -> tuple[DesignEffect, ...]: ...
def kish(
    frame: IntoFrame, weight: str = "weight", *, by: By | None = None
) -> DesignEffect | tuple[DesignEffect, ...]:
    """Kish's design effect: what unequal weights cost, for each group.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    weight : str
        Column of weights, 0 or more.
    by : str or sequence of str, optional
        Columns whose values make the groups.

    Returns
    -------
    DesignEffect or tuple of DesignEffect
        With `by` one for each group, sorted.

    Raises
    ------
    UnknownColumn, NotNumbers, NegativeWeights
        As for `nps`.

    Notes
    -----
    One group-by. n Σw² / (Σw)² is by how much the variance of a mean grows if the weights have
    nothing to do with the answers; it is 1 where they are equal and never less.

    Behaviour: none - the design effect is None; one, equal - 1; missing - counted in
    ``.missing``, with weights of 0.

    Where it misleads: where weights go with the answers (strata with unlike scores) the cost is
    lower than it says, and it knows nothing of clusters, which cost more.

    References
    ----------
    Kish, L. (1965). Survey sampling. Wiley. Kish, L. (1992). Weighting for unequal Pi. Journal of
    Official Statistics 8, 183-200.

    Examples
    --------
    >>> import polars as pl
    >>> print(kish(pl.DataFrame({"weight": [1.0, 1.0, 2.0, 4.0]})))
    design effect 1.375: 4 answers are worth 2.9
    """
    columns = [by] if isinstance(by, str) else list(by or ())
    found = []
    for levels, tally, missing in tally_scaled_cells(frame, keys=columns, weight=weight):
        group = None if by is None else levels[0] if isinstance(by, str) else levels
        found.append(replace(kish_from_sums(*tally), missing=round(missing), group=group))
    return found[0] if by is None else tuple(found)


def kish_from_sums(answers: float, weight: float, weight_squared: float) -> DesignEffect:
    """Kish's design effect from the count, the sum of weights and the sum of their squares.

    Parameters
    ----------
    answers, weight, weight_squared : float

    Returns
    -------
    DesignEffect

    Raises
    ------
    ValueError
        A sum is below 0, or they cannot be of the same weights.

    Examples
    --------
    >>> print(kish_from_sums(100, 150.0, 300.0))
    design effect 1.333: 100 answers are worth 75
    """
    if min(answers, weight, weight_squared) < 0 or (weight > 0) != (weight_squared > 0):
        raise ValueError(f"no weights have these sums: {answers=}, {weight=}, {weight_squared=}")
    if not weight:
        return DesignEffect(answers=round(answers), design_effect=None, effective_answers=0.0)
    effect = answers * weight_squared / weight**2
    if effect < 1 - 1e-9:
        raise ValueError(f"no weights have these sums: {answers=}, {weight=}, {weight_squared=}")
    return DesignEffect(
        answers=round(answers), design_effect=effect, effective_answers=answers / effect
    )
