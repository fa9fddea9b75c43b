"""What can be done to a book: each act gives a new book and says what was done."""

import pytest
from tests.comments.themes.reading import codes, evidence

from kokemus.comments.themes import (
    CodeTaken,
    NotAPattern,
    Theme,
    ThemeBook,
    ThemeChange,
    UnknownTheme,
)

PARKING = Theme(
    "parking", {"en": "Parking", "fi": "Pysäköinti"}, rules={"": ("parkki*", "parking")}
)
YARD = Theme("yard", {"en": "Yard"}, rules={"": ("piha*", "yard")})
BOOK = ThemeBook((PARKING, YARD))


def test_adding_gives_a_new_book_and_leaves_the_old_one() -> None:
    book, change = ThemeBook((PARKING,)).add(YARD)
    assert [theme.code for theme in book] == ["parking", "yard"]
    assert change == ThemeChange("added", ("yard",), {}, {"names": {"en": "Yard"}})


def test_a_code_is_never_used_again() -> None:
    retired, _ = BOOK.retire("yard")
    merged, _ = BOOK.merge(["yard"], into="parking")
    for book in (BOOK, retired, merged):
        with pytest.raises(CodeTaken):
            book.add(YARD)
        assert book.free_code("Yard") == "yard-2"


def test_merged_themes_are_found_as_their_heir() -> None:
    book, change = BOOK.merge(["yard"], into="parking")
    assert book.resolve("yard") == "parking"
    assert evidence(book, "piha ja parkkipaikka", language="fi") == {
        "parking": ["piha", "parkkipaikka"]
    }
    assert change == ThemeChange(
        "merged", ("yard",), {"codes": ["yard", "parking"]}, {"code": "parking"}
    )


def test_a_heir_that_is_merged_hands_all_on() -> None:
    third = Theme("outdoors", {"en": "Outdoors"})
    book, _ = ThemeBook((PARKING, YARD, third)).merge(["yard"], into="parking")
    book, _ = book.merge(["parking"], into="outdoors")
    assert book.resolve("yard") == "outdoors"
    assert codes(book, "piha", language="fi") == {"outdoors"}


def test_merging_into_what_was_merged_goes_to_the_heir_and_not_in_a_circle() -> None:
    book, _ = BOOK.merge(["yard"], into="parking")
    with pytest.raises(UnknownTheme):
        book.merge(["parking"], into="yard")


def test_splitting_by_words_divides_what_was_found() -> None:
    free = Theme("parking-fee", {"en": "Fee"}, rules={"": ("maksu*",)})
    room = Theme("parking-room", {"en": "Room"}, rules={"": ("täyn*",)})
    book, change = BOOK.split("parking", into=[free, room], rest="parking-room")
    assert codes(book, "parkkipaikan maksu", language="fi") == {"parking-fee"}
    assert codes(book, "parkkipaikka täynnä", language="fi") == {"parking-room"}
    assert codes(book, "parkkipaikka", language="fi") == {"parking-room"}
    assert codes(book, "lounaan maksu", language="fi") == set()
    assert change.after == {"codes": ["parking-fee", "parking-room"], "rest": "parking-room"}


def test_a_split_without_a_rest_drops_what_fits_no_part() -> None:
    parts = [Theme("a", {}, rules={"": ("maksu*",)}), Theme("b", {}, rules={"": ("täyn*",)})]
    book, _ = BOOK.split("parking", into=parts)
    assert codes(book, "parkkipaikka", language="fi") == set()


def test_a_split_needs_two_parts() -> None:
    with pytest.raises(ValueError, match="two themes or more"):
        BOOK.split("parking", into=[Theme("a", {})])


def test_renaming_keeps_the_code_and_the_other_languages() -> None:
    book, change = BOOK.rename("parking", {"fi": "Paikoitus"})
    assert book["parking"].name("fi") == "Paikoitus"
    assert book["parking"].name("sv") == "Parking"
    assert change.before == {"names": {"en": "Parking", "fi": "Pysäköinti"}}
    assert BOOK["parking"].name("fi") == "Pysäköinti"


def test_a_retired_theme_is_found_no_more_until_restored() -> None:
    book, _ = BOOK.retire("yard")
    assert codes(book, "piha", language="fi") == set()
    assert [theme.code for theme in book.current] == ["parking"]
    again, change = book.restore("yard")
    assert codes(again, "piha", language="fi") == {"yard"}
    assert change.what == "restored"


def test_rules_are_changed_only_to_what_reads() -> None:
    book, change = BOOK.rule("yard", {"fi": ["takapiha"]})
    assert codes(book, "takapiha", language="fi") == {"yard"}
    assert codes(book, "pihalla", language="fi") == set()
    assert (change.before, change.after) == ({"": ["piha*", "yard"]}, {"fi": ["takapiha"]})
    with pytest.raises(NotAPattern):
        BOOK.rule("yard", {"fi": ["a*b"]})


def test_an_unknown_code_is_named() -> None:
    with pytest.raises(UnknownTheme, match="'nowhere'"):
        BOOK["nowhere"]


def test_a_book_survives_its_json() -> None:
    book, _ = BOOK.merge(["yard"], into="parking")
    assert ThemeBook.from_json(book.to_json()) == book
