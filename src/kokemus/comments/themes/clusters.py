"""Put like comments together: by the lemmas they share, or by their embeddings."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from kokemus.comments.themes.learnt import centre

Closeness = NDArray[np.float32]
TURNS_MAX = 30
STARTS = 3
MEAN_OF_MIN = 30
NEAR_ENOUGH = {"lemmas": 0.2, "embeddings": 0.25}


def group_by_lemmas(weighted: Any, *, k: int, seed: int) -> Closeness:
    """How close each comment is to each of k topics (non-negative matrix factorisation).

    scikit-learn is imported here and not before: nothing that reads comments needs it.
    """
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    topics = min(k, min(weighted.shape))
    model = NMF(topics, init="nndsvda", random_state=seed, max_iter=200, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # near is near enough to group by
        model.fit(weighted)
    components = np.asarray(model.components_)
    length = np.maximum(np.linalg.norm(components, axis=1, keepdims=True), 1e-9)
    return np.asarray(weighted @ (components / length).T, dtype=np.float32)


def group_by_embeddings(
    embeddings: NDArray[Any], *, k: int, seed: int, spoken: NDArray[np.str_]
) -> Closeness:
    """How close each comment is to each of k centres (spherical k-means, mean subtracted).

    The mean is that of each language (`spoken`), where it has comments enough: else comments
    would be near for their language before they are for what they say.
    """
    unit = centre(embeddings, None)
    rows = centre(unit, np.asarray(unit.mean(axis=0), dtype=np.float32))
    for language in np.unique(spoken):
        own = spoken == language
        if own.sum() >= MEAN_OF_MIN:
            rows[own] = centre(unit[own], np.asarray(unit[own].mean(axis=0), dtype=np.float32))
    chance = np.random.default_rng(seed)
    found = [_settle(rows, _spread(rows, min(k, len(rows)), chance)) for _ in range(STARTS)]
    return max(found, key=lambda closeness: float(closeness.max(axis=1).sum()))


def _spread(rows: Closeness, k: int, chance: np.random.Generator) -> Closeness:
    """First centres far from each other (k-means++)."""
    centres = [rows[int(chance.integers(len(rows)))]]
    nearest = rows @ centres[0]
    while len(centres) < k:
        away = np.maximum(1 - nearest.astype(float), 0)
        total = away.sum()
        share = away / total if total > 0 else np.full(len(rows), 1 / len(rows))
        centres.append(rows[int(chance.choice(len(rows), p=share))])
        nearest = np.maximum(nearest, rows @ centres[-1])
    return np.stack(centres)


def _settle(rows: Closeness, centres: Closeness) -> Closeness:
    """Move the centres until no comment changes its own."""
    chosen = np.full(len(rows), -1)
    ones, places = np.ones(len(rows), dtype=np.float32), np.arange(len(rows))
    for _ in range(TURNS_MAX):
        closeness = rows @ centres.T
        now = closeness.argmax(axis=1)
        if np.array_equal(now, chosen):
            break
        chosen = now
        members = csr_array((ones, (chosen, places)), shape=(len(centres), len(rows)))
        sums = np.asarray(members @ rows, dtype=np.float32)
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(length > 1e-9, sums / np.maximum(length, 1e-9), centres)
    return np.asarray(rows @ centres.T, dtype=np.float32)
