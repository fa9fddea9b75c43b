"""Confidence intervals from counts alone: the Net Promoter Score, a share, a mean.

Counts may be fractions: a weighted survey passes its effective counts.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kokemus.measure._bootstrap import bootstrap_interval as bootstrap_interval

Floats = NDArray[np.float64]

POINTS = 100.0
HALVINGS = 60  # of a bracket at most 2 wide: down to the last bit of a double, at the worst
BITS = 1e-15
PSEUDO_ANSWERS = (0.75, 1.5, 0.75)
NPS_METHODS = ("score", "adjusted_wald", "wald")
SHARE_METHODS = ("wilson", "clopper_pearson", "wald")


def nps_interval(
    detractors: float,
    passives: float,
    promoters: float,
    confidence: float = 0.95,
    method: str = "score",
) -> tuple[float, float]:
    """Confidence interval of a Net Promoter Score from its three counts.

    Parameters
    ----------
    detractors, passives, promoters : float
        Answers 0-6, 7-8 and 9-10. At least one answer in all; fractions are effective counts.
    confidence : float
        Nominal coverage, over 0 and under 1.
    method : {"score", "adjusted_wald", "wald"}
        ``"score"`` inverts the score test (Tango). ``"adjusted_wald"`` adds the pseudo-answers
        ¾, 1½, ¾ and uses the normal approximation. ``"wald"`` is the plain approximation.

    Returns
    -------
    tuple of float
        Low and high in points. The score interval always lies within -100 and 100.

    Raises
    ------
    ValueError
        A count is negative, there is no answer, or the confidence or the method is not allowed.

    Notes
    -----
    Where it misleads: all three assume independent answers of different people; repeated answers
    of the same contacts make every one of them too narrow. Exact coverage over seven usual mixes,
    10 to 100 answers: the score interval 94.7 % or more, adjusted Wald 92.9 % or more, Wald as
    little as 65 % (10 answers, 90 % promoters). Wald claims certainty when all answer alike; it is
    here for comparing with tools that show it. Wald and adjusted Wald can leave -100 to 100.

    References
    ----------
    Tango, T. (1998). Equivalence test and confidence interval for the difference in proportions
    for the paired-sample design. Statistics in Medicine 17, 891-908.
    Rocks, B. (2016). Interval estimation for the "Net Promoter Score". The American Statistician
    70, 365-372.

    Examples
    --------
    >>> low, high = nps_interval(8, 9, 19)
    >>> print(f"{low:.2f} to {high:.2f}")
    2.32 to 53.87
    """
    counts = (detractors, passives, promoters)
    check_counts(counts)
    arrays = (np.array([count], float) for count in counts)
    low, high = nps_limits(*arrays, confidence=confidence, method=method)
    return float(low[0]), float(high[0])


def nps_limits(
    detractors: Floats, passives: Floats, promoters: Floats, *, confidence: float, method: str
) -> tuple[Floats, Floats]:
    """Limits in points for many groups at once: arrays of one shape, an answer in each group."""
    z = normal_quantile(confidence)
    answers = detractors + passives + promoters
    if method == "score":
        up, down = promoters / answers, detractors / answers
        high = nps_upper_limit(up, down, answers, z)
        return -POINTS * nps_upper_limit(down, up, answers, z), POINTS * high
    if method not in NPS_METHODS:
        raise ValueError(f"method must be one of {', '.join(NPS_METHODS)}, not {method!r}")
    extra = PSEUDO_ANSWERS if method == "adjusted_wald" else (0.0, 0.0, 0.0)
    answers = answers + sum(extra)
    up, down = (promoters + extra[2]) / answers, (detractors + extra[0]) / answers
    margin = z * np.sqrt((up + down - (up - down) ** 2) / answers)
    return POINTS * (up - down - margin), POINTS * (up - down + margin)


def nps_upper_limit(up: Floats, down: Floats, answers: Floats, z: float | Floats) -> Floats:
    """Upper limit of up - down, shares: the largest difference that the score test does not reject.

    The lower limit is minus the upper one with the two shares swapped.
    """
    estimate = up - down
    wide = z**2 / answers

    def excess(difference: Floats) -> Floats:
        """Over 0 where the score test rejects the difference."""
        variance = _restricted_variance(up, down, difference)
        result: Floats = (difference - estimate) - np.sqrt(wide * np.maximum(variance, 0.0))
        return result

    return find_roots(excess, estimate, np.ones_like(estimate))


def find_roots(function: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Find where functions cross 0 between low, where they are not over 0, and high.

    Chandrupatla's method on many brackets at once: inverse quadratic steps where they can be
    trusted, halving where not. The root is right to the last bits of a double.
    """
    a, b, c = high, low, high
    at_a, at_b = function(a), function(b)
    at_c, step = at_a, np.full_like(a, 0.5)
    for _ in range(HALVINGS):
        middle = a + step * (b - a)
        at_middle = function(middle)
        is_same = np.sign(at_middle) == np.sign(at_a)
        c, at_c = np.where(is_same, a, b), np.where(is_same, at_a, at_b)
        b, at_b = np.where(is_same, b, a), np.where(is_same, at_b, at_a)
        a, at_a = middle, at_middle
        width = np.abs(b - a)
        if (np.minimum(width, np.abs(at_a)) <= BITS).all():
            break
        step = _choose_step(a, b, c, at_a, at_b, at_c)
    return np.where(np.abs(at_a) < np.abs(at_b), a, b)


