"""Of the gold set: the starting themes found by their rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from benchmarks.comments._gold_set import (
    HALVES,
    LANGUAGES,
    NAMES,
    GoldComment,
    print_table,
    read_gold,
    say_share,
)
from kokemus.comments.lemmas import lemmas_of
from kokemus.comments.themes import ThemeBook, starting_themes
from kokemus.comments.tokens import tokenise


class Counts(NamedTuple):
    """Of one theme or several: found rightly, found in vain, missed."""

    right: int
    vain: int
    missed: int

    @property
    def f1(self) -> float:
        marks = 2 * self.right + self.vain + self.missed
        return 2 * self.right / marks if marks else 0.0


def read_themes(comment: GoldComment, book: ThemeBook) -> set[str]:
    tokens = tokenise(comment.text)
    lemmas = lemmas_of(tokens, language=comment.language)
    return {hit.code for hit in book.find(tokens, lemmas, comment.language)}


def report_themes() -> bool:
    book = ThemeBook(tuple(starting_themes()))
    codes = [theme.code for theme in book]
    read = {
        (language, half): [
            (set(c.themes), read_themes(c, book)) for c in read_gold(language) if c.half == half
        ]
        for language in LANGUAGES
        for half in HALVES
    }
    even = [pair for language in LANGUAGES for pair in read[language, "even"]]
    odd = [pair for language in LANGUAGES for pair in read[language, "odd"]]
    print("Themes by rules, even half, three languages\n")
    print_table(
        ["theme", "precision", "recall", "F1", "F1 odd"],
        [_row_of_theme(code, even, odd) for code in [*codes, "all (micro)"]],
    )
    print("Themes by language\n")
    print_table(
        ["language", "half", "precision", "recall", "micro-F1", "macro-F1"],
        [
            [NAMES[language], half, *_say(count(codes, pairs)), f"{_macro(codes, pairs):.2f}"]
            for (language, half), pairs in read.items()
        ],
    )
    return True


Pairs = list[tuple[set[str], set[str]]]


def count(codes: Iterable[str], pairs: Pairs) -> Counts:
    wanted = set(codes)
    return Counts(
        sum(len(gold & found & wanted) for gold, found in pairs),
        sum(len((found - gold) & wanted) for gold, found in pairs),
        sum(len((gold - found) & wanted) for gold, found in pairs),
    )


def _row_of_theme(code: str, even: Pairs, odd: Pairs) -> list[str]:
    codes = [code] if " " not in code else {c for pair in even + odd for s in pair for c in s}
    return [code, *_say(count(codes, even)), f"{count(codes, odd).f1:.2f}"]


def _say(counts: Counts) -> list[str]:
    right, vain, missed = counts
    return [
        say_share(right, right + vain),
        say_share(right, right + missed),
        f"{counts.f1:.2f}",
    ]


def _macro(codes: list[str], pairs: Pairs) -> float:
    return sum(count([code], pairs).f1 for code in codes) / len(codes)
