"""Counts per unit that show how answers came about: who was asked, when, from what device."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from kokemus.measure._frame.aggregating import Table, aggregate
from kokemus.measure._frame.opening import (
    Frame,
    IntoFrame,
    NotNumbers,
    list_columns,
    number,
    open_frame,
)

if TYPE_CHECKING:
    import narwhals as nw

Stratum = tuple[float, float, float, float]
BLOCK_WINDOWS = 10
DAYS_BEFORE_1970 = 719_469.0  # since the last of February of year 0


def count_invited(
    frame: IntoFrame, *, unit: str, invited: str
) -> dict[Hashable, tuple[float, float]]:
    """Count for each unit the invited and all encounters. One group-by."""
    opened = open_frame(frame, numbers=[invited], keys=[unit])
    asked = number(invited)
    sums = {"events": _is_over_zero(asked), "trials": _is_known(asked)}
    return _pairs(aggregate(opened, keys=[unit], sums=sums))


def count_selection(
    frame: IntoFrame, *, unit: str, invited: str, favourable: str, strata: Sequence[str]
) -> dict[Hashable, list[Stratum]]:
    """Count for each unit and stratum: invited after good, after poor; not invited alike."""
    strata = list_columns(strata)
    opened = open_frame(frame, numbers=[invited, favourable], keys=[unit, *strata])
    asked, good = number(invited), number(favourable)
    known = _is_known(asked) * _is_known(good)
    yes, well = _is_over_zero(asked) * known, _is_over_zero(good) * known
    sums = {
        "a": yes * well,
        "b": yes - yes * well,
        "c": well - yes * well,
        "d": known - yes - well + yes * well,
    }
    table = aggregate(opened, keys=[unit, *strata], sums=sums)
    found: dict[Hashable, list[Stratum]] = {}
    for place, key in enumerate(table.keys):
        a, b, c, d = (float(table.numbers[name][place]) for name in "abcd")
        if key[0] is not None:
            found.setdefault(key[0], []).append((a, b, c, d))
    return found


def count_devices(
    frame: IntoFrame, *, unit: str, device: str
) -> dict[Hashable, tuple[float, float]]:
    """Count for each unit the answers that share a device with an earlier one, and all."""
    import narwhals as nw

    opened = open_frame(frame, keys=[unit, device])
    known = opened.filter(~nw.col(device).is_null())
    chosen = known.select(unit=nw.col(unit), device=nw.col(device))
    each = chosen.group_by("unit", "device").agg(nw.len().alias("answers"))
    answers = nw.col("answers").cast(nw.Float64)
    sums = {"events": answers - nw.lit(1.0), "trials": answers}
    return _pairs(aggregate(each, keys=["unit"], sums=sums))


def count_early(
    frame: IntoFrame, *, unit: str, answered: str, closed: str
) -> dict[Hashable, tuple[float, float]]:
    """Count for each unit the answers before the close, and those with both times."""
    opened = open_frame(frame, keys=[unit, answered, closed])
    early = seconds_of(opened, answered) - seconds_of(opened, closed)
    sums = {"events": _is_over_zero(-early), "trials": _is_known(early)}
    return _pairs(aggregate(opened, keys=[unit], sums=sums))


def count_blocks(
    frame: IntoFrame, *, unit: str, time: str, minutes: float, crowd: int
) -> dict[Hashable, dict[int, tuple[float, float]]]:
    """Count for each unit, by answers in a block of ten windows: blocks, and those with a burst.

    Three group-bys: windows, blocks, sizes of block.
    """
    import narwhals as nw

    opened = open_frame(frame, keys=[unit, time])
    window = _floor(seconds_of(opened, time), 60.0 * minutes)
    rows = opened.select(unit=nw.col(unit), window=window)
    rows = rows.filter(~nw.col("window").is_null())
    windows = rows.group_by("unit", "window").agg(nw.len().alias("answers"))
    windows = windows.with_columns(block=_floor(nw.col("window"), float(BLOCK_WINDOWS)))
    blocks = windows.group_by("unit", "block").agg(
        nw.col("answers").sum().alias("size"), nw.col("answers").max().alias("most")
    )
    is_burst = nw.when(nw.col("most") >= crowd).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    sums = {"blocks": nw.lit(1.0), "bursts": is_burst}
    table = aggregate(blocks, keys=["unit", "size"], sums=sums)
    found: dict[Hashable, dict[int, tuple[float, float]]] = {}
    for place, (name, size) in enumerate(table.keys):
        pair = float(table.numbers["blocks"][place]), float(table.numbers["bursts"][place])
        if name is not None:
            found.setdefault(name, {})[int(float(str(size)))] = pair
    return found


def sum_before_after(
    frame: IntoFrame, *, unit: str, score: str, after: str, strata: Sequence[str]
) -> dict[Hashable, list[tuple[tuple[float, float, float], tuple[float, float, float]]]]:
    """Sum for each unit and stratum the answers before, and after, the coaching. One group-by."""
    strata = list_columns(strata)
    opened = open_frame(frame, numbers=[score, after], keys=[unit, *strata])
    value, later = number(score), number(after)
    known = _is_known(value) * _is_known(later)
    is_after = _is_over_zero(later) * known
    sums: dict[str, nw.Expr] = {}
    for name, part in (("before", known - is_after), ("after", is_after)):
        amounts = {"n": part, "y": part * _or_zero(value), "yy": part * _or_zero(value * value)}
        sums |= {f"{name} {key}": amount for key, amount in amounts.items()}
    table = aggregate(opened, keys=[unit, *strata], sums=sums)
    found: dict[Hashable, list[tuple[tuple[float, float, float], ...]]] = {}
    for place, key in enumerate(table.keys):
        before, later_ = (
            tuple(float(table.numbers[f"{name} {part}"][place]) for part in ("n", "y", "yy"))
            for name in ("before", "after")
        )
        if key[0] is not None:
            found.setdefault(key[0], []).append((before, later_))  # type: ignore[arg-type]
    return found  # type: ignore[return-value]


def count_encounters(frame: IntoFrame, *, unit: str) -> dict[Hashable, float]:
    """Count the rows of each unit."""
    import narwhals as nw

    table = aggregate(frame, keys=[unit], sums={"rows": nw.lit(1.0)})
    return {key[0]: float(n) for key, n in zip(table.keys, table.numbers["rows"], strict=True)}


def sum_promises(
    frame: IntoFrame, *, unit: str, score: str, later: str, churned: str | None
) -> Table:
    """Sum later scores and churn for each unit and immediate score. One group-by."""
    numbers = [score, later, *filter(None, [churned])]
    opened = open_frame(frame, numbers=numbers, keys=[unit])
    now, then = number(score), number(later)
    both = _is_known(now) * _is_known(then)
    sums = {
        "answers": _is_known(now),
        "paired": both,
        "later": both * _or_zero(then),
        "later²": both * _or_zero(then * then),
    }
    if churned is not None:
        left = number(churned)
        known = _is_known(now) * _is_known(left)
        sums |= {"known": known, "left": known * _is_over_zero(left)}
    return aggregate(opened.with_columns(**{SCORE: now}), keys=[unit, SCORE], sums=sums)


SCORE = "immediate score of promise"


def seconds_of(frame: Frame, column: str) -> "nw.Expr":
    """Read times as seconds: numbers are seconds already, dates and times are counted by parts."""
    import narwhals as nw

    kind = frame.collect_schema()[column]
    if kind.is_numeric():
        return number(column)
    if not kind.is_temporal():
        raise NotNumbers(f"column {column!r} must hold times or seconds, and holds {kind}")
    time = nw.col(column).dt
    year, month = (part.cast(nw.Float64) for part in (time.year(), time.month()))
    day = time.day().cast(nw.Float64)
    is_early = nw.when(month <= nw.lit(2.0)).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    year = year - is_early
    leaps = _floor(year, 4.0) - _floor(year, 100.0) + _floor(year, 400.0)
    months = _floor(153.0 * (month + 12.0 * is_early - 3.0) + 2.0, 5.0)
    days = 365.0 * year + leaps + months + day - DAYS_BEFORE_1970
    if kind == nw.Date:
        return days * 86400.0
    hour, minute, second = (
        part.cast(nw.Float64) for part in (time.hour(), time.minute(), time.second())
    )
    return days * 86400.0 + hour * 3600.0 + minute * 60.0 + second


def _floor(number: "nw.Expr", size: float) -> "nw.Expr":
    """Count whole sizes in a number to a thousandth; Sail cannot divide doubles, so multiply."""
    return ((number + 0.001) * (1.0 / size)).floor()


def _is_known(value: "nw.Expr") -> "nw.Expr":
    import narwhals as nw

    return nw.when(~value.is_null()).then(nw.lit(1.0)).otherwise(nw.lit(0.0))


def _is_over_zero(value: "nw.Expr") -> "nw.Expr":
    import narwhals as nw

    return nw.when(value > nw.lit(0.0)).then(nw.lit(1.0)).otherwise(nw.lit(0.0))


def _or_zero(value: "nw.Expr") -> "nw.Expr":
    import narwhals as nw

    return nw.when(~value.is_null()).then(value).otherwise(nw.lit(0.0))


def _pairs(table: Table) -> dict[Hashable, tuple[float, float]]:
    pairs = zip(table.numbers["events"].tolist(), table.numbers["trials"].tolist(), strict=True)
    return {key[0]: pair for key, pair in zip(table.keys, pairs, strict=True) if key[0] is not None}
