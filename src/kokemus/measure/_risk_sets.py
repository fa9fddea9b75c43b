"""How many of each class were at risk and how many were lost at each time."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kokemus.measure._frame import IntoFrame, Table, refuse_infinite, wrap_frame
from kokemus.measure._frame.follow_up import count_ends, count_starts
from kokemus.measure.histograms import Floats, Indices

CountsByTime = Mapping[float, tuple[float, float]]


class NotFollowUp(ValueError):
    """Durations, events or counts that no people can have given."""


class UnknownClass(LookupError):
    """A class that the data do not have."""


@dataclass(frozen=True, kw_only=True, eq=False)
class RiskSets:
    """The sufficient statistic of survival by class: at risk and events at each time.

    Attributes
    ----------
    groups : tuple
        The classes, sorted.
    times : array of float, shape (times,)
        When anybody was lost, ascending.
    at_risk, events : array of float, shape (times, groups)
        How many of the class were followed just before the time, and how many were lost at it.
    ends : array of float, shape (groups,)
        Until when somebody of the class was followed.
    group_rows : array of int, shape (groups,)
        Rows that the counts rest on; from counts alone the most that were at risk at a time.
    missing : int
        Rows left out: no duration, no event or no class.
    empty : int
        Rows left out as they end no later than they start.
    """

    groups: tuple[Hashable, ...]
    times: Floats
    at_risk: Floats
    events: Floats
    ends: Floats
    group_rows: Indices
    missing: int = 0
    empty: int = 0

    @property
    def rows(self) -> int:
        return int(self.group_rows.sum())

    @property
    def event_count(self) -> int:
        return round(float(self.events.sum()))

    @property
    def events_by_group(self) -> dict[Hashable, int]:
        counts = self.events.sum(axis=0).tolist()
        return {group: round(count) for group, count in zip(self.groups, counts, strict=True)}

    @property
    def rows_by_group(self) -> dict[Hashable, int]:
        return dict(zip(self.groups, self.group_rows.tolist(), strict=True))

    def each_group(self) -> "Iterator[GroupCounts]":
        for place, group in enumerate(self.groups):
            is_followed = self.at_risk[:, place] > 0
            yield GroupCounts(
                group=group,
                times=self.times[is_followed],
                at_risk=self.at_risk[is_followed, place],
                events=self.events[is_followed, place],
                end=float(self.ends[place]),
                rows=int(self.group_rows[place]),
            )


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupCounts:
    """One class: at risk and events at the times when it was followed and anybody was lost."""

    group: Hashable
    times: Floats
    at_risk: Floats
    events: Floats
    end: float
    rows: int


Counts = RiskSets | Mapping[Hashable, CountsByTime]


def read_counts(counts: Counts) -> RiskSets:
    """Take risk sets as they are, and make them from class -> time -> (at risk, events)."""
    if isinstance(counts, RiskSets):
        return counts
    groups = tuple(counts)
    times = np.array(sorted({float(time) for by_time in counts.values() for time in by_time}))
    place = {time: number for number, time in enumerate(times.tolist())}
    cells = np.zeros((2, len(times), len(groups)))
    for column, by_time in enumerate(counts.values()):
        for time, pair in by_time.items():
            cells[:, place[float(time)], column] = pair
    at_risk, events = cells
    if not (np.isfinite(times).all() and (times >= 0).all()):
        raise NotFollowUp("a time is a finite number of 0 or more")
    if not ((events >= 0) & (events <= at_risk) & (events == np.round(events))).all():
        raise NotFollowUp("events are whole numbers from 0 to how many were at risk")
    ends = np.where(at_risk > 0, times[:, None], 0.0).max(axis=0, initial=0.0)
    most = at_risk.max(axis=0, initial=0.0)
    return _keep_events(groups, times, at_risk, events, ends, most)


def read_risk_sets(
    frame: IntoFrame, *, duration: str, event: str, group: str | None, start: str | None
) -> RiskSets:
    """Count the risk sets by one group-by of the frame's engine, with `start` by two."""
    columns = [duration, event, *([start] if start else [])]
    opened = wrap_frame(frame, numbers=columns, keys=[group] if group else [])
    refuse_infinite(opened, columns[2:])
    ends = count_ends(opened, duration=duration, event=event, group=group, start=start)
    _check_ends(ends, duration, event)
    time, groups, index, is_kept = _read_cells(ends, None)
    times, row = np.unique(time, return_inverse=True)
    shape = (len(times), len(groups))
    ended = _fill(shape, row, index, ends.numbers["rows"][is_kept])
    events = _fill(shape, row, index, ends.numbers["events"][is_kept])
    at_risk = _sum_from_end(ended)
    if start:
        starts = count_starts(opened, duration=duration, event=event, group=group, start=start)
        time_of_start, _, index_of_start, is_started = _read_cells(starts, groups)
        # Who starts at a time is at risk only after it.
        row = np.searchsorted(times, time_of_start, "right")
        amounts = starts.numbers["rows"][is_started]
        started = _fill((len(times) + 1, len(groups)), row, index_of_start, amounts)
        at_risk -= _sum_from_end(started)[1:]
    last = np.zeros(len(groups))
    np.maximum.at(last, index, time)
    left_out = {name: round(float(ends.numbers[name].sum())) for name in ("missing", "empty")}
    return _keep_events(groups, times, at_risk, events, last, ended.sum(axis=0), **left_out)


