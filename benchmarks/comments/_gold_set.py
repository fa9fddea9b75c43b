"""The gold set (`tests/reference/comments`) for benchmarks, and how shares are printed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kokemus.measure.intervals import wilson_interval

PLACE = Path(__file__).parents[2] / "tests" / "reference" / "comments"
LANGUAGES = ("fi", "sv", "en")
NAMES = {"fi": "Finnish", "sv": "Swedish", "en": "English"}
LABELS = ("negative", "neutral", "positive")
HALVES = ("odd", "even")


@dataclass(frozen=True)
class GoldComment:
    """A comment of the set with what a careful reader finds in it."""

    id: int
    language: str
    text: str
    sentiment: str
    score: int | None
    themes: tuple[str, ...]
    lemmas: tuple[tuple[str, str], ...]
    personal: tuple[tuple[str, str], ...]

    @property
    def half(self) -> str:
        return HALVES[self.id % 2 == 0]

    def place(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[int, int, str]]:
        """Where each surface is, and its value: the set lists them in reading order."""
        placed, at = [], 0
        for surface, value in pairs:
            start = self.text.index(surface, at)
            at = start + len(surface)
            placed.append((start, at, value))
        return placed


def read_gold(language: str) -> list[GoldComment]:
    lines = (PLACE / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_read(json.loads(line), language) for line in lines]


def _read(line: dict[str, Any], language: str) -> GoldComment:
    for field in ("lemmas", "personal"):
        line[field] = tuple((surface, value) for surface, value in line[field])
    return GoldComment(language=language, **line | {"themes": tuple(line["themes"])})


def say_share(right: int, of: int) -> str:
    """`81 % (73–88), 81/100`: a share with its Wilson interval of 95 %."""
    if of == 0:
        return "–"
    low, high = wilson_interval(right, of)
    return f"{right / of:.1%} ({100 * low:.0f}–{100 * high:.0f}), {right}/{of}"


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table as Markdown, so that the documentation can take it as it is."""
    print(f"| {' | '.join(head)} |")
    print(f"|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(str(cell) for cell in row)} |")
    print(flush=True)
