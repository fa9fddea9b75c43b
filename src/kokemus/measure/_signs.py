"""From counts per unit to signs."""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kokemus.measure._false_discovery import adjust_p_values
from kokemus.measure._integrity_results import Sign, Signs
from kokemus.measure._peers import Beside, compare_numbers, compare_shares
from kokemus.measure.histograms import Floats
from kokemus.measure.intervals import normal_quantile, wilson_interval
from kokemus.measure.results import Estimate

UNKNOWN = Estimate(None, None, None)
BLOCK_WINDOWS = 10  # windows in the stretch over which honest answers spread evenly
CROWD = 3  # answers in one window that make it a burst
CELL_MIN = 3  # answers beside the threshold, below which its shape cannot be told
INFORMATION_MIN = 1.0
Stratum = tuple[float, float, float, float]


class Moments(NamedTuple):
    """Answers, their sum and sum of squares."""

    answers: float
    total: float
    squares: float


def share_signs(
    kind: str,
    counts: Mapping[Hashable, tuple[float, float]],
    *,
    level: float,
    write: Callable[[float, float, float], str],
    is_inverted: bool = False,
) -> Signs:
    """Look for units with more events among their trials than the others (inverted: fewer)."""
    events, trials = np.array(list(counts.values()), float).reshape(-1, 2).T
    _check_counts(events, trials)
    beside = compare_shares(trials - events if is_inverted else events, trials)
    peers = 1 - beside.peers if is_inverted else beside.peers
    found = [
        Estimate(e / n, *wilson_interval(e, n)) if n else UNKNOWN
        for e, n in zip(events.tolist(), trials.tolist(), strict=True)
    ]
    words = [write(e, n, peer) for e, n, peer in zip(events, trials, peers.tolist(), strict=True)]
    return make_signs(kind, list(counts), found, beside._replace(peers=peers), trials, level, words)


def selectivity_signs(
    tables: Mapping[Hashable, Sequence[Stratum]], *, level: float, confidence: float = 0.95
) -> Signs:
    """Look for units that ask rather after a good outcome, strata by strata."""
    cells = [np.array(strata, float).reshape(-1, 4) for strata in tables.values()]
    if any((table < 0).any() for table in cells):
        raise ValueError("counts must be 0 or more")
    peto = [_peto(table) for table in cells]
    excess, information = np.array(peto, float).reshape(-1, 2).T
    variances = np.where(
        information >= INFORMATION_MIN, 1 / np.maximum(information, 1e-300), np.nan
    )
    beside = compare_numbers(excess, variances)
    p_values = np.where(excess > 0, beside.p_values, np.where(np.isnan(beside.p_values), np.nan, 1))
    peers = np.exp(beside.peers)
    found = [mantel_haenszel(table, confidence=confidence) for table in cells]
    words = [
        f"the odds of being asked after a good outcome are {_number(each.estimate)} times those"
        f" after a poor one; others {peer:.2f}"
        for each, peer in zip(found, peers.tolist(), strict=True)
    ]
    counts = np.array([table.sum() for table in cells])
    beside = Beside(peers, p_values)
    return make_signs("selectivity", list(tables), found, beside, counts, level, words)


def mantel_haenszel(strata: Floats, *, confidence: float) -> Estimate:
    """Common odds ratio of strata (a, b, c, d) with the interval of Robins, Breslow, Greenland."""
    a, b, c, d = strata.T
    n = np.maximum(strata.sum(1), 1e-300)
    r, s, p, q = a * d / n, b * c / n, (a + d) / n, (b + c) / n
    if not r.sum() > 0 or not s.sum() > 0:
        return UNKNOWN
    variance = (
        (p * r).sum() / (2 * r.sum() ** 2)
        + (p * s + q * r).sum() / (2 * r.sum() * s.sum())
        + (q * s).sum() / (2 * s.sum() ** 2)
    )
    ratio = float(r.sum() / s.sum())
    factor = math.exp(normal_quantile(confidence) * math.sqrt(variance))
    return Estimate(ratio, ratio / factor, ratio * factor)


def _peto(strata: Floats) -> tuple[float, float]:
    """Log odds ratio by one step from none, and its information: sound also with empty cells."""
    a, b, c, d = strata.T
    n = strata.sum(1)
    large = n > 1
    a, b, c, d, n = a[large], b[large], c[large], d[large], n[large]
    information = float(((a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))).sum())
    excess = float((a - (a + b) * (a + c) / n).sum())
    return (excess / information if information > 0 else math.nan), information


