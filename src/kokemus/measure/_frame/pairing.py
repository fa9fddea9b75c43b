"""Answers of the same contacts in two periods, counted by what each contact gave."""

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np

from kokemus.measure._frame.aggregating import Table, aggregate, read_key
from kokemus.measure._frame.opening import IntoFrame, number, open_frame

if TYPE_CHECKING:
    import narwhals as nw

PARTS = ("count", "high", "low", "total", "square")


def count_pairs(
    frame: IntoFrame,
    *,
    score: str,
    contact: str,
    period: str,
    pair: tuple[Hashable, Hashable],
    missing: tuple[float, ...],
    cuts: tuple[float, float] | None,
) -> Table:
    """Count the contacts by the sums of their answers in each period, by two group-bys.

    Keys are, for each period of the pair, the count of answers, those at or over the upper cut
    and those at or under the lower one, their sum and their sum of squares; ``contacts`` is how
    many contacts have these. Answers that name no contact are left out.
    """
    import narwhals as nw

    opened = open_frame(frame, numbers=[score], keys=[contact, period])
    value = number(score)
    for code in missing:
        value = nw.when(value != nw.lit(float(code))).then(value)
    sums: dict[str, nw.Expr] = {}
    for place, name in enumerate(pair):
        own = nw.when(nw.col(period) == nw.lit(name)).then(value)  # type: ignore[arg-type]
        sums |= {f"{part}_{place}": each for part, each in _parts(own, cuts).items()}
    named = read_key(contact, opened.collect_schema()[contact])
    prepared = opened.select(
        named.alias("contact"), *(each.alias(name) for name, each in sums.items())
    ).filter(~nw.col("contact").is_null())
    by_contact = prepared.group_by("contact").agg(*(nw.col(name).sum() for name in sums))
    return aggregate(by_contact, keys=list(sums), sums={"contacts": nw.lit(1.0)})


def _parts(own: "nw.Expr", cuts: tuple[float, float] | None) -> dict[str, "nw.Expr"]:
    import narwhals as nw

    one, none = nw.lit(1.0), nw.lit(0.0)
    low, high = cuts or (-np.inf, np.inf)
    return {
        "count": nw.when(~own.is_null()).then(one).otherwise(none),
        "high": nw.when(own >= nw.lit(high)).then(one).otherwise(none) if cuts else none,
        "low": nw.when(own <= nw.lit(low)).then(one).otherwise(none) if cuts else none,
        "total": none if cuts else nw.when(~own.is_null()).then(own).otherwise(none),
        "square": none if cuts else nw.when(~own.is_null()).then(own * own).otherwise(none),
    }
