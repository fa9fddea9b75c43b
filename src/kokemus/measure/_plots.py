"""Charts of results, always with their uncertainty. Altair is imported when one is drawn."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import altair

INK, MUTED, BAND = "#30343b", "#8a9099", 0.18
ROW_HEIGHT, WIDTH, HEIGHT = 24, 420, 240
SHORTEST = 2  # rows of a chart that would otherwise be too flat to read
CONFIG: dict[str, Any] = {
    "view": {"stroke": None},
    "axis": {"grid": True, "gridColor": "#e6e8eb", "domainColor": MUTED, "tickColor": MUTED},
    "bar": {"color": "#9aa7b8"},
    "legend": {"orient": "top"},
}


class MissingExtra(ImportError):
    """A package that only this needs is not installed."""


class Interval(NamedTuple):
    """A row of a chart of intervals; `group` colours rows that belong together."""

    label: str
    estimate: float | None
    low: float | None = None
    high: float | None = None
    group: str | None = None


class Point(NamedTuple):
    """A point of a line; `x` is a date, a number or a word; `series` parts several lines."""

    x: Hashable
    estimate: float | None
    low: float | None = None
    high: float | None = None
    series: str | None = None


def draw_intervals(
    rows: Sequence[Interval], *, title: str = "", reference: float | None = None
) -> "altair.LayerChart":
    """Draw a row each: a dot for the estimate, a rule from low to high. Rows keep their order.

    `reference` is a vertical line such as 0, or the whole's score.
    """
    alt = import_altair()
    colour = _colour(alt, [row.group for row in rows])
    y = alt.Y("label:N", sort=None, title=None)
    base = alt.Chart(_inline([row._asdict() for row in rows])).encode(y=y, **colour)
    x = alt.X("estimate:Q", title=title or None, scale=alt.Scale(zero=False))
    tips = _tips(alt, "label")
    layers = [
        base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=title or None), x2="high:Q"),
        base.mark_point(filled=True, size=60, opacity=1).encode(x=x, tooltip=tips),
    ]
    if reference is not None:
        layers.insert(0, _reference(alt, x=reference))
    return _finish(alt, layers, height=ROW_HEIGHT * max(len(rows), SHORTEST))


def draw_line(
    points: Sequence[Point],
    *,
    title: str = "",
    x_title: str = "",
    rules: Mapping[str, float] | None = None,
) -> "altair.LayerChart":
    """Draw a line with its band from low to high; points that stand alone have whiskers.

    `rules` are horizontal lines by name, such as a centre or a limit.
    """
    alt = import_altair()
    kind = _kind([point.x for point in points])
    colour = _colour(alt, [point.series for point in points])
    values = [
        {**point._asdict(), "x": _plain_x(point.x), "group": point.series} for point in points
    ]
    x = alt.X(f"x:{kind}", title=x_title or None, sort=None)
    y = alt.Y("estimate:Q", title=title or None, scale=alt.Scale(zero=False))
    low = alt.Y("low:Q", title=title or None)
    base = alt.Chart(_inline(values)).encode(x=x, **colour)
    layers = [
        base.mark_area(opacity=BAND).encode(y=low, y2="high:Q"),
        base.mark_rule(opacity=0.5).encode(y=low, y2="high:Q"),
        base.mark_line().encode(y=y),
        base.mark_point(filled=True, size=30, opacity=1).encode(y=y, tooltip=_tips(alt, "x")),
        *(_reference(alt, y=value, name=name) for name, value in (rules or {}).items()),
    ]
    return _finish(alt, layers, height=HEIGHT)


def draw_waterfall(
    parts: Sequence[Interval], *, title: str = "", total: str = "total"
) -> "altair.LayerChart":
    """Draw parts that add up: each a bar from where the last ended, whiskers at its end.

    The sum stands last, named `total` (a part of that label gives its interval). A part that
    cannot be told adds nothing.
    """
    alt = import_altair()
    values = _stack(parts, total)
    base = alt.Chart(_inline(values)).encode(x=alt.X("label:N", sort=None, title=None))
    start = alt.Y("start:Q", title=title or None)
    layers = [
        base.mark_bar(size=36).encode(
            y=start,
            y2="end:Q",
            color=alt.Color("tone:N", scale=None, legend=None),
            tooltip=_tips(alt, "label"),
        ),
        base.mark_rule(strokeWidth=2, color=INK).encode(y="whisker_low:Q", y2="whisker_high:Q"),
        _reference(alt, y=0.0),
    ]
    return _finish(alt, layers, height=HEIGHT)


def draw_bars(rows: Sequence[Interval], *, title: str = "") -> "altair.LayerChart":
    """Draw a horizontal bar each, from 0, with whiskers where there is an interval."""
    alt = import_altair()
    colour = _colour(alt, [row.group for row in rows])
    y = alt.Y("label:N", sort=None, title=None)
    base = alt.Chart(_inline([row._asdict() for row in rows])).encode(y=y)
    x = alt.X("estimate:Q", title=title or None)
    layers = [
        base.mark_bar().encode(x=x, tooltip=_tips(alt, "label"), **colour),
        base.mark_rule(strokeWidth=2, color=INK).encode(x="low:Q", x2="high:Q"),
    ]
    return _finish(alt, layers, height=ROW_HEIGHT * max(len(rows), SHORTEST))


def draw_funnel(
    points: Sequence[tuple[float, float, str]],
    limits: Sequence[tuple[float | None, ...]],
    *,
    target: float | None,
    title: str = "",
) -> "altair.LayerChart":
    """Draw units as dots over their answers, within two bands of limits that narrow.

    A point is (answers, estimate, label); a limit is (answers, low, high, wider low, wider high).
    """
    alt = import_altair()
    names = ("answers", "low", "high", "wider_low", "wider_high")
    bands = [
        dict(zip(names, limit, strict=True)) for limit in sorted(limits, key=lambda x: x[0] or 0)
    ]
    dots = [{"answers": x, "estimate": y, "label": label} for x, y, label in points]
    x, y = alt.X("answers:Q"), alt.Y("estimate:Q", title=title or None)
    tips = [alt.Tooltip("label:N"), alt.Tooltip("estimate:Q", format=",.4~g"), "answers:Q"]
    area = alt.Chart(_inline(bands)).mark_area(opacity=BAND, color=MUTED)
    layers = [
        area.encode(x=x, y=alt.Y("wider_low:Q", title=title or None), y2="wider_high:Q"),
        area.encode(x=x, y=alt.Y("low:Q", title=title or None), y2="high:Q"),
        alt.Chart(_inline(dots))
        .mark_point(filled=True, size=30, color=INK, opacity=1)
        .encode(x=x, y=y, tooltip=tips),
    ]
    if target is not None:
        layers.append(_reference(alt, y=target))
    return _finish(alt, layers, height=HEIGHT)


def import_altair() -> Any:
    """Import Altair; its chart classes have no types that survive a lazy import."""
    try:
        import altair
    except ImportError as error:
        raise MissingExtra("a chart needs Altair. Install it: pip install altair") from error
    return altair


def _stack(parts: Sequence[Interval], total: str) -> list[dict[str, Any]]:
    values, reached = [], 0.0
    for part in parts:
        if part.label != total:
            end = reached + (part.estimate or 0.0)
            values.append(_bar(part, reached, end))
            reached = end
    whole = next((part for part in parts if part.label == total), Interval(total, reached))
    return [*values, _bar(whole, 0.0, reached) | {"tone": INK}]


def _bar(part: Interval, start: float, end: float) -> dict[str, Any]:
    """Shift the part's interval to where its bar ends."""
    shift = end - (part.estimate or 0.0)
    is_known = part.low is not None and part.high is not None
    return part._asdict() | {
        "start": start,
        "end": end,
        "whisker_low": part.low + shift if is_known and part.low is not None else None,
        "whisker_high": part.high + shift if is_known and part.high is not None else None,
        "tone": "#5b8a72" if end >= start else "#b5655a",
    }


