"""Of the gold set: everything at once, as an organisation's worker reads its comments."""

from __future__ import annotations

from benchmarks.comments._gold_sentiment import is_direction_right
from benchmarks.comments._gold_set import (
    HALVES,
    LANGUAGES,
    NAMES,
    print_table,
    read_gold,
    say_share,
)
from benchmarks.comments._gold_themes import count
from kokemus.comments import read_comments
from kokemus.comments.sentiment import Feeling


def report_whole() -> None:
    """No language is told; what is redacted must not hold a stretch of personal data."""
    print("Everything at once, the language found by itself\n")
    print_table(
        ["written in", "half", "language", "sentiment", "direction", "themes, F1", "all hidden"],
        [_row(language, half) for language in LANGUAGES for half in HALVES],
    )


def _row(language: str, half: str) -> list[str]:
    gold = [comment for comment in read_gold(language) if comment.half == half]
    found = read_comments([comment.text for comment in gold], languages=LANGUAGES)
    pairs = list(zip(gold, found, strict=True))
    directions = [
        side for c, r in pairs if (side := _is_on_its_side(c.sentiment, r.sentiment)) is not None
    ]
    themes = [(set(c.themes), set(r.themes)) for c, r in pairs]
    codes = {code for pair in themes for codes in pair for code in codes}
    private = [(c, r) for c, r in pairs if c.personal]
    kept = sum(all(text not in r.redacted for text, _ in c.personal) for c, r in private)
    return [
        NAMES[language],
        half,
        say_share(sum(r.language == language for _, r in pairs), len(pairs)),
        say_share(sum(r.label == c.sentiment for c, r in pairs), len(pairs)),
        say_share(sum(directions), len(directions)),
        f"{count(codes, themes).f1:.2f}",
        say_share(kept, len(private)),
    ]


def _is_on_its_side(wanted: str, sentiment: float) -> bool | None:
    return is_direction_right(wanted, Feeling(sentiment, "", 0.0, False))
