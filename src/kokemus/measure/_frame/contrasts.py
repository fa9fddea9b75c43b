"""Dummies of low and high answers, and the second pass that a robust variance needs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kokemus.measure._frame.aggregating import aggregate
from kokemus.measure._frame.opening import Frame, IntoFrame, number, open_frame
from kokemus.measure._frame.scaling import read_weight
from kokemus.measure.histograms import Floats

if TYPE_CHECKING:
    import narwhals as nw

Limits = frozenset[float] | tuple[float, float]  # values, or from and to


@dataclass(frozen=True)
class Contrasts:
    """A frame with columns ``low_0, high_0, low_1, …, outcome``, and weight and clusters."""

    frame: Frame
    names: list[str]
    weight: str | None
    cluster: list[str]


def contrast(
    frame: "IntoFrame | Frame",
    *,
    outcome: str,
    attributes: Sequence[str],
    low: Limits,
    high: Limits,
    weight: str | None,
    cluster: Sequence[str],
) -> Contrasts:
    """Turn each attribute into two columns of 0 and 1, missing where it is missing."""
    import narwhals as nw

    opened = open_frame(
        frame, numbers=[outcome, *attributes, *filter(None, [weight])], keys=cluster
    )
    read = {f"a_{place}": number(name) for place, name in enumerate(attributes)}
    read |= {"outcome": number(outcome)}
    read |= {f"cluster_{place}": nw.col(key) for place, key in enumerate(cluster)}
    if weight is not None:
        read["weight"] = read_weight(opened, weight)
    cut = {}
    for place in range(len(attributes)):
        answer = nw.col(f"a_{place}")
        cut[f"low_{place}"] = _flag(answer, _within(answer, low))
        cut[f"high_{place}"] = _flag(answer, _within(answer, high))
    others = [name for name in read if not name.startswith("a_")]
    return Contrasts(
        frame=opened.with_columns(**read).select(*read).with_columns(**cut).select(*cut, *others),
        names=[*cut, "outcome"],
        weight=None if weight is None else "weight",
        cluster=[name for name in others if name.startswith("cluster_")],
    )


def _within(answer: "nw.Expr", box: Limits) -> "nw.Expr":
    import narwhals as nw

    if isinstance(box, frozenset):
        return answer.is_in(sorted(box))
    low, high = box
    if math.isinf(low):
        return answer <= nw.lit(high)
    if math.isinf(high):
        return answer >= nw.lit(low)
    return (answer >= nw.lit(low)) & (answer <= nw.lit(high))


def _flag(answer: "nw.Expr", condition: "nw.Expr") -> "nw.Expr":
    import narwhals as nw

    flag = nw.when(condition).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    return nw.when(~answer.is_null()).then(flag)


def sum_robust(made: Contrasts, *, coefficients: Floats, inverse: Floats) -> tuple[Floats, Floats]:
    """Sum squared scores over the rows that lack nothing, and count the dummies; one select.

    Residuals are divided by one less leverage (HC3). The columns are [1, low_0, high_0, …].
    """
    import narwhals as nw

    dummies = made.names[:-1]
    one, none = nw.lit(1.0), nw.lit(0.0)
    read = one if made.weight is None else nw.col(made.weight)
    rows = made.frame.with_columns(w=nw.when(read > none).then(read).otherwise(none))
    x = [nw.lit(1.0), *(nw.col(name) for name in dummies)]
    fitted = nw.lit(float(coefficients[0]))
    for column, slope in zip(x[1:], coefficients[1:].tolist(), strict=True):
        fitted = fitted + column * slope
    leverage = nw.lit(float(inverse[0, 0]))
    for a in range(1, len(x)):
        inner = nw.lit(2.0 * float(inverse[a, 0]) + float(inverse[a, a]))  # a dummy's square
        for b in range(1, a):
            inner = inner + x[b] * (2.0 * float(inverse[a, b]))
        leverage = leverage + x[a] * inner
    rows = rows.with_columns(left=nw.col("outcome") - fitted, pull=leverage * nw.col("w"))
    free = nw.lit(1.0) - nw.col("pull")
    room = nw.when(free > nw.lit(1e-6)).then(free).otherwise(nw.lit(1e-6))
    pushed = room**-1.0  # Sail has no division of doubles behind `/`
    rows = rows.with_columns(score=nw.col("left") * nw.col("w") * pushed)
    rows = rows.with_columns(square=nw.col("score") * nw.col("score"))
    is_whole = nw.when(~nw.col("square").is_null() & (nw.col("w") > none))
    sums: dict[str, nw.Expr] = {f"count {a}": is_whole.then(x[a]) for a in range(len(x))}
    for a in range(len(x)):
        for b in range(a, len(x)):
            sums[f"{a},{b}"] = nw.col("square") * x[a] * x[b]
    table = aggregate(rows, sums=sums)
    middle = np.zeros_like(inverse)
    for a in range(len(x)):
        for b in range(a, len(x)):
            middle[a, b] = middle[b, a] = table.numbers[f"{a},{b}"][0]
    return middle, np.array([table.numbers[f"count {a}"][0] for a in range(len(x))])
