"""Penalty and reward: what fails when it is poor, and what delights when it is good."""

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kokemus.measure._asymmetry_results import NOT_CLASSIFIABLE, AttributeEffect, PenaltyRewards
from kokemus.measure._contrast_fit import Fit, fit_gram, respect_clusters, uncentre
from kokemus.measure._driver_estimates import NoPredictors
from kokemus.measure._frame import gram as sum_products
from kokemus.measure._frame import list_columns
from kokemus.measure._frame.contrasts import Contrasts, Limits, contrast, sum_robust
from kokemus.measure._given import given, lacking
from kokemus.measure.histograms import Floats
from kokemus.measure.intervals import check_confidence
from kokemus.measure.results import Estimate, write_count

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from kokemus.measure._frame import IntoFrame

Box = float | Collection[float]
CUTS = (0.2, 0.7)
CELL_MIN = 30
LABELS = ("frustrator", "dissatisfier", "hybrid", "satisfier", "delighter")
UNKNOWN = Estimate(None, None, None)


def penalty_reward(
    frame: "IntoFrame",
    outcome: str = "y",
    attributes: Sequence[str] | None = None,
    low: Box | None = None,
    high: Box | None = None,
    *,
    weight: str | None = None,
    cluster: str | Sequence[str] | None = None,
    errors: str = "robust",
    cuts: tuple[float, float] = CUTS,
    confidence: float = 0.95,
) -> PenaltyRewards:
    """Contrast low and high answers on each attribute with middle ones (PRCA, Kano's factors).

    One least-squares fit of the outcome on two dummies per attribute: the penalty of a low
    answer and the reward of a high one, all attributes held at once.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per answer.
    outcome : str
        Column of numbers, such as the overall score.
    attributes : sequence of str
        Columns of numbers: the ratings of the parts. One named twice counts once.
    low, high : number, tuple or collection
        Which answers are low, and which high: a number (up to `low`, from `high` on), a tuple of
        two (from, to), or a list, set or range of values. The rest is the middle.
    weight : str, optional
        Column of weights, 0 or more.
    cluster : str or sequence of str, optional
        Columns that tell answers that belong together; standard errors then respect them.
    errors : {"robust", "classical"}
        "robust": HC3, right where low answers scatter more than high ones, as they mostly do.
        "classical": one variance for all, as a plain regression prints.
    cuts : tuple of float
        Where the five labels part: hybrid up to the first, the outer labels from the second on.
    confidence : float
        Nominal coverage of the intervals.

    Returns
    -------
    PenaltyRewards
        Per attribute ``.penalty``, ``.reward``, ``.impact_asymmetry``, ``.factor``.

    Raises
    ------
    UnknownColumn, NotNumbers, NegativeWeights
        As for `nps`.
    NoPredictors
        No attribute is named, or the outcome is among them.
    ValueError
        Low and high overlap, or `cuts` are not 0 < first <= second <= 1.
    TypeError
        `attributes`, `low` or `high` is left out, or low or high is given in words.

    Notes
    -----
    Group-bys: one look at the first 1,000 rows and one for the Gram (two if values are missing);
    "robust" one select more. Rows that lack an item are left out, and counted.

    Impact asymmetry is (r - p) / (r + p) of the sizes; its interval is Fieller's. There is none
    where r + p may be 0. The factor: "excitement" if the asymmetry is over the first cut and its
    interval over 0; "basic" if below, alike; "performance" if it is within the cut and both
    penalty and reward are clearly there; otherwise, and where a wrong sign (a low answer that
    pays, a high one that costs) is no chance, "not classifiable". Every wrong sign is noted; the
    estimate follows Mikulić and Prebežac in taking sizes all the same, and the interval counts
    the part of the wrong sign as 0.

    Behaviour: none, or no more rows than coefficients - all None; all equal - the effects are 0
    without asymmetry; no low (high) answers - no penalty (reward); attributes that say the same -
    None for both; missing - listwise; weighted - least squares with weights. Cells of fewer than
    30 answers are noted. Nominal 95 % covers 94 to 97 % of penalties, rewards and asymmetries
    with 150 and with 300 rows, where low answers scatter twice as much as the rest; there the
    classical errors cover 84 % of penalties.

    Where it misleads: the cut of low and high makes the classes, so state it. Ratings share a
    halo, and effects are associations. Expectations move: what delights today is expected
    tomorrow, so estimate again.

    References
    ----------
    Brandt, D. (1987). A procedure for identifying value-enhancing service components using
    customer satisfaction survey data. In Surprenant (ed.), Add value to your service. AMA.
    Mikulić, J. and Prebežac, D. (2008). Prioritizing improvement of service attributes using
    impact range-performance analysis and impact-asymmetry analysis. Managing Service Quality
    18(6), 559-576.
    Fieller, E. (1954). Some problems in interval estimation. Journal of the Royal Statistical
    Society B 16, 175-185.

    Examples
    --------
    >>> import polars as pl
    >>> clean = [1, 2, 3, 4, 5, 3, 4, 3] * 30
    >>> gift = [3, 4, 5, 1, 3, 5, 2, 4, 3] * 26 + [3] * 6
    >>> noise = [n % 3 for n in range(240)]
    >>> overall = [6 - 3 * (c < 3) + 2 * (g > 4) + e for c, g, e in zip(clean, gift, noise)]
    >>> frame = pl.DataFrame({"clean": clean, "gift": gift, "overall": overall})
    >>> found = penalty_reward(
    ...     frame, outcome="overall", attributes=["clean", "gift"], low=2, high=5
    ... )
    >>> for effect in found:
    ...     print(effect.attribute, effect.factor, effect.impact_asymmetry)
    clean basic -0.97 (-1.00 to -0.85)
    gift excitement 0.50 (0.45 to 0.56)
    """
    check_confidence(confidence)
    named = list_columns(given(attributes, "penalty_reward", "attributes"))
    attributes = list(dict.fromkeys(named))
    if low is None or high is None:
        raise lacking("penalty_reward", "low" if low is None else "high")
    _check_options(outcome, attributes, cuts, errors)
    low_limits, high_limits = _read_boxes(low, high)
    keys = [cluster] if isinstance(cluster, str) else list(cluster or ())
    made = contrast(
        frame,
        outcome=outcome,
        attributes=attributes,
        low=low_limits,
        high=high_limits,
        weight=weight,
        cluster=keys,
    )
    table = sum_products(
        made.frame, columns=made.names, weight=made.weight, by=made.cluster or None
    )
    kept = table.is_complete
    answers = round(float(table.answers[kept].sum()))
    products = uncentre(table.products[kept].sum(axis=0), table.centre)
    fit = fit_gram(products, answers, outcome_centre=float(table.centre[-1]))
    counts = products[0, :-1]
    described = "classical standard errors"
    if fit is not None and keys:
        clusters, fit = respect_clusters(fit, table)
        described = f"standard errors over {write_count(clusters, 'cluster')}"
    if fit is not None and (errors == "robust" or weight is not None):
        fit, counts, described = _second_pass(made, fit, errors, described, has_clusters=bool(keys))
    return _conclude(
        outcome,
        attributes,
        fit,
        counts=counts,
        answers=answers,
        missing=round(float(table.answers.sum())) - answers,
        errors=described,
        cuts=cuts,
        confidence=confidence,
    )


