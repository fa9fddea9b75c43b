"""What `measure` hands back: frozen, typed, printable, ready for JSON and for a notebook."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from html import escape
from typing import Any, overload


@dataclass(frozen=True, kw_only=True)
class Score:
    """A score with its uncertainty.

    Attributes
    ----------
    name : str
        "NPS", "CSAT", "CES" or "mean".
    estimate, low, high : float or None
        In `unit`. None means that it cannot be told: no answers (all three), or an interval that
        the answers do not carry (low and high).
    answers : int
        How many the estimate rests on.
    missing : int
        Rows left out: no value, a code for no answer, or no weight over 0.
    effective_answers : float
        Kish's effective number of answers; equals `answers` without weights.
    method : str
        How the interval was made.
    confidence : float
        Nominal coverage of the interval, 0 to 1.
    unit : str
        "points" (-100 to 100), "percent" (0 to 100) or "scale" (the unit of the answers).
    group : object
        The group's value, a tuple of values with several columns, None without groups (and for
        the group of rows that name none).
    """

    name: str
    estimate: float | None
    low: float | None
    high: float | None
    answers: int
    missing: int
    effective_answers: float
    method: str
    confidence: float
    unit: str
    group: Hashable = None

    def __str__(self) -> str:
        heading = self.name if self.group is None else f"{write_group(self.group)}: {self.name}"
        if self.estimate is None:
            return f"{heading}: no answers" + (f", {self.missing:,} missing" * bool(self.missing))
        return f"{heading} {self._write(self.estimate)} ({', '.join(self._details())})"

    def _details(self) -> Iterator[str]:
        yield self.interval_text
        count = f"{self.answers:,} answer{'' if self.answers == 1 else 's'}"
        if self.effective_answers != self.answers:
            count += f" worth {self.effective_answers:,.0f}"
        yield count
        if self.missing:
            yield f"{self.missing:,} missing"
        if self.low is not None:
            name, *rest = self.method.split(", ")
            yield ", ".join([f"{name.replace('_', ' ')} method", *rest])

    @property
    def interval_text(self) -> str:
        """The interval in words, such as "95 % interval 37.2 to 42.4"."""
        if self.low is None or self.high is None:
            return "cannot tell how far off"
        percent = f"{100 * self.confidence:.4g}"
        return f"{percent} % interval {self._write(self.low)} to {self._write(self.high)}"

    def _write(self, number: float) -> str:
        written = f"{number:.2f}" if self.unit == "scale" else f"{number:.1f}"
        return written + " %" * (self.unit == "percent")

    def to_dict(self) -> dict[str, Any]:
        """Return a dictionary of plain values for JSON; its keys are the attributes."""
        return {**asdict(self), "group": plain(self.group)}

    def _repr_html_(self) -> str:
        return write_table([self])


@dataclass(frozen=True)
class Scores(Sequence[Score]):
    """The scores of the groups, sorted by group; the group of rows that name none comes last.

    Attributes
    ----------
    scores : tuple of Score
    """

    scores: tuple[Score, ...]

    def __len__(self) -> int:
        return len(self.scores)

    @overload
    def __getitem__(self, place: int) -> Score: ...
    @overload
    def __getitem__(self, place: slice) -> "Scores": ...
    def __getitem__(self, place: int | slice) -> "Score | Scores":
        return Scores(self.scores[place]) if isinstance(place, slice) else self.scores[place]

    def __str__(self) -> str:
        if not self.scores:
            return "no groups, no answers"
        return "\n".join(_str_in_table(score) for score in self.scores)

    def to_dict(self) -> dict[str, Any]:
        """Return a dictionary of plain values for JSON: ``{"groups": [score, …]}``."""
        return {"groups": [score.to_dict() for score in self.scores]}

    def _repr_html_(self) -> str:
        return write_table(self.scores)


def _str_in_table(score: Score) -> str:
    """Name the group also where it is the one of rows without a group."""
    return f"{write_group(None)}: {score}" if score.group is None else str(score)


def write_table(scores: Sequence[Score]) -> str:
    """Write an HTML table with a row per score."""
    rows = "".join(
        f"<tr><th>{escape(write_group(score.group))}</th><td>{escape(str_without_group(score))}</td>"
        f"<td>{score.answers:,}</td></tr>"
        for score in scores
    )
    return (
        "<table><thead><tr><th>group</th><th>score</th><th>answers</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def str_without_group(score: Score) -> str:
    return str(score).removeprefix(f"{write_group(score.group)}: ")


def write_group(group: Hashable) -> str:
    if group is None:
        return "(none)"
    if isinstance(group, tuple):
        return ", ".join(write_group(part) for part in group)
    return str(group)


def plain(group: Hashable) -> Any:
    """Return a group as JSON can hold it: dates in ISO format, tuples as lists."""
    if group is None or isinstance(group, bool | int | float | str):
        return group
    if isinstance(group, tuple):
        return [plain(part) for part in group]
    return group.isoformat() if isinstance(group, date) else str(group)
