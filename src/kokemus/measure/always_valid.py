"""Bounds and intervals that hold at every look at once, however often and whenever one looks.

A bound is of a sum S whose steps have mean 0, against the variance v that it has gathered: the
chance that S ever exceeds it is at most 1 - confidence. Each is narrowest, for its size, about the
variance that was planned; the plan must be made before the first look, never fitted afterwards.
"""

import math
from collections.abc import Callable

from kokemus.measure.intervals import check_confidence, check_share

ZETA_POWER = 1.4  # of the stitched bound: how fast its epochs spend the error
EPOCH_RATIO = 2.0
LEAST_PRIOR = 1e-3
SMALLEST = 1e-300


def normal_mixture_rho(planned: float, *, confidence: float = 0.95, sides: int = 2) -> float:
    """Mixture parameter ρ that makes the normal-mixture bound narrowest at the planned variance.

    Parameters
    ----------
    planned : float
        Variance that will have gathered at the planned end, over 0.
    confidence : float
        Nominal coverage, over 0 and under 1.
    sides : {1, 2}
        Bound from above only, or from both sides.

    Returns
    -------
    float
        ρ in the unit of the variance.

    Raises
    ------
    ValueError
        `planned` is not over 0, or the confidence or the sides are not allowed.

    References
    ----------
    Howard, S. R., Ramdas, A., McAuliffe, J. and Sekhon, J. (2021). Time-uniform, nonparametric,
    nonasymptotic confidence sequences. Annals of Statistics 49(2), 1055-1080.

    Examples
    --------
    >>> round(normal_mixture_rho(100), 5)
    12.60056
    """
    _check_over_zero(planned=planned)
    if sides not in (1, 2):
        raise ValueError(f"sides must be 1 or 2, not {sides}")
    error = (1 - check_confidence(confidence)) * (2 if sides == 1 else 1)
    spent = -2 * math.log(error)
    if spent <= 0:
        raise ValueError(f"a one-sided bound needs a confidence over 0.5, not {confidence}")
    return planned / (spent + math.log1p(spent))


def normal_mixture_bound(variance: float, *, planned: float, confidence: float = 0.95) -> float:
    """Two-sided normal-mixture bound: ``|S|`` stays below it for ever with this confidence.

    Parameters
    ----------
    variance : float
        Variance gathered by now, over 0.
    planned, confidence
        As for `normal_mixture_rho`.

    Returns
    -------
    float
        In the unit of the sum.

    Raises
    ------
    ValueError
        A variance is not over 0, or the confidence is not allowed.

    Notes
    -----
    Where it misleads: it is for steps with normal or lighter tails; for means of other answers it
    holds once there are some tens (`always_valid_difference`).

    References
    ----------
    Robbins, H. (1970). Statistical methods related to the law of the iterated logarithm. Annals of
    Mathematical Statistics 41, 1397-1409. Howard et al. (2021), as for `normal_mixture_rho`.

    Examples
    --------
    >>> round(normal_mixture_bound(100, planned=100), 5)
    30.35209
    """
    _check_over_zero(variance=variance)
    rho = normal_mixture_rho(planned, confidence=confidence)
    error = 1 - confidence
    return math.sqrt((variance + rho) * (math.log1p(variance / rho) - 2 * math.log(error)))


def one_sided_normal_mixture_bound(
    variance: float, *, planned: float, confidence: float = 0.95
) -> float:
    """One-sided normal-mixture bound: S itself stays below it for ever with this confidence.

    Parameters
    ----------
    variance, planned, confidence
        As for `normal_mixture_bound`; the confidence over 0.5.

    Returns
    -------
    float
        In the unit of the sum.

    Raises
    ------
    ValueError
        As for `normal_mixture_bound`.

    References
    ----------
    Howard et al. (2021), as for `normal_mixture_rho`.

    Examples
    --------
    >>> round(one_sided_normal_mixture_bound(100, planned=100), 5)
    27.66071
    """
    from scipy.special import log_ndtr

    _check_over_zero(variance=variance)
    rho = normal_mixture_rho(planned, confidence=confidence, sides=1)
    total = variance + rho
    shrinkage = math.log(4 * rho / total) / 2

    def log_wealth(sum_: float) -> float:
        return shrinkage + sum_**2 / (2 * total) + float(log_ndtr(sum_ / math.sqrt(total)))

    return _first_crossing(log_wealth, confidence)


