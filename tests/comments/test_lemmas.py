"""The dictionary form of a word."""

import pytest

from kokemus.comments.lemmas import LANGUAGES, lemmas_of, lemmatise
from kokemus.comments.tokens import tokenise


@pytest.mark.parametrize(
    ("language", "word", "lemma"),
    [
        ("fi", "Asiakaspalvelijoille", "asiakaspalvelija"),
        ("fi", "palvelusta", "palvelu"),
        ("fi", "niitä", "se"),
        ("fi", "näin", "näin"),
        ("fi", "paremmista", "hyvä"),
        ("fi", "parhaiten", "hyvin"),
        ("fi", "mä", "minä"),
        ("fi", "oon", "olla"),
        ("fi", "wifi:n", "wifi"),
        ("fi", "verkko-ostoksia", "verkko-ostos"),
        ("fi", "palvelukin", "palvelu"),
        ("sv", "kundtjänstens", "kundtjänst"),
        ("sv", "bättre", "bra"),
        ("en", "waited", "wait"),
        ("en", "shop's", "shop"),
    ],
)
def test_a_word_has_its_dictionary_form(language: str, word: str, lemma: str) -> None:
    assert lemmatise(word, language=language) == lemma


@pytest.mark.parametrize(
    ("language", "word", "lemma"),
    [
        ("fi", "pakkauseriin", "pakkauserä"),
        ("fi", "reittiopas", "reittiopas"),
        ("fi", "tiedepäivässä", "tiedepäivä"),
        ("sv", "fakturafrågorna", "fakturafråga"),
        ("sv", "leveransproblemet", "leveransproblem"),
    ],
)
def test_an_unknown_compound_keeps_its_own_lemma(language: str, word: str, lemma: str) -> None:
    assert lemmatise(word, language=language) == lemma


def test_what_is_no_word_of_a_known_language_stays_as_it_is() -> None:
    assert lemmatise("Jonotin", language="") == "jonotin"
    assert lemmatise("12,50", language="fi") == "12,50"
    assert lemmatise("👍", language="fi") == "👍"
    assert sorted(LANGUAGES) == ["en", "fi", "sv"]


def test_tokens_have_their_lemmas_in_order() -> None:
    tokens = tokenise("Jonotin kassalla 👍")
    assert lemmas_of(tokens, language="fi") == ["jonottaa", "kassa", "👍"]
