"""The ready words of every scale."""

import pytest

from kokemus.listen.survey_templates import (
    LENGTH_MAX,
    TEXT_KEYS,
    missing_texts,
    starting_texts,
)
from kokemus.store.scales import SCALES


@pytest.mark.parametrize("scale", list(SCALES))
def test_every_scale_starts_complete_in_three_languages(scale: str) -> None:
    texts = starting_texts(scale)
    assert list(texts) == ["fi", "sv", "en"]
    assert missing_texts(texts) == []
    assert all(len(own[key]) <= LENGTH_MAX[key] for own in texts.values() for key in TEXT_KEYS)
    assert not any("!" in text for own in texts.values() for text in own.values())


def test_missing_texts_names_each_hole() -> None:
    texts = starting_texts("nps")
    texts["sv"]["why"] = " "
    assert missing_texts(texts) == [("sv", "why")]


def test_missing_texts_lets_a_language_be_left_out() -> None:
    texts = starting_texts("nps")
    texts["sv"] = dict.fromkeys(TEXT_KEYS, "")
    assert missing_texts(texts) == []


def test_missing_texts_wants_at_least_one_language() -> None:
    assert missing_texts({"fi": {}, "sv": {}, "en": {}}) == [("fi", "question")]