def gamma_exponential_bound(
    variance: float, *, planned: float, confidence: float = 0.95, scale: float = 1.0
) -> float:
    """Gamma-exponential bound, for steps whose upper tail is as heavy as an exponential one's.

    Parameters
    ----------
    variance, planned, confidence
        As for `one_sided_normal_mixture_bound`.
    scale : float
        c, the scale of the tail, in the unit of the sum, over 0.

    Returns
    -------
    float
        In the unit of the sum.

    Raises
    ------
    ValueError
        As for `normal_mixture_bound`, or the scale is not over 0.

    References
    ----------
    Howard et al. (2021), proposition 9.

    Examples
    --------
    >>> round(gamma_exponential_bound(100, planned=100), 5)
    30.23813
    """
    from scipy.special import gammainc, gammaln

    _check_over_zero(variance=variance, scale=scale)
    rho = normal_mixture_rho(planned, confidence=confidence, sides=1)
    prior, shape = rho / scale**2, (variance + rho) / scale**2
    constant = prior * math.log(prior) - gammaln(prior) - math.log(gammainc(prior, prior))

    def log_wealth(sum_: float) -> float:
        rate = shape + sum_ / scale
        tail = gammaln(shape) + math.log(gammainc(shape, rate)) - shape * math.log(rate)
        return float(constant + tail + rate - prior)

    return _first_crossing(log_wealth, confidence)


def gamma_poisson_bound(
    variance: float, *, planned: float, confidence: float = 0.95, scale: float = 1.0
) -> float:
    """Gamma-Poisson bound, for steps of at most `scale` upwards, such as counts of rare events.

    Parameters
    ----------
    variance, planned, confidence
        As for `one_sided_normal_mixture_bound`.
    scale : float
        c, the largest step upwards, in the unit of the sum, over 0.

    Returns
    -------
    float
        In the unit of the sum.

    Raises
    ------
    ValueError
        As for `normal_mixture_bound`, or the scale is not over 0.

    References
    ----------
    Howard et al. (2021), proposition 10.

    Examples
    --------
    >>> round(gamma_poisson_bound(100, planned=100), 5)
    28.95327
    """
    from scipy.special import gammaincc, gammaln

    _check_over_zero(variance=variance, scale=scale)
    rho = normal_mixture_rho(planned, confidence=confidence, sides=1)
    prior, rate = rho / scale**2, (variance + rho) / scale**2
    constant = prior * math.log(prior) - gammaln(prior) - math.log(gammaincc(prior, prior))

    def log_wealth(sum_: float) -> float:
        shape = rate + sum_ / scale
        tail = gammaln(shape) + math.log(gammaincc(shape, rate)) - shape * math.log(rate)
        return float(constant + tail + rate - prior)

    return _first_crossing(log_wealth, confidence)


def stitched_bound(
    variance: float, *, least: float, confidence: float = 0.95, scale: float = 0.0
) -> float:
    """Polynomial stitched bound: grows as slowly as the law of the iterated logarithm allows.

    Parameters
    ----------
    variance : float
        Variance gathered by now, over 0.
    least : float
        Variance from which on the bound is sharp; below it the bound is flat. Over 0.
    confidence : float
        Nominal coverage, over 0 and under 1.
    scale : float
        c of a sub-gamma tail, 0 for a normal one.

    Returns
    -------
    float
        In the unit of the sum.

    Raises
    ------
    ValueError
        As for `normal_mixture_bound`, or the scale is below 0.

    References
    ----------
    Howard et al. (2021), theorem 1, with h(k) = (k + 1)^1.4 ζ(1.4) and epochs that double.

    Examples
    --------
    >>> round(stitched_bound(100, least=100), 4)
    29.169
    """
    from scipy.special import zeta

    _check_over_zero(variance=variance, least=least)
    if not 0 <= scale < math.inf:
        raise ValueError(f"scale must be 0 or more, not {scale}")
    reached = max(variance, least)
    epochs = math.log(EPOCH_RATIO * reached / least) / math.log(EPOCH_RATIO)
    spent = ZETA_POWER * math.log(epochs) + math.log(
        zeta(ZETA_POWER) / (1 - check_confidence(confidence))
    )
    spread = (EPOCH_RATIO**0.25 + EPOCH_RATIO**-0.25) ** 2 / 2
    drift = (math.sqrt(EPOCH_RATIO) + 1) / 2 * scale * spent
    return math.sqrt(spread * reached * spent + drift**2) + drift


