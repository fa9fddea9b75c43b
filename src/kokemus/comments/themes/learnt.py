"""What examples taught about a theme: weights of words, and how far they can be trusted."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float32]


@dataclass(frozen=True)
class Share:
    """A share with its Wilson interval: `count` of `of`."""

    estimate: float
    low: float
    high: float
    count: int
    of: int


@dataclass(frozen=True)
class Weighing:
    """Weights of features, a start, and the probability from which on a comment is counted."""

    features: tuple[str, ...]
    weights: Weights
    start: float
    threshold: float
    precision: Share | None
    recall: Share | None


@dataclass(frozen=True, eq=False)
class LearntTheme:
    """A theme by example, frozen: what is stored of it and what reads new comments.

    Attributes
    ----------
    words
        Weighs lemmas, pairs of lemmas and pieces of words.
    embedded
        Weighs the same and an embedding; used where a comment comes with one.
    mean
        Mean embedding of the comments learnt from, which is subtracted first.
    found, missed
        Log odds that the rules' yes and no begin with; 0 for a theme without rules.
    yes, no
        How many comments people said belong to it, and do not.
    """

    words: Weighing
    embedded: Weighing | None = None
    mean: Weights | None = None
    found: float = 0.0
    missed: float = 0.0
    yes: int = 0
    no: int = 0

    @property
    def precision(self) -> Share | None:
        """Share of right ones among the found, cross-validated; None: cannot tell."""
        return (self.embedded or self.words).precision

    @property
    def recall(self) -> Share | None:
        """Share found of the right ones, cross-validated; None: cannot tell."""
        return (self.embedded or self.words).recall

    def weigh(
        self,
        features: Mapping[str, float],
        *,
        is_found_by_rule: bool,
        embedding: NDArray[Any] | None = None,
    ) -> tuple[float, bool]:
        """The probability of the theme, and whether it is enough to count the comment."""
        is_embedded = embedding is not None and self.embedded is not None
        weighing = self.embedded if is_embedded and self.embedded else self.words
        odds = weighing.start + (self.found if is_found_by_rule else self.missed)
        weight_of = self._tables[1 if is_embedded else 0]
        odds += sum(value * weight_of.get(feature, 0.0) for feature, value in features.items())
        if is_embedded and embedding is not None:
            centred = centre(embedding[None, :], self.mean)[0]
            odds += float(centred @ weighing.weights[len(weighing.features) :])
        probability = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))
        return probability, probability >= weighing.threshold

    def weight_of(self, feature: str) -> float:
        """How much a feature speaks for the theme (without an embedding)."""
        return self._tables[0].get(feature, 0.0)

    @property
    def _tables(self) -> tuple[dict[str, float], dict[str, float]]:
        kept: tuple[dict[str, float], dict[str, float]] | None = self.__dict__.get("_kept")
        if kept is None:
            kept = (_table(self.words), _table(self.embedded) if self.embedded else {})
            self.__dict__["_kept"] = kept
        return kept

    def to_bytes(self) -> bytes:
        """Everything as JSON with the weights as little-endian float32."""
        kept = {
            "words": _weighing_to_json(self.words),
            "embedded": _weighing_to_json(self.embedded) if self.embedded else None,
            "mean": _pack(self.mean) if self.mean is not None else None,
            "found": self.found,
            "missed": self.missed,
            "yes": self.yes,
            "no": self.no,
        }
        return json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()

    @staticmethod
    def from_bytes(kept: bytes) -> LearntTheme:
        """Read what `to_bytes` wrote."""
        read = json.loads(kept)
        return LearntTheme(
            words=_weighing_from_json(read["words"]),
            embedded=_weighing_from_json(read["embedded"]) if read["embedded"] else None,
            mean=_unpack(read["mean"]) if read["mean"] else None,
            found=read["found"],
            missed=read["missed"],
            yes=read["yes"],
            no=read["no"],
        )


def wilson(count: int, of: int, *, z: float = 1.959963984540054) -> Share | None:
    """A share with its 95 % Wilson interval; None of nothing."""
    if of == 0:
        return None
    share, square = count / of, z * z
    centre_at = (share + square / (2 * of)) / (1 + square / of)
    spread = z * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return Share(share, max(0.0, centre_at - spread), min(1.0, centre_at + spread), count, of)


def centre(embeddings: NDArray[Any], mean: Weights | None) -> NDArray[np.float32]:
    """Embeddings without their mean, each of length one."""
    rows = np.asarray(embeddings, dtype=np.float32)
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    if mean is not None:
        rows = rows - mean
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-9), dtype=np.float32)


def _table(weighing: Weighing) -> dict[str, float]:
    count = len(weighing.features)
    return dict(zip(weighing.features, weighing.weights[:count].tolist(), strict=True))


def _pack(weights: Sequence[float] | Weights) -> str:
    return base64.b64encode(np.asarray(weights, dtype="<f4").tobytes()).decode("ascii")


def _unpack(text: str) -> Weights:
    return np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float32)


def _weighing_to_json(weighing: Weighing) -> dict[str, Any]:
    return {
        "features": list(weighing.features),
        "weights": _pack(weighing.weights),
        "start": weighing.start,
        "threshold": weighing.threshold,
        "precision": asdict(weighing.precision) if weighing.precision else None,
        "recall": asdict(weighing.recall) if weighing.recall else None,
    }


def _weighing_from_json(kept: Mapping[str, Any]) -> Weighing:
    return Weighing(
        features=tuple(kept["features"]),
        weights=_unpack(kept["weights"]),
        start=kept["start"],
        threshold=kept["threshold"],
        precision=Share(**kept["precision"]) if kept["precision"] else None,
        recall=Share(**kept["recall"]) if kept["recall"] else None,
    )
