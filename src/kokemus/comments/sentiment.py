"""How a comment feels: negative, neutral or positive, how surely, and by which words.

The weights are linear in hashed n-grams (`sentiment_features`), one set a language, learnt by
`training/sentiment.py`. Reading needs NumPy alone. An organisation's own calibration and head
(`calibration`, `retraining`) are kept as bytes and laid over the shipped weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kokemus.comments.calibration import LABELS, Calibration, Matrix, probabilities
from kokemus.comments.sentiment_features import SHAPES, Features, Places, find_places
from kokemus.comments.sentiment_own import pack, unpack
from kokemus.comments.sentiment_weights import Weights, load_weights
from kokemus.comments.tokens import Span, tokenise

LANGUAGES = ("fi", "sv", "en")
DRIVERS_MAX = 5
_WEAKEST_DRIVER = 0.15


class Feeling(NamedTuple):
    """How a text feels.

    `sentiment` is the probability of positive less that of negative, -1 to 1. `probability` is
    how probably `label` is right, where ratings like those that calibrated it hold; `is_unsure`
    says that it is too low to lean on.
    """

    sentiment: float
    label: str
    probability: float
    is_unsure: bool


class Driver(NamedTuple):
    """Words that drove a reading: above zero they speak for positive, below for negative."""

    span: Span
    weight: float


@dataclass(frozen=True)
class SentimentModel:
    """Weights by language with what one organisation's own ratings add to them, if anything."""

    weights: dict[str, Weights]
    calibration: Calibration = field(default_factory=Calibration)
    head: Weights | None = None

    @classmethod
    def shipped(cls) -> SentimentModel:
        """The model that comes with Kokemus; loaded once.

        >>> feeling = SentimentModel.shipped().score(["Erinomaista palvelua!"], ["fi"])[0]
        >>> feeling.label, feeling.sentiment > 0.5
        ('positive', True)
        """
        return _shipped()

    @classmethod
    def from_bytes(cls, kept: bytes) -> SentimentModel:
        """The shipped weights with the part of an organisation that `to_bytes` gave."""
        calibration, head = unpack(kept)
        return cls(_shipped().weights, calibration, head)

    def to_bytes(self) -> bytes:
        """The organisation's own part: its calibration and what was learnt from its comments."""
        return pack(self.calibration, self.head)

    def score(self, texts: Sequence[str], languages: Sequence[str]) -> list[Feeling]:
        """Read texts, each in its language; "" or another language takes all three's word.

        An empty text, or one without a letter, digit or mark that is known, is neutral and unsure.
        """
        shares = probabilities(self.log_odds(texts, languages))
        best = shares.argmax(axis=1)
        sure = shares.max(axis=1)
        bounds = self._bounds(languages)
        rows = zip(
            (shares[:, 2] - shares[:, 0]).round(4).tolist(),
            best.tolist(),
            sure.round(4).tolist(),
            (sure < bounds).tolist(),
            texts,
            strict=True,
        )
        return [
            Feeling(sentiment, LABELS[label], probability, unsure) if text.strip() else _NOTHING
            for sentiment, label, probability, unsure, text in rows
        ]

    def log_odds(self, texts: Sequence[str], languages: Sequence[str]) -> Matrix:
        """One row a text: log odds of negative and of positive against neutral."""
        found = self.calibration.apply(self.shipped_log_odds(texts, languages))
        return found if self.head is None else found + self.head.log_odds(texts)

    def shipped_log_odds(self, texts: Sequence[str], languages: Sequence[str]) -> Matrix:
        """The same before anything of an organisation's own is laid over it."""
        spoken = np.array([x if x in self.weights else "" for x in languages], dtype=object)
        if len(spoken) != len(texts):
            raise ValueError(f"{len(texts)} texts came with {len(spoken)} languages.")
        found = np.zeros((len(texts), 2))
        for language in sorted(set(spoken.tolist())):
            rows = np.flatnonzero(spoken == language).tolist()
            chosen = [texts[row] for row in rows]
            heads = [self.weights[language]] if language else list(self.weights.values())
            found[rows] = sum(head.log_odds(chosen) for head in heads) / len(heads)
        return found

    def drivers(self, text: str, language: str) -> list[Driver]:
        """The words that moved the reading most, strongest first, at most five."""
        pull = self._pull(find_places(text), language)
        words = [token for token in tokenise(text) if token.end <= len(pull)]
        found = [
            Driver(Span(word.start, word.end), round(float(pull[word.start : word.end].sum()), 3))
            for word in words
        ]
        strong = [driver for driver in found if abs(driver.weight) >= _WEAKEST_DRIVER]
        return sorted(strong, key=lambda driver: -abs(driver.weight))[:DRIVERS_MAX]

    def calibrated(self, calibration: Calibration) -> SentimentModel:
        """The same model under another calibration."""
        return SentimentModel(self.weights, calibration, self.head)

    def _bounds(self, languages: Sequence[str]) -> NDArray[np.float64]:
        if self.calibration.certain is not None:
            return np.full(len(languages), self.calibration.certain)
        widest = max(head.certain for head in self.weights.values())
        known = {language: head.certain for language, head in self.weights.items()}
        return np.array([known.get(language, widest) for language in languages], float)

    def _pull(self, places: Places, language: str) -> NDArray[np.float64]:
        """What each character adds to positive less negative."""
        chosen = [self.weights[language]] if language in self.weights else self.weights.values()
        slopes = np.array(self.calibration.slopes)
        added = sum(_added(head, places) * slopes for head in chosen) / len(chosen)
        if self.head is not None:
            added = added + _added(self.head, places)
        each = (added[:, 1] - added[:, 0]) / (places.ends - places.starts)
        size = int(places.ends.max(initial=0)) + 1
        rises = np.bincount(places.starts, each, size) - np.bincount(places.ends, each, size)
        return np.cumsum(rises)[:-1]


_SHAPELESS = np.zeros((1, SHAPES))
_NOTHING = Feeling(0.0, "neutral", 0.0, True)


def _added(head: Weights, places: Places) -> Matrix:
    """What each place of each feature adds; a feature's part is shared by its places."""
    buckets, inverse, counts = np.unique(places.buckets, return_inverse=True, return_counts=True)
    documents = np.zeros(len(buckets), np.int64)
    found: Matrix = head.contributions(Features(documents, buckets, counts, _SHAPELESS, 1))
    return (found / counts[:, None])[inverse]


@cache
def _shipped() -> SentimentModel:
    return SentimentModel({language: load_weights(language) for language in LANGUAGES})