def penalty_reward_from_gram(
    gram: "ArrayLike",
    *,
    attributes: Sequence[str],
    outcome: str = "outcome",
    cuts: tuple[float, float] = CUTS,
    confidence: float = 0.95,
) -> PenaltyRewards:
    """Contrast low and high answers, from sums of cross-products of the dummies.

    Parameters
    ----------
    gram : array (2 k + 2, 2 k + 2)
        Sums of products of ``[1, low of the first, high of the first, low of the second, …,
        outcome]`` over rows that lack nothing. Grams of parts add up.
    attributes : sequence of str
        The k attributes in that order.
    outcome : str
        Its name, for the print.
    cuts, confidence
        As for `penalty_reward`.

    Returns
    -------
    PenaltyRewards
        With classical standard errors: a Gram does not tell who scatters more.

    Raises
    ------
    NoPredictors, ValueError
        As for `penalty_reward`, or the Gram is not of that size.

    Examples
    --------
    >>> gram = [[90, 30, 30, 540], [30, 30, 0, 120], [30, 0, 30, 212], [540, 120, 212, 3700]]
    >>> found = penalty_reward_from_gram(gram, attributes=["staff"])["staff"]
    >>> print(found.factor, found.penalty)
    basic -2.93 (-3.85 to -2.01)
    """
    check_confidence(confidence)
    _check_options(outcome, attributes, cuts, "classical")
    products = np.asarray(gram, float)
    size = 2 * len(attributes) + 2
    if products.shape != (size, size):
        raise ValueError(
            f"a Gram of {len(attributes)} attributes is {size} by {size},"
            f" not {' by '.join(map(str, products.shape))}"
        )
    answers = round(float(products[0, 0]))
    return _conclude(
        outcome,
        attributes,
        fit_gram(products, answers),
        counts=products[0, :-1],
        answers=answers,
        missing=0,
        errors="classical standard errors",
        cuts=cuts,
        confidence=confidence,
    )


