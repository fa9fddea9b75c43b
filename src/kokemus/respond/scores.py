"""Scores in words: what a customer gave, so that a reader need not know the scale."""

from __future__ import annotations

from django.utils.translation import gettext

from kokemus.store.scales import SCALES


def score_words(scale: str, score: int | None) -> str:
    """ "2/10", "2/5 stars", "Thumb down" or "No score"."""
    if score is None:
        return gettext("No score")
    if scale == "thumbs":
        return gettext("Thumb up") if score else gettext("Thumb down")
    if scale == "stars":
        return gettext("%(score)s/5 stars") % {"score": score}
    return f"{score}/{SCALES[scale].high}"


def score_tone(scale: str, score: int | None) -> str:
    """How the score felt: "bad", "middle", "good", or "none" where it was skipped."""
    if score is None:
        return "none"
    if score <= SCALES[scale].failure:
        return "bad"
    return "good" if score >= _good_from(scale) else "middle"


def _good_from(scale: str) -> int:
    return {"nps": 9, "csat": 4, "ces": 5, "stars": 4, "thumbs": 1}[scale]
