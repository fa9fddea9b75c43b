"""Words before a finding that tell what it is."""

from __future__ import annotations

from collections.abc import Iterable

_WINDOW = 40


def cue_before(text: str, position: int, cues: Iterable[str]) -> bool:
    """Whether one of the cues (in lower case) stands shortly before the position."""
    window = text[max(0, position - _WINDOW) : position].lower()
    return any(cue in window for cue in cues)
