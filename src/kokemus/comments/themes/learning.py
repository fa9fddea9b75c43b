"""Learn a theme from a few examples, or put a starting theme right, and say how well it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from kokemus.comments.lemmas import lemmas_of
from kokemus.comments.themes.features import describe_words
from kokemus.comments.themes.finder import RuleFinder
from kokemus.comments.themes.learnt import LearntTheme, Share, Weighing, Weights, centre, wilson
from kokemus.comments.themes.logistic import Fit, Floats, fit_logistic, turn_onto_axes
from kokemus.comments.themes.theme import Theme
from kokemus.comments.tokens import Token, tokenise

EXAMPLES_MIN = 5
FOLDS = 5
FEATURES_MAX = 4_000
PENALTY, PENALTY_OF_CORRECTIONS = 0.3, 1.0
EMBEDDING_SCALE = 6.0  # beside words, whose length is about one: meaning says more
OTHERS_COUNT = 0.5  # what a comment that nobody judged counts, beside one that somebody did
ODDS_FOUND, ODDS_MISSED = 1.5, -2.5  # a starting theme's rules: about 80 % right, 8 % missed


class TooFewExamples(ValueError):
    """Fewer examples than a theme can be learnt from."""


class Example(NamedTuple):
    """A comment to learn from."""

    tokens: tuple[Token, ...]
    lemmas: tuple[str, ...]
    language: str = ""
    embedding: NDArray[Any] | None = None


def example_of(text: str, *, language: str, embedding: NDArray[Any] | None = None) -> Example:
    """Make an example of a text."""
    tokens = tokenise(text)
    lemmas = lemmas_of(tokens, language=language)
    return Example(tuple(tokens), tuple(lemmas), language, embedding)


def learn_theme(
    positives: Sequence[Example],
    negatives: Sequence[Example] = (),
    *,
    others: Sequence[Example] = (),
    theme: Theme | None = None,
    precision_min: float = 0.7,
    seed: int = 0,
) -> LearntTheme:
    """Learn what a theme's comments have in common.

    Without a theme that has rules this is a theme by example: it takes five positives and five
    comments that are not about it. With one, the examples are corrections: the rules' yes and no
    begin with some odds, and words move them; one correction is enough to learn from.

    Precision and recall are cross-validated: every comment is judged by what was learnt, and by
    a threshold that was chosen, without it. With too few to tell they are None.

    Parameters
    ----------
    positives, negatives
        Comments that people said are about the theme, and are not.
    others
        Comments that nobody judged, best drawn at random: taken as being about something else.
        Those that are about it after all make precision look worse than it is.
    theme
        What the corrections are about.
    precision_min
        The threshold finds as many as it can while this share of the found is right.
    seed
        How comments are dealt out to the folds.

    Raises
    ------
    TooFewExamples
        With fewer than five positives or five others, for a theme without rules.
    """
    has_rules = theme is not None and any(theme.rules.values())
    if not has_rules:
        _refuse_too_few(len(positives), len(negatives) + len(others))
    elif not positives and not negatives:
        raise TooFewExamples("There is no correction to learn from.")
    lesson = _lay_out(positives, negatives, others, theme if has_rules else None)
    words = _learn(lesson, lesson.words, precision_min, seed)
    learnt = LearntTheme(
        words=_weighing(lesson, words, width=0),
        found=lesson.found,
        missed=lesson.missed,
        yes=len(positives),
        no=len(negatives),
    )
    if lesson.embedded is None:
        return learnt
    both = _learn(lesson, hstack([lesson.words, lesson.embedded]).tocsr(), precision_min, seed)
    width = lesson.embedded.shape[1]
    return replace(learnt, embedded=_weighing(lesson, both, width=width), mean=lesson.mean)


@dataclass(frozen=True, eq=False)
class _Lesson:
    """All examples as rows: what people said of each, what rules say, and their features."""

    is_yes: NDArray[np.bool_]
    counts: NDArray[np.float64]
    offset: NDArray[np.float64]
    features: tuple[str, ...]
    rarity: NDArray[np.float64]
    words: Any
    embedded: NDArray[np.float64] | None
    mean: Weights | None
    found: float
    missed: float

    @property
    def has_rules(self) -> bool:
        return self.found != self.missed


class _Learnt(NamedTuple):
    fit: Fit
    threshold: float
    precision: Share | None
    recall: Share | None


def _refuse_too_few(yes: int, no: int) -> None:
    if yes < EXAMPLES_MIN:
        raise TooFewExamples(f"A theme takes {EXAMPLES_MIN} comments about it; there are {yes}.")
    if no < EXAMPLES_MIN:
        raise TooFewExamples(f"A theme takes {EXAMPLES_MIN} comments not about it; there are {no}.")


def _lay_out(
    positives: Sequence[Example],
    negatives: Sequence[Example],
    others: Sequence[Example],
    theme: Theme | None,
) -> _Lesson:
    examples = [*positives, *negatives, *others]
    described = [
        describe_words([token.text for token in example.tokens], example.lemmas).features
        for example in examples
    ]
    is_yes = np.arange(len(examples)) < len(positives)
    features, rarity = _choose_features(described, is_yes)
    mean, embedded = _embed(examples)
    found, missed = (ODDS_FOUND, ODDS_MISSED) if theme else (0.0, 0.0)
    by_rule = _found_by_rule(examples, theme)
    counts = np.where(np.arange(len(examples)) < len(positives) + len(negatives), 1, OTHERS_COUNT)
    return _Lesson(
        is_yes=is_yes,
        counts=counts if theme else _balance(counts, is_yes),
        offset=np.where(by_rule, found, missed),
        features=features,
        rarity=rarity,
        words=_matrix(described, features, rarity),
        embedded=embedded,
        mean=mean,
        found=found,
        missed=missed,
    )


def _choose_features(
    described: Sequence[dict[str, float]], is_yes: NDArray[np.bool_]
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Features worth a weight, most telling first cut off at a number, and how rare each is."""
    seen = Counter(feature for features in described for feature in features)
    yes = Counter(
        f for features, flag in zip(described, is_yes, strict=True) if flag for f in features
    )
    share = float(is_yes.mean())
    kept = [f for f, count in seen.items() if count >= 2 or (f[0] == "l" and yes[f])]
    kept.sort(key=lambda f: (-abs(yes[f] - share * seen[f]) / seen[f] ** 0.5, f))
    chosen = tuple(sorted(kept[:FEATURES_MAX]))
    counts = np.array([seen[feature] for feature in chosen], dtype=float)
    return chosen, np.log((1 + len(described)) / (1 + counts)) + 1.0


