"""What journeys, paths and hand-offs hand back."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kokemus.measure.results import Estimate, HtmlTable, Result, write_count, write_group

if TYPE_CHECKING:
    import altair


@dataclass(frozen=True, kw_only=True)
class JourneyModel:
    """The overall score explained by some features of the journey.

    Attributes
    ----------
    name : str
    coefficients : dict of Estimate
        "(Intercept)" and the slopes; intervals by leaving out one fold of customers at a time.
    standard_errors : dict
        The plain least-squares ones, which take journeys of one customer as independent.
    r_squared : float
    cross_validated : float or None
        R² on folds that the coefficients have not seen; None with one fold.
    aic : float
    """

    name: str
    coefficients: dict[str, Estimate]
    standard_errors: dict[str, float]
    r_squared: float
    cross_validated: float | None
    aic: float


@dataclass(frozen=True, kw_only=True)
class JourneyModels(Result):
    """Which features of a journey go with its overall score.

    Attributes
    ----------
    models : tuple of JourneyModel
        "mean", "end", "peak-end" (half of peak and end each), "peak, trough and end", "all".
    best : str or None
        The model with the highest cross-validated R².
    peak_end_against_mean : Estimate
        Cross-validated R² of "peak-end" less that of "mean".
    verdict : str
    shares : dict
        Of R² of "all", by feature (LMG); they sum to it.
    inflation : dict
        Variance inflation factor by feature: over 5, the single slope says little.
    journeys, single, missing : int
        Journeys in the models; of one encounter, left out; rows left out.
    folds : int
    confidence : float
    """

    models: tuple[JourneyModel, ...]
    best: str | None
    peak_end_against_mean: Estimate
    verdict: str
    shares: dict[str, float]
    inflation: dict[str, float]
    journeys: int
    single: int
    missing: int
    folds: int
    confidence: float

    def __getitem__(self, name: str) -> JourneyModel:
        return next(model for model in self.models if model.name == name)

    def __str__(self) -> str:
        left_out = f" ({self.single:,} of one encounter left out)" if self.single else ""
        lines = [f"{write_count(self.journeys, 'journey')}{left_out}: {self.verdict}"]
        for model in self.models:
            seen = model.cross_validated
            said = "cannot tell" if seen is None else f"{seen:.3f}"
            lines.append(f"  {model.name}: R² {model.r_squared:.3f}, cross-validated {said}")
        return "\n".join(lines)

    def _table(self) -> HtmlTable:
        return ("model", "R²", "cross-validated R²", "AIC"), [
            (model.name, model.r_squared, model.cross_validated, model.aic) for model in self.models
        ]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_bars

        rows = [Interval(name, share) for name, share in self.shares.items()]
        return draw_bars(rows, title="share of R² (LMG)")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One touchpoint after another; None before the first, and after the last.

    Attributes
    ----------
    before, after : object
    count : int
    share : Estimate
        Of all that left `before`, 0 to 1.
    """

    before: Hashable
    after: Hashable
    count: int
    share: Estimate


@dataclass(frozen=True, kw_only=True)
class Paths(Result):
    """From which touchpoint to which.

    Attributes
    ----------
    steps : tuple of Step
        By touchpoint, the commonest first.
    missing : int
        Rows left out.
    confidence : float
    """

    steps: tuple[Step, ...]
    missing: int
    confidence: float

    @property
    def drop_offs(self) -> dict[Hashable, Estimate]:
        """By touchpoint, the share of its visits after which the journey ended."""
        return {
            step.before: step.share
            for step in self.steps
            if step.after is None and step.before is not None
        }

    def __str__(self) -> str:
        if not self.steps:
            return "no journeys"
        return "\n".join(
            f"{_name(step.before, 'start')} → {_name(step.after, 'end')}:"
            f" {step.count:,}, {_percent(step.share)}"
            for step in self.steps
        )

    def _table(self) -> HtmlTable:
        return ("from", "to", "count", "share", "low", "high"), [
            (
                _name(step.before, "start"),
                _name(step.after, "end"),
                step.count,
                step.share.estimate,
                step.share.low,
                step.share.high,
            )
            for step in self.steps
        ]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_intervals

        rows = [
            Interval(str(name), share.estimate, share.low, share.high)
            for name, share in self.drop_offs.items()
        ]
        return draw_intervals(rows, title="share of visits after which the journey ended")


def _name(touchpoint: Hashable, end: str) -> str:
    return end if touchpoint is None else write_group(touchpoint)


def _percent(share: Estimate) -> str:
    parts = (share.estimate, share.low, share.high)
    return Estimate(*(None if part is None else 100 * part for part in parts)).write(1, " %")


@dataclass(frozen=True, kw_only=True)
class HandOff:
    """Legs that one unit handed to another.

    Attributes
    ----------
    before, unit : object
        Who handed over (None: nobody, the case came in here), and who took it.
    legs : int
    waiting, working : Estimate
        Mean time per leg, in the units of the columns.
    cases : int
        Cases with a score that went through this hand-off.
    effect : Estimate
        Their mean score less that of the other cases.
    """

    before: Hashable
    unit: Hashable
    legs: int
    waiting: Estimate
    working: Estimate
    cases: int
    effect: Estimate


@dataclass(frozen=True, kw_only=True)
class HandOffs(Result):
    """Who waits for whom, and how cases that wait there end.

    Attributes
    ----------
    pairs : tuple of HandOff
        The longest total wait first.
    missing : int
        Rows left out.
    confidence : float
    """

    pairs: tuple[HandOff, ...]
    missing: int
    confidence: float

    def __str__(self) -> str:
        if not self.pairs:
            return "no legs"
        return "\n".join(
            f"{_name(pair.before, 'start')} → {write_group(pair.unit)}:"
            f" {write_count(pair.legs, 'leg')}, waiting {pair.waiting}, working {pair.working},"
            f" score {pair.effect}"
            for pair in self.pairs
        )

    def _table(self) -> HtmlTable:
        return ("from", "to", "legs", "waiting", "working", "effect on score"), [
            (
                _name(pair.before, "start"),
                write_group(pair.unit),
                pair.legs,
                str(pair.waiting),
                str(pair.working),
                str(pair.effect),
            )
            for pair in self.pairs
        ]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_intervals

        rows = [
            Interval(
                f"{_name(pair.before, 'start')} → {write_group(pair.unit)}",
                pair.waiting.estimate,
                pair.waiting.low,
                pair.waiting.high,
            )
            for pair in self.pairs
        ]
        return draw_intervals(rows, title="mean waiting time")
