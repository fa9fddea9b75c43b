"""What comments tell: what rises, what tells groups apart, what goes with a lower score.

Pure functions on counts: no rows, no clock. A comment counts once for each of its words and
themes however often it has them, for words come in bunches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, NamedTuple

from kokemus.measure import (
    RisingTheme,
    Score,
    WordContrast,
    difference,
    distinguishing_words_from_counts,
    rising_themes_from_counts,
)
from kokemus.measure.intervals import wilson_interval
from kokemus.share.scales import Measured

Kind = Literal["theme", "word"]

CELL_MIN = 5
"""Fewer comments than this are persons: nothing is counted of them, and nothing is told."""
SEASON = 52
# Of what is raised, so much may be false on average. There are hundreds of words and a dozen of
# themes, so words are held to a stricter rate; benchmarks/comments/rising.py shows what it costs.
FALSE_SHARE: dict[Kind, float] = {"theme": 0.12, "word": 0.02}
TOGETHER = 0.5
APART_FALSE_SHARE = 0.05
PRIOR_SHARE = 0.1  # the prior is worth so many of the comments compared


class Said(NamedTuple):
    """What is counted of one comment; `period` is 0 for the oldest."""

    key: Hashable
    period: int
    themes: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True)
class Use:
    """In how many comments of each period something is, and in which of the last one."""

    counts: Sequence[float]
    latest: frozenset[Hashable]


@dataclass(frozen=True)
class Tally:
    """The comments of each period, and in how many of them each thing is."""

    totals: Sequence[float]
    uses: Mapping[str, Use]


NOTHING = Tally((), {})


@dataclass(frozen=True)
class Riser:
    """A theme or a word that rises."""

    kind: Kind
    code: str
    found: RisingTheme


@dataclass(frozen=True)
class Rise:
    """One alert: the surest of what rises, what rises with it, and the comments that have any."""

    leader: Riser
    others: tuple[Riser, ...]
    comments: frozenset[Hashable]

    @property
    def risers(self) -> tuple[Riser, ...]:
        return (self.leader, *self.others)


@dataclass(frozen=True)
class Apart:
    """Words that one group writes more than the other, the surest first."""

    first: tuple[WordContrast, ...]
    second: tuple[WordContrast, ...]
    first_total: int
    second_total: int

    @property
    def is_told(self) -> bool:
        """Whether both groups are large enough to be compared at all."""
        return min(self.first_total, self.second_total) >= CELL_MIN


@dataclass(frozen=True)
class Effect:
    """The score of the comments with a theme, beside those without it.

    An association: who writes of a theme differs in more than the theme.
    """

    inside: Score
    outside: Score
    difference: Score

    @property
    def is_told(self) -> bool:
        enough = min(self.inside.answers, self.outside.answers) >= CELL_MIN
        return enough and self.difference.low is not None and self.difference.high is not None

    @property
    def direction(self) -> int:
        """1 and -1 where the whole interval of the difference is on one side of zero, else 0."""
        if not self.is_told or self.difference.low is None or self.difference.high is None:
            return 0
        return (self.difference.low > 0) - (self.difference.high < 0)


class Share(NamedTuple):
    """A share with its interval; all None where there are too few to tell."""

    comments: int
    total: int
    estimate: float | None
    low: float | None
    high: float | None


def find_rises(themes: Tally, words: Tally) -> list[Rise]:
    """What the last period has more of than the periods before make us expect, by share.

    Themes and words are tested apart, each against its own past and season, and what rises in
    the same comments is one alert, led by a theme where there is one.
    """
    risers = [*_raise("theme", themes), *_raise("word", words)]
    of_kind: dict[Kind, Tally] = {"theme": themes, "word": words}
    return _group([(riser, of_kind[riser.kind].uses[riser.code].latest) for riser in risers])


def count_uses(said: Iterable[Said], *, periods: int) -> tuple[Tally, Tally]:
    """In how many comments of each period there is each theme, and each word."""
    themes: dict[str, tuple[list[float], set[Hashable]]] = {}
    words: dict[str, tuple[list[float], set[Hashable]]] = {}
    totals = [0.0] * periods
    for comment in said:
        totals[comment.period] += 1
        pairs = chain(
            ((themes, code) for code in comment.themes), ((words, word) for word in comment.words)
        )
        for table, code in pairs:
            counts, latest = table.setdefault(code, ([0.0] * periods, set()))
            counts[comment.period] += 1
            if comment.period == periods - 1:
                latest.add(comment.key)
    return Tally(totals, _freeze(themes)), Tally(totals, _freeze(words))


def words_apart(
    first: Iterable[Iterable[str]],
    second: Iterable[Iterable[str]],
    *,
    background: Mapping[Hashable, float] | None = None,
) -> Apart:
    """Words that tell two groups of comments apart; a comment is its distinct words.

    Log-odds with an informative prior, at a false discovery rate of 5 %. A word that too few
    comments have is left out: it might be somebody's own.
    """
    left, left_total = _count(first)
    right, right_total = _count(second)
    return words_apart_from_counts(
        left, right, totals=(left_total, right_total), background=background
    )


def words_apart_from_counts(
    left: Mapping[str, int],
    right: Mapping[str, int],
    *,
    totals: tuple[int, int],
    background: Mapping[Hashable, float] | None = None,
) -> Apart:
    """As `words_apart`, from how many comments of each group have a word, and how many there are.

    Words that fewer than `CELL_MIN` comments have may be left out of the counts.
    """
    left_total, right_total = totals
    if min(totals) < CELL_MIN:
        return Apart((), (), left_total, right_total)
    both = sorted(left.keys() | right.keys())
    kept = [word for word in both if left.get(word, 0) + right.get(word, 0) >= CELL_MIN]
    contrasts = distinguishing_words_from_counts(
        {word: left.get(word, 0) for word in kept},
        {word: right.get(word, 0) for word in kept},
        totals=totals,
        background=background,
        prior_mass=PRIOR_SHARE * (left_total + right_total),
        variance="four_term",
    )
    sure = [
        word
        for word in contrasts
        if word.z is not None and word.q_value is not None and word.q_value <= APART_FALSE_SHARE
    ]
    return Apart(
        tuple(word for word in sure if (word.z or 0) > 0 and word.first >= CELL_MIN),
        tuple(word for word in reversed(sure) if (word.z or 0) < 0 and word.second >= CELL_MIN),
        left_total,
        right_total,
    )


def compare_scores(
    inside: Mapping[int, int], outside: Mapping[int, int], *, measured: Measured
) -> Effect:
    """Score and interval of two groups of answers, and their difference (MOVER)."""
    with_theme = measured.of_histogram(inside)
    without = measured.of_histogram(outside)
    return Effect(with_theme, without, difference(with_theme, without))


def share_of(count: int, total: int) -> Share:
    """A share with its Wilson interval; nothing of a group that is too small to show."""
    if total < CELL_MIN:
        return Share(count, total, None, None, None)
    low, high = wilson_interval(count, total)
    return Share(count, total, count / total, low, high)


def _raise(kind: Kind, tally: Tally) -> list[Riser]:
    totals = tally.totals
    if len(totals) < 2 or not sum(totals[:-1]) or totals[-1] < CELL_MIN:
        return []
    found = rising_themes_from_counts(
        {code: use.counts for code, use in tally.uses.items()},
        totals,
        season=SEASON,
        comments_min=CELL_MIN,
        false_discovery_rate=FALSE_SHARE[kind],
    )
    return [Riser(kind, str(theme.theme), theme) for theme in found.rising]


def _group(risers: Sequence[tuple[Riser, frozenset[Hashable]]]) -> list[Rise]:
    """Each joins the first alert whose leader it shares half of the smaller one's comments with."""
    alerts: list[tuple[Riser, frozenset[Hashable], list[Riser], set[Hashable]]] = []
    for riser, comments in risers:
        for _leader, of_leader, others, gathered in alerts:
            if _overlap(comments, of_leader) >= TOGETHER:
                others.append(riser)
                gathered |= comments
                break
        else:
            alerts.append((riser, comments, [], set(comments)))
    return [
        Rise(leader, tuple(others), frozenset(gathered)) for leader, _, others, gathered in alerts
    ]


def _overlap(first: frozenset[Hashable], second: frozenset[Hashable]) -> float:
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def _freeze(table: Mapping[str, tuple[list[float], set[Hashable]]]) -> dict[str, Use]:
    return {code: Use(counts, frozenset(latest)) for code, (counts, latest) in table.items()}


def _count(comments: Iterable[Iterable[str]]) -> tuple[Counter[str], int]:
    counts: Counter[str] = Counter()
    total = 0
    for words in comments:
        counts.update(set(words))
        total += 1
    return counts, total