def _choose_step(
    a: Floats, b: Floats, c: Floats, at_a: Floats, at_b: Floats, at_c: Floats
) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        xi, phi = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
        is_smooth = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi)
        first = at_a / (at_b - at_a) * at_c / (at_b - at_c)
        second = (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b)
        step = first + second
    step = np.where(is_smooth & ~np.isnan(step), step, 0.5)
    shortest = BITS / np.maximum(np.abs(b - a), BITS)
    chosen: Floats = np.minimum(np.maximum(step, shortest), 1 - shortest)
    return chosen


def _restricted_variance(up: Floats, down: Floats, difference: Floats) -> Floats:
    """Variance of one answer where the shares are most likely, given that they differ so much.

    Maximising the likelihood under p - q = difference leaves a quadratic in the smaller share.
    Swapping the signs first keeps the difference at 0 or more, so that nothing cancels.
    """
    is_negative = difference < 0
    size = np.abs(difference)
    p, q = np.where(is_negative, down, up), np.where(is_negative, up, down)
    linear = (2 - p + q) * size - p - q
    product = q * size * (1 - size)
    root = np.sqrt(linear**2 + 8 * product)
    divisor = np.where(linear + root > 0, linear + root, 1.0)
    smaller = np.where(linear > 0, 2 * product / divisor, (root - linear) / 4)
    variance: Floats = 2 * smaller + size * (1 - size)
    return variance


def share_interval(
    successes: float, trials: float, *, confidence: float = 0.95, method: str = "wilson"
) -> tuple[float, float]:
    """Interval of a share by the method named: "wilson", "clopper_pearson" or "wald".

    Parameters
    ----------
    successes, trials : float
        0 <= successes <= trials, trials over 0.
    confidence : float
        Nominal coverage, over 0 and under 1.
    method : {"wilson", "clopper_pearson", "wald"}
        See `wilson_interval`, `clopper_pearson_interval` and `wald_interval`.

    Returns
    -------
    tuple of float
        Low and high as shares, 0 to 1 (Wald can leave that range).

    Raises
    ------
    ValueError
        The counts, the confidence or the method are not allowed.

    Examples
    --------
    >>> share_interval(8, 10, method="wald")[1] > 1
    True
    """
    if method == "wilson":
        return wilson_interval(successes, trials, confidence=confidence)
    if method == "clopper_pearson":
        return clopper_pearson_interval(successes, trials, confidence=confidence)
    if method == "wald":
        return wald_interval(successes, trials, confidence=confidence)
    raise ValueError(f"method must be one of {', '.join(SHARE_METHODS)}, not {method!r}")


