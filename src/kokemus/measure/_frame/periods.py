"""The day, week, month, quarter or year that a row falls in, on every engine."""

from datetime import date, datetime
from typing import Any

from kokemus.measure._frame.calendar import read_date, year_and_week
from kokemus.measure._frame.opening import Frame, IntoFrame, open_frame

PERIOD = "kokemus_period"
LENGTHS = {"day": "1d", "month": "1mo", "quarter": "1q", "year": "1y"}
EVERY = ("day", "week", "month", "quarter", "year")


def add_period(frame: "IntoFrame | Frame", *, time: str, every: str) -> "Frame":
    """Add the column `PERIOD`, of which `period_start` reads the first day of the period.

    No engine cuts to weeks through Narwhals, so a week is a number such as 202607.
    """
    import narwhals as nw

    if every not in EVERY:
        raise ValueError(f"every must be one of {', '.join(EVERY)}, not {every!r}")
    opened = open_frame(frame, keys=[time])
    day = read_date(opened, time)
    if every != "week":
        return opened.with_columns(day.dt.truncate(LENGTHS[every]).alias(PERIOD))
    year, week = year_and_week(day)
    return opened.with_columns(nw.when(~day.is_null()).then(year * 100 + week).alias(PERIOD))


def period_start(period: Any) -> date | None:
    """Read the first day of a period from what `add_period` wrote."""
    if period is None:
        return None
    if isinstance(period, int | float):
        year, week = divmod(int(period), 100)
        return date.fromisocalendar(year, week, 1)
    return period.date() if isinstance(period, datetime) else period
