"""Exponentially weighted moving average of a chart's standardised points."""

import math
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kokemus.measure._control_charts import ControlChart
from kokemus.measure.histograms import Floats
from kokemus.measure.results import Result, write_count, write_group

if TYPE_CHECKING:
    import altair

NODES = 121


@dataclass(frozen=True, kw_only=True)
class EwmaPoint:
    """A period of an EWMA chart.

    Attributes
    ----------
    period : object
        The period's name.
    average : float
        The weighted average of the standardised points so far.
    limit : float
        How far from 0 it may go, either way.
    is_signal : bool
        Whether it went further.
    """

    period: Hashable
    average: float
    limit: float
    is_signal: bool


@dataclass(frozen=True, kw_only=True)
class Ewma(Result):
    """An EWMA chart with what its limits promise.

    Attributes
    ----------
    points : tuple of EwmaPoint
        The periods that have answers.
    smoothing : float
        Weight of the newest point, over 0 to 1.
    limit : float
        Limits in standard deviations of the average.
    in_control_length : float
        Mean number of periods to a false alarm, were the chart's centre and spread known.
    false_alarm_chance : float
        The chance of a false alarm in as many periods as these, under the same.
    delay_of_one : float
        Mean number of periods until a shift of one standard deviation is signalled.
    method : str
        How the promises were computed.
    """

    points: tuple[EwmaPoint, ...]
    smoothing: float
    limit: float
    in_control_length: float
    false_alarm_chance: float
    delay_of_one: float
    method: str = "integral equation"

    @property
    def signals(self) -> tuple[EwmaPoint, ...]:
        """The points beyond their limits."""
        return tuple(point for point in self.points if point.is_signal)

    def __str__(self) -> str:
        return "\n".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if not self.points:
            yield "EWMA: cannot tell, the chart has no limits"
            return
        periods = write_count(len(self.points), "period")
        yield f"EWMA of {periods}, newest weighted {self.smoothing:g}"
        for point in self.signals:
            way = "high" if point.average > 0 else "low"
            yield (
                f"{write_group(point.period)}: {way}, {point.average:+.2f} beyond {point.limit:.2f}"
            )
        if not self.signals:
            yield "no point signals a change"
        yield (
            f"a false alarm in {self.in_control_length:.0f} periods on average"
            f" ({100 * self.false_alarm_chance:.1f} % in {len(self.points)});"
            f" a shift of one standard deviation shows after {self.delay_of_one:.1f}"
        )

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [
                write_group(point.period),
                f"{point.average:+.2f}",
                f"±{point.limit:.2f}",
                "signal" if point.is_signal else "",
            ]
            for point in self.points
        ]
        return ["period", "average", "limit", "signal"], rows

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Point, draw_line

        points = [
            Point(point.period, point.average, -point.limit, point.limit) for point in self.points
        ]
        return draw_line(points, title="average in standard deviations", rules={"centre": 0.0})


def ewma(
    chart: ControlChart,
    *,
    smoothing: float = 0.2,
    periods_between_false_alarms: float = 370.0,
) -> Ewma:
    """Exponentially weighted moving average of a control chart's standardised points.

    It finds small lasting shifts sooner than limits on single points: a shift of one standard
    deviation after some 10 periods, where limits at 3 take 44.

    Parameters
    ----------
    chart : ControlChart
        Of a share or an NPS; its ``z`` are averaged.
    smoothing : float
        Weight of the newest point, over 0 to 1; 0.1 to 0.3 is usual, 1 is the chart itself.
    periods_between_false_alarms : float
        The mean number of periods to a false alarm that the limits are set for, over 1.

    Returns
    -------
    Ewma
        Averages and limits by period. Without limits on the chart there are no points.

    Raises
    ------
    ValueError
        `smoothing` or `periods_between_false_alarms` is out of range.

    Notes
    -----
    Behaviour: none, one, equal - where the chart cannot tell, neither can this; missing - a
    period without answers is passed over; weighted - as in the chart.

    The limits start narrow and widen, as the average's own variance does. The promises solve the
    integral equation of the run length by Gauss-Legendre quadrature, exact to 1e-6; they hold for
    a centre and spread that are known. Of unchanged charts of 24 periods, promised 7 %, 3 % signal
    with both estimated from all 24, and 15 % with both from a baseline of the first 12.

    Where it misleads: it tells that the level moved, not when: see `change_points`. Periods that
    resemble their neighbours raise far more false alarms.

    References
    ----------
    Lucas, J. M. and Saccucci, M. S. (1990). Exponentially weighted moving average control
    schemes: properties and enhancements. Technometrics 32(1), 1-12.
    Crowder, S. V. (1987). A simple method for studying run-length distributions of exponentially
    weighted moving average charts. Technometrics 29(4), 401-407.

    Examples
    --------
    >>> from kokemus.measure.trends import share_chart_from_counts
    >>> happy = [40, 37, 41, 38, 40, 36, 41, 39, 38, 40, 36, 33, 35, 34, 33, 35]
    >>> print(ewma(share_chart_from_counts(happy, [50] * 16, baseline=10)))
    EWMA of 16 periods, newest weighted 0.2
    14: low, -1.05 beyond 0.95
    15: low, -1.31 beyond 0.95
    16: low, -1.36 beyond 0.95
    a false alarm in 370 periods on average (4.7 % in 16); a shift of one standard deviation shows after 9.8
    """  # noqa: E501
    _check_smoothing(smoothing)
    if not periods_between_false_alarms > 1:
        raise ValueError(f"more than 1 period lies between alarms: {periods_between_false_alarms}")
    found = [(point.period, point.z) for point in chart.points if point.z is not None]
    limit = _find_limit(smoothing, periods_between_false_alarms)
    widths = _limit_widths(smoothing, limit, len(found))
    points, average = [], 0.0
    for (period, z), width in zip(found, widths.tolist(), strict=True):
        average = smoothing * z + (1 - smoothing) * average
        points.append(
            EwmaPoint(period=period, average=average, limit=width, is_signal=abs(average) > width)
        )
    return Ewma(
        points=tuple(points),
        smoothing=smoothing,
        limit=limit,
        in_control_length=ewma_run_length(smoothing, limit=limit),
        false_alarm_chance=_chance_of_alarm(smoothing, limit, len(found)),
        delay_of_one=ewma_run_length(smoothing, limit=limit, shift=1.0),
    )