def wilson_interval(
    successes: float, trials: float, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Wilson score interval of a share.

    Parameters
    ----------
    successes, trials : float
        0 <= successes <= trials, trials over 0. Fractions are effective counts.
    confidence : float
        Nominal coverage, over 0 and under 1.

    Returns
    -------
    tuple of float
        Low and high as shares, always within 0 and 1.

    Raises
    ------
    ValueError
        The counts are impossible, there are no trials, or the confidence is not allowed.

    Notes
    -----
    Where it misleads: coverage is 95 % on average over shares, not at each; within a few
    answers of 0 or 1 it can fall to 86 % (10 to 30 answers). Where at least 95 % must hold, take
    Clopper-Pearson.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> low, high = wilson_interval(8, 10)
    >>> print(f"{low:.3f} to {high:.3f}")
    0.490 to 0.943
    """
    check_share(successes, trials)
    z = normal_quantile(confidence)
    centre = (successes + z**2 / 2) / (trials + z**2)
    spread = successes * (trials - successes) / trials + z**2 / 4
    margin = z * math.sqrt(spread) / (trials + z**2)
    low = 0.0 if successes == 0 else centre - margin
    high = 1.0 if successes == trials else centre + margin
    return low, high


def clopper_pearson_interval(
    successes: float, trials: float, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Clopper-Pearson interval of a share: covers at least as often as it says.

    Parameters
    ----------
    successes, trials : float
        0 <= successes <= trials, trials over 0. Fractions are effective counts.
    confidence : float
        Least coverage, over 0 and under 1.

    Returns
    -------
    tuple of float
        Low and high as shares, always within 0 and 1.

    Raises
    ------
    ValueError
        The counts are impossible, there are no trials, or the confidence is not allowed.

    Notes
    -----
    Where it misleads: it is wider than it need be, at 8 of 10 answers by 17 %. The guarantee
    holds for counts of independent answers, not for effective counts of a weighted survey.

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated
    in the case of the binomial. Biometrika 26, 404-413.

    Examples
    --------
    >>> low, high = clopper_pearson_interval(8, 10)
    >>> print(f"{low:.3f} to {high:.3f}")
    0.444 to 0.975
    """
    from scipy.special import betaincinv  # 0.1 s to import: only who asks for it waits

    check_share(successes, trials)
    tail = (1 - check_confidence(confidence)) / 2
    failures = trials - successes
    low = 0.0 if successes == 0 else float(betaincinv(successes, failures + 1, tail))
    high = 1.0 if failures == 0 else float(betaincinv(successes + 1, failures, 1 - tail))
    return low, high


def wald_interval(
    successes: float, trials: float, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Plain normal interval of a share, for comparing with tools that show it.

    Parameters
    ----------
    successes, trials : float
        0 <= successes <= trials, trials over 0.
    confidence : float
        Nominal coverage, over 0 and under 1.

    Returns
    -------
    tuple of float
        Low and high as shares; they can fall below 0 and rise above 1.

    Raises
    ------
    ValueError
        The counts are impossible, there are no trials, or the confidence is not allowed.

    Notes
    -----
    Where it misleads: it claims certainty when all answer alike, and covers far less than it says
    below some hundred answers.

    Examples
    --------
    >>> wald_interval(10, 10)
    (1.0, 1.0)
    """
    check_share(successes, trials)
    share = successes / trials
    margin = normal_quantile(confidence) * math.sqrt(share * (1 - share) / trials)
    return share - margin, share + margin


def mean_interval(
    mean: float, deviation: float, answers: float, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Student's t interval of a mean.

    Parameters
    ----------
    mean, deviation : float
        Mean and standard deviation (divisor answers - 1) in the unit of the answers.
    answers : float
        Count, or effective count, over 1.
    confidence : float
        Nominal coverage, over 0 and under 1.

    Returns
    -------
    tuple of float
        Low and high in the unit of the answers.

    Raises
    ------
    ValueError
        One answer or fewer, a negative deviation, or a confidence that is not allowed.

    Notes
    -----
    Where it misleads: below some 20 answers that heap at one end of a scale it covers less than it
    says, and it has no width at all when all answers are equal (`mean_score` handles that case).

    References
    ----------
    Student (1908). The probable error of a mean. Biometrika 6, 1-25.

    Examples
    --------
    >>> low, high = mean_interval(5.4, 1.2, 25)
    >>> print(f"{low:.2f} to {high:.2f}")
    4.90 to 5.90
    """
    from scipy.special import stdtrit  # 0.1 s to import: only who asks for it waits

    if not answers > 1 or not deviation >= 0:
        raise ValueError(f"an interval of a mean needs over one answer: {answers=}, {deviation=}")
    quantile = float(stdtrit(answers - 1, (1 + check_confidence(confidence)) / 2))
    margin = quantile * deviation / math.sqrt(answers)
    return mean - margin, mean + margin


def cluster_interval(
    totals: Sequence[float] | Floats, sizes: Sequence[float] | Floats, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Interval of a mean whose answers come in clusters, from the sums of each cluster.

    Parameters
    ----------
    totals : sequence of float
        Per cluster, the sum of its answers (times their weights): of 1, 0 and -1 for a Net
        Promoter Score, of 1 and 0 for a share.
    sizes : sequence of float
        Per cluster, how many answers it has (the sum of their weights), over 0.
    confidence : float
        Nominal coverage, over 0 and under 1.

    Returns
    -------
    tuple of float
        Low and high in the unit of the answers, about the sum of totals over the sum of sizes.

    Raises
    ------
    ValueError
        There are fewer than two clusters, a size is not over 0, or the confidence is not allowed.

    Notes
    -----
    The linearised variance between clusters times C / (C - 1) (CR1), and Student's t with C - 1
    degrees of freedom, not the normal z. Clusters that differ less than chance make it narrower
    than that of independent answers; the scores' ``cluster=`` does not go below that.

    Where it misleads: with some 30 clusters or fewer, and where few clusters hold most of the
    answers, it covers less than it says; with none that differ it has no width. The scores'
    ``cluster=`` keeps their own intervals, which have one.

    References
    ----------
    Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear
    models. Biometrika 73, 13-22.

    Examples
    --------
    >>> low, high = cluster_interval([3, 0, 2, -1, 4], [5, 4, 4, 3, 6])
    >>> print(f"{low:.3f} to {high:.3f}")
    -0.115 to 0.842
    """
    total, size = np.asarray(totals, float), np.asarray(sizes, float)
    if len(size) < 2 or len(size) != len(total) or not (size > 0).all():
        raise ValueError("an interval needs two clusters or more, each with answers")
    mean = float(total.sum() / size.sum())
    clusters = len(size)
    squares = float(((total - mean * size) ** 2).sum())
    error = math.sqrt(clusters / (clusters - 1) * squares) / float(size.sum())
    return mean_interval(mean, error * math.sqrt(clusters), clusters, confidence=confidence)


def normal_quantile(confidence: float) -> float:
    """Return z of a two-sided interval: 1.96 for 0.95."""
    from statistics import NormalDist  # brings decimals and dice, which take a while to import

    return NormalDist().inv_cdf((1 + check_confidence(confidence)) / 2)


def check_confidence(confidence: float) -> float:
    if not hasattr(confidence, "__float__"):
        raise TypeError(f"confidence must be a number such as 0.95, not {confidence!r}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be over 0 and under 1 (0.95 is usual), not {confidence}")
    return confidence


def check_counts(counts: tuple[Any, ...]) -> None:
    for count in counts:
        if isinstance(count, str) or not hasattr(count, "__float__"):
            raise TypeError(f"counts must be numbers, not {count!r}")
    if not all(0 <= count < math.inf for count in counts):
        raise ValueError(f"counts must be 0 or more, not {counts}")
    if sum(counts) == 0:
        raise ValueError("there is no interval without answers")


def check_share(successes: float, trials: float) -> None:
    if not 0 <= successes <= trials < math.inf:
        raise ValueError(f"successes must be 0 to trials: {successes=}, {trials=}")
    if trials == 0:
        raise ValueError("there is no interval without answers")
