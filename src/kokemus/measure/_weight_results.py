"""What weights look like: the cells' factors, and what they cost in precision."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kokemus.measure.histograms import Tally
from kokemus.measure.results import HtmlTable, Result, write_count, write_group, write_worth

if TYPE_CHECKING:
    import altair

Levels = tuple[Hashable, ...]


class UnknownLevel(LookupError):
    """A level, or a cell of levels, that the other side does not name."""


@dataclass(frozen=True, kw_only=True)
class CellWeight:
    """The weight of the answers in one cell.

    Attributes
    ----------
    levels : tuple
        One level for each column.
    base : Tally
        How many answered, with which weights of their own.
    factor : float
        By what each answer's own weight (1 without weights) is multiplied.
    total : float
        What the cell's answers stand for together.
    """

    levels: Levels
    base: Tally
    factor: float
    total: float


@dataclass(frozen=True, kw_only=True)
class Weights(Result):
    """Weights for each cell of some columns, with what they cost in precision.

    Attributes
    ----------
    columns : tuple of str
    cells : tuple of CellWeight
    answers, missing : int
        Rows that have a weight, and rows left out: a level or their own weight is missing.
    design_effect : float
        Kish's: by how much the variance of a mean grows at most.
    effective_answers : float
        `answers` over `design_effect`.
    rounds : int
        Rounds of raking; 0 where none were needed.
    gap : float
        How far the worst margin is from its target, relative to the whole.
    method : str
    """

    columns: tuple[str, ...]
    cells: tuple[CellWeight, ...]
    answers: int
    missing: int
    design_effect: float
    effective_answers: float
    rounds: int
    gap: float
    method: str

    def factor(self, *levels: Hashable) -> float:
        """Return the factor of the cell with these levels, one for each column."""
        for cell in self.cells:
            if cell.levels == levels:
                return cell.factor
        raise UnknownLevel(f"no answers have {', '.join(map(repr, levels))}")

    def __str__(self) -> str:
        factors = [cell.factor for cell in self.cells]
        missing = f", {self.missing:,} missing" * bool(self.missing)
        return (
            f"weights of {write_count(self.answers, 'answer')} by {' and '.join(self.columns)}"
            f"{missing}: {min(factors):.4g} to {max(factors):.4g},"
            f" design effect {self.design_effect:.2f},"
            f" worth {write_count(self.effective_answers, 'answer')} ({self.method})"
        )

    def _table(self) -> HtmlTable:
        return [*self.columns, "answers", "weight", "stands for"], [
            [
                *(write_group(level) for level in cell.levels),
                f"{cell.base.answers:,.0f}",
                f"{cell.factor:.4g}",
                f"{cell.total:,.1f}",
            ]
            for cell in self.cells
        ]

    def _chart(self) -> "altair.LayerChart":
        """Draw the factors as bars."""
        from kokemus.measure._plots import Interval, draw_bars

        rows = [Interval(write_group(cell.levels), cell.factor) for cell in self.cells]
        return draw_bars(rows, title="weight of an answer")


@dataclass(frozen=True, kw_only=True)
class DesignEffect(Result):
    """What unequal weights cost (Kish).

    Attributes
    ----------
    answers : int
    design_effect : float or None
        Answers times the sum of squared weights over the squared sum; None without answers.
    effective_answers : float
    missing : int
        Rows without a weight over 0.
    group : object
    """

    answers: int
    design_effect: float | None
    effective_answers: float
    missing: int = 0
    group: Hashable = None

    def __str__(self) -> str:
        heading = f"{write_group(self.group)}: " * (self.group is not None)
        if self.design_effect is None:
            return f"{heading}no answers with a weight"
        worth = (
            f"{'is' if self.answers == 1 else 'are'} worth {write_worth(self.effective_answers)}"
        )
        answers = write_count(self.answers, "answer")
        return f"{heading}design effect {self.design_effect:.3f}: {answers} {worth}"

    def _table(self) -> HtmlTable:
        effect = "" if self.design_effect is None else f"{self.design_effect:.3f}"
        row = [write_group(self.group), f"{self.answers:,}", effect]
        return ["group", "answers", "design effect", "worth"], [
            [*row, f"{self.effective_answers:,.0f}"]
        ]

    def _chart(self) -> "altair.LayerChart":
        """Draw how many answers there are, and how many they are worth."""
        from kokemus.measure._plots import Interval, draw_bars

        rows = [Interval("answers", self.answers), Interval("worth", self.effective_answers)]
        return draw_bars(rows, title="answers")
