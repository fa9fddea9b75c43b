"""Which words are names, and how common: hashes derived from name registers, no list of names.

``weights/names.npy`` has one number for each name: 48 bits of its hash, then four bits each for
how many bear it as a first name and as a surname (logarithm to base 2, 0 for nobody), then 1 for a
place. ``weights/names_words.npy`` has hashes of words that look like names and are written small:
"onni", "annan", "my". Both are made by ``make train-names``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import NamedTuple

from kokemus.comments.personal.inflection import base_forms

HASH_BYTES = 6
PAYLOAD_BITS = 16
LEVEL_MAX = 15


class NameWeight(NamedTuple):
    """How common a word is as a first name and as a surname (log2 of bearers), and if a place."""

    first: int
    last: int
    is_place: bool


# Plain words that the texts the hashes were made from have too seldom.
_FURTHER_WORDS = frozenset(
    re.findall(
        r"\S+",
        "armas aria assert class edit edits junior kirsikka lean lumi mimmi neat neon ovelta "
        "päivien päivillä päivissä päiviltä päivitä ruta sauna taimet teoissa teokset tilde",
    )
)
UNKNOWN = NameWeight(0, 0, False)


@lru_cache(maxsize=65_536)
def weight_of(name: str) -> NameWeight:
    """How common a name in lower case is; ``UNKNOWN`` when it is none."""
    payload = _names().get(hash_of(name))
    if payload is None:
        return UNKNOWN
    return NameWeight(payload >> 12, (payload >> 8) & 15, bool(payload & 1))


@lru_cache(maxsize=65_536)
def is_common_word(word: str) -> bool:
    """Whether a word in lower case is more often a plain word than a name."""
    return word in _FURTHER_WORDS or hash_of(word) in _words()


def is_place(word: str) -> bool:
    """Whether a word, as written, is a form of the name of a place."""
    return any(weight_of(base).is_place for base in base_forms(word.lower()))


def hash_of(word: str) -> int:
    """The hash by which a word is kept."""
    return int.from_bytes(blake2b(word.encode(), digest_size=HASH_BYTES).digest(), "little")


def pack(name: str, *, first: int, last: int, is_place: bool) -> int:
    """One number that keeps a name's hash and its weights."""
    return hash_of(name) << PAYLOAD_BITS | first << 12 | last << 8 | is_place


@cache
def _names() -> dict[int, int]:
    packed = _load("names.npy")
    return {number >> PAYLOAD_BITS: number & (1 << PAYLOAD_BITS) - 1 for number in packed}


@cache
def _words() -> frozenset[int]:
    return frozenset(_load("names_words.npy"))


def _load(name: str) -> list[int]:
    import numpy as np

    path = files("kokemus.comments") / "weights" / name
    with path.open("rb") as stream:
        numbers: list[int] = np.load(stream, allow_pickle=False).tolist()
    return numbers
