"""Read what people wrote, in Finnish, Swedish and English, on this machine alone.

Language, statements, lemmas, feeling, themes and personal data of comments; no Django, no
network, no clock. A name is imported when it is first asked for: reading costs memory that those
who do not read need not pay.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kokemus.comments.frames import ColumnTaken, NoSuchColumn, read_frame
    from kokemus.comments.kinds import tell_kind
    from kokemus.comments.languages import find_language
    from kokemus.comments.lemmas import lemmas_of, lemmatise, split_compound
    from kokemus.comments.personal import PersonalSpan, find_personal_data, redact
    from kokemus.comments.readings import Evidence, Reading, StatementReading, read_comments
    from kokemus.comments.sentiment import Feeling, SentimentModel
    from kokemus.comments.statements import split_statements
    from kokemus.comments.themes import Theme, ThemeBook, ThemeHit, starting_themes
    from kokemus.comments.tokens import Span, Token, tokenise

_PLACES = {
    "frames": "ColumnTaken NoSuchColumn read_frame",
    "kinds": "tell_kind",
    "languages": "find_language",
    "lemmas": "lemmas_of lemmatise split_compound",
    "personal": "PersonalSpan find_personal_data redact",
    "readings": "Evidence Reading StatementReading read_comments",
    "sentiment": "Feeling SentimentModel",
    "statements": "split_statements",
    "themes": "Theme ThemeBook ThemeHit starting_themes",
    "tokens": "Span Token tokenise",
}
_MODULE_OF = {name: module for module, names in _PLACES.items() for name in names.split()}

# fmt: off
__all__ = [
    "ColumnTaken", "Evidence", "Feeling", "NoSuchColumn", "PersonalSpan", "Reading",
    "SentimentModel", "Span", "StatementReading", "Theme", "ThemeBook", "ThemeHit", "Token",
    "find_language", "find_personal_data", "lemmas_of", "lemmatise", "read_comments",
    "read_frame", "redact", "split_compound", "split_statements", "starting_themes", "tell_kind",
    "tokenise",
]
# fmt: on


def __getattr__(name: str) -> Any:
    """Import what is asked for; its type is in the imports above."""
    if name in _MODULE_OF:
        found = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
