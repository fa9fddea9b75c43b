"""Weeks on the axis of a chart: ISO weeks, every one between the first and the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext

from kokemus.ui.wording import is_known

WEEK_LABELS_MAX = 8


@dataclass(frozen=True)
class WeekPoint:
    """One week's score; `week` is any day of it. Without an estimate the week is a gap."""

    week: date
    estimate: float | None
    low: float | None
    high: float | None
    answers: int


@dataclass(frozen=True)
class Week:
    """A week of the axis: `is_alone` when both neighbours are gaps, `is_last` with a score."""

    key: str
    point: WeekPoint
    is_alone: bool
    is_last: bool

    @property
    def name(self) -> str:
        year, week = self.key.split("-W")
        return gettext("W%(week)s %(year)s") % {"week": int(week), "year": year}


def fill_weeks(points: Sequence[WeekPoint]) -> list[Week]:
    """Return every ISO week from the first to the last, those without a point as gaps."""
    known = {_monday(point.week): point for point in points}
    if not known:
        return []
    first, last = min(known), max(known)
    mondays = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    filled = [known.get(day) or WeekPoint(day, None, None, None, 0) for day in mondays]
    has = [False, *(is_known(point.estimate) for point in filled), False]
    last_with = max((n for n, value in enumerate(has) if value), default=0) - 1
    return [
        Week(
            _key(day),
            point,
            is_alone=has[n + 1] and not has[n] and not has[n + 2],
            is_last=n == last_with,
        )
        for n, (day, point) in enumerate(zip(mondays, filled, strict=True))
    ]


def label_weeks(weeks: Sequence[Week]) -> dict[str, list[str]]:
    """Return about eight labels: week key to its lines, the year under the first of a year."""
    step = -(-len(weeks) // WEEK_LABELS_MAX) or 1
    labels, year_before = {}, ""
    for week in weeks[::step]:
        year, number = week.key.split("-W")
        text = gettext("W%(week)s") % {"week": int(number)}
        labels[week.key] = [text, year if year != year_before else ""]
        year_before = year
    return labels


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _key(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
