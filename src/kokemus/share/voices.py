"""A theme's voice: a few real comments that say what most of them say, and not one thing thrice."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

VOICES = 3
# A comment of this age counts half as near as one of today.
HALF_LIFE_DAYS = 60.0
WORDS_MIN = 3
ALIKE = 0.5

Vector = Mapping[str, float]


@dataclass(frozen=True)
class Candidate:
    """A comment by its distinct words."""

    key: Hashable
    words: frozenset[str]
    day: dt.date


def choose_voices(
    candidates: Sequence[Candidate], *, today: dt.date, count: int = VOICES
) -> list[Hashable]:
    """Keys of the comments nearest to the centre of all, recent ones before old, none alike.

    Words weigh by how rare they are among the candidates (TF-IDF), so that the words of the
    theme count less than what is said about it. Fewer come back where the rest are alike.
    """
    told = [each for each in candidates if len(each.words) >= WORDS_MIN]
    vectors = _weigh(told or candidates)
    centre = _centre(vectors)
    ranked = sorted(
        zip(told or candidates, vectors, strict=True),
        key=lambda pair: (-_nearness(pair[0], pair[1], centre, today), str(pair[0].key)),
    )
    chosen: list[tuple[Candidate, Vector]] = []
    for candidate, vector in ranked:
        if all(_cosine(vector, other) < ALIKE for _, other in chosen):
            chosen.append((candidate, vector))
        if len(chosen) == count:
            break
    return [candidate.key for candidate, _vector in chosen]


def _weigh(candidates: Sequence[Candidate]) -> list[Vector]:
    """Each comment as a vector of length 1."""
    total = len(candidates)
    found = Counter(word for each in candidates for word in each.words)
    rarity = {word: math.log((1 + total) / (1 + n)) + 1 for word, n in found.items()}
    return [_normalise({word: rarity[word] for word in sorted(each.words)}) for each in candidates]


def _centre(vectors: Sequence[Vector]) -> Vector:
    middle: dict[str, float] = {}
    for vector in vectors:
        for word, weight in vector.items():
            middle[word] = middle.get(word, 0.0) + weight
    return _normalise(middle)


def _nearness(candidate: Candidate, vector: Vector, centre: Vector, today: dt.date) -> float:
    age = max((today - candidate.day).days, 0)
    fading: float = 0.5 ** (age / HALF_LIFE_DAYS)
    return _cosine(vector, centre) * fading


def _normalise(vector: Vector) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {word: weight / length for word, weight in vector.items()} if length else vector


def _cosine(first: Vector, second: Vector) -> float:
    smaller, larger = sorted((first, second), key=len)
    return sum(weight * larger.get(word, 0.0) for word, weight in smaller.items())
