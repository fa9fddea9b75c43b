"""What the ordinal methods say."""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kokemus.measure.results import Estimate, HtmlTable, Result, write_count, write_group

if TYPE_CHECKING:
    import altair


@dataclass(frozen=True, kw_only=True)
class ProportionalOdds(Result):
    """Effects of a proportional-odds model.

    Attributes
    ----------
    effects : dict
        (factor, level) to its log odds of a better answer against the reference, an `Estimate`.
    standard_errors : dict
        (factor, level) to the standard error of the log odds.
    references : dict
        Factor to the level that the others are compared with.
    thresholds : dict
        Answer to the log odds, at the references, of that answer or a worse one.
    log_likelihood : float or None
    lack_of_fit : float or None
        p-value of one ratio at every cut; None where the counts are too thin.
    answers, missing : int
    confidence : float
    """

    effects: dict[tuple[str, Hashable], Estimate]
    standard_errors: dict[tuple[str, Hashable], float | None]
    references: dict[str, Hashable]
    thresholds: dict[float, Estimate]
    log_likelihood: float | None
    lack_of_fit: float | None
    answers: int
    missing: int
    confidence: float

    @property
    def odds_ratios(self) -> dict[tuple[str, Hashable], Estimate]:
        """The effects as ratios of odds."""
        return {name: _to_ratio(effect) for name, effect in self.effects.items()}

    def p_value(self, name: tuple[str, Hashable]) -> float | None:
        """Wald's p-value of no effect."""
        effect, error = self.effects[name].estimate, self.standard_errors[name]
        if effect is None or error is None:
            return None
        return math.erfc(abs(effect) / error / math.sqrt(2))

    def __str__(self) -> str:
        lines = [self._write(name) for name in self.effects] or ["cannot tell: one level only"]
        count = write_count(self.answers, "answer")
        if self.lack_of_fit is not None and self.lack_of_fit < 1 - self.confidence:
            count += f"; one ratio does not fit at every cut (p {self.lack_of_fit:.2g})"
        return "\n".join([*lines, count])

    def _write(self, name: tuple[str, Hashable]) -> str:
        heading = f"{name[0]} {write_group(name[1])}"
        ratio, p_value = self.odds_ratios[name], self.p_value(name)
        if p_value is None:
            return f"{heading}: cannot tell"
        return (
            f"{heading}: odds ratio {ratio.estimate:.2f} ({100 * self.confidence:.4g} % interval"
            f" {ratio.low:.2f} to {ratio.high:.2f}, p {p_value:.2g})"
            f" against {write_group(self.references[name[0]])}"
        )

    def _table(self) -> HtmlTable:
        rows = [
            (f"{factor} {write_group(level)}", ratio.estimate, ratio.low, ratio.high)
            for (factor, level), ratio in self.odds_ratios.items()
        ]
        return ("level", "odds ratio", "low", "high"), rows

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_intervals

        rows = [
            Interval(f"{factor} {write_group(level)}", effect.estimate, effect.low, effect.high)
            for (factor, level), effect in self.effects.items()
        ]
        return draw_intervals(rows, title="log odds of a better answer", reference=0.0)


def _to_ratio(effect: Estimate) -> Estimate:
    numbers = (effect.estimate, effect.low, effect.high)
    return Estimate(*(None if number is None else math.exp(number) for number in numbers))


@dataclass(frozen=True, kw_only=True)
class WinProbability(Result):
    """Chance that an answer of one arm is better than one of the control, ties counted half.

    Attributes
    ----------
    estimate, low, high : float or None
        0 to 1; 0.5 is no difference.
    statistic : float or None
        Mann and Whitney's U: pairs that the treatment wins, ties half.
    p_value : float or None
        Of Wilcoxon's rank sum test by the normal approximation, corrected for ties only.
    answers, missing : int
    confidence : float
    """

    estimate: float | None
    low: float | None
    high: float | None
    statistic: float | None
    p_value: float | None
    answers: int
    missing: int
    confidence: float

    def __str__(self) -> str:
        if self.estimate is None:
            return f"Win probability: cannot tell ({write_count(self.answers, 'answer')})"
        return (
            f"Win probability {self.estimate:.2f} ({100 * self.confidence:.4g} % interval"
            f" {self.low:.2f} to {self.high:.2f}, {write_count(self.answers, 'answer')};"
            f" rank sum p {self.p_value:.2g})"
        )

    def _table(self) -> HtmlTable:
        header = ("win probability", "low", "high", "rank sum p", "answers")
        return header, [(self.estimate, self.low, self.high, self.p_value, self.answers)]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_intervals

        rows = [Interval("", self.estimate, self.low, self.high)]
        return draw_intervals(rows, title="win probability", reference=0.5)
