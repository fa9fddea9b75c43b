"""How a comment feels: negative, neutral or positive, how surely, and by which words.

The weights are linear in hashed n-grams (`sentiment_features`), one set a language, learnt by
`training/sentiment.py`. Reading needs NumPy alone. An organisation's own calibration and head
(`calibration`, `retraining`) are kept as bytes and laid over the shipped weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kokemus.comments.calibration import LABELS, Calibration, Matrix, probabilities
from kokemus.comments.sentiment_features import CHARACTERS_MAX, Places, find_places
from kokemus.comments.sentiment_own import pack, unpack
from kokemus.comments.sentiment_weights import Weights, load_weights
from kokemus.comments.tokens import Span, Token, tokenise

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
    def general(cls) -> SentimentModel:
        """The model for Finnish talk that is no feedback, such as a forum's; loaded once.

        Most of talk takes no side, so this one reads more as neutral. Swedish and English it
        reads as `shipped` does.

        >>> SentimentModel.general().score(["Kävin eilen kaupungilla."], ["fi"])[0].label
        'neutral'
        """
        return _general()

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
        found = np.zeros((len(texts), 2))
        for language, rows in self._by_language(texts, languages):
            chosen = [texts[row] for row in rows]
            heads = self._heads(language)
            found[rows] = sum(head.log_odds(chosen) for head in heads) / len(heads)
        return found

    def drivers(self, text: str, language: str) -> list[Driver]:
        """The words that moved the reading most, strongest first, at most five."""
        return self.drivers_of_each([text], [language])[0]

    def drivers_of_each(self, texts: Sequence[str], languages: Sequence[str]) -> list[list[Driver]]:
        """The same for many texts, for a fraction of the time that each by itself takes."""
        found: list[list[Driver]] = [[] for _ in texts]
        for language, rows in self._by_language(texts, languages):
            drivers = self._drivers([texts[row] for row in rows], self._heads(language))
            for row, own in zip(rows, drivers, strict=True):
                found[row] = own
        return found

    def calibrated(self, calibration: Calibration) -> SentimentModel:
        """The same model under another calibration."""
        return SentimentModel(self.weights, calibration, self.head)

    def _bounds(self, languages: Sequence[str]) -> NDArray[np.float64]:
        if self.calibration.certain is not None:
            return np.full(len(languages), self.calibration.certain)
        widest = max(head.certain for head in self.weights.values())
        known = {language: head.certain for language, head in self.weights.items()}
        return np.array([known.get(language, widest) for language in languages], float)

    def _by_language(
        self, texts: Sequence[str], languages: Sequence[str]
    ) -> Iterator[tuple[str, list[int]]]:
        """Each language that there are weights of, "" for others, with the texts' places."""
        if len(languages) != len(texts):
            raise ValueError(f"{len(texts)} texts came with {len(languages)} languages.")
        spoken = [language if language in self.weights else "" for language in languages]
        for language in sorted(set(spoken)):
            yield language, [row for row, each in enumerate(spoken) if each == language]

    def _heads(self, language: str) -> list[Weights]:
        return [self.weights[language]] if language else list(self.weights.values())

    def _drivers(self, texts: Sequence[str], heads: Sequence[Weights]) -> Iterator[list[Driver]]:
        left = iter(texts)
        own = [] if self.head is None else [self.head]
        is_known = np.any([head.known for head in (*heads, *own)], axis=0)
        for places in find_places(texts, is_known=is_known):
            chunk = list(islice(left, places.features.size))
            firsts = np.cumsum([0, *(min(len(text), _PULLED_MAX) + 1 for text in chunk)])
            yield from _strongest(chunk, self._pull(places, heads, firsts), firsts)

    def _pull(
        self, places: Places, heads: Sequence[Weights], firsts: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """What each character adds to positive less negative, the texts one after another.

        A feature's part is shared by its places, and a place's by its characters.
        """
        features = places.features
        added = sum(head.contributions(features) for head in heads) / len(heads)
        added = added * np.array(self.calibration.slopes)
        if self.head is not None:
            added = added + self.head.contributions(features)
        shares = np.repeat((added[:, 1] - added[:, 0]) / features.counts, features.counts)
        shares /= places.ends - places.starts
        before = np.repeat(firsts[features.documents], features.counts)
        size = int(firsts[-1])
        rises = np.bincount(before + places.starts, shares, size)
        return np.cumsum(rises - np.bincount(before + places.ends, shares, size))


_PULLED_MAX = CHARACTERS_MAX + 1
_NOTHING = Feeling(0.0, "neutral", 0.0, True)


def _strongest(
    texts: Sequence[str], pull: NDArray[np.float64], firsts: NDArray[np.int64]
) -> Iterator[list[Driver]]:
    """The words of each text with the most pull; `firsts` is where each text's begins."""
    words = [[word for word in tokenise(text) if word.end <= _PULLED_MAX] for text in texts]
    bounds = np.array([(word.start, word.end) for own in words for word in own], np.int64)
    at = np.repeat(firsts[:-1], [len(own) for own in words])
    edges = (bounds.reshape(-1, 2) + at[:, None]).ravel()
    sums = iter(np.add.reduceat(pull, edges)[::2].tolist() if len(edges) else ())
    for own in words:
        yield _pick(own, list(islice(sums, len(own))))


def _pick(words: Sequence[Token], weights: Sequence[float]) -> list[Driver]:
    found = [
        Driver(Span(word.start, word.end), rounded)
        for word, weight in zip(words, weights, strict=True)
        if abs(rounded := round(weight, 3)) >= _WEAKEST_DRIVER
    ]
    return sorted(found, key=lambda driver: -abs(driver.weight))[:DRIVERS_MAX]


@cache
def _shipped() -> SentimentModel:
    return SentimentModel({language: load_weights(language) for language in LANGUAGES})


@cache
def _general() -> SentimentModel:
    return SentimentModel({**_shipped().weights, "fi": load_weights("fi_general")})
