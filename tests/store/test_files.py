"""Whether somebody stands in an uploaded file, whatever its letters, and however large it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kokemus.store import files
from kokemus.store.models import ImportRun

MARKS = ["visit-77", "aava kuutamoinen", "päivi öhman"]
LINE = "5;2026-03-01;visit-1234;Palvelu oli hyvää ja nopeaa\n"


@pytest.fixture
def run(settings: Any, tmp_path: Path) -> ImportRun:
    settings.DATA_DIR = tmp_path
    files.upload_folder().mkdir()
    return ImportRun(stored_as="one.csv")


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        ("1;visit-77;Slow\n", "utf-8", True),
        ("VISIT-77", "utf-8", True),
        ("1;visit-770;Slow\n1;revisit-77\n", "utf-8", False),
        ("1;visit-770;visit-77\n", "utf-8", True),
        ("1;PÄIVI ÖHMAN;Slow\n", "cp1252", True),
        ("1;Päivi Öhman;Slow\n", "utf-16", True),
        ("", "utf-8", False),
    ],
)
def test_a_mark_is_found_as_a_word_of_its_own(
    run: ImportRun, text: str, encoding: str, expected: bool
) -> None:
    files.upload_path(run).write_text(text, encoding)
    assert files.upload_names(run, MARKS) is expected
    assert not files.upload_names(run, [])


@pytest.mark.parametrize(("mark", "expected"), [("visit-77", True), ("visit-770", False)])
def test_a_mark_is_found_wherever_the_file_is_cut(
    run: ImportRun, monkeypatch: pytest.MonkeyPatch, mark: str, expected: bool
) -> None:
    files.upload_path(run).write_text(f"1;22;{mark};Slow\n", "utf-8")
    for size in range(1, 20):
        monkeypatch.setattr(files, "STRETCH_BYTES", size)
        assert files.upload_names(run, MARKS) is expected


def test_one_of_many_marks_is_found_in_a_large_file(run: ImportRun) -> None:
    marks = [*MARKS, *(f"order-{number}" for number in range(300))]
    files.upload_path(run).write_text(LINE * 200_000, "utf-8")
    assert not files.upload_names(run, marks)
    with files.upload_path(run).open("a") as stream:
        stream.write("5;2026-03-01;order-299;Hyvä\n")
    assert files.upload_names(run, marks)
