"""What `attribution` hands back: variances, effects, and ranks with their uncertainty."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kokemus.measure import intervals
from kokemus.measure.histograms import Floats
from kokemus.measure.ranks import (
    MOST_RANKED,
    RankSet,
    expected_ranks,
    make_sets,
    read_estimates,
    tell_apart,
)
from kokemus.measure.results import Estimate, HtmlTable, Result, write_count, write_group

if TYPE_CHECKING:
    import altair
    from numpy.typing import NDArray

DRAWN = 60  # levels in a chart


@dataclass(frozen=True, kw_only=True)
class Ranked(Result):
    """One level with its rank; 1 is the best.

    Attributes
    ----------
    level : object
    answers, mean : float
        Its answers, and their plain mean.
    estimate, standard_error : float
        Its shrunken effect.
    rank : int
        By the shrunken estimates.
    expected_rank : float
        Laird and Louis: what it would be on average.
    marginal, simultaneous : RankSet
        The ranks that this level may have; the ranks that all may have together.
    """

    level: Hashable
    answers: float
    mean: float
    estimate: float
    standard_error: float
    rank: int
    expected_rank: float
    marginal: RankSet
    simultaneous: RankSet

    def __str__(self) -> str:
        together = self.simultaneous
        return (
            f"{write_group(self.level)}: rank {together.low} to {together.high},"
            f" effect {self.estimate:+.2f}, {write_count(self.answers, 'answer')}"
        )

    def _table(self) -> HtmlTable:
        return RANKED_HEADER, [_list_cells(self)]

    def _chart(self) -> "altair.LayerChart":
        return _draw_ranked([self])


RANKED_HEADER = ("level", "answers", "mean", "effect", "expected rank", "from", "to")


def _list_cells(level: Ranked) -> tuple[object, ...]:
    return (
        write_group(level.level),
        round(level.answers),
        level.mean,
        level.estimate,
        level.expected_rank,
        level.simultaneous.low,
        level.simultaneous.high,
    )


def _draw_ranked(levels: Sequence[Ranked]) -> "altair.LayerChart":
    from kokemus.measure._plots import Interval, draw_intervals

    rows = [
        Interval(write_group(x.level), x.expected_rank, x.simultaneous.low, x.simultaneous.high)
        for x in levels[:DRAWN]
    ]
    return draw_intervals(rows, title="rank (all together)")


@dataclass(frozen=True, kw_only=True)
class Ranking(Result):
    """Levels of a factor, best first, as far as their order can be told.

    Attributes
    ----------
    factor : str
    levels : tuple of Ranked
        Those with `minimum` answers, by expected rank.
    groups : tuple of tuples
        Runs of levels within which no two can be told apart, best first; runs may overlap. One
        run of all says that there is no ranking.
    told_apart : float or None
        Share of the pairs that can be told apart, 0 to 1.
    too_small : tuple
        Levels with fewer than `minimum` answers, not ranked.
    minimum : float
    best : str
    confidence : float
    """

    factor: str
    levels: tuple[Ranked, ...]
    groups: tuple[tuple[Hashable, ...], ...]
    told_apart: float | None
    too_small: tuple[Hashable, ...]
    minimum: float
    best: str
    confidence: float

    def __str__(self) -> str:
        if self.told_apart is None:
            return f"{self.factor}: fewer than two levels have {self.minimum:g} answers"
        heading = (
            f"{self.factor}: {100 * self.told_apart:.0f} % of the pairs of"
            f" {write_count(len(self.levels), 'level')} can be told apart"
        )
        if not self.told_apart:
            return (
                f"{self.factor}: indistinguishable, no two of {len(self.levels):,} differ for sure"
            )
        return "\n".join([heading, *(f"  {level}" for level in self.levels)])

    def _table(self) -> HtmlTable:
        return RANKED_HEADER, [_list_cells(level) for level in self.levels]

    def _chart(self) -> "altair.LayerChart":
        return _draw_ranked(self.levels)


@dataclass(frozen=True, kw_only=True)
class Attribution(Result):
    """How the variance of a score splits among those who took part.

    Attributes
    ----------
    outcome : str
    variance : dict
        Factor to its variance, in squared units of the outcome; "residual" last.
    shares : dict of Estimate
        The same as shares of their sum, 0 to 1, with intervals.
    effects : dict of dicts
        Factor to level to (shrunken estimate, standard error given the fixed effects).
    errors : dict of dicts
        Factor to level to the standard error that includes the fixed effects'.
    sums : dict of dicts
        Factor to level to (answers or sum of weights, sum of the outcome).
    coefficients, standard_errors : dict
        Of "(Intercept)" and the covariates.
    reml_criterion : float
        Minus twice the restricted log likelihood (with method "ml": the log likelihood), as lme4.
    answers, missing : int
    method : str
        "reml" or "ml".
    confidence : float
        Of the intervals of shares.
    notes : tuple of str
        What to be careful about.
    """

    outcome: str
    variance: dict[str, float]
    shares: dict[str, Estimate]
    effects: dict[str, dict[Hashable, tuple[float, float]]]
    errors: dict[str, dict[Hashable, float]]
    sums: dict[str, dict[Hashable, tuple[float, float]]]
    coefficients: dict[str, float]
    standard_errors: dict[str, float]
    reml_criterion: float
    answers: int
    missing: int
    method: str
    confidence: float
    notes: tuple[str, ...]

    def intervals(self, factor: str, *, confidence: float = 0.95) -> dict[Hashable, Estimate]:
        """Return each level's effect with its interval, the fixed effects' error included."""
        z = intervals.normal_quantile(confidence)
        errors = self.errors[factor]
        return {
            level: Estimate(effect, effect - z * errors[level], effect + z * errors[level])
            for level, (effect, _) in self.effects[factor].items()
        }

    def rank(
        self,
        factor: str,
        *,
        minimum: float = 10,
        best: str = "high",
        confidence: float = 0.95,
        draws: int = 1_000,
        seed: int = 1,
    ) -> Ranking:
        """Rank the levels of a factor, as far as their order can be told.

        Parameters
        ----------
        factor : str
        minimum : float
            Levels with fewer answers are not ranked.
        best : {"high", "low"}
        confidence, draws, seed
            As for `rank_confidence_sets`.

        Returns
        -------
        Ranking

        Raises
        ------
        KeyError
            No such factor.
        TooManyToRank
            More than 3,000 levels.

        Notes
        -----
        Expected ranks come from the shrunken estimates; rank sets need unshrunken ones, which
        follow from estimate, standard error and the factor's variance as if levels were
        independent.
        """
        if factor not in self.effects:
            raise KeyError(f"there is no factor {factor!r}; there are {list(self.effects)}")
        sums, effects = self.sums[factor], self.effects[factor]
        levels = [level for level in effects if sums[level][0] >= minimum]
        small = tuple(level for level in effects if sums[level][0] < minimum)
        values = np.array([effects[level][0] for level in levels])
        errors = np.array([effects[level][1] for level in levels])
        plain, noise = read_estimates(
            *_unshrink(values, errors, self.variance[factor]), best, most=MOST_RANKED
        )
        told = {
            together: tell_apart(
                plain, noise, confidence=confidence, draws=draws, seed=seed, together=together
            )
            for together in (False, True)
        }
        ranked = _rank_levels(
            levels,
            sums,
            values,
            errors,
            make_sets(plain, *told[False]),
            make_sets(plain, *told[True]),
            best,
        )
        order = {level: place for place, level in enumerate(levels)}
        better, worse = told[True]
        places = [order[level.level] for level in ranked]
        apart = (better | worse)[np.ix_(places, places)]
        return Ranking(
            factor=factor,
            levels=tuple(ranked),
            groups=_find_runs([level.level for level in ranked], apart),
            told_apart=float(apart.sum() / (len(apart) * (len(apart) - 1)))
            if len(apart) > 1
            else None,
            too_small=small,
            minimum=minimum,
            best=best,
            confidence=confidence,
        )

    def __str__(self) -> str:
        missing = f", {self.missing:,} missing" if self.missing else ""
        lines = [
            f"{self.outcome}: {write_count(self.answers, 'answer')}{missing},"
            f" {self.method.upper()} criterion {self.reml_criterion:,.2f}"
        ]
        for name, share in self.shares.items():
            levels = (
                f", {write_count(len(self.effects[name]), 'level')}" if name in self.effects else ""
            )
            written = Estimate(*(None if x is None else 100 * x for x in _ends(share)))
            lines.append(
                f"  {name}: {written.write(1, ' %')} of the variance,"
                f" standard deviation {self.variance[name] ** 0.5:.2f}{levels}"
            )
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])

    def _table(self) -> HtmlTable:
        return ("source", "variance", "share", "low", "high"), [
            (name, self.variance[name], *_ends(share)) for name, share in self.shares.items()
        ]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_intervals

        rows = [Interval(name, *_ends(share)) for name, share in self.shares.items()]
        return draw_intervals(rows, title="share of the variance")


def _ends(share: Estimate) -> tuple[float | None, float | None, float | None]:
    return share.estimate, share.low, share.high


def _unshrink(values: Floats, errors: Floats, variance: float) -> tuple[list[float], list[float]]:
    """The estimates and errors that, shrunken by the factor's variance, give these."""
    kept = 1 - errors**2 / variance if variance > 0 else np.zeros(len(errors))
    if not (kept > 1e-9).all():
        return [0.0] * len(values), [1.0] * len(values)  # nothing can be told of any
    return (values / kept).tolist(), (errors / np.sqrt(kept)).tolist()


