"""A comment as it is shown: its statements, and in them the words that drove how it was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext

SENTIMENT, THEME = "sentiment", "theme:"
# Words that weigh less than this part of the heaviest one drove nothing by themselves.
WEIGHT_MIN = 0.4


@dataclass(frozen=True)
class Piece:
    """Neighbouring characters that are marked alike; `why` is empty for plain text."""

    text: str
    why: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Statement:
    """A part of a comment with a sentiment of its own; no label where the comment has one part."""

    pieces: tuple[Piece, ...]
    label: str = ""
    is_unsure: bool = False


def mark_text(
    text: str, shown: Mapping[str, Any], *, theme_names: Mapping[str, str]
) -> list[Statement]:
    """Cut a comment into its statements, each with its marked words.

    `shown` holds "statements" and "evidence", in characters of `text`.
    """
    found = [one for one in shown.get("evidence", []) if _is_known(one, theme_names)]
    least = WEIGHT_MIN * max((abs(one.get("weight", 0)) for one in found if _feels(one)), default=0)
    evidence = [
        _Mark(**_span(one), why=_explain(one, theme_names), tone=_tone(one))
        for one in found
        if not _feels(one) or abs(one.get("weight", 0)) >= least
    ]
    parts = _parts(text, shown.get("statements", []))
    return [
        Statement(
            tuple(_cut(text, start, end, evidence)),
            label=part.get("label", "") if len(parts) > 1 else "",
            is_unsure=bool(part.get("is_unsure")),
        )
        for start, end, part in parts
    ]


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    why: str
    tone: str


def _parts(
    text: str, statements: Sequence[Mapping[str, Any]]
) -> list[tuple[int, int, Mapping[str, Any]]]:
    """Statements with the blanks between them, so that together they are the whole text."""
    ordered = sorted(
        (one for one in statements if 0 <= one["start"] < one["end"] <= len(text)),
        key=lambda one: int(one["start"]),
    )
    if not ordered:
        return [(0, len(text), {})]
    starts = [0, *(int(one["start"]) for one in ordered[1:])]
    ends = [*starts[1:], len(text)]
    return list(zip(starts, ends, ordered, strict=True))


def _cut(text: str, start: int, end: int, marks: Sequence[_Mark]) -> Iterator[Piece]:
    here = [mark for mark in marks if mark.start < end and mark.end > start]
    edges = {start, end}
    for mark in here:
        edges |= {max(mark.start, start), min(mark.end, end)}
    ordered = sorted(edges)
    for left, right in pairwise(ordered):
        over = [mark for mark in here if mark.start < right and mark.end > left]
        reasons = dict.fromkeys(mark.why for mark in over)
        # How it feels is drawn before what it is about, where a word drove both.
        tone = min((mark.tone for mark in over), key=_TONES.index, default="")
        yield Piece(text[left:right], "; ".join(reasons), tone)


_TONES = ("bad", "good", "theme")


def _span(one: Mapping[str, Any]) -> dict[str, int]:
    return {"start": int(one["start"]), "end": int(one["end"])}


def _feels(one: Mapping[str, Any]) -> bool:
    return str(one["kind"]) == SENTIMENT


def _is_known(one: Mapping[str, Any], theme_names: Mapping[str, str]) -> bool:
    kind = str(one["kind"])
    return kind == SENTIMENT or kind.removeprefix(THEME) in theme_names


def _tone(one: Mapping[str, Any]) -> str:
    if one["kind"] != SENTIMENT:
        return "theme"
    return "good" if one.get("weight", 0) > 0 else "bad"


def _explain(one: Mapping[str, Any], theme_names: Mapping[str, str]) -> str:
    kind = str(one["kind"])
    if kind != SENTIMENT:
        name = theme_names.get(kind.removeprefix(THEME), "")
        return gettext("Speaks of: %(theme)s") % {"theme": name}
    if one.get("weight", 0) > 0:
        return gettext("Read as positive")
    return gettext("Read as negative")
