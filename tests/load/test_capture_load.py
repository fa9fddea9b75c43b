"""The real server under a short load: every acknowledged answer is there, once."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from benchmarks._load import measure_load
from benchmarks.capture import json_posts, lay_ground, serving

ANSWERS = 600


@pytest.mark.slow
def test_every_acknowledged_answer_is_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "load.sqlite3"
    ground = lay_ground(f"sqlite:///{path}", str(tmp_path))
    with serving(ground) as (port, _process):
        measured = measure_load(port, json_posts(ground, "/api/v1/responses"), count=ANSWERS)
    rows = sqlite3.connect(path)
    kept = rows.execute("SELECT COUNT(*), COUNT(DISTINCT key) FROM store_response").fetchone()
    astray = rows.execute("PRAGMA foreign_key_check").fetchall()
    rows.close()
    assert (measured.statuses, kept, astray) == ({201: ANSWERS}, (ANSWERS, ANSWERS), [])