def ewma_run_length(smoothing: float, *, limit: float, shift: float = 0.0) -> float:
    """Mean number of periods until an EWMA chart signals.

    Parameters
    ----------
    smoothing : float
        Weight of the newest point, over 0 to 1.
    limit : float
        Limits in standard deviations of the average once it has settled, over 0.
    shift : float
        How far the process has moved, in standard deviations of a point; 0 gives the mean number
        of periods to a false alarm.

    Returns
    -------
    float
        Periods, from an average that starts at the centre with settled limits.

    Raises
    ------
    ValueError
        `smoothing` or `limit` is out of range.

    Notes
    -----
    Where it misleads: for normal, independent points of known centre and spread.

    References
    ----------
    Crowder, S. V. (1987). A simple method for studying run-length distributions of exponentially
    weighted moving average charts. Technometrics 29(4), 401-407.

    Examples
    --------
    >>> print(f"{ewma_run_length(0.25, limit=3.0):.1f}, {ewma_run_length(0.25, limit=3.0, shift=1.0):.1f}")
    502.9, 11.2
    """  # noqa: E501
    _check_smoothing(smoothing)
    if not limit > 0:
        raise ValueError(f"limits lie at more than 0 standard deviations, not {limit}")
    half = limit * math.sqrt(smoothing / (2 - smoothing))
    nodes, weights = _quadrature()
    kernel = _step(half * nodes, half * nodes, smoothing, shift) * (half * weights)
    lengths = np.linalg.solve(np.eye(NODES) - kernel, np.ones(NODES))
    first = _step(np.zeros(1), half * nodes, smoothing, shift) * (half * weights)
    return float(1 + (first @ lengths)[0])


@lru_cache(maxsize=1)
def _quadrature() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return nodes, weights


def _step(start: Floats, end: Floats, smoothing: float, shift: float) -> Floats:
    """Density of the next average at `end` (columns) from each average at `start` (rows)."""
    draw = (end[None, :] - (1 - smoothing) * start[:, None]) / smoothing - shift
    return np.asarray(np.exp(-0.5 * draw**2) / (math.sqrt(2 * math.pi) * smoothing))


def _limit_widths(smoothing: float, limit: float, periods: int) -> Floats:
    passed = np.arange(1, periods + 1)
    settled = 1 - (1 - smoothing) ** (2 * passed)
    return np.asarray(limit * np.sqrt(smoothing / (2 - smoothing) * settled))


def _check_smoothing(smoothing: float) -> None:
    if not 0 < smoothing <= 1:
        raise ValueError(f"smoothing is over 0 and at most 1, not {smoothing}")


@lru_cache(maxsize=64)
def _find_limit(smoothing: float, length: float) -> float:
    """Find the limit at which the mean run length is as asked; it grows with the limit."""
    low, high = 0.0, 8.0
    for _ in range(48):
        middle = (low + high) / 2
        if ewma_run_length(smoothing, limit=middle) < length:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@lru_cache(maxsize=64)
def _chance_of_alarm(smoothing: float, limit: float, periods: int) -> float:
    """Carry the density of an average that has not signalled from period to period."""
    nodes, weights = _quadrature()
    places, mass = np.zeros(1), np.ones(1)
    for half in _limit_widths(smoothing, limit, periods).tolist():
        ends = half * nodes
        mass = (mass @ _step(places, ends, smoothing, 0.0)) * (half * weights)
        places = ends
    return float(1 - mass.sum())
