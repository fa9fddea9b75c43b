"""The starting themes on sentences of our own, in three languages."""

import pytest
from tests.comments.themes.reading import codes, evidence

from kokemus.comments.themes import ThemeBook, starting_themes

BOOK = ThemeBook(starting_themes())


def test_every_starting_theme_has_a_name_and_rules_in_three_languages() -> None:
    for theme in starting_themes():
        assert set(theme.names) == {"fi", "sv", "en"}, theme.code
        assert all(len(theme.rules[language]) >= 20 for language in theme.names), theme.code


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("fi", "Jonotin tunnin puhelimessa", {"waiting"}),
        ("fi", "Myyjä oli todella ystävällinen", {"staff"}),
        ("fi", "Asiantunteva neuvonta", {"competence"}),
        ("fi", "Sähkölaskuni oli aivan liian kallis", {"price"}),
        ("fi", "Paketti jäi matkalle", {"delivery"}),
        ("fi", "Tuotteen laatu yllätti", {"product"}),
        ("fi", "Sovellus kaatuilee", {"digital"}),
        ("fi", "Soittopyyntööni ei vastattu", {"information"}),
        ("fi", "Pyörätuolilla ei pääse sisään", {"accessibility"}),
        ("fi", "Luvattiin maanantaiksi mutta mitään ei tapahtunut", {"promises"}),
        ("fi", "Minua pompoteltiin luukulta toiselle", {"handoffs"}),
        ("fi", "Virhe korjattiin ja se hyvitettiin", {"recovery"}),
        ("sv", "Fick köa i en timme", {"waiting"}),
        ("sv", "Personalen var trevlig", {"staff"}),
        ("sv", "Kunnig rådgivning", {"competence"}),
        ("sv", "Räkningen var för dyr", {"price"}),
        ("sv", "Paketet försvann", {"delivery"}),
        ("sv", "Appen kraschar", {"digital"}),
        ("sv", "De svarade inte", {"information"}),
        ("sv", "Jag bollades mellan avdelningar", {"handoffs"}),
        ("sv", "Jag fick ersättning och en ursäkt", {"recovery"}),
        ("en", "Queued for an hour", {"waiting"}),
        ("en", "Rude cashier", {"staff"}),
        ("en", "The parcel never arrived", {"delivery"}),
        ("en", "I was passed from one department to another", {"handoffs"}),
        ("en", "They apologised and gave me a refund", {"recovery"}),
    ],
)
def test_a_plain_comment_is_found_under_its_theme(
    language: str, text: str, found: set[str]
) -> None:
    assert codes(BOOK, text, language=language) == found


@pytest.mark.parametrize(
    ("language", "text", "not_found"),
    [
        ("fi", "Parempi kuin odotin", "waiting"),
        ("fi", "Tuote ei vastannut odotuksia", "information"),
        ("fi", "Sain vastauksen sähköpostitse", "delivery"),
        ("fi", "Valitettavasti en ehtinyt", "recovery"),
        ("sv", "Det var bra", "product"),
        ("sv", "Rekommenderar varmt", "staff"),
        ("en", "What kind of shop is this", "staff"),
        ("en", "Sooner or later", "delivery"),
    ],
)
def test_a_like_looking_word_is_not_the_theme(language: str, text: str, not_found: str) -> None:
    assert not_found not in codes(BOOK, text, language=language)


def test_one_comment_has_several_themes_with_their_words() -> None:
    text = "Nopea toimitus, mutta laskutus meni väärin ja asiakaspalvelija oli töykeä."
    found = evidence(BOOK, text, language="fi")
    assert found["delivery"] == ["toimitus"]
    assert found["price"] == ["laskutus"]
    assert found["staff"] == ["asiakaspalvelija", "töykeä"]


def test_nothing_is_found_in_nothing() -> None:
    assert codes(BOOK, "", language="fi") == set()
    assert codes(BOOK, "Ok.", language="fi") == set()
