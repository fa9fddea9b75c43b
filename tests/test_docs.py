"""Whatever can be set, called or run has a heading in `docs/`, and the pages lead somewhere."""

from __future__ import annotations

import argparse
import doctest
import inspect
import re
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

from kokemus import cli, measure

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def headings(page: str) -> set[str]:
    """The headings of a page, without marks of code."""
    text = re.sub(r"^```.*?^```", "", (DOCS / page).read_text("utf-8"), flags=re.DOTALL | re.M)
    return {
        line.lstrip("#").replace("`", "").strip() for line in text.splitlines() if line[:1] == "#"
    }


@pytest.mark.server
@pytest.mark.skipif(not find_spec("django"), reason="needs the server extra")
def test_every_setting_has_a_heading() -> None:
    from kokemus.server.configuration import Configuration, variable_of

    names = {variable_of(item.name) for item in fields(Configuration)}
    written = {heading for heading in headings("settings.md") if heading.startswith("KOKEMUS_")}
    assert written == names


def test_every_command_has_a_heading() -> None:
    parser = cli.build_parser()
    choices = [a.choices for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    names = {f"kokemus {name}" for name in choices[0]}
    assert names - headings("commands.md") == set()


@pytest.mark.server
@pytest.mark.skipif(not find_spec("django"), reason="needs the server extra")
def test_every_api_operation_has_a_heading() -> None:
    from kokemus.server.api import api

    operations = {
        f"{method.upper()} {path}"
        for path, item in api.get_openapi_schema()["paths"].items()
        for method in item
    }
    written = {h for h in headings("api.md") if h.split(" ")[0] in {"GET", "POST", "PUT", "DELETE"}}
    assert written == operations


def public_functions(module: ModuleType) -> set[str]:
    """Functions that a module exports; of the modules that it exports, the intervals."""
    names = set()
    for name in getattr(module, "__all__", []):
        item = getattr(module, name)
        if inspect.isfunction(item):
            names.add(name)
        elif inspect.ismodule(item):
            names |= {each for each in vars(item) if each.endswith("_interval")}
    return names


def test_every_public_function_of_measure_has_a_heading() -> None:
    pages = ["measure.md", *(f"measure/{page.name}" for page in (DOCS / "measure").glob("*.md"))]
    written = set().union(*(headings(page) for page in pages))
    assert public_functions(measure) - written == set()


def test_every_page_is_in_the_navigation() -> None:
    listed = set(re.findall(r": (\S+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.M))
    assert listed == {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}


def test_a_missing_heading_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.md").write_text("# Page\n\n## kokemus serve\n\n```\n# no heading\n```\n")
    monkeypatch.setattr(f"{__name__}.DOCS", tmp_path)
    assert headings("page.md") == {"Page", "kokemus serve"}


def test_the_examples_of_the_readme_are_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testfile(str(ROOT / "README.md"), module_relative=False) == (0, 6)


def test_the_readme_leads_to_what_exists() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert [target for target in targets if not (ROOT / target).is_file()] == []
    assert (ROOT / "docs/pictures/overview.png").stat().st_size < 250_000


def test_the_tests_that_attack_the_promises_exist() -> None:
    named = re.findall(r"`(tests/[\w/.]+)`", (ROOT / "ARCHITECTURE.md").read_text("utf-8"))
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).exists()] == []
