"""Where personal data stands in a text, and how findings that overlap become one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

KINDS = (
    "personal_id",
    "iban",
    "card",
    "business_id",
    "email",
    "phone",
    "plate",
    "address",
    "name",
)
"""Every kind of personal data, the surest first."""


class PersonalSpan(NamedTuple):
    """A stretch of a text (indices as Python counts them) and the kind of personal data it is."""

    start: int
    end: int
    kind: str


def merge_spans(spans: Iterable[PersonalSpan]) -> list[PersonalSpan]:
    """Sort spans and join those that overlap; the longest gives the kind, and nothing is lost."""
    merged: list[PersonalSpan] = []
    longest = 0
    for span in sorted(spans, key=lambda each: (each.start, KINDS.index(each.kind))):
        length = span.end - span.start
        if not merged or span.start >= merged[-1].end:
            merged.append(span)
            longest = length
            continue
        start, end, kind = merged[-1]
        if length > longest or (length == longest and KINDS.index(span.kind) < KINDS.index(kind)):
            kind, longest = span.kind, length
        merged[-1] = PersonalSpan(start, max(end, span.end), kind)
    return merged
