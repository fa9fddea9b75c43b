"""Names that must not be shown: of members and staff, in any form and any case of letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kokemus.comments.personal.folding import fold
from kokemus.comments.personal.inflection import base_forms
from kokemus.comments.personal.name_weights import is_common_word
from kokemus.comments.personal.spans import PersonalSpan

_WORD = re.compile(r"[^\W\d_]+(?:[-'’:][^\W\d_]+)*")
_PIECE = re.compile(r"[^-]+")
_PARTICLES = frozenset({"af", "av", "de", "der", "van", "von", "di", "la", "le", "el", "al", "bin"})
_WORDS_REMEMBERED = 16_384


class _Word(NamedTuple):
    """A word that may be a form of a name, and the parts of names that it may come from."""

    start: int
    end: int
    text: str
    parts: tuple[str, ...]


class GivenNames:
    """Names to hide, made ready once for many comments.

    A name of one word is hidden wherever that word stands. What is also a plain word in a longer
    name, or in another form, is hidden with a capital letter or beside another part of a name.
    """

    def __init__(self, names: Iterable[str]) -> None:
        each = [parts_of(name) for name in names]
        self._parts = frozenset(part for parts in each for part in parts)
        self._alone = frozenset(parts[0] for parts in each if len(parts) == 1)
        self._beginnings = frozenset(part[:2] for part in self._parts)
        self._parts_behind = lru_cache(maxsize=_WORDS_REMEMBERED)(self._look_up)
        self._strangers: set[str] = set()  # words in lower case that come from no name

    def __bool__(self) -> bool:
        return bool(self._parts)

    def find(self, text: str) -> Iterator[PersonalSpan]:
        """Find the names in a text in plain characters (see `fold`)."""
        for span, _parts in self._find_with_parts(text):
            yield span

    def find_parts(self, text: str) -> set[str]:
        """The parts of names, in lower case, for whose sake something of the text is hidden."""
        found = self._find_with_parts(fold(text).text)
        return {part for _span, parts in found for part in parts}

    def may_stand_in(self, text: str) -> bool:
        """Whether the text has any form of any part; also where it is not hidden as yet."""
        return any(True for _word in self._words(fold(text).text))

    def _find_with_parts(self, text: str) -> Iterator[tuple[PersonalSpan, tuple[str, ...]]]:
        previous: _Word | None = None
        for word in self._words(text):
            if previous and not text[previous.end : word.start].strip():
                both = (*previous.parts, *word.parts)
                yield PersonalSpan(previous.start, word.end, "name"), both
            elif self._is_surely_a_name(word.text):
                yield PersonalSpan(word.start, word.end, "name"), word.parts
            previous = word

    def _is_surely_a_name(self, word: str) -> bool:
        return word in self._alone or not (word.islower() and is_common_word(word))

    def _words(self, text: str) -> Iterator[_Word]:
        """The words that may be forms of names; of a hyphenated word that is none, its parts.

        Nearly every comment has none, and costs one look at all of its words together.
        """
        if self._are_strangers([word.lower() for word in _WORD.findall(text)]):
            return
        for match in _WORD.finditer(text):
            word = match.group()
            if parts := self._parts_of_word(word):
                yield _Word(*match.span(), word, parts)
            elif "-" in word:
                for piece in _PIECE.finditer(text, *match.span()):
                    if parts := self._parts_of_word(piece.group()):
                        yield _Word(*piece.span(), piece.group(), parts)

    def _are_strangers(self, words: list[str]) -> bool:
        if self._strangers.issuperset(words):
            return True
        if len(self._strangers) > _WORDS_REMEMBERED:
            self._strangers.clear()
        self._strangers.update(word for word in words if not self._comes_from_a_name(word))
        return self._strangers.issuperset(words)

    def _comes_from_a_name(self, word: str) -> bool:
        return any(self._parts_of_word(each) for each in (word, *word.split("-")))

    def _parts_of_word(self, word: str) -> tuple[str, ...]:
        if word[:2].lower() not in self._beginnings:
            return ()
        return self._parts_behind(word.lower())

    def _look_up(self, word: str) -> tuple[str, ...]:
        return tuple(form for form in base_forms(word) if form in self._parts)


def ready_names(names: Sequence[str] | GivenNames) -> GivenNames:
    """The names made ready; those given lately are remembered."""
    return names if isinstance(names, GivenNames) else _read_names(tuple(names))


def parts_of(name: str) -> list[str]:
    """The words of a name that are looked for, in lower case: no initials, no particles."""
    words = (match.group().lower() for match in _WORD.finditer(fold(name).text))
    return [word for word in words if len(word) > 1 and word not in _PARTICLES]


@lru_cache(maxsize=16)
def _read_names(names: tuple[str, ...]) -> GivenNames:
    return GivenNames(names)
