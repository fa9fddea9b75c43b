"""Themes by example: few comments are enough, how well it does is said, corrections count."""

import dataclasses

import numpy as np
import pytest
from tests.comments.themes.reading import codes, evidence, hits

from kokemus.comments.themes import (
    Example,
    LearntTheme,
    Theme,
    ThemeBook,
    TooFewExamples,
    example_of,
    learn_theme,
    starting_themes,
)
from kokemus.comments.themes.learnt import wilson

PARKING = [
    "Parkkipaikka oli täynnä",
    "Pysäköinti maksoi liikaa",
    "Parkkihallista ei löytynyt tilaa",
    "Auto piti jättää kauas, pysäköinti täynnä",
    "Parkkipaikkoja on aivan liian vähän",
    "Pysäköintihalli on ahdas",
    "Ei parkkipaikkaa pihalla",
    "Pysäköinti on hankalaa iltaisin",
]
ELSE = [
    "Myyjä oli ystävällinen",
    "Ruoka oli kylmää",
    "Sovellus kaatuu koko ajan",
    "Lasku tuli kahdesti",
    "Kukaan ei vastannut puhelimeen",
    "Toimitus myöhästyi viikon",
    "Hyvä valikoima ja siisti myymälä",
    "Lääkäri kuunteli rauhassa",
    "Kassalla oli pitkä jono",
    "Kiitos hyvästä palvelusta",
]


def examples(texts: list[str]) -> list[Example]:
    return [example_of(text, language="fi") for text in texts]


def book_with(learnt: LearntTheme) -> ThemeBook:
    return ThemeBook((Theme("parking", {"en": "Parking"}, learnt=learnt),))


def test_a_theme_is_learnt_from_few_examples() -> None:
    book = book_with(learn_theme(examples(PARKING), examples(ELSE)))
    assert codes(book, "Pysäköintipaikat olivat täynnä", language="fi") == {"parking"}
    assert codes(book, "Parkkipaikalla ei ollut tilaa", language="fi") == {"parking"}
    assert codes(book, "Myyjä ei vastannut ja ruoka oli kylmää", language="fi") == set()


def test_what_is_found_by_example_says_so_with_its_words() -> None:
    book = book_with(learn_theme(examples(PARKING), examples(ELSE)))
    text = "Hieno paikka muuten, mutta pysäköinti harmitti"
    (hit,) = hits(book, text, language="fi")
    assert hit.source == "example"
    assert hit.probability is not None
    assert 0.3 < hit.probability < 1
    assert "pysäköinti" in evidence(book, text, language="fi")["parking"]


def test_precision_and_recall_come_with_their_intervals() -> None:
    learnt = learn_theme(examples(PARKING), examples(ELSE))
    assert learnt.precision is not None
    assert learnt.recall is not None
    assert learnt.recall.of == len(PARKING)
    assert learnt.precision.low < learnt.precision.estimate <= learnt.precision.high


def test_what_cannot_be_told_apart_is_not_called_precise() -> None:
    chance = np.random.default_rng(1)
    words = ["talo", "auto", "kukka", "pilvi", "kivi", "meri", "tuuli", "kissa", "koira", "pöytä"]
    texts = [" ".join(chance.choice(words, 4)) for _ in range(60)]
    learnt = learn_theme(examples(texts[:30]), examples(texts[30:]))
    assert learnt.precision is None or learnt.precision.low < 0.6


