"""Feedback or talk: how often files of fifty lines are told apart, each by lines not learnt from.

The sets are read from the folder in the environment variable DATA.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
from training.sentiment_source import learn_source
from training.sentiment_texts import Example, read_examples, read_gold

from kokemus.comments.kinds import LOG_ODDS_MIN
from kokemus.comments.sentiment_weights import Weights
from kokemus.simulate.comments import SETTINGS, write_comment

LINES, FILES = 50, 2_000
TALK_MIN, FEEDBACK_MIN = 0.99, 0.999
"""Doubt means feedback: it may be talk's loss now and then, and hardly ever feedback's."""


def run() -> bool:
    """Draw files from what was held out, and print how many of them are told rightly."""
    data = os.environ.get("DATA", "")
    if not data:
        print("Telling feedback from talk: skipped, DATA names no folder of sets.")
        return True
    examples = read_examples(Path(data), language="fi")
    held, seen = hold_out(examples)
    weights = learn_source(seen)
    texts, _ = read_gold("fi")
    feedback = {
        "our comments": [each.text for each in held if each.is_comment],
        "our comments, neutral ones only": [e.text for e in held if e.is_comment and e.label == 1],
        "gold set, odd lines": texts,
        "simulated": simulated(),
    }
    talk = {
        "forum": [each.text for each in held if each.fold],
        "forum, shorter than 30 letters": [e.text for e in held if e.fold and len(e.text) < 30],
        "lines of films": [each.text for each in held if each.is_polar],
    }
    told = [
        _say(f"feedback: {name}", 1 - share_of_talk(weights, each), FEEDBACK_MIN)
        for name, each in feedback.items()
    ]
    told += [
        _say(f"talk: {name}", share_of_talk(weights, each), TALK_MIN) for name, each in talk.items()
    ]
    return all(told)


def hold_out(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """A fifth of every source, and the others without a line that says the same."""
    places = [place for place, each in enumerate(examples) if is_held(each, place)]
    held = [examples[place] for place in places]
    texts = {each.text for each in held}
    return held, [each for each in examples if each.text not in texts]


def is_held(example: Example, place: int) -> bool:
    if example.fold:
        return example.fold % 5 == 0
    return place % 5 == 0 and (example.is_comment or example.is_polar)


def simulated() -> list[str]:
    """Comments of the invented company that the weights' own are not."""
    random = Random(99)
    places = sorted(SETTINGS)
    written = [
        write_comment(random, touchpoint=places[i % len(places)], level=level, language="fi")[0]
        for i in range(500)
        for level in ("low", "high")
    ]
    return [text for text in written if text]


def share_of_talk(weights: Weights, texts: Sequence[str]) -> float:
    """Of files of fifty lines, drawn from these texts, how many are told as talk."""
    leaning = weights.log_odds(texts)[:, 0]
    draw = np.random.default_rng(0)
    files = [draw.choice(leaning, LINES, replace=len(texts) < 2 * LINES) for _ in range(FILES)]
    return float(np.mean(np.median(files, axis=1) >= LOG_ODDS_MIN))


def _say(name: str, share: float, share_min: float) -> bool:
    print(f"{name:50} {share:7.2%} of {FILES:,} files of {LINES} lines told rightly")
    return share >= share_min
