"""Comments are in their language, whole, varied, and about what they were made to be about."""

import datetime
import re
from random import Random

import numpy as np
import pytest

from kokemus.comments.personal import find_personal_data, redact
from kokemus.simulate.comments import (
    IMPERSONAL,
    LANGUAGES,
    LEVELS,
    SETTINGS,
    THEMES,
    Language,
    write_comment,
)
from kokemus.simulate.company import Company, simulate_company
from kokemus.simulate.grammar import Grammar, UnknownSymbol
from kokemus.simulate.kotilyhty import CAUSES, TOUCHPOINTS
from kokemus.simulate.loose_writing import loosen_english, loosen_finnish, loosen_swedish, mistype
from kokemus.simulate.truths import REMINDED

ENDS = datetime.datetime(2026, 11, 20, 14, 0, tzinfo=datetime.UTC)
COMMON = {
    "fi": {"oli", "ja", "ei", "mutta", "mut", "kiitos", "palvelu", "hyvin", "ihan", "on", "kun"},
    "sv": {"var", "och", "o", "inte", "men", "tack", "jag", "är", "det", "på", "för", "som", "att"},
    "en": {"was", "and", "not", "but", "the", "i", "is", "it", "to", "of", "service", "thank"},
}
LETTERS = {"fi": "abcdefghijklmnopqrstuvwxyzåäö", "sv": "abcdefghijklmnopqrstuvwxyzåäöé"}
LETTERS["en"] = LETTERS["fi"][:26]


@pytest.fixture(scope="module")
def company() -> Company:
    return simulate_company(ends=ENDS)


def samples(language: str, number: int = 1_500) -> list[str]:
    random, texts = Random(7), []
    for _ in range(number):
        point, level = random.choice(list(SETTINGS)), random.choice(LEVELS)
        text, _ = write_comment(
            random,
            touchpoint=point,
            level=level,
            language=language,
            subject=draw_subject(random, point, level),
        )
        texts.append(text)
    return texts


def draw_subject(random: Random, point: str, level: str) -> str:
    if point in ("booking", "app") and level != "high" and random.random() < 0.3:
        return "login"
    return "reminder" if point in REMINDED and random.random() < 0.3 else ""


def test_every_touchpoint_has_a_setting_and_themes_are_causes() -> None:
    assert set(SETTINGS) == {point.code for point in TOUCHPOINTS}
    assert set(SETTINGS.values()) == set(THEMES) > IMPERSONAL
    themes = {theme for shares in THEMES.values() for theme in shares}
    assert themes == {cause.code for cause in CAUSES}


@pytest.mark.parametrize("tongue", LANGUAGES.values(), ids=LANGUAGES)
def test_grammar_terminates(tongue: Language) -> None:
    """The mean number of symbols that a symbol makes has no eigenvalue of 1 or more."""
    rules = tongue.grammar.rules
    place = {symbol: i for i, symbol in enumerate(rules)}
    mean = np.zeros((len(rules), len(rules)))
    for symbol, alternatives in rules.items():
        total = sum(weight for weight, _ in alternatives)
        for weight, parts in alternatives:
            for slot in parts[1::2]:
                name = slot.removeprefix("^")
                if name in place:
                    mean[place[symbol], place[name]] += weight / total
    assert np.abs(np.linalg.eigvals(mean)).max() < 1


