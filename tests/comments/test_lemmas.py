"""The dictionary form of a word."""

from importlib.resources import files

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


@pytest.mark.parametrize(
    ("language", "word", "lemma"),
    [
        ("fi", "soitin", "soittaa"),
        ("fi", "palautin", "palauttaa"),
        ("fi", "puhelin", "puhelin"),
        ("fi", "takaisin", "takaisin"),
        ("fi", "jutusta", "juttu"),
        ("fi", "samanlaista", "samanlainen"),
        ("fi", "arvosta", "arvostaa"),
        ("fi", "kirjautumisessa", "kirjautuminen"),
        ("sv", "hiss", "hiss"),
        ("sv", "kassa", "kassa"),
        ("sv", "fint", "fin"),
        ("sv", "gräns", "gräns"),
    ],
)
def test_a_form_of_two_words_is_what_a_customer_means(language: str, word: str, lemma: str) -> None:
    assert lemmatise(word, language=language) == lemma


@pytest.mark.parametrize(
    ("language", "word", "lemma"),
    [
        ("fi", "kertonu", "kertoa"),
        ("fi", "selkee", "selkeä"),
        ("fi", "puhelimes", "puhelin"),
        ("fi", "tyytyvainen", "tyytyväinen"),
        ("fi", "lampimasti", "lämpimästi"),
        ("sv", "dalig", "dålig"),
        ("sv", "forsakring", "försäkring"),
        ("fi", "reklamatioon", "reklamaatio"),
        ("en", "freindly", "friendly"),
        ("en", "shiping", "shipping"),
    ],
)
def test_spoken_forms_and_letters_without_dots_are_known(
    language: str, word: str, lemma: str
) -> None:
    assert lemmatise(word, language=language) == lemma


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_our_own_list_is_read_whole_and_has_no_form_twice(language: str) -> None:
    source = files("kokemus.comments") / "lemma_overrides" / f"{language}.txt"
    lemma_of: dict[str, str] = {}
    for line in source.read_text("utf-8").splitlines():
        match line.partition("#")[0].split():
            case ["=", *_] | []:
                continue
            case [".", *forms]:
                pairs = [(form, form) for form in forms]
            case [lemma, ":", *forms]:
                pairs = [(form, lemma) for form in forms]
        for form, lemma in pairs:
            assert lemma_of.setdefault(form, lemma) == lemma, form
            assert lemmatise(form, language=language) == lemma
    assert len(lemma_of) > 100
