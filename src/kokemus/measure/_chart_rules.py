"""The rules by which a control chart signals, each with how often it does so at a point."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kokemus.measure.histograms import Floats

Flags = NDArray[np.bool_]
MEAN_RANGE = 1.128  # the mean range of two normal draws, as the field's tables round it
TWO_BEYOND, ONE_BEYOND = (0.5 * math.erfc(sigmas / math.sqrt(2)) for sigmas in (2, 1))


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule of a control chart.

    Attributes
    ----------
    name : str
        As it is asked for.
    sentence : str
        When it signals.
    false_alarm_rate : float
        The chance, 0 to 1, that it signals at a point although nothing changed, where limits are
        known and points are normal and independent.
    """

    name: str
    sentence: str
    false_alarm_rate: float


def rule(name: str, sigmas: float) -> Rule:
    """Look up a rule; only the limits of "outside" move with `sigmas`."""
    if name == "outside":
        return Rule(
            name=name,
            sentence=f"a point outside the limits at {sigmas:g} standard deviations",
            false_alarm_rate=math.erfc(sigmas / math.sqrt(2)),
        )
    if name not in _SIGNALS:
        raise ValueError(f"there is no rule {name!r}; there are {', '.join(_SIGNALS)}")
    sentence, rate, _ = _SIGNALS[name]
    return Rule(name=name, sentence=sentence, false_alarm_rate=rate)


def find_signals(z: Floats, name: str, sigmas: float) -> Flags:
    """Tell of each point, along the last axis, whether the rule signals there."""
    if name == "outside":
        return np.abs(z) > sigmas
    return _SIGNALS[name][2](z)


def spread_of(z: Floats) -> Floats:
    """Laney's sigma: the mean moving range along the last axis, over that of unit draws."""
    return np.asarray(np.abs(np.diff(z, axis=-1)).mean(axis=-1) / MEAN_RANGE)


def _window_counts(flags: Flags, width: int) -> NDArray[np.intp]:
    """Count the true among the latest `width` points, at each point."""
    total = np.cumsum(flags, axis=-1)
    before = np.zeros_like(total)
    before[..., width:] = total[..., :-width]
    return total - before


def _on_either_side(z: Floats, sigmas: float, count: int, width: int) -> Flags:
    """The point and enough of those before it are beyond a line, all on one side."""
    found = np.zeros(z.shape, bool)
    for side in (z, -z):
        beyond = side > sigmas
        found |= beyond & (_window_counts(beyond, width) >= count)
    return found


def _run_of_8(z: Floats) -> Flags:
    return _on_either_side(z, 0.0, 8, 8)


def _two_of_three(z: Floats) -> Flags:
    return _on_either_side(z, 2.0, 2, 3)


def _four_of_five(z: Floats) -> Flags:
    return _on_either_side(z, 1.0, 4, 5)


def _trend_of_6(z: Floats) -> Flags:
    steps = np.diff(z, axis=-1, prepend=z[..., :1])
    return (_window_counts(steps > 0, 5) >= 5) | (_window_counts(steps < 0, 5) >= 5)


_SIGNALS: dict[str, tuple[str, float, Callable[[Floats], Flags]]] = {
    "outside": ("", 0.0, lambda z: np.zeros(z.shape, bool)),
    "run_of_8": ("the eighth point in a row on one side of the centre", 2 * 0.5**8, _run_of_8),
    "two_of_three": (
        "the second of three points beyond 2 standard deviations on one side",
        2 * TWO_BEYOND * (1 - (1 - TWO_BEYOND) ** 2),
        _two_of_three,
    ),
    "four_of_five": (
        "the fourth of five points beyond 1 standard deviation on one side",
        2 * ONE_BEYOND * (4 * ONE_BEYOND**3 * (1 - ONE_BEYOND) + ONE_BEYOND**4),
        _four_of_five,
    ),
    "trend_of_6": ("six points in a row, each higher or each lower", 2 / 720, _trend_of_6),
}
RULES: Sequence[str] = tuple(_SIGNALS)