def _colour(alt: Any, groups: Sequence[str | None]) -> dict[str, Any]:
    field = "group:N"
    if all(group is None for group in groups):
        return {"color": alt.value(INK)}
    return {"color": alt.Color(field, title=None)}


def _reference(alt: Any, *, name: str = "", **at: float) -> Any:
    base = alt.Chart(_inline([{"name": name}]))
    channels = {axis: alt.datum(value) for axis, value in at.items()}
    rule = base.mark_rule(strokeDash=[4, 3], color=MUTED).encode(**channels)
    if not name:
        return rule
    text = base.mark_text(align="left", dx=4, dy=-6, color=MUTED)
    return rule + text.encode(text="name:N", x=alt.value(0), **channels)


def _tips(alt: Any, heading: str) -> list[Any]:
    numbers = [alt.Tooltip(f"{name}:Q", format=",.4~g") for name in ("estimate", "low", "high")]
    return [alt.Tooltip(f"{heading}:N"), *numbers]


def _kind(values: Sequence[Hashable]) -> str:
    """Say how Vega-Lite reads the values: T for dates, Q for numbers, O for the rest in order."""
    if values and all(isinstance(value, date) for value in values):
        return "T"
    if values and all(isinstance(value, int | float) for value in values):
        return "Q"
    return "O"


def _plain_x(value: Hashable) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | float) else str(value)


def _inline(values: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"values": list(values)}


def _finish(alt: Any, layers: Sequence[Any], *, height: int) -> "altair.LayerChart":
    whole = alt.layer(*layers).properties(width=WIDTH, height=height)
    chart: altair.LayerChart = whole.configure(**CONFIG)
    return chart
