"""Learning from an organisation's own ratings, shown before it is adopted."""

from random import Random

import pytest

from kokemus.comments.retraining import (
    TooFewComments,
    calibrate,
    label_of_score,
    learn_sentiment,
    retrain,
    wilson_share,
)
from kokemus.comments.sentiment import SentimentModel

MODEL = SentimentModel.shipped()
WORDS = {"negative": "grimplo", "neutral": "zantu", "positive": "wexor"}


def rated_comments(count: int, *, seed: int = 3) -> tuple[list[str], list[str], list[str]]:
    """Comments in a jargon no model knows, whose words tell their rating nine times in ten."""
    random = Random(seed)
    texts, labels = [], []
    for number in range(count):
        label = random.choice(sorted(WORDS))
        said = label if random.random() < 0.9 else random.choice(sorted(WORDS))
        texts.append(f"case {number} was {WORDS[said]} {random.choice('abcdef')}")
        labels.append(label)
    return texts, ["en"] * count, labels


def test_retraining_learns_an_organisations_own_words() -> None:
    learnt = retrain(MODEL, *rated_comments(400))
    assert (learnt.kind, learnt.comments, learnt.is_better) == ("retrained", 400, True)
    assert learnt.before.accuracy.estimate < 0.6
    assert learnt.after.accuracy.low > 0.8
    read = learnt.model.score(["it was wexor", "it was grimplo"], ["en", "en"])
    assert [feeling.label for feeling in read] == ["positive", "negative"]


def test_what_was_learnt_survives_as_bytes() -> None:
    learnt = retrain(MODEL, *rated_comments(200)).model
    again = SentimentModel.from_bytes(learnt.to_bytes())
    texts = ["it was wexor", "Great service", "zantu"]
    assert again.score(texts, ["en"] * 3) == learnt.score(texts, ["en"] * 3)
    assert again.drivers("it was wexor", "en") == learnt.drivers("it was wexor", "en")
    assert learnt.to_bytes() == again.to_bytes()


def test_the_shipped_model_learns_nothing_from_an_organisation() -> None:
    before = MODEL.score(["it was wexor"], ["en"])
    retrain(MODEL, *rated_comments(200))
    assert MODEL.score(["it was wexor"], ["en"]) == before


def test_ratings_without_sense_are_not_adopted() -> None:
    texts, languages, labels = rated_comments(300)
    Random(5).shuffle(labels)
    rated = [SentimentModel.shipped().score([text], ["en"])[0].label for text in texts]
    mixed = [
        label if i % 2 else read for i, (label, read) in enumerate(zip(labels, rated, strict=True))
    ]
    learnt = retrain(MODEL, texts, languages, mixed)
    assert learnt.is_better == (
        learnt.after.loss <= learnt.before.loss
        and learnt.after.accuracy.estimate >= learnt.before.accuracy.estimate
    )
    assert learnt.is_better or learnt.model.to_bytes() == MODEL.to_bytes()


def test_the_order_of_comments_does_not_matter() -> None:
    columns = rated_comments(120)
    turned = tuple(column[::-1] for column in columns)
    first, second = calibrate(MODEL, *columns), calibrate(MODEL, *turned)
    assert first.model.to_bytes() == second.model.to_bytes()
    assert (first.before, first.after) == (second.before, second.after)


def test_how_much_is_learnt_follows_how_many_there_are() -> None:
    assert learn_sentiment(*rated_comments(99)) is None
    few, many = learn_sentiment(*rated_comments(100)), learn_sentiment(*rated_comments(1_000))
    assert few is not None
    assert many is not None
    assert (few.kind, many.kind) == ("calibrated", "retrained")


def test_before_and_after_are_told_as_plain_numbers() -> None:
    learnt = calibrate(MODEL, *rated_comments(100))
    told = learnt.after.as_dict()
    assert told["accuracy"][3] == 100
    assert sum(map(sum, told["confusion"])) == 100
    assert sorted(told) == ["accuracy", "confusion", "direction", "loss", "macro_f1"]


def test_comments_of_one_kind_alone_can_be_learnt_from() -> None:
    texts, languages, _ = rated_comments(150)
    learnt = calibrate(MODEL, texts, languages, ["positive"] * 150)
    assert learnt.after.accuracy.estimate == 1.0


def test_too_few_or_unequal_columns_are_refused() -> None:
    with pytest.raises(TooFewComments, match="4 rated comments"):
        calibrate(MODEL, *rated_comments(4))
    with pytest.raises(ValueError, match="2 texts, 1 languages, 2 labels"):
        calibrate(MODEL, ["a", "b"], ["en"], ["neutral"] * 2)


@pytest.mark.parametrize(
    ("score", "low", "high", "label"),
    [
        (5, 0, 10, "negative"),
        (6, 0, 10, "neutral"),
        (7, 0, 10, "neutral"),
        (8, 0, 10, "positive"),
        (9, 0, 10, "positive"),
        (5, 1, 10, "negative"),
        (9, 1, 10, "positive"),
        (2, 1, 5, "negative"),
        (3, 1, 5, "neutral"),
        (4, 1, 5, "positive"),
        (2, 1, 4, "negative"),
        (3, 1, 4, "positive"),
        (4, 1, 7, "neutral"),
    ],
)
def test_a_score_is_a_label_by_its_scale(score: float, low: float, high: float, label: str) -> None:
    assert label_of_score(score, low=low, high=high) == label


def test_wilson_share_is_the_published_one() -> None:
    """Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662."""
    share = wilson_share(81, 263)
    assert (round(share.low, 4), round(share.high, 4)) == (0.2553, 0.3662)
    assert wilson_share(0, 0).high == 1.0
