"""Codes count by their check digits, however they are written."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from benchmarks.comments._codes import (
    MAKERS,
    disguised,
    email,
    luhn_digit,
    number_that_is_no_phone,
    phone,
    plate,
)
from benchmarks.comments.personal import count_found

from kokemus.comments.personal import find_personal_data

CODES = 300


def found(text: str, *, language: str = "fi") -> list[tuple[str, str]]:
    spans = find_personal_data(text, language=language)
    return [(text[start:end], kind) for start, end, kind in spans]


@pytest.mark.parametrize("name", MAKERS)
def test_right_codes_are_found_whole_and_wrong_ones_not_at_all(name: str) -> None:
    kind, make = MAKERS[name]
    assert count_found(lambda r: make(r, is_right=True), kind=kind, codes=CODES) == (CODES, CODES)
    assert count_found(lambda r: make(r, is_right=False), kind=kind, codes=CODES) == (0, 0)


@pytest.mark.parametrize("name", MAKERS)
def test_a_disguise_lets_no_code_through(name: str) -> None:
    kind, make = MAKERS[name]

    def right(random: Random) -> str:
        return disguised(random, make(random, is_right=True))

    assert count_found(right, kind=kind, codes=CODES) == (CODES, CODES)


@pytest.mark.parametrize(("kind", "make"), [("phone", phone), ("email", email), ("plate", plate)])
def test_what_has_no_check_digit_is_found_by_its_shape(
    kind: str, make: Callable[[Random], str]
) -> None:
    assert count_found(make, kind=kind, codes=CODES) == (CODES, CODES)


def test_orders_sums_dates_and_hours_are_no_telephones() -> None:
    assert count_found(number_that_is_no_phone, kind="phone", codes=CODES) == (0, 0)


@pytest.mark.parametrize("sign", "+-YXWVUABCDEF")
def test_every_century_sign_is_known(sign: str) -> None:
    assert found(f"hetu 010101{sign}123N kiitos") == [(f"010101{sign}123N", "personal_id")]


@pytest.mark.parametrize(
    "text",
    [
        "131052-308T",
        "131052–308T",
        "131052 - 308t",
        "131052-\n308T",
        "13.10.52-308T",
        "13.10.1952-308T",
        "131052\u00ad-308T",
        "13\u200b1052-308T",
        "１３１０５２－３０８Ｔ",
        "131052308T",
    ],
)
def test_an_identity_code_is_hidden_in_every_writing(text: str) -> None:
    assert found(text) == [(text, "personal_id")]


@pytest.mark.parametrize("text", ["131052-308S", "311152-3089", "131352-308T", "320152-308T"])
def test_a_wrong_mark_or_date_is_no_identity_code(text: str) -> None:
    assert found(f"tunnus {text}") == []


def test_a_number_that_may_be_of_two_countries_goes_by_its_language_and_cue() -> None:
    code = f"010203-123{luhn_digit('010203123')}"
    assert found(f"Mitt nummer är {code}.", language="sv") == [(code, "personal_id")]
    assert found(f"Numeroni on {code}.") == []
    assert found(f"Personnummer {code}.") == [(code, "personal_id")]
    assert found(f"Personbeteckning {code}.", language="sv") == []


def test_a_card_is_found_beside_its_date() -> None:
    assert found("kortti 4111 1111 1111 1111 12/27") == [("4111 1111 1111 1111", "card")]


def test_a_business_id_without_its_dash_needs_a_word_for_it() -> None:
    assert found("y-tunnus 01120389") == [("01120389", "business_id")]
    assert found("tilaus 01120389") == []
    assert found("ALV FI01120389") == [("FI01120389", "business_id")]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Soita (09) 123 4567 iltaisin", "(09) 123 4567"),
        ("puh. 40 123 4567", "40 123 4567"),
        ("Soittakaa +358 (0)40 123 4567!", "+358 (0)40 123 4567"),
        ("(+358 40 123 4567)", "+358 40 123 4567"),
        ("numero 040\n1234567", "040\n1234567"),
        ("0 4 0 1 2 3 4 5 6 7", "0 4 0 1 2 3 4 5 6 7"),
        ("tilaus 12345, numeroni 040 1234567", "040 1234567"),
        ("040-123 45 67, 12.3.2024", "040-123 45 67"),
    ],
)
def test_a_telephone_is_found_whole(text: str, written: str) -> None:
    assert found(text) == [(written, "phone")]


@pytest.mark.parametrize(
    "text",
    [
        "Soitin 112 ja 116117",
        "laskun nro 040512345",
        "maksoi 0400,50 €",
        "auki 08.00-16.00 ja 1.2.-3.4.2024",
        "01.02.2024 klo 10.15",
        "10 kpl, 20 kpl, 30 kpl",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert found(text) == []


def test_a_plate_of_a_common_shape_needs_a_word_for_a_vehicle() -> None:
    assert found("auto abc-123 oli tiellä") == [("abc-123", "plate")]
    assert found("Bilen ABC 123 stod i vägen", language="sv") == [("ABC 123", "plate")]
    assert found("ABC 123 on koodi") == []
    assert found("ISO-900 ja COVID-19") == []
