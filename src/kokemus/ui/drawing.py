"""Turn a chart into SVG for a page and PNG for mail; `ui.bundle` makes it interactive."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import lru_cache
from typing import Any, Literal
from xml.etree import ElementTree

from django.utils.safestring import SafeString, mark_safe

from kokemus.ui.chart_theme import colour, map_to_dark, map_to_tokens, number_locale
from kokemus.ui.charts import Chart

Theme = Literal["both", "light", "dark"]
SVG = "http://www.w3.org/2000/svg"
WIDTH, WIDTH_NARROW = 720, 330
DRAWINGS_KEPT_MAX = 512

ElementTree.register_namespace("", SVG)


def render_svg(chart: Chart, *, theme: Theme = "both", width: int = WIDTH) -> SafeString:
    """Return the drawing as inline SVG that a strict content security policy lets through.

    With the theme "both" its colours are classes of kokemus.css and follow the page; "light" and
    "dark" are for files that leave the page.
    """
    spec = _prepare(chart, width=width)
    svg = _draw(json.dumps(spec, sort_keys=True), json.dumps(number_locale(), sort_keys=True))
    return mark_safe(_dress(svg, label=chart.label, theme=theme))  # noqa: S308  (labels escaped)


def render_png(chart: Chart, *, width: int = WIDTH, scale: float = 2.0) -> bytes:
    """Return the drawing for mail: on white, with title and subtitle, twice the density."""
    import vl_convert

    spec = _prepare(chart, width=width)
    spec["config"]["background"] = colour("card")
    spec["title"] = {"text": chart.title, "subtitle": chart.subtitle}
    spec["padding"] = dict.fromkeys(("left", "top", "right", "bottom"), 24)
    png: bytes = vl_convert.vegalite_to_png(spec, scale=scale, format_locale=number_locale())
    return png


def _prepare(chart: Chart, *, width: int) -> dict[str, Any]:
    """The specification for this width; charts.js does the same to fit a page."""
    spec = {**deepcopy(chart.spec), "width": width}
    meta = spec.pop("usermeta", None)
    if meta and width < meta["below"]:
        spec["height"] = meta["narrow"]["height"]
        spec["config"]["axisY"] = meta["narrow"]["axisY"]
    return spec


@lru_cache(maxsize=DRAWINGS_KEPT_MAX)
def _draw(spec: str, locale: str) -> str:
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(spec, format_locale=json.loads(locale))
    return svg


def _dress(svg: str, *, label: str, theme: Theme) -> str:
    root = ElementTree.fromstring(svg)  # noqa: S314  (drawn by us, a line above)
    for element in root.iter():
        _strip(element)
        if theme == "both":
            _classify(element)
        elif theme == "dark":
            _darken(element)
    root.set("role", "img")
    root.set("aria-label", label)
    return ElementTree.tostring(root, encoding="unicode")


def _strip(element: ElementTree.Element) -> None:
    """Styles become presentation attributes; names of Vega's own and fonts go."""
    style = element.attrib.pop("style", "")
    for declaration in filter(None, style.split(";")):
        name, _, value = declaration.partition(":")
        element.set(name.strip(), value.strip())
    for name in list(element.attrib):
        if name.startswith("aria-") or name in {"class", "role", "font-family", "pointer-events"}:
            del element.attrib[name]


def _classify(element: ElementTree.Element) -> None:
    tokens = map_to_tokens()
    found = [(part, tokens.get(element.get(part, ""))) for part in ("fill", "stroke")]
    classes = [f"{part}-{token}" for part, token in found if token]
    if classes:
        element.set("class", " ".join(classes))


def _darken(element: ElementTree.Element) -> None:
    dark = map_to_dark()
    for part in ("fill", "stroke"):
        value = element.get(part, "")
        if value in dark:
            element.set(part, dark[value])
