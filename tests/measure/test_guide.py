"""The analyst's guide says what is true, and leaves no public function out."""

import doctest
import inspect
from pathlib import Path

import pytest

from kokemus import measure

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "measure.md", *sorted((DOCS / "measure").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_of_the_guide_are_true(page) -> None:
    found = doctest.testfile(str(page), module_relative=False)
    assert found.failed == 0
    assert found.attempted > 1


def test_every_public_function_has_a_heading() -> None:
    headings = {
        line.removeprefix("### ").strip("`")
        for page in PAGES
        for line in page.read_text("utf-8").splitlines()
        if line.startswith("### ")
    }
    functions = {name for name in measure.__all__ if inspect.isfunction(getattr(measure, name))}
    functions |= {name for name in vars(measure.intervals) if name.endswith("_interval")}
    assert functions - headings == set()
