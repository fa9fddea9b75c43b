"""Dictionaries kept in a folder say what those from the package say, and open nothing else."""

import pickle
import zlib
from pathlib import Path
from unittest.mock import Mock

import pytest
from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY as PACKAGED

from kokemus.comments import dictionaries
from kokemus.comments.dictionaries import (
    keep_dictionaries_in,
    open_kept_dictionaries,
    words_of,
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(dictionaries, "_SHELF", dictionaries._Shelf())
    keep_dictionaries_in(tmp_path / "words")
    return tmp_path / "words"


def start_anew() -> None:
    """As another process would find it."""
    folder, dictionaries._SHELF = dictionaries._SHELF.folder, dictionaries._Shelf()
    keep_dictionaries_in(folder)


def index_never(monkeypatch: pytest.MonkeyPatch) -> Mock:
    index = Mock(side_effect=AssertionError("indexed again"))
    monkeypatch.setattr(dictionaries, "_index", index)
    return index


def test_what_is_kept_says_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words_of("en")
    start_anew()
    index_never(monkeypatch)
    kept, packaged = words_of("en"), PACKAGED.get_dictionary("en")
    assert kept is not packaged
    assert dict(kept.items()) == dict(packaged.items())
    assert [path.name.partition("-")[0] for path in folder.iterdir()] == ["en"]


def test_a_process_that_forks_opens_what_is_kept_and_indexes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words_of("en")
    start_anew()
    index = index_never(monkeypatch)
    open_kept_dictionaries(frozenset({"en", "sv"}))
    assert list(dictionaries._SHELF.open) == ["en"]
    assert index.call_count == 0


@pytest.mark.parametrize("cut", [0, 3, 4, 1_000, -1])
def test_a_damaged_one_is_made_again(
    folder: Path, cut: int, caplog: pytest.LogCaptureFixture
) -> None:
    words_of("en")
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    start_anew()
    assert words_of("en").get("waited") == "wait"
    assert path.read_bytes() == whole
    assert "is made again: it is not as it was written" in caplog.text


def test_what_names_a_program_is_not_run(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    words_of("en")
    (path,) = folder.iterdir()

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (exec, (f"open({str(tmp_path / 'done')!r}, 'w').close()",))

    packed = pickle.dumps(Evil())
    path.write_bytes(zlib.crc32(packed).to_bytes(4, "little") + packed)
    start_anew()
    assert words_of("en").get("waited") == "wait"
    assert "is made again: builtins.exec is no dictionary" in caplog.text
    assert not (tmp_path / "done").exists()


def test_a_folder_that_cannot_be_written_to_harms_nobody(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "file").write_text("")
    keep_dictionaries_in(tmp_path / "file" / "words")
    assert words_of("en").get("waited") == "wait"


def test_those_of_another_version_go(folder: Path) -> None:
    folder.mkdir()
    (folder / "en-1.0.0.words").write_bytes(b"old")
    (folder / "fi-1.0.0.words").write_bytes(b"old")
    words_of("en")
    assert {path.name[:4] for path in folder.iterdir()} == {"en-2", "fi-1"}


def test_a_language_without_a_dictionary_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="Unsupported language: xx"):
        words_of("xx")
