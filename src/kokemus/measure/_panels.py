"""From rows to the mean of each period, or of each unit and period."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from kokemus.measure._frame import IntoFrame, Table, open_frame
from kokemus.measure._frame.averages import average_by
from kokemus.measure.histograms import Floats

GAP = 1.5  # times the shortest step: months of 28 and 31 days are no gap, a missing month is one


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """The mean of each column in each unit and period; NaN where there is none.

    Attributes
    ----------
    units, times : tuple
    means : dict of str to array of float, shape (units, times)
    missing : int
        Rows left out: no unit, no time, or none of the numbers.
    """

    units: tuple[Hashable, ...]
    times: tuple[Hashable, ...]
    means: Mapping[str, Floats]
    missing: int

    def series(self, place: int, column: str) -> Floats:
        """One unit's means in the order of time, with NaN where a period was jumped over."""
        means = self.means[column][place]
        return np.insert(means, find_gaps(self.times), np.nan)

    @property
    def gaps(self) -> tuple[tuple[Hashable, Hashable], ...]:
        """The periods before and after each gap."""
        return tuple((self.times[place - 1], self.times[place]) for place in find_gaps(self.times))


def read_panel(
    frame: IntoFrame, *, columns: Sequence[str], time: str | None, unit: str | None = None
) -> Panel:
    """Average the columns by one group-by of the frame's engine."""
    if time is None:
        raise TypeError(
            "time names the column of periods: rows of a frame have no order of their own. Two"
            " series that are in order go to granger_from_series"
        )
    keys = [unit, time] if unit else [time]
    opened = open_frame(frame, numbers=columns, keys=keys, ordered=[time])
    table = average_by(opened, columns=columns, keys=keys)
    is_kept = has_keys(table) & (table.numbers["rows"] > 0)
    missing = round(float(table.numbers["missing"].sum() + table.numbers["rows"][~is_kept].sum()))
    codes = table.codes[:, is_kept]
    if not unit:
        codes = np.vstack([np.zeros_like(codes), codes])
    units, row = np.unique(codes[0], return_inverse=True)
    times, place = np.unique(codes[1], return_inverse=True)
    means = {}
    for column in columns:
        sums, counts = (table.numbers[f"{name} {column}"][is_kept] for name in ("sum", "count"))
        means[column] = np.full((len(units), len(times)), np.nan)
        averages = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
        means[column][row, place] = averages
    return Panel(
        units=tuple(table.levels[0][code] for code in units.tolist()) if unit else (None,),
        times=tuple(table.levels[-1][code] for code in times.tolist()),
        means=means,
        missing=missing,
    )


def has_keys(table: Table) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    is_there = np.ones(table.codes.shape[1], bool)
    for levels, codes in zip(table.levels, table.codes, strict=True):
        is_none = np.array([level is None for level in levels], bool)
        is_there &= ~is_none[codes] if len(is_none) else True
    return is_there


def find_gaps(times: Sequence[Hashable]) -> list[int]:
    """Places before which a period was jumped over; words have no distance, so no gaps."""
    if len(times) < 3 or not all(isinstance(time, int | float | date) for time in times):
        return []
    positions = np.array([_position(time) for time in times])
    if _are_months(positions):
        positions = 12 * (positions // 100) + positions % 100
    steps = np.diff(positions)
    return (np.flatnonzero(steps > GAP * steps.min()) + 1).tolist()


def _are_months(numbers: Floats) -> bool:
    """Whether all numbers read as year and month, such as 202612."""
    months = numbers % 100
    is_year = (numbers >= 190_000) & (numbers < 220_000)
    return bool((is_year & (months >= 1) & (months <= 12) & (months == np.round(months))).all())


def _position(time: Hashable) -> float:
    if isinstance(time, datetime):
        return time.toordinal() + (time.hour * 3600 + time.minute * 60 + time.second) / 86_400
    return float(time.toordinal() if isinstance(time, date) else time)  # type: ignore[arg-type]
