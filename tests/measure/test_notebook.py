"""The notebook of examples runs from top to bottom, and finds what was planted."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parents[2] / "examples" / "measure.ipynb"


def test_the_notebook_runs_and_finds_what_was_planted() -> None:
    pytest.importorskip("altair")
    names: dict[str, Any] = {}
    printed = io.StringIO()
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    with contextlib.redirect_stdout(printed):
        for cell in cells:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    assert "NPS 39.8 (95 % interval 37.2 to 42.4, 2,746 answers, 84 missing" in printed.getvalue()
    assert len(names["weeks"]) == 12
    change = names["change"]
    assert change.mix.high < 0
    assert change.total.estimate == pytest.approx(
        change.mix.estimate + change.within.estimate, abs=1e-9
    )
    assert sum(names["drivers"].share.values()) == pytest.approx(names["drivers"].r_squared)
    assert 0 < names["attribution"].variance["staff"] < names["attribution"].variance["residual"]


def test_the_notebook_keeps_no_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    assert [cell["id"] for cell in cells if cell.get("outputs")] == []
