"""Feedback and talk are told apart by many comments together."""

from random import Random

import pytest
from benchmarks.comments._gold_set import read_gold
from tests.comments.talk import TALK
from training.sentiment_texts import ROOT

from kokemus.comments import SentimentModel, tell_kind
from kokemus.comments.kinds import TEXTS_MAX, TEXTS_MIN, spread_evenly
from kokemus.simulate.comments import SETTINGS, write_comment


def tell_finnish(texts: list[str]) -> str:
    return tell_kind(texts, ["fi"] * len(texts))


def test_talk_is_general() -> None:
    assert len(TALK) >= TEXTS_MIN
    assert tell_finnish(TALK) == "general"


def test_some_comments_among_talk_change_nothing_and_the_half_does() -> None:
    comments = [comment.text for comment in read_gold("fi")]
    assert tell_finnish(TALK + comments[:8]) == "general"
    assert tell_finnish(TALK + comments[: len(TALK)]) == "feedback"


@pytest.mark.parametrize("half", ["odd", "even"])
def test_the_gold_set_is_feedback(half: str) -> None:
    assert tell_finnish([c.text for c in read_gold("fi") if c.half == half]) == "feedback"


@pytest.mark.parametrize("touchpoint", sorted(SETTINGS))
def test_every_touchpoint_of_the_invented_company_gives_feedback(touchpoint: str) -> None:
    random = Random(5)
    texts = [
        write_comment(random, touchpoint=touchpoint, level=level, language="fi")[0]
        for _ in range(30)
        for level in ("low", "high")
    ]
    assert tell_finnish([text for text in texts if text]) == "feedback"


@pytest.mark.parametrize("words", [("esimie", "pomo", "työvuor", "palk"), ("opettaj", "koulu")])
def test_what_staff_and_schools_write_is_feedback(words: tuple[str, ...]) -> None:
    lines = (ROOT / "comments_fi.txt").read_text("utf-8").splitlines()
    chosen = [line[2:] for line in lines if any(word in line.lower() for word in words)]
    assert len(chosen) >= TEXTS_MIN
    assert tell_finnish(chosen) == "feedback"


def test_suggestions_questions_and_bare_facts_are_feedback() -> None:
    lines = (ROOT / "comments_fi.txt").read_text("utf-8").splitlines()
    assert tell_finnish([line[2:] for line in lines if line[:1] == "0"]) == "feedback"


def test_too_few_comments_are_feedback() -> None:
    assert tell_finnish(TALK[: TEXTS_MIN - 1]) == "feedback"
    assert tell_finnish([]) == "feedback"
    assert tell_kind([*TALK[:20], *[""] * 20, *[None] * 20], ["fi"] * 60) == "feedback"


def test_only_finnish_comments_tell() -> None:
    assert tell_kind(TALK, ["sv"] * len(TALK)) == "feedback"
    english = ["The delivery was late again."] * 100
    assert tell_kind([*english, *TALK], ["en"] * 100 + ["fi"] * len(TALK)) == "general"


def test_each_text_needs_its_language() -> None:
    with pytest.raises(ValueError, match="zip"):
        tell_kind(TALK, ["fi"])


def test_of_many_texts_some_are_taken_from_the_whole_length() -> None:
    texts = [str(number) for number in range(5_001)]
    taken = spread_evenly(texts, TEXTS_MAX)
    assert (len(taken), taken[0], taken[1], taken[-1]) == (TEXTS_MAX, "0", "2", "4998")
    assert spread_evenly(texts[:3], TEXTS_MAX) == ["0", "1", "2"]
    assert spread_evenly([], TEXTS_MAX) == []


def test_talk_is_read_as_neutral_more_often_by_its_own_model() -> None:
    languages = ["fi"] * len(TALK)
    general = SentimentModel.general().score(TALK, languages)
    feedback = SentimentModel.shipped().score(TALK, languages)
    labels = [[feeling.label for feeling in read] for read in (general, feedback)]
    assert labels[0].count("neutral") >= 25 > labels[1].count("neutral")


def test_both_models_read_swedish_and_english_alike() -> None:
    texts, languages = ["Väldigt dålig service", "Great help, thanks"], ["sv", "en"]
    general, shipped = SentimentModel.general(), SentimentModel.shipped()
    assert general.score(texts, languages) == shipped.score(texts, languages)
