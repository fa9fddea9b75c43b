"""Lemmas and pairs of lemmas of many comments, counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from kokemus.comments.themes.stop_words import is_telling

COMMENTS_MIN = 3  # a lemma in fewer comments is no word of a theme
SHARE_MAX = 0.4  # a lemma in more of them says nothing of one


@dataclass(frozen=True, eq=False)
class Terms:
    """Which comment (row) holds which lemma or pair (column), as ones."""

    names: tuple[str, ...]
    present: Any

    @cached_property
    def counts(self) -> NDArray[np.float64]:
        """In how many comments each stands."""
        return np.asarray(self.present.sum(axis=0), dtype=float).ravel()

    @cached_property
    def weighted(self) -> Any:
        """TF-IDF with rows of length one; a comment without a known lemma is all zeros."""
        rarity = np.log((1 + self.present.shape[0]) / (1 + self.counts)) + 1
        rows = csr_array(self.present * rarity[None, :])
        length = np.sqrt(np.asarray((rows * rows).sum(axis=1), dtype=float).ravel())
        return csr_array(rows * (1 / np.maximum(length, 1e-9))[:, None])


def count_lemmas(comments: Sequence[Sequence[str]], *, stop_words: Collection[str] = ()) -> Terms:
    """Telling lemmas, neither rare nor everywhere."""
    left_out = {word.lower() for word in stop_words}
    return _count([_telling(lemmas, left_out) for lemmas in comments])


def count_pairs(comments: Sequence[Sequence[str]], *, stop_words: Collection[str] = ()) -> Terms:
    """Telling lemmas side by side."""
    left_out = {word.lower() for word in stop_words}
    return _count([_pairs(lemmas, left_out) for lemmas in comments])


def _telling(lemmas: Sequence[str], left_out: Collection[str]) -> set[str]:
    return {lemma for lemma in lemmas if is_telling(lemma) and lemma not in left_out}


def _pairs(lemmas: Sequence[str], left_out: Collection[str]) -> set[str]:
    return set(_pair_up(lemmas, left_out))


def _pair_up(lemmas: Sequence[str], left_out: Collection[str]) -> Iterator[str]:
    said = [lemma if is_telling(lemma) and lemma not in left_out else "" for lemma in lemmas]
    for one, other in pairwise(said):
        if one and other and one != other:
            yield f"{one} {other}"


def _count(terms: Sequence[Collection[str]]) -> Terms:
    seen = Counter(term for each in terms for term in each)
    most = max(COMMENTS_MIN, SHARE_MAX * len(terms))
    names = tuple(sorted(term for term, count in seen.items() if COMMENTS_MIN <= count <= most))
    column = {name: place for place, name in enumerate(names)}
    places = [sorted(column[term] for term in each if term in column) for each in terms]
    starts = np.cumsum([0, *(len(each) for each in places)])
    columns = np.array([place for each in places for place in each], dtype=np.int32)
    ones = np.ones(len(columns), dtype=np.float64)
    return Terms(names, csr_array((ones, columns, starts), shape=(len(terms), len(names))))
