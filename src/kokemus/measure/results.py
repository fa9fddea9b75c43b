"""What `measure` hands back: frozen, typed, printable, ready for JSON and for a notebook."""

import json
import math
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, overload

import numpy as np

if TYPE_CHECKING:
    import altair

HtmlTable = tuple[Sequence[str], Sequence[Sequence[object]]]
WORTH_WHOLE = 100  # effective answers from which on no decimal is written


class Result(ABC):
    """What every result can do beside `print`: JSON, a table in a notebook, a chart.

    A frozen dataclass mixes it in and gives `_table` (the header, and rows of cells) and
    `_chart` (by a builder of `measure._plots`, imported in the method).
    """

    def to_dict(self) -> dict[str, Any]:
        """Return a dictionary of plain values for JSON; its keys are the attributes."""
        found: dict[str, Any] = plain(self)
        return found

    def plot(self) -> "altair.Chart | altair.LayerChart":
        """Draw the result with its uncertainty, as an Altair chart.

        Raises
        ------
        MissingExtra
            Altair is not installed.
        """
        return self._chart()

    def _repr_html_(self) -> str:
        return write_html(*self._table())

    @abstractmethod
    def _table(self) -> HtmlTable: ...

    @abstractmethod
    def _chart(self) -> "altair.Chart | altair.LayerChart": ...


@dataclass(frozen=True)
class Estimate(Result):
    """A number with its interval.

    Attributes
    ----------
    estimate, low, high : float or None
        None means that it cannot be told.
    """

    estimate: float | None
    low: float | None
    high: float | None

    def __post_init__(self) -> None:
        for name in ("estimate", "low", "high"):  # NumPy's numbers and -0.0 become plain
            value = getattr(self, name)
            if isinstance(value, float | np.floating):
                object.__setattr__(self, name, float(value) + 0.0)

    def __str__(self) -> str:
        return self.write()

    def write(self, decimals: int = 2, unit: str = "") -> str:
        """Write it as "12.30 (10.10 to 14.50)", or say that it cannot be told."""
        if self.estimate is None:
            return "cannot tell"
        written = f"{_round(self.estimate, decimals)}{unit}"
        if self.low is None or self.high is None:
            return f"{written} (cannot tell how far off)"
        low, high = _round(self.low, decimals), _round(self.high, decimals)
        return f"{written} ({low}{unit} to {high}{unit})"

    def _table(self) -> HtmlTable:
        return ("estimate", "low", "high"), [(self.estimate, self.low, self.high)]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_intervals

        return draw_intervals([Interval("", self.estimate, self.low, self.high)])


def _round(number: float, decimals: int) -> str:
    """Write it without the sign of a zero: 0.00 for -0.001."""
    return f"{round(number, decimals) + 0.0:,.{decimals}f}"


@dataclass(frozen=True, kw_only=True)
class Score(Result):
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
    clusters : int or None
        How many clusters the interval rests on, None where each answer stands by itself.
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
    clusters: int | None = None

    @property
    def design_effect(self) -> float | None:
        """How many answers it takes to be worth one independent, equally weighted one."""
        return self.answers / self.effective_answers if self.effective_answers else None

    def __str__(self) -> str:
        heading = self.name if self.group is None else f"{write_group(self.group)}: {self.name}"
        if self.estimate is None:
            return f"{heading}: no answers" + (f", {self.missing:,} missing" * bool(self.missing))
        return f"{heading} {self._write(self.estimate)} ({', '.join(self._details())})"

    def _details(self) -> Iterator[str]:
        yield self.interval_text
        count = write_count(self.answers, "answer")
        if self.effective_answers != self.answers:
            count += f" worth {write_worth(self.effective_answers)}"
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

    @property
    def unit_text(self) -> str:
        """The unit as an axis names it, such as "points"."""
        return {"scale": "scale", "percent": "%"}.get(self.unit, self.unit)

    def _table(self) -> HtmlTable:
        return _list_scores([self])

    def _chart(self) -> "altair.LayerChart":
        return _draw_scores([self])


@dataclass(frozen=True)
class Scores(Result, Sequence[Score]):
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

    def _table(self) -> HtmlTable:
        return _list_scores(self.scores)

    def _chart(self) -> "altair.LayerChart":
        return _draw_scores(self.scores)


