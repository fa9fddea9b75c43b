"""Rates of populations as if they differed in one factor only (Das Gupta's standardisation)."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from kokemus.measure._kitagawa import order_chance, subsets
from kokemus.measure.histograms import Floats
from kokemus.measure.results import HtmlTable, Result, write_group

if TYPE_CHECKING:
    import altair

Rate = Callable[..., float]
Pair = tuple[Floats, Floats]


class UnlikePopulations(ValueError):
    """Populations that do not have the same factors, or too few of them."""


@dataclass(frozen=True, kw_only=True)
class Standardised(Result):
    """What each population's rate would be, did only one factor differ.

    Attributes
    ----------
    populations : tuple
        Their names, in the order given.
    crude : tuple of float
        The rates as they are.
    rates : dict
        For each factor the populations' rates when all other factors are held equal.
    """

    populations: tuple[Hashable, ...]
    crude: tuple[float, ...]
    rates: dict[str, tuple[float, ...]]

    def effect(self, factor: str, *, before: Hashable, after: Hashable) -> float:
        """Return how much of the difference of two populations the factor accounts for.

        The effects of all factors sum to the difference of the crude rates, and effects from a
        to b and from b to c sum to that from a to c.
        """
        rates = self.rates[factor]
        return rates[self.populations.index(after)] - rates[self.populations.index(before)]

    def __str__(self) -> str:
        names = ", ".join(write_group(name) for name in self.populations)
        lines = [f"standardised rates of {names} (no interval: rates are taken as known)"]
        for factor, rates in (*self.rates.items(), ("crude", self.crude)):
            lines.append(f"  {factor}: {', '.join(f'{rate:.6g}' for rate in rates)}")
        return "\n".join(lines)

    def _table(self) -> HtmlTable:
        header = ["factor", *(write_group(name) for name in self.populations)]
        rows = [*self.rates.items(), ("crude", self.crude)]
        return header, [[factor, *(f"{rate:.6g}" for rate in rates)] for factor, rates in rows]

    def _chart(self) -> "altair.LayerChart":
        from kokemus.measure._plots import Interval, draw_bars

        bars = [
            Interval(f"{factor}, {write_group(name)}", rate)
            for factor, rates in (*self.rates.items(), ("crude", self.crude))
            for name, rate in zip(self.populations, rates, strict=True)
        ]
        return draw_bars(bars, title="standardised rate")


def standardise(
    populations: Mapping[Hashable, Mapping[str, ArrayLike]], *, rate: Rate
) -> Standardised:
    """Standardise a rate for each of its factors, over any number of factors and populations.

    Parameters
    ----------
    populations : mapping
        For each population its factors by name: a number, or an array over segments.
    rate : callable
        Takes the factors as keyword arguments and returns the rate, such as
        ``lambda earners, earnings: earners * earnings``.

    Returns
    -------
    Standardised
        The crude rates and, for each factor, the rates when only it differs. Of three and more
        populations they are consistent: one rate for each, and effects add up along any path.

    Raises
    ------
    UnlikePopulations
        There are fewer than two populations, or they do not have the same factors.

    Notes
    -----
    Behaviour: no frame is read, no group-by made. Every factor must be there in every population:
    nothing is imputed. Of P factors the rate is called 2^P times for each pair of populations.

    Where it misleads: it takes rates as known and gives no interval; for answers to a survey
    take `decompose_change`. "Accounts for" is arithmetic, not cause.

    References
    ----------
    Das Gupta, P. (1993). Standardization and decomposition of rates: a user's manual. U.S. Bureau
    of the Census, Current Population Reports P23-186; equations 3.54, 6.11 and 6.12.

    Examples
    --------
    >>> found = standardise(
    ...     {
    ...         "black": {"earnings": 10930, "earners": 0.717892},
    ...         "white": {"earnings": 16591, "earners": 0.825974},
    ...     },
    ...     rate=lambda earnings, earners: earnings * earners,
    ... )
    >>> print(f"{found.effect('earners', before='black', after='white'):.2f}")
    1487.26
    """
    names, factors = list(populations), _read_factors(populations)
    values = [
        {factor: np.asarray(populations[name][factor], float) for factor in factors}
        for name in names
    ]
    crude = tuple(float(rate(**each)) for each in values)
    places = range(len(names))
    rates = {}
    for factor in factors:
        pairs = np.full((len(names), len(names)), np.nan)
        for one, other in combinations(places, 2):
            pairs[one, other], pairs[other, one] = _standardise_pair(
                values[one], values[other], factor, rate
            )
        rates[factor] = tuple(_reconcile(pairs))
    return Standardised(populations=tuple(names), crude=crude, rates=rates)


def _read_factors(populations: Mapping[Hashable, Mapping[str, Any]]) -> Sequence[str]:
    if len(populations) < 2:
        raise UnlikePopulations("standardising needs two populations or more")
    first, *others = populations
    factors = list(populations[first])
    for name in others:
        if set(populations[name]) != set(factors):
            raise UnlikePopulations(
                f"{first!r} has the factors {sorted(factors)} and {name!r}"
                f" {sorted(populations[name])}; they must be the same"
            )
    return factors


def _standardise_pair(
    one: Mapping[str, Floats], other: Mapping[str, Floats], factor: str, rate: Rate
) -> tuple[float, float]:
    """Average the rate over all ways to mix the other factors of the two populations."""
    others = [name for name in one if name != factor]
    rates = [0.0, 0.0]
    for chosen in subsets(list(range(len(others)))):
        chance = order_chance(len(chosen), len(others))
        mixed = {
            name: other[name] if place in chosen else one[name] for place, name in enumerate(others)
        }
        for place, own in enumerate((one, other)):
            rates[place] += chance * float(rate(**{**mixed, factor: own[factor]}))
    return rates[0], rates[1]


def _reconcile(pairs: Floats) -> list[float]:
    """Make one rate for each population of its rates in every pair (equation 6.11)."""
    count = len(pairs)
    off = ~np.eye(count, dtype=bool)
    sums = np.where(off, pairs, 0.0).sum(axis=1)
    rates = []
    for own in range(count):
        others = [place for place in range(count) if place != own]
        borrowed = sum(sums[place] - (count - 1) * pairs[place, own] for place in others)
        rates.append(float(sums[own] / (count - 1) + borrowed / (count * (count - 1))))
    return rates
