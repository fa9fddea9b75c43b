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
_COUNTRY = "|".join(_LENGTHS)
_IBAN_START = re.compile(
    rf"(?:(?<![A-Za-z0-9])|(?<=IBAN))(?:({_COUNTRY})\s?|({_COUNTRY.lower()}))\d\s?\d"
)
_DIGITS_ALONE = frozenset(re.findall("..", "FISENODKDEEELTATBEESPTISPLHUCZSKHRSI"))
_SKIPPED = frozenset(" \t\n-./")
_GAP_MAX = 3

_RUN = re.compile(r"(?<![A-Za-z0-9])\d(?:[\s\-./]{0,3}\d){12,}(?![A-Za-z0-9])")
_GROUP = re.compile(r"\d+")
_CARD_LENGTHS = (
    (re.compile(r"4"), (19, 16, 13)),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|220[0-4]"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"30[0-5]|3[689]"), (19, 16, 14)),
    (re.compile(r"352[89]|35[3-8]"), (19, 16)),
    (re.compile(r"6011|64[4-9]|65|62"), (19, 16)),
    (re.compile(r"50(?:18|19|20|38)|5893|6304|6759|676[1-3]"), (19, 18, 17, 16, 15, 14, 13)),
)


def find_ibans(text: str) -> Iterator[PersonalSpan]:
    """Find account numbers whose country, length and remainder by 97 are right."""
    for match in _IBAN_START.finditer(text):
        country = (match[1] or match[2]).upper()
        end = _end_of_code(text, match.start(), _LENGTHS[country])
        if end and _is_account(text[match.start() : end], country):
            yield PersonalSpan(match.start(), end, "iban")


def without_accounts(text: str) -> str:
    """The text with what looks like an account number, right or wrong, put out of the way.

    Nothing else is sought within one: twelve digits of it may pass for something else by chance.
    """
    for match in _IBAN_START.finditer(text):
        country = (match[1] or match[2]).upper()
        if end := _end_of_code(text, match.start(), _LENGTHS[country]):
            text = text[: match.start()] + "_" * (end - match.start()) + text[end:]
    return text


def find_cards(text: str) -> Iterator[PersonalSpan]:
    """Find numbers that a card could have: a known beginning, a length, Luhn's check digit."""
    for run in _RUN.finditer(text):
        groups = [group.span() for group in _GROUP.finditer(text, *run.span())]
        end = 0
        for index, (start, _) in enumerate(groups):
            if index and _is_one_code(text, groups):
                break
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


def _is_account(code: str, country: str) -> bool:
    plain = "".join(character for character in code if character.isalnum())
    if not (plain.isupper() or plain.islower()):
        return False
    if country in _DIGITS_ALONE and not plain[2:].isdigit():
        return False
    plain = plain.upper()
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


def _is_one_code(text: str, groups: list[tuple[int, int]]) -> bool:
    """Whether dashes hold all the groups together, so that none stands by itself."""
    return text[groups[0][0] : groups[-1][0]].count("-") == len(groups) - 1


def _card_end(text: str, groups: list[tuple[int, int]]) -> int:
    digits = ""
    ends: dict[int, int] = {}
    for start, end in groups:
        digits += text[start:end]
        ends[len(digits)] = end
    if _is_one_code(text, groups):
        ends = {len(digits): ends[len(digits)]}
    for beginning, lengths in _CARD_LENGTHS:
        if beginning.match(digits):
            for length in lengths:
                if length in ends and passes_luhn(digits[:length]):
                    return ends[length]
    return 0
