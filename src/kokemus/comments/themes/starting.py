"""The twelve themes of service that every organisation starts with."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from kokemus.comments.themes.theme import Theme

LANGUAGES = ("fi", "sv", "en")
CODES = (
    "waiting",
    "staff",
    "competence",
    "price",
    "delivery",
    "product",
    "digital",
    "information",
    "accessibility",
    "promises",
    "handoffs",
    "recovery",
)


@cache
def starting_themes() -> tuple[Theme, ...]:
    """Waiting, staff, competence, price, delivery, product, digital, information, accessibility,
    promises, handoffs and recovery, each with names and rules in Finnish, Swedish and English.

    >>> [theme.name("fi") for theme in starting_themes()][:3]
    ['Odottaminen', 'Henkilökunta', 'Osaaminen']
    """
    books = {language: _read_rules(language) for language in LANGUAGES}
    return tuple(
        Theme(
            code=code,
            names={language: str(book[code]["name"]) for language, book in books.items()},
            rules={language: _rules(book[code]) for language, book in books.items()},
            vetoes={language: _lines(book[code], "vetoes") for language, book in books.items()},
            is_starting=True,
        )
        for code in CODES
    )


def _read_rules(language: str) -> dict[str, Any]:
    text = (files("kokemus.comments.themes") / "rules" / f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


def _rules(written: Mapping[str, str]) -> tuple[str, ...]:
    return (*written["words"].split(), *_lines(written, "phrases"))


def _lines(written: Mapping[str, str], key: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in written.get(key, "").splitlines() if line.strip())
