"""When encounters happen: growth, winter, weekdays and hours, in Helsinki's own time."""

import datetime
import uuid
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kokemus.simulate.organisation import Moments, Whole
from kokemus.simulate.truths import GROWTH, WEEKDAY_VOLUMES, WINTER_VOLUME

ZONE = ZoneInfo("Europe/Helsinki")
WINTER_MONTHS = (12, 1, 2)
HOUR_VOLUMES = {
    "staffed": (
        0,
        0,
        0,
        0,
        0,
        0,
        0.2,
        1,
        3,
        4,
        4,
        3.5,
        3,
        3.5,
        3.5,
        3,
        2,
        1,
        0.5,
        0.3,
        0.1,
        0,
        0,
        0,
    ),
    "digital": (
        *(0.2, 0.1, 0.05, 0.05, 0.05, 0.2, 0.7, 1.3, 1.8, 2, 2, 2),
        *(2, 2, 2, 2, 2.2, 2.6, 3, 3.4, 3.4, 2.8, 1.6, 0.6),
    ),
}
_SECOND = np.timedelta64(1_000_000, "us")


def months_before(moment: datetime.datetime, *, months: int) -> datetime.datetime:
    """Give the same day and hour so many calendar months earlier, or that month's last day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    first = moment.replace(year=year, month=month + 1, day=1)
    following = (first + datetime.timedelta(days=31)).replace(day=1)
    last_day = (following - datetime.timedelta(days=1)).day
    return first.replace(day=min(moment.day, last_day))


def month_start(moment: datetime.datetime) -> datetime.datetime:
    """Give the first midnight, in Helsinki, of the moment's month."""
    local = moment.astimezone(ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return local.astimezone(datetime.UTC)


def to_column(moment: datetime.datetime) -> np.datetime64:
    """Turn a datetime with a zone into the UTC moment that columns hold."""
    return np.datetime64(moment.astimezone(datetime.UTC).replace(tzinfo=None), "us")


def draw_moments(
    generator: np.random.Generator,
    *,
    digital: NDArray[np.bool_],
    starts: datetime.datetime,
    ends: datetime.datetime,
) -> Moments:
    """Draw a moment in [starts, ends] for each encounter; a few fall outside, for the caller."""
    first = starts.astimezone(ZONE).date()
    days = [
        first + datetime.timedelta(days=i)
        for i in range((ends.astimezone(ZONE).date() - first).days + 1)
    ]
    offsets = np.array([_offset_seconds(day) for day in days], dtype=np.int64)
    moments = np.empty(len(digital), dtype="datetime64[us]")
    for profile, rows in (("digital", digital), ("staffed", ~digital)):
        number = int(rows.sum())
        day = generator.choice(len(days), number, p=_day_shares(days, profile))
        hours = np.array(HOUR_VOLUMES[profile])
        hour = generator.choice(24, number, p=hours / hours.sum())
        seconds = hour * 3600 + generator.integers(0, 3600, number) - offsets[day]
        midnight = np.array(days, dtype="datetime64[D]")[day].astype("datetime64[us]")
        moments[rows] = midnight + seconds * _SECOND
    return moments


def _offset_seconds(day: datetime.date) -> int:
    noon = datetime.datetime.combine(day, datetime.time(12), tzinfo=ZONE)
    offset = noon.utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def _day_shares(days: list[datetime.date], profile: str) -> NDArray[np.float64]:
    weekday = np.array(WEEKDAY_VOLUMES[profile])[[day.weekday() for day in days]]
    winter = np.where([day.month in WINTER_MONTHS for day in days], WINTER_VOLUME, 1.0)
    volume = weekday * winter * np.linspace(1.0, GROWTH, len(days))
    return np.asarray(volume / volume.sum())


def is_winter(moments: Moments) -> NDArray[np.bool_]:
    """Whether a moment is in December, January or February."""
    month = moments.astype("datetime64[M]").astype(np.int64) % 12 + 1
    return np.isin(month, WINTER_MONTHS)


def make_keys(generator: np.random.Generator, *, moments: Moments) -> list[uuid.UUID]:
    """Make a version-7 UUID for each moment, from the moment and the generator alone."""
    stamp = moments.astype("datetime64[ms]").astype(np.int64).tolist()
    high: Whole = generator.integers(0, 1 << 12, len(stamp))
    low: Whole = generator.integers(0, 1 << 62, len(stamp))
    return [
        uuid.UUID(int=time << 80 | 7 << 76 | a << 64 | 2 << 62 | b)
        for time, a, b in zip(stamp, high.tolist(), low.tolist(), strict=True)
    ]
