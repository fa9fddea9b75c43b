"""Find every kind of personal data in a comment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kokemus.comments.personal.accounts import find_cards, find_ibans, without_accounts
from kokemus.comments.personal.addresses import find_addresses
from kokemus.comments.personal.contacts import find_emails, find_phones
from kokemus.comments.personal.folding import HIDDEN, fold
from kokemus.comments.personal.given_names import GivenNames, ready_names
from kokemus.comments.personal.identity import find_business_ids, find_personal_ids
from kokemus.comments.personal.names import find_names
from kokemus.comments.personal.plates import find_plates
from kokemus.comments.personal.redaction import redact
from kokemus.comments.personal.small_names import find_small_names
from kokemus.comments.personal.spans import PersonalSpan, merge_spans

_DIGIT = re.compile(r"\d")
_TWO_DIGITS = re.compile(r"\d\D{0,3}\d")
_MAIL = re.compile(r"@|[(\[{]\s?(?:at|ät|a|miuku|snabel)|\b(?:at|ät)\b", re.IGNORECASE)


def find_personal_data(
    text: str, *, language: str = "", names: Sequence[str] | GivenNames = ()
) -> list[PersonalSpan]:
    """Return where personal data stands in a text: sorted spans that do not overlap.

    Parameters
    ----------
    text
        What somebody wrote. The spans are indices into it.
    language
        "fi", "sv" or "en" where known. Only what reads as two countries' codes depends on it.
    names
        Further names to hide (members, staff): always, in any inflected form, and in lower case.
        Whoever looks through many texts makes them ready once, as `GivenNames`.

    Redacting these spans leaves a text in which nothing is found.
    """
    given = ready_names(names)
    spans = _find_once(text, language=language, names=given)
    further = spans
    while further:
        hidden = redact(text, spans)
        further = _find_once(hidden, language=language, names=given)
        spans = merge_spans([*spans, *_places_before(spans, further)])
    return spans


def _find_once(text: str, *, language: str, names: GivenNames) -> list[PersonalSpan]:
    folded = fold(text)
    plain = folded.text
    found: list[PersonalSpan] = []
    if _TWO_DIGITS.search(plain):
        found += find_ibans(plain)
        others = without_accounts(plain)
        found += find_personal_ids(others, language=language)
        found += find_cards(others)
        found += find_business_ids(others)
        found += find_phones(others)
    if _DIGIT.search(plain):
        found += find_plates(plain)
        found += find_addresses(plain)
    if _MAIL.search(plain):
        found += find_emails(plain)
    found += find_names(plain)
    found += find_small_names(plain)
    if names:
        found += names.find(plain)
    merged = merge_spans(_shut(plain, found))
    return [PersonalSpan(*folded.place(start, end), kind) for start, end, kind in merged]


def _shut(text: str, spans: Iterable[PersonalSpan]) -> Iterator[PersonalSpan]:
    """Leave out the space around a finding, and whatever would read across a placeholder."""
    for start, end, kind in spans:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end and HIDDEN not in text[start:end]:
            yield PersonalSpan(start, end, kind)


def _places_before(
    spans: Sequence[PersonalSpan], further: Iterable[PersonalSpan]
) -> list[PersonalSpan]:
    """Where findings in a redacted text stand in the text before it was redacted."""
    return [
        PersonalSpan(_place_before(spans, start), _place_before(spans, end - 1) + 1, kind)
        for start, end, kind in further
    ]


def _place_before(spans: Sequence[PersonalSpan], position: int) -> int:
    shift = 0
    for start, end, kind in spans:
        grown = len(redact("", [PersonalSpan(0, 0, kind)])) - (end - start)
        if start + shift > position:
            break
        shift += grown
    return position - shift
