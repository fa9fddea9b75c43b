"""Names that must not be shown: of members and staff, in any form and in lower case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kokemus.comments.personal.inflection import base_forms
from kokemus.comments.personal.name_weights import is_common_word
from kokemus.comments.personal.spans import PersonalSpan

_WORD = re.compile(r"[^\W\d_]+(?:[-'’:][^\W\d_]+)*")
_PARTICLES = frozenset({"af", "av", "de", "der", "van", "von", "di", "la", "le", "el", "al", "bin"})


class _GivenNames(NamedTuple):
    parts: frozenset[str]
    beginnings: frozenset[str]


def find_given_names(text: str, names: tuple[str, ...]) -> Iterator[PersonalSpan]:
    """Find the names given; what is also a plain word only with a capital or beside another."""
    given = _read_names(names)
    previous: PersonalSpan | None = None
    for match in _WORD.finditer(text):
        word = match.group()
        if word[:2].lower() not in given.beginnings or not _is_given(word.lower(), given):
            continue
        span = PersonalSpan(*match.span(), "name")
        is_beside_another = previous and not text[previous.end : span.start].strip()
        if previous and is_beside_another:
            yield PersonalSpan(previous.start, span.end, "name")
        elif not (word.islower() and is_common_word(word)):
            yield span
        previous = span


def _is_given(word: str, given: _GivenNames) -> bool:
    return any(form in given.parts for form in base_forms(word))


@lru_cache(maxsize=64)
def _read_names(names: tuple[str, ...]) -> _GivenNames:
    parts = {
        match.group().lower()
        for name in names
        for match in _WORD.finditer(name)
        if len(match.group()) > 1 and match.group().lower() not in _PARTICLES
    }
    return _GivenNames(frozenset(parts), frozenset(part[:2] for part in parts))
