"""Every word of every page is there in Finnish and in Swedish, with the same placeholders."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).parent.parent / "src" / "kokemus"
LANGUAGES = ("fi", "sv")
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


@dataclass(frozen=True)
class Message:
    text: str
    context: str | None
    place: str


def list_messages(app: Path) -> Iterator[Message]:
    """Every marked string of an app's Python files and templates."""
    for path in sorted(app.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from read_messages(path.read_text("utf-8"), place=_place(path))
    for path in sorted(app.glob("templates/**/*")):
        if path.is_file():
            code = templatize(path.read_text("utf-8"), origin=str(path))
            yield from read_messages(code, place=_place(path))


def read_messages(code: str, *, place: str) -> Iterator[Message]:
    stream = io.BytesIO(code.encode())
    options = {"encoding": "utf-8"}
    for line, found, _, context in extract("python", stream, keywords=KEYWORDS, options=options):
        text = found[0] if isinstance(found, tuple) else found
        if text:
            yield Message(text, context, f"{place}:{line}")


def list_faults(message: Message, *, catalogue: Catalog) -> Iterator[str]:
    entry = catalogue.get(message.text, message.context)
    if entry is None:
        yield f"{message.place} is missing: {message.text!r}"
        return
    strings = entry.string if isinstance(entry.string, tuple) else (entry.string,)
    if not all(strings):
        yield f"{message.place} is empty: {message.text!r}"
    if entry.fuzzy:
        yield f"{message.place} is fuzzy: {message.text!r}"
    source = entry.id if isinstance(entry.id, tuple) else (entry.id,)
    expected = set(PLACEHOLDER.findall(source[-1]))
    if any(set(PLACEHOLDER.findall(string)) - expected for string in strings):
        yield f"{message.place} has a placeholder of its own: {message.text!r}"
    if expected - set(PLACEHOLDER.findall(strings[-1])):
        yield f"{message.place} lacks a placeholder: {message.text!r}"


def read_catalogue(app: Path, language: str) -> Catalog:
    path = app / "locale" / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def merge_catalogues(language: str) -> Catalog:
    """All apps' texts in one, as Django merges them: what one app says, another may use."""
    merged = Catalog(locale=language)
    for app in APPS:
        for entry in read_catalogue(SOURCE / app, language):
            if entry.id and merged.get(entry.id, entry.context) is None:
                merged.add(entry.id, entry.string, flags=entry.flags, context=entry.context)
    return merged


def _place(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


APPS = sorted(path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("app", APPS)
def test_every_text_is_translated(app: str, language: str) -> None:
    catalogue = merge_catalogues(language)
    found = [
        fault
        for message in list_messages(SOURCE / app)
        for fault in list_faults(message, catalogue=catalogue)
    ]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_apps_agree_on_a_text(language: str) -> None:
    """Django merges the catalogues: where two differ, one of them would be shown for both."""
    said: dict[tuple[object, str | None], dict[object, str]] = {}
    for app in APPS:
        for entry in read_catalogue(SOURCE / app, language):
            if entry.id:
                said.setdefault((entry.id, entry.context), {})[entry.string] = app
    assert {key: ways for key, ways in said.items() if len(ways) > 1} == {}


def test_marked_texts_are_found_in_python_and_in_templates() -> None:
    code = '_("One"); ngettext("%(n)s cat", "%(n)s cats", n); pgettext("noun", "Order")'
    page = (
        '{% load i18n %}{% translate "Two" %}'
        "{% blocktranslate with a=b %}Three {{ a }}{% endblocktranslate %}"
    )
    marked = [*read_messages(code, place="x"), *read_messages(templatize(page), place="y")]
    assert [(message.text, message.context) for message in marked] == [
        ("One", None),
        ("%(n)s cat", None),
        ("Order", "noun"),
        ("Two", None),
        ("Three %(a)s", None),
    ]


def test_faults_of_a_translation_are_found() -> None:
    catalogue = Catalog(locale="fi")
    catalogue.add("Hello %(name)s", "Hei")
    catalogue.add("Empty", "")
    catalogue.add("Guess", "Arvaus", flags=["fuzzy"])
    texts = ("Hello %(name)s", "Empty", "Guess", "Absent")
    faults = [
        fault
        for text in texts
        for fault in list_faults(Message(text, None, "x:1"), catalogue=catalogue)
    ]
    assert faults == [
        "x:1 lacks a placeholder: 'Hello %(name)s'",
        "x:1 is empty: 'Empty'",
        "x:1 is fuzzy: 'Guess'",
        "x:1 is missing: 'Absent'",
    ]
