"""How comments feel: what the shipped model reads, and that reading has no surprises."""

import numpy as np
import pytest

from kokemus.comments.calibration import Calibration, UnknownLabel, fit_calibration, probabilities
from kokemus.comments.sentiment import Feeling, SentimentModel
from kokemus.comments.sentiment_features import CHARACTERS_MAX, count_features, find_places
from kokemus.comments.sentiment_own import UnknownForm, unpack

MODEL = SentimentModel.shipped()
PLAIN = [
    ("fi", "Erinomaista palvelua, kiitos!", "positive"),
    ("fi", "Todella huono palvelu.", "negative"),
    ("sv", "Mycket bra service, tack!", "positive"),
    ("sv", "Dålig service och otrevlig personal.", "negative"),
    ("en", "Great service, thank you!", "positive"),
    ("en", "Terrible service and rude staff.", "negative"),
]


def read(language: str, text: str) -> Feeling:
    return MODEL.score([text], [language])[0]


@pytest.mark.parametrize(("language", "text", "label"), PLAIN)
def test_plain_praise_and_blame_are_read(language: str, text: str, label: str) -> None:
    assert read(language, text).label == label


def test_an_empty_text_is_neutral_and_unsure() -> None:
    nothing = Feeling(0.0, "neutral", 0.0, True)
    assert MODEL.score(["", "  \n"], ["fi", ""]) == [nothing, nothing]
    assert MODEL.score([], []) == []
    assert MODEL.drivers("", "fi") == []


def test_a_very_long_text_is_read_to_its_limit() -> None:
    text = "Palvelu oli hyvää. " * (CHARACTERS_MAX // 10)
    assert len(text) > CHARACTERS_MAX
    assert MODEL.score([text], ["fi"]) == MODEL.score([text[:CHARACTERS_MAX]], ["fi"])
    assert read("fi", text).label == "positive"


def test_the_order_and_company_of_a_text_do_not_matter() -> None:
    rows = PLAIN * 40
    texts, languages = [row[1] for row in rows], [row[0] for row in rows]
    together = MODEL.score(texts, languages)
    assert MODEL.score(texts[::-1], languages[::-1]) == together[::-1]
    assert [read(language, text) for language, text, _ in PLAIN] == together[: len(PLAIN)]


def test_an_unknown_language_takes_the_word_of_all() -> None:
    assert MODEL.score(["Great!"], [""]) == MODEL.score(["Great!"], ["et"])
    mean = np.mean([MODEL.log_odds(["Great!"], [each]) for each in ("fi", "sv", "en")], axis=0)
    np.testing.assert_allclose(MODEL.log_odds(["Great!"], [""]), mean)


def test_texts_and_languages_come_in_pairs() -> None:
    with pytest.raises(ValueError, match="2 texts came with 1 languages"):
        MODEL.score(["a", "b"], ["fi"])


def test_words_that_drove_the_reading_are_marked() -> None:
    text = "Henkilökunta oli 😊 töykeää\u0000 ja HUONOOOO palvelu"
    drivers = MODEL.drivers(text, "fi")
    words = [text[start:end] for (start, end), _ in drivers]
    assert "töykeää" in words
    assert "HUONOOOO" in words
    assert min(weight for _, weight in drivers) < 0


def test_words_that_drove_many_readings_are_those_of_each() -> None:
    """In chunks, beside empty and overlong texts, in several languages at once."""
    rows = [*PLAIN, ("", "Great! Hyvä!"), ("fi", ""), ("fi", "hyvä " * (CHARACTERS_MAX // 4))] * 12
    texts, languages = [row[-1] if len(row) == 2 else row[1] for row in rows], [r[0] for r in rows]
    alone = {row: MODEL.drivers(text, row[0]) for row, text in zip(rows, texts, strict=True)}
    assert MODEL.drivers_of_each(texts, languages) == [alone[row] for row in rows]
    assert MODEL.drivers_of_each([], []) == []


def test_stretched_words_and_capitals_are_the_same_words() -> None:
    plain, stretched = ([*count_features([text])] for text in ("HYVÄÄ", "hyvääääää"))
    np.testing.assert_array_equal(plain[0].buckets, stretched[0].buckets)


def test_places_stay_within_the_text() -> None:
    for text in ("a", "  a  ", "😡", "kiitos  !!!", "\n\nä\0b"):
        (places,) = find_places([text])
        assert places.starts.min() >= 0
        assert places.ends.max() <= len(text)
        assert (places.starts < places.ends).all()


def test_a_negation_reaches_three_words_of_its_clause() -> None:
    def count(text: str) -> int:
        return sum(len(part.buckets) for part in count_features([text]))

    reached = count("ei yksi kaksi kolme neljä") - count("xi yksi kaksi kolme neljä")
    stopped = count("ei, yksi kaksi kolme neljä") - count("xi, yksi kaksi kolme neljä")
    assert (reached, stopped) == (6, 0)


@pytest.mark.parametrize(
    ("language", "good", "not_good", "bad", "not_bad"),
    [
        ("fi", "oli hyvä", "ei ollut hyvä", "oli huono", "ei ollut huono"),
        ("sv", "det var bra", "det var inte bra", "dåligt", "inte dåligt"),
        ("en", "it was good", "it was not good", "bad", "not bad"),
    ],
)
def test_a_negation_turns_a_reading(
    language: str, good: str, not_good: str, bad: str, not_bad: str
) -> None:
    """All the way for what is good; what is "not bad" may stay in doubt, but is not bad."""
    texts = [good, not_good, bad, not_bad]
    read = [feeling.sentiment for feeling in MODEL.score(texts, [language] * 4)]
    assert read[0] > 0 > read[1]
    assert read[3] > read[2] + 0.3


def test_what_is_kept_of_an_organisation_comes_back() -> None:
    line = Calibration((1.5, 0.7), (-0.25, 0.5), 0.625)
    again = SentimentModel.from_bytes(MODEL.calibrated(line).to_bytes())
    assert again.calibration == line
    assert again.score(["Kiitos!"], ["fi"]) == MODEL.calibrated(line).score(["Kiitos!"], ["fi"])


@pytest.mark.parametrize("kept", [b"", b"nothing", MODEL.to_bytes()[:60]])
def test_other_bytes_are_refused(kept: bytes) -> None:
    with pytest.raises(UnknownForm):
        unpack(kept)


def test_calibration_keeps_the_order_of_comments() -> None:
    random = np.random.default_rng(7)
    log_odds = random.normal(size=(200, 2)) * 2
    labels = [("negative", "neutral", "positive")[i] for i in random.integers(3, size=200)]
    line = fit_calibration(log_odds, labels)
    for column in (0, 1):
        order = np.argsort(log_odds[:, column])
        assert (np.diff(line.apply(log_odds)[order, column]) > 0).all()


def test_five_ratings_move_little_and_five_hundred_decide() -> None:
    """The planted truth: every log odds of positive is two too low."""
    random = np.random.default_rng(8)
    log_odds = random.normal(size=(500, 2))
    chances = probabilities(log_odds + np.array([0, 2]))
    drawn = [random.choice(3, p=row) for row in chances]
    labels = [("negative", "neutral", "positive")[i] for i in drawn]
    assert abs(fit_calibration(log_odds[:5], labels[:5]).shifts[1]) < 1
    assert fit_calibration(log_odds, labels).shifts[1] == pytest.approx(2, abs=0.4)


def test_an_unknown_label_is_refused() -> None:
    with pytest.raises(UnknownLabel, match="'angry' is not a label"):
        fit_calibration(np.zeros((1, 2)), ["angry"])
