"""Sentiment: FinnSentiment by five folds of its own splits, the weights made anew, and speed.

The sets are read from the folder in the environment variable DATA; without it only speed is
measured, and it says so. What is measured on the gold set stands in `gold`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from training.sentiment import fit_line
from training.sentiment_learners import learn_weights, with_line
from training.sentiment_talk import (
    ACCURACY_MIN,
    FOLDS,
    fit_cuts,
    forum_folds,
    macro_f1,
    read_by_folds,
)
from training.sentiment_texts import read_examples, read_talk

from kokemus.comments.calibration import LABELS, probabilities
from kokemus.comments.sentiment import SentimentModel
from kokemus.comments.sentiment_weights import FOLDER
from kokemus.simulate.comments import write_comment

MACRO_F1_MIN = 0.70
MICROSECONDS_MAX = 130
Matrix = NDArray[np.float64]
Whole = NDArray[np.int64]


def run() -> bool:
    """Measure speed, and with DATA accuracy and whether the weights come out the same."""
    held = measure_speed()
    data = os.environ.get("DATA", "")
    if not data:
        print("FinnSentiment and making the weights anew: skipped, DATA names no folder of sets.")
        return held
    return all([measure_forum(Path(data)), measure_making(Path(data)), held])


def measure_speed() -> bool:
    """Read 20,000 comments that are about 100 characters long, on one core."""
    random = Random(1)
    places = ("delivery", "phone-service", "app", "invoice")
    written = [
        write_comment(random, touchpoint=places[i % 4], level="low", language="fi")[0]
        for i in range(2_000)
    ]
    texts = [(text * 3)[:100] for text in written if text] * 10
    model, languages = SentimentModel.shipped(), ["fi"] * len(texts)
    model.score(texts[:100], languages[:100])
    start = time.process_time()
    model.score(texts, languages)
    each = (time.process_time() - start) / len(texts) * 1e6
    size = sum(path.stat().st_size for path in FOLDER.glob("*_*.npy") if path.stem[2] == "_")
    print(f"Reading: {each:.0f} µs for each of {len(texts):,} comments of 100 characters")
    print(f"Weights: {size / 1e6:.2f} MB")
    return each <= MICROSECONDS_MAX


def measure_forum(folder: Path) -> bool:
    """Each fifth of FinnSentiment's development splits, read by weights that have not seen it.

    Learnt as the shipped weights of talk are (`SentimentModel.general()`), with the cut points
    and probabilities that the other four fifths give. What the weights of feedback make of the
    same sentences is printed beside it, for two of the folds.
    """
    examples = read_talk(folder)
    folds, classes = forum_folds(examples)
    log_odds = read_by_folds(examples)
    shares, bounds = np.zeros((len(classes), 3)), np.zeros(len(classes))
    for fold in range(FOLDS):
        line = fit_cuts(log_odds[folds != fold], classes[folds != fold])
        shares[folds == fold] = probabilities(line.apply(log_odds[folds == fold]))
        bounds[folds == fold] = line.certain
    held = _say_forum("as talk", shares, bounds, classes)
    _say_forum("as feedback, two of the folds", *read_as_feedback(folder, folds=(0, 1)))
    return held


def read_as_feedback(folder: Path, *, folds: tuple[int, ...]) -> tuple[Matrix, Matrix, Whole]:
    """Shares, bounds of doubt and classes of the forum's sentences, by weights of feedback."""
    examples = read_examples(folder, language="fi")
    line = fit_line(examples, language="fi")
    parts = []
    for fold in folds:
        held = [each for each in examples if each.fold and each.fold % FOLDS == fold]
        left = {id(each) for each in held}
        seen = [each for each in examples if id(each) not in left]
        weights = with_line(learn_weights(seen, language="fi"), line)
        log_odds = weights.log_odds([each.text for each in held])
        classes = np.array([each.label for each in held])
        parts.append((probabilities(log_odds), np.full(len(held), weights.certain), classes))
    shares, bounds, labels = zip(*parts, strict=True)
    return np.concatenate(shares), np.concatenate(bounds), np.concatenate(labels)


def _say_forum(name: str, shares: Matrix, bounds: Matrix, classes: Whole) -> bool:
    """Print how sentences were read; true if as rightly as they should be."""
    read, sure = shares.argmax(axis=1), shares.max(axis=1)
    right = read == classes
    accuracy, score = float(right.mean()), macro_f1(read, classes)
    said = sure >= bounds
    print(f"FinnSentiment, {len(classes):,} sentences, read {name}:")
    print(f"  accuracy {accuracy:.4f}, macro-F1 {score:.4f}")
    print(f"  said as sure {said.mean():.1%}, of these right {right[said].mean():.1%}")
    print("  read as     negative  neutral  positive")
    for place, label in enumerate(LABELS):
        row = [int(((classes == place) & (read == x)).sum()) for x in range(3)]
        print(f"  {label:9} " + "".join(f"{count:9,}" for count in row))
    return accuracy >= ACCURACY_MIN and score >= MACRO_F1_MIN


def measure_making(folder: Path) -> bool:
    """Make the weights anew and compare them with those that are shipped, byte by byte.

    In a process of its own, as `make train-sentiment`: in this one NumPy may have more threads.
    """
    with TemporaryDirectory() as place:
        command = [sys.executable, "-m", "training.sentiment", str(folder), "--into", place]
        subprocess.run(command, check=True)
        made = sorted(Path(place).iterdir())
        same = [path.read_bytes() == (FOLDER / path.name).read_bytes() for path in made]
    print(f"Weights made anew: {sum(same)} of {len(same)} files are the same bytes")
    return all(same)
