"""What loyalty is worth: the value of a class, growth that was earned, word beside deed."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from kokemus.measure._frame import IntoFrame
from kokemus.measure._frame.customers import count_said_and_done, sum_revenue
from kokemus.measure._loyalty_results import ClassValues, EarnedGrowth, SaidAndDone
from kokemus.measure._risk_sets import Counts, NotFollowUp, read_counts, read_risk_sets
from kokemus.measure._said_and_done import describe_said_and_done
from kokemus.measure._survival_curves import weigh_curve
from kokemus.measure._survival_results import UNTOLD
from kokemus.measure.intervals import check_confidence, share_interval
from kokemus.measure.results import Estimate

Margin = float | Mapping[Any, float]


def class_value(
    frame: IntoFrame,
    duration: str = "t",
    *,
    event: str = "e",
    group: str = "g",
    start: str | None = None,
    margin: Margin = 1.0,
    discount: float = 0.0,
    horizon: int | None = None,
    confidence: float = 0.95,
) -> ClassValues:
    """What a person of each class brings: the margins of the periods that the class stays for.

    Parameters
    ----------
    frame, duration, event, group, start
        As for `kaplan_meier`; times in periods, such as months.
    margin : float or mapping
        Margin of a period, of all classes or by class.
    discount : float
        Of a period, 0.01 being 1 %.
    horizon : int, optional
        How many periods count; by default as many as every class was followed for.
    confidence : float
        Nominal coverage of the intervals, over 0 and under 1.

    Returns
    -------
    ClassValues
        By class the sum over periods 1 to `horizon` of margin x share that stays longer /
        (1 + discount) ** period, with interval, in the unit of the margin.

    Raises
    ------
    UnknownColumn, NotNumbers, NotFollowUp
        As for `kaplan_meier`; `NotFollowUp` also where a class has no margin.

    Notes
    -----
    One group-by by class and distinct duration; with `start` a second one by distinct start.

    Behaviour: as `rmst`, of which this is the discounted sum. The interval is Greenwood's error
    on the logit scale between 0 and the value of one who never leaves; it holds the margin as
    known. The nominal 95 % covers 94.5 % with 20 people in the class and 94.9 % with 100 (seeded
    simulation, `tests/measure/test_loyalty.py`).

    Where it misleads: a difference between classes is what they bring, not what making one a
    promoter would bring: who stays scores high, too. Margins that grow or fall with time need
    their own sum. What comes after the horizon is not in it. And see the traps of `cox`: a class
    known only of those who stayed long enough to answer looks immortal.

    References
    ----------
    Gupta, S. and Lehmann, D. R. (2003). Customers as assets. Journal of Interactive Marketing 17,
    9-24.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"t": [2, 3, 3, 5, 8, 9, 9, 9], "e": [1, 1, 1, 1, 1, 0, 0, 0]})
    >>> frame = frame.with_columns(g=pl.Series(["a", "b"] * 4))
    >>> print(class_value(frame, margin=20, discount=0.01, horizon=8))
    a: 86.70 (34.30 to 130.90) in 8 periods at 20 each, discounted by 1 %; 4 rows
    b: 105.88 (51.95 to 138.88) in 8 periods at 20 each, discounted by 1 %; 4 rows
    """
    sets = read_risk_sets(frame, duration=duration, event=event, group=group, start=start)
    return class_value_from_counts(
        sets, margin=margin, discount=discount, horizon=horizon, confidence=confidence
    )


def class_value_from_counts(
    counts: Counts,
    *,
    margin: Margin = 1.0,
    discount: float = 0.0,
    horizon: int | None = None,
    confidence: float = 0.95,
) -> ClassValues:
    """What a person of each class brings, from counts.

    Parameters
    ----------
    counts : mapping
        As for `kaplan_meier_from_counts`.
    margin, discount, horizon, confidence
        As for `class_value`.

    Returns
    -------
    ClassValues

    Raises
    ------
    NotFollowUp
        A time is below 0, more were lost than at risk, or a class has no margin.

    Examples
    --------
    >>> counts = {"yearly": {12: (50, 5), 24: (40, 4)}, "monthly": {12: (60, 30), 24: (20, 8)}}
    >>> print(class_value_from_counts(counts, margin=20, discount=0.01).values["monthly"])
    312.96 (284.23 to 337.62)
    """
    check_confidence(confidence)
    if not discount > -1:
        raise ValueError(f"discount must be over -1: {discount}")
    sets = read_counts(counts)
    if horizon is None:
        horizon = math.floor(sets.ends.min(initial=math.inf)) if sets.groups else 0
    periods = np.arange(1, horizon + 1, dtype=float)
    found, margins = {}, {}
    for each in sets.each_group():
        margins[each.group] = _find_margin(margin, each.group)
        amounts = margins[each.group] / (1 + discount) ** periods
        place = np.searchsorted(each.times, periods, "right")
        weights = np.bincount(place, weights=amounts, minlength=len(each.times) + 1)
        found[each.group] = weigh_curve(each, weights.astype(float), horizon, confidence)
    return ClassValues(
        values={group: value.estimate for group, value in found.items()},
        standard_errors={group: value.error for group, value in found.items()},
        margins=margins,
        discount=discount,
        horizon=horizon,
        rows=sets.rows_by_group,
        missing=sets.missing,
        empty=sets.empty,
        confidence=confidence,
    )


def _find_margin(margin: Margin, group: Any) -> float:
    if not isinstance(margin, Mapping):
        return float(margin)
    if group not in margin:
        raise NotFollowUp(f"class {group!r} has no margin; there are: {list(margin)}")
    return float(margin[group])


def earned_growth(
    frame: IntoFrame,
    before: str = "before",
    now: str = "now",
    *,
    earned: str = "earned",
    confidence: float = 0.95,
) -> EarnedGrowth:
    """Earned growth: what customers who stay, and whom they bring, add to revenue.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per customer.
    before, now : str
        Columns of revenue in the last and in this period; null, NaN or 0 where the customer
        bought nothing. Who bought nothing before is new.
    earned : str
        Column of 1 or True where a new customer said to have come by referral or reputation, 0
        or False where by something bought (advertisement, sales), null where nobody asked.
    confidence : float
        Nominal coverage of the intervals, over 0 and under 1.

    Returns
    -------
    EarnedGrowth
        Net revenue retention, earned and bought new revenue, earned growth = retention + earned
        new - 1, all as shares of the last period's revenue.

    Raises
    ------
    UnknownColumn, NotNumbers
        A column is not there, or does not hold numbers.
    ValueError
        A revenue is below 0, or `earned` other than 0 and 1.

    Notes
    -----
    One select of sums, no group-by.

    Behaviour: none, no revenue before - None; nobody asked - retention stands, the rest "cannot
    tell"; all asked - no sampling error; missing - rows with neither revenue are counted;
    weighted - the share of the new that is earned is by revenue, and its Wilson interval rests on
    Kish's effective number of those asked, made larger as they are a larger part of all the new.
    The nominal 95 % covers 95.6 % with 40 of 200 asked and 94.9 % with 150 of 1,000, a third of
    them earned and revenue log-normal with a deviation of 0.8; where those who were brought spend
    more, 94.4 % (seeded simulations, `tests/measure/test_loyalty.py`).

    Where it misleads: the interval knows of sampling only. Those who answer "why did you come?"
    are not those who do not; ``.worst`` and ``.best`` show how far that could go. People name the
    friend and forget the advertisement. Retention mixes price rises with loyalty.

    References
    ----------
    Reichheld, F., Darnell, D. and Burns, M. (2021). Net Promoter 3.0. Harvard Business Review
    99(6).

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame(
    ...     {
    ...         "before": [40, 30, 20, 10] + [None] * 8,
    ...         "now": [45, 33, 28, None] + [3] * 8,
    ...         "earned": [None] * 4 + [1, 0, 0, 0, None, None, None, None],
    ...     }
    ... )
    >>> print(earned_growth(frame))  # doctest: +NORMALIZE_WHITESPACE
    earned growth 12.0 % (7.7 % to 20.2 %); 4 of 8 new customers asked, 95 % intervals
    kept 106.0 %, new and earned 6.0 % (1.7 % to 14.2 %),
    new and bought 18.0 % (9.8 % to 22.3 %): growth 30.0 %
    if those not asked were all bought 9.0 %, all earned 21.0 %
    """
    found = sum_revenue(frame, before=before, now=now, earned=earned)
    sums = {name: float(amounts[0]) for name, amounts in found.numbers.items()}
    if sums["below"]:
        raise ValueError(f"{sums['below']:,.0f} rows have a revenue below 0")
    if sums["odd"]:
        raise ValueError(f"column {earned!r} has other numbers than 0 and 1 in {sums['odd']:,.0f}")
    asked = sums["asked revenue"]
    return _describe_growth(
        before=sums["before"],
        returning=sums["returning"],
        new=sums["new"],
        share=sums["earned revenue"] / asked if asked else None,
        effective=asked**2 / sums["asked squares"] if asked else 0.0,
        asked_share=asked / sums["new"] if sums["new"] else None,
        asked=round(sums["asked"]),
        customers=round(sums["customers"]),
        missing=round(sums["missing"]),
        confidence=confidence,
    )


def earned_growth_from_sums(
    *,
    before: float,
    returning: float,
    new: float,
    earned: float,
    asked: float,
    customers: float | None = None,
    confidence: float = 0.95,
) -> EarnedGrowth:
    """Earned growth from revenue, and from how many new customers came by referral.

    Parameters
    ----------
    before : float
        The last period's revenue.
    returning, new : float
        This period's revenue of the last period's customers, and of new ones.
    earned, asked : float
        How many new customers came by referral or reputation, of how many who were asked.
    customers : float, optional
        How many new customers there are; by default so many that those asked are a small part.
    confidence : float
        As for `earned_growth`.

    Returns
    -------
    EarnedGrowth

    Raises
    ------
    ValueError
        More earned than asked, or more asked than there are.

    Examples
    --------
    >>> found = earned_growth_from_sums(before=100, returning=106, new=24, earned=10, asked=40)
    >>> print(found.earned_growth)
    0.12 (0.09 to 0.16)
    """
    if not 0 <= earned <= asked <= (math.inf if customers is None else customers):
        raise ValueError(f"earned {earned} of {asked} asked of {customers} new is not possible")
    return _describe_growth(
        before=before,
        returning=returning,
        new=new,
        share=earned / asked if asked else None,
        effective=float(asked),
        asked_share=asked / customers if customers else None,
        asked=round(asked),
        customers=None if customers is None else round(customers),
        missing=0,
        confidence=confidence,
    )


def _describe_growth(
    *,
    before: float,
    returning: float,
    new: float,
    share: float | None,
    effective: float,
    asked_share: float | None,
    asked: int,
    customers: int | None,
    missing: int,
    confidence: float,
) -> EarnedGrowth:
    check_confidence(confidence)
    is_known = before > 0
    kept = returning / before if is_known else None
    rate = new / before if is_known else 0.0
    part = _limit_share(share, effective, asked / customers if customers else 0.0, confidence)
    if not new:
        part = Estimate(0.0, 0.0, 0.0)
    earned_new = _scale(part, rate) if is_known else UNTOLD
    bounds: list[float | None] = [None, None]
    if kept is not None and asked_share is not None:
        sure = kept + rate * (share or 0.0) * asked_share - 1
        bounds = [sure, sure + rate * (1 - asked_share)]
    return EarnedGrowth(
        net_revenue_retention=kept,
        earned_new=earned_new,
        earned_growth=_shift(earned_new, (kept or 0.0) - 1),
        bought_new=_scale(_turn(part), rate) if is_known else UNTOLD,
        growth=None if kept is None else kept + rate - 1,
        earned_share=part if new else UNTOLD,
        worst=bounds[0],
        best=bounds[1],
        asked=asked,
        customers=customers,
        missing=missing,
        method="Wilson, Kish effective n, finite population",
        confidence=confidence,
    )


def _limit_share(
    share: float | None, effective: float, asked: float, confidence: float
) -> Estimate:
    """Limit a share of few asked; of all asked it is known."""
    if share is None:
        return UNTOLD
    if asked >= 1:
        return Estimate(share, share, share)
    trials = effective / (1 - asked)
    low, high = share_interval(share * trials, trials, confidence=confidence, method="wilson")
    return Estimate(share, low, high)


def _scale(one: Estimate, by: float) -> Estimate:
    return Estimate(*(None if x is None else by * x for x in (one.estimate, one.low, one.high)))


def _shift(one: Estimate, by: float) -> Estimate:
    return Estimate(*(None if x is None else by + x for x in (one.estimate, one.low, one.high)))


def _turn(one: Estimate) -> Estimate:
    return Estimate(*(None if x is None else 1 - x for x in (one.estimate, one.high, one.low)))


def said_versus_done(
    frame: IntoFrame, score: str = "score", *, done: str = "done", confidence: float = 0.95
) -> SaidAndDone:
    """Who said they would recommend, beside who did.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per person.
    score : str
        Column of answers to "would you recommend us?", whole numbers 0 to 10.
    done : str
        Column of 1 or True where the person has recommended since, 0 or False where not.
    confidence : float
        Nominal coverage of the intervals, over 0 and under 1.

    Returns
    -------
    SaidAndDone
        The table of word by deed with Wilson intervals, agreement, discrimination and calibration.

    Raises
    ------
    UnknownColumn, NotNumbers
        A column is not there, or does not hold numbers.
    OffScale
        An answer is not 0, 1, … 10.
    ValueError
        `done` has other numbers than 0 and 1.

    Notes
    -----
    One group-by by answer.

    Behaviour: none - "cannot tell"; one, equal - Wilson's intervals stand, discrimination needs
    both who did and who did not; missing - rows without answer or deed are counted; weighted -
    not taken. The interval of discrimination is DeLong's on the logit scale: the nominal 95 %
    covers 94.4 % with 100 people, that of calibration (Student's t) 94.5 % (seeded simulation,
    `tests/measure/test_loyalty.py`).

    Where it misleads: referrals are seen only where they are tracked, so shares are too low, and
    more so for customers whose friends do not use the code. Time matters: a month after the
    answer few have met anyone to tell. Who was asked may have been reminded.

    References
    ----------
    DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Comparing the areas under two or
    more correlated receiver operating characteristic curves. Biometrics 44, 837-845.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame(
    ...     {"score": [10, 9, 9, 10, 8, 7, 7, 6, 3, 0], "done": [1, 1, 0, 0, 1, 0, 0, 0, 0, 0]}
    ... )
    >>> print(said_versus_done(frame))
    detractors who recommended: 0 of 3, 0.0 % (0.0 % to 56.1 %)
    passives who recommended: 1 of 3, 33.3 % (6.1 % to 79.2 %)
    promoters who recommended: 2 of 4, 50.0 % (15.0 % to 85.0 %)
    promoters among who recommended: 66.7 % (20.8 % to 93.9 %)
    word and deed agree: 70.0 % (39.7 % to 89.2 %)
    who recommended had answered higher: 81.0 % (40.9 % to 96.3 %); 50 % is chance
    share who recommended, less the mean answer (10 is 100 %): -39.0 % (-70.7 % to -7.3 %)
    """
    table = count_said_and_done(frame, score=score, done=done)
    if odd := round(float(table.numbers["odd"].sum())):
        raise ValueError(f"column {done!r} has other numbers than 0 and 1 in {odd:,} rows")
    rows = zip(table.keys, table.numbers["did"], table.numbers["did not"], strict=True)
    counts = {
        float(key[0]): (float(did), float(did_not))  # type: ignore[arg-type]
        for key, did, did_not in rows
        if did + did_not > 0
    }
    missing = round(float(table.numbers["missing"].sum()))
    return describe_said_and_done(counts, column=score, missing=missing, confidence=confidence)


def said_versus_done_from_counts(
    counts: Mapping[float, tuple[float, float]], *, confidence: float = 0.95
) -> SaidAndDone:
    """Who said they would recommend, beside who did, from counts.

    Parameters
    ----------
    counts : mapping
        Answer to a pair: how many who gave it recommended, and how many did not.
    confidence : float
        As for `said_versus_done`.

    Returns
    -------
    SaidAndDone

    Raises
    ------
    OffScale
        An answer is not 0, 1, … 10.

    Examples
    --------
    >>> found = said_versus_done_from_counts({10: (30, 50), 8: (5, 60), 4: (1, 30)})
    >>> print(found.classes["promoter"])
    30 of 80, 37.5 % (27.7 % to 48.5 %)
    """
    return describe_said_and_done(dict(counts), column="score", missing=0, confidence=confidence)
