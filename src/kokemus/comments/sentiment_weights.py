"""Weights of hashed features, and how they are kept: whole numbers in plain files, no pickle."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kokemus.comments.sentiment_features import (
    BUCKETS,
    CHARACTER_BUCKETS,
    Features,
    count_features,
)

Numbers = NDArray[np.float32]
FOLDER = Path(__file__).parent / "weights"
COLUMNS = 2
"""Of sentiment: log odds of negative against neutral, and of positive against neutral."""

_RARITY_STEPS = 20


@dataclass(frozen=True)
class Weights:
    """What the features of one language say.

    `rarity` is the inverse document frequency of each bucket, 0 for those too rare to count;
    `weights` and `shapes` (of the text as a whole) hold a column for each log odds, `bias` is
    where a text without any stands.
    `certain` is the probability from which a reading by these weights is not unsure.
    """

    rarity: Numbers
    weights: Numbers
    shapes: Numbers
    bias: Numbers
    certain: float

    def log_odds(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """One row for each text, a column for each log odds."""
        parts = [self._weigh(features) for features in count_features(texts, is_known=self.known)]
        return np.concatenate([np.zeros((0, len(self.bias))), *parts])

    def contributions(self, features: Features) -> NDArray[np.float64]:
        """What each feature adds to the log odds of its text."""
        values = scaled_values(features, self.rarity)
        return values[:, None] * self.weights[features.buckets]

    def _weigh(self, features: Features) -> NDArray[np.float64]:
        added = self.contributions(features)
        columns = [
            np.bincount(features.documents, added[:, column], features.size)
            for column in range(len(self.bias))
        ]
        return np.stack(columns, axis=1) + features.shapes @ self.shapes + self.bias

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.rarity > 0
        return found


def scaled_values(features: Features, rarity: Numbers) -> NDArray[np.float64]:
    """`(1 + log count) * rarity`, of length one in each text and table."""
    values = (1 + np.log(features.counts)) * rarity[features.buckets]
    table = features.documents * 2 + (features.buckets >= CHARACTER_BUCKETS)
    squares = np.bincount(table, values * values, 2 * features.size)
    lengths: NDArray[np.float64] = values / np.sqrt(np.maximum(squares, 1e-12))[table]
    return lengths


def load_weights(name: str, *, folder: Path = FOLDER) -> Weights:
    """Read weights from the files of their name: a language, or one and what it is about."""
    rarity = np.load(folder / f"{name}_rarity.npy", allow_pickle=False)
    weights = np.load(folder / f"{name}_weights.npy", allow_pickle=False)
    facts = json.loads((folder / f"{name}.json").read_text("utf-8"))
    steps = np.array(facts["weight_steps"], np.float32)
    spread = BUCKETS // len(rarity)
    return Weights(
        rarity=np.repeat(rarity.astype(np.float32) / _RARITY_STEPS, spread),
        weights=np.repeat(weights.astype(np.float32) * steps, spread, axis=0),
        shapes=np.array(facts["shapes"], np.float32),
        bias=np.array(facts["bias"], np.float32),
        certain=float(facts["certain"]),
    )


def save_weights(weights: Weights, *, name: str, folder: Path) -> None:
    """Write weights as bytes; two buckets share one where all pairs agree."""
    rarity = np.rint(weights.rarity * _RARITY_STEPS).clip(0, 255).astype(np.uint8)
    steps = np.quantile(np.abs(weights.weights[weights.known]), 0.9995, axis=0) / 127
    steps = np.array([float(f"{step:.6g}") for step in steps])
    whole = np.rint(weights.weights / steps).clip(-127, 127).astype(np.int8)
    while all(_pairs_agree(table) for table in (rarity, whole)):
        rarity, whole = rarity[::2], whole[::2]
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / f"{name}_rarity.npy", np.ascontiguousarray(rarity))
    np.save(folder / f"{name}_weights.npy", np.ascontiguousarray(whole))
    facts = {
        "bias": np.round(weights.bias.astype(float), 4).tolist(),
        "shapes": np.round(weights.shapes.astype(float), 4).tolist(),
        "certain": round(weights.certain, 3),
        "weight_steps": steps.tolist(),
    }
    (folder / f"{name}.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


def _pairs_agree(table: NDArray[np.generic]) -> bool:
    return len(table) % 2 == 0 and bool(np.all(table[::2] == table[1::2]))