def test_the_wilson_interval_is_the_published_one() -> None:
    share = wilson(81, 263)  # Newcombe 1998, Statistics in Medicine 17, table I
    assert share is not None
    assert (round(share.low, 4), round(share.high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("yes", "no"), [(4, 10), (8, 4), (0, 0)])
def test_too_few_examples_are_refused(yes: int, no: int) -> None:
    with pytest.raises(TooFewExamples):
        learn_theme(examples(PARKING[:yes]), examples(ELSE[:no]))


def test_comments_nobody_judged_stand_in_for_negatives() -> None:
    book = book_with(learn_theme(examples(PARKING), others=examples(ELSE)))
    assert codes(book, "Pysäköinti täynnä", language="fi") == {"parking"}


def test_the_same_examples_teach_the_same() -> None:
    one, other = (learn_theme(examples(PARKING), examples(ELSE)).to_bytes() for _ in range(2))
    assert one == other


def test_what_was_learnt_survives_its_bytes() -> None:
    learnt = learn_theme(examples(PARKING), examples(ELSE))
    again = LearntTheme.from_bytes(learnt.to_bytes())
    assert again.to_bytes() == learnt.to_bytes()
    assert again.precision == learnt.precision
    text = "Pysäköinti täynnä"
    assert hits(book_with(again), text, language="fi") == hits(
        book_with(learnt), text, language="fi"
    )


def test_a_book_with_what_it_learnt_survives_its_json() -> None:
    book = book_with(learn_theme(examples(PARKING), examples(ELSE)))
    again = ThemeBook.from_json(book.to_json())
    assert again.to_json() == book.to_json()
    assert codes(again, "Pysäköinti täynnä", language="fi") == {"parking"}


def embedded(texts: list[str], direction: int) -> list[Example]:
    chance = np.random.default_rng(direction)
    vectors = chance.normal(size=(len(texts), 8)) * 0.1 + 3.0
    vectors[:, direction] += 1.0
    vectors = np.round(127 * vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    rows = zip(texts, vectors.astype(np.int8), strict=True)
    return [example_of(text, language="fi", embedding=vector) for text, vector in rows]


def test_an_embedding_is_read_where_a_comment_comes_with_one() -> None:
    yes, no = embedded(PARKING, 0), embedded(ELSE, 1)
    learnt = learn_theme(yes, no)
    assert learnt.embedded is not None
    found = learnt.weigh({}, is_found_by_rule=False, embedding=yes[0].embedding)[0]
    missed = learnt.weigh({}, is_found_by_rule=False, embedding=no[0].embedding)[0]
    assert found > 0.6 > 0.4 > missed
    assert LearntTheme.from_bytes(learnt.to_bytes()).to_bytes() == learnt.to_bytes()


def test_examples_without_embeddings_learn_from_words_alone() -> None:
    learnt = learn_theme(embedded(PARKING, 0), examples(ELSE))
    assert learnt.embedded is None


STARTING = ThemeBook(starting_themes())
WRONG = [
    "Hintalappu jäi paitaan kiinni",
    "Hintalappu raapi niskaa",
    "Hintalappu oli liimattu huonosti",
    "Hintalappu irtosi pesussa",
]


def test_corrections_put_a_starting_theme_right() -> None:
    assert "price" in codes(STARTING, "Hintalappu repsotti taas", language="fi")
    learnt = learn_theme([], examples(WRONG), theme=STARTING["price"])
    book, change = STARTING.teach("price", learnt)
    assert "price" not in codes(book, "Hintalappu repsotti taas", language="fi")
    assert "price" in codes(book, "Lasku oli liian kallis", language="fi")
    assert change.after == {"yes": 0, "no": 4}


def test_corrections_teach_what_the_rules_missed() -> None:
    said = [
        "Tonttivuokra nousi kohtuuttomasti",
        "Tonttivuokra on nyt järjetön",
        "Vuokra nousi taas",
    ]
    assert "price" not in codes(STARTING, "Tonttivuokra nousi", language="fi")
    learnt = learn_theme(examples(said), examples(ELSE[:2]), theme=STARTING["price"])
    book, _ = STARTING.teach("price", learnt)
    assert "price" in codes(book, "Tonttivuokra nousi", language="fi")
    assert "price" not in codes(book, "Ruoka oli kylmää", language="fi")


def test_one_correction_is_learnt_from_and_not_judged() -> None:
    learnt = learn_theme([], examples(WRONG[:1]), theme=STARTING["price"])
    assert (learnt.precision, learnt.recall, learnt.no) == (None, None, 1)
    with pytest.raises(TooFewExamples):
        learn_theme([], [], theme=STARTING["price"])


def test_what_is_learnt_does_not_stop_other_themes() -> None:
    learnt = learn_theme([], examples(WRONG), theme=STARTING["price"])
    book, _ = STARTING.teach("price", learnt)
    assert codes(book, "Jonotin tunnin", language="fi") == {"waiting"}
    assert dataclasses.replace(book["price"], learnt=None) == STARTING["price"]
