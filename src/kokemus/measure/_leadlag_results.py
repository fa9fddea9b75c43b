"""What the functions on leads and lags hand back."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kokemus.measure._survival_results import (
    ChiSquaredTest,
    draw_estimates,
    parts_of,
    write_left_out,
    write_p,
)
from kokemus.measure.results import Estimate, HtmlTable, Result, write_count, write_group

if TYPE_CHECKING:
    import altair

P_CLEAR = 0.05


@dataclass(frozen=True, kw_only=True)
class GrangerTest(Result):
    """Whether the past of one series tells of another what its own past does not.

    Attributes
    ----------
    cause, effect : str
        The two series.
    order : int
        How many periods back.
    f, p_value : float or None
        The F statistic, and how often chance alone gives as much. None: cannot tell.
    degrees : tuple of int
        Degrees of freedom: the order, and the periods used less what was estimated.
    periods : int
        How many periods the test rests on: those whose past is known.
    left_out : int
        Periods left out, as they or their past have no value or a period was jumped over.
    missing : int
        Rows left out: no time, or neither number.
    reason : str
        Why it cannot be told; empty where it can.
    time : str
        The column of periods; empty for series.
    gaps : tuple of pairs
        The periods before and after each place where periods were jumped over.
    """

    cause: str
    effect: str
    order: int
    f: float | None
    p_value: float | None
    degrees: tuple[int, int]
    periods: int
    left_out: int
    missing: int
    reason: str
    time: str = ""
    gaps: tuple[tuple[Hashable, Hashable], ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.cause} → {self.effect}, order {self.order}: {self._read()}"]
        lines[0] += f"; {write_count(self.periods, 'period')}"
        if self.left_out:
            lines[0] += f", {self.left_out:,} left out{self._why_left_out()}"
        return "\n".join([*lines, *write_left_out(self.missing)])

    def _why_left_out(self) -> str:
        if not self.gaps:
            return " as they or their past have no value"
        before, after = (str(end).removesuffix(" 00:00:00") for end in self.gaps[0])
        return (
            f" after {write_count(len(self.gaps), 'gap')} in {self.time}, the first from {before}"
            f" to {after} (if nothing was jumped over there, number the periods 0, 1, 2, …)"
        )

    def _read(self) -> str:
        if self.f is None or self.p_value is None:
            return f"cannot tell ({self.reason})"
        numbers = (
            f"F {self.f:,.2f}, {self.degrees[0]} and {self.degrees[1]:,} degrees of freedom,"
            f" {write_p(self.p_value)}"
        )
        if self.p_value < P_CLEAR:
            return (
                f"earlier {self.cause} tells of {self.effect} what earlier {self.effect} does not"
                f" ({numbers})"
            )
        return f"cannot tell that earlier {self.cause} tells anything of {self.effect} ({numbers})"

    def _table(self) -> HtmlTable:
        header = ("cause → effect", "order", "F", "p", "periods")
        heading = f"{self.cause} → {self.effect}"
        return header, [(heading, self.order, self.f, self.p_value, self.periods)]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_bars

        return draw_bars([Interval(f"{self.cause} → {self.effect}", self.f)], title="F")


@dataclass(frozen=True, kw_only=True)
class PanelGrangerTest(Result):
    """Dumitrescu and Hurlin's test over many units, each with its own coefficients.

    Attributes
    ----------
    cause, effect, order
        As in `GrangerTest`.
    z_tilde, p_value : float or None
        The statistic for short panels, and how often chance alone gives as much: of as
        high statistics in panels drawn, or without `draws` of the normal Z̃ (both sides).
    z_bar, w_bar : float or None
        The statistic for long panels, and the mean of the units' Wald statistics.
    wald : dict
        Unit to its Wald statistic: the order times its F.
    units : int
        Units that the test rests on.
    left_out : tuple
        Units too short for it.
    missing : int
        Rows left out: no unit, no time, or neither number.
    draws : int or None
        Panels drawn for the p-value; None where it is the normal one.
    """

    cause: str
    effect: str
    order: int
    z_tilde: float | None
    p_value: float | None
    z_bar: float | None
    w_bar: float | None
    wald: dict[Hashable, float]
    units: int
    left_out: tuple[Hashable, ...]
    missing: int
    draws: int | None = None

    def __str__(self) -> str:
        counts = write_count(self.units, "unit")
        if self.left_out:
            counts += f", {len(self.left_out):,} too short"
        lines = [f"{self.cause} → {self.effect}, order {self.order}: {self._read()}; {counts}"]
        return "\n".join([*lines, *write_left_out(self.missing)])

    def _read(self) -> str:
        if self.z_tilde is None or self.p_value is None:
            return f"cannot tell (no unit has over {5 + 3 * self.order} periods)"
        numbers = f"Z̃ {self.z_tilde:,.2f}, {write_p(self.p_value)}"
        if self.p_value >= P_CLEAR:
            return (
                f"cannot tell that earlier {self.cause} tells anything of {self.effect} in any"
                f" unit ({numbers})"
            )
        if self.z_tilde < 0 and self.draws is None:
            return f"the units fit worse than chance, which no cause explains ({numbers})"
        return (
            f"in some units earlier {self.cause} tells of {self.effect} what earlier"
            f" {self.effect} does not ({numbers})"
        )

    def _table(self) -> HtmlTable:
        return ("unit", "Wald"), [(write_group(unit), wald) for unit, wald in self.wald.items()]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_bars

        rows = [Interval(write_group(unit), wald) for unit, wald in self.wald.items()]
        return draw_bars(rows, title="Wald statistic")


@dataclass(frozen=True, kw_only=True)
class CrossLagged(Result):
    """How two things of the same units carry over from one period to the next.

    Attributes
    ----------
    paths : dict
        (from, to) to the coefficient with interval: of a step of one in `from`, the step of `to`
        in the next period, with the other held. Same name twice: what carries over.
    standard_errors : dict
        As `paths`; None where it cannot be told.
    model : str
        "random intercepts": within units, levels of the units set apart. "cross-lagged": between
        and within mixed.
    fit : ChiSquaredTest or None
        Whether the model holds; a small p-value says that it does not.
    parameters : dict
        All that was estimated, by name: the paths, the first period's and the residual variances
        ("x2 ~~ y2"), and with random intercepts those of the levels ("level of x").
    units, waves : int
    left_out : int
        Units without a value in some period.
    missing : int
        Rows left out: no unit, no time, or neither number.
    confidence : float
        Nominal coverage of the intervals.
    has_proper_levels : bool
        False where a variance of the units' levels came out below 0: with random intercepts the
        paths still stand, the levels do not.
    reason : str
        Why it cannot be told; empty where it can.
    """

    paths: dict[tuple[str, str], Estimate]
    standard_errors: dict[tuple[str, str], float | None]
    model: str
    fit: ChiSquaredTest | None
    parameters: dict[str, float]
    units: int
    waves: int
    left_out: int
    missing: int
    confidence: float
    has_proper_levels: bool
    reason: str

    def __str__(self) -> str:
        lines = [self._write_heading()]
        if self.reason:
            lines.append(f"cannot tell: {self.reason}")
        else:
            lines += [f"{a} → {b}: {path}" for (a, b), path in self.paths.items()]
            lines += self._notes()
        return "\n".join([*lines, *write_left_out(self.missing)])

    def _write_heading(self) -> str:
        counts = f"{write_count(self.units, 'unit')}, {write_count(self.waves, 'period')}"
        if self.left_out:
            counts += f", {write_count(self.left_out, 'unit')} left out"
        what = "within units" if self.model == "random intercepts" else "between and within mixed"
        counts += f", {100 * self.confidence:.4g} % intervals"
        return f"from one period to the next, {what} ({counts})"

    def _notes(self) -> list[str]:
        notes = []
        if self.model != "random intercepts":
            notes.append("units that are always better look like causes here")
        if not self.has_proper_levels:
            notes.append("the lasting levels of the units cannot be told apart from none")
        if self.fit and self.fit.is_clear:
            notes.append(f"the model does not fit ({self.fit}): do not rest on it")
        return notes

    def _table(self) -> HtmlTable:
        return ("from → to", "estimate", "low", "high"), [
            (f"{a} → {b}", *parts_of(path)) for (a, b), path in self.paths.items()
        ]

    def _chart(self) -> "altair.LayerChart":
        named: dict[Hashable, Estimate] = {
            f"{a} → {b}": path for (a, b), path in self.paths.items()
        }
        return draw_estimates(named, title="step in the next period", reference=0.0)


@dataclass(frozen=True, kw_only=True)
class UnitMeans(Result):
    """Means of units, shrunken by how far each can be relied on.

    Attributes
    ----------
    means : dict
        Unit to its plain mean.
    reliability : dict
        Unit to the share of its mean that is the unit and not the luck of who answered, 0 to 1.
    shrunken : dict
        Unit to its mean drawn to that of all, by as much as it cannot be relied on, with interval.
    answers : dict
        Unit to its answers.
    mean : float or None
        Mean of the units.
    between, within : float or None
        Variance between units, and of answers within them.
    missing : int
        Rows left out: no unit or no number.
    confidence : float
        Nominal coverage of the intervals.
    """

    means: dict[Hashable, float]
    reliability: dict[Hashable, float | None]
    shrunken: dict[Hashable, Estimate]
    answers: dict[Hashable, int]
    mean: float | None
    between: float | None
    within: float | None
    missing: int
    confidence: float

    def __str__(self) -> str:
        if self.between is None:
            lines = ["cannot tell: it takes three units, and answers beside each other in one"]
        elif self.between == 0:
            lines = ["the units differ no more than the luck of who answered"]
        else:
            lines = [self._write(unit) for unit in self.means]
        return "\n".join([*lines, *write_left_out(self.missing)])

    def _write(self, unit: Hashable) -> str:
        reliability = self.reliability[unit]
        assert reliability is not None
        return (
            f"{write_group(unit)}: {self.shrunken[unit]}, mean {self.means[unit]:.2f} of"
            f" {write_count(self.answers[unit], 'answer')},"
            f" reliability {reliability:.2f}"
        )

    def _table(self) -> HtmlTable:
        return ("unit", "shrunken", "low", "high", "mean", "reliability", "answers"), [
            (
                write_group(unit),
                *parts_of(self.shrunken[unit]),
                self.means[unit],
                self.reliability[unit],
                self.answers[unit],
            )
            for unit in self.means
        ]

    def _chart(self) -> "altair.LayerChart":
        return draw_estimates(self.shrunken, title="shrunken mean", reference=self.mean)