def heaping_signs(
    histograms: Mapping[Hashable, Mapping[float, float]],
    *,
    threshold: int,
    highest: int,
    level: float,
    confidence: float = 0.95,
) -> Signs:
    """Look for a break at the threshold, or a heap at the highest answer, that others have not."""
    contrasts = (
        {highest - 2: 1.0, highest - 1: -2.0, highest: 1.0},
        {
            threshold - 2: 0.5,
            threshold - 1: -1.5,
            threshold: 1.5,
            threshold + 1: -0.5,
        },
    )
    used = contrasts if threshold < highest else contrasts[:1]
    tested = [_contrast(histograms, weights) for weights in used]
    besides = [compare_numbers(numbers, variances) for numbers, variances in tested]
    p_values = np.minimum(1.0, len(used) * np.min([each.p_values for each in besides], axis=0))
    numbers, variances = tested[-1]
    found = [
        Estimate(*(math.exp(number + z * math.sqrt(variance)) for z in _zs(confidence)))
        if math.isfinite(number) and math.isfinite(variance)
        else UNKNOWN
        for number, variance in zip(numbers.tolist(), variances.tolist(), strict=True)
    ]
    peers = np.exp(besides[-1].peers)
    words = [_write_heap(each, threshold, highest) for each in histograms.values()]
    counts = np.array([sum(each.values()) for each in histograms.values()])
    beside = Beside(peers, p_values)
    return make_signs("heaping", list(histograms), found, beside, counts, level, words)


def _zs(confidence: float) -> tuple[float, float, float]:
    z = normal_quantile(confidence)
    return 0.0, -z, z


def _contrast(
    histograms: Mapping[Hashable, Mapping[float, float]], weights: Mapping[int, float]
) -> tuple[Floats, Floats]:
    """Weigh log counts so that a better service alone moves nothing.

    A better service tilts the histogram by a factor per step; the weights sum to 0 over steps.
    """
    read = [[h.get(value, 0.0) for value in weights] for h in histograms.values()]
    counts = np.array(read, float).reshape(-1, len(weights))
    weight = np.array(list(weights.values()))
    numbers = np.log(counts + 0.5) @ weight
    variances = (weight**2 / (counts + 0.5)).sum(1)
    is_thin = (counts < CELL_MIN).any(1)
    return np.where(is_thin, np.nan, numbers), np.where(is_thin, np.nan, variances)


def heap_ratio(counts: Mapping[float, float], *, at: float, confidence: float) -> Estimate:
    """Count of an answer over the mean count of its neighbours, with the delta interval."""
    own, beside = counts.get(at, 0.0), counts.get(at - 1, 0.0) + counts.get(at + 1, 0.0)
    if own == 0 or beside == 0:
        return Estimate(0.0 if beside else None, None, None)
    ratio = 2 * own / beside
    factor = math.exp(normal_quantile(confidence) * math.sqrt(1 / own + 1 / beside))
    return Estimate(ratio, ratio / factor, ratio * factor)


def _write_heap(counts: Mapping[float, float], threshold: int, highest: int) -> str:
    places = sorted({threshold - 1, threshold, highest})
    listed = ", ".join(f"{counts.get(place, 0):,.0f} of {place}" for place in places)
    return f"answers heap at the bonus threshold or the top as nobody else's do ({listed})"


def burst_signs(
    blocks: Mapping[Hashable, Mapping[int, tuple[float, float]]], *, level: float, minutes: float
) -> Signs:
    """Look for answers that crowd into one window more than even spreading and peers allow."""
    own, counts, bursts = [], [], []
    for table in blocks.values():
        bursts.append(sum(each[1] for each in table.values()))
        counts.append(sum(answers * each[0] for answers, each in table.items()))
        own.append(_burst_tail(table))
    total = np.array([sum(n for n, _ in t.values()) for t in blocks.values()], float)
    beside = compare_shares(np.array(bursts, float), total)
    p_values = np.fmax(np.array(own, float), beside.p_values)
    found = [
        Estimate(b / n, *wilson_interval(b, n)) if n else UNKNOWN
        for b, n in zip(bursts, total.tolist(), strict=True)
    ]
    words = [
        f"{b:,.0f} times {CROWD} answers or more within {minutes:g} min, where"
        f" {_expected(table):.1f} would come of chance"
        for b, table in zip(bursts, blocks.values(), strict=True)
    ]
    answers = np.array(counts, float)
    return make_signs(
        "bursts", list(blocks), found, Beside(beside.peers, p_values), answers, level, words
    )


