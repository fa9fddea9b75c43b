"""Of the gold set: sentiment of even lines that are told nearly as a line that was learnt from.

The lists in `training/` were written with the odd lines in sight, in all three languages, and an
even line may tell in one language what an odd line told in another.
"""

from __future__ import annotations

from training.sentiment_texts import ROOT

from benchmarks.comments import _gold_sentiment as sentiment
from benchmarks.comments._gold_set import LANGUAGES, GoldComment, print_table
from kokemus.comments.sentiment import SentimentModel

LETTERS = 5
LENGTH_MIN = 12
SHARE_NEAR = 0.7


def report_near() -> None:
    """Print how lines that hold nearly all of a learnt line are read, and how all others."""
    lists = {language: written(language) for language in LANGUAGES}
    read = sentiment.read(SentimentModel.shipped(), sentiment.chosen("even"))
    near = {(c.language, c.id) for c in sentiment.chosen("even") if is_near(c, lists[c.language])}
    print("Sentiment, even half, as shipped: lines told nearly in words that were learnt from\n")
    head = ["lines", "accuracy", "macro-F1", "direction", "said as sure", "right"]
    ways = {
        "near": [pair for place, pair in read.items() if place in near],
        "all others": [pair for place, pair in read.items() if place not in near],
    }
    print_table(head, [[name, *sentiment.measure(pairs)] for name, pairs in ways.items()])


def written(language: str) -> list[set[str]]:
    """The stretches of every line of ours that is long enough to tell anything."""
    lists = [path.read_text("utf-8") for path in sorted(ROOT.glob(f"*_{language}.txt"))]
    lines = [line[2:] for text in lists for line in text.splitlines() if line[:1] in {*"+-0"}]
    texts = [text for line in lines for text in line.split(" / ")]
    return [stretches(text) for text in texts if len(text) >= LENGTH_MIN]


def is_near(comment: GoldComment, lines: list[set[str]]) -> bool:
    found = stretches(comment.text)
    return any(len(found & line) >= SHARE_NEAR * len(line) for line in lines)


def stretches(text: str) -> set[str]:
    low = text.lower()
    return {low[start : start + LETTERS] for start in range(len(low) - LETTERS + 1)}
