"""What stands where personal data stood, and how findings that overlap are joined."""

from __future__ import annotations

import pytest

from kokemus.comments.personal import PersonalSpan, find_personal_data, redact
from kokemus.comments.personal.spans import merge_spans

TEXT = "Soita Pekalle 040 1234567"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fi", "Soita [nimi] [puhelinnumero]"),
        ("sv", "Soita [namn] [telefonnummer]"),
        ("en", "Soita [name] [phone number]"),
        ("", "Soita [nimi] [puhelinnumero]"),
    ],
)
def test_the_word_is_in_the_language_asked_for(language: str, expected: str) -> None:
    assert redact(TEXT, find_personal_data(TEXT), language=language) == expected


def test_spans_that_overlap_become_one_and_the_longest_gives_its_kind() -> None:
    spans = [PersonalSpan(3, 9, "name"), PersonalSpan(0, 5, "phone"), PersonalSpan(9, 10, "plate")]
    assert merge_spans(spans) == [PersonalSpan(0, 9, "name"), PersonalSpan(9, 10, "plate")]


def test_of_two_kinds_over_the_same_stretch_the_surer_is_kept() -> None:
    spans = [PersonalSpan(0, 5, "phone"), PersonalSpan(0, 5, "personal_id")]
    assert merge_spans(spans) == [PersonalSpan(0, 5, "personal_id")]


def test_a_name_in_two_code_points_a_letter_is_found_where_it_stands() -> None:
    text = "Kiitos Ma\u0308kiselle avusta"
    assert find_personal_data(text) == [PersonalSpan(7, 17, "name")]


def test_what_a_redaction_brings_to_light_is_hidden_at_once() -> None:
    text = "FI21 1234 5600 0007 85 040 1234567"
    assert redact(text, find_personal_data(text)) == "[tilinumero] [puhelinnumero]"
