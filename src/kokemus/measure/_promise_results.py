"""What is said of promises: immediate beside later answers, unit by unit."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from kokemus.measure.results import Estimate, HtmlTable, Result, write_group

if TYPE_CHECKING:
    import altair


@dataclass(frozen=True, kw_only=True)
class PromiseGap(Result):
    """What a unit's immediate answers became later.

    Attributes
    ----------
    unit : object
    answers, pairs : int
        Immediate answers, and those of them with a later one.
    immediate, later : float or None
        Means over the pairs.
    gap : Estimate
        Mean of immediate less later.
    shortfall : Estimate
        How much lower the later answers are than after the same immediate answers elsewhere.
    shrunken : float or None
        The shortfall drawn towards 0 by its unreliability.
    p_value, adjusted_p_value : float or None
        Of so large a shortfall in an honest unit; the second by Benjamini and Hochberg.
    churn : Estimate
        Share that left, 0 to 1.
    churn_expected : float or None
        Share that left after the same immediate answers elsewhere.
    churn_p_value, churn_adjusted_p_value : float or None
    is_found : bool
        An adjusted p-value is at most the level asked for.
    """

    unit: Hashable
    answers: int
    pairs: int
    immediate: float | None
    later: float | None
    gap: Estimate
    shortfall: Estimate
    shrunken: float | None
    p_value: float | None
    adjusted_p_value: float | None
    churn: Estimate
    churn_expected: float | None
    churn_p_value: float | None
    churn_adjusted_p_value: float | None
    is_found: bool

    def __str__(self) -> str:
        name = write_group(self.unit)
        if self.immediate is None or self.later is None:
            text = f"{name}: cannot tell, no later answers"
        else:
            text = (
                f"{name}: {self.immediate:.2f} at once, {self.later:.2f} later"
                f" ({self.pairs:,} of {self.answers:,} answered twice); after the same answers"
                f" elsewhere {self._write_shortfall()}"
            )
        if self.churn.estimate is not None and self.churn_expected is not None:
            text += (
                f"; {100 * self.churn.estimate:.0f} % left,"
                f" {100 * self.churn_expected:.0f} % elsewhere"
            )
        return text

    def _write_shortfall(self) -> str:
        if self.shortfall.estimate is None:
            return "cannot tell"
        word = "higher" if self.shortfall.estimate >= 0 else "lower"
        sign = 1 if self.shortfall.estimate >= 0 else -1
        ends = sorted(sign * float(end or 0) for end in (self.shortfall.low, self.shortfall.high))
        return f"{abs(self.shortfall.estimate):.2f} {word} ({ends[0]:.2f} to {ends[1]:.2f})"

    def _table(self) -> HtmlTable:
        return PromiseGaps((self,))._table()

    def _chart(self) -> "altair.LayerChart":
        return PromiseGaps((self,))._chart()


@dataclass(frozen=True)
class PromiseGaps(Result, Sequence[PromiseGap]):
    """What immediate answers became later, in all units.

    Attributes
    ----------
    gaps : tuple of PromiseGap
    """

    gaps: tuple[PromiseGap, ...]

    def __len__(self) -> int:
        return len(self.gaps)

    @overload
    def __getitem__(self, place: int) -> PromiseGap: ...
    @overload
    def __getitem__(self, place: slice) -> "PromiseGaps": ...
    def __getitem__(self, place: int | slice) -> "PromiseGap | PromiseGaps":
        return PromiseGaps(self.gaps[place]) if isinstance(place, slice) else self.gaps[place]

    def __str__(self) -> str:
        shown = [gap for gap in self.gaps if gap.is_found]
        heading = (
            f"{len(shown):,} of {len(self.gaps):,} units promise more than is kept,"
            " as far as can be told"
        )
        return "\n".join([heading, *map(str, shown)])

    def _table(self) -> HtmlTable:
        rows = [
            (write_group(g.unit), g.pairs, g.gap, g.shortfall, g.adjusted_p_value, g.churn)
            for g in self.gaps
        ]
        return ("unit", "pairs", "gap", "shortfall against peers", "adjusted p", "churn"), rows

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_intervals

        rows = [
            Interval(write_group(g.unit), g.shortfall.estimate, g.shortfall.low, g.shortfall.high)
            for g in self.gaps
        ]
        return draw_intervals(rows, title="shortfall against peers", reference=0.0)
