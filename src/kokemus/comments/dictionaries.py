"""simplemma's dictionaries, opened at once where they are kept.

A dictionary is a compressed stream of up to millions of forms. To look one up in little memory one
has to know where its blocks begin, which takes a processor 1.6 s for Finnish. Kept in a folder with
that knowledge, it opens in a twentieth of a second.
"""

import contextlib
import io
import logging
import os
import pickle
import tempfile
import zlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simplemma.strategies.dictionaries.dictionary_factory import DictionaryFactory

LOG = logging.getLogger(__name__)
CHECKSUM_BYTES = 4


class _Shelf:
    """What is open in this process, and the folder where it is kept, if anywhere."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.open: dict[str, Mapping[str, str]] = {}
        self.lock = RLock()  # two threads that read comments would both work for seconds


_SHELF = _Shelf()


def keep_dictionaries_in(folder: Path | None) -> None:
    """Keep what is opened from now on in a folder, which need not exist; None: nowhere."""
    _SHELF.folder = folder


def words_of(language: str) -> Mapping[str, str]:
    """Dictionary forms by the form of a word.

    Raises
    ------
    ValueError
        There is no dictionary of that language.
    """
    found = _SHELF.open.get(language)
    return found if found is not None else _open(language)


def open_kept_dictionaries(languages: frozenset[str]) -> None:
    """Open those that are kept: for a process that forks, whose children share them."""
    for language in sorted(languages):
        with _SHELF.lock:
            if language not in _SHELF.open and (kept := _read(language)) is not None:
                _SHELF.open[language] = kept


@cache
def dictionary_factory() -> "DictionaryFactory":
    """The same for what simplemma looks up by itself."""
    from simplemma.strategies.dictionaries.dictionary_factory import DictionaryFactory

    class Factory(DictionaryFactory):
        def get_dictionary(self, lang: str) -> Mapping[str, str]:
            return words_of(lang)

    return Factory()


def _open(language: str) -> Mapping[str, str]:
    with _SHELF.lock:
        found = _SHELF.open.get(language)
        if found is None and (found := _read(language)) is None:
            found = _index(language)
            _keep(language, found)
        _SHELF.open[language] = found
    return found


def _index(language: str) -> Mapping[str, str]:
    from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

    return LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(language)


def _path_of(language: str) -> Path | None:
    name = f"{language}-{version('simplemma')}.words"
    return _SHELF.folder / name if _SHELF.folder else None


def _read(language: str) -> Mapping[str, str] | None:
    """The dictionary as it is kept; None where it is not, or is not as it was written."""
    path = _path_of(language)
    if path is None:
        return None
    try:
        written = memoryview(path.read_bytes())
    except OSError:
        return None
    checksum, packed = written[:CHECKSUM_BYTES], written[CHECKSUM_BYTES:]
    try:
        if not packed or checksum != zlib.crc32(packed).to_bytes(CHECKSUM_BYTES, "little"):
            raise pickle.UnpicklingError("it is not as it was written")
        found: Mapping[str, str] = _Dictionary(io.BytesIO(packed)).load()
    except pickle.UnpicklingError as error:
        LOG.warning("The kept dictionary %s is made again: %s", path.name, error)
        return None
    return found


def _keep(language: str, words: Mapping[str, str]) -> None:
    """Write it whole or not at all; that a folder cannot be written to harms nobody."""
    path = _path_of(language)
    if path is None:
        return
    packed = pickle.dumps(words, protocol=5)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        number, coming = tempfile.mkstemp(dir=path.parent, prefix=f"{language}-", suffix=".coming")
        try:
            with os.fdopen(number, "wb") as file:
                file.write(zlib.crc32(packed).to_bytes(CHECKSUM_BYTES, "little") + packed)
            Path(coming).replace(path)
        finally:
            Path(coming).unlink(missing_ok=True)
        for older in path.parent.glob(f"{language}-*.words"):
            if older != path:
                older.unlink(missing_ok=True)


class _Dictionary(pickle.Unpickler):
    """Opens a dictionary of simplemma and nothing else: a pickle may name any program."""

    def find_class(self, module: str, name: str) -> Any:
        from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamMap

        if (module, name) != (StreamMap.__module__, StreamMap.__qualname__):
            raise pickle.UnpicklingError(f"{module}.{name} is no dictionary")
        return StreamMap