def always_valid_share(
    successes: float, trials: float, *, planned: float, confidence: float = 0.95
) -> tuple[float, float]:
    """Always-valid interval of a share: a beta-binomial confidence sequence.

    Parameters
    ----------
    successes, trials : float
        0 <= successes <= trials, trials over 0.
    planned : float
        Trials at which the interval is to be narrowest, over 0, fixed before the first look.
    confidence : float
        The share is within the interval at all looks together with this chance or more.

    Returns
    -------
    tuple of float
        Low and high as shares, within 0 and 1.

    Raises
    ------
    ValueError
        The counts are impossible, there are no trials, or the plan or confidence is not allowed.

    Notes
    -----
    Where it misleads: it is wider than an interval for one look, which is the price of looking;
    it holds for independent trials with one share, not for one that drifts.

    References
    ----------
    Howard et al. (2021), as for `normal_mixture_rho`; Robbins (1970).

    Examples
    --------
    >>> low, high = always_valid_share(700, 1000, planned=100)
    >>> print(f"{low:.6f} to {high:.6f}")
    0.651630 to 0.745950
    """
    from scipy.special import betaln

    check_share(successes, trials)
    _check_over_zero(planned=planned)
    failures = trials - successes
    limit = -math.log(1 - check_confidence(confidence))

    def log_evidence(share: float) -> float:
        spread = share * (1 - share)
        rho = normal_mixture_rho(planned * spread, confidence=confidence) - spread
        prior = max(rho, LEAST_PRIOR * spread)
        won, lost = prior / (1 - share), prior / share
        likelihood = successes * math.log(share) + failures * math.log1p(-share)
        return float(betaln(won + successes, lost + failures) - betaln(won, lost) - likelihood)

    low, high = SMALLEST, math.nextafter(1.0, 0.0)
    found = min(max(successes / trials, low), high)
    return (  # a prior that trusts the plan may leave even an end that cannot be
        _solve(lambda p: log_evidence(p) - limit, low, found)
        if successes and log_evidence(low) > limit
        else 0.0,
        _solve(lambda p: log_evidence(p) - limit, found, high)
        if failures and log_evidence(high) > limit
        else 1.0,
    )


def always_valid_difference(
    estimate: float, standard_error: float, *, progress: float, confidence: float = 0.95
) -> tuple[float, float]:
    """Always-valid interval of a difference of means: an asymptotic confidence sequence.

    The normal mixture with its ρ fixed from the plan, on the scale of the information gathered.

    Parameters
    ----------
    estimate, standard_error : float
        Of the difference, now.
    progress : float
        Information gathered over the information at the planned end: with arms in their planned
        shares, the answers there are over the answers planned. Over 0; it may pass 1.
    confidence : float
        Nominal coverage of all looks together, over 0 and under 1.

    Returns
    -------
    tuple of float
        Low and high in the unit of the estimate.

    Raises
    ------
    ValueError
        The standard error is below 0, or the progress or the confidence is not allowed.

    Notes
    -----
    Where it misleads: it rests on normal means, so the first looks should wait for some tens of
    answers in each arm: looked at after every answer from 30 in each arm on, four times the plan
    long, it held at all looks in 97 % of experiments with usual scores
    (`tests/measure/test_experiment_coverage.py`); `experiment` gives none earlier. At the planned
    end it is 1.55 times as wide as the interval for one look.

    References
    ----------
    Waudby-Smith, I., Arbour, D., Sinha, R., Kennedy, E. H. and Ramdas, A. (2024). Time-uniform
    central limit theory and asymptotic confidence sequences. Annals of Statistics 52(6), 2613-2640.

    Examples
    --------
    >>> low, high = always_valid_difference(0.30, 0.10, progress=1)
    >>> print(f"{low:.4f} to {high:.4f}")
    -0.0035 to 0.6035
    """
    if not standard_error >= 0:
        raise ValueError(f"standard_error must be 0 or more, not {standard_error}")
    _check_over_zero(progress=progress)
    bound = normal_mixture_bound(progress, planned=1.0, confidence=confidence)
    margin = standard_error * bound / math.sqrt(progress)
    return estimate - margin, estimate + margin


def _first_crossing(log_wealth: Callable[[float], float], confidence: float) -> float:
    """Find the sum at which the evidence against a mean of 0 reaches 1 / error."""
    limit = -math.log(1 - confidence)
    high = 1.0
    while log_wealth(high) < limit:
        high *= 2
    return _solve(lambda sum_: log_wealth(sum_) - limit, 0.0, high)


def _solve(function: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(function, low, high, xtol=1e-15, rtol=1e-14))


def _check_over_zero(**amounts: float) -> None:
    for name, amount in amounts.items():
        if not 0 < amount < math.inf:
            raise ValueError(f"{name} must be over 0, not {amount}")
