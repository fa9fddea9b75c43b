"""Given names written small: "asentaja minna oli asiallinen", "tack till carita".

Nothing but the words around it tells that a small word is a name, so one of them is asked for:
what the person does, a greeting, or what only a person is or does. A name that is also a plain
word ("onni", "mark") needs both an occupation before it and what people are called after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kokemus.comments.personal.folding import HIDDEN
from kokemus.comments.personal.name_words import (
    DESERVES,
    OF_A_PERSON,
    PERSON_VERB,
    SURELY_A_PERSON,
    cue_of,
)
from kokemus.comments.personal.names import read_name
from kokemus.comments.personal.spans import PersonalSpan

_LETTERS = r"[^\W\d_]{2,}(?:-[^\W\d_]+)?"
_AFTER_CUE = re.compile(
    r"\b(?:nimeltä|nimeltään|nimi(?:ni)? on|terv(?:eisin|\.)|t[:.]|mvh|hälsningar|regards|named|"
    r"(?:thanks|thx|hello|hi|kudos|props|spoke|talked) (?:to|with)|(?:tack|hälsa) till|tack vare|"
    r"(?:served|helped|assisted) by|hjälp av|fram emot att|heter|name is|kiitos|kiitokset|kiitti|"
    r"tack|thanks|thank you|soit\w+|ring|call|kysy\w*|terveisiä|terkkuja|hälsa|"
    r"nähdä|näkemään|nähdään|tavata|tapaamaan|seeing|meeting|träffa(?:de|r|t)?|"
    r"(?:asiakaspalvelij|asiakasneuvoj|myyj)\w{1,4}|handläggare\w*|säljaren?|agent)"
    rf"[,:]?\s{{1,2}}(?P<first>{_LETTERS})",
    re.IGNORECASE,
)
_WORD = re.compile("[a-zß-öø-ÿšž]{2,}(?:-[a-zß-öø-ÿšž]+)?")
_JOINED_BEFORE = re.compile(r"[\w@./'’-]")
_JOINED_AFTER = re.compile(r"[\w@-]")
_SURNAME = re.compile(rf"\s({_LETTERS})")
_LIKED = re.compile(
    r"\s(?:oli|on|var|är|was|is) (?:(?:tosi|todella|erittäin|hyvin|niin|aivan|oikein|ihan|aina|"
    r"very|really|rly|so|such|extremely|always|absolutely|an?|jätte|väldigt|mycket|så|helt|alltid|"
    r"riktigt|verkligen|en) ){0,2}"
    r"(?:asialli|ihana|mukava|rauhalli|reipas|osaava|luotettava|huomaavai|empaatti|empati|huippu|"
    r"paras\b|loistava|kulta|(?:\w+lle )?tuttu ja|great|lovely|wonderful|brilliant|amazing|kind\b|"
    r"calm|fantastic|awesome|excellent|nice\b|(?:familiar|known) (?:to|and)|underbar|saklig|lugn|"
    r"duktig|snäll|härlig|fantastisk|pålitlig|toppen|bekant och)",
    re.IGNORECASE,
)
_VISITS = re.compile(r"\s(?:käyn(?:ti|nit|nei)|käyntejä|vierailu)", re.IGNORECASE)
_BEFORE = 32
_FIRST_LEVEL_MIN = 9


def find_small_names(text: str) -> Iterator[PersonalSpan]:
    """Find names in lower case that the words around them tell to be names.

    Most comments have no word that could be one, and cost a look at each word.
    """
    words = list(_WORD.finditer(text))
    if any(is_only_a_name(match.group()) for match in words):
        yield from _find_after_cues(text)
    for match in words:
        word = match.group()
        if is_only_a_name(word):
            span = _with_surname(text, *match.span())
            is_told = _has_occupation(text, span.start) or _is_told(text, span.end, word)
            if is_told and _stands_alone(text, *match.span()):
                yield span
        elif (
            _is_name_and_word(word)
            and _has_both(text, *match.span())
            and _stands_alone(text, *match.span())
        ):
            yield _with_surname(text, *match.span())


def _find_after_cues(text: str) -> Iterator[PersonalSpan]:
    for match in _AFTER_CUE.finditer(text):
        word = match["first"]
        if word.islower() and HIDDEN not in match.group() and is_only_a_name(word):
            yield _with_surname(text, *match.span("first"))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether it is a whole word, and no part of an address or of a longer name."""
    before = start and _JOINED_BEFORE.match(text, start - 1)
    return not before and not _JOINED_AFTER.match(text, end)


@lru_cache(maxsize=65_536)
def is_only_a_name(word: str) -> bool:
    """Whether a word in lower case is a form of a common name, and of nothing else."""
    reading = read_name(word)
    return not reading.is_word and reading.first >= _FIRST_LEVEL_MIN and reading.points >= 3


@lru_cache(maxsize=65_536)
def _is_name_and_word(word: str) -> bool:
    reading = read_name(word)
    return reading.is_word and reading.first >= _FIRST_LEVEL_MIN and not reading.case


def _has_both(text: str, start: int, end: int) -> bool:
    is_a_person = SURELY_A_PERSON.match(text, end) or _LIKED.match(text, end)
    return bool(is_a_person) and _has_occupation(text, start)


def _has_occupation(text: str, start: int) -> bool:
    before = text[max(0, start - _BEFORE) : start]
    return before[-1:] == " " and before[-2:-1].isalpha() and cue_of(before) == "occupation"


def _is_told(text: str, end: int, word: str) -> bool:
    case = read_name(word).case
    if case == "genitive":
        return bool(OF_A_PERSON.match(text, end) or _VISITS.match(text, end))
    patterns = (SURELY_A_PERSON, PERSON_VERB, DESERVES, _LIKED)
    return not case and any(pattern.match(text, end) for pattern in patterns)


def _with_surname(text: str, start: int, end: int) -> PersonalSpan:
    after = _SURNAME.match(text, end)
    if after and not read_name(text[start:end]).case:
        reading = read_name(after[1].lower())
        if reading.last >= 7 and not reading.is_word:
            end = after.end()
    return PersonalSpan(start, end, "name")
