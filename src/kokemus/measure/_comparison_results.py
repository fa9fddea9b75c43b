"""What a comparison looks like: two scores, their difference, and how likely chance makes it."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from kokemus.measure.results import HtmlTable, Result, write_group

if TYPE_CHECKING:
    import altair


@dataclass(frozen=True, kw_only=True)
class ScoreComparison(Result):
    """Two scores beside each other.

    Attributes
    ----------
    name, unit : str
        The score and its unit, as in `Score`.
    group, other : object
        What is compared, and with what.
    score, other_score : float or None
        The two scores; None without answers.
    estimate, low, high : float or None
        ``score`` less ``other_score``, with its interval.
    p_value : float or None
        The largest chance of error at which the interval would leave out 0.
    adjusted_p_value : float or None
        The same after Benjamini and Hochberg, where it is one of many; else `p_value`.
    is_different : bool or None
        Whether the (adjusted) p-value is under the limit; None where it cannot be told.
    answers, other_answers : int
    missing : int
        Rows left out.
    correlation : float or None
        Of the two scores, where the same contacts answered; else None.
    confidence : float
    method : str
    """

    name: str
    unit: str
    group: Hashable
    other: Hashable
    score: float | None
    other_score: float | None
    estimate: float | None
    low: float | None
    high: float | None
    p_value: float | None
    adjusted_p_value: float | None
    is_different: bool | None
    answers: int
    other_answers: int
    missing: int
    correlation: float | None
    confidence: float
    method: str

    def __str__(self) -> str:
        heading = f"{write_group(self.group)} less {write_group(self.other)}: {self.name}"
        return f"{heading} {', '.join(self._details())}"

    def _details(self) -> Iterator[str]:
        if self.estimate is None:
            yield "cannot tell"
        elif self.low is None or self.high is None:
            yield f"{self._write(self.estimate)} (cannot tell how far off)"
        else:
            percent = f"{100 * self.confidence:.4g} % interval"
            between = f"{self._write(self.low)} to {self._write(self.high)}"
            yield f"{self._write(self.estimate)} ({percent} {between})"
        if self.p_value is not None and self.adjusted_p_value is not None:
            is_one = self.p_value == self.adjusted_p_value
            yield write_p(self.p_value) if is_one else f"adjusted {write_p(self.adjusted_p_value)}"
        if self.is_different is False:
            yield "cannot tell them apart"
        yield f"{self.answers:,} and {self.other_answers:,} answers"

    def _write(self, number: float) -> str:
        number += 0.0
        if self.unit == "scale":
            return f"{number:+.2f}"
        return f"{number:+.1f}" + " %" * (self.unit == "percent")

    def _table(self) -> HtmlTable:
        return HEADER, [self._row()]

    def _row(self) -> list[object]:
        numbers = (self.score, self.estimate, self.low, self.high, self.adjusted_p_value)
        return [write_group(self.group), self.answers, *numbers]

    def _chart(self) -> "altair.LayerChart":
        return _draw([self])


HEADER = ("group", "answers", "score", "difference", "low", "high", "adjusted p")


@dataclass(frozen=True, kw_only=True)
class ScoreComparisons(Result, Sequence[ScoreComparison]):
    """Many groups, each compared with the same, in the groups' order.

    Attributes
    ----------
    comparisons : tuple of ScoreComparison
    against : str
        "rest" or "overall".
    false_discovery_rate : float
        Of the groups said to be different, so many at most are not, on the average.
    """

    comparisons: tuple[ScoreComparison, ...]
    against: str
    false_discovery_rate: float

    @property
    def different(self) -> tuple[ScoreComparison, ...]:
        """The groups that stand out, those above first."""
        found = [each for each in self.comparisons if each.is_different]
        return tuple(sorted(found, key=lambda each: -(each.estimate or 0.0)))

    def __len__(self) -> int:
        return len(self.comparisons)

    @overload
    def __getitem__(self, place: int) -> ScoreComparison: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[ScoreComparison, ...]: ...
    def __getitem__(self, place: int | slice) -> ScoreComparison | tuple[ScoreComparison, ...]:
        return self.comparisons[place]

    def __str__(self) -> str:
        if not self.comparisons:
            return "no groups, no answers"
        rate = f"{100 * self.false_discovery_rate:.4g} %"
        heading = (
            f"{len(self.different)} of {len(self)} groups differ from the {self.against}"
            f" (at most {rate} of such findings are false, on the average)"
        )
        return "\n".join([heading, *(f"  {each}" for each in self.comparisons)])

    def _table(self) -> HtmlTable:
        return HEADER, [each._row() for each in self.comparisons]

    def _chart(self) -> "altair.LayerChart":
        return _draw(self.comparisons)


def _draw(comparisons: Sequence[ScoreComparison]) -> "altair.LayerChart":
    """Draw each difference with its interval, beside 0."""
    from kokemus.measure._plots import Interval, draw_intervals

    rows = [
        Interval(write_group(each.group), each.estimate, each.low, each.high)
        for each in comparisons
    ]
    title = f"{comparisons[0].name}, difference" if comparisons else "no groups"
    return draw_intervals(rows, title=title, reference=0.0)


def write_p(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
