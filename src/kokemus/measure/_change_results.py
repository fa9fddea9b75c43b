"""What a decomposed change looks like: its parts, its segments, its steps."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kokemus.measure.results import Estimate, HtmlTable, Result, Score, write_group

if TYPE_CHECKING:
    import altair

PARTS = ("mix", "within", "entry", "exit")


@dataclass(frozen=True, kw_only=True)
class SegmentChange:
    """What one segment does to a change.

    Attributes
    ----------
    segment : object
        Its value, a tuple with several columns.
    share_before, share_after : float
        Its share of the (weighted) answers, 0 to 1.
    score_before, score_after : float or None
        Its score; None where nobody answered.
    answers_before, answers_after : int
    mix, within, entry, exit : Estimate or None
        Its parts; None where it has no such part. Over the segments each sums to the change's.
    """

    segment: Hashable
    share_before: float
    share_after: float
    score_before: float | None
    score_after: float | None
    answers_before: int
    answers_after: int
    mix: Estimate | None
    within: Estimate | None
    entry: Estimate | None
    exit: Estimate | None


@dataclass(frozen=True, kw_only=True)
class Change(Result):
    """The change of a score, and what it is made of.

    Attributes
    ----------
    name, unit : str
        The score and its unit, as in `Score`.
    before, after : object
        The periods.
    score_before, score_after : Score
        Their scores.
    total, mix, within, entry, exit : Estimate
        In the score's unit, with ``.estimate .low .high``; the last four sum to the total.
    factors : dict
        The mix of each column of segments; they sum to the mix.
    segments : tuple of SegmentChange
    answers_before, answers_after, missing : int
    confidence : float
    method : str
    """

    name: str
    unit: str
    before: Hashable
    after: Hashable
    score_before: Score
    score_after: Score
    total: Estimate
    mix: Estimate
    within: Estimate
    entry: Estimate
    exit: Estimate
    factors: dict[str, Estimate]
    segments: tuple[SegmentChange, ...]
    answers_before: int
    answers_after: int
    missing: int
    confidence: float
    method: str

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        heading = f"{self.name} from {write_group(self.before)} to {write_group(self.after)}"
        answers = f"{self.answers_before:,} and {self.answers_after:,} answers"
        if self.total.estimate is None:
            yield f"{heading}: cannot tell, {answers}"
            return
        yield f"{heading}: {self._write(self.total)}, {answers}"
        for name in PARTS:
            part: Estimate = getattr(self, name)
            if name in {"entry", "exit"} and not any(
                getattr(segment, name) for segment in self.segments
            ):
                continue
            yield f"  {name}: {self._write(part)}"
        if len(self.factors) > 1:
            for factor, part in self.factors.items():
                yield f"  mix by {factor}: {self._write(part)}"

    def _write(self, part: Estimate) -> str:
        return write_signed(part, self.unit, self.confidence)

    def _table(self) -> HtmlTable:
        header = ["segment", "before", "after", *PARTS]
        rows = [
            [
                write_group(each.segment),
                _write_standing(each.score_before, each.share_before),
                _write_standing(each.score_after, each.share_after),
                *(_write_part(getattr(each, name)) for name in PARTS),
            ]
            for each in self.segments
        ]
        return header, [*rows, ["all", "", "", *(_write_part(getattr(self, n)) for n in PARTS)]]

    def _chart(self) -> "altair.LayerChart":
        """Draw the waterfall: the score before, each part, the score after."""
        from kokemus.measure._plots import Interval, draw_waterfall

        parts = [(name, getattr(self, name)) for name in PARTS]
        ends = [
            Interval(write_group(score.group), score.estimate, score.low, score.high)
            for score in (self.score_before, self.score_after)
        ]
        steps = [Interval(name, part.estimate, part.low, part.high) for name, part in parts]
        return draw_waterfall(
            [ends[0], *steps, ends[1]], title=self.name, total=write_group(self.after)
        )


@dataclass(frozen=True, kw_only=True)
class Step:
    """The change from one of many periods to another.

    Attributes
    ----------
    before, after : object
    total, mix, within, turnover : Estimate
        Turnover is entry and exit together; the last three sum to the total.
    factors : dict
        The mix of each column of segments.
    """

    before: Hashable
    after: Hashable
    total: Estimate
    mix: Estimate
    within: Estimate
    turnover: Estimate
    factors: dict[str, Estimate]


@dataclass(frozen=True, kw_only=True)
class Changes(Result):
    """The changes of a score over many periods, which add up along any path.

    Attributes
    ----------
    name, unit : str
        The score and its unit, as in `Score`.
    periods : tuple
    scores : tuple of Score
        Each period's own score.
    steps : tuple of Step
        From each period to the next.
    since_first : tuple of Step
        From the first period to each later one.
    missing : int
    confidence : float
    method : str
    """

    name: str
    unit: str
    periods: tuple[Hashable, ...]
    scores: tuple[Score, ...]
    steps: tuple[Step, ...]
    since_first: tuple[Step, ...]
    missing: int
    confidence: float
    method: str

    def __str__(self) -> str:
        return "\n".join(
            f"{self.name} from {write_group(step.before)} to {write_group(step.after)}: "
            + "; ".join(
                f"{name} {write_signed(getattr(step, name), self.unit, self.confidence)}"
                for name in ("total", "mix", "within", "turnover")
            )
            for step in self.steps
        )

    def _table(self) -> HtmlTable:
        names = ("total", "mix", "within", "turnover")
        return ["from", "to", *names], [
            [
                write_group(step.before),
                write_group(step.after),
                *(_write_part(getattr(step, name)) for name in names),
            ]
            for step in self.steps
        ]

    def _chart(self) -> "altair.LayerChart":
        """Draw each part since the first period as a line."""
        from kokemus.measure._plots import Point, draw_line

        points = []
        for name in ("mix", "within", "turnover"):
            points.append(Point(self.periods[0], 0.0, series=name))
            for step in self.since_first:
                part: Estimate = getattr(step, name)
                points.append(Point(step.after, part.estimate, part.low, part.high, series=name))
        return draw_line(points, title=f"{self.name} since {write_group(self.periods[0])}")


def write_signed(part: Estimate, unit: str, confidence: float) -> str:
    if part.estimate is None:
        return "cannot tell"
    percent = " %" * (unit == "percent")
    written = f"{part.estimate + 0.0:+.1f}{percent}"
    if part.low is None or part.high is None:
        return f"{written} (cannot tell how far off)"
    if part.low == part.estimate == part.high:
        return f"{written} (no interval: what it rests on does not vary)"
    within = f"{100 * confidence:.4g} % interval {part.low:+.1f} to {part.high:+.1f}"
    unsure = ", cannot tell it from 0" * (part.low <= 0 <= part.high)
    return f"{written} ({within}{unsure})"


def _write_part(part: Estimate | None) -> str:
    if part is None or part.estimate is None:
        return ""
    return f"{part.estimate:+.1f}" + (
        f" ({part.low:+.1f} to {part.high:+.1f})" if part.low is not None else ""
    )


def _write_standing(score: float | None, share: float) -> str:
    return "none" if score is None else f"{score:.1f} ({100 * share:.0f} %)"