def crowd_chance(answers: int) -> float:
    """Chance that of so many answers, spread evenly over the windows, 3 or more share one."""
    if answers > BLOCK_WINDOWS * (CROWD - 1):
        return 1.0
    calm = np.array([1.0])
    for _ in range(BLOCK_WINDOWS):
        calm = np.convolve(calm, [1.0, 1.0, 0.5])[: answers + 1]
    ways = calm[answers] if answers < len(calm) else 0.0
    return float(1 - ways * math.factorial(answers) / BLOCK_WINDOWS**answers)


def _expected(table: Mapping[int, tuple[float, float]]) -> float:
    return sum(n * crowd_chance(answers) for answers, (n, _) in table.items())


def _burst_tail(table: Mapping[int, tuple[float, float]]) -> float:
    """Chance of as many bursts or more, exactly: a sum of binomials, one per size of block."""
    from scipy.special import gammaln, xlog1py, xlogy

    seen = round(sum(bursts for _, bursts in table.values()))
    if seen == 0:
        return 1.0
    fewer = np.zeros(seen)
    fewer[0] = 1.0
    for answers, (blocks, _) in table.items():
        chance, k = crowd_chance(answers), np.arange(seen)
        k = k[k <= blocks]
        ways = gammaln(blocks + 1) - gammaln(k + 1) - gammaln(blocks - k + 1)
        term = np.exp(ways + xlogy(k, chance) + xlog1py(blocks - k, -chance))
        fewer = np.convolve(fewer, term)[:seen]
    return float(min(1.0, max(0.0, 1 - fewer.sum())))


def jump_signs(
    moments: Mapping[Hashable, Sequence[tuple[Moments, Moments]]],
    *,
    level: float,
    confidence: float = 0.95,
) -> Signs:
    """Look for scores that jumped after coaching more than the others', within strata."""
    jumps = [_jump(strata) for strata in moments.values()]
    numbers, variances = np.array(jumps, float).reshape(-1, 2).T
    beside = compare_numbers(numbers, variances)
    z = normal_quantile(confidence)
    found = [
        Estimate(jump, jump - z * math.sqrt(variance), jump + z * math.sqrt(variance))
        if math.isfinite(variance)
        else UNKNOWN
        for jump, variance in jumps
    ]
    words = [
        f"answers rose by {_number(each.estimate)} after the coaching, like with like; others"
        f" {peer:.2f}"
        for each, peer in zip(found, beside.peers.tolist(), strict=True)
    ]
    counts = np.array([sum(m.answers for pair in s for m in pair) for s in moments.values()], float)
    return make_signs("coaching jump", list(moments), found, beside, counts, level, words)


def _jump(strata: Sequence[tuple[Moments, Moments]]) -> tuple[float, float]:
    """Weighted mean of the rises within strata, and its variance with a pooled spread."""
    spread = degrees = weighted = weights = 0.0
    for pair in strata:
        for part in pair:
            if part.answers:
                spread += part.squares - part.total**2 / part.answers
                degrees += part.answers - 1
        before, after = pair
        if before.answers and after.answers:
            weight = before.answers * after.answers / (before.answers + after.answers)
            rise = after.total / after.answers - before.total / before.answers
            weighted, weights = weighted + weight * rise, weights + weight
    if weights == 0 or degrees <= 0 or spread <= 1e-12 * degrees:
        return math.nan, math.nan
    return weighted / weights, spread / degrees / weights


def make_signs(
    kind: str,
    units: Sequence[Hashable],
    found: Sequence[Estimate],
    beside: Beside,
    counts: Floats,
    level: float,
    words: Sequence[str],
) -> Signs:
    if not 0 < level < 1:
        raise ValueError(f"level must be over 0 and under 1, not {level}")
    adjusted = adjust_p_values(beside.p_values)
    return Signs(
        tuple(
            Sign(
                unit=unit,
                kind=kind,
                found=found[place],
                peers=_known(beside.peers[place]),
                p_value=_known(beside.p_values[place]),
                adjusted_p_value=_known(adjusted[place]),
                count=round(float(counts[place])),
                is_found=bool(adjusted[place] <= level),
                evidence=words[place],
            )
            for place, unit in enumerate(units)
        )
    )


def _known(number: float) -> float | None:
    return None if math.isnan(number) else float(number)


def _number(number: float | None) -> str:
    return "many" if number is None else f"{number:.2f}"


def _check_counts(events: Floats, trials: Floats) -> None:
    if not ((events >= 0) & (events <= trials)).all():
        raise ValueError("events must be 0 to the trials")