def _draw_scores(scores: Sequence[Score]) -> "altair.LayerChart":
    """Draw a row per group, or lines over time where the groups are dates or end in them."""
    from kokemus.measure._plots import Interval, Point, draw_intervals, draw_line

    title = f"{scores[0].name}, {scores[0].unit_text}" if scores else "no groups"
    dated = [(*_part_date(score.group), score) for score in scores]
    days = {day for _, day, _ in dated}
    if len(days - {None}) > 1:
        return draw_line(
            [
                Point(day, score.estimate, score.low, score.high, series)
                for series, day, score in dated
                if day is not None
            ],
            title=title,
        )
    is_whole = len(scores) == 1 and scores[0].group is None
    return draw_intervals(
        [
            Interval(
                "" if is_whole else write_group(score.group), score.estimate, score.low, score.high
            )
            for score in scores
        ],
        title=title,
    )


def _part_date(group: Hashable) -> tuple[str | None, date | None]:
    """Part a group into the name of its line and its date, if it is or ends in one."""
    if isinstance(group, date):
        return None, group
    if isinstance(group, tuple) and group and isinstance(group[-1], date):
        return write_group(group[:-1]), group[-1]
    return None, None


def _str_in_table(score: Score) -> str:
    """Name the group also where it is the one of rows without a group."""
    return f"{write_group(None)}: {score}" if score.group is None else str(score)


def _list_scores(scores: Sequence[Score]) -> HtmlTable:
    """A row per score."""
    rows = [(write_group(score.group), str_without_group(score), score.answers) for score in scores]
    return ("group", "score", "answers"), rows


def str_without_group(score: Score) -> str:
    return str(score).removeprefix(f"{write_group(score.group)}: ")


def write_count(count: float, noun: str) -> str:
    """Write a count with its noun: "1 answer", "1,214 answers"."""
    return f"{count:,.0f} {noun}{'' if round(count) == 1 else 's'}"


def write_worth(effective: float) -> str:
    """Write an effective number, with a decimal where rounding would hide what was lost."""
    is_whole = effective >= WORTH_WHOLE or math.isclose(effective, round(effective), rel_tol=1e-9)
    return f"{effective:,.0f}" if is_whole else f"{effective:,.1f}"


def write_group(group: Hashable) -> str:
    if group is None:
        return "(none)"
    if isinstance(group, tuple):
        return ", ".join(write_group(part) for part in group)
    return str(group)


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: dates in ISO format, tuples as lists, NaN as None."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value + 0.0 if math.isfinite(value) else None  # -0.0 is 0
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        names = _write_keys(list(value))
        return {name: plain(part) for name, part in zip(names, value.values(), strict=True)}
    if isinstance(value, set | frozenset):  # in an order that does not change from run to run
        return sorted((plain(part) for part in value), key=json.dumps)
    if isinstance(value, Sequence):
        return [plain(part) for part in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, date) else str(value)


def _write_keys(keys: Sequence[Hashable]) -> list[str]:
    """Write the keys of a mapping: JSON has only words there.

    Of keys that read alike, such as None and "(none)", words and tuples are written as JSON.
    """
    names = [key.isoformat() if isinstance(key, date) else write_group(key) for key in keys]
    count = Counter(names)
    return [
        json.dumps(plain(key), ensure_ascii=False)
        if count[name] > 1 and isinstance(key, str | tuple)
        else name
        for key, name in zip(keys, names, strict=True)
    ]


def write_html(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Write an HTML table; the first cell of each row is its heading."""
    from html import escape  # here, as in _write_cell: its table of names takes a while to read

    head = "".join(f"<th>{escape(name)}</th>" for name in header)
    body = "".join(
        f"<tr><th>{_write_cell(first)}</th>"
        + "".join(f"<td>{_write_cell(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _write_cell(cell: object) -> str:
    from html import escape

    if cell is None:
        return "cannot tell"
    if isinstance(cell, float):
        return f"{cell:,.4g}" if math.isfinite(cell) else "cannot tell"
    if isinstance(cell, int) and not isinstance(cell, bool):
        return f"{cell:,}"
    return escape(str(cell))
