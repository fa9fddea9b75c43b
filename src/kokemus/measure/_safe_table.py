"""A table in which small groups are hidden, as it is handed back."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kokemus.measure.results import Result, write_group

if TYPE_CHECKING:
    import altair


@dataclass(frozen=True, kw_only=True)
class SafeTable(Result):
    """A table with its margins, in which what must be hidden is hidden.

    It does not hold the hidden counts, nor which of them were small: that would tell of them.

    Attributes
    ----------
    columns : tuple of str
        What the parts of a cell's name are.
    cells : dict
        Cell to its count, None where it is hidden. A cell is named by its value, or with several
        columns by a tuple; "(total)" stands for all values of a column.
    ranges : dict
        Hidden cell to the lowest and highest count that a reader can work out, the highest None
        where nothing bounds it.
    minimum : int
        Smallest count shown, other than 0.
    protection : float
        How wide each range is at least.
    method : str
        How cells were chosen.
    """

    columns: tuple[str, ...]
    cells: dict[Hashable, int | None]
    ranges: dict[Hashable, tuple[float, float | None]]
    minimum: int
    protection: float
    method: str = "complementary suppression, audited by linear programming"

    @property
    def hidden(self) -> tuple[Hashable, ...]:
        """The cells that are hidden."""
        return tuple(self.ranges)

    def __str__(self) -> str:
        return "\n".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        for key, count in self.cells.items():
            yield f"{write_group(key)}: {'hidden' if count is None else f'{count:,}'}"
        yield (
            f"{len(self.hidden)} of {len(self.cells)} cells are hidden: groups under"
            f" {self.minimum}, and what would give them away"
        )

    def _table(self) -> tuple[list[str], list[list[object]]]:
        rows: list[list[object]] = [
            [write_group(key), "hidden" if count is None else count]
            for key, count in self.cells.items()
        ]
        return [", ".join(self.columns), "respondents"], rows

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_bars

        rows = []
        for key, count in self.cells.items():
            low, high = self.ranges.get(key, (None, None))
            rows.append(Interval(write_group(key), count, low, high))
        return draw_bars(rows, title="respondents, or what can be told of them")