def _matrix(
    described: Sequence[dict[str, float]],
    features: tuple[str, ...],
    rarity: NDArray[np.float64],
) -> Any:
    column = {feature: place for place, feature in enumerate(features)}
    values, rows, columns = [], [], []
    for row, each in enumerate(described):
        for feature, value in each.items():
            place = column.get(feature)
            if place is not None:
                values.append(value * rarity[place])
                rows.append(row)
                columns.append(place)
    return csr_array((values, (rows, columns)), shape=(len(described), len(features)))


def _embed(examples: Sequence[Example]) -> tuple[Weights | None, NDArray[np.float64] | None]:
    vectors = [e.embedding for e in examples if e.embedding is not None]
    if len(vectors) < len(examples) or not vectors:
        return None, None
    unit = centre(np.stack(vectors), None)
    mean = np.asarray(unit.mean(axis=0), dtype=np.float32)
    return mean, np.asarray(centre(unit, mean), dtype=float) * EMBEDDING_SCALE


def _found_by_rule(examples: Sequence[Example], theme: Theme | None) -> NDArray[np.bool_]:
    if theme is None:
        return np.zeros(len(examples), dtype=bool)
    finders = {e.language: RuleFinder([theme], language=e.language) for e in examples}
    return np.array([bool(finders[e.language].find(e.tokens, e.lemmas)) for e in examples])


