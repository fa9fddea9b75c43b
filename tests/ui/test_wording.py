from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from kokemus.ui import wording

NOW = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
THIN, NO_BREAK = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("language", "value", "decimals", "text"),
    [
        ("en", 1234567.891, 2, "1,234,567.89"),
        ("fi", 1234567.891, 2, f"1{THIN}234{THIN}567,89"),
        ("sv", 12345, 0, f"12{THIN}345"),
        ("fi", 1234, 0, "1234"),
        ("fi", -3.25, 1, "−3,2"),
        ("en", -0.01, 0, "0"),
    ],
)
def test_format_number_follows_the_language(
    language: str, value: float, decimals: int, text: str
) -> None:
    with translation.override(language):
        assert wording.format_number(value, decimals=decimals) == text


def test_format_signed_shows_the_sign_except_of_zero() -> None:
    with translation.override("en"):
        shown = [wording.format_signed(value) for value in (39.84, -4, 0, 0.2)]
    assert shown == ["+40", "−4", "0", "0"]


@pytest.mark.parametrize(("language", "text"), [("en", "87%"), ("fi", f"87{NO_BREAK}%")])
def test_format_percent_is_spaced_as_the_language_does(language: str, text: str) -> None:
    with translation.override(language):
        assert wording.format_percent(0.873) == text


@pytest.mark.parametrize(
    ("language", "length", "text"),
    [
        ("fi", timedelta(hours=2, minutes=5), "2 t 5 min"),
        ("sv", timedelta(days=3, hours=4, minutes=59), "3 d 4 h"),
        ("en", timedelta(hours=2), "2 h"),
        ("fi", timedelta(days=1, minutes=7), "1 pv"),
        ("en", timedelta(seconds=20), "under a minute"),
    ],
)
def test_format_duration_gives_the_two_largest_units(
    language: str, length: timedelta, text: str
) -> None:
    with translation.override(language):
        assert wording.format_duration(length).replace(NO_BREAK, " ") == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOW, "juuri nyt"),
        (NOW - timedelta(hours=2), "2 t sitten"),
        (NOW + timedelta(minutes=5), "5 min päästä"),
        (NOW - timedelta(days=30), "10.2.2026"),
    ],
)
def test_format_ago_tells_near_times_in_words(moment: datetime, text: str) -> None:
    with translation.override("fi"):
        assert wording.format_ago(moment, now=NOW).replace(NO_BREAK, " ") == text


def test_format_due_says_left_or_late() -> None:
    with translation.override("fi"):
        left = wording.format_due(NOW + timedelta(hours=2), now=NOW)
        late = wording.format_due(NOW - timedelta(hours=3), now=NOW)
    assert [text.replace(NO_BREAK, " ") for text in (left, late)] == [
        "2 t jäljellä",
        "3 t myöhässä",
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "12 Mar 2026 12:00"), ("fi", "12.3.2026 12.00"), ("sv", "12 mar 2026 12:00")],
)
def test_format_moment_follows_the_language(language: str, text: str) -> None:
    with translation.override(language):
        assert wording.format_moment(NOW) == text


def test_format_answers_counts_in_words() -> None:
    with translation.override("fi"):
        shown = [wording.format_answers(count) for count in (0, 1, 12400)]
    assert shown == ["0 vastausta", "1 vastaus", f"12{THIN}400 vastausta"]
