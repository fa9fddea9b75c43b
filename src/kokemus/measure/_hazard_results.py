"""What the models of hazards hand back."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from kokemus.measure._partial_likelihood import Fit
from kokemus.measure._risk_sets import RiskSets
from kokemus.measure._survival_curves import normal_quantile
from kokemus.measure._survival_results import (
    UNTOLD,
    ChiSquaredTest,
    draw_estimates,
    parts_of,
    write_left_out,
)
from kokemus.measure.histograms import Indices
from kokemus.measure.results import Estimate, HtmlTable, Result, write_count, write_group

if TYPE_CHECKING:
    import altair


@dataclass(frozen=True, kw_only=True)
class HazardRatios(Result):
    """How fast classes are lost beside a reference.

    Attributes
    ----------
    coefficients : dict
        Class (all but the reference) to the log of its hazard ratio; None where it cannot be
        told: the class or the reference was never lost in the other's presence.
    standard_errors : dict
        Class to the standard error of its coefficient.
    hazard_ratios : dict
        Class to its hazard ratio with interval.
    reference : object
        The class that the others are compared with; None without rows.
    rows, events : dict
        Class to its rows, and to how many of them were lost.
    missing, empty : int
        Rows left out: no duration, event or class; ending no later than they start.
    confidence : float
        Nominal coverage of the intervals.
    """

    coefficients: dict[Hashable, float | None]
    standard_errors: dict[Hashable, float | None]
    hazard_ratios: dict[Hashable, Estimate]
    reference: Hashable
    rows: dict[Hashable, int]
    events: dict[Hashable, int]
    missing: int
    empty: int
    confidence: float

    def __str__(self) -> str:
        if not self.coefficients:
            lines = ["cannot tell: there are no two classes"]
        else:
            lines = [self._write_heading(), *map(self._write, self.coefficients)]
        return "\n".join([*lines, *self._notes(), *write_left_out(self.missing, self.empty)])

    def _write_heading(self) -> str:
        return (
            f"{self._name()} beside {write_group(self.reference)}"
            f" ({self._write_counts(self.reference)}), {100 * self.confidence:.4g} % intervals:"
        )

    def _write(self, group: Hashable) -> str:
        ratio = self.hazard_ratios[group]
        written = ratio.write(decimals_of(ratio)) if ratio.estimate else self._say_why(group)
        return f"{write_group(group)}: {written}; {self._write_counts(group)}"

    def _write_counts(self, group: Hashable) -> str:
        return f"{self.events[group]:,} lost, {write_count(self.rows[group], 'row')}"

    def _say_why(self, group: Hashable) -> str:
        for each in (self.reference, group):
            if not self.events[each]:
                return f"cannot tell: none of {write_group(each)} was lost"
        return (
            f"cannot tell: {write_group(group)} was not lost beside {write_group(self.reference)}"
        )

    def _name(self) -> str:
        return "hazard ratios"

    def _notes(self) -> list[str]:
        return []

    def _table(self) -> HtmlTable:
        return ("class", self._name().removesuffix("s"), "low", "high", "lost", "rows"), [
            (write_group(group), *parts_of(ratio), self.events[group], self.rows[group])
            for group, ratio in self.hazard_ratios.items()
        ]

    def _chart(self) -> "altair.LayerChart":
        title = f"{self._name().removesuffix('s')} to {write_group(self.reference)}"
        return draw_estimates(self.hazard_ratios, title=title, reference=1.0)


def decimals_of(ratio: Estimate) -> int:
    """Two decimals, or three digits where the ratio is near 0."""
    if not ratio.low:
        return 2
    return max(2, 1 - math.floor(math.log10(ratio.low)))


@dataclass(frozen=True, kw_only=True)
class CoxModel(HazardRatios):
    """Cox's model of a class.

    Attributes
    ----------
    coefficients, standard_errors, hazard_ratios, reference, rows, events, missing, empty,
    confidence
        As in `HazardRatios`.
    ties : str
        "efron" or "breslow".
    log_likelihood, log_likelihood_at_zero : float or None
        Partial log likelihood at its maximum, and where all classes are alike.
    likelihood_ratio : ChiSquaredTest or None
        Test that all classes are alike.
    proportionality : ChiSquaredTest or None
        Test that the ratios are the same at all times; a small p-value says that they are not.
    """

    ties: str
    log_likelihood: float | None
    log_likelihood_at_zero: float | None
    likelihood_ratio: ChiSquaredTest | None
    proportionality: ChiSquaredTest | None

    def _name(self) -> str:
        return "hazard ratios"

    def _notes(self) -> list[str]:
        test = self.proportionality
        if test is None:
            return []
        if test.is_clear:
            return [
                f"the ratios are not the same at all times ({test}): each is an average over the"
                " time of this study, so read the curves and the restricted means beside it"
            ]
        return [f"no sign that the ratios change with time ({test})"]


@dataclass(frozen=True, kw_only=True)
class DiscreteHazard(HazardRatios):
    """The discrete-time model of a class.

    Attributes
    ----------
    coefficients, standard_errors, hazard_ratios, reference, rows, events, missing, empty,
    confidence
        As in `HazardRatios`; by "logit" the ratios are odds ratios.
    link : str
        "cloglog" or "logit".
    """

    link: str

    def _name(self) -> str:
        return "odds ratios of loss in a period" if self.link == "logit" else "hazard ratios"


class Described(TypedDict):
    """What the models have in common."""

    coefficients: dict[Hashable, float | None]
    standard_errors: dict[Hashable, float | None]
    hazard_ratios: dict[Hashable, Estimate]
    reference: Hashable
    rows: dict[Hashable, int]
    events: dict[Hashable, int]
    missing: int
    empty: int
    confidence: float


def describe_classes(
    sets: RiskSets, place: int, parts: Sequence[Indices], fits: Sequence[Fit], *, confidence: float
) -> Described:
    """Name the coefficients of the first part; those of other parts cannot be told."""
    others: list[Hashable] = [group for number, group in enumerate(sets.groups) if number != place]
    coefficients: dict[Hashable, float | None] = dict.fromkeys(others)
    errors: dict[Hashable, float | None] = dict.fromkeys(others)
    for columns, fit in zip(parts[:1], fits[:1], strict=True):
        spread = np.sqrt(np.diag(fit.covariance))
        for number, column in enumerate(columns.tolist()[1:], start=1):
            coefficients[sets.groups[column]] = float(fit.coefficients[number])
            errors[sets.groups[column]] = float(spread[number])
    z = normal_quantile(confidence)
    return Described(
        coefficients=coefficients,
        standard_errors=errors,
        hazard_ratios={
            group: _ratio(coefficients[group], errors[group], z) for group in coefficients
        },
        reference=sets.groups[place] if sets.groups else None,
        rows=sets.rows_by_group,
        events=sets.events_by_group,
        missing=sets.missing,
        empty=sets.empty,
        confidence=confidence,
    )


def _ratio(coefficient: float | None, error: float | None, z: float) -> Estimate:
    if coefficient is None or error is None:
        return UNTOLD
    return Estimate(
        math.exp(coefficient),
        math.exp(coefficient - z * error),
        math.exp(coefficient + z * error),
    )
