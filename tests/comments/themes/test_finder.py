"""Patterns: parts of compounds, words near each other, denial, vetoes, and where they matched."""

import pytest
from tests.comments.themes.reading import codes, evidence

from kokemus.comments.themes import NotAPattern, Theme, ThemeBook
from kokemus.comments.themes.patterns import parse_pattern


def book_of(*lines: str, vetoes: tuple[str, ...] = (), language: str = "fi") -> ThemeBook:
    theme = Theme("x", {"en": "X"}, rules={language: lines}, vetoes={language: vetoes})
    return ThemeBook((theme,))


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("jono", "Jonoa oli ovelle asti."),
        ("toimitu*", "Toimitusajasta en valita."),
        ("*lasku", "Puhelinlasku oli outo"),
        ("*jono*", "puhelinjonossa meni ilta"),
        ("vastata|vastaus", "Vastausta odotellaan"),
        ("oven taakse", "jätetty oven taakse"),
        ("luvattiin ... mutta", "luvattiin huomiseksi mutta ei tullut"),
        ("huono & laatu", "laatu on todella huono"),
        ("!vastattu", "kukaan ei ole vastattu puhelimeen"),
        ("+toimii", "kaikki toimii hyvin"),
    ],
)
def test_a_pattern_finds_what_it_says(line: str, text: str) -> None:
    assert codes(book_of(line), text, language="fi") == {"x"}


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("toimitu*", "Pitkä jono"),
        ("*lasku", "laskuvarjo"),
        ("oven taakse", "taakse oven"),
        ("luvattiin ... mutta", "mutta luvattiin"),
        ("huono & laatu", "laatu ei nyt ihan ollut sitä mitä hinnalta odotti eli huono"),
        ("!vastattu", "puheluun vastattu heti"),
        ("!vastattu", "En valita. Siihen on vastattu."),
        ("+toimii", "sovellus ei toimii"),
    ],
)
def test_a_pattern_finds_no_more_than_it_says(line: str, text: str) -> None:
    assert codes(book_of(line), text, language="fi") == set()


def test_a_denial_may_follow_in_swedish() -> None:
    assert codes(book_of("!svarade", language="sv"), "De svarade inte alls", language="sv") == {"x"}


def test_what_matched_is_shown() -> None:
    book = book_of("jono", "luvattiin ... mutta")
    text = "Luvattiin heti, mutta jono oli pitkä, jono!"
    assert evidence(book, text, language="fi") == {"x": ["Luvattiin", "mutta", "jono", "jono"]}


def test_words_of_a_veto_do_not_count() -> None:
    book = book_of("odotin", vetoes=("kuin odotin",))
    assert codes(book, "Parempi kuin odotin", language="fi") == set()
    assert codes(book, "Parempi kuin odotin, mutta odotin silti tunnin", language="fi") == {"x"}


def test_rules_of_another_language_are_not_tried_unless_the_language_is_unknown() -> None:
    book = book_of("kö", language="sv")
    assert codes(book, "kö", language="fi") == set()
    assert codes(book, "kö", language="") == {"x"}


@pytest.mark.parametrize("line", ["", "  ", "a ... b & c", "a*b", "!", "*", "a|"])
def test_what_does_not_read_as_a_pattern_is_refused(line: str) -> None:
    with pytest.raises(NotAPattern):
        parse_pattern(line)
