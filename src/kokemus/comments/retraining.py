"""Learn from an organisation's own rated comments; adopt only what reads new ones no worse.

Pure functions of what they are given: nothing is kept, and nothing of one organisation can reach
another. `learn_sentiment` chooses by how many comments there are; what it returns says how
comments that were held out were read before and after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from kokemus.comments.calibration import (
    LABELS,
    Matrix,
    Whole,
    certain_bound,
    class_numbers,
    fit_calibration,
    probabilities,
)
from kokemus.comments.sentiment import SentimentModel
from kokemus.comments.sentiment_features import (
    BUCKETS,
    SHAPES,
    Features,
    count_features,
    join_features,
)
from kokemus.comments.sentiment_weights import COLUMNS, Weights, scaled_values

CALIBRATE_FROM = 100
RETRAIN_FROM = 1_000
COMMENTS_MAX = 20_000
"""Of more rated comments the last so many are learnt from."""

_FOLDS = 5
_PENALTY = 1.0
_RARE_BELOW = 3
_NORMAL_95 = 1.959963984540054
_NEUTRAL = LABELS.index("neutral")


class TooFewComments(ValueError):
    """There are fewer rated comments than there are parts to hold out."""


@dataclass(frozen=True)
class Share:
    """A share with its Wilson interval of 95 % and the count that it is of."""

    estimate: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Reading:
    """How well held-out comments were read.

    `accuracy`: the label is the rating's; `direction`: of those rated negative or positive, the
    sentiment has that sign; `loss`: the mean surprise, minus the log of the probability given to
    the rating's label; `confusion`: a row for each label rated, a column for each label read,
    in the order negative, neutral, positive.
    """

    accuracy: Share
    direction: Share
    macro_f1: float
    loss: float
    confusion: tuple[tuple[int, int, int], ...]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain numbers, for JSON."""
        shares = {"accuracy": self.accuracy, "direction": self.direction}
        named = {name: [x.estimate, x.low, x.high, x.count] for name, x in shares.items()}
        confusion = [list(row) for row in self.confusion]
        return named | {"macro_f1": self.macro_f1, "loss": self.loss, "confusion": confusion}


@dataclass(frozen=True)
class Learnt:
    """What was learnt, and how held-out comments were read before it and after it.

    `kind` is "calibrated" or "retrained". `model` is the new one where it `is_better`, else the
    shipped one.
    """

    model: SentimentModel
    kind: str
    comments: int
    before: Reading
    after: Reading
    is_better: bool


def label_of_score(score: float, *, low: float, high: float) -> str:
    """What a score says of the comment beside it, by the scale.

    On scales of ten steps and more to 5 of 10 is negative, from 8 positive: who gives an 8 mostly
    praises, and who gives a 6 finds it all right, whatever recommendation counts them as. On
    shorter ones below the middle negative, the middle neutral, above it positive.

    >>> label_of_score(7, low=0, high=10), label_of_score(4, low=1, high=5)
    ('neutral', 'positive')
    """
    if high - low >= 9:
        tenths = score + 10 - high
        return "negative" if tenths < 6 else "neutral" if tenths < 8 else "positive"
    middle = (low + high) / 2
    return "negative" if score < middle else "neutral" if score == middle else "positive"


def learn_sentiment(
    texts: Sequence[str], languages: Sequence[str], labels: Sequence[str]
) -> Learnt | None:
    """Learn as much as the rated comments bear: None below 100, calibrate, from 1,000 retrain.

    Retraining that reads held-out comments worse than calibration alone gives way to it.
    """
    if len(texts) < CALIBRATE_FROM:
        return None
    shipped = SentimentModel.shipped()
    calibrated = calibrate(shipped, texts, languages, labels)
    if len(texts) < RETRAIN_FROM:
        return calibrated
    retrained = retrain(shipped, texts, languages, labels)
    is_ahead = retrained.is_better and retrained.after.loss <= calibrated.after.loss
    return retrained if is_ahead else calibrated


