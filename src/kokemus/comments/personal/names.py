"""Names of persons with a capital letter, in inflected forms.

A capital letter in the middle of a sentence, how common the name is, and the words around it each
weigh a little; what is also a plain word ("Onni", "Ilona", "My") needs a second sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kokemus.comments.personal.inflection import base_forms, ending_of, without_clitic
from kokemus.comments.personal.name_weights import is_common_word, weight_of
from kokemus.comments.personal.name_words import (
    BRANDS,
    DESERVES,
    OF_A_PERSON,
    PERSON_VERB,
    PRONOUNS,
    SURELY_A_PERSON,
    WORDS_ELSEWHERE,
    cue_of,
)
from kokemus.comments.personal.spans import PersonalSpan

CAPITALS = "A-ZÀ-ÖØ-ÞŠŽĄĆČĐĘĞİŁŃŘŚŞŹŻ"
_CAPITAL_WORD = re.compile(
    rf"(?<![\w@./-])(?:[{CAPITALS}]['’])?[{CAPITALS}][^\W\d_]*(?:-(?!nimi)[^\W\d_]+|['’:][a-zåäö]+)*"
)
_INITIAL_BEFORE = re.compile(rf"(?<!\w)(?:[{CAPITALS}](?:\.\s?|\s)){{1,2}}$")
_INITIAL_AFTER = re.compile(rf"\s[{CAPITALS}](?:\.(?=[\s,!?]|$)|(?!\w))(?!\s?\d)")
_LETTER = re.compile(r"[^\W\d_]")
_BEFORE = 32
_NEEDED = 3


class NameReading(NamedTuple):
    """What one word says about being a name, whatever stands around it."""

    first: int
    last: int
    points: int
    is_word: bool
    is_place: bool
    case: str


class _Candidate(NamedTuple):
    start: int
    end: int
    word: str
    reading: NameReading


NOT_A_NAME = NameReading(0, 0, 0, False, False, "")


def find_names(text: str) -> Iterator[PersonalSpan]:
    """Find first names and surnames; a first name and its surname are one span."""
    candidates = [
        _Candidate(*match.span(), match.group(), read_name(match.group().lower()))
        for match in _CAPITAL_WORD.finditer(text)
    ]
    if candidates:
        is_titled = _is_title_case(text, len(candidates))
        for group in _neighbours(text, candidates):
            yield from _names_of_group(text, group, is_titled=is_titled)


@lru_cache(maxsize=65_536)
def read_name(word: str) -> NameReading:
    """Read one word in lower case as a name; hyphenated names by their parts."""
    reading = _read_simple(word)
    if reading.points < 1 and "-" in word:
        head, _, tail = word.rpartition("-")
        parts = [_read_simple(part) for part in (*head.split("-"), tail)]
        if all(part.points or part.first or part.last for part in parts):
            return max(parts, key=lambda part: part.points)
    return reading


def _read_simple(word: str) -> NameReading:
    if word in PRONOUNS:
        return NOT_A_NAME
    readings = []
    bases = base_forms(word)
    is_word = any(is_common_word(form) for form in (word, *without_clitic(word)))
    is_place = any(weight_of(base).is_place for base in bases)
    if max(weight_of(word)[:2]) >= 10:  # a common name is not read as a form of a rarer one
        bases = (word,)
    for base in bases:
        weight = weight_of(base)
        if not (weight.first or weight.last) or (base != word and len(base) < 3):
            continue
        case = ending_of(word, base)
        if case and max(weight.first - 5, weight.last - 6) < 0:
            continue
        is_inflected = case and base in WORDS_ELSEWHERE
        plain = not is_inflected and (is_word or is_common_word(base))
        points = max(
            _first_points(weight.first, is_word=plain),
            _last_points(base, weight.last, is_word=plain),
        )
        if case and is_word and not is_inflected:
            points = min(points, int(weight.first >= 10))
        if is_place and weight.first < 12:
            points -= 1 if case == "to" and weight.last >= 12 else 2
        if case == "many":
            points -= 2
        points -= 2 if base in BRANDS else 0
        reading = NameReading(weight.first, weight.last, points, plain, is_place, case)
        readings.append(reading)
    return max(readings, key=lambda each: (each.points, each.first + each.last), default=NOT_A_NAME)


def _first_points(level: int, *, is_word: bool) -> int:
    if is_word:
        return 2 if level >= 10 else int(level >= 2)
    return 3 if level >= 9 else 2 if level >= 6 else int(level > 0)


def _last_points(base: str, level: int, *, is_word: bool) -> int:
    if is_word:
        return int(level >= 8)
    if base.endswith("nen") and level >= 7:
        return 3
    return 3 if level >= 11 else 2 if level >= 8 else int(level >= 5)


def _is_title_case(text: str, capitals: int) -> bool:
    """Whether so many words have a capital letter that it says nothing."""
    words = len(text.split())
    return words >= 4 and capitals > 0.6 * words


def _neighbours(text: str, candidates: list[_Candidate]) -> Iterator[list[_Candidate]]:
    """Capitalised words with only one space, or a line's end, between them."""
    group = [candidates[0]]
    for candidate in candidates[1:]:
        between = text[group[-1].end : candidate.start]
        if between == " " or re.fullmatch(rf"\s[{CAPITALS}]\.? ", between):
            group.append(candidate)
        else:
            yield group
            group = [candidate]
    yield group


