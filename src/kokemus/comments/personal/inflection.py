"""The names that an inflected word may come from: "virtaselle" from "virtanen", "heikin" "heikki".

Endings are taken off, then the stem is turned back: consonant gradation, stems in -e, -se, -kse.
Most of what this proposes is no name; a register of names says which is.
"""

from __future__ import annotations

import re
from functools import lru_cache

BASE_LETTERS_MIN = 2
_CLITIC = re.compile(r"(?:kin|kaan|kään|han|hän|ko|kö|pa|pä)$")
_ENDINGS = (
    *(
        "ssa",
        "ssä",
        "sta",
        "stä",
        "lla",
        "llä",
        "lta",
        "ltä",
        "lle",
        "ksi",
        "na",
        "nä",
        "tta",
        "ttä",
    ),
    *("ta", "tä", "hun", "hyn", "hon", "hön", "hen", "hin", "han", "hän", "seen"),
    *("n", "t", "a", "ä"),
)
_ENDINGS_OF_MANY = ("ille", "illa", "illä", "ilta", "iltä", "ien", "ia", "iä", "ten", "et")
_VOWELS = frozenset("aeiouyäöåé")
# How the consonants before the last vowel grow strong again: weak to strong.
_STRONG_OF_DOUBLE = {"mm": "mp", "nn": "nt", "ng": "nk", "ll": "lt", "rr": "rt"}
_STRONG_OF_ONE = {"k": "kk", "p": "pp", "t": "tt", "d": "t", "v": "p", "g": "gg", "b": "bb"}
_JUNCTURE = re.compile(r"['’:]")
_ENDING_APART = re.compile(r"['’:][^'’:]+$")


@lru_cache(maxsize=32_768)
def base_forms(word: str) -> tuple[str, ...]:
    """The names, in lower case, that a word in lower case may be a form of; itself first."""
    head, mark, tail = _JUNCTURE.sub(":", word).partition(":")
    if mark and tail:
        name = _ENDING_APART.sub("", word)  # o'brien's: o'brien
        return tuple(dict.fromkeys([word, head, name, *_finnish(head + tail), *_finnish(word)]))
    forms = [word, *_swedish_and_english(word), *_finnish(word)]
    for bare in without_clitic(word):
        forms += [bare, *_finnish(bare)]
    return tuple(dict.fromkeys(form for form in forms if len(form) >= BASE_LETTERS_MIN))


def without_clitic(word: str) -> list[str]:
    """The word without -kin, -han and their kind, where it has one."""
    clitic = _CLITIC.search(word)
    return [word[: clitic.start()]] if clitic and clitic.start() > 3 else []


def ending_of(word: str, base: str) -> str:
    """A rough case: "" for the base itself, "genitive", "to" (-lle, -lta), "place", "many"."""
    if word == base:
        return ""
    if base.endswith("nen") and word.endswith(_ENDINGS_OF_MANY):
        return "many"
    if word.endswith(("lle", "lta", "ltä")):
        return "to"
    if word.endswith(("ssa", "ssä", "sta", "stä", "seen", "lla", "llä")):
        return "place"
    return "genitive" if word.endswith(("n", "s")) else "other"


def _swedish_and_english(word: str) -> list[str]:
    return [word[:-1]] if word.endswith("s") and len(word) > 3 else []


def _finnish(word: str) -> list[str]:
    forms: list[str] = []
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= BASE_LETTERS_MIN:
            forms += _bases_of_stem(word[: -len(ending)], ending=ending)
    if len(word) > 4 and word[-1] == "n" and word[-2] == word[-3]:
        forms += _bases_of_stem(word[:-2], ending="illative")
    for ending in _ENDINGS_OF_MANY:
        stem = word[: -len(ending)]
        if word.endswith(ending) and stem.endswith(("s", "se", "si")):
            forms.append(stem.rstrip("ei")[:-1] + "nen")
    return forms


def _bases_of_stem(stem: str, *, ending: str) -> list[str]:
    bases = [stem]
    last = stem[-1]
    if ending in {"ta", "tä"}:  # virtas-ta, tuomas-ta, nyman-ta
        return [stem, stem[:-1] + "nen"] if last == "s" else bases
    if last not in _VOWELS:
        return bases
    bases += _graded(stem)
    if last == "e":
        bases += [form[:-1] + "i" for form in bases[:]] + [stem[:-1]]
    if last == "i":
        bases.append(stem[:-1])
    if stem.endswith("se"):
        bases.append(stem[:-2] + "nen")
    if stem.endswith("kse"):
        bases += [stem[:-3] + "s", stem[:-3]]
    if stem.endswith("nte"):
        bases.append(stem[:-3] + "s")
    if len(stem) > 3 and stem[-2] == last:
        bases += _bases_of_long_stem(stem)
    return bases


def _bases_of_long_stem(stem: str) -> list[str]:
    """laineen, rinteen from laine, rinne; tuomaan, kankaan from tuomas, kangas."""
    short = stem[:-1]
    weak = [short, *_weakened(short)]
    return weak + [form + "s" for form in weak]


def _graded(stem: str) -> list[str]:
    """The stem with its last consonants in their strong grade: mati to matti, virra to virta."""
    vowel, head = stem[-1], stem[:-1]
    forms = []
    if len(head) > 1:
        if strong := _STRONG_OF_DOUBLE.get(head[-2:]):
            forms.append(head[:-2] + strong + vowel)
        if strong := _STRONG_OF_ONE.get(head[-1]):
            forms.append(head[:-1] + strong + vowel)
        if head[-1] in "lrh" or head[-1] in _VOWELS:  # helan: helka, mäen: mäki, joen: joki
            forms.append(head + "k" + vowel)
        if head[-1] == "j":
            forms.append(head[:-1] + "k" + vowel)
    return forms


def _weakened(stem: str) -> list[str]:
    vowel, head = stem[-1], stem[:-1]
    for weak, strong in _STRONG_OF_DOUBLE.items():
        if head.endswith(strong):
            return [head[:-2] + weak + vowel]
    if len(head) > 1 and head[-1] in "kpt":
        if head[-1] == head[-2]:
            return [head[:-1] + vowel]
        return [head[:-1] + {"t": "d", "p": "v", "k": ""}[head[-1]] + vowel]
    return []
