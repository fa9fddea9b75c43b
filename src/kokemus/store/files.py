"""Files in the data folder that hold what people wrote, beside the column files (`lake`).

Uploaded files of answers with the lines that were refused, and themes that were looked for.
"""

from __future__ import annotations

import json
import mmap
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings

from kokemus.store.models import ImportRun, Organisation

ENCODINGS = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")


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
        written
        for mark in marks
        for cased in (mark, mark.lower(), mark.upper(), mark.title())
        for encoding in ENCODINGS
        if (written := _written(cased, encoding))
    }
    path = upload_path(run)
    if not told or not path.exists() or not path.stat().st_size:
        return False
    pattern = re.compile(b"|".join(sorted(told)), re.IGNORECASE)
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as all_:
        return pattern.search(all_) is not None


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
    """A pattern of the mark's bytes; where characters are bytes, as a word of its own."""
    try:
        escaped = re.escape(mark.encode(encoding))
    except UnicodeEncodeError:
        return b""
    if encoding.startswith("utf-16"):
        return escaped
    return rb"(?<![0-9A-Za-z])" + escaped + rb"(?![0-9A-Za-z])"
