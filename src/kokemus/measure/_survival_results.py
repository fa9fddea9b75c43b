"""What the functions on staying and leaving hand back."""

from bisect import bisect_right
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kokemus.measure.results import Estimate, HtmlTable, Result, write_count, write_group

if TYPE_CHECKING:
    import altair

UNTOLD = Estimate(None, None, None)
P_CLEAR = 0.05


@dataclass(frozen=True, kw_only=True)
class ChiSquaredTest(Result):
    """A test by chi squared.

    Attributes
    ----------
    chi_squared : float
    degrees : int
        Degrees of freedom.
    p_value : float
        How often chance alone gives as much, 0 to 1.
    """

    chi_squared: float
    degrees: int
    p_value: float

    @classmethod
    def of(cls, chi_squared: float, degrees: int) -> "ChiSquaredTest":
        from scipy.special import chdtrc

        p_value = float(chdtrc(degrees, max(chi_squared, 0.0)))
        return cls(chi_squared=chi_squared, degrees=degrees, p_value=p_value)

    @property
    def is_clear(self) -> bool:
        """Whether chance gives as much in less than 5 of 100 cases."""
        return self.p_value < P_CLEAR

    def __str__(self) -> str:
        return (
            f"χ² {self.chi_squared:,.2f}, {self.degrees} degree{'s' * (self.degrees != 1)}"
            f" of freedom, {write_p(self.p_value)}"
        )

    def _table(self) -> HtmlTable:
        return ("χ²", "degrees of freedom", "p"), [(self.chi_squared, self.degrees, self.p_value)]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_bars

        return draw_bars([Interval("χ²", self.chi_squared)])


