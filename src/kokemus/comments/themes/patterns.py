"""The small language in which a theme says what words it is found by.

A pattern is one line:

- `jono` a word: its lemma or the word as written, in lower case;
- `toimitu*`, `*palvelu`, `*lasku*` how a word begins, ends or what it holds: parts of compounds;
- `vastata|vastaus` any of these;
- `jäädä ilman` words side by side;
- `luvata ... mutta` the second follows within a few words;
- `laatu & huono` both stand within a few words, in any order;
- `!vastata` the word is denied ("ei vastattu", "svarade inte", "did not answer");
- `+toimia` the word is not denied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class NotAPattern(ValueError):
    """A line that does not read as a pattern of a theme."""


class Order(Enum):
    """How the words of a pattern must stand to each other."""

    BESIDE = "beside"
    AFTER = "after"
    NEAR = "near"


class Denial(Enum):
    """Whether a word must be denied, must not be, or may be either."""

    EITHER = ""
    DENIED = "!"
    AFFIRMED = "+"


@dataclass(frozen=True)
class Slot:
    """One place of a pattern: the words that fit there."""

    words: tuple[str, ...]
    denial: Denial = Denial.EITHER


@dataclass(frozen=True)
class Pattern:
    """Slots, and how they must stand."""

    slots: tuple[Slot, ...]
    order: Order = Order.BESIDE


def parse_pattern(line: str) -> Pattern:
    """Read one line; raise `NotAPattern` where it says nothing or mixes `...` with `&`.

    >>> parse_pattern("luvata|luvattu ... mutta").order
    <Order.AFTER: 'after'>
    """
    text = line.strip().lower()
    order = _find_order(text)
    parts = re.split(r"\s*(?:\.\.\.|&)\s*|\s+", text)
    slots = tuple(_parse_slot(part, line) for part in parts)
    return Pattern(slots, order)


def _find_order(text: str) -> Order:
    if "..." in text and "&" in text:
        raise NotAPattern(f"{text!r} mixes '...' with '&'. Write two patterns.")
    if "&" in text:
        return Order.NEAR
    return Order.AFTER if "..." in text else Order.BESIDE


def _parse_slot(part: str, line: str) -> Slot:
    denial = Denial(part[:1]) if part[:1] in {"!", "+"} else Denial.EITHER
    words = tuple(part[1:].split("|") if denial is not Denial.EITHER else part.split("|"))
    if not all(_WORD.fullmatch(word) for word in words):
        raise NotAPattern(f"{line!r} is not a pattern: {part!r} is not a word, or a word with '*'.")
    return Slot(words, denial)


_WORD = re.compile(r"\*?[^\W_](?:[^*|&!+\s]*[^*|&!+\s])?\*?|[^\w\s*|&!+]+")
