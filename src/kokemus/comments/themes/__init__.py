"""What comments are about: starting themes, own themes by example, and themes found unasked.

A `ThemeBook` holds the themes of one organisation and finds them in a comment. It is never
changed in place: merging, splitting, renaming and retiring give a new book and say what was
done. A name is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kokemus.comments.themes.book import CodeTaken, ThemeBook, ThemeChange, UnknownTheme
    from kokemus.comments.themes.discovery import (
        DiscoveredTheme,
        Discovery,
        Overlap,
        discover_themes,
    )
    from kokemus.comments.themes.embedder import Embedder, MissingExtra
    from kokemus.comments.themes.learning import Example, TooFewExamples, example_of, learn_theme
    from kokemus.comments.themes.learnt import LearntTheme, Share
    from kokemus.comments.themes.patterns import NotAPattern, parse_pattern
    from kokemus.comments.themes.starting import starting_themes
    from kokemus.comments.themes.theme import Theme, ThemeHit

_PLACES = {
    "book": "CodeTaken ThemeBook ThemeChange UnknownTheme",
    "discovery": "DiscoveredTheme Discovery Overlap discover_themes",
    "embedder": "Embedder MissingExtra",
    "learning": "Example TooFewExamples example_of learn_theme",
    "learnt": "LearntTheme Share",
    "patterns": "NotAPattern parse_pattern",
    "starting": "starting_themes",
    "theme": "Theme ThemeHit",
}
_MODULE_OF = {name: module for module, names in _PLACES.items() for name in names.split()}

# fmt: off
__all__ = [
    "CodeTaken", "DiscoveredTheme", "Discovery", "Embedder", "Example", "LearntTheme",
    "MissingExtra", "NotAPattern", "Overlap", "Share", "Theme", "ThemeBook", "ThemeChange",
    "ThemeHit", "TooFewExamples", "UnknownTheme", "discover_themes", "example_of", "learn_theme",
    "parse_pattern", "starting_themes",
]
# fmt: on


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