@dataclass(frozen=True, kw_only=True)
class SurvivalCurve(Result):
    """Kaplan-Meier's estimate for one class.

    Attributes
    ----------
    group : object
        The class; None without classes.
    times, survival, standard_errors : tuple of float
        When anybody was lost, of this class or another; the share of the class that stays longer,
        0 to 1; its standard error (Greenwood).
    low, high : tuple of float or None
        Limits of the share; None where they cannot be told (nobody is left).
    at_risk, events : tuple of int
        Followed just before the time, and lost at it.
    end : float
        Until when somebody was followed.
    rows : int
    median : Estimate
        When half are lost, with Brookmeyer and Crowley's interval. None: not reached.
    method, confidence
        How the limits were made, and their nominal coverage.
    """

    group: Hashable
    times: tuple[float, ...]
    survival: tuple[float, ...]
    standard_errors: tuple[float, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    end: float
    rows: int
    median: Estimate
    method: str
    confidence: float

    def at(self, time: float) -> Estimate:
        """Share that stays longer than a time, 0 to 1; None after the last look."""
        place = bisect_right(self.times, time) - 1
        if time > self.end and (place < 0 or self.survival[place] > 0):
            return UNTOLD
        if place < 0:
            low = ((1 - self.confidence) / 2) ** (1 / self.at_risk[0]) if self.at_risk else None
            return Estimate(1.0, low, None if low is None else 1.0)
        return Estimate(self.survival[place], self.low[place], self.high[place])

    def __str__(self) -> str:
        heading = "" if self.group is None else f"{write_group(self.group)}: "
        return (
            f"{heading}{self._write_median()}; {self._write_end()} stay at {self.end:g};"
            f" {write_count(self.rows, 'row')}, {sum(self.events):,} lost,"
            f" {100 * self.confidence:.4g} % {self.method} intervals"
        )

    def _write_median(self) -> str:
        middle, low, high = parts_of(self.median)
        if middle is None:
            return "half are not lost yet" + (f", at the earliest by {low:g}" if low else "")
        if low is None:
            return f"half are lost by {middle:g} (cannot tell how far off)"
        return f"half are lost by {middle:g} ({low:g} " + (f"to {high:g})" if high else "or later)")

    def _write_end(self) -> str:
        return write_percent(self.at(self.end))

    def _table(self) -> HtmlTable:
        columns = (self.times, self.at_risk, self.events, self.survival, self.low, self.high)
        header = ("time", "at risk", "lost", "stays", "low", "high")
        return header, list(zip(*columns, strict=True))

    def _chart(self) -> "altair.LayerChart":
        return _draw([self])


def parts_of(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    return estimate.estimate, estimate.low, estimate.high


@dataclass(frozen=True, kw_only=True)
class SurvivalCurves(Result):
    """The curves of the classes, by class.

    Attributes
    ----------
    curves : dict
        Class to its `SurvivalCurve`; ``curves[class]`` may be written ``[class]``.
    missing, empty : int
        Rows left out: no duration, event or class; ending no later than they start.
    """

    curves: dict[Hashable, SurvivalCurve]
    missing: int
    empty: int

    def __getitem__(self, group: Hashable) -> SurvivalCurve:
        return self.curves[group]

    def __iter__(self) -> Iterator[SurvivalCurve]:
        return iter(self.curves.values())

    def __len__(self) -> int:
        return len(self.curves)

    def __str__(self) -> str:
        lines = [str(curve) for curve in self] or ["cannot tell: no rows"]
        return "\n".join([*lines, *write_left_out(self.missing, self.empty)])

    def _table(self) -> HtmlTable:
        header = ("class", "rows", "lost", "half are lost by", "low", "high")
        return header, [
            (write_group(curve.group), curve.rows, sum(curve.events), *parts_of(curve.median))
            for curve in self
        ]

    def _chart(self) -> "altair.LayerChart":
        return _draw(list(self))


def _draw(curves: list[SurvivalCurve]) -> "altair.LayerChart":
    from kokemus.measure._plots import Point, draw_line

    return draw_line(
        [
            Point(*cells, None if len(curves) == 1 else write_group(curve.group))
            for curve in curves
            for cells in zip(curve.times, curve.survival, curve.low, curve.high, strict=True)
        ],
        title="share that stays",
        x_title="time",
    )


@dataclass(frozen=True, kw_only=True)
class LogRank(Result):
    """Whether the classes stay equally long.

    Attributes
    ----------
    test : ChiSquaredTest or None
        None where it cannot be told: one class, or nobody lost while others were there.
    observed : dict
        Class to how many were lost.
    expected : dict
        Class to how many would have been lost, had all classes been alike.
    rows, missing, empty : int
        Rows counted and rows left out.
    """

    test: ChiSquaredTest | None
    observed: dict[Hashable, int]
    expected: dict[Hashable, float]
    rows: int
    missing: int
    empty: int

    def __str__(self) -> str:
        if self.test is None:
            reading = "cannot tell (one class, or none lost beside another)"
        elif self.test.is_clear:
            reading = f"the classes do not stay equally long ({self.test})"
        else:
            reading = f"cannot tell the classes apart ({self.test})"
        lost = ", ".join(
            f"{write_group(group)} {self.observed[group]:,} lost where"
            f" {self.expected[group]:,.1f} were expected"
            for group in self.observed
        )
        lines = [f"log-rank: {reading}" + f"; {lost}" * bool(lost)]
        return "\n".join([*lines, *write_left_out(self.missing, self.empty)])

    def _table(self) -> HtmlTable:
        return ("class", "lost", "expected"), [
            (write_group(group), self.observed[group], self.expected[group])
            for group in self.observed
        ]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_bars

        return draw_bars(
            [
                Interval(write_group(group), amount, group=name)
                for name, counts in (("lost", self.observed), ("expected", self.expected))
                for group, amount in counts.items()
            ],
            title="lost beside expected",
        )


@dataclass(frozen=True, kw_only=True)
class RestrictedMeans(Result):
    """Mean time that the classes stay, up to a limit.

    Attributes
    ----------
    limit : float or None
        Up to which time.
    means : dict
        Class to its mean time with interval; None where the class was followed for less.
    standard_errors : dict
        Class to the standard error of its mean; None where it cannot be told.
    differences : dict
        Class to its mean less that of `reference`, with interval.
    reference : object
        The class that the others are compared with.
    rows : dict
        Class to its rows.
    missing, empty : int
        Rows left out.
    confidence : float
        Nominal coverage of the intervals.
    """

    limit: float | None
    means: dict[Hashable, Estimate]
    standard_errors: dict[Hashable, float | None]
    differences: dict[Hashable, Estimate]
    reference: Hashable
    rows: dict[Hashable, int]
    missing: int
    empty: int
    confidence: float

    def __str__(self) -> str:
        lines = [self._write(group, mean) for group, mean in self.means.items()]
        if not lines:
            lines = ["cannot tell: no rows"]
        return "\n".join([*lines, *write_left_out(self.missing, self.empty)])

    def _write(self, group: Hashable, mean: Estimate) -> str:
        heading = "" if group is None else f"{write_group(group)}: "
        written = f"{heading}{mean} of the first {self.limit:g}"
        if group in self.differences:
            beside = write_group(self.reference)
            written += f", difference from {beside} {self.differences[group]}"
        return f"{written}; {write_count(self.rows[group], 'row')}"

    def _table(self) -> HtmlTable:
        return ("class", "mean", "low", "high", "rows"), [
            (write_group(group), *parts_of(mean), self.rows[group])
            for group, mean in self.means.items()
        ]

    def _chart(self) -> "altair.LayerChart":
        title = "no rows" if self.limit is None else f"mean of the first {self.limit:g}"
        return draw_estimates(self.means, title=title)


def draw_estimates(
    estimates: dict[Hashable, Estimate], *, title: str, reference: float | None = None
) -> "altair.LayerChart":
    from kokemus.measure._plots import Interval, draw_intervals

    rows = [Interval(write_group(group), *parts_of(each)) for group, each in estimates.items()]
    return draw_intervals(rows, title=title, reference=reference)


def write_left_out(missing: int, empty: int = 0) -> list[str]:
    """Say in a sentence which rows were left out, if any."""
    parts = [f"{missing:,} missing"] * bool(missing)
    parts += [f"{empty:,} that end no later than they start"] * bool(empty)
    return [f"left out: {', '.join(parts)}"] if parts else []


def write_percent(share: Estimate) -> str:
    """Write a share as percent with its interval."""
    return Estimate(*(part if part is None else 100 * part for part in parts_of(share))).write(
        1, " %"
    )


def write_p(p_value: float) -> str:
    return "p < 0.0001" if p_value < 0.0001 else f"p {p_value:.2g}"