def _read_boxes(low: Box, high: Box) -> tuple[Limits, Limits]:
    """Read which answers are low and which high."""
    lows, highs = _read_box(low, is_low=True), _read_box(high, is_low=False)
    if isinstance(lows, frozenset) and isinstance(highs, frozenset):
        is_apart = not lows & highs
    else:
        is_apart = max(lows) < min(highs)
    if not is_apart:
        raise ValueError(f"low answers ({low}) and high ones ({high}) overlap")
    return lows, highs


def _read_box(box: Box | str, *, is_low: bool) -> Limits:
    """Return the limits (from, to), or the values."""
    if isinstance(box, int | float):
        return (-math.inf, float(box)) if is_low else (float(box), math.inf)
    if isinstance(box, str) or any(isinstance(value, str) for value in box):
        raise TypeError(f"{'low' if is_low else 'high'} answers are numbers, not words: {box!r}")
    values = tuple(map(float, box))
    if not values:
        raise ValueError(f"{'low' if is_low else 'high'} answers are none: name at least one")
    return (min(values), max(values)) if isinstance(box, tuple) else frozenset(values)


def _check_options(
    outcome: str, attributes: Sequence[str], cuts: tuple[float, float], errors: str
) -> None:
    if not attributes:
        raise NoPredictors("name at least one attribute")
    if outcome in attributes:
        raise NoPredictors(f"the outcome {outcome!r} is among the attributes")
    if not 0 < cuts[0] <= cuts[1] <= 1:
        raise ValueError(f"cuts must be 0 < first <= second <= 1, not {cuts}")
    if errors not in {"robust", "classical"}:
        raise ValueError(f"errors must be 'robust' or 'classical', not {errors!r}")


def _second_pass(
    made: Contrasts, fit: Fit, errors: str, described: str, *, has_clusters: bool
) -> tuple[Fit, Floats, str]:
    """Count the dummies, which a weighted Gram does not, and sum squared scores."""
    middle, counts = sum_robust(made, coefficients=fit.coefficients, inverse=fit.inverse)
    if has_clusters or errors == "classical":
        return fit, counts, described
    covariance = fit.inverse @ middle @ fit.inverse
    return replace(fit, covariance=covariance), counts, "robust standard errors (HC3)"


def _conclude(
    outcome: str,
    attributes: Sequence[str],
    fit: Fit | None,
    *,
    counts: Floats,
    answers: int,
    missing: int,
    errors: str,
    cuts: tuple[float, float],
    confidence: float,
) -> PenaltyRewards:
    effects = {
        attribute: _describe(attribute, place, fit, counts, cuts, confidence)
        for place, attribute in enumerate(attributes)
    }
    return PenaltyRewards(
        outcome=outcome,
        attributes=effects,
        r_squared=fit.r_squared if fit else None,
        intercept=float(fit.coefficients[0]) if fit else None,
        answers=answers,
        missing=missing,
        errors=errors,
        confidence=confidence,
    )


def _describe(
    attribute: str,
    place: int,
    fit: Fit | None,
    counts: Floats,
    cuts: tuple[float, float],
    confidence: float,
) -> AttributeEffect:
    pair = [1 + 2 * place, 2 + 2 * place]
    low, high = (round(float(counts[column])) for column in pair)
    middle = round(float(counts[0])) - low - high
    notes = [
        f"{name} answers: {count:,}"
        for name, count in (("low", low), ("middle", middle), ("high", high))
        if count < CELL_MIN
    ]
    penalty = reward = asymmetry = UNKNOWN
    impact = label = None
    factor, is_sure = NOT_CLASSIFIABLE, False
    if fit is not None:
        quantile = _student(confidence, fit.degrees)
        penalty, reward = (_estimate(fit, column, quantile) for column in pair)
    if fit is not None and penalty.estimate is not None and reward.estimate is not None:
        spread = fit.covariance[np.ix_(pair, pair)]
        asymmetry = _weigh(penalty.estimate, reward.estimate, spread, quantile)
        impact = abs(penalty.estimate) + abs(reward.estimate)
        notes += _list_wrong_signs(penalty, reward)
        factor, reason = _classify(penalty, reward, asymmetry, cuts[0])
        notes += [reason] if reason else []
    if factor != NOT_CLASSIFIABLE:
        label, is_sure = _label(asymmetry, cuts)
    return AttributeEffect(
        attribute=attribute,
        penalty=penalty,
        reward=reward,
        impact_asymmetry=asymmetry,
        range_of_impact=impact,
        factor=factor,
        label=label,
        is_label_sure=is_sure,
        low_answers=low,
        middle_answers=middle,
        high_answers=high,
        notes=tuple(notes),
    )


