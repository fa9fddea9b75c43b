"""Words, numbers and emoji of a comment, with their places in it."""

import re
from typing import NamedTuple


class Token(NamedTuple):
    """A piece of a text; `text[start:end]` of the whole is its own `text`."""

    start: int
    end: int
    text: str


class Span(NamedTuple):
    """A stretch of a text, in the indices of Python."""

    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """Find words (with an inner hyphen, apostrophe or colon), numbers, emoji and smileys.

    >>> [token.text for token in tokenise("S-pankki:n jono kesti 1,5 h 😡 :(")]
    ['S-pankki:n', 'jono', 'kesti', '1,5', 'h', '😡', ':(']
    """
    make = Token._make
    return [make((*match.span(), match.group())) for match in _TOKEN.finditer(text)]


def is_word(text: str) -> bool:
    """Tell whether a token is a word: it begins with a letter, or holds one after digits."""
    return text[:1].isalpha() or (text[:1].isdigit() and any(map(str.isalpha, text)))


def is_emoji(text: str) -> bool:
    """Tell whether a token is an emoji or a smiley."""
    return not text[:1].isalnum()


_LETTERS = r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*"  # one may be written as two: a and its dots
_PICTURE = r"[\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
EMOJI = (
    r"[\U0001f1e6-\U0001f1ff]{2}"
    rf"|{_PICTURE}\ufe0f?[\U0001f3fb-\U0001f3ff]?\ufe0f?"
    rf"(?:\u200d{_PICTURE}\ufe0f?[\U0001f3fb-\U0001f3ff]?\ufe0f?)*"
)
_SMILEY = r"(?<!\w)[:;=8xX]['’]?-?[()\[\]DPpOo/|*3](?!\w)|<3+|(?<!\w)\^_*\^"
_NUMBER = r"\d+(?:[.,:/]\d+)*(?![-'’:]?\w)"
_TOKEN = re.compile(
    rf"{_NUMBER}|(?:{_SMILEY})|{_LETTERS}(?:[-'’:]{_LETTERS})*|{EMOJI}",
)
