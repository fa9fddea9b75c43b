"""Weeks, as every engine can name them."""

from typing import TYPE_CHECKING, Any

from kokemus.measure._frame.opening import Frame, IntoFrame, NotNumbers, give_back, open_frame

if TYPE_CHECKING:
    import narwhals as nw


class NotDates(NotNumbers):
    """A column that must hold dates and holds something else."""


def with_iso_week(frame: IntoFrame, date: str = "date", *, name: str = "week") -> Any:
    """Add a column with the ISO week of a date, such as "2026-W05".

    Weeks start on Monday; the first is the one with the year's first Thursday. As words they
    sort in order of time. No group-by; an eager frame stays eager and a lazy one lazy.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        With a column of dates or of dates and times.
    date : str
        That column.
    name : str
        Of the new column.

    Returns
    -------
    frame
        Of the same kind, with one more column; a missing date has a missing week.

    Raises
    ------
    UnknownColumn
        The column is not there.
    NotDates
        It does not hold dates.

    Notes
    -----
    Where it misleads: the days about New Year belong to a week of the other year; times are cut
    as they are stored, so convert them to local time first.

    References
    ----------
    ISO 8601-1:2019, Date and time, section 4.3.2.

    Examples
    --------
    >>> from datetime import date
    >>> import polars as pl
    >>> days = pl.DataFrame({"date": [date(2026, 1, 1), date(2027, 1, 1), None]})
    >>> with_iso_week(days)["week"].to_list()
    ['2026-W01', '2026-W53', None]
    """
    import narwhals as nw

    opened = open_frame(frame, keys=[date])
    day = read_date(opened, date)
    year, week = year_and_week(day)
    zero = nw.when(week < 10).then(nw.lit("-W0")).otherwise(nw.lit("-W"))
    text = nw.concat_str(year.cast(nw.String), zero, week.cast(nw.String))
    made = opened.with_columns(nw.when(~day.is_null()).then(text).alias(name))
    return give_back(frame, made, name)


def read_date(frame: "Frame", column: str) -> "nw.Expr":
    """Read a column that must hold dates, with times or without."""
    import narwhals as nw

    kind = frame.collect_schema()[column]
    if kind == nw.Object:  # pandas keeps dates with gaps as objects
        return nw.col(column).cast(nw.Datetime)
    if kind != nw.Date and kind != nw.Datetime:
        raise NotDates(f"column {column!r} must hold dates, and holds {kind}")
    if isinstance(kind, nw.Datetime) and kind.time_zone and frame.implementation.is_pandas():
        return nw.col(column).dt.replace_time_zone(None)  # pandas would cut in UTC
    return nw.col(column)


def year_and_week(day: "nw.Expr") -> tuple["nw.Expr", "nw.Expr"]:
    """Count them out: engines disagree on what they call the week's year."""
    import narwhals as nw

    parts = (day.dt.year(), day.dt.weekday(), day.dt.ordinal_day())
    year, weekday, place = (part.fill_null(1).cast(nw.Int64) for part in parts)
    weekday = (weekday + 6) % 7 + 1  # Sunday is 0 on Spark and 7 elsewhere
    week = (place - weekday + 10) // 7
    is_before, is_after = week < 1, week > _weeks_in(year)
    of_year = nw.when(is_before).then(year - 1).when(is_after).then(year + 1).otherwise(year)
    in_year = nw.when(is_before).then(_weeks_in(year - 1)).when(is_after).then(nw.lit(1))
    return of_year, in_year.otherwise(week)


def _weeks_in(year: "nw.Expr") -> "nw.Expr":
    """53 where the year ends on a Thursday, or the one before it ended on a Wednesday."""
    import narwhals as nw

    is_long = (_last_weekday(year) == 4) | (_last_weekday(year - 1) == 3)
    return nw.when(is_long).then(nw.lit(53)).otherwise(nw.lit(52))


def _last_weekday(year: "nw.Expr") -> "nw.Expr":
    return (year + year // 4 - year // 100 + year // 400) % 7
