"""The page about reading comments is true, and names every public function."""

import doctest
import inspect
from pathlib import Path

from kokemus import comments

PAGE = Path(__file__).parents[2] / "docs" / "comments.md"


def test_the_examples_of_the_page_are_true() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried > 10) == (0, True)


def test_every_public_function_has_a_heading() -> None:
    headings = {line[4:] for line in PAGE.read_text("utf-8").splitlines() if line[:4] == "### "}
    public = {name: getattr(comments, name) for name in comments.__all__}
    functions = {name for name, item in public.items() if not inspect.isclass(item)}
    assert functions == headings
