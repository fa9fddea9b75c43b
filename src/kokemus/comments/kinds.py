"""Is it feedback to a service, or talk among people? Told for many comments, never for one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final, Literal

import numpy as np

from kokemus.comments.sentiment_weights import Weights, load_weights

Kind = Literal["feedback", "general"]
LANGUAGE: Final = "fi"
TEXTS_MAX: Final = 2_000
TEXTS_MIN: Final = 30
LOG_ODDS_MIN: Final = 1.75
"""So far the middle comment must lean to talk; half-way between the two would be about 0.5."""


def tell_kind(texts: Sequence[str | None], languages: Sequence[str]) -> Kind:
    """Tell whether comments that came together are feedback or general talk.

    It is told from those in Finnish, the one language with a model for talk: from 2,000 of them,
    spread evenly, by the median of how much each by itself looks like talk. Fewer than 30, or
    doubt, means feedback.

    >>> tell_kind(["Nopea toimitus", "Kukaan ei vastannut"] * 20, ["fi"] * 40)
    'feedback'
    """
    pairs = zip(texts, languages, strict=True)
    told = [text for text, language in pairs if language == LANGUAGE and text and text.strip()]
    if len(told) < TEXTS_MIN:
        return "feedback"
    leaning = _source().log_odds(spread_evenly(told, TEXTS_MAX))
    return "general" if float(np.median(leaning)) >= LOG_ODDS_MIN else "feedback"


def spread_evenly(texts: Sequence[str], most: int) -> list[str]:
    """All of them, or as many as asked for from the whole length."""
    size = min(len(texts), most)
    return [texts[place * len(texts) // size] for place in range(size)]


@cache
def _source() -> Weights:
    return load_weights(f"{LANGUAGE}_source")