def calibrate(
    model: SentimentModel, texts: Sequence[str], languages: Sequence[str], labels: Sequence[str]
) -> Learnt:
    """Fit the model's log odds to rated comments; any number of them, few change little."""
    return _learn("calibrated", model, (texts, languages, labels), learn=_calibrated)


def retrain(
    model: SentimentModel, texts: Sequence[str], languages: Sequence[str], labels: Sequence[str]
) -> Learnt:
    """Calibrate, and learn weights of the organisation's own that add to the shipped ones."""
    return _learn("retrained", model, (texts, languages, labels), learn=_retrained)


@dataclass(frozen=True)
class _Rated:
    """Rated comments as arrays: the features of each, its shipped log odds and its class."""

    counted: Features
    log_odds: Matrix
    classes: Whole

    def part(self, chosen: NDArray[np.bool_]) -> _Rated:
        rows = np.cumsum(chosen) - 1
        kept = chosen[self.counted.documents]
        counted = Features(
            rows[self.counted.documents[kept]],
            self.counted.buckets[kept],
            self.counted.counts[kept],
            self.counted.shapes[chosen],
            int(chosen.sum()),
        )
        return _Rated(counted, self.log_odds[chosen], self.classes[chosen])


Learn = Callable[[SentimentModel, _Rated], SentimentModel]


def _learn(
    kind: str,
    model: SentimentModel,
    given: tuple[Sequence[str], Sequence[str], Sequence[str]],
    *,
    learn: Learn,
) -> Learnt:
    texts, languages, labels = (list(column)[-COMMENTS_MAX:] for column in given)
    if len({len(texts), len(languages), len(labels)}) > 1:
        raise ValueError(f"{len(texts)} texts, {len(languages)} languages, {len(labels)} labels.")
    if len(texts) < _FOLDS:
        raise TooFewComments(f"{len(texts)} rated comments; it takes {_FOLDS} to hold any out.")
    shipped = SentimentModel(model.weights)
    order = np.argsort([_place(text) for text in texts], kind="stable")
    rated = _rate([texts[i] for i in order], [languages[i] for i in order], shipped).part(
        np.ones(len(texts), bool)
    )
    rated = _Rated(rated.counted, rated.log_odds, class_numbers([labels[i] for i in order]))
    folds = np.array([_place(texts[i]) % _FOLDS for i in order])
    held_out = np.zeros_like(rated.log_odds)
    for fold in range(_FOLDS):
        tested = folds == fold
        if tested.any() and not tested.all():
            held_out[tested] = _read(learn(shipped, rated.part(~tested)), rated.part(tested))
    before = _judge(probabilities(rated.log_odds), rated.classes)
    shares = probabilities(held_out)
    after = _judge(shares, rated.classes)
    is_better = after.loss <= before.loss and after.accuracy.estimate >= before.accuracy.estimate
    found = shipped
    if is_better:
        found = _bounded(learn(shipped, rated), certain_bound(shares, rated.classes))
    return Learnt(found, kind, len(texts), before, after, is_better)


def _place(text: str) -> int:
    """Where a text stands among others, whatever order they come in; the same text, the same."""
    return int.from_bytes(hashlib.blake2s(text.encode("utf-8", "replace")).digest()[:6], "big")


def _rate(texts: Sequence[str], languages: Sequence[str], model: SentimentModel) -> _Rated:
    counted = join_features(count_features(texts))
    none = np.zeros(len(texts), np.int64)
    return _Rated(counted, model.shipped_log_odds(texts, languages), none)


def _read(model: SentimentModel, rated: _Rated) -> Matrix:
    found = model.calibration.apply(rated.log_odds)
    if model.head is None:
        return found
    return found + _weigh(rated.counted, model.head)


def _weigh(counted: Features, head: Weights) -> Matrix:
    added: Matrix = _table(counted, head.rarity) @ head.weights + head.bias
    return added


