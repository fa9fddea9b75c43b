"""Names of a list: unusual ones, in every form, and what that costs where they are plain words."""

from __future__ import annotations

import pytest

from kokemus.comments.personal import GivenNames, find_personal_data, redact
from kokemus.comments.personal.everyday_words import is_everyday_word
from kokemus.comments.readings import read_comments

LISTED = GivenNames(["Pirkkaleena", "Onni", "Xhevdet Brükk", "Iso-Masa", "Wiljo Kuusi", "O'Xhee"])


def hidden(text: str, *, language: str = "fi") -> str:
    spans = find_personal_data(text, language=language, names=LISTED)
    return redact(text, spans, language="en")


@pytest.mark.parametrize(
    "text",
    [
        *("@Pirkkaleena@ was great", "@pirkkaleena@ oli huono", "soitin @PIRKKALEENALLE@ eilen"),
        *(
            "kiitos @pirkkaleenan@ hommat hoituivat",
            "ikävä @pirkkaleenaa@",
            "@Pirkkaleenakin@ tuli",
        ),
        *("tack vare @pirkkaleenas@ hjälp", "@pirkkaleena's@ attitude", "@pirkkaleena:n@ vuoro"),
        *("kysy @pirkkaleenalta@", "kiinnyin @Pirkkaleenaan@", "huoltaja-@pirkkaleena@ kävi"),
        *("@pirkkaleena@-neiti hoiti", "@xhevdetin@ asenne", "@xhevdet brükkille@ ruusuja"),
        *("@iso-masan@ keikka", "@ISO-MASA@ hoiti", "@Pirk\u00adkaleena@ hoiti", "@Onnin@ vuoro"),
        *("@O'Xhee@ came", "@O’Xhee's@ van", "@o'xheen@ vuoro", "@O'Xhee:n@ vuoro"),
        *("meillä kävi @onni@ huoltamassa", "@ONNI@ kävi", "@wiljo kuusi@ kävi", "@Kuusi@ kävi"),
    ],
)
def test_a_listed_name_is_hidden_in_any_form_and_any_case(text: str) -> None:
    before, name, after = text.split("@")
    assert hidden(before + name + after) == f"{before}[name]{after}"


@pytest.mark.parametrize(
    "text",
    ["onnea matkaan", "onnistui hyvin", "kuusi asentajaa kävi", "pirkan kuponki", "iso jono"],
)
def test_other_words_that_look_like_a_listed_name_stay(text: str) -> None:
    assert hidden(text) == text


def test_a_listed_name_moves_no_feeling_and_can_be_no_word_of_a_theme() -> None:
    comment = "Pirkkaleena oli tyly ja pirkkaleenan takia jonotin"
    read = read_comments([comment], expected="fi", names=LISTED)[0]
    assert read.redacted == "[nimi] oli tyly ja [nimi] takia jonotin"
    assert not [lemma for lemma in read.lemmas if "pirkka" in lemma]
    marked = {comment[each.start : each.end].lower() for each in read.evidence}
    assert not [words for words in marked if "pirkka" in words]


def test_what_may_hold_a_name_is_more_than_what_hides_one() -> None:
    texts = ["kuusi asentajaa", "onnin vuoro", "hyvä palvelu", "[nimi] kävi"]
    assert [LISTED.may_stand_in(text) for text in texts] == [True, True, False, False]
    assert [LISTED.find_parts(text) for text in texts] == [set(), {"onni"}, set(), set()]
    assert not GivenNames(["", "de", "X"])


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        *(("onni", True), ("my", True), ("palvelu", True), ("fika", True), ("great", True)),
        *(("pirkkaleena", False), ("matti", False), ("xhevdet", False)),
    ],
)
def test_everyday_words_are_told_from_names(word: str, expected: bool) -> None:
    assert is_everyday_word(word) is expected
