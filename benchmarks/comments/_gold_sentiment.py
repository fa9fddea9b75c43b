"""Of the gold set: sentiment as shipped, and after scores of the organisation's own.

What is shipped knows the odd half. So an organisation's scores are played by the even half, which
no weight has seen: from one part of it is learnt, the other is measured on, and the other way.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.comments._gold_set import (
    LABELS,
    LANGUAGES,
    NAMES,
    GoldComment,
    print_table,
    read_gold,
    say_share,
)
from kokemus.comments.retraining import calibrate, label_of_score, retrain
from kokemus.comments.sentiment import Feeling, SentimentModel

DIRECTION_MIN = 0.88
RATED = 100
Pairs = list[tuple[str, Feeling]]
Learn = Callable[[SentimentModel, list[GoldComment]], SentimentModel]


def report_sentiment() -> bool:
    """Print it; true if the direction is right often enough after a hundred scores."""
    shipped = SentimentModel.shipped()
    odd = {"as shipped": read(shipped, chosen("odd"))}
    even = {"as shipped": read(shipped, chosen("even"))}
    even |= {name: read_after(shipped, learn) for name, learn in LESSONS.items()}
    for half, ways in {"even": even, "odd": odd}.items():
        print(f"Sentiment, {half} half\n")
        head = ["language", "weights", "accuracy", "macro-F1", "direction", "said as sure", "right"]
        print_table(head, _rows(ways))
    for name, pairs in even.items():
        print(f"Confusion, even half, three languages, {name}: a line is what the reader found\n")
        _print_confusion(list(pairs.values()))
    after = list(even[f"{RATED} scores"].values())
    return share_of(after, is_direction_right) >= DIRECTION_MIN


def learn_cut_points(shipped: SentimentModel, rated: list[GoldComment]) -> SentimentModel:
    return calibrate(shipped, *_taught(rated[:RATED])).model


def learn_words(shipped: SentimentModel, rated: list[GoldComment]) -> SentimentModel:
    return retrain(shipped, *_taught(rated)).model


LESSONS: dict[str, Learn] = {f"{RATED} scores": learn_cut_points, "retrained": learn_words}
Read = dict[tuple[str, int], tuple[str, Feeling]]


def read_after(shipped: SentimentModel, learn: Learn) -> Read:
    """Each part of the even half, read by what was learnt from the scores of the other part."""
    parts = [[c for c in chosen("even") if c.id % 4 == rest] for rest in (0, 2)]
    found: Read = {}
    for part, other in (parts, parts[::-1]):
        rated = sorted((c for c in other if c.score is not None), key=lambda comment: comment.id)
        found |= read(learn(shipped, rated), part)
    return found


def chosen(half: str) -> list[GoldComment]:
    return [c for language in LANGUAGES for c in read_gold(language) if c.half == half]


def _taught(rated: list[GoldComment]) -> tuple[list[str], list[str], list[str]]:
    scores = [label_of_score(c.score, low=0, high=10) for c in rated if c.score is not None]
    return [c.text for c in rated], [c.language for c in rated], scores


def read(model: SentimentModel, comments: list[GoldComment]) -> Read:
    feelings = model.score([c.text for c in comments], [c.language for c in comments])
    return {
        (c.language, c.id): (c.sentiment, feeling)
        for c, feeling in zip(comments, feelings, strict=True)
    }


def _rows(ways: dict[str, Read]) -> list[list[str]]:
    places = [*((NAMES[language], (language,)) for language in LANGUAGES), ("all", LANGUAGES)]
    return [
        [place, name, *measure([pair for (spoken, _), pair in read.items() if spoken in languages])]
        for place, languages in places
        for name, read in ways.items()
    ]


def is_right(wanted: str, feeling: Feeling) -> bool:
    return feeling.label == wanted


def is_direction_right(wanted: str, feeling: Feeling) -> bool | None:
    """Whether a comment with a side is on it, by the sign alone; none for a neutral one."""
    if wanted == "neutral":
        return None
    return feeling.sentiment > 0 if wanted == "positive" else feeling.sentiment < 0


def share_of(pairs: Pairs, judge: Callable[[str, Feeling], bool | None]) -> float:
    judged = [verdict for pair in pairs if (verdict := judge(*pair)) is not None]
    return sum(judged) / len(judged)


def _say(pairs: Pairs, judge: Callable[[str, Feeling], bool | None]) -> str:
    judged = [verdict for pair in pairs if (verdict := judge(*pair)) is not None]
    return say_share(sum(judged), len(judged))


def macro_f1(pairs: Pairs) -> float:
    total = 0.0
    for label in LABELS:
        both = sum(wanted == feeling.label == label for wanted, feeling in pairs)
        either = sum((wanted == label) + (feeling.label == label) for wanted, feeling in pairs)
        total += 2 * both / either if either else 0.0
    return total / len(LABELS)


def measure(pairs: Pairs) -> list[str]:
    sure = [pair for pair in pairs if not pair[1].is_unsure]
    return [
        _say(pairs, is_right),
        f"{macro_f1(pairs):.2f}",
        _say(pairs, is_direction_right),
        f"{len(sure) / len(pairs):.0%}",
        _say(sure, is_right),
    ]


def _print_confusion(pairs: Pairs) -> None:
    rows = [
        [
            wanted,
            *(sum(w == wanted and f.label == label for w, f in pairs) for label in LABELS),
            sum(w == wanted and f.is_unsure for w, f in pairs),
        ]
        for wanted in LABELS
    ]
    print_table(["", *(f"read as {label}" for label in LABELS), "of them unsure"], rows)