@pytest.mark.parametrize("tongue", LANGUAGES.values(), ids=LANGUAGES)
def test_no_symbol_is_left_unused(tongue: Language) -> None:
    used = {
        slot.removeprefix("^")
        for alternatives in tongue.grammar.rules.values()
        for _, parts in alternatives
        for slot in parts[1::2]
    }
    used |= {f"{level}{ending}" for level in LEVELS for ending in ("", ".login", ".reminder")}
    used |= {f"brief.{level}" for level in LEVELS}
    for setting, shares in THEMES.items():
        for theme in shares:
            for side in ("good", "bad"):
                special, general = f"{side}.{theme}.{setting}", f"{side}.{theme}"
                used |= {special, general}
    assert set(tongue.grammar.rules) <= used


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_slot_is_left_open(language: str) -> None:
    for text in samples(language):
        assert re.search(r"[{}\[\]<>|*^_]|  | ,| \.|\.\.|^\W|\s$", text) is None, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_comments_are_in_their_language(language: str) -> None:
    texts = samples(language)
    letters = {letter for text in texts for letter in text.lower() if letter.isalpha()}
    assert letters <= set(LETTERS[language])
    for other in LANGUAGES:
        counts = [
            sum(len(COMMON[tongue] & set(re.findall(r"\w+", text.lower()))) for text in texts)
            for tongue in (language, other)
        ]
        assert other == language or counts[0] > 5 * counts[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_begin_with_a_capital_unless_written_loosely(language: str) -> None:
    for text in samples(language):
        if text != text.lower():
            assert text[0].isupper(), text
            assert re.search(r"[.!?] [a-zåäö]", text) is None, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_lengths_go_from_a_word_or_two_to_several_sentences(language: str) -> None:
    sizes = sorted(len(text.split()) for text in samples(language))
    assert sizes[0] <= 2
    assert sizes[-1] >= 20
    assert 5 <= sizes[len(sizes) // 2] <= 14


def test_comments_are_distinct_enough(company: Company) -> None:
    long = [text for text in company.responses.comment if len(text.split()) >= 6]
    assert len(long) > 12_000
    assert len(set(long)) / len(long) > 0.9


def test_a_third_comments_and_mostly_in_finnish(company: Company) -> None:
    given = company.responses
    written = [i for i, text in enumerate(given.comment) if text]
    assert len(written) / len(given) == pytest.approx(0.35, abs=0.03)
    shares = {code: given.language.count(code) / len(given) for code in ("fi", "sv", "en")}
    assert shares == pytest.approx({"fi": 0.86, "sv": 0.08, "en": 0.06}, abs=0.01)
    themed = [i for i, theme in enumerate(given.theme) if theme]
    assert set(themed) < set(written)
    assert len(themed) / len(written) == pytest.approx(0.89, abs=0.02)


def test_praise_and_blame_follow_the_score(company: Company) -> None:
    given = company.responses
    invoice = [survey.code for survey in company.surveys].index("invoice")
    wrong = [
        score
        for text, score, survey in zip(given.comment, given.score, given.survey, strict=True)
        if survey == invoice and "liikaa" in text.lower()
    ]
    assert len(wrong) > 20
    assert np.mean(np.array(wrong) <= 3) > 0.75


def test_some_write_names_and_numbers(company: Company) -> None:
    numbers = sum("+46" in text for text in company.responses.comment)
    assert 200 < numbers < 1_500
    names = "Annelle Antille Heikille Jonille Jukalle Minnalle Riitalle Sarille Teemulle Tuulalle"
    thanked = [sum(n in text for text in company.responses.comment) for n in names.split()]
    assert sum(thanked) > 20 * len(thanked)
    assert min(thanked) > 10


def test_a_noun_comes_back_as_a_pronoun() -> None:
    texts = samples("fi", 4_000)
    assert any("hän" in text.split() for text in texts)
    nouns = re.compile(r"\b(?:[Aa]sentaja|[Hh]oitaja|[Ss]iivooja|[Kk]uljettaja)\b(?! [A-Z])")
    assert all(len(nouns.findall(text)) <= 1 for text in texts)


def test_speech_is_written_as_spoken() -> None:
    text = "Asentaja tuli myöhässä, mutta homma hoitui hienosti."
    assert loosen_finnish(text, Random(1)) == "asentaja tuli myöhässä, mut homma hoitu hienosti"
    assert loosen_swedish("Någon ringde mig.", Random(1)) == "nån ringde mej"
    assert loosen_english("It was not really bad.", Random(1)) == "it wasnt rly bad"


def test_mistype_changes_one_place() -> None:
    random = Random(3)
    typed = {mistype("asentaja", random) for _ in range(200)}
    assert {"asetnaja", "asntaja", "aasentaja"} - typed == {"aasentaja"}
    assert {len(text) for text in typed} == {7, 8, 9}
    assert mistype("ok", random) == "ok"


def test_grammar_expands_weights_and_capitals() -> None:
    grammar = Grammar("[start]\n{^who} {act}\n[act]\n3* sings\nrests", bound=frozenset({"who"}))
    random = Random(1)
    texts = [grammar.expand("start", random=random, words={"who": "ann"}) for _ in range(2_000)]
    assert set(texts) == {"Ann sings", "Ann rests"}
    assert texts.count("Ann sings") / 2_000 == pytest.approx(0.75, abs=0.04)


def test_grammar_follows_a_bound_symbol() -> None:
    grammar = Grammar("[start]\n{deed}\n[act]\nsings", bound=frozenset({"deed"}))
    assert grammar.expand("start", random=Random(1), words={"deed": "[act]"}) == "sings"


def test_grammar_refuses_an_unknown_symbol() -> None:
    with pytest.raises(UnknownSymbol, match="nobody"):
        Grammar("[start]\n{nobody} sings")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_invented_numbers_are_hidden_as_real_ones_would_be(language: str) -> None:
    texts = [text for text in samples(language, 3_000) if "+46" in text]
    assert texts
    hidden = [redact(text, find_personal_data(text, language=language)) for text in texts]
    assert [text for text in hidden if "+46" in text] == []
