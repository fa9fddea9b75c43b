"""Ways to reach a person: telephone numbers and e-mail addresses.

Whether a telephone number exists is the judgement of ``phonenumbers``, which is slow: it is asked
only about digits that begin as a number does or follow a word such as "puhelin".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kokemus.comments.personal.cues import number_cue
from kokemus.comments.personal.spans import PersonalSpan

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w][\w.+'-]*\s{0,2}(?:@|[(\[{]\s?(?:at|ät|a|miukumauku|snabel-?a)\s?[)\]}])"
    r"\s{0,2}[^\W_][\w-]*"
    r"(?:\s?(?:\.|[(\[{]\s?(?:dot|piste|punkt)\s?[)\]}])\s?"
    r"(?:fi|se|com|net|org|eu|info|io|no|dk|ee|de|ax|uk|name|me)\b|\.[\w-]*\w)*",
    re.IGNORECASE,
)
_EMAIL_WORDS = re.compile(
    r"(?<![\w.+-])[\w][\w.+-]* (?:at|ät) [\w-]+ ?(?:\.| piste | dot | punkt )"
    r" ?(?:fi|se|com|net|org|eu|info|io)\b",
    re.IGNORECASE,
)

_RUN = re.compile(r"(?<![\w])(?:\+\s?)?\(?\+?\d(?:(?:[ \t\n\-./()]{0,3}|\s?-\s?)\d){5,}")
_GROUP = re.compile(r"\d+")
_DIGITS_MAX = 15
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_OTHER_SHAPES = re.compile(
    r"(?<![\d+])(?<![\d+][-./])(?:"
    r"(?:\d{4}[\s-]{1,3}){3}\d{1,4}(?:[ -]\d{1,4})*"  # a card
    r"|\d{7}\s{0,2}-\s{0,2}\d"  # a business id
    # an identity code
    rf"|(?:[0-3]\d[01]\d{{3}}|\d\d[01]\d{{3}})\s{{0,3}}[-+]\s{{0,3}}\d{{3,4}}"
    rf"|{_DAY}\s?[./-]\s?{_MONTH}\s?[./-]\s?(?:19|20)?\d\d(?:\s\d{{1,2}}[.]\d\d)?"  # a date
    rf"|(?:19|20)\d\d[-./]{_MONTH}[-./]{_DAY}"
    r"|[0-2]?\d[.][0-5]\d\s?-\s?[0-2]?\d[.][0-5]\d"  # hours
    rf"|{_DAY}\.(?:{_MONTH}\.?)?\s?-\s?{_DAY}\.{_MONTH}\.?(?:(?:19|20)?\d\d)?"  # days from and to
    r"|\d{1,3}(?:[ .]\d{3})*\.\d\d"  # a sum
    r")(?!\d|[-./]\d)"
)
_NOT_AFTER = re.compile(
    r"[A-Za-z]\d|\s?(?:€|eur|e\b|kr\b|sek\b|%|kpl|st\b|kg|g\b|km|[,:]\d)", re.IGNORECASE
)
_REGIONS = ("FI", "SE")


def find_emails(text: str) -> Iterator[PersonalSpan]:
    """Find e-mail addresses, also those with "(at)" or a space within."""
    for match in _EMAIL.finditer(text):
        yield PersonalSpan(*match.span(), "email")
    for match in _EMAIL_WORDS.finditer(text):
        yield PersonalSpan(*match.span(), "email")


def find_phones(text: str) -> Iterator[PersonalSpan]:
    """Find telephone numbers of Finland and Sweden, and of the world when they begin with +."""
    if not _RUN.search(text):
        return
    plain = _OTHER_SHAPES.sub(_blanked, text)
    for run in _RUN.finditer(plain):
        groups = [group.span() for group in _GROUP.finditer(plain, *run.span())]
        end = 0
        for index, (group_start, _) in enumerate(groups):
            start = _with_plus(plain, group_start)
            if start >= end and (found := _phone_end(plain, start, groups[index:])):
                end = found
                written = text[start:end]
                opening = written[0] == "(" and written.count("(") > written.count(")")
                yield PersonalSpan(start + opening, end, "phone")


def _blanked(match: re.Match[str]) -> str:
    """Put what has the shape of another code out of the way, unless it is called a telephone."""
    digits = sum(character.isdigit() for character in match.group())
    if digits < 12 and number_cue(match.string, match.start()) == "telephone":
        return match.group()
    return "_" * len(match.group())


def _with_plus(text: str, start: int) -> int:
    before = re.search(r"(?:\+\s?\(?|\(\+?)$", text[max(0, start - 3) : start])
    return start - len(before.group()) if before else start


def _phone_end(text: str, start: int, groups: list[tuple[int, int]]) -> int:
    """Where the longest telephone number ends that begins here, or 0 when none does."""
    cue = number_cue(text, start)
    if groups[0][1] - groups[0][0] == 1 and not _is_digit_by_digit(groups, text[start]):
        return 0
    digits, ends = "", []
    for group_start, group_end in groups:
        digits += text[group_start:group_end]
        if len(digits) > _DIGITS_MAX:
            break
        ends.append((group_end, digits))
    for end, number in reversed(ends):
        if len(number) < 7 or _NOT_AFTER.match(text, end):
            continue
        written = text[start:end]
        plus = written.startswith(("+", "(+")) or number.startswith("00")
        if cue == "code" and "+" not in written:
            continue
        if _is_phone(number, is_international=plus, has_cue=cue == "telephone"):
            return end
    return 0


def _is_digit_by_digit(groups: list[tuple[int, int]], first: str) -> bool:
    """Whether a single digit begins a number: "+3 58 ..." or "0 4 0 1 2 3 ..."."""
    return first in "+(" or all(end - start < 3 for start, end in groups[:8])


@lru_cache(maxsize=4096)
def _is_phone(digits: str, *, is_international: bool, has_cue: bool) -> bool:
    if is_international:
        return _is_valid("+" + digits.removeprefix("00"), "ZZ")
    if digits.startswith("0"):
        return any(_is_valid(digits, region) for region in _REGIONS)
    if digits.startswith(("358", "46")) and len(digits) >= 11 and _is_valid("+" + digits, "ZZ"):
        return True
    return has_cue and len(digits) >= 7 and any(_is_valid(digits, region) for region in _REGIONS)


def _is_valid(number: str, region: str) -> bool:
    import phonenumbers  # a quarter of a second, and many comments have no digits

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False
