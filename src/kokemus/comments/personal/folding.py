"""Write a text in plain characters, remembering where each stood.

Full-width digits, every kind of dash and space, letters in two code points and characters that
cannot be seen (soft hyphens, zero-width spaces) must not let personal data through.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from kokemus.comments.personal.redaction import PLACEHOLDER

HIDDEN = "\ufffc"
"""What stands for a placeholder such as "[nimi]": no rule reads across it."""

_UNUSUAL = re.compile(r"[^\t\n\x20-\x7e¡-¬®-¶¸¹»-ʯ€“”„…]|\[")
_SINGLES = {
    **dict.fromkeys("\u2212\u2043\u02d7\u00af\u2500", "-"),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u00b4\u02bc\u0060", "'"),
    **dict.fromkeys("\u2028\u2029\u0085\x0b\x0c", "\n"),
    "\u3002": ".",
}


class Folded(NamedTuple):
    """A text in plain characters; character ``i`` stood at ``starts[i]`` to ``ends[i]``."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the plain text stands in the original one."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Return the text in plain characters, with the place of each."""
    if not _UNUSUAL.search(text):
        return Folded(text, range(len(text)), range(1, len(text) + 1))
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for placeholder in PLACEHOLDER.finditer(text):
        _fold_stretch(text, position, placeholder.start(), letters, starts, ends)
        position = placeholder.end()
        letters.append(HIDDEN)
        starts.append(placeholder.start())
        ends.append(position)
    _fold_stretch(text, position, len(text), letters, starts, ends)
    return Folded("".join(letters), starts, ends)


def _fold_stretch(
    text: str, start: int, end: int, letters: list[str], starts: list[int], ends: list[int]
) -> None:
    for index in range(start, end):
        plain = _plain(text[index])
        if plain:
            letters.append(plain)
            starts.append(index)
            ends.append(index + 1)
        elif letters and len(joined := unicodedata.normalize("NFC", letters[-1] + text[index])) < 2:
            letters[-1] = joined
            ends[-1] = index + 1


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """One plain character, or none for what cannot be seen and for marks on a letter."""
    if character in _SINGLES:
        return _SINGLES[character]
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me"}:
        return ""
    if category == "Pd":
        return "-"
    if character.isspace():
        return "\n" if character in "\n\r" else " "
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(int(digit))
    compatible = unicodedata.normalize("NFKC", character)
    return compatible if len(compatible) == 1 else character
