"""Results of the penalty-reward contrast."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kokemus.measure.results import Estimate, HtmlTable, Result, write_count

if TYPE_CHECKING:
    import altair

NOT_CLASSIFIABLE = "not classifiable"


@dataclass(frozen=True, kw_only=True)
class AttributeEffect(Result):
    """What low and high answers on one attribute go with.

    Attributes
    ----------
    attribute : str
    penalty : Estimate
        How the outcome of low answers differs from that of middle ones, in the outcome's unit;
        below 0 if low answers cost.
    reward : Estimate
        The same of high answers; over 0 if they pay.
    impact_asymmetry : Estimate
        (reward - penalty's size) / (reward + penalty's size), -1 to 1.
    range_of_impact : float or None
        Penalty's size plus reward's size.
    factor : str
        "basic", "performance", "excitement" or "not classifiable".
    label : str or None
        "frustrator", "dissatisfier", "hybrid", "satisfier" or "delighter", by where the impact
        asymmetry lies; None where the factor is not classifiable.
    is_label_sure : bool
        Whether the whole interval of the impact asymmetry lies there.
    low_answers, middle_answers, high_answers : int
    notes : tuple of str
        Wrong signs, small cells, and why it is not classifiable.
    """

    attribute: str
    penalty: Estimate
    reward: Estimate
    impact_asymmetry: Estimate
    range_of_impact: float | None
    factor: str
    label: str | None
    is_label_sure: bool
    low_answers: int
    middle_answers: int
    high_answers: int
    notes: tuple[str, ...]

    def __str__(self) -> str:
        label = f", {self.label}" if self.label and self.is_label_sure else ""
        notes = f" ({'; '.join(self.notes)})" if self.notes else ""
        return (
            f"{self.attribute}: {self.factor}{label}{notes}\n"
            f"  {self.low_answers:,} low, {self.middle_answers:,} middle and"
            f" {self.high_answers:,} high answers\n"
            f"  penalty {self.penalty.write(2)}, reward {self.reward.write(2)},"
            f" impact asymmetry {self.impact_asymmetry.write(2)}"
        )

    def _table(self) -> HtmlTable:
        return HEADER, [self.cells]

    @property
    def cells(self) -> tuple[object, ...]:
        """The cells of the effect's row in a table."""
        parts = (self.penalty, self.reward, self.impact_asymmetry)
        return (self.attribute, *(part.write(2) for part in parts), self.factor)

    def _chart(self) -> "altair.LayerChart":
        return _draw((self,))


HEADER = ("attribute", "penalty", "reward", "impact asymmetry", "factor")


@dataclass(frozen=True, kw_only=True)
class PenaltyRewards(Result):
    """The effects of all attributes, by name: ``found["staff"].penalty``.

    Attributes
    ----------
    outcome : str
    attributes : dict
        Name to `AttributeEffect`, in the order given; iterating gives the effects.
    r_squared : float or None
    intercept : float or None
        The fitted outcome of who answers in the middle on every attribute.
    answers : int
        Rows that lack nothing.
    missing : int
        Rows left out.
    errors : str
        How standard errors were made.
    confidence : float
    """

    outcome: str
    attributes: dict[str, AttributeEffect]
    r_squared: float | None
    intercept: float | None
    answers: int
    missing: int
    errors: str
    confidence: float

    def __getitem__(self, attribute: str) -> AttributeEffect:
        return self.attributes[attribute]

    def __iter__(self) -> Iterator[AttributeEffect]:
        return iter(self.attributes.values())

    def __len__(self) -> int:
        return len(self.attributes)

    def __str__(self) -> str:
        heading = f"penalties and rewards for {self.outcome}, {write_count(self.answers, 'answer')}"
        if self.missing:
            heading += f" ({self.missing:,} left out)"
        if self.r_squared is None:
            return f"{heading}: cannot tell"
        heading += f", R² {self.r_squared:.3f}"
        basis = f"  {100 * self.confidence:.4g} % intervals, {self.errors}"
        return "\n".join([heading, basis, *map(str, self)])

    def _table(self) -> HtmlTable:
        return HEADER, [effect.cells for effect in self]

    def _chart(self) -> "altair.LayerChart":
        return _draw(tuple(self))


def _draw(effects: tuple[AttributeEffect, ...]) -> "altair.LayerChart":
    from kokemus.measure._plots import Interval, draw_intervals

    rows = [
        Interval(f"{effect.attribute}, {name}", part.estimate, part.low, part.high, name)
        for effect in effects
        for name, part in (("penalty", effect.penalty), ("reward", effect.reward))
    ]
    return draw_intervals(rows, title="against middle answers", reference=0.0)
