"""Counts of many themes against what their own past makes us expect."""

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from kokemus.measure._false_discovery import adjust_p_values
from kokemus.measure.histograms import Floats
from kokemus.measure.results import Estimate, Result, write_group

if TYPE_CHECKING:
    import altair

BASES = ("share", "volume")
DISPERSIONS = ("negative_binomial", "poisson")
BORROWED = 26  # periods of all themes together that a theme's own dispersion is mixed with
COUNTS_PER_TERM = 10.0  # a theme needs so many past comments for each term of its season
UNSURE = 4.0  # the excess is raised by this many parts of 1 / periods: few tell little of tails
STEPS = 50


@dataclass(frozen=True, kw_only=True)
class RisingTheme:
    """A theme in the current period, beside what its past makes us expect.

    Attributes
    ----------
    theme : object
        The theme (or word).
    count : float
        Comments that have it in the current period.
    expected : float
        How many its past, the season and the period's total make us expect.
    share : float or None
        Percent of the period's comments that have it.
    share_ratio : Estimate
        Its share over the share expected.
    volume_ratio : Estimate
        Its count over the count expected if the total had stayed as it was.
    p_value : float or None
        Chance of so many or more without a rise; None where it was not tested.
    q_value : float or None
        The lowest false discovery rate at which it is raised.
    is_rising : bool
        Whether it is raised.
    chance_seen : float or None
        The chance that a rise by the factor asked for would be raised in one period.
    delay : float or None
        Mean number of periods until such a rise is raised.
    """

    theme: Hashable
    count: float
    expected: float
    share: float | None
    share_ratio: Estimate
    volume_ratio: Estimate
    p_value: float | None
    q_value: float | None
    is_rising: bool
    chance_seen: float | None
    delay: float | None

    def __str__(self) -> str:
        heading = f"{write_group(self.theme)}: {self.count:,.0f} where {self.expected:.1f} expected"
        if self.q_value is None:
            return f"{heading}, too few to tell"
        return (
            f"{heading}; share times {self.share_ratio}, volume times {self.volume_ratio},"
            f" q = {self.q_value:.2g}"
        )