def _student(confidence: float, degrees: float) -> float:
    from scipy.special import stdtrit  # 0.1 s to import: only who asks for it waits

    return float(stdtrit(degrees, (1 + confidence) / 2))


def _estimate(fit: Fit, column: int, quantile: float) -> Estimate:
    if not fit.is_told[column]:
        return UNKNOWN
    value, variance = float(fit.coefficients[column]), float(fit.covariance[column, column])
    if not math.isfinite(variance):
        return Estimate(value, None, None)
    margin = quantile * math.sqrt(max(variance, 0.0))
    return Estimate(value, value - margin, value + margin)


def _weigh(penalty: float, reward: float, spread: Floats, quantile: float) -> Estimate:
    """Return the impact asymmetry with Fieller's interval; none where the range may be 0."""
    size = abs(penalty) + abs(reward)
    if size < 1e-12:
        return UNKNOWN
    asymmetry = (abs(reward) - abs(penalty)) / size
    over, under = reward + penalty, reward - penalty
    turn = np.array([[1.0, 1.0], [-1.0, 1.0]])
    (over_variance, both), (_, under_variance) = turn @ spread @ turn.T
    square = quantile**2
    lead = under**2 - square * under_variance
    if not (lead > 0 and under > 0):
        return Estimate(asymmetry, None, None)
    half = over * under - square * both
    inside = half**2 - lead * (over**2 - square * over_variance)
    root = math.sqrt(max(float(inside), 0.0))
    low, high = (min(1.0, max(-1.0, float(half + sign * root) / lead)) for sign in (-1, 1))
    return Estimate(asymmetry, float(min(low, asymmetry)), float(max(high, asymmetry)))


def _list_wrong_signs(penalty: Estimate, reward: Estimate) -> list[str]:
    """Note effects of the wrong sign, beyond rounding, and those that are surely so."""
    notes = []
    for name, value, sure in (
        ("low answers pay", penalty.estimate, penalty.low),
        ("high answers cost", _turn(reward.estimate), _turn(reward.high)),
    ):
        if value is not None and value > 1e-9:
            is_sure = sure is not None and sure > 0
            notes.append(f"wrong sign{'' if is_sure else ', perhaps by chance'}: {name}")
    return notes


def _turn(value: float | None) -> float | None:
    return None if value is None else -value


def _classify(
    penalty: Estimate, reward: Estimate, asymmetry: Estimate, cut: float
) -> tuple[str, str | None]:
    """Return the factor, and why there is none."""
    value, low, high = asymmetry.estimate, asymmetry.low, asymmetry.high
    if value is None or low is None or high is None:
        return NOT_CLASSIFIABLE, "penalty and reward together may be 0"
    if (penalty.low or 0.0) > 0 or (reward.high or 0.0) < 0:
        return NOT_CLASSIFIABLE, None
    if value > cut and low > 0:
        return "excitement", None
    if value < -cut and high < 0:
        return "basic", None
    is_penalty = penalty.high is not None and penalty.high < 0
    is_reward = reward.low is not None and reward.low > 0
    if abs(value) <= cut and is_penalty and is_reward:
        return "performance", None
    return NOT_CLASSIFIABLE, "the interval of the asymmetry is too wide"


def _label(asymmetry: Estimate, cuts: tuple[float, float]) -> tuple[str, bool]:
    """Return the label of the estimate, and whether the interval stays with it."""
    assert asymmetry.estimate is not None
    assert asymmetry.low is not None
    assert asymmetry.high is not None
    places = [
        int(np.searchsorted([-cuts[1], -cuts[0], cuts[0], cuts[1]], value, side="left"))
        for value in (asymmetry.estimate, asymmetry.low, asymmetry.high)
    ]
    return LABELS[places[0]], len(set(places)) == 1
