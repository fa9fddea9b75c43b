from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.listen.test_answers import published

from kokemus.listen.answer_page import (
    DARK_GROUND,
    LIGHT_GROUND,
    choose_language,
    contrast,
    fit_colour,
    languages_of,
    read_accepted,
    render_preview,
    say_score,
    texts_of,
)
from kokemus.store.scales import SCALES


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_is_made_readable(number: int) -> None:
    colour = f"#{number:06x}"
    for ground, on_it in ((LIGHT_GROUND, "#ffffff"), (DARK_GROUND, "#0d1719")):
        fitted = fit_colour(colour, ground=ground)
        assert contrast(fitted, ground) >= 4.5
        assert contrast(fitted, on_it) >= 4.5


def test_a_colour_that_reads_is_left_alone() -> None:
    assert fit_colour("#0e6a6a", ground=LIGHT_GROUND) == "#0e6a6a"
    assert round(contrast("#000000", "#ffffff"), 2) == 21


@pytest.mark.parametrize("scale", list(SCALES))
def test_every_scale_has_a_button_for_each_score(scale: str) -> None:
    html = render_preview(published(scale), language="fi").decode()
    scores = [part.partition('"')[0] for part in html.split('name="score" value="')[1:]]
    assert sorted(map(int, scores)) == list(range(SCALES[scale].low, SCALES[scale].high + 1))
    assert texts_of(published(scale), "fi")["high"] in html


def test_what_people_wrote_cannot_become_markup() -> None:
    risky = replace(
        published(), organisation_name="<script>", texts={"fi": {"question": "<b> & 'x'"}}
    )
    html = render_preview(risky, language="fi").decode()
    assert "<script" not in html
    assert "&lt;b&gt; &amp; &#39;x&#39;" in html


def test_the_language_is_one_that_the_survey_has() -> None:
    both = replace(
        published(),
        language="sv",
        texts={"fi": {"question": "Miten?"}, "sv": {"question": "Hur?"}, "en": {"question": " "}},
    )
    assert languages_of(both) == ["sv", "fi"]
    assert choose_language(both, wanted="fi", accepted="sv") == "fi"
    assert choose_language(both, wanted="en", accepted="en,fi;q=0.3") == "fi"
    assert choose_language(both, wanted="", accepted="de") == "sv"


def test_accepted_languages_are_ranked() -> None:
    assert read_accepted("en;q=0.5, fi-FI, sv;q=0.8,de;q=0,;q=x") == ["fi", "sv", "en"]
    assert read_accepted("") == [""]


@pytest.mark.parametrize(
    ("scale", "score", "said"),
    [("nps", 9, "9 / 10"), ("stars", 4, "4 / 5 tähteä"), ("thumbs", 0, "“Ei hoitunut”")],
)
def test_a_score_is_said_in_words(scale: str, score: int, said: str) -> None:
    assert say_score(published(scale), score, language="fi") == said