def _balance(counts: NDArray[np.float64], is_yes: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Let both answers count the same in all."""
    yes, no = counts[is_yes].sum(), counts[~is_yes].sum()
    return np.asarray(counts * np.where(is_yes, (yes + no) / (2 * yes), (yes + no) / (2 * no)))


def _learn(lesson: _Lesson, columns: Any, precision_min: float, seed: int) -> _Learnt:
    """Fit on all; choose the threshold and judge by folds where there are enough of both."""
    axes = turn_onto_axes(columns)
    rows = axes.rows
    everything = np.arange(len(lesson.is_yes))
    turned = _fit(lesson, rows, everything)
    fit = Fit(axes.weights_of(turned.weights), turned.start)
    yes, no = int(lesson.is_yes.sum()), int((~lesson.is_yes).sum())
    if min(yes, no) < EXAMPLES_MIN:
        return _Learnt(fit, 0.5, None, None)
    threshold = _threshold(lesson, rows, everything, precision_min, seed)
    judged = np.zeros(len(everything), dtype=bool)
    for fold in _deal(lesson.is_yes, everything, seed):
        rest = np.setdiff1d(everything, fold)
        limit = _threshold(lesson, rows, rest, precision_min, seed + 1)
        judged[fold] = _probabilities(lesson, rows, _fit(lesson, rows, rest), fold) >= limit
    right = int((judged & lesson.is_yes).sum())
    return _Learnt(fit, threshold, wilson(right, int(judged.sum())), wilson(right, yes))


def _threshold(
    lesson: _Lesson, rows: Floats, among: NDArray[np.intp], precision_min: float, seed: int
) -> float:
    """The threshold that finds most while precise enough, by probabilities out of the folds.

    Corrections of rules keep to one half: the odds that the rules begin with are about right,
    and few corrections come from comments picked for being wrong.
    """
    if lesson.has_rules:
        return 0.5
    found = np.zeros(len(among))
    for fold in _deal(lesson.is_yes, among, seed):
        fit = _fit(lesson, rows, np.setdiff1d(among, fold))
        found[np.searchsorted(among, fold)] = _probabilities(lesson, rows, fit, fold)
    return choose_threshold(found, lesson.is_yes[among], precision_min=precision_min)


def choose_threshold(
    probabilities: NDArray[np.float64], is_yes: NDArray[np.bool_], *, precision_min: float
) -> float:
    """The lowest threshold whose findings are precise enough; else above every wrong one.

    >>> choose_threshold(np.array([0.1, 0.4, 0.6, 0.9]), np.array([False, True, False, True]),
    ...                  precision_min=0.8)
    0.75
    """
    order = np.argsort(-probabilities, kind="stable")
    right = np.cumsum(is_yes[order])
    good = np.flatnonzero((right / np.arange(1, len(order) + 1) >= precision_min) & (right > 0))
    if len(good) == 0:
        wrong = float(probabilities[~is_yes].max(initial=0.0))
        return (wrong + 1) / 2
    last = int(good[-1])
    lowest = float(probabilities[order[last]])
    below = float(probabilities[order[last + 1]]) if last + 1 < len(order) else 0.0
    return (lowest + below) / 2


def _deal(is_yes: NDArray[np.bool_], among: NDArray[np.intp], seed: int) -> list[NDArray[np.intp]]:
    """Folds with about the same share of positives each."""
    chance = np.random.default_rng(seed)
    yes = chance.permutation(among[is_yes[among]])
    no = chance.permutation(among[~is_yes[among]])
    folds = max(2, min(FOLDS, len(yes), len(no)))
    return [np.sort(np.concatenate([yes[i::folds], no[i::folds]])) for i in range(folds)]


def _fit(lesson: _Lesson, rows: Floats, among: NDArray[np.intp]) -> Fit:
    return fit_logistic(
        rows[among],
        lesson.is_yes[among],
        offset=lesson.offset[among],
        counts=lesson.counts[among],
        penalty=PENALTY_OF_CORRECTIONS if lesson.has_rules else PENALTY,
        has_start=not lesson.has_rules,
    )


def _probabilities(
    lesson: _Lesson, rows: Floats, fit: Fit, among: NDArray[np.intp]
) -> NDArray[np.float64]:
    odds = lesson.offset[among] + rows[among] @ fit.weights + fit.start
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30))))


def _weighing(lesson: _Lesson, learnt: _Learnt, *, width: int) -> Weighing:
    count = len(lesson.features)
    weights = learnt.fit.weights.copy()
    weights[:count] *= lesson.rarity
    weights[count:] *= EMBEDDING_SCALE
    assert len(weights) == count + width
    return Weighing(
        features=lesson.features,
        weights=np.asarray(weights, dtype=np.float32),
        start=learnt.fit.start,
        threshold=learnt.threshold,
        precision=learnt.precision,
        recall=learnt.recall,
    )