def _check_ends(ends: Table, duration: str, event: str) -> None:
    if odd := round(float(ends.numbers["odd"].sum())):
        raise NotFollowUp(f"column {event!r} has other numbers than 0 and 1 in {odd:,} rows")
    if wrong := round(float(ends.numbers["impossible"].sum())):
        raise NotFollowUp(f"column {duration!r} has times below 0 or infinite in {wrong:,} rows")


def _read_cells(
    table: Table, groups: tuple[Hashable, ...] | None
) -> tuple[Floats, tuple[Hashable, ...], Indices, Any]:
    """Read time and class of the cells that rows count in; None as `groups` takes those found."""
    is_kept = table.numbers["rows"] > 0
    times = np.array(
        [float(time) for time in _values(table, 0, is_kept)]  # type: ignore[arg-type]
    )
    if len(table.levels) < 2:
        return times, (None,) * bool(len(times)), np.zeros(len(times), np.intp), is_kept
    codes = table.codes[1][is_kept]
    if groups is None:
        groups = tuple(table.levels[1][code] for code in np.unique(codes).tolist())
    place = {group: number for number, group in enumerate(groups)}
    levels = np.array([place.get(level, -1) for level in table.levels[1]], np.intp)
    return times, groups, levels[codes], is_kept


def _values(table: Table, column: int, is_kept: Any) -> list[Hashable]:
    return [table.levels[column][code] for code in table.codes[column][is_kept].tolist()]


def _fill(shape: tuple[int, int], row: Indices, column: Indices, amounts: Floats) -> Floats:
    filled = np.zeros(shape)
    np.add.at(filled, (row, column), amounts)
    return filled


def _sum_from_end(amounts: Floats) -> Floats:
    return np.asarray(amounts[::-1].cumsum(axis=0)[::-1])


def _keep_events(
    groups: tuple[Hashable, ...],
    times: Floats,
    at_risk: Floats,
    events: Floats,
    ends: Floats,
    rows: Floats,
    **left_out: int,
) -> RiskSets:
    has_event = events.sum(axis=1) > 0
    return RiskSets(
        groups=groups,
        times=times[has_event],
        at_risk=at_risk[has_event],
        events=events[has_event],
        ends=ends,
        group_rows=np.round(rows).astype(np.intp),
        **left_out,
    )


def find_reference(groups: Sequence[Hashable], reference: Hashable) -> int:
    """Place of the class that the others are compared with: the first where none is named."""
    if reference is None:
        return 0
    if reference not in groups:
        listed = ", ".join(repr(group) for group in groups)
        raise UnknownClass(f"{reference!r} is not among the classes {listed}")
    return list(groups).index(reference)
