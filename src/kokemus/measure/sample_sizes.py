"""How many answers it takes, and what so many can show: NPS and shares, both ways round."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from kokemus.measure.intervals import check_confidence, normal_quantile
from kokemus.measure.results import HtmlTable, Result, write_count

if TYPE_CHECKING:
    import altair

POINTS = 100.0
PSEUDO_ANSWERS = 3.0  # those of the adjusted Wald interval, ¾ + 1½ + ¾
Mix = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Plan(Result):
    """What a number of answers can show.

    Attributes
    ----------
    answers : int
        How many answers (of each group, where two are compared).
    margin : float or None
        Half the width of the interval, in `unit`.
    difference : float or None
        The difference of two groups to find, in `unit`.
    power : float or None
        The chance to find it, 0 to 1.
    confidence : float
    unit : str
        "points" or "percent".
    method : str
    """

    answers: int
    margin: float | None
    difference: float | None
    power: float | None
    confidence: float
    unit: str
    method: str

    def __str__(self) -> str:
        unit = " %" if self.unit == "percent" else " points"
        percent = f"{100 * self.confidence:.4g} %"
        if self.margin is not None:
            answers = write_count(self.answers, "answer")
            return f"{answers}: ± {self.margin:.2f}{unit} ({percent} interval)"
        assert self.difference is not None
        assert self.power is not None
        return (
            f"{write_count(self.answers, 'answer')} in each group find a difference of"
            f" {self.difference:.2f}{unit} {100 * self.power:.1f} % of the time"
            f" ({percent} confidence)"
        )

    def _table(self) -> HtmlTable:
        header = ("answers", "margin", "difference", "power", "confidence")
        return header, [
            (self.answers, self.margin, self.difference, self.power, self.confidence),
        ]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_intervals

        reach = self.margin if self.margin is not None else self.difference
        return draw_intervals([Interval(str(self.answers), 0.0, -(reach or 0.0), reach)])


def nps_sample_size(margin: float, *, mix: Mix, confidence: float = 0.95) -> Plan:
    """Answers that an interval of an NPS needs to be no wider than a margin on both sides.

    Parameters
    ----------
    margin : float
        Half the width, in points, over 0.
    mix : tuple of float
        Expected shares (or counts) of detractors, passives and promoters.
    confidence : float
        Nominal coverage, over 0 and under 1.

    Returns
    -------
    Plan
        With ``.answers`` rounded up and the margin that they give.

    Raises
    ------
    ValueError
        The margin is not over 0, or the mix is impossible.

    Notes
    -----
    n = z²s²/d² - 3, from the adjusted Wald interval, which has 3 answers more; s² is the
    variance of one answer, p₊ + p₋ - (p₊ - p₋)², and d the margin as a share. Where the mix is
    not known, 0.67 (thirds) to 1 (halves of detractors and promoters) is the most it can be.

    Where it misleads: these are answers, not invitations (divide by the response rate), of
    different people (multiply by the design effect).

    References
    ----------
    Rocks, B. (2016). Interval estimation for the "Net Promoter Score". The American Statistician
    70, 365-372.

    Examples
    --------
    >>> print(nps_sample_size(5, mix=(0.2, 0.3, 0.5)))
    935 answers: ± 5.00 points (95 % interval)
    """
    _check_positive("margin", margin)
    share = margin / POINTS
    z = normal_quantile(confidence)
    answers = math.ceil(round(z**2 * nps_variance(mix) / share**2 - PSEUDO_ANSWERS, 9))
    return nps_margin(max(answers, 1), mix=mix, confidence=confidence)


def nps_margin(answers: float, *, mix: Mix, confidence: float = 0.95) -> Plan:
    """Margin of an NPS that a number of answers gives.

    Parameters
    ----------
    answers : float
        Over 0.
    mix, confidence
        As for `nps_sample_size`.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        There are no answers, or the mix is impossible.

    Notes
    -----
    As for `nps_sample_size`, turned round.

    Examples
    --------
    >>> print(nps_margin(100, mix=(0.2, 0.3, 0.5)))
    100 answers: ± 15.08 points (95 % interval)
    """
    _check_positive("answers", answers)
    z = normal_quantile(confidence)
    margin = z * math.sqrt(nps_variance(mix) / (answers + PSEUDO_ANSWERS))
    return _plan(answers, confidence, "points", "adjusted Wald", margin=POINTS * margin)


def nps_difference_sample_size(
    difference: float,
    *,
    mix: Mix,
    other_mix: Mix | None = None,
    power: float = 0.8,
    confidence: float = 0.95,
) -> Plan:
    """Answers in each of two groups that find a difference of NPS with a given power.

    Parameters
    ----------
    difference : float
        In points; its sign does not matter.
    mix, other_mix : tuple of float
        Expected shares of detractors, passives and promoters in the two groups; the second is
        taken as the first where it is left out.
    power : float
        The chance to find the difference if it is so large, over 0 and under 1.
    confidence : float
        Of the test that is to find it.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        The difference is 0, the power is not a chance, or a mix is impossible.

    Notes
    -----
    n = (s₁² + s₂²)(z_α + z_β)²/d² - 3 in each group. With 900 answers each and mixes of
    (20, 30, 50) and (15, 30, 55) the power is 80.0 %; simulated it is 80.1 %.

    Where it misleads: as `nps_sample_size`. A study planned for 80 % misses a difference of just
    that size every fifth time.

    Examples
    --------
    >>> print(nps_difference_sample_size(10, mix=(0.2, 0.3, 0.5), other_mix=(0.15, 0.3, 0.55)))
    900 answers in each group find a difference of 10.00 points 80.0 % of the time (95 % confidence)
    """
    share = abs(difference) / POINTS
    _check_positive("difference", share)
    spread = nps_variance(mix) + nps_variance(other_mix or mix)
    quantiles = normal_quantile(confidence) + _power_quantile(power)
    answers = math.ceil(round(spread * quantiles**2 / share**2 - PSEUDO_ANSWERS, 9))
    return nps_difference_power(
        difference, answers=max(answers, 1), mix=mix, other_mix=other_mix, confidence=confidence
    )


def nps_difference_power(
    difference: float,
    *,
    answers: float,
    mix: Mix,
    other_mix: Mix | None = None,
    confidence: float = 0.95,
) -> Plan:
    """Chance to find a difference of NPS with so many answers in each group.

    Parameters
    ----------
    difference : float
        In points; its sign does not matter.
    answers : float
        Of each group, over 0.
    mix, other_mix, confidence
        As for `nps_difference_sample_size`.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        There are no answers, or a mix is impossible.

    Examples
    --------
    >>> print(nps_difference_power(5, answers=500, mix=(0.2, 0.3, 0.5)))
    500 answers in each group find a difference of 5.00 points 17.2 % of the time (95 % confidence)
    """
    _check_positive("answers", answers)
    spread = nps_variance(mix) + nps_variance(other_mix or mix)
    away = abs(difference) / POINTS / math.sqrt(spread / (answers + PSEUDO_ANSWERS))
    power = NormalDist().cdf(away - normal_quantile(confidence))
    return _plan(
        answers, confidence, "points", "adjusted Wald", difference=abs(difference), power=power
    )


def share_sample_size(margin: float, *, share: float, confidence: float = 0.95) -> Plan:
    """Answers that Wilson's interval of a share needs to be no wider than a margin on both sides.

    Parameters
    ----------
    margin : float
        Half the width, in percent, over 0 and under 50.
    share : float
        The expected share, 0 to 1; 0.5 needs the most.
    confidence : float
        Nominal coverage, over 0 and under 1.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        The margin or the share is impossible.

    Notes
    -----
    The half width of Wilson's interval, z√(p(1-p)/n + z²/4n²)/(1 + z²/n), falls with n; the
    least n is found where it is under the margin. Where it misleads: as `nps_sample_size`.

    Examples
    --------
    >>> print(share_sample_size(5, share=0.8))
    245 answers: ± 4.99 % (95 % interval)
    """
    if not 0 < margin < POINTS / 2:
        raise ValueError(f"margin must be over 0 and under 50 percent, not {margin}")
    low, high = 0, 1
    while _wilson_margin(high, share, confidence) > margin:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        is_wide = _wilson_margin(middle, share, confidence) > margin
        low, high = (middle, high) if is_wide else (low, middle)
    return share_margin(high, share=share, confidence=confidence)


def share_margin(answers: float, *, share: float, confidence: float = 0.95) -> Plan:
    """Margin of a share that a number of answers gives.

    Parameters
    ----------
    answers : float
        Over 0.
    share, confidence
        As for `share_sample_size`.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        There are no answers, or the share is impossible.

    Examples
    --------
    >>> print(share_margin(100, share=0.8))
    100 answers: ± 7.77 % (95 % interval)
    """
    margin = _wilson_margin(answers, share, confidence)
    return _plan(answers, confidence, "percent", "Wilson", margin=margin)


def share_difference_sample_size(
    share: float, other_share: float, *, power: float = 0.8, confidence: float = 0.95
) -> Plan:
    """Answers in each of two groups that find a difference of shares with a given power.

    Parameters
    ----------
    share, other_share : float
        The two shares, 0 to 1, unlike.
    power, confidence
        As for `nps_difference_sample_size`.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        The shares are alike or impossible, or the power is not a chance.

    Notes
    -----
    The usual normal approximation: n = (z_α√(2p̄(1-p̄)) + z_β√(p₁(1-p₁) + p₂(1-p₂)))²/(p₁-p₂)².

    References
    ----------
    Fleiss, J. L., Levin, B. and Paik, M. C. (2003). Statistical methods for rates and
    proportions, 3rd edition. Wiley, chapter 4.

    Examples
    --------
    >>> print(share_difference_sample_size(0.5, 0.75, power=0.9))
    77 answers in each group find a difference of 25.00 % 90.1 % of the time (95 % confidence)
    """
    apart, pooled, own = _spread_shares(share, other_share)
    _check_positive("difference of the shares", apart)
    root = normal_quantile(confidence) * pooled + _power_quantile(power) * own
    answers = math.ceil(round((root / apart) ** 2, 9))
    return share_difference_power(share, other_share, answers=answers, confidence=confidence)


def share_difference_power(
    share: float, other_share: float, *, answers: float, confidence: float = 0.95
) -> Plan:
    """Chance to find a difference of shares with so many answers in each group.

    Parameters
    ----------
    share, other_share : float
        The two shares, 0 to 1.
    answers : float
        Of each group, over 0.
    confidence : float
        Of the test that is to find it.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        There are no answers, or a share is impossible.

    Examples
    --------
    >>> print(f"{share_difference_power(0.5, 0.75, answers=50).power:.3f}")
    0.740
    """
    _check_positive("answers", answers)
    apart, pooled, own = _spread_shares(share, other_share)
    away = math.sqrt(answers) * apart - normal_quantile(confidence) * pooled
    power = NormalDist().cdf(away / own) if own else float(away > 0)
    return _plan(answers, confidence, "percent", "normal", difference=POINTS * apart, power=power)


def nps_variance(mix: Mix) -> float:
    """Variance of one answer's worth, -1, 0 or 1, from a mix of detractors, passives, promoters.

    Parameters
    ----------
    mix : tuple of float
        Shares or counts.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    ValueError
        A share is below 0, or all are 0.

    Examples
    --------
    >>> print(f"{nps_variance((20, 30, 50)):.2f}")
    0.61
    """
    if len(mix) != 3 or not min(mix) >= 0 or not sum(mix) > 0:
        raise ValueError(f"a mix is three shares of 0 or more, not {mix}")
    down, _, up = (share / sum(mix) for share in mix)
    return up + down - (up - down) ** 2


def _wilson_margin(answers: float, share: float, confidence: float) -> float:
    _check_positive("answers", answers)
    _check_share(share)
    z = normal_quantile(confidence)
    spread = share * (1 - share) / answers + z**2 / (4 * answers**2)
    return POINTS * z * math.sqrt(spread) / (1 + z**2 / answers)


def _spread_shares(share: float, other: float) -> tuple[float, float, float]:
    _check_share(share)
    _check_share(other)
    middle = (share + other) / 2
    own = math.sqrt(share * (1 - share) + other * (1 - other))
    return abs(share - other), math.sqrt(2 * middle * (1 - middle)), own


def _power_quantile(power: float) -> float:
    if not 0 < power < 1:
        raise ValueError(f"power must be over 0 and under 1 (0.8 is usual), not {power}")
    return NormalDist().inv_cdf(power)


def _check_positive(name: str, number: float) -> None:
    if not 0 < number < math.inf:
        raise ValueError(f"{name} must be over 0, not {number}")


def _check_share(share: float) -> None:
    if not 0 <= share <= 1:
        raise ValueError(f"a share is 0 to 1, not {share}")


def _plan(
    answers: float,
    confidence: float,
    unit: str,
    method: str,
    *,
    margin: float | None = None,
    difference: float | None = None,
    power: float | None = None,
) -> Plan:
    return Plan(
        answers=math.ceil(answers),
        margin=margin,
        difference=difference,
        power=power,
        confidence=check_confidence(confidence),
        unit=unit,
        method=method,
    )
