"""Cut a comment into statements: one comment may praise and blame."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from kokemus.comments.tokens import EMOJI, Span


def split_statements(text: str, *, language: str) -> list[Span]:
    """Cut at ends of sentences, lines, list items and where the writer turns to the contrary.

    Points of abbreviations, times, dates and decimal numbers end nothing. The spans hold a
    letter, digit or emoji each, have no white space at their ends, and stand in order.

    >>> text = "Nopea toimitus, mutta paketti oli rikki. Kiitos avusta klo 10.30!"
    >>> [text[start:end] for start, end in split_statements(text, language="fi")]
    ['Nopea toimitus,', 'mutta paketti oli rikki.', 'Kiitos avusta klo 10.30!']
    """
    breaks = chain(_ends(text), _list_marks(text), _contrasts(text, language))
    spans: list[Span] = []
    start = 0
    for stop, resume in [*sorted(breaks), _Break(len(text), len(text))]:
        if stop > start:
            span = _trim(text, start, stop)
            if _WORD_OR_NUMBER.search(text, *span) or (_EMOJI.search(text, *span) and not spans):
                spans.append(span)
            elif spans and span.end > span.start:  # ")" or an emoji belongs to what it follows
                spans[-1] = Span(spans[-1].start, span.end)
        start = max(start, resume)
    return spans


class _Break(NamedTuple):
    """One statement stops, the next resumes; what is between belongs to none."""

    stop: int
    resume: int


_WORD_OR_NUMBER = re.compile(r"[^\W_]")
_EMOJI = re.compile(rf"{EMOJI}|[:;]-?[()D]")
_END = re.compile(
    r"(?P<line>\s*[\r\n\u2028]\s*(?:[-–—*•·+]\s+|\d{1,2}[.)]\s+)?)"
    r"|(?P<item>\s+[-–—•]\s+|\s*[•;]\s+)"
    r"|(?P<point>[.!?…]+[\"'”’»)\]]*)"
    rf"|(?P<emoji>(?:(?:{EMOJI})\s*)+)"
)


def _ends(text: str) -> Iterator[_Break]:
    for match in _END.finditer(text):
        if match.lastgroup == "point":
            if _ends_sentence(text, match):
                yield _Break(match.end(), match.end())
        elif match.lastgroup == "emoji":
            if _WORD.search(text, 0, match.start()):
                yield _Break(match.end(), match.end())
        else:
            yield _Break(*match.span())


# What stands before these is not over: more of the same sentence must follow.
_LEAD_ON = (
    "esim ks ns klo tel puh vrt ao os puhnro nro n noin terv"
    " t.ex tex bl.a bla ca kl tfn resp s.k sk d.v.s dvs fr.o.m"
    " e.g eg i.e ie vs approx no mr mrs ms dr st p"
)
_LEADS_ON = frozenset(_LEAD_ON.split())
# These may stand anywhere; a capital letter after them begins a sentence.
_STAND_ANYWHERE = (
    "ym yms mm kpl jne tms ts huom alv sis min max eur kk vko mrd milj s h"
    " m.m osv o.s.v t.o.m inkl exkl f.d kr tim mån obs ev"
    " etc incl a.m p.m jr sr inc ltd co hr hrs"
)
_ABBREVIATIONS = _LEADS_ON | frozenset(_STAND_ANYWHERE.split())
_LAST_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*$")
_SHORT_PARTS = re.compile(r"\d{1,2}(?:\.\d{1,2})?|[^\W\d_]{1,2}(?:\.[^\W\d_]{1,2})+")
_FIRST_LETTER = re.compile(r"[\s\"'“”’»(\[]*([^\W_])")


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    marks = match.group().rstrip("\"'”’»)]")
    first = _FIRST_LETTER.match(text, match.end())
    begins_anew = first is not None and first[1].isupper()
    is_apart = text[match.end() : match.end() + 1].isspace()
    if marks != ".":
        return is_apart or first is not None
    if not is_apart:
        return match.end() == len(text) or _lacks_space(text, match)
    word = _LAST_WORD.search(text, max(0, match.start() - 24), match.start())
    before = word.group().lower() if word else ""
    if word and len(before) == 1 and (word.group().isupper() or before == "t"):
        return first is None  # an initial, or "t." before who signs
    if before in _ABBREVIATIONS:
        return before not in _LEADS_ON and begins_anew
    if _SHORT_PARTS.fullmatch(before):  # "3. kerros", "1.6. alkaen", "U.S. team" go on
        return first is None or begins_anew
    return True


def _lacks_space(text: str, match: re.Match[str]) -> bool:
    """Tell "hyvä.Mutta" from "kokemus.fi", "10.30" and "t.ex."."""
    before = text[match.start() - 1 : match.start()]
    after = text[match.end() : match.end() + 2]
    return before.islower() and len(after) == 2 and after[0].isupper() and after[1].islower()


_FIRST_MARK = re.compile(r"(?:^|[:.]\s)\s*1[.)]\s+")


def _list_marks(text: str) -> Iterator[_Break]:
    """Find "1. ... 2. ..." on one line: numbers in their order are marks, others are not."""
    match = _FIRST_MARK.search(text)
    number = 1
    while match:
        yield _Break(match.start(), match.end())
        number += 1
        match = re.compile(rf"\s{number}[.)]\s+").search(text, match.end())


# Turn the sentence wherever they stand.
_TURNS = {
    "fi": r"mutta|muttei|kun taas|toisaalta|sen sijaan|sitä vastoin",
    "sv": r"men|däremot|å andra sidan",
    "en": r"but|however|although|even though|whereas|on the other hand",
    "": r"mutta|but",
}
# Turn it when a comma stands before them.
_TURNS_AFTER_COMMA = {
    "fi": r"vaikka(?:kin|kaan)?|kuitenkin|silti|tosin|vaan|paitsi|ainoastaan|harmi|valitettavasti"
    r"|ain(?:oa|ut) (?:miinus|huono)",
    "sv": r"fast|fastän|trots att|dock|emellertid|medan|ändå|förutom|tyvärr",
    "en": r"though|yet|nevertheless|nonetheless|except|unfortunately|while|still",
    "": r"men|vaikka|though",
}


def _compile_turn(language: str) -> re.Pattern[str]:
    anywhere, after_comma = _TURNS[language], _TURNS_AFTER_COMMA[language]
    pattern = rf"[,:–—]\s*(?=(?:{anywhere}|{after_comma})\b)|\s(?=(?:{anywhere})\b)"
    return re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE)


_TURN = {language: _compile_turn(language) for language in _TURNS}
_WORD = re.compile(r"[^\W\d_]+")


def _contrasts(text: str, language: str) -> Iterator[_Break]:
    for match in _TURN.get(language, _TURN[""]).finditer(text):
        # A contrast needs something on both its sides to be one.
        if _WORD.search(text, 0, match.start()):
            yield _Break(match.end(), match.end())


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