def _rank_levels(
    levels: Sequence[Hashable],
    sums: Mapping[Hashable, tuple[float, float]],
    values: Floats,
    errors: Floats,
    marginal: Sequence[RankSet],
    simultaneous: Sequence[RankSet],
    best: str,
) -> list[Ranked]:
    signed = values if best == "high" else -values
    ranks = 1 + np.searchsorted(np.sort(-signed), -signed)
    expected = expected_ranks(values.tolist(), errors.tolist(), best=best)
    rows = [
        Ranked(
            level=level,
            answers=sums[level][0],
            mean=sums[level][1] / sums[level][0],
            estimate=float(values[place]),
            standard_error=float(errors[place]),
            rank=int(ranks[place]),
            expected_rank=expected[place],
            marginal=marginal[place],
            simultaneous=simultaneous[place],
        )
        for place, level in enumerate(levels)
    ]
    return sorted(rows, key=lambda row: row.expected_rank)


def _find_runs(
    levels: Sequence[Hashable], apart: "NDArray[np.bool_]"
) -> tuple[tuple[Hashable, ...], ...]:
    """The longest runs of neighbours without a pair that is told apart."""
    runs, start, reached = [], 0, 0
    for end in range(1, len(levels) + 1):
        conflicts = np.flatnonzero(apart[start : end - 1, end - 1])
        if len(conflicts):
            runs.append(tuple(levels[start : end - 1]))
            start += int(conflicts[-1]) + 1
        reached = end
    return (*runs, tuple(levels[start:reached])) if levels else ()


