"""How charts look: one Vega configuration from the tokens of static/ui/tokens.css."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from kokemus.ui.wording import MINUS, THIN

TOKENS_FILE = Path(__file__).parent / "static" / "ui" / "tokens.css"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
TEXT_SIZE = 13


@cache
def read_colours() -> dict[str, tuple[str, str]]:
    """Return every colour token: its name to its light and its dark value."""
    text = TOKENS_FILE.read_text("utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", text)
    return {name: (light, dark) for name, light, dark in found}


def colour(token: str) -> str:
    """Return the light value of a token; specifications are written in the light theme."""
    return read_colours()[token][0]


def map_to_dark() -> dict[str, str]:
    """Return light value to dark value, for the tokens that charts use."""
    return dict(_chart_colours().values())


def map_to_tokens() -> dict[str, str]:
    """Return light value to token name, for the tokens that charts use."""
    return {light: name for name, (light, _) in _chart_colours().items()}


def number_locale() -> dict[str, Any]:
    """Return Vega's number locale for the active language."""
    is_nordic = (get_language() or "en")[:2] in {"fi", "sv"}
    return {
        "decimal": "," if is_nordic else ".",
        "thousands": THIN if is_nordic else ",",
        "grouping": [3],
        "currency": ["", ""],
        "minus": MINUS,
    }


def chart_config() -> dict[str, Any]:
    """Return the Vega-Lite configuration: paper, hairlines, few ticks, no frame."""
    text = {"font": FONT, "fontSize": TEXT_SIZE, "color": colour("ink")}
    axis = {
        "labelFont": FONT,
        "labelFontSize": TEXT_SIZE,
        "labelColor": colour("ink-2"),
        "labelPadding": 8,
        "domain": False,
        "ticks": False,
        "gridColor": colour("line"),
        "gridWidth": 1,
        "title": None,
    }
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False},
        "axisY": {"labelLimit": 170},
        "text": text,
        "bar": {"color": colour("accent"), "cornerRadiusEnd": 3},
        "line": {"color": colour("accent"), "strokeWidth": 2, "strokeCap": "round"},
        "point": {"color": colour("accent"), "filled": True, "size": 36, "opacity": 1},
        "rule": {"color": colour("ink-2")},
        "area": {"color": colour("accent")},
        "title": {
            "font": FONT,
            "fontSize": 20,
            "fontWeight": 600,
            "color": colour("ink"),
            "subtitleFont": FONT,
            "subtitleFontSize": TEXT_SIZE,
            "subtitleColor": colour("ink-2"),
            "anchor": "start",
            "frame": "group",
            "offset": 16,
        },
    }


@cache
def _chart_colours() -> dict[str, tuple[str, str]]:
    """The tokens a drawing may use; `card` stands for every pale ground."""
    names = ("card", "ink", "ink-2", "line", "edge", "accent", "good", "middle", "bad", "warn")
    return {name: read_colours()[name] for name in names}
