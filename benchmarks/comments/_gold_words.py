"""Of the gold set: the language of each comment, and the dictionary form of each content word."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

from benchmarks.comments._gold_set import (
    HALVES,
    LANGUAGES,
    NAMES,
    GoldComment,
    print_table,
    read_gold,
    say_share,
)
from kokemus.comments.languages import find_language
from kokemus.comments.lemmas import lemmas_of
from kokemus.comments.tokens import tokenise
from kokemus.comments.voikko import VARIABLE, find_voikko


def read_lemmas(comment: GoldComment) -> Iterator[tuple[str, str, str]]:
    """Surface, its lemma in the set, and the lemma read."""
    tokens = tokenise(comment.text)
    lemmas = lemmas_of(tokens, language=comment.language)
    for start, end, lemma in comment.place(comment.lemmas):
        read = [
            found
            for token, found in zip(tokens, lemmas, strict=True)
            if token.start < end and token.end > start
        ]
        yield comment.text[start:end], lemma, " ".join(read)


def report_lemmas() -> None:
    print("Lemmas of content words\n")
    print_table(["language", "Voikko", *HALVES], [*_lemma_rows("yes"), *_rows_without_voikko()])


def _lemma_rows(voikko: str) -> list[list[str]]:
    return [
        [NAMES[language], voikko, *(_lemma_share(language, half) for half in HALVES)]
        for language in (LANGUAGES if find_voikko() is None else ("fi",))
    ]


def _lemma_share(language: str, half: str) -> str:
    read = [r for c in read_gold(language) if c.half == half for r in read_lemmas(c)]
    return say_share(sum(lemma == found for _, lemma, found in read), len(read))


def _rows_without_voikko() -> list[list[str]]:
    # What was looked up is remembered for the life of a process: so another one, without it.
    command = [sys.executable, "-m", "benchmarks.comments._gold_words"]
    without = os.environ | {VARIABLE: "off"}
    out = subprocess.run(command, env=without, capture_output=True, text=True, check=True).stdout
    return [line.split("\t") for line in out.splitlines()]


def report_languages() -> None:
    """The survey's language is not told: what the text alone says."""
    print("Language of the comment, the survey's language unknown\n")
    read = {
        language: [
            (c.half, find_language(c.text, languages=LANGUAGES)) for c in read_gold(language)
        ]
        for language in LANGUAGES
    }
    rows = []
    for language, found in read.items():
        halves = [[guess for half, guess in found if half == name] for name in HALVES]
        others = Counter(guess or "unknown" for _, guess in found if guess != language)
        rows.append(
            [
                NAMES[language],
                *(say_share(guesses.count(language), len(guesses)) for guesses in halves),
                ", ".join(f"{guess} {count}" for guess, count in others.most_common()) or "–",
            ]
        )
    print_table(["language", *HALVES, "otherwise (both halves)"], rows)


if __name__ == "__main__":
    for row in _lemma_rows("no"):
        print(*row, sep="\t")
