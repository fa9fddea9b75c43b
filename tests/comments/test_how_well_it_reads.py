"""The held-out half of the gold set is read about as well as the documentation says."""

from __future__ import annotations

import pytest
from benchmarks.comments import _gold_sentiment as sentiment
from benchmarks.comments._gold_personal import read_personal
from benchmarks.comments._gold_set import LANGUAGES, GoldComment, read_gold
from benchmarks.comments._gold_themes import count, read_themes
from benchmarks.comments._gold_words import read_lemmas

from kokemus.comments.languages import find_language
from kokemus.comments.sentiment import SentimentModel
from kokemus.comments.themes import ThemeBook, starting_themes

CODES_OF_PERSONS = {"personal_id", "phone", "iban", "email", "business_id", "card", "plate"}


def held_out(language: str) -> list[GoldComment]:
    return [comment for comment in read_gold(language) if comment.half == "even"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_found(language: str) -> None:
    found = [find_language(comment.text, languages=LANGUAGES) for comment in held_out(language)]
    assert found.count(language) >= 97


@pytest.mark.parametrize("language", LANGUAGES)
def test_lemmas_are_as_a_reader_gives_them(language: str) -> None:
    read = [row for comment in held_out(language) for row in read_lemmas(comment)]
    assert sum(lemma == found for _, lemma, found in read) / len(read) >= 0.94


def test_starting_themes_are_found() -> None:
    book = ThemeBook(tuple(starting_themes()))
    comments = [comment for language in LANGUAGES for comment in held_out(language)]
    pairs = [(set(comment.themes), read_themes(comment, book)) for comment in comments]
    assert count((theme.code for theme in book), pairs).f1 >= 0.70


@pytest.mark.parametrize("language", LANGUAGES)
def test_personal_data_is_hidden_whole(language: str) -> None:
    read = [read_personal(comment) for comment in read_gold(language)]
    seen = [stretch for wanted, _ in read for stretch in wanted if not stretch.is_hidden]
    vain = [stretch for _, hidden in read for stretch in hidden if not stretch.is_right]
    assert [stretch for stretch in seen + vain if stretch.kind in CODES_OF_PERSONS] == []
    assert len(seen) <= 1
    assert len(vain) <= 1


def test_sentiment_has_the_right_direction() -> None:
    read = sentiment.read(SentimentModel.shipped(), sentiment.chosen("even"))
    pairs = list(read.values())
    assert sentiment.share_of(pairs, sentiment.is_direction_right) >= 0.85
    assert sentiment.share_of(pairs, sentiment.is_right) >= 0.80
    sure = [pair for pair in pairs if not pair[1].is_unsure]
    assert len(sure) / len(pairs) >= 0.50
    assert sentiment.share_of(sure, sentiment.is_right) >= 0.93
