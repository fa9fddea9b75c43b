"""What the sentiment weights are learnt from: open sets in a folder, and what we wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from kokemus.simulate.comments import SETTINGS, write_comment

LANGUAGES = ("fi", "sv", "en")
ROOT = Path(__file__).parent
GOLD = ROOT.parent / "tests" / "reference" / "comments"
NEGATIVE, NEUTRAL, POSITIVE = range(3)
POLES = {"neg": NEGATIVE, "pos": POSITIVE}
MARKS = {"-": NEGATIVE, "0": NEUTRAL, "+": POSITIVE}
SIMULATED = 1_200
SIZES = {"simulated": 0.25, "written": 3.0}
FORUM_SIZES = {"agreed": 0.5, "disputed": 0.2}
TALK_SIZES = {"agreed": 1.5, "disputed": 0.7}
"""Sentences of the forum weigh less beside what is feedback than in reading talk."""


@dataclass(frozen=True)
class Example:
    """A text and what it should be read as.

    `shares` says how its readers were divided over negative, neutral and positive; `is_polar`
    that its set knows no neutral; `is_feedback` that it was written to a service;
    `is_written` that it is a line of ours, and `is_comment` that this is a whole comment, written
    by somebody who knew nothing of the gold set; `fold` is the set's own split.
    """

    text: str
    label: int
    shares: tuple[float, float, float]
    size: float
    is_polar: bool = False
    is_feedback: bool = False
    is_written: bool = False
    is_comment: bool = False
    fold: int = 0


def read_examples(folder: Path, *, language: str) -> list[Example]:
    """Everything a language learns from, in an order that is always the same; [] without a set."""
    found = [*_open_sets(folder, language)]
    return found and [*found, *read_own(language)]


def read_own(language: str) -> list[Example]:
    """What is learnt from besides the sets: comments that we wrote, and simulated ones."""
    return [*_written(language), *_simulated(language)]


def read_talk(folder: Path) -> list[Example]:
    """What Finnish talk that is no feedback is learnt from."""
    return [*read_forum(folder, TALK_SIZES), *_polar(folder / "xed_fi.tsv")]


def read_forum(folder: Path, sizes: dict[str, float]) -> list[Example]:
    """FinnSentiment: sentences of a Finnish forum, read by three people each."""
    return [
        Example(
            text=text,
            label=int(majority) + 1,
            shares=_shares([int(a), int(b), int(c)]),
            size=sizes["agreed"] if a == b == c else sizes["disputed"],
            fold=int(split),
        )
        for text, majority, _, a, b, c, split in _rows(folder / "finnsent_dev_splits1-16.tsv")
    ]


def read_gold(language: str) -> tuple[list[str], list[str]]:
    """Texts and labels of the gold set's lines with odd numbers, which are there to learn from."""
    path = GOLD / f"{language}.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    rows = [row for row in map(json.loads, lines) if row["id"] % 2]
    return [row["text"] for row in rows], [row["sentiment"] for row in rows]


def _open_sets(folder: Path, language: str) -> Iterator[Example]:
    if language == "fi":
        yield from read_forum(folder, FORUM_SIZES)
        yield from _polar(folder / "xed_fi.tsv")
    elif language == "sv":
        yield from _polar(folder / "xed_sv_projected.tsv")
        yield from _debate(folder / "absabank_imm_sv.tsv")
    else:
        yield from _reviews(folder / "yelp_sentences_en.tsv")


def _polar(path: Path) -> Iterator[Example]:
    for text, pole, *_ in _rows(path):
        if pole in POLES:
            yield _example(text, POLES[pole], size=1.0, is_polar=True)


def _reviews(path: Path) -> Iterator[Example]:
    for text, pole in _rows(path):
        yield _example(text, POLES[pole], size=0.7, is_feedback=True)


def _debate(path: Path) -> Iterator[Example]:
    """ABSAbank-Imm: scores 1 to 5 on statements about immigration."""
    for text, score, *_ in _rows(path):
        label = NEGATIVE if float(score) < 2.5 else POSITIVE if float(score) > 3.5 else NEUTRAL
        yield _example(text, label, size=0.5)


def _written(language: str) -> Iterator[Example]:
    """Lines `+ text / text`, `- text`, `0 text` that are ours: words, and what happened."""
    for path in sorted(ROOT.glob(f"*_{language}.txt")):
        for line in path.read_text("utf-8").splitlines():
            mark, _, texts = line.partition(" ")
            for text in texts.split(" / ") if mark in MARKS else []:
                example = _example(text, MARKS[mark], size=SIZES["written"], is_feedback=True)
                is_comment = path.stem.startswith("comments_")
                yield replace(example, is_written=True, is_comment=is_comment)


def _simulated(language: str) -> Iterator[Example]:
    random = Random(4)  # noqa: S311, nothing secret
    places = sorted(SETTINGS)
    for turn in range(SIMULATED):
        level, label = (("low", NEGATIVE), ("high", POSITIVE))[turn % 2]
        place = places[turn // 2 % len(places)]
        text, _ = write_comment(random, touchpoint=place, level=level, language=language)
        yield _example(text, label, size=SIZES["simulated"], is_feedback=True)


def _example(
    text: str, label: int, *, size: float, is_polar: bool = False, is_feedback: bool = False
) -> Example:
    shares = _shares([label - 1])
    return Example(text, label, shares, size, is_polar=is_polar, is_feedback=is_feedback)


def _shares(votes: list[int]) -> tuple[float, float, float]:
    """The shares of votes -1, 0 and 1."""
    low, middle, high = (votes.count(vote) / len(votes) for vote in (-1, 0, 1))
    return low, middle, high


def _rows(path: Path) -> Iterator[list[str]]:
    """The rows of a tab-separated file below its heading; nothing if it is not there."""
    lines = path.read_text("utf-8").split("\n")[1:] if path.exists() else []
    yield from (line.rstrip("\r").split("\t") for line in lines if line)
