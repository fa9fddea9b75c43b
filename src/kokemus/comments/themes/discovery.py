"""Find what comments are about when nobody has asked: groups with a label and three voices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kokemus.comments.themes.clusters import (
    NEAR_ENOUGH,
    Closeness,
    group_by_embeddings,
    group_by_lemmas,
)
from kokemus.comments.themes.terms import Terms, count_lemmas, count_pairs

SIZE_MIN = 5
SHARE_MIN = 0.002
COHERENCE_MIN = 0.05
COHERENCE_WORDS = 6
LABEL_WORDS = 3
WORDS_SHOWN = 10
NEAREST = 3
OVERLAP_MIN = 0.2


@dataclass(frozen=True)
class Overlap:
    """How far a group is a theme already known.

    `share_of_group` of the group's comments have the theme; `share_of_theme` of the theme's
    comments are in the group.
    """

    code: str
    share_of_group: float
    share_of_theme: float


@dataclass(frozen=True)
class DiscoveredTheme:
    """A group of comments that say much the same.

    Attributes
    ----------
    label
        Its most telling words, for a person to put a better name to.
    words
        Telling lemmas and pairs with their weights (class-based TF-IDF).
    comments
        Places of its comments among those given, nearest to the middle first.
    nearest
        Three of them that differ in words.
    share
        Of all comments.
    coherence
        Mean NPMI of its first words: 1 where they always stand together, 0 by chance. Of the
        words of each language by itself, where languages were given.
    overlaps
        Known themes that a fifth of it or more has, largest first.
    """

    label: str
    words: tuple[tuple[str, float], ...]
    comments: tuple[int, ...]
    nearest: tuple[int, ...]
    share: float
    coherence: float
    overlaps: tuple[Overlap, ...]


@dataclass(frozen=True)
class Discovery:
    """What was found: groups from the largest on, and how much of the comments they cover."""

    themes: tuple[DiscoveredTheme, ...]
    comments: int
    covered: float
    dropped: int
    method: Literal["lemmas", "embeddings"]


def discover_themes(
    comments: Sequence[Sequence[str]],
    *,
    texts: Sequence[str] = (),
    k: int = 12,
    embeddings: NDArray[Any] | None = None,
    stop_words: Collection[str] = (),
    known: Sequence[Collection[str]] = (),
    languages: Sequence[str] = (),
    coherence_min: float = COHERENCE_MIN,
    seed: int = 0,
) -> Discovery:
    """Group comments by what they say, and drop the groups that say nothing.

    Parameters
    ----------
    comments
        The lemmas of each comment, in their order.
    texts
        The comments themselves: nearest comments then differ in words.
    k
        Groups to look for; fewer may come out.
    embeddings
        One row a comment, int8 or float; without them lemmas are grouped.
    stop_words
        Lemmas that say nothing here: brands, the organisation's own name, names of towns.
    known
        The codes of the themes already found in each comment, to state overlaps.
    languages
        The language of each comment. Words of two languages never stand together: without this
        a group that embeddings join across languages is dropped as one that says nothing.
    coherence_min
        Groups whose words stand together less than this are dropped.
    seed
        The same seed gives the same groups.
    """
    terms = count_lemmas(comments, stop_words=stop_words)
    method: Literal["lemmas", "embeddings"] = "lemmas" if embeddings is None else "embeddings"
    if len(comments) < SIZE_MIN or not terms.names:
        return Discovery((), len(comments), 0.0, 0, method)
    spoken = np.array(languages or [""] * len(comments))
    if embeddings is None:
        closeness = group_by_lemmas(terms.weighted, k=k, seed=seed)
    else:
        closeness = group_by_embeddings(embeddings, k=k, seed=seed, spoken=spoken)
    groups = _groups(closeness, NEAR_ENOUGH[method])
    pairs = count_pairs(comments, stop_words=stop_words)
    size_min = max(SIZE_MIN, SHARE_MIN * len(comments))
    themes = [
        _describe(group, terms, pairs, texts, known, spoken)
        for group in groups
        if len(group) >= size_min
    ]
    kept = [theme for theme in themes if theme.coherence >= coherence_min and theme.words]
    kept.sort(key=lambda theme: (-theme.share, theme.label))
    covered = sum(len(theme.comments) for theme in kept) / len(comments)
    return Discovery(tuple(kept), len(comments), covered, len(groups) - len(kept), method)


def _groups(closeness: Closeness, near_enough: float) -> list[NDArray[np.intp]]:
    """Each comment in its closest group if it is close at all, nearest first."""
    own, best = closeness.argmax(axis=1), closeness.max(axis=1)
    groups = []
    for group in range(closeness.shape[1]):
        members = np.flatnonzero((own == group) & (best >= near_enough))
        groups.append(members[np.argsort(-best[members], kind="stable")])
    return groups


def _describe(
    group: NDArray[np.intp],
    terms: Terms,
    pairs: Terms,
    texts: Sequence[str],
    known: Sequence[Collection[str]],
    spoken: NDArray[np.str_],
) -> DiscoveredTheme:
    lemmas = _telling_terms(group, terms)
    words = _join(lemmas, _telling_terms(group, pairs))
    return DiscoveredTheme(
        label=", ".join(word for word, _ in words[:LABEL_WORDS]),
        words=tuple(words),
        comments=tuple(group.tolist()),
        nearest=_differing(group, texts),
        share=len(group) / terms.present.shape[0],
        coherence=_coherence_by_language(group, terms, spoken),
        overlaps=_overlaps(group, known),
    )


def _telling_terms(group: NDArray[np.intp], terms: Terms) -> list[tuple[str, float]]:
    """Terms that stand in the group more than elsewhere (class-based TF-IDF)."""
    if not terms.names:
        return []
    inside = np.asarray(terms.present[group].sum(axis=0), dtype=float).ravel()
    per_group = terms.counts.sum() / max(1, terms.present.shape[0])
    weights = inside / len(group) * np.log1p(per_group * len(group) / terms.counts)
    weights[inside < 2] = 0.0
    order = np.lexsort((np.arange(len(weights)), -weights))[:WORDS_SHOWN]
    return [(terms.names[place], float(weights[place])) for place in order if weights[place] > 0]


def _join(
    lemmas: Sequence[tuple[str, float]], pairs: Sequence[tuple[str, float]]
) -> list[tuple[str, float]]:
    """Lemmas and pairs by weight; a lemma that a heavier pair has said is left out."""
    joined: list[tuple[str, float]] = []
    said: set[str] = set()
    for word, weight in sorted([*lemmas, *pairs], key=lambda item: (-item[1], item[0])):
        parts = set(word.split())
        if not parts <= said:
            joined.append((word, weight))
            said |= parts
    return joined[:WORDS_SHOWN]


def _coherence_by_language(
    group: NDArray[np.intp], terms: Terms, spoken: NDArray[np.str_]
) -> float:
    """The coherence of the group's comments in each language, weighed by how many they are.

    Languages of which the group has too few comments to tell are left out, if there are others.
    """
    parts = [group[spoken[group] == language] for language in np.unique(spoken[group])]
    parts = [part for part in parts if len(part) >= SIZE_MIN] or [group]
    values = []
    for part in parts:
        words = [word for word, _ in _telling_terms(part, terms)[:COHERENCE_WORDS]]
        values.append(_coherence(terms, words, rows=np.isin(spoken, np.unique(spoken[part]))))
    return float(np.average(values, weights=[len(part) for part in parts]))


def _coherence(terms: Terms, words: Sequence[str], *, rows: NDArray[np.bool_]) -> float:
    """Mean normalised pointwise mutual information of the words, two by two, in these comments.

    One common comment less is counted, as words are picked for standing together: two that met
    twice by chance would else look like a theme.
    """
    if len(words) < 2:
        return 1.0 if words else -1.0
    column = {name: place for place, name in enumerate(terms.names)}
    chosen = terms.present[rows][:, [column[word] for word in words]]
    total = int(rows.sum())
    together = np.asarray((chosen.T @ chosen).toarray(), dtype=float)
    alone = np.diag(together) / total
    one, other = np.triu_indices(len(words), 1)
    joint = np.maximum(together[one, other] - 1, 0) / total
    seen = joint > 0
    values = np.full(len(joint), -1.0)
    with np.errstate(divide="ignore"):
        expected = alone[one] * alone[other]
        sure = seen & (joint < 1)
        values[sure] = np.log(joint[sure] / expected[sure]) / -np.log(joint[sure])
    values[joint >= 1] = 1.0
    return float(values.mean())


def _differing(group: NDArray[np.intp], texts: Sequence[str]) -> tuple[int, ...]:
    """The nearest comments, no two of the same words."""
    chosen: dict[str, int] = {}
    for place in group.tolist():
        text = " ".join(texts[place].lower().split()) if len(texts) else str(place)
        chosen.setdefault(text, place)
        if len(chosen) == NEAREST:
            break
    return tuple(chosen.values())


def _overlaps(group: NDArray[np.intp], known: Sequence[Collection[str]]) -> tuple[Overlap, ...]:
    if not known:
        return ()
    inside = Counter(code for place in group.tolist() for code in known[place])
    everywhere = Counter(code for codes in known for code in codes)
    overlaps = [
        Overlap(code, count / len(group), count / everywhere[code])
        for code, count in inside.items()
        if count / len(group) >= OVERLAP_MIN
    ]
    return tuple(sorted(overlaps, key=lambda overlap: (-overlap.share_of_group, overlap.code)))
