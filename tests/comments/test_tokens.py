"""Words, numbers and emoji, with their places."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokemus.comments.tokens import Token, is_emoji, is_word, tokenise


def texts(comment: str) -> list[str]:
    return [token.text for token in tokenise(comment)]


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("S-pankki:n e-lasku, it's", ["S-pankki:n", "e-lasku", "it's"]),
        ("don’t", ["don’t"]),
        ("klo 10.30, 1.5.2026 ja 12,50 e", ["klo", "10.30", "1.5.2026", "ja", "12,50", "e"]),
        ("4G-verkko 24h 10:lle 10/10", ["4G-verkko", "24h", "10:lle", "10/10"]),
        ("_hyvä_ palvelu...ok", ["hyvä", "palvelu", "ok"]),
        ("👍🏽😡 ❤️", ["👍🏽", "😡", "❤️"]),
        ("👨‍👩‍👧🇫🇮🇸🇪", ["👨‍👩‍👧", "🇫🇮", "🇸🇪"]),
        ("kiitos :) :D <3 (1:3)", ["kiitos", ":)", ":D", "<3", "1:3"]),
        ("", []),
    ],
)
def test_a_comment_is_cut_into_its_tokens(comment: str, found: list[str]) -> None:
    assert texts(comment) == found


def test_a_token_stands_where_it_says() -> None:
    assert tokenise("Ok 👍 jono") == [Token(0, 2, "Ok"), Token(3, 4, "👍"), Token(5, 9, "jono")]


def test_a_letter_written_as_two_stays_in_its_word() -> None:
    comment = unicodedata.normalize("NFD", "Mäntylä")
    assert texts(comment) == [comment]


@given(st.text())
def test_tokens_are_ordered_pieces_of_any_text(comment: str) -> None:
    end = 0
    for token in tokenise(comment):
        assert token.start >= end
        assert comment[token.start : token.end] == token.text
        end = token.end


def test_words_and_emoji_are_told_apart() -> None:
    assert [is_word(text) for text in ("jono", "4G", "12,50", "👍", ":)")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [is_emoji(text) for text in ("jono", "12", "👍", ":)")] == [False, False, True, True]
