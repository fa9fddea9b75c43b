"""Numbers that the authorities give: of persons and of businesses, in Finland and in Sweden.

A number counts only when its date exists and its check digit is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from kokemus.comments.personal.cues import cue_before, number_cue
from kokemus.comments.personal.spans import PersonalSpan

_MARKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_CENTURIES = {"+": 1800, **dict.fromkeys("-YXWVU", 1900), **dict.fromkeys("ABCDEF", 2000)}
_GAP = r"[\s.]{0,2}"
_SPACED = r"\s{0,3}"

_FINNISH = re.compile(
    rf"(?<!\d)(?P<day>\d\s?\d){_GAP}(?P<month>\d\s?\d){_GAP}(?P<century>19|20|18)?(?P<year>\d\s?\d)"
    rf"{_SPACED}(?P<sign>[-+YXWVUA-F]){_SPACED}(?P<serial>\d\s?\d\s?\d){_SPACED}"
    r"(?P<mark>[0-9A-FHJ-NPR-Y])(?!\d)",
    re.IGNORECASE,
)
_FINNISH_UNSIGNED = re.compile(
    r"(?<![\w])(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d\d) ?(?P<serial>\d{3})"
    r"(?P<mark>[A-FHJ-NPR-Y])(?!\w)",
    re.IGNORECASE,
)
_SWEDISH = re.compile(
    rf"(?<![\d+])(?:(?P<century>1[89]|20)\s?)?(?P<year>\d\s?\d){_GAP}(?P<month>\d\s?\d){_GAP}"
    r"(?P<day>\d\s?\d)"
    rf"(?P<sign>{_SPACED}[-+]{_SPACED}|{_SPACED})(?P<serial>\d\s?\d\s?\d\s?\d)(?!\d)"
)
_SWEDISH_CUE = ("personn", "pnr", "samordn", "ruots", "swed", "svensk", "sverige")
_FINNISH_CUE = ("hetu", "henkilötun", "personbeteck", "identity code", "finn", "finsk", "sotu")

_BUSINESS = re.compile(r"(?<![\d-])(?P<digits>\d{7})\s{0,2}-\s{0,2}(?P<check>\d)(?!\d|-\d)")
_BUSINESS_VAT = re.compile(r"(?<![A-Za-z])FI[ -]?(?P<digits>\d{7})[ -]?(?P<check>\d)(?!\d)", re.I)
_BUSINESS_BARE = re.compile(r"(?<![\w-])(?P<digits>\d{7})\s?(?P<check>\d)(?!\w|\s{0,3}[+-])")
_BUSINESS_CUE = ("y-tunnu", "ytunnu", "y tunnu", "yritystunnu", "business", "fo-n", "vat", "alv")
_BUSINESS_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)
_ORGANISATION = re.compile(
    rf"(?<!\d)(?:SE{_SPACED})?(?:16)?(?P<head>[1-9]\d[2-9]\d\d\d){_SPACED}"
    rf"(?P<sign>-?){_SPACED}(?P<tail>\d{{4}})(?:{_SPACED}01)?(?!\d)",
    re.I,
)
_ORGANISATION_CUE = ("org", "moms", "vat", "företag", "bolag")


def find_personal_ids(text: str, *, language: str) -> Iterator[PersonalSpan]:
    """Find Finnish personal identity codes and Swedish personal and coordination numbers."""
    for pattern in (_FINNISH, _FINNISH_UNSIGNED):
        for match in pattern.finditer(text):
            if _is_finnish(match):
                yield PersonalSpan(*match.span(), "personal_id")
    for match in _SWEDISH.finditer(text):
        is_bare = not match["century"] and "-" not in match["sign"] and "+" not in match["sign"]
        if is_bare and number_cue(text, match.start()) == "code":
            continue
        if _is_swedish(match) and not _is_taken_for_finnish(text, match, language):
            yield PersonalSpan(*match.span(), "personal_id")


def find_business_ids(text: str) -> Iterator[PersonalSpan]:
    """Find Finnish business ids (and VAT numbers) and Swedish organisation numbers."""
    for pattern in (_BUSINESS, _BUSINESS_VAT):
        for match in pattern.finditer(text):
            if _is_business_id(match):
                yield PersonalSpan(*match.span(), "business_id")
    for match in _BUSINESS_BARE.finditer(text):
        if _is_business_id(match) and cue_before(text, match.start(), _BUSINESS_CUE):
            yield PersonalSpan(*match.span(), "business_id")
    for match in _ORGANISATION.finditer(text):
        if _is_organisation(text, match):
            yield PersonalSpan(*match.span(), "business_id")


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit that Luhn's formula gives."""
    doubled = ("0", "2", "4", "6", "8", "1", "3", "5", "7", "9")
    total = sum(int(digit) for digit in digits[-1::-2])
    return (total + sum(int(doubled[int(digit)]) for digit in digits[-2::-2])) % 10 == 0


def _digits(match: re.Match[str], *groups: str) -> str:
    return "".join("".join((match[group] or "").split()) for group in groups)


def _is_finnish(match: re.Match[str]) -> bool:
    day, month, year = (_digits(match, group) for group in ("day", "month", "year"))
    serial, parts = _digits(match, "serial"), match.groupdict()
    if _MARKS[int(day + month + year + serial) % 31] != match["mark"].upper():
        return False
    centuries = {1900, 2000}
    if "sign" in parts:
        centuries = {_CENTURIES[match["sign"].upper()]}
        if parts["century"] and int(parts["century"]) * 100 not in centuries:
            return False
    return any(_is_date(century + int(year), int(month), int(day)) for century in centuries)


def _is_swedish(match: re.Match[str]) -> bool:
    year, month = int(_digits(match, "year")), int(_digits(match, "month"))
    day = int(_digits(match, "day"))
    if not passes_luhn(_digits(match, "year", "month", "day", "serial")):
        return False
    if not match["century"] and re.search(r"\s", match.group()) and "-" not in match["sign"]:
        return False
    day -= 60 if day > 60 else 0
    centuries = [int(match["century"])] if match["century"] else [19, 20]
    return any(_is_date(century * 100 + year, month, day) for century in centuries)


def _is_taken_for_finnish(text: str, match: re.Match[str], language: str) -> bool:
    """A Swedish number that would also be a Finnish code, were its mark another.

    Its kind must be told by the words before it, or by the language, so that a mistyped Finnish
    code is not taken for a Swedish number whose check digit happens to be right.
    """
    day, month = int(_digits(match, "year")), int(_digits(match, "month"))
    year = int(_digits(match, "day"))
    if match["century"] or not any(_is_date(c + year, month, day) for c in (1900, 2000)):
        return False
    if cue_before(text, match.start(), _FINNISH_CUE):
        return True
    if language == "sv" and "+" not in match["sign"] and int(_digits(match, "day")) < 60:
        return False
    return not cue_before(text, match.start(), _SWEDISH_CUE)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_business_id(match: re.Match[str]) -> bool:
    total = sum(
        int(digit) * weight
        for digit, weight in zip(match["digits"], _BUSINESS_WEIGHTS, strict=True)
    )
    remainder = total % 11
    return remainder != 1 and int(match["check"]) == (11 - remainder) % 11 and total > 0


def _is_organisation(text: str, match: re.Match[str]) -> bool:
    if not passes_luhn(match["head"] + match["tail"]):
        return False
    told = match.group()[:2].upper() == "SE" or bool(match["sign"])
    return told or cue_before(text, match.start(), _ORGANISATION_CUE)
