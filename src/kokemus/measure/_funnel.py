"""Units placed in a funnel: their distance from the whole in standard errors, and the limits."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from kokemus.measure.histograms import Floats
from kokemus.measure.results import HtmlTable, Result, write_count, write_group

if TYPE_CHECKING:
    import altair

WARNING, ALARM = 1.959963984540054, 3.090232306167813  # 95 % and 99.8 % of a normal
CLIPPED = 0.1  # share of the units whose z-scores are drawn in, at either end
WAYS = ("additive", "multiplicative", "none")


@dataclass(frozen=True, kw_only=True)
class FunnelUnit:
    """One unit beside the limits of a unit of its size.

    Attributes
    ----------
    unit : object
        The unit's value in the frame.
    estimate : float
        Its score, in the funnel's unit of measure.
    answers : float
        How many answers (Kish's effective number with weights).
    z : float or None
        Distance from the target in standard errors of chance alone.
    z_adjusted : float or None
        The same with over-dispersion in the standard error.
    low95, high95, low998, high998 : float or None
        Limits, with over-dispersion.
    place : str
        "inside", "above 95 %", "above 99.8 %", "below 95 %", "below 99.8 %" or "cannot tell".
    """

    unit: Hashable
    estimate: float
    answers: float
    z: float | None
    z_adjusted: float | None
    low95: float | None
    high95: float | None
    low998: float | None
    high998: float | None
    place: str


@dataclass(frozen=True, kw_only=True)
class Funnel(Result):
    """Units around the whole, with limits that narrow as answers grow.

    Attributes
    ----------
    name : str
        "NPS" or "share".
    unit : str
        "points" (-100 to 100) or "percent" (0 to 100).
    target : float or None
        The score of all units together.
    dispersion : float or None
        Mean of the squared z-scores, the extreme ones drawn in: 1 where chance explains all.
    spread : float
        Standard deviation between units beyond chance, on the scale of the z-scores: points for
        NPS; for a share, radians of the arcsine of its root.
    overdispersion : str
        How the limits are widened: "additive", "multiplicative" or "none".
    units : tuple of FunnelUnit
        Sorted by unit.
    too_small : tuple
        Units left out, with fewer than `minimum` answers.
    missing : int
        Rows left out: no score, no unit, no weight.
    minimum : float
        The fewest answers of a unit in the funnel.
    method : str
        How chance is reckoned.
    """

    name: str
    unit: str
    target: float | None
    dispersion: float | None
    spread: float
    overdispersion: str
    units: tuple[FunnelUnit, ...]
    too_small: tuple[Hashable, ...]
    missing: int
    minimum: float
    method: str

    @property
    def tau_squared(self) -> float:
        """The variance between units beyond chance, on the scale of the z-scores."""
        return self.spread**2

    @property
    def flagged(self) -> tuple[Hashable, ...]:
        """Units outside the 99.8 % limits."""
        return tuple(unit.unit for unit in self.units if "99.8" in unit.place)

    @property
    def flagged_by_chance_alone(self) -> tuple[Hashable, ...]:
        """Units that would be outside 99.8 % limits without over-dispersion."""
        return tuple(u.unit for u in self.units if u.z is not None and abs(u.z) > ALARM)

    def __str__(self) -> str:
        if self.target is None:
            return f"{self.name} funnel: cannot tell, no unit with {self.minimum:g} answers"
        units = write_count(len(self.units), "unit")
        lines = [f"{self.name} funnel of {units} around {self._write(self.target)}"]
        if self.dispersion is None:
            return f"{lines[0]}: cannot tell who differs"
        lines.append(
            f"units spread {self.dispersion:.1f} times as much as chance alone explains;"
            f" limits: {self.overdispersion} over-dispersion"
            if self.overdispersion != "none"
            else f"limits: chance alone, which units exceed {self.dispersion:.1f} times"
        )
        lines.append(f"outside 99.8 %: {len(self.flagged):,}{self._compare_chance()}")
        lines += [
            f"  {write_group(unit.unit)}: {self._write(unit.estimate)},"
            f" {write_count(unit.answers, 'answer')}, {unit.place}"
            for unit in self.units
            if "99.8" in unit.place
        ]
        return "\n".join(lines)

    def _compare_chance(self) -> str:
        """Say how many would be outside if the limits were not widened."""
        if self.overdispersion == "none":
            return ""
        count = len(self.flagged_by_chance_alone)
        return f" ({count:,} where limits allow for nothing but chance)"

    def _write(self, number: float) -> str:
        return f"{number:.1f}" + " %" * (self.unit == "percent")

    def _table(self) -> HtmlTable:
        header = ("unit", self.name, "answers", "95 % low", "high", "99.8 % low", "high", "place")
        return header, [
            (
                write_group(unit.unit),
                unit.estimate,
                round(unit.answers),
                unit.low95,
                unit.high95,
                unit.low998,
                unit.high998,
                unit.place,
            )
            for unit in self.units
        ]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import draw_funnel

        points = [(x.answers, x.estimate, write_group(x.unit)) for x in self.units]
        limits = [(x.answers, x.low95, x.high95, x.low998, x.high998) for x in self.units]
        return draw_funnel(points, limits, target=self.target, title=f"{self.name}, {self.unit}")


class Units(NamedTuple):
    names: tuple[Hashable, ...]
    counts: Floats  # units by outcomes


def read_counts(counts: Mapping[Hashable, tuple[float, ...]], outcomes: int) -> Units:
    array = np.array(list(counts.values()), float).reshape(-1, outcomes)
    if not (array >= 0).all():
        raise ValueError(f"counts must be 0 or more: {dict(counts)}")
    return Units(tuple(counts), array)


@dataclass(frozen=True)
class _Scale:
    """The scores on the scale on which their chance is alike, and the way back to their unit."""

    target: float
    values: Floats
    centre: float
    errors: Floats
    to_unit: Callable[[Floats], Floats]


def make_nps_funnel(units: Units, overdispersion: str, minimum: float, *, missing: int) -> Funnel:
    kept, too_small = _leave_out(units, minimum)
    answers = kept.counts.sum(axis=1)
    scores = 100 * (kept.counts[:, 2] - kept.counts[:, 0]) / answers
    down, _, up = kept.counts.sum(axis=0) / max(answers.sum(), 1e-300)
    target = 100 * (up - down)
    errors = 100 * np.sqrt(max(up + down - (up - down) ** 2, 0.0) / answers)
    scale = _Scale(target, scores, target, errors, lambda limit: np.clip(limit, -100, 100))
    units_made, dispersion, spread = _place_units(kept, scores, scale, overdispersion)
    return Funnel(
        name="NPS",
        unit="points",
        target=float(target) if len(answers) else None,
        dispersion=dispersion,
        spread=spread,
        overdispersion=overdispersion,
        units=units_made,
        too_small=too_small,
        missing=missing,
        minimum=minimum,
        method="trinomial variance, normal limits",
    )


def make_share_funnel(units: Units, overdispersion: str, minimum: float, *, missing: int) -> Funnel:
    kept, too_small = _leave_out(units, minimum)
    answers = kept.counts.sum(axis=1)
    shares = kept.counts[:, 1] / answers
    target = kept.counts[:, 1].sum() / max(answers.sum(), 1e-300)
    errors = 0.5 / np.sqrt(answers) if 0 < target < 1 else np.zeros(len(answers))
    scale = _Scale(
        100 * target, np.arcsin(np.sqrt(shares)), np.arcsin(np.sqrt(target)), errors, _turn_back
    )
    units_made, dispersion, spread = _place_units(kept, 100 * shares, scale, overdispersion)
    return Funnel(
        name="share",
        unit="percent",
        target=float(100 * target) if len(answers) else None,
        dispersion=dispersion,
        spread=spread,
        overdispersion=overdispersion,
        units=units_made,
        too_small=too_small,
        missing=missing,
        minimum=minimum,
        method="arcsine of the root, normal limits",
    )


def _turn_back(angles: Floats) -> Floats:
    return np.asarray(100 * np.sin(np.clip(angles, 0, np.pi / 2)) ** 2)


def _leave_out(units: Units, minimum: float) -> tuple[Units, tuple[Hashable, ...]]:
    is_kept = units.counts.sum(axis=1) >= max(minimum, 1e-9)
    names = tuple(name for name, kept in zip(units.names, is_kept, strict=True) if kept)
    small = tuple(name for name, kept in zip(units.names, is_kept, strict=True) if not kept)
    return Units(names, units.counts[is_kept]), small


def _place_units(
    units: Units, scores: Floats, scale: _Scale, overdispersion: str
) -> tuple[tuple[FunnelUnit, ...], float | None, float]:
    """Compare each unit with the limits of its size; return them, the dispersion, the spread."""
    if overdispersion not in WAYS:
        raise ValueError(f"overdispersion is one of {WAYS}, not {overdispersion!r}")
    answers = units.counts.sum(axis=1).tolist()
    if len(answers) < 2 or not scale.errors.all():
        nothing = (None,) * 6
        return (
            tuple(
                FunnelUnit(**_name_fields(unit, score, count, *nothing, "cannot tell"))
                for unit, score, count in zip(units.names, scores.tolist(), answers, strict=True)
            ),
            None,
            0.0,
        )
    z = (scale.values - scale.centre) / scale.errors
    dispersion = estimate_dispersion(z)
    spread = estimate_spread(dispersion, scale.errors)
    errors = _widen(scale.errors, dispersion, spread, overdispersion)
    adjusted = (scale.values - scale.centre) / errors
    limits = [
        scale.to_unit(scale.centre + side * errors).tolist()
        for side in (-WARNING, WARNING, -ALARM, ALARM)
    ]
    rows = zip(
        units.names, scores.tolist(), answers, z.tolist(), adjusted.tolist(), *limits, strict=True
    )
    made = tuple(FunnelUnit(**_name_fields(*row, _find_place(row[4]))) for row in rows)
    return made, dispersion, spread


def _name_fields(*cells: Any) -> dict[str, Any]:
    return dict(zip((field.name for field in fields(FunnelUnit)), cells, strict=True))


def estimate_dispersion(z: Floats) -> float:
    """Mean of the squared z-scores, the outermost drawn in."""
    low, high = np.quantile(z, [CLIPPED, 1 - CLIPPED])
    return float(np.mean(np.clip(z, low, high) ** 2))


def estimate_spread(dispersion: float, errors: Floats) -> float:
    """Standard deviation between units that explains the dispersion, 0 where none is needed."""
    precision, count = 1 / errors**2, len(errors)
    room = precision.sum() - (precision**2).sum() / precision.sum()
    excess = count * dispersion - (count - 1)
    return float(np.sqrt(max(excess, 0.0) / room)) if room > 0 else 0.0


def _widen(errors: Floats, dispersion: float, spread: float, overdispersion: str) -> Floats:
    if overdispersion == "additive":
        return np.asarray(np.hypot(errors, spread))
    if overdispersion == "multiplicative":
        return np.asarray(errors * np.sqrt(max(dispersion, 1.0)))
    return errors


def _find_place(z: float) -> str:
    side = "above" if z > 0 else "below"
    if abs(z) > ALARM:
        return f"{side} 99.8 %"
    return f"{side} 95 %" if abs(z) > WARNING else "inside"