@dataclass(frozen=True, kw_only=True)
class RisingThemes(Result):
    """All themes of a period, the surest rise first.

    Attributes
    ----------
    themes : tuple of RisingTheme
        By p-value; those not tested come last.
    period : object
        The current period.
    baseline : int
        How many periods before it make the baseline.
    season : int or None
        Periods of a season that is in the baseline; None where there is none, or too short a past.
    total : float
        Comments of the current period.
    basis : str
        "share" or "volume": what the alerts are about.
    false_discovery_rate : float
        Of the themes raised at most this share is false on average; where none rises, the chance
        that any is raised, and so about the false alerts per period.
    rise : float
        The factor that `chance_seen` and `delay` are about.
    confidence : float
        Nominal coverage of the intervals.
    missing : int
        Rows left out: no period.
    method : str
        How the themes were tested.
    """

    themes: tuple[RisingTheme, ...]
    period: Hashable
    baseline: int
    season: int | None
    total: float
    basis: str
    false_discovery_rate: float
    rise: float
    confidence: float
    missing: int = 0
    method: str = "negative binomial rate ratio, Benjamini-Hochberg"

    @property
    def rising(self) -> tuple[RisingTheme, ...]:
        """The themes that are raised."""
        return tuple(theme for theme in self.themes if theme.is_rising)

    def __str__(self) -> str:
        return "\n".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if not self.themes:
            yield "no themes"
            return
        yield from map(str, self.rising)
        tested = [theme for theme in self.themes if theme.p_value is not None]
        where = write_group(self.period)
        yield (
            f"{len(self.rising)} of {len(tested)} themes rise in {where} against"
            f" {self.baseline} periods before; of those raised at most"
            f" {100 * self.false_discovery_rate:.3g} % are false on average"
        )
        delays = [theme.delay for theme in tested if theme.delay is not None]
        if delays:
            yield (
                f"a rise to {self.rise:g} times is raised after {np.median(delays):.1f} periods"
                f" in the middle theme"
            )

    def _table(self) -> tuple[list[str], list[list[object]]]:
        rows: list[list[object]] = [
            [
                write_group(theme.theme),
                theme.count,
                theme.expected,
                str(theme.share_ratio),
                str(theme.volume_ratio),
                theme.q_value,
                "rising" if theme.is_rising else "",
            ]
            for theme in self.themes
        ]
        return ["theme", "comments", "expected", "share ×", "volume ×", "q", ""], rows

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_intervals

        rows = [
            Interval(
                write_group(theme.theme),
                theme.share_ratio.estimate,
                theme.share_ratio.low,
                theme.share_ratio.high,
            )
            for theme in self.themes
        ]
        return draw_intervals(rows, title="share, times what was expected", reference=1.0)


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What the past says of the current period, a number for each theme.

    `mean` and `size` are those of the negative binomial that the current count is drawn from if
    nothing rises, `excess` its variance beyond chance over the mean's square. For the interval of
    a ratio: `worth` is the past as a count of independent comments, `odds` the current period's
    part of the whole's exposure over the past's, `spread` variance over mean now.
    """

    expected: Floats
    mean: Floats
    size: Floats
    excess: Floats
    worth: Floats
    odds: Floats
    spread: Floats


def forecast(
    past: Floats, exposure: Floats, current: float, *, season: int | None, dispersion: str
) -> Forecast:
    """Expect the current counts from the past ones (themes by periods) and their exposures."""
    periods = past.shape[1]
    if exposure.sum() <= 0:
        raise ValueError("the periods before have no comments to compare with")
    design = _design(periods + 1, season)
    total = past.sum(axis=1)
    rates = total / exposure.sum()
    means = rates[:, None] * exposure
    excess = _dispersion(past, means, 1, dispersion)
    spread = 1 + excess * rates * current
    past_spread = _weigh(1 + excess[:, None] * means, exposure)
    unsure = past_spread / (total + 0.5)  # half a comment more, for themes that are new
    plain = Forecast(
        expected=rates * current,
        mean=(total + 0.5) / exposure.sum() * current,
        size=1 / (excess + unsure + excess * unsure),
        excess=excess,
        worth=total / past_spread,
        odds=current / exposure.sum() * past_spread / spread,
        spread=spread,
    )
    terms = design.shape[1]
    is_seasonal = total >= COUNTS_PER_TERM * terms
    if terms == 1 or not is_seasonal.any():
        return plain
    seasonal = _fit_season(past[is_seasonal], exposure, current, design, dispersion)
    for each in fields(Forecast):
        getattr(plain, each.name)[is_seasonal] = getattr(seasonal, each.name)
    return plain


def _design(periods: int, season: int | None) -> Floats:
    """A column of ones, and a wave a year (two from two seasons on) where the past holds one."""
    columns = [np.ones(periods)]
    if season is not None and periods - 1 >= season:
        turn = 2 * math.pi * np.arange(periods) / season
        for wave in range(1, 2 if periods - 1 < 2 * season else 3):
            columns += [np.cos(wave * turn), np.sin(wave * turn)]
    return np.stack(columns, axis=1)


def has_season(periods: int, season: int | None) -> bool:
    return bool(_design(periods, season).shape[1] > 1)


def _fit_season(
    past: Floats, exposure: Floats, current: float, design: Floats, dispersion: str
) -> Forecast:
    """Fit log-linear rates to all themes at once, with robust variances."""
    x, now = design[:-1], design[-1]
    terms = x.shape[1]
    slopes = np.zeros((len(past), terms))
    slopes[:, 0] = np.log(past.sum(axis=1) / exposure.sum())
    for _ in range(STEPS):
        means = exposure * np.exp(np.clip(slopes @ x.T, -30, 30))
        information = np.einsum("kt,ti,tj->kij", means, x, x) + 1e-9 * np.eye(terms)
        step = np.linalg.solve(information, ((past - means) @ x)[..., None])[..., 0]
        slopes += np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-10:
            break
    means = exposure * np.exp(np.clip(slopes @ x.T, -30, 30))
    excess = _dispersion(past, means, terms, dispersion)
    reach = np.linalg.solve(information, np.broadcast_to(now[:, None], (len(past), terms, 1)))
    leverage = (reach[..., 0] @ x.T) ** 2 * means * (1 + excess[:, None] * means)
    variance = leverage.sum(axis=1)
    expected = current * np.exp(np.clip(slopes @ now, -30, 30))
    spread = 1 + excess * expected
    return Forecast(
        expected=expected,
        mean=expected,
        size=1 / (excess + variance + excess * variance),
        excess=excess,
        worth=1 / variance,
        odds=expected / spread * variance,
        spread=spread,
    )


def _dispersion(past: Floats, means: Floats, terms: int, dispersion: str) -> Floats:
    """Variance is mean + excess * mean²: the excess by moments, never below 0.

    What few periods say of one theme is rough: each is drawn to that of all themes together, as
    if it had `BORROWED` periods more that show theirs.
    A mean that is estimated has too large a square, and an excess that is too small does more
    harm than one too large, so both are made up for by how few the periods are.
    """
    periods = past.shape[1]
    if dispersion == "poisson" or periods <= terms:
        return np.zeros(len(past))
    beyond = ((past - means) ** 2).sum(axis=1) * periods / (periods - terms) - means.sum(axis=1)
    squares = (means**2).sum(axis=1)
    shared = beyond.sum() / squares.sum() if squares.sum() > 0 else 0.0
    own = np.divide(beyond, squares, out=np.full(len(past), shared), where=squares > 0)
    own, shared = (each * (1 + np.maximum(each, 0) * terms / periods) for each in (own, shared))
    mixed = (periods * own + BORROWED * shared) / (periods + BORROWED)
    excess = np.maximum(mixed, 0.0)
    return np.asarray(excess * (1 + UNSURE * terms / periods))


def _weigh(spreads: Floats, exposure: Floats) -> Floats:
    return np.asarray(spreads @ exposure / exposure.sum())


def p_of_rise(count: Floats, seen: Forecast) -> Floats:
    """Mid-p of so many or more: a negative binomial, whose size knows both of the themes' own
    variation and of how unsure the expectation is.
    """
    from scipy.special import betainc

    part = seen.mean / (seen.mean + seen.size)
    reached = np.where(count > 0, betainc(np.maximum(count, 1e-9), seen.size, part), 1.0)
    return np.asarray((reached + betainc(count + 1, seen.size, part)) / 2)


def ratio_of(count: Floats, seen: Forecast, confidence: float) -> list[Estimate]:
    """Current over expected, with limits from the posterior of the current part (Jeffreys)."""
    from scipy.special import betaincinv

    worth = count / seen.spread
    limits = []
    for chance in ((1 - confidence) / 2, (1 + confidence) / 2):
        part = betaincinv(worth + 0.5, seen.worth + 0.5, chance)
        with np.errstate(divide="ignore"):
            limits.append(part / (1 - part) / seen.odds)
    low, high = np.where(count > 0, limits[0], 0.0), limits[1]
    return [
        Estimate(float(n / expected), float(lower), float(upper))
        if expected > 0
        else Estimate(None, float(lower), None)
        for n, expected, lower, upper in zip(count, seen.expected, low, high, strict=True)
    ]


def chance_seen(seen: Forecast, rise: float, level: float, support: float) -> tuple[Floats, Floats]:
    """Chance that a rise is raised in one period if it is the only one, and the mean wait."""
    from scipy.special import betainc, gammainc

    low = np.zeros(len(seen.mean))
    high = 50 + 20 * rise * seen.mean * (1 + seen.mean / seen.size)
    for _ in range(STEPS):
        middle = (low + high) / 2
        is_raised = p_of_rise(middle, seen) <= level
        low, high = np.where(is_raised, low, middle), np.where(is_raised, middle, high)
    least = np.maximum(np.ceil(high - 1e-6), max(support, 1))
    mean, size = rise * seen.mean, 1 / np.maximum(seen.excess, 1e-6)
    chance = np.where(
        seen.excess > 1e-6, betainc(least, size, mean / (mean + size)), gammainc(least, mean)
    )
    with np.errstate(divide="ignore"):
        return chance, 1 / chance


def judge(
    p_values: Floats, counts: Floats, supported: np.ndarray, rate: float, support: float
) -> tuple[Floats, Floats, list[bool]]:
    """Test the themes with enough comments in all, raise those with enough now."""
    tested = np.where(supported, p_values, math.nan)
    q_values = adjust_p_values(tested)
    is_rising = (q_values <= rate) & (counts >= support)
    return tested, q_values, is_rising.tolist()


def check_options(
    basis: str, dispersion: str, rate: float, rise: float, season: int | None
) -> None:
    if basis not in BASES:
        raise ValueError(f"basis must be one of {', '.join(BASES)}, not {basis!r}")
    if dispersion not in DISPERSIONS:
        raise ValueError(f"dispersion must be one of {', '.join(DISPERSIONS)}, not {dispersion!r}")
    if not 0 < rate < 1 or not rise > 1:
        raise ValueError(f"a rate is over 0 and under 1, a rise over 1: {rate}, {rise}")
    if season is not None and season < 3:
        raise ValueError(f"a season has 3 periods or more, not {season}")


def read_table(counts: Sequence[Sequence[float]], totals: Sequence[float]) -> tuple[Floats, Floats]:
    whole = np.asarray(totals, float)
    if len(whole) < 2:
        raise ValueError("a baseline needs a period before the current one")
    if any(len(row) != len(whole) for row in counts):
        raise ValueError(f"each theme has a count for each of the {len(whole)} periods")
    table = np.array([list(row) for row in counts], float).reshape(-1, len(whole))
    if not (np.all(table >= 0) and np.all(whole >= 0)):
        raise ValueError("counts are 0 or more")
    return table, whole