def _names_of_group(
    text: str, group: list[_Candidate], *, is_titled: bool
) -> Iterator[PersonalSpan]:
    accepted = [
        _points(text, group, index, is_titled=is_titled) >= _NEEDED for index in range(len(group))
    ]
    for index in range(1, len(group)):
        if accepted[index - 1] and _may_be_surname(group[index - 1], group[index]):
            accepted[index] = True
        if accepted[index] and _may_be_first_name(group[index - 1], group[index]):
            accepted[index - 1] = True
    index = 0
    while index < len(group):
        if not accepted[index]:
            index += 1
            continue
        first = index
        while index + 1 < len(group) and accepted[index + 1]:
            index += 1
        yield _with_initials(text, group[first].start, group[index].end)
        index += 1


def _points(text: str, group: list[_Candidate], index: int, *, is_titled: bool) -> int:
    start, end, word, reading = group[index]
    before = text[max(0, start - _BEFORE) : start]
    points = reading.points
    told = _points_before(text, before, reading, word) if index == 0 or reading.points else 0
    if not points and not reading.first and not reading.last:
        return told if told >= _NEEDED else 0
    is_shouted = word.isupper() and len(word) > 1
    if is_shouted and len(word) < 5 and not told:
        points -= 1
    if is_shouted and reading.case:
        points -= 1
    if not is_titled and not is_shouted and not _begins_sentence(text, start):
        points += 1
    points += told + _points_of_neighbours(group, index)
    points += _points_after(text, end, reading)
    if (
        index == len(group) - 1
        and _is_signature(text, group[0].start, end)
        and reading.first
        and not reading.case
    ):
        points += 2
    return points


def _points_before(text: str, before: str, reading: NameReading, word: str) -> int:
    if not before or before[-1] not in " \n":
        return 0
    cue = cue_of(before)
    if cue == "sure":
        is_short_form = word.isupper() and len(word) > 1 and not (reading.first or reading.last)
        is_likely = not is_short_form and not is_common_word(word.lower()) and not reading.is_place
        return 3 if is_likely or reading.first >= 6 else 1
    if cue == "occupation":
        return 2
    if cue == "determiner" and reading.is_word:
        return -2
    return int(cue == "thanks" and not reading.is_place)


def _begins_sentence(text: str, start: int) -> bool:
    """Whether a capital letter says nothing here: after a stop, a bullet, a quote, an emoji."""
    for index in range(start - 1, -1, -1):
        character = text[index]
        if character == "\n":
            return True
        if character == "-":
            return index == 0 or text[index - 1].isspace()
        if not character.isspace():
            return not (character.isalnum() or character in ",%€&/'")
    return True


def _points_after(text: str, end: int, reading: NameReading) -> int:
    if SURELY_A_PERSON.match(text, end) or (reading.first and DESERVES.match(text, end)):
        return 2
    if PERSON_VERB.match(text, end):
        return 1
    return int(reading.case == "genitive" and bool(OF_A_PERSON.match(text, end)))


def _points_of_neighbours(group: list[_Candidate], index: int) -> int:
    """A first name beside a surname; in Finnish only the last of them is inflected."""
    here = group[index].reading
    for before, after in ((index - 1, index), (index, index + 1)):
        if before < 0 or after >= len(group):
            continue
        first, second = group[before].reading, group[after].reading
        if first.case or not (first.first >= 5 or first.last >= 7):
            continue
        if first.is_word and len(group[before].word) < 4 and first.first < 9:
            continue
        if (first.first >= 5 and second.last >= 5) or (second.first >= 7 and here.points > 0):
            return 2
    return 0


def _may_be_surname(first: _Candidate, second: _Candidate) -> bool:
    """An unknown capitalised word after a first name belongs to it."""
    if not first.reading.first or first.reading.case or second.word.isupper():
        return False
    if second.reading.last >= (10 if second.reading.is_place else 8):
        return True
    if second.reading.first or second.reading.last:
        return second.reading.points >= 0 and not is_common_word(second.word.lower())
    bases = base_forms(second.word.lower())
    return len(second.word) > 2 and not any(
        is_common_word(base) or weight_of(base).is_place or base in BRANDS for base in bases
    )


def _may_be_first_name(first: _Candidate, second: _Candidate) -> bool:
    """A first name that is a word or a brand too ("Elisa") belongs to the surname after it."""
    return first.reading.first >= 8 and not first.reading.case and second.reading.last >= 8


def _is_signature(text: str, start: int, end: int) -> bool:
    """The last words of a comment, alone on their line or after its last sentence."""
    if not start or text[end : end + 3].strip(" \n.!") or text[end:].strip(" \n.!"):
        return False
    between = text[len(text[:start].rstrip(" \n-")) : start]
    return "\n" in between or " -" in between or text[start - 2 : start - 1] in ".!?…),"


def _with_initials(text: str, start: int, end: int) -> PersonalSpan:
    if before := _INITIAL_BEFORE.search(text[max(0, start - 6) : start]):
        start -= len(before.group())
    if after := _INITIAL_AFTER.match(text, end):
        end = after.end()
    if text[end - 2 : end] == "'s":
        end -= 2
    return PersonalSpan(start, end, "name")
