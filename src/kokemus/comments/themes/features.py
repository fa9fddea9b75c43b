"""What a theme by example looks at: lemmas, pairs of lemmas and pieces of words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kokemus.comments.themes.stop_words import is_telling

PIECE_SHORTEST, PIECE_LONGEST = 4, 5
PIECES_WEIGHT = 1.0  # beside the lemmas, whose length is one
TELLING_WORDS_MAX = 3


@dataclass(frozen=True)
class DescribedWords:
    """Features of a comment with their values, and those that each word stands for."""

    features: dict[str, float]
    by_word: tuple[tuple[str, ...], ...]

    def telling(self, weight_of: Callable[[str], float]) -> list[int]:
        """The words that speak most for a theme, by their places."""
        weights = [
            sum(self.features[feature] * weight_of(feature) for feature in features)
            for features in self.by_word
        ]
        order = sorted(range(len(weights)), key=lambda place: -weights[place])
        return sorted(place for place in order[:TELLING_WORDS_MAX] if weights[place] > 0)


def describe_words(words: Sequence[str], lemmas: Sequence[str]) -> DescribedWords:
    """Features of a comment: `l:` lemmas, `b:` pairs side by side, `c:` pieces of words."""
    telling = [is_telling(lemma) for lemma in lemmas]
    by_word: list[tuple[str, ...]] = []
    lemma_features: set[str] = set()
    pieces: set[str] = set()
    for place, word in enumerate(words):
        if not telling[place]:
            by_word.append(())
            continue
        own = [f"l:{lemmas[place]}"]
        if place + 1 < len(words) and telling[place + 1]:
            own.append(f"b:{lemmas[place]} {lemmas[place + 1]}")
        own_pieces = [f"c:{piece}" for piece in _pieces(word.lower())]
        lemma_features.update(own)
        pieces.update(own_pieces)
        by_word.append((*own, *own_pieces))
    features = dict.fromkeys(sorted(lemma_features), 1.0 / max(1, len(lemma_features)) ** 0.5)
    features |= dict.fromkeys(sorted(pieces), PIECES_WEIGHT / max(1, len(pieces)) ** 0.5)
    return DescribedWords(features, tuple(by_word))


def _pieces(word: str) -> Iterator[str]:
    bounded = f"<{word}>"
    for size in range(PIECE_SHORTEST, PIECE_LONGEST + 1):
        for start in range(len(bounded) - size + 1):
            yield bounded[start : start + size]
