"""Voikko, the Finnish morphology, where this machine has it: a plugin, never a need.

It is found at run time: the Python package `libvoikko`, the library `libvoikko1` and the
dictionary `voikko-fi`. `KOKEMUS_VOIKKO=off` leaves it alone.
"""

import os
import re
from functools import cache
from typing import Any, Final

VARIABLE: Final = "KOKEMUS_VOIKKO"


@cache
def find_voikko() -> "Voikko | None":
    """Open Voikko, or give None where it is missing or turned off."""
    if os.environ.get(VARIABLE, "") == "off":
        return None
    return open_voikko()


def open_voikko(language: str = "fi") -> "Voikko | None":
    """Open Voikko with the dictionary of a language, or give None where anything is missing."""
    try:
        import libvoikko
    except ImportError:
        return None
    try:
        return Voikko(libvoikko.Voikko(language))
    except (OSError, libvoikko.VoikkoException):  # no library, or no dictionary
        return None


class Voikko:
    """What is asked of Voikko's analyses of one word."""

    def __init__(self, library: Any) -> None:  # libvoikko has no types
        self._library = library

    def lemma(self, word: str) -> str | None:
        """Give the base form of the analysis with the fewest parts; None if it knows none."""
        best = self._analyse(word)
        return best["BASEFORM"].lower() if best else None

    def parts(self, word: str) -> list[str]:
        """Cut the word where its parts meet; the last part is in its base form."""
        best = self._analyse(word)
        if best is None:
            return []
        lengths = [len(part) for part in re.findall("=([^=]*)", best["STRUCTURE"])]
        lower, parts, start = word.lower(), [], 0
        for length in lengths:
            parts.append(lower[start : start + length].strip("-"))
            start += length
        parts[-1] = best["BASEFORM"].lower()[sum(lengths[:-1]) :].strip("-")
        return parts

    def _analyse(self, word: str) -> dict[str, str] | None:
        found: list[dict[str, str]] = self._library.analyze(word)
        found = [analysis for analysis in found if "BASEFORM" in analysis]
        return min(found, key=lambda analysis: analysis["STRUCTURE"].count("="), default=None)
