"""Forms that a dictionary misses: spoken ones, letters without dots, slips of the finger."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final


def spell_as_written(word: str) -> Iterator[str]:
    """Give the written forms that a spoken Finnish one may stand for, likeliest first."""
    for spoken, written in _SPOKEN:
        if word.endswith(spoken) and len(word) - len(spoken) >= 2:
            for ending in written:
                yield word.removesuffix(spoken) + ending


def restore_marks(word: str, *, language: str) -> Iterator[str]:
    """Give the words that one written without its dots and rings may stand for."""
    if language == "fi":
        if not _MARKED & set(word):
            yield word.replace("a", "ä").replace("o", "ö")
            yield word.replace("a", "ä")
            yield word.replace("o", "ö")
    elif language == "sv" and len(word) <= _LENGTH_MAX:
        yield from _mark_some(word)


def mend_typing(word: str) -> Iterator[str]:
    """Give what is one letter too few or too many of a pair, or two letters swapped, away."""
    for place, letter in enumerate(word):
        after = word[place + 1 :]
        if after[:1] == letter:
            yield word[:place] + after
        else:
            yield word[: place + 1] + letter + after
    for place in range(1, len(word) - 1):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


_SPOKEN: Final = (
    ("nu", ("nut",)),  # kertonu
    ("ny", ("nyt",)),
    ("neet", ("nut", "nyt")),
    ("eeta", ("eaa", "eata")),  # surkeeta
    ("eetä", ("eää", "eätä")),
    ("een", ("ean", "eän")),
    ("ee", ("ea", "eä")),  # selkee
    ("oo", ("oa",)),
    ("uu", ("ua",)),
    ("ii", ("ia", "iä")),  # kaikkii
    ("lt", ("lta", "ltä")),  # teilt
    ("st", ("sta", "stä")),
    ("s", ("ssa", "ssä")),  # puhelimes
    ("l", ("lla", "llä")),
    ("tte", ("tta", "ttä")),
    ("lasen", ("laisen",)),  # sellasen
    ("läsen", ("läisen",)),
    ("nen", ("inen",)),  # semmonen
    ("sta", ("ista",)),
    ("ttaa", ("ittaa",)),  # ilmottaa
    ("ttää", ("ittää",)),
    ("tti", ("itti",)),
    ("tin", ("itin",)),
)
_MARKED: Final = frozenset("äöå")
_LENGTH_MAX: Final = 16
_MARKS: Final = {"a": "åä", "o": "ö"}


def _mark_some(word: str) -> Iterator[str]:
    """Mark one letter, then two: "dalig", "forsakring"."""
    places = [place for place, letter in enumerate(word) if letter in _MARKS]
    for count in (1, 2):
        for chosen in combinations(places, count):
            words = [word]
            for place in chosen:
                words = [
                    one[:place] + mark + one[place + 1 :]
                    for one in words
                    for mark in _MARKS[word[place]]
                ]
            yield from words
