"""Numbers of bank accounts and of payment cards, by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kokemus.comments.personal.identity import passes_luhn
from kokemus.comments.personal.spans import PersonalSpan

_COUNTRIES_OF_LENGTH = {
    15: "NO",
    16: "BE",
    18: "DK FO FI GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ XK LT LU",
    21: "CR HR LV LI CH",
    22: "BH BG GE DE IE ME RS GB VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ MD PK RO SA SK ES SE TN VG DZ",
    25: "PT ST LY",
    26: "IS TR",
    27: "BI FR GR IT MC MR SM DJ",
    28: "AL AZ BY CY DO GT HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
_LENGTHS = {code: n for n, codes in _COUNTRIES_OF_LENGTH.items() for code in codes.split()}
_IBAN_START = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=IBAN))([A-Za-z]\s?[A-Za-z])[\s-]?\d\s?\d")
_SKIPPED = frozenset(" \t\n-./")
_GAP_MAX = 3

_RUN = re.compile(r"(?<![A-Za-z0-9])\d(?:[\s\-./]{0,3}\d){12,}(?![A-Za-z0-9])")
_GROUP = re.compile(r"\d+")
_CARD_LENGTHS = (
    (re.compile(r"4"), (16, 19, 13)),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|220[0-4]"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"30[0-5]|3[689]"), (14, 16, 19)),
    (re.compile(r"352[89]|35[3-8]"), (16, 19)),
    (re.compile(r"6011|64[4-9]|65|62"), (16, 19)),
    (re.compile(r"50(?:18|19|20|38)|5893|6304|6759|676[1-3]"), (16, 19, 18, 17, 15, 14, 13)),
)


def find_ibans(text: str) -> Iterator[PersonalSpan]:
    """Find account numbers whose country, length and remainder by 97 are right."""
    for match in _IBAN_START.finditer(text):
        length = _LENGTHS.get("".join(match[1].split()).upper())
        end = _end_of_code(text, match.start(), length) if length else 0
        if end and _passes_97(text[match.start() : end]):
            yield PersonalSpan(match.start(), end, "iban")


def find_cards(text: str) -> Iterator[PersonalSpan]:
    """Find numbers that a card could have: a known beginning, a length, Luhn's check digit."""
    for run in _RUN.finditer(text):
        groups = [group.span() for group in _GROUP.finditer(text, *run.span())]
        end = 0
        for index, (start, _) in enumerate(groups):
            if start >= end and (found := _card_end(text, groups[index:])):
                end = found
                yield PersonalSpan(start, end, "card")


def _end_of_code(text: str, start: int, length: int) -> int:
    """Where the code ends that has so many letters and digits, or 0 when there is none."""
    count = gap = 0
    for index in range(start, len(text)):
        character = text[index]
        if character.isascii() and character.isalnum():
            count, gap = count + 1, 0
            if count == length:
                after = text[index + 1 : index + 2]
                return 0 if after.isascii() and after.isdigit() else index + 1
        elif character in _SKIPPED and gap < _GAP_MAX:
            gap += 1
        else:
            return 0
    return 0


def _passes_97(code: str) -> bool:
    plain = "".join(character for character in code if character.isalnum()).upper()
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


def _card_end(text: str, groups: list[tuple[int, int]]) -> int:
    digits = ""
    ends = {}
    for start, end in groups:
        digits += text[start:end]
        ends[len(digits)] = end
    for beginning, lengths in _CARD_LENGTHS:
        if beginning.match(digits):
            for length in lengths:
                if length in ends and passes_luhn(digits[:length]):
                    return ends[length]
    return 0
