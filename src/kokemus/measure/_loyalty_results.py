"""What the functions on the worth of loyalty hand back."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kokemus.measure._survival_results import (
    draw_estimates,
    parts_of,
    write_left_out,
    write_percent,
)
from kokemus.measure.results import Estimate, HtmlTable, Result, write_count, write_group

if TYPE_CHECKING:
    import altair


@dataclass(frozen=True, kw_only=True)
class ClassValues(Result):
    """What a person of each class brings, by how long the class stays.

    Attributes
    ----------
    values : dict
        Class to its value, in the unit of the margin, with interval; None where the class was
        followed for less than the horizon.
    standard_errors : dict
        Class to the standard error of its value; None where it cannot be told.
    margins : dict
        Class to the margin of a period.
    discount : float
        Of a period, 0.01 being 1 %.
    horizon : int
        How many periods count.
    rows : dict
        Class to its rows.
    missing, empty : int
        Rows left out: no duration, event or class; ending no later than they start.
    confidence : float
        Nominal coverage of the intervals.
    """

    values: dict[Hashable, Estimate]
    standard_errors: dict[Hashable, float | None]
    margins: dict[Hashable, float]
    discount: float
    horizon: int
    rows: dict[Hashable, int]
    missing: int
    empty: int
    confidence: float

    def __str__(self) -> str:
        lines = [
            f"{write_group(group)}: {value} in {self.horizon} periods at {self.margins[group]:g}"
            f" each, discounted by {100 * self.discount:g} %;"
            f" {write_count(self.rows[group], 'row')}"
            for group, value in self.values.items()
        ] or ["cannot tell: no rows"]
        return "\n".join([*lines, *write_left_out(self.missing, self.empty)])

    def _table(self) -> HtmlTable:
        return ("class", "value", "low", "high", "rows"), [
            (write_group(group), *parts_of(value), self.rows[group])
            for group, value in self.values.items()
        ]

    def _chart(self) -> "altair.LayerChart":
        return draw_estimates(self.values, title=f"value of {self.horizon} periods")


@dataclass(frozen=True, kw_only=True)
class EarnedGrowth(Result):
    """Growth that comes of customers who stay and of those whom they bring.

    All rates are shares of the last period's revenue: 0.12 is 12 %.

    Attributes
    ----------
    net_revenue_retention : float or None
        This period's revenue from the customers of the last, by the last period's revenue.
    earned_new : Estimate
        Revenue of new customers who came by referral or reputation, by the last period's revenue.
    earned_growth : Estimate
        The two together, less 1.
    bought_new : Estimate
        Revenue of the other new customers, by the last period's revenue.
    growth : float or None
        Growth of the whole revenue: `earned_growth` and `bought_new` together.
    earned_share : Estimate
        Share of the new customers' revenue that is earned.
    worst, best : float or None
        `earned_growth` if all whom nobody asked had been bought, or earned.
    asked : int
        New customers who said why they came.
    customers : int or None
        All new customers; None where it is not known.
    missing : int
        Rows with no revenue in either period.
    method : str
        How the intervals were made.
    confidence : float
        Nominal coverage of the intervals.
    """

    net_revenue_retention: float | None
    earned_new: Estimate
    earned_growth: Estimate
    bought_new: Estimate
    growth: float | None
    earned_share: Estimate
    worst: float | None
    best: float | None
    asked: int
    customers: int | None
    missing: int
    method: str
    confidence: float

    def __str__(self) -> str:
        if self.growth is None or self.net_revenue_retention is None:
            lines = ["cannot tell: no revenue in the last period"]
        else:
            percent = f"{100 * self.confidence:.4g} % intervals"
            of = "" if self.customers is None else f" of {self.customers:,}"
            lines = [
                f"earned growth {write_percent(self.earned_growth)};"
                f" {self.asked:,}{of} new customers asked, {percent}",
                f"kept {100 * self.net_revenue_retention:.1f} %, new and earned"
                f" {write_percent(self.earned_new)}, new and bought"
                f" {write_percent(self.bought_new)}: growth {100 * self.growth:.1f} %",
            ]
            if self.worst is not None and self.best is not None and self.worst < self.best:
                lines.append(
                    f"if those not asked were all bought {100 * self.worst:.1f} %, all earned"
                    f" {100 * self.best:.1f} %"
                )
        return "\n".join([*lines, *write_left_out(self.missing)])

    def _rates(self) -> dict[Hashable, Estimate]:
        kept = self.net_revenue_retention
        return {
            "kept, less 100 %": Estimate(None if kept is None else kept - 1, None, None),
            "new and earned": self.earned_new,
            "earned growth": self.earned_growth,
            "new and bought": self.bought_new,
            "growth": Estimate(self.growth, None, None),
        }

    def _table(self) -> HtmlTable:
        return ("rate", "estimate", "low", "high"), [
            (name, *parts_of(rate)) for name, rate in self._rates().items()
        ]

    def _chart(self) -> "altair.LayerChart":
        return draw_estimates(self._rates(), title="share of last period's revenue", reference=0.0)


@dataclass(frozen=True, kw_only=True)
class Doers(Result):
    """How many of those who said something did it.

    Attributes
    ----------
    said : int
        Who said it.
    did : int
        Who also did it.
    share : Estimate
        The share, 0 to 1, with Wilson's interval.
    """

    said: int
    did: int
    share: Estimate

    def __str__(self) -> str:
        return f"{self.did:,} of {self.said:,}, {write_percent(self.share)}"

    def _table(self) -> HtmlTable:
        return ("said", "did", "share", "low", "high"), [
            (self.said, self.did, *parts_of(self.share))
        ]

    def _chart(self) -> "altair.LayerChart":
        return draw_estimates({"did": self.share}, title="share")


@dataclass(frozen=True, kw_only=True)
class SaidAndDone(Result):
    """What people said they would recommend, beside who did.

    Attributes
    ----------
    classes : dict
        "detractor", "passive" and "promoter" to how many said so and how many did.
    scores : dict
        Answer to the same.
    promoters_of_doers : Estimate
        Share of promoters among those who recommended.
    agreement : Estimate
        Share of people whose word and deed agree: promoters who did, others who did not.
    discrimination : Estimate
        How often one who did had answered higher than one who did not, ties as half: 0.5 says
        that the answer tells nothing.
    calibration : Estimate
        Share who did, less the mean answer read as a chance (9 as 90 %): below 0 where people do
        less than they say.
    answers, missing : int
    confidence : float
        Nominal coverage of the intervals.
    """

    classes: dict[str, Doers]
    scores: dict[int, Doers]
    promoters_of_doers: Estimate
    agreement: Estimate
    discrimination: Estimate
    calibration: Estimate
    answers: int
    missing: int
    confidence: float

    def __str__(self) -> str:
        if not self.answers:
            return "\n".join(["cannot tell: no answers", *write_left_out(self.missing)])
        lines = [f"{name}s who recommended: {doers}" for name, doers in self.classes.items()]
        lines += [
            f"promoters among who recommended: {write_percent(self.promoters_of_doers)}",
            f"word and deed agree: {write_percent(self.agreement)}",
            f"who recommended had answered higher: {write_percent(self.discrimination)}"
            "; 50 % is chance",
            "share who recommended, less the mean answer (10 is 100 %):"
            f" {write_percent(self.calibration)}",
        ]
        return "\n".join([*lines, *write_left_out(self.missing)])

    def _table(self) -> HtmlTable:
        named: Mapping[str, Doers] = self.classes
        return ("class", "said", "did", "share", "low", "high"), [
            (name, doers.said, doers.did, *parts_of(doers.share)) for name, doers in named.items()
        ]

    def _chart(self) -> "altair.LayerChart":
        shares: dict[Hashable, Estimate] = {
            score: doers.share for score, doers in self.scores.items()
        }
        return draw_estimates(shares, title="share who recommended, by answer")
