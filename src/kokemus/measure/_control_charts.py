"""Control charts whose limits know of more variation than sampling explains (Laney)."""

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kokemus.measure._chart_rules import (
    Rule,
    find_signals,
    rule,
    spread_of,
)
from kokemus.measure._false_alarms import Lot, Reading, chance_of_false_alarm
from kokemus.measure.histograms import Floats, HistogramTable
from kokemus.measure.results import Result, write_group

if TYPE_CHECKING:
    import altair

DEFAULT_RULES = ("outside", "run_of_8")
SURE_FROM = 12  # with fewer periods the spread is too rough to rely on


@dataclass(frozen=True, kw_only=True)
class ChartPoint:
    """A period on a control chart.

    Attributes
    ----------
    period : object
        The period's name.
    estimate : float or None
        Its score, in the chart's unit; None without answers.
    limit_low, limit_high : float or None
        Where points of an unchanged process lie; None where that cannot be told.
    answers : float
        How many the point rests on; with weights Kish's effective number.
    z : float or None
        Distance from the centre in standard deviations, as the spread between periods has it.
    standard_error : float or None
        What sampling alone would give an unchanged process at this many answers.
    signals : tuple of str
        The rules that signal here.
    """

    period: Hashable
    estimate: float | None
    limit_low: float | None
    limit_high: float | None
    answers: float
    z: float | None
    standard_error: float | None
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ControlChart(Result):
    """A score by period, with limits within which an unchanged process stays.

    Attributes
    ----------
    name : str
        "share" or "NPS".
    unit : str
        "percent" (0 to 100) or "points" (-100 to 100).
    centre : float or None
        The score of all answers of the baseline.
    spread : float or None
        Laney's sigma: how much more the periods vary than sampling explains; 1 is just as much.
    points : tuple of ChartPoint
        In order of time.
    baseline : int
        How many of the first periods set the centre and the limits.
    sigmas : float
        Where the limits are, in standard deviations.
    rules : tuple of Rule
        What was looked for, each with its false-alarm rate at a point.
    false_alarm_chance : float or None
        The chance, 0 to 1, that a chart of these periods and answers has a signal although
        nothing changed, by simulation with limits estimated in the same way.
    missing : int
        Rows left out: no answer, no period, or no weight over 0.
    method : str
        How the limits were made.
    """

    name: str
    unit: str
    centre: float | None
    spread: float | None
    points: tuple[ChartPoint, ...]
    baseline: int
    sigmas: float
    rules: tuple[Rule, ...]
    false_alarm_chance: float | None
    missing: int = 0
    method: str = "Laney"

    @property
    def signals(self) -> tuple[ChartPoint, ...]:
        """The points where a rule signals."""
        return tuple(point for point in self.points if point.signals)

    def __str__(self) -> str:
        return "\n".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if self.centre is None:
            yield f"{self.name}: no answers"
            return
        heading = f"{self.name} by period: centre {self._write(self.centre)}"
        if self.spread is None or self.false_alarm_chance is None:
            yield f"{heading}; cannot tell what is usual from {_count(self.points)}"
            return
        yield (
            f"{heading}, {_count(self.points)}, limits at {self.sigmas:g} standard deviations,"
            f" spread {self.spread:.2f} times that of sampling"
        )
        for point in self.signals:
            yield f"{write_group(point.period)}: {self._sentence_of(point)}"
        if not self.signals:
            yield "no point signals a change"
        yield (
            f"by chance such a chart signals in {100 * self.false_alarm_chance:.0f} % of cases"
            " when nothing changes"
        )
        if self.baseline < SURE_FROM:
            yield f"fewer than {SURE_FROM} periods set the limits: they are rough"

    def _sentence_of(self, point: ChartPoint) -> str:
        names = ", ".join(name.replace("_", " ") for name in point.signals)
        return f"{self._write_point(point)} ({names})"

    def _write_point(self, point: ChartPoint) -> str:
        if point.estimate is None:
            return "no answers"
        if point.limit_low is None or point.limit_high is None:
            return f"{self._write(point.estimate)}, cannot tell the limits"
        limits = f"{self._write(point.limit_low)} to {self._write(point.limit_high)}"
        return f"{self._write(point.estimate)}, limits {limits}"

    def _write(self, number: float) -> str:
        return f"{number:.1f}" + " %" * (self.unit == "percent")

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [
                write_group(point.period),
                self._write_point(point),
                f"{point.answers:,.0f}",
                ", ".join(point.signals),
            ]
            for point in self.points
        ]
        return ["period", self.name, "answers", "signals"], rows

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Point, draw_line

        points = [
            Point(point.period, point.estimate, point.limit_low, point.limit_high)
            for point in self.points
        ]
        rules = {} if self.centre is None else {"centre": self.centre}
        return draw_line(points, title=f"{self.name}, {self.unit}", rules=rules)