def _calibrated(model: SentimentModel, rated: _Rated) -> SentimentModel:
    labels = [LABELS[place] for place in rated.classes]
    return model.calibrated(fit_calibration(rated.log_odds, labels))


def _retrained(model: SentimentModel, rated: _Rated) -> SentimentModel:
    """A softmax regression on the features, on top of the calibrated log odds."""
    based = _calibrated(model, rated)
    offsets = based.calibration.apply(rated.log_odds)
    often = np.bincount(rated.counted.buckets, minlength=BUCKETS)
    rarity = np.log((1 + rated.counted.size) / (1 + often)) + 1
    rarity = np.where(often >= _RARE_BELOW, rarity, 0).astype(np.float32)
    known = np.flatnonzero(rarity)
    table = _table(rated.counted, rarity)[:, known].tocsr()
    found = _fit_head(table, offsets, rated.classes)
    weights = np.zeros((BUCKETS, COLUMNS), np.float32)
    weights[known] = found.astype(np.float16)
    shapes, bias = np.zeros((SHAPES, COLUMNS), np.float32), np.zeros(COLUMNS, np.float32)
    rarity = rarity.astype(np.float16).astype(np.float32)
    head = Weights(rarity, weights, shapes, bias, 0.0)
    return SentimentModel(model.weights, based.calibration, head)


def _fit_head(table: sparse.csr_matrix, offsets: Matrix, classes: Whole) -> Matrix:
    said = np.eye(3)[classes]
    turned = table.T.tocsr()
    size = (table.shape[1], COLUMNS)

    def loss(point: Matrix) -> tuple[float, Matrix]:
        weights = point.reshape(size)
        shares = probabilities(offsets + table @ weights)
        missed = -np.log(np.maximum(shares[said > 0], 1e-12)).sum()
        wrong = (shares - said)[:, [0, 2]]
        slope = turned @ wrong + _PENALTY * weights
        return float(missed + _PENALTY / 2 * (point * point).sum()), slope.ravel()

    start = np.zeros(size[0] * COLUMNS)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 60})
    weights: Matrix = found.x.reshape(size)
    return weights


def _table(counted: Features, rarity: NDArray[np.float32]) -> sparse.csr_matrix:
    values = scaled_values(counted, rarity)
    place = (counted.documents, counted.buckets)
    return sparse.csr_matrix((values, place), shape=(counted.size, BUCKETS))


def _bounded(model: SentimentModel, certain: float | None) -> SentimentModel:
    """The model with the bound of doubt that its held-out readings tell."""
    line = model.calibration
    kept = line.certain if certain is None else certain
    return model.calibrated(type(line)(line.slopes, line.shifts, kept))


def _judge(shares: Matrix, classes: Whole) -> Reading:
    read = shares.argmax(axis=1)
    confusion = np.zeros((3, 3), np.int64)
    np.add.at(confusion, (classes, read), 1)
    polar = classes != _NEUTRAL
    points_up = shares[:, 2] > shares[:, 0]
    same = (points_up == (classes == 2))[polar]
    given = np.maximum(shares[np.arange(len(classes)), classes], 1e-12)
    totals = confusion.sum(axis=0) + confusion.sum(axis=1)
    each = 2 * np.diag(confusion) / np.maximum(totals, 1)
    return Reading(
        accuracy=wilson_share(int((read == classes).sum()), len(classes)),
        direction=wilson_share(int(same.sum()), len(same)),
        macro_f1=float(each.mean()),
        loss=float(-np.log(given).mean()),
        confusion=tuple((int(a), int(b), int(c)) for a, b, c in confusion),
    )


def wilson_share(hits: int, count: int) -> Share:
    """A share and its Wilson interval; of none, anything from 0 to 1."""
    if not count:
        return Share(0.0, 0.0, 1.0, 0)
    share, square = hits / count, _NORMAL_95**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = share * (1 - share) / count + square / (4 * count * count)
    reach = _NORMAL_95 * spread**0.5 / (1 + square / count)
    return Share(share, max(0.0, middle - reach), min(1.0, middle + reach), count)
