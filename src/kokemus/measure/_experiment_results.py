"""What an experiment says: the sample ratio first, then the differences, then how to read them."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kokemus.measure._sample_ratio import SampleRatio
from kokemus.measure.results import Estimate, HtmlTable, Result, write_count, write_group

if TYPE_CHECKING:
    import altair

CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, kw_only=True)
class ArmResult(Result):
    """An arm: its answers, randomised units, and mean outcome (adjusted, if there is a pre-score).

    Attributes
    ----------
    arm : object
    answers, units : int
        Answers, and units of randomisation that have one (clusters, or the answers themselves).
    mean : Estimate
        With the fixed interval.
    """

    arm: Hashable
    answers: int
    units: int
    mean: Estimate

    def _table(self) -> HtmlTable:
        return ("arm", "answers", "mean"), [(write_group(self.arm), self.answers, self.mean)]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_intervals

        mean = self.mean
        return draw_intervals(
            [Interval(write_group(self.arm), mean.estimate, mean.low, mean.high)], title="mean"
        )


@dataclass(frozen=True, kw_only=True)
class Comparison(Result):
    """An arm less the control.

    Attributes
    ----------
    arm, control : object
    fixed : Estimate
        The difference with the interval that is right only for one look at the planned end.
    always_valid : Estimate
        The same difference with the interval that holds at every look at once; None without a
        plan, or before there are 30 units in each arm.
    plain : Estimate
        The difference without CUPED, with its fixed interval.
    standard_error : float or None
    p_value : float or None
        Of no difference, for one look.
    adjusted_p_value : float or None
        Benjamini and Hochberg's over the arms.
    variance_cut : float or None
        Share of the variance that the pre-score took away; None without a pre-score.
    progress : float or None
        Information gathered over that of the plan.
    answers : int
        Of both arms.
    clusters : int or None
        In the arm where they are fewer; None where answers stand by themselves.
    caution : str or None
        That clusters are few (or so unequal that they count as few), and how often the interval
        then holds the truth; None where they are not.
    reading : str
        "better", "worse" or "cannot tell", for an outcome of which more is better.
    """

    arm: Hashable
    control: Hashable
    fixed: Estimate
    always_valid: Estimate
    plain: Estimate
    standard_error: float | None
    p_value: float | None
    adjusted_p_value: float | None
    variance_cut: float | None
    progress: float | None
    answers: int
    clusters: int | None
    caution: str | None
    confidence: float
    unit: str
    reading: str

    def __str__(self) -> str:
        heading = f"{write_group(self.arm)} less {write_group(self.control)}"
        if self.fixed.estimate is None:
            return f"{heading}: cannot tell ({write_count(self.answers, 'answer')})."
        return f"{heading}: {self._write(self.fixed.estimate)} ({'; '.join(self._details())})."

    def _details(self) -> Iterator[str]:
        percent = f"{100 * self.confidence:.4g} % interval"
        if self.always_valid.low is None or self.always_valid.high is None:
            yield "no always-valid interval"
        else:
            yield f"always-valid {percent} {self._span(self.always_valid)}"
        if self.fixed.low is None:
            yield "cannot tell how far off"
        else:
            yield f"for one look {self._span(self.fixed)}"
        yield write_count(self.answers, "answer")
        if self.variance_cut is not None:
            yield f"the pre-score cut the variance by {100 * self.variance_cut:.0f} %"
        if self.caution is not None:
            yield self.caution

    def _span(self, estimate: Estimate) -> str:
        low, high = float(estimate.low or 0), float(estimate.high or 0)
        return f"{self._write(low)} to {self._write(high)}"

    def _write(self, number: float) -> str:
        return f"{number:.1f}" if self.unit == "points" else f"{number:.4g}"

    def _table(self) -> HtmlTable:
        header = ("arm", "difference", "always-valid interval", "interval for one look", "reading")
        spans = [
            None if each.low is None else self._span(each)
            for each in (self.always_valid, self.fixed)
        ]
        return header, [(write_group(self.arm), self.fixed.estimate, *spans, self.reading)]

    def _chart(self) -> "altair.LayerChart":
        return draw_comparisons([self])


@dataclass(frozen=True, kw_only=True)
class Experiment(Result):
    """An experiment: read the sample ratio first, then the differences.

    Attributes
    ----------
    sample_ratio : SampleRatio
    comparisons : tuple of Comparison
        Each arm less the control.
    arms : tuple of ArmResult
    missing : int
        Rows of the arms without an outcome.
    planned : float or None
        Answers planned over all arms.
    method : str
        How the intervals were made.
    """

    sample_ratio: SampleRatio
    comparisons: tuple[Comparison, ...]
    arms: tuple[ArmResult, ...]
    missing: int
    planned: float | None
    confidence: float
    unit: str
    method: str

    def __str__(self) -> str:
        lines = [str(self.sample_ratio), *map(str, self.comparisons), self.words]
        return "\n".join(lines)

    @property
    def words(self) -> str:
        """How to read it, in a sentence for each arm."""
        if not self.sample_ratio.is_sound:
            return (
                "Do not read the difference before the cause of the mismatch is found: the arms"
                " no longer hold comparable people."
            )
        if self.planned is None:
            return (
                "Without a planned number of answers there is only the interval for one look:"
                " read it once, at the end."
            )
        sentences = []
        for each in self.comparisons:
            arm, control = write_group(each.arm), write_group(each.control)
            if each.reading == CANNOT_TELL:
                sentences.append(f"Cannot tell whether {arm} differs from {control}.")
            else:
                word = {"better": "higher", "worse": "lower"}[each.reading]
                sentences.append(f"{arm} is {word} than {control}, at whatever look this is.")
        return " ".join(sentences)

    def _table(self) -> HtmlTable:
        tables = [each._table() for each in self.comparisons]
        header = tables[0][0] if tables else ("arm",)
        return header, [row for _, rows in tables for row in rows]

    def _chart(self) -> "altair.LayerChart":
        return draw_comparisons(self.comparisons)


def draw_comparisons(comparisons: tuple[Comparison, ...] | list[Comparison]) -> "altair.LayerChart":
    from kokemus.measure._plots import Interval, draw_intervals

    rows = [
        Interval(f"{write_group(each.arm)}, {name}", found.estimate, found.low, found.high, name)
        for each in comparisons
        for name, found in (("always valid", each.always_valid), ("for one look", each.fixed))
    ]
    return draw_intervals(rows, title="difference from the control", reference=0.0)