def _count(points: Sequence[ChartPoint]) -> str:
    return f"{len(points)} period{'' if len(points) == 1 else 's'}"


@dataclass(frozen=True, kw_only=True)
class Series:
    """Scores by period with what the limits need: answers, and what one answer may add.

    `shares` are how many answers of the baseline had each outcome, `worths` what it adds.
    """

    name: str
    unit: str
    bounds: tuple[float, float]
    periods: tuple[Hashable, ...]
    estimates: Floats
    answers: Floats
    worths: tuple[float, ...]
    shares: tuple[float, ...]

    @property
    def centre(self) -> float:
        """The score of all answers of the baseline."""
        return float(np.dot(self.shares, self.worths))

    @property
    def variance(self) -> float:
        """That of one answer."""
        return float(np.dot(self.shares, np.square(self.worths)) - self.centre**2)


def check_chart(periods: int, baseline: int | None, sigmas: float) -> int:
    """Return how many periods make the baseline: all unless it is said."""
    if not sigmas > 0:
        raise ValueError(f"limits lie at more than 0 standard deviations, not {sigmas}")
    if baseline is None:
        return periods
    if not 2 <= baseline <= max(2, periods):
        raise ValueError(f"a baseline has 2 to {periods} periods, not {baseline}")
    return baseline


def name_periods(periods: Sequence[Hashable] | None, count: int) -> tuple[Hashable, ...]:
    if periods is None:
        return tuple(range(1, count + 1))
    if len(periods) != count:
        raise ValueError(f"{len(periods)} periods are named and {count} are counted")
    return tuple(periods)


def read_counts(*columns: Sequence[float] | Floats) -> list[Floats]:
    arrays = [np.asarray(column, float) for column in columns]
    if any(array.ndim != 1 or len(array) != len(arrays[0]) for array in arrays):
        raise ValueError("counts are sequences of equal length, a number for each period")
    if any(not np.all(array >= 0) for array in arrays):
        raise ValueError("counts are 0 or more")
    return arrays


def share_series(
    hits: Floats, answers: Floats, periods: tuple[Hashable, ...], baseline: int
) -> Series:
    if np.any(hits > answers * (1 + 1e-12)):
        raise ValueError("a period has more successes than answers")
    centre = _ratio(hits[:baseline].sum(), answers[:baseline].sum())
    return Series(
        name="share",
        unit="percent",
        bounds=(0.0, 100.0),
        periods=periods,
        estimates=_divide(100 * hits, answers),
        answers=answers,
        worths=(0.0, 100.0),
        shares=(1 - centre, centre),
    )


def nps_series(
    down: Floats, between: Floats, up: Floats, periods: tuple[Hashable, ...], baseline: int
) -> Series:
    answers = down + between + up
    total = answers[:baseline].sum()
    low, high = _ratio(down[:baseline].sum(), total), _ratio(up[:baseline].sum(), total)
    return Series(
        name="NPS",
        unit="points",
        bounds=(-100.0, 100.0),
        periods=periods,
        estimates=_divide(100 * (up - down), answers),
        answers=answers,
        worths=(-100.0, 0.0, 100.0),
        shares=(low, 1 - low - high, high),
    )


