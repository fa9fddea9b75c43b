"""Files in the data folder that hold what people wrote, beside the column files (`lake`).

Uploaded files of answers with the lines that were refused, and themes that were looked for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from django.conf import settings

from kokemus.store.models import ImportRun, Organisation

ENCODINGS = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")
STRETCH_BYTES = 4 * 1024 * 1024


def upload_folder() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def upload_path(run: ImportRun) -> Path:
    """The file as it was uploaded; it goes when the import has ended."""
    return upload_folder() / run.stored_as


def refused_path(run: ImportRun) -> Path:
    """Where each refused line is kept, one JSON object a line; the row keeps the first ones."""
    return upload_folder() / f"{run.stored_as}.refused"


def discovery_path(organisation: Organisation) -> Path:
    """Themes that were looked for, with telling words and examples; can be lost and made anew."""
    return Path(settings.DATA_DIR) / "discovery" / f"{organisation.pk}.json"


def remove_upload(run: ImportRun) -> None:
    upload_path(run).unlink(missing_ok=True)


def remove_all_of(run: ImportRun) -> None:
    remove_upload(run)
    refused_path(run).unlink(missing_ok=True)


def upload_names(run: ImportRun, marks: Iterable[str]) -> bool:
    """Whether one of the marks stands in the uploaded file, as a word and in any of its cases."""
    told = {
        written.lower(): encoding.startswith("utf-16")
        for mark in marks
        for cased in (mark, mark.lower(), mark.upper(), mark.title())
        for encoding in ENCODINGS
        if (written := _written(cased, encoding))
    }
    path = upload_path(run)
    if not told or not path.exists():
        return False
    stretches = _read_stretches(path, overlap=max(map(len, told)) + 1)
    return any(_stands_in(stretch, told) for stretch in stretches)


def blank_refused(run: ImportRun, *, is_theirs: Callable[[str], bool]) -> None:
    """Take out of the file of refused lines the values of which this is true."""
    path = refused_path(run)
    if not path.exists():
        return
    lines = path.read_text("utf-8").splitlines()
    kept = [blank(json.loads(line), is_theirs=is_theirs) for line in lines]
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text("".join(f"{json.dumps(one)}\n" for one in kept), "utf-8")
    temporary.replace(path)


def blank(refused: dict[str, object], *, is_theirs: Callable[[str], bool]) -> dict[str, object]:
    """A refused line without its value, if that is theirs."""
    return {**refused, "value": ""} if is_theirs(str(refused["value"])) else refused


def _written(mark: str, encoding: str) -> bytes:
    try:
        return mark.encode(encoding)
    except UnicodeEncodeError:
        return b""


def _read_stretches(path: Path, *, overlap: int) -> Iterator[bytes]:
    """The file in small letters, each stretch from the end of the one before, blanks around all."""
    with path.open("rb") as stream:
        kept = b" "
        while read := stream.read(STRETCH_BYTES):
            stretch = kept + read.lower()
            yield stretch
            kept = stretch[-overlap:]
    yield kept + b" "


def _stands_in(stretch: bytes, told: Mapping[bytes, bool]) -> bool:
    """Whether one does as a word of its own; where characters are two bytes, anywhere.

    All are looked for at once, as a file may be large and a person may have many marks.
    """
    from kokemus.store.frames import find_parts  # not before it is needed: it starts threads

    found = find_parts(stretch.decode("latin-1"), [mark.decode("latin-1") for mark in told])
    written = [one.encode("latin-1") for one in found]
    return any(told[one] or _has_word(stretch, one) for one in written)


def _has_word(stretch: bytes, word: bytes) -> bool:
    """Whether it has no letter or digit beside it; at an edge the next stretch tells."""
    start = stretch.find(word)
    while start >= 0:
        end = start + len(word)
        before, after = stretch[max(start - 1, 0) : start], stretch[end : end + 1]
        if before and after and not (before.isalnum() or after.isalnum()):
            return True
        start = stretch.find(word, start + 1)
    return False
