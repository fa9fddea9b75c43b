"""The language of a comment."""

import pytest

from kokemus.comments.languages import find_language


@pytest.mark.parametrize(
    ("comment", "language"),
    [
        ("Palvelu oli nopeaa ja ystävällistä", "fi"),
        ("Bra", "sv"),
        ("Trevlig personal men lång kö", "sv"),
        ("Friendly staff, would come again", "en"),
        ("hyva palvelu", "fi"),
        ("dalig service", "sv"),
        ("Kiitos!", "fi"),
        ("JONOT AIVAN LIIAN PITKIÄ", "fi"),
    ],
)
def test_a_comment_is_in_its_language(comment: str, language: str) -> None:
    assert find_language(comment) == language


@pytest.mark.parametrize(
    "comment", ["", "10/10", "👍👍", "ok", "Das Personal war sehr freundlich", "Спасибо большое"]
)
def test_no_grounds_give_no_language(comment: str) -> None:
    assert find_language(comment) == ""


@pytest.mark.parametrize("comment", ["10/10", "👍", "ok", ""])
def test_the_expected_language_holds_where_the_text_cannot_tell(comment: str) -> None:
    assert find_language(comment, expected="sv") == "sv"


def test_the_expected_language_gives_way_to_a_sure_text() -> None:
    assert find_language("Odotin kolme tuntia turhaan", expected="sv") == "fi"
    assert find_language("I waited for three hours", expected="fi") == "en"


def test_a_text_in_none_of_the_languages_is_not_in_the_expected_one() -> None:
    assert find_language("Спасибо большое, всё хорошо", expected="fi") == ""
    assert find_language("Das Personal war sehr freundlich und schnell", expected="fi") == ""


def test_other_languages_may_be_chosen_from() -> None:
    chosen = ("fi", "sv", "en", "et")
    assert find_language("Klienditeenindaja oli väga ebaviisakas", languages=chosen) == "et"
    assert find_language("Asiakaspalvelija oli epäkohtelias", languages=chosen) == "fi"
    assert find_language("Bra service", languages=("fi", "en"), expected="sv") != "sv"
