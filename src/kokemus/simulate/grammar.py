"""Weighted context-free grammars, written as text, that make sentences.

::

    [greeting]
    2* hyvää {time}
    moi

A line in brackets names a symbol; the lines below are its alternatives, each with an optional
weight; braces hold a symbol to expand, and ``{^symbol}`` begins it with a capital letter.
"""

from bisect import bisect
from collections.abc import Mapping
from itertools import accumulate
from random import Random
from re import compile as compile_pattern

_WEIGHT = compile_pattern(r"(\d+)\* (.*)")
_SLOT = compile_pattern(r"\{([^{}]+)\}")


class UnknownSymbol(ValueError):
    """A grammar names a symbol that nothing explains."""


class Grammar:
    """A grammar ready to make sentences; `rules` maps a symbol to its alternatives."""

    def __init__(self, text: str, *, bound: frozenset[str] = frozenset()) -> None:
        self.bound = bound
        self.rules: dict[str, list[tuple[float, tuple[str, ...]]]] = _read_rules(text)
        self._bounds = {
            symbol: list(accumulate(_shares([weight for weight, _ in alternatives])))[:-1]
            for symbol, alternatives in self.rules.items()
        }
        self._parts = {
            symbol: [parts for _, parts in alternatives]
            for symbol, alternatives in self.rules.items()
        }
        self._check()

    def expand(self, symbol: str, *, random: Random, words: Mapping[str, str]) -> str:
        """Make a text of the symbol; `words` holds the texts of the bound symbols."""
        parts = self._parts[symbol][bisect(self._bounds[symbol], random.random())]
        if len(parts) == 1:
            return parts[0]
        return "".join(
            self._fill(part, random, words) if i % 2 else part for i, part in enumerate(parts)
        )

    def _fill(self, slot: str, random: Random, words: Mapping[str, str]) -> str:
        name = slot[1:] if slot[0] == "^" else slot
        text = words.get(name)
        if text is None:
            text = self.expand(name, random=random, words=words)
        elif text[0] == "[":
            text = self.expand(text[1:-1], random=random, words=words)
        return text[0].upper() + text[1:] if slot[0] == "^" else text

    def _check(self) -> None:
        for symbol, alternatives in self.rules.items():
            for _, parts in alternatives:
                for slot in parts[1::2]:
                    if slot.removeprefix("^") not in self.rules.keys() | self.bound:
                        raise UnknownSymbol(f"{{{slot}}} in [{symbol}] is not explained")


def _shares(weights: list[float]) -> list[float]:
    return [weight / sum(weights) for weight in weights]


def _read_rules(text: str) -> dict[str, list[tuple[float, tuple[str, ...]]]]:
    rules: dict[str, list[tuple[float, tuple[str, ...]]]] = {}
    alternatives: list[tuple[float, tuple[str, ...]]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line[0] == "[":
            alternatives = rules.setdefault(line[1:-1], [])
            continue
        weighted = _WEIGHT.fullmatch(line)
        weight, sentence = (float(weighted[1]), weighted[2]) if weighted else (1.0, line)
        alternatives.append((weight, tuple(_SLOT.split(sentence))))
    return rules
