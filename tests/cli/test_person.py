"""`kokemus person` hands over and erases one person, and says why not otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.people import AURINKO, KUUTAMO, live_through, meet
from tests.world import World

from kokemus import cli
from kokemus.store.models import AuditEntry, Contact


@pytest.fixture(autouse=True)
def _data_dir(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def _prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' database is prepared already."""
    monkeypatch.setattr("kokemus.server.starting.prepare_or_explain", lambda configuration: None)
    monkeypatch.setattr("kokemus.server.starting.load", lambda: None)


def test_person_export_writes_everything_for_oneself_alone(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live_through(world, KUUTAMO)
    out = tmp_path / "person.json"
    assert cli.main(["person", "export", KUUTAMO.reference, "--out", str(out)]) == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert cli.main(["person", "export", KUUTAMO.email]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(out.read_text("utf-8"))
    assert printed["contact"]["name"] == KUUTAMO.name
    assert AuditEntry.objects.filter(action="person_exported").count() == 2


def test_person_erase_asks_to_be_confirmed(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    meet(world, KUUTAMO)
    assert cli.main(["person", "erase", KUUTAMO.reference]) == 1
    assert "  encounters: 1\nNothing was erased. Add --yes" in capsys.readouterr().out
    assert Contact.objects.exists()
    assert cli.main(["person", "erase", KUUTAMO.reference, "--yes"]) == 0
    assert capsys.readouterr().out == "Erased:\n  contacts: 1\n  encounters: 1\n"
    assert not Contact.objects.exists()
    assert AuditEntry.objects.get(action="erasure").detail["counts"]["contacts"] == 1


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("nobody", "Nobody has the reference, address or number 'nobody'."),
        ("Aava", "Nobody has the reference, address or number 'Aava'."),
        (KUUTAMO.email, "is of several people. Name one by reference: ref-aurinko"),
    ],
)
def test_person_says_whom_it_cannot_find(
    world: World, capsys: pytest.CaptureFixture[str], wanted: str, words: str
) -> None:
    for told in (KUUTAMO, AURINKO):
        meet(world, told)
    Contact.objects.update(email=KUUTAMO.email)
    assert cli.main(["person", "erase", wanted, "--yes"]) == 2
    assert words in capsys.readouterr().err
    assert Contact.objects.count() == 2


def test_person_says_what_is_in_the_way(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meet(world, KUUTAMO)
    nowhere = str(tmp_path / "nowhere" / "file.json")
    assert cli.main(["person", "export", KUUTAMO.reference, "--out", nowhere]) == 2
    assert "cannot be written" in capsys.readouterr().err
