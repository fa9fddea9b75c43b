"""The gold set holds what its guide says; checked without a line of kokemus.comments."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

SET = Path(__file__).parents[1] / "reference" / "comments"
LANGUAGES = sorted(path.stem for path in SET.glob("*.jsonl"))
CODES = [
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
]
KINDS = {"phone", "email", "plate", "address", "name", "personal_id", "iban", "business_id", "card"}
SCORES = {"negative": range(6), "neutral": range(4, 10), "positive": range(7, 11)}
FIELDS = ["id", "text", "sentiment", "score", "themes", "lemmas", "personal"]


def read(language: str) -> list[dict[str, Any]]:
    lines = (SET / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def digits(text: str) -> list[int]:
    return [int(sign) for sign in text if sign.isdigit()]


def luhn_holds(text: str) -> bool:
    turned = digits(text)[::-1]
    return (sum(turned[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in turned[1::2])) % 10 == 0


def personal_id_holds(text: str) -> bool:
    assert re.fullmatch(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]", text), text
    mark = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(text[:6] + text[7:10]) % 31]
    return int(text[7:10]) >= 900 and text[10] == mark


def iban_holds(text: str) -> bool:
    joined = text.replace(" ", "")
    return int("".join(str(int(sign, 36)) for sign in joined[4:] + joined[:4])) % 97 == 1


def business_id_holds(text: str) -> bool:
    return (
        sum(a * b for a, b in zip(digits(text), (7, 9, 10, 5, 8, 4, 2, 1), strict=True)) % 11 == 0
    )


CHECKS = {
    "personal_id": personal_id_holds,
    "iban": iban_holds,
    "business_id": business_id_holds,
    "card": luhn_holds,
}


def test_the_three_languages_are_there() -> None:
    assert LANGUAGES == ["en", "fi", "sv"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_have_the_fields_and_known_codes(language: str) -> None:
    lines = read(language)
    assert [line["id"] for line in lines] == list(range(1, 201))
    assert {tuple(line) for line in lines} == {tuple(FIELDS)}
    for line in lines:
        assert line["themes"] == [code for code in CODES if code in line["themes"]], line
        assert len(line["themes"]) <= 3, line
        assert {kind for _, kind in line["personal"]} <= KINDS, line
        assert line["score"] is None or line["score"] in SCORES[line["sentiment"]], line


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_comes_twice(language: str) -> None:
    texts = [re.sub(r"\W+", " ", line["text"].lower()) for line in read(language)]
    assert [text for text, count in Counter(texts).items() if count > 1 and text.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_surfaces_come_from_the_text_in_its_order(language: str) -> None:
    for line in read(language):
        for field in ("lemmas", "personal"):
            at = 0
            for surface, value in line[field]:
                at = line["text"].index(surface, at) + len(surface)
                assert value.strip(), line
        assert all(lemma == lemma.lower() for _, lemma in line["lemmas"]), line


@pytest.mark.parametrize("language", LANGUAGES)
def test_check_digits_are_right(language: str) -> None:
    coded = [(s, kind) for line in read(language) for s, kind in line["personal"] if kind in CHECKS]
    assert len(coded) >= 8
    assert [pair for pair in coded if not CHECKS[pair[1]](pair[0])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_set_is_as_broad_as_the_guide_says(language: str) -> None:
    lines = read(language)
    assert Counter(line["sentiment"] for line in lines) == {
        "negative": 90,
        "neutral": 40,
        "positive": 70,
    }
    assert sum(line["score"] is None for line in lines) == 30
    assert sum(bool(line["personal"]) for line in lines) >= 38
    assert {kind for line in lines for _, kind in line["personal"]} == KINDS
    assert sum(len(line["lemmas"]) for line in lines) >= 850


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("remainder", [1, 0])
def test_either_half_has_every_theme_and_sentiment(language: str, remainder: int) -> None:
    half = [line for line in read(language) if line["id"] % 2 == remainder]
    themes = Counter(code for line in half for code in line["themes"])
    assert {code for code in CODES if themes[code] < 4} == set()
    assert Counter(line["sentiment"] for line in half)["neutral"] == 20
