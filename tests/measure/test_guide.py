"""The analyst's guide says what is true, and leaves no public function out."""

import doctest
import inspect
from pathlib import Path

from kokemus import measure

GUIDE = Path(__file__).parents[2] / "docs" / "measure.md"


def test_the_examples_of_the_guide_are_true() -> None:
    assert doctest.testfile(str(GUIDE), module_relative=False) == (0, 21)


def test_every_public_function_has_a_heading() -> None:
    headings = {
        line.removeprefix("### ").strip("`")
        for line in GUIDE.read_text("utf-8").splitlines()
        if line.startswith("### ")
    }
    functions = {name for name in measure.__all__ if inspect.isfunction(getattr(measure, name))}
    functions |= {name for name in vars(measure.intervals) if name.endswith("_interval")}
    assert functions - headings == set()
