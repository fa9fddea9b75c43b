"""The weights of names come out the same, bit for bit, and hold hashes only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kokemus.comments.personal.name_weights import PAYLOAD_BITS, hash_of

pytest.importorskip("faker")

from training import names

COUNTS = {"miehet_counts.csv": "Pekka,80000", "naiset_counts.csv": "Satu,25000\nMerja,500"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder like the one that the weights are made from, with a few lines in each file."""
    folder = tmp_path / "data"
    (folder / "names").mkdir(parents=True)
    for name, rows in COUNTS.items():
        (folder / "names" / name).write_text(f"Etunimi,Lukumäärä\n{rows}\n", "utf-8")
    (folder / "names/sukunimet_counts.csv").write_text("Sukunimi,Yhteensä\nVirta,4500\n", "utf-8")
    (folder / "names/paikat_yso_cc0.txt").write_text("# Lähde\nSalo (Pirkkala)\n", "utf-8")
    for name in names.SENTENCES:
        (folder / name).write_text("text\nSanoin Pekka ja satu, sadun satu on satu\n", "utf-8")
    return folder


def test_the_same_data_gives_the_same_files(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    for run in ("first", "second"):
        monkeypatch.setattr(names, "WEIGHTS", tmp_path / run)
        names.main(data)
        written.append([path.read_bytes() for path in sorted((tmp_path / run).iterdir())])
    assert len(written[0]) == 2
    assert written[0] == written[1]


def test_bearers_places_and_words_are_told_apart(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "WEIGHTS", tmp_path)
    names.main(data)
    packed = {
        number >> PAYLOAD_BITS: number & 0xFFFF
        for number in np.load(tmp_path / "names.npy").tolist()
    }
    words = set(np.load(tmp_path / "names_words.npy").tolist())
    assert packed[hash_of("satu")] == 14 << 12
    assert packed[hash_of("virta")] == 12 << 8
    assert packed[hash_of("salo")] == 1
    assert hash_of("satu") in words
    assert hash_of("pekka") not in words
