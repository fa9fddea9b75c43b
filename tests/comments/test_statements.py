"""Where one statement ends and the next begins."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokemus.comments.statements import split_statements


def cut(comment: str, language: str) -> list[str]:
    return [comment[start:end] for start, end in split_statements(comment, language=language)]


@pytest.mark.parametrize(
    ("language", "comment", "statements"),
    [
        ("fi", "Hyvä palvelu. Hinta kova!", ["Hyvä palvelu.", "Hinta kova!"]),
        ("fi", "Hyvä hinta mutta pitkä jono", ["Hyvä hinta", "mutta pitkä jono"]),
        ("fi", "Soitin, vaikka oli jo ilta", ["Soitin,", "vaikka oli jo ilta"]),
        ("fi", "Ei mennyt vaikka yritin", ["Ei mennyt vaikka yritin"]),
        (
            "fi",
            "Jono seisoi, kun taas kassa oli tyhjä",
            ["Jono seisoi,", "kun taas kassa oli tyhjä"],
        ),
        ("fi", "Kallis. Toisaalta laadukas", ["Kallis.", "Toisaalta laadukas"]),
        ("sv", "Bra pris men lång kö", ["Bra pris", "men lång kö"]),
        ("sv", "Fint, fast dyrt. Däremot nära", ["Fint,", "fast dyrt.", "Däremot nära"]),
        ("en", "Friendly staff, however slow", ["Friendly staff,", "however slow"]),
        ("en", "Fine although dear", ["Fine", "although dear"]),
        ("en", "Nice shop but no parking", ["Nice shop", "but no parking"]),
    ],
)
def test_sentences_and_contrasts_are_cut(
    language: str, comment: str, statements: list[str]
) -> None:
    assert cut(comment, language) == statements


@pytest.mark.parametrize(
    ("language", "comment"),
    [
        ("fi", "Tulin esim. Turusta klo 10.30"),
        ("fi", "Tilasin 1.5.2026 ja maksoin 12.50 e"),
        ("fi", "Jono oli 3. kerroksessa"),
        ("fi", "Löysin sivulta kokemus.fi apua"),
        ("sv", "Jag fick t.ex. vänta 20 min. i kön"),
        ("en", "Many things, e.g. Parking, went wrong"),
        ("fi", "Mutta hyvä"),
        ("fi", "Tulen taas 1.6. ja katson"),
        ("fi", "Kiitos kaikesta, t. Maija"),
        ("en", "The U.S. team of J. Smith helped"),
    ],
)
def test_points_that_end_nothing_cut_nothing(language: str, comment: str) -> None:
    assert cut(comment, language) == [comment]


def test_an_abbreviation_before_a_capital_may_end_a_sentence() -> None:
    assert cut("Odotin 20 min. Kukaan ei tullut", "fi") == ["Odotin 20 min.", "Kukaan ei tullut"]
    assert cut("Meni 2 h. Kukaan ei tullut", "fi") == ["Meni 2 h.", "Kukaan ei tullut"]
    assert cut("Kello oli 12. Kukaan ei tullut", "fi") == ["Kello oli 12.", "Kukaan ei tullut"]


def test_a_missing_space_hides_no_sentence() -> None:
    assert cut("Hyvä.Mutta kallis!Ok", "fi") == ["Hyvä.", "Mutta kallis!", "Ok"]


def test_lines_and_list_items_are_statements_without_their_marks() -> None:
    assert cut("Hyvää:\n- palvelu\n• hinta\r\n\nHuonoa: jono", "fi") == [
        "Hyvää:",
        "palvelu",
        "hinta",
        "Huonoa: jono",
    ]
    assert cut("1. Queue 2. Price of 3 items 3. Parking", "en") == [
        "Queue",
        "Price of 3 items",
        "Parking",
    ]
    assert cut("Palvelu hyvää - odotus pitkä; hinta ok", "fi") == [
        "Palvelu hyvää",
        "odotus pitkä",
        "hinta ok",
    ]


def test_an_emoji_closes_the_statement_it_follows() -> None:
    assert cut("Hieno paikka 😊 Jono pitkä 😡😡", "fi") == ["Hieno paikka 😊", "Jono pitkä 😡😡"]
    assert cut("Kiitos! 😊", "fi") == ["Kiitos! 😊"]
    assert cut("👍 hyvä", "fi") == ["👍 hyvä"]
    assert cut("👍👍", "fi") == ["👍👍"]


@pytest.mark.parametrize("comment", ["", "  \n ", "!!!", "..."])
def test_what_says_nothing_has_no_statements(comment: str) -> None:
    assert cut(comment, "fi") == []


@given(st.text(alphabet="ab Ä1.,!?-\n•;😊)mutta "), st.sampled_from(["fi", "sv", "en", ""]))
def test_statements_are_ordered_trimmed_and_keep_every_word(comment: str, language: str) -> None:
    spans = split_statements(comment, language=language)
    pieces = [comment[start:end] for start, end in spans]
    assert all(piece == piece.strip() != "" for piece in pieces)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    letters = [letter for letter in comment if letter.isalpha()]
    if letters:
        assert [letter for piece in pieces for letter in piece if letter.isalpha()] == letters
