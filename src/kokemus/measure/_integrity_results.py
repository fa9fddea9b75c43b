"""What a look for gaming says: evidence in words, never an accusation."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from kokemus.measure.results import Estimate, HtmlTable, Result, write_count, write_group

if TYPE_CHECKING:
    import altair

FAMILIES_MIN = 2
KINDS = {
    "coverage": "asking",
    "selectivity": "asking",
    "heaping": "answers",
    "bursts": "timing",
    "shared devices": "timing",
    "early answers": "timing",
    "coaching jump": "coaching",
}


@dataclass(frozen=True, kw_only=True)
class Sign(Result):
    """One sign in one unit.

    Attributes
    ----------
    unit : object
    kind : str
        "coverage", "selectivity", "heaping", "bursts", "shared devices", "early answers" or
        "coaching jump".
    found : Estimate
        What the unit has, in the unit of the sign (a share, a ratio, points).
    peers : float or None
        What the other units have.
    p_value : float or None
        Chance of as much in an honest unit; None cannot tell.
    adjusted_p_value : float or None
        Benjamini and Hochberg's over the units.
    count : int
        What it rests on: encounters or answers.
    is_found : bool
        The adjusted p-value is at most the false discovery rate asked for.
    evidence : str
        The same in words.
    """

    unit: Hashable
    kind: str
    found: Estimate
    peers: float | None
    p_value: float | None
    adjusted_p_value: float | None
    count: int
    is_found: bool
    evidence: str

    @property
    def family(self) -> str:
        """Signs of one family have one cause, and count once."""
        return KINDS[self.kind]

    def __str__(self) -> str:
        return f"{write_group(self.unit)}: {self.evidence}"

    def _table(self) -> HtmlTable:
        return Signs((self,))._table()

    def _chart(self) -> "altair.LayerChart":
        return Signs((self,))._chart()


@dataclass(frozen=True)
class Signs(Result, Sequence[Sign]):
    """One sign in all units, in the units' order.

    Attributes
    ----------
    signs : tuple of Sign
    """

    signs: tuple[Sign, ...]

    def __len__(self) -> int:
        return len(self.signs)

    @overload
    def __getitem__(self, place: int) -> Sign: ...
    @overload
    def __getitem__(self, place: slice) -> "Signs": ...
    def __getitem__(self, place: int | slice) -> "Sign | Signs":
        return Signs(self.signs[place]) if isinstance(place, slice) else self.signs[place]

    def __str__(self) -> str:
        shown = [sign for sign in self.signs if sign.is_found]
        unknown = sum(sign.p_value is None for sign in self.signs)
        lines = [*map(str, shown)]
        if not shown:
            lines = [f"no sign in {write_count(len(self.signs) - unknown, 'unit')}"]
        if unknown:
            lines.append(f"cannot tell in {write_count(unknown, 'unit')}")
        return "\n".join(lines)

    def _table(self) -> HtmlTable:
        rows = [
            (write_group(s.unit), s.kind, s.found, s.peers, s.adjusted_p_value) for s in self.signs
        ]
        return ("unit", "sign", "found", "peers", "adjusted p"), rows

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_intervals

        rows = [
            Interval(write_group(s.unit), s.found.estimate, s.found.low, s.found.high)
            for s in self.signs
        ]
        return draw_intervals(rows, title=self.signs[0].kind if self.signs else "no units")


@dataclass(frozen=True, kw_only=True)
class UnitIntegrity(Result):
    """What speaks for a talk with one unit.

    Attributes
    ----------
    unit : object
    signs : tuple of Sign
        Those found.
    families : tuple of str
        The independent families that the signs belong to.
    is_flagged : bool
        Signs of two families or more.
    score_bounds : tuple of float, or None
        Between what points the unit's Net Promoter Score would lie if all its encounters had
        answered.
    answered_share : float or None
        Share of the encounters that the score rests on.
    """

    unit: Hashable
    signs: tuple[Sign, ...]
    families: tuple[str, ...]
    is_flagged: bool
    score_bounds: tuple[float, float] | None
    answered_share: float | None

    def __str__(self) -> str:
        name = write_group(self.unit)
        if not self.signs:
            text = f"{name}: no sign."
        else:
            heading = "worth a talk" if self.is_flagged else "one sign only, no flag"
            text = f"{name}: {heading}. " + " ".join(
                f"{s.evidence[0].upper()}{s.evidence[1:]}." for s in self.signs
            )
        if self.score_bounds is not None and self.answered_share is not None:
            low, high = self.score_bounds
            text += (
                f" {100 * self.answered_share:.0f} % of its encounters answered; with all, its NPS"
                f" would be between {low:.0f} and {high:.0f}."
            )
        return text

    def _table(self) -> HtmlTable:
        return Integrity(units=(self,), kinds=(), level=0.0)._table()

    def _chart(self) -> "altair.LayerChart":
        return Signs(self.signs)._chart()


@dataclass(frozen=True, kw_only=True)
class Integrity(Result):
    """Signs of gaming in all units: evidence for a talk, never an accusation.

    Attributes
    ----------
    units : tuple of UnitIntegrity
    kinds : tuple of str
        The signs that were looked for.
    level : float
        False discovery rate of each sign over the units.
    """

    units: tuple[UnitIntegrity, ...]
    kinds: tuple[str, ...]
    level: float

    @property
    def flagged(self) -> tuple[UnitIntegrity, ...]:
        """The units with signs of two families or more."""
        return tuple(unit for unit in self.units if unit.is_flagged)

    def __str__(self) -> str:
        if not self.units:
            return "cannot tell: no units"
        looked = ", ".join(self.kinds)
        heading = (
            f"{len(self.flagged):,} of {write_count(len(self.units), 'unit')} flagged"
            f" (looked for: {looked}; two independent signs make a flag;"
            f" false discovery rate {self.level:g} each)"
        )
        notes = "A sign has innocent causes too: ask before you judge."
        return "\n".join([heading, *map(str, self.flagged), *[notes] * bool(self.flagged)])

    def _table(self) -> HtmlTable:
        rows = [
            (
                write_group(unit.unit),
                "flagged" if unit.is_flagged else "",
                "; ".join(sign.evidence for sign in unit.signs),
                "" if unit.score_bounds is None else "{:.0f} to {:.0f}".format(*unit.score_bounds),
            )
            for unit in self.units
        ]
        return ("unit", "flag", "evidence", "NPS if all had answered"), rows

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_bars

        rows = [
            Interval(write_group(unit.unit), float(len(unit.families)))
            for unit in self.units
            if unit.signs
        ]
        return draw_bars(rows, title="independent signs")