def estimate_shares(
    names: Sequence[str],
    variances: Floats,
    covariance: Floats,
    sizes: Sequence[int],
    confidence: float,
) -> dict[str, Estimate]:
    """Shares of the variances, with the F interval of the odds of a part against the rest.

    A part's estimate plus its sampling noise is taken as a multiple of chi-square, with one freedom
    fewer than levels; the noise is what makes its error that of the average information. So a
    balanced one-way layout has its exact interval. The residual's share is what all factors leave.
    """
    errors = np.sqrt(np.clip(np.diag(covariance)[:-1], 0, None))
    freedoms = np.array(sizes) - 1.0
    noises = np.maximum(errors * np.sqrt(freedoms / 2) - variances[:-1], 0.0)
    total = float(variances.sum())
    shares = {}
    for place, name in enumerate(names[:-1]):
        is_rest = np.arange(len(variances)) != place
        rest = float(variances[is_rest].sum())
        rest_freedom = 2 * rest**2 / float(covariance[np.ix_(is_rest, is_rest)].sum())
        low, high = _limit_share(
            variances[place], noises[place], rest, freedoms[place], rest_freedom, confidence
        )
        shares[name] = Estimate(float(variances[place] / total), low, high)
    together, noise = float(variances[:-1].sum()), float(noises.sum())
    freedom = 2 * (together + noise) ** 2 / float(covariance[:-1, :-1].sum())
    residual = float(variances[-1])
    low, high = _limit_share(
        together, noise, residual, freedom, 2 * residual**2 / covariance[-1, -1], confidence
    )
    shares[names[-1]] = Estimate(residual / total, 1 - high, 1 - low)
    return shares


def _limit_share(
    part: float, noise: float, rest: float, freedom: float, rest_freedom: float, confidence: float
) -> tuple[float, float]:
    from scipy.special import fdtri

    tail = (1 - confidence) / 2
    ends = []
    for chance in (1 - tail, tail):
        odds = max((part + noise) / fdtri(freedom, rest_freedom, chance) - noise, 0.0) / rest
        ends.append(float(odds / (1 + odds)))
    return ends[0], ends[1]
