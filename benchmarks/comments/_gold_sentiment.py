"""Of the gold set: sentiment as shipped, and after the odd half's scores were learnt from.

The even half is only ever measured on. What is shipped knows the odd half: its cut points were
set there. An organisation's own scores are played by those of the odd half.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.comments._gold_set import (
    HALVES,
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


def report_sentiment() -> bool:
    """Print it; true if the direction is right often enough once scores were learnt from."""
    shipped = SentimentModel.shipped()
    models = {"as shipped": shipped} | learn_models(shipped)
    for half in HALVES:
        print(f"Sentiment, {half} half\n")
        print_table(
            ["language", "weights", "accuracy", "macro-F1", "direction", "said as sure", "right"],
            [
                [place, name, *_row(read(model, half, languages))]
                for place, languages in [*((NAMES[x], (x,)) for x in LANGUAGES), ("all", LANGUAGES)]
                for name, model in models.items()
            ],
        )
    for name in models:
        print(f"Confusion, even half, three languages, {name}: a line is what the reader found\n")
        _print_confusion(read(models[name], "even", LANGUAGES))
    last = read(list(models.values())[-1], "even", LANGUAGES)
    return share_of(last, is_direction_right) >= DIRECTION_MIN


def learn_models(shipped: SentimentModel) -> dict[str, SentimentModel]:
    """What an organisation has after some scores; the shipped one where that reads no worse."""
    rated = rated_comments()
    return {
        f"{RATED} scores": calibrate(shipped, *_taught(rated[:RATED])).model,
        f"retrained, {len(rated)}": retrain(shipped, *_taught(rated)).model,
    }


def rated_comments() -> list[GoldComment]:
    """The odd half's comments with a score, the languages in turn."""
    odd = [c for language in LANGUAGES for c in read_gold(language) if c.half == "odd"]
    return sorted((c for c in odd if c.score is not None), key=lambda comment: comment.id)


def _taught(rated: list[GoldComment]) -> tuple[list[str], list[str], list[str]]:
    scores = [label_of_score(c.score, low=0, high=10) for c in rated if c.score is not None]
    return [c.text for c in rated], [c.language for c in rated], scores


def read(model: SentimentModel, half: str, languages: Sequence[str]) -> Pairs:
    chosen = [c for language in languages for c in read_gold(language) if c.half == half]
    feelings = model.score([c.text for c in chosen], [c.language for c in chosen])
    return [(c.sentiment, feeling) for c, feeling in zip(chosen, feelings, strict=True)]


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


def _row(pairs: Pairs) -> list[str]:
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