def first_in_box(scale: tuple[float, float], box: int) -> float:
    """Return the lowest answer that counts: of a box of 2 on a scale 1 to 5, it is 4."""
    low, high = scale
    if not 0 < box <= high - low:
        raise ValueError(f"box must be 1 to {high - low:g} on a scale {low:g} to {high:g}: {box}")
    return high - box + 1


def counts_in(table: HistogramTable, is_counted: Any) -> Floats:
    """Count the answers of some values in each group; weighted ones as effective answers."""
    weight = table.sum_by_group(table.weights)
    chosen = table.sum_by_group(np.where(is_counted, table.weights, 0.0))
    share = np.divide(chosen, weight, out=np.zeros_like(weight), where=weight > 0)
    return share * table.effective_answers


def split_dated(table: HistogramTable) -> tuple[HistogramTable, tuple[Hashable, ...], int]:
    """Set aside the rows that name no period; count them with the missing."""
    missing = table.missing.sum()
    if table.groups and table.groups[-1] is None:
        last = len(table.groups) - 1
        is_dated = table.group_index < last
        missing += table.answers[~is_dated].sum()
        table = table.keep(is_dated)
        return table, table.groups[:-1], round(float(missing))
    return table, table.groups, round(float(missing))


def build_chart(
    series: Series, *, baseline: int, sigmas: float, rules: Sequence[str], missing: int = 0
) -> ControlChart:
    """Put limits around the centre and look for signals."""
    chosen = tuple(rule(name, sigmas) for name in rules)
    with np.errstate(divide="ignore", invalid="ignore"):
        errors = np.sqrt(series.variance / series.answers)
        raw = (series.estimates - series.centre) / errors
    is_there = np.isfinite(raw)
    is_base = is_there & (np.arange(len(raw)) < baseline)
    spread = float(spread_of(raw[is_base])) if is_base.sum() >= 2 else 0.0
    is_known = spread > 0
    z = np.where(is_there, raw / spread, math.nan) if is_known else np.full(len(raw), math.nan)
    found = _signal_names(z, is_there & is_known, rules, sigmas)
    low, high = (
        np.clip(series.centre + side * sigmas * errors * spread, *series.bounds)
        if is_known
        else np.full(len(raw), math.nan)
        for side in (-1, 1)
    )
    points = tuple(
        ChartPoint(
            period=period,
            estimate=known(series.estimates[place]),
            limit_low=known(low[place]) if is_there[place] else None,
            limit_high=known(high[place]) if is_there[place] else None,
            answers=float(series.answers[place]),
            z=known(z[place]),
            standard_error=known(errors[place]),
            signals=found[place],
        )
        for place, period in enumerate(series.periods)
    )
    base = int(is_base.sum())
    return ControlChart(
        name=series.name,
        unit=series.unit,
        centre=known(series.centre),
        spread=spread if is_known else None,
        points=points,
        baseline=base,
        sigmas=sigmas,
        rules=chosen,
        false_alarm_chance=(
            _chance(series, is_there, spread, Reading(base, tuple(rules), sigmas))
            if is_known
            else None
        ),
        missing=missing,
    )


def _chance(series: Series, is_there: Any, spread: float, reading: Reading) -> float:
    """Effective answers are rounded, of which a period has one at the least."""
    answers = np.maximum(np.rint(series.answers[is_there]), 1).astype(int)
    lot = Lot(series.worths, tuple(max(share, 0.0) for share in series.shares), spread)
    return chance_of_false_alarm(lot, tuple(answers.tolist()), reading)


def _signal_names(
    z: Floats, is_there: Any, rules: Sequence[str], sigmas: float
) -> list[tuple[str, ...]]:
    """List for each point the rules that signal; periods without answers are passed over."""
    places = np.flatnonzero(is_there)
    names: list[tuple[str, ...]] = [()] * len(z)
    flags = {name: find_signals(z[places], name, sigmas) for name in rules}
    for order, place in enumerate(places):
        names[place] = tuple(name for name in rules if flags[name][order])
    return names


def known(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else math.nan


def _divide(part: Floats, whole: Floats) -> Floats:
    quotient: Floats = np.divide(part, whole, out=np.full(len(whole), math.nan), where=whole > 0)
    return quotient
