"""Weights far from 1 brought near it: only what they are to each other matters.

Squares of weights over 1e154 are infinite and of those under 1e-162 nothing, so such weights are
multiplied by a power of 2, which loses no digit.
"""

import math
import sys
from typing import TYPE_CHECKING

from kokemus.measure._frame.opening import Frame, fetch, number
from kokemus.measure._frame.reading import read_numbers

if TYPE_CHECKING:
    import narwhals as nw

NEAR = 2.0**100  # sums from 1 / NEAR to NEAR can be raised to the fourth power and added up


def find_factor(amount: float) -> float:
    """Return the power of 2 that brings a largest weight or a sum of them near 1, if it is far."""
    if not amount > 0 or 1 / NEAR <= amount <= NEAR:
        return 1.0
    _, exponent = math.frexp(min(amount, sys.float_info.max))
    return 2.0 ** min(-exponent, sys.float_info.max_exp - 1)


def scale_weights(frame: "Frame", weight: str, total: float) -> tuple["Frame", str] | None:
    """Add a column of the weights brought near 1, and name it; None where their sum is near."""
    factor = find_factor(total)
    if factor == 1:
        return None
    name, columns = f"{weight} scaled", frame.collect_schema().names()
    while name in columns:
        name += "'"
    return frame.with_columns((number(weight) * factor).alias(name)), name


def read_weight(frame: "Frame", weight: str) -> "nw.Expr":
    """Read weights near 1, where they are to be the same in several passes; asks for their largest.

    Weights that are near are read as they are.
    """
    largest = fetch(frame.select(number(weight).alias("w")).select(_largest()))
    factor = find_factor(float(read_numbers(largest["w"], weight)[0]))
    return number(weight) if factor == 1 else number(weight) * factor


def _largest() -> "nw.Expr":
    import narwhals as nw

    return nw.col("w").max()
