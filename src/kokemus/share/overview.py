"""The overview: the score now, whether it changed, where it is made, and how sure that is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kokemus.measure import Score, difference
from kokemus.share.filters import Filters
from kokemus.share.scales import MEASURED, Measured
from kokemus.store import frames
from kokemus.store.frames import Counts
from kokemus.store.models import Member, Touchpoint

ANSWERS_MIN = 5
TREND_DAYS_MIN = 26 * 7
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Now:
    """The score of the period beside that of as many days before it."""

    measured: Measured
    score: Score
    before: Score | None
    change: Score | None

    @property
    def is_told(self) -> bool:
        """Whether there are enough answers to say a number."""
        return self.score.estimate is not None and self.score.answers >= ANSWERS_MIN

    @property
    def is_change_told(self) -> bool:
        enough = self.before is not None and self.before.answers >= ANSWERS_MIN
        return self.is_told and enough and self.change is not None and self.change.low is not None

    @property
    def direction(self) -> int:
        """1 and -1 where the whole interval of the change is on one side of zero, else 0."""
        if not self.is_change_told or self.change is None:
            return 0
        assert self.change.low is not None
        assert self.change.high is not None
        return (self.change.low > 0) - (self.change.high < 0)


@dataclass(frozen=True)
class Place:
    """A touchpoint with its score; `name` is empty for one outside the member's reach."""

    touchpoint: int
    name: str
    score: Score


@dataclass(frozen=True)
class Attention:
    """Touchpoints by what needs attention.

    `below` and `above` are those whose whole interval lies on one side of the score of all; the
    intervals are widened so that they hold for all touchpoints at once. `alike` cannot be told
    apart from it, and `few` have too few answers to be placed.
    """

    overall: float | None
    below: list[Place]
    alike: list[Place]
    above: list[Place]
    few: list[Place]

    @property
    def placed(self) -> list[Place]:
        return [*self.below, *self.alike, *self.above]


@dataclass(frozen=True)
class Overview:
    """All that the page says before any chart is drawn."""

    now: Now
    scales: list[tuple[Measured, int]]
    attention: Attention
    channels: list[tuple[str, int]]
    distribution: dict[int, int]


@dataclass(frozen=True)
class Week:
    monday: dt.date
    score: Score


@dataclass(frozen=True)
class Trend:
    """The score by ISO week; `change` compares the last quarter of the weeks with the first."""

    measured: Measured
    weeks: list[Week]
    change: Score | None


def choose_scale(member: Member, filters: Filters) -> tuple[Filters, list[tuple[Measured, int]]]:
    """The filters with a scale: the one asked for, or the one with most answers in the period.

    And the scales there are answers on, each with its count: within the period, or, if there are
    none, at any time.
    """
    for selection in (filters.selection, filters.ever):
        [counts] = frames.count(
            frames.responses(member, replace(selection, scale="")), by=[("scale",)]
        )
        if counts.height:
            break
    by_code = dict(counts.rows())
    found = [(each, by_code[code]) for code, each in MEASURED.items() if code in by_code]
    usual = max(found, key=lambda pair: pair[1])[0].code if found else next(iter(MEASURED))
    return replace(filters, scale=filters.scale or usual), found


def look(member: Member, filters: Filters) -> Overview:
    """Everything of the page but the trend, from two passes over the answers."""
    filters, scales = choose_scale(member, filters)
    measured = MEASURED[filters.scale]
    answers = frames.responses(member, filters.selection)
    places, channels, scores = frames.count(
        answers, by=[("touchpoint", "score"), ("channel",), ("score",)]
    )
    before = None
    if filters.before is not None:
        [before] = frames.count(frames.responses(member, filters.before), by=[("score",)])
    now = _compare(measured, scores, before)
    return Overview(
        now=now,
        scales=scales,
        attention=_sort_by_attention(measured, places, overall=now.score, member=member),
        channels=sorted(channels.rows(), key=lambda row: -row[1]),
        distribution={score: n for score, n in scores.rows() if score is not None},
    )


def follow(member: Member, filters: Filters) -> Trend:
    """The score by week, over the period or half a year, whichever is longer."""
    filters, _scales = choose_scale(member, filters)
    measured = MEASURED[filters.scale]
    selection = replace(filters.ever, first_day=_trend_start(filters))
    [counts] = frames.count(frames.responses(member, selection), by=[("week", "score")])
    scores = measured.score(counts, by="week", count="answers")
    weeks = [Week(dt.date.fromisoformat(f"{score.group}-1"), score) for score in scores]
    return Trend(measured, weeks, _change_over(measured, counts))


def _trend_start(filters: Filters) -> dt.date | None:
    if filters.days is None:
        return None
    start = filters.today - dt.timedelta(days=max(filters.days, TREND_DAYS_MIN) - 1)
    return start - dt.timedelta(days=start.weekday())


def _compare(measured: Measured, scores: Counts, before: Counts | None) -> Now:
    score = _score(measured, scores)
    if before is None:
        return Now(measured, score, None, None)
    earlier = _score(measured, before)
    return Now(measured, score, earlier, difference(score, earlier))


def _score(measured: Measured, counts: Counts) -> Score:
    score: Score = measured.score(counts, count="answers")
    return score


def _change_over(measured: Measured, counts: Counts) -> Score | None:
    weeks = counts["week"].unique().sort()
    quarter = len(weeks) // 4
    if not quarter:
        return None
    first = _score(measured, counts.filter(counts["week"] <= weeks[quarter - 1]))
    last = _score(measured, counts.filter(counts["week"] >= weeks[-quarter]))
    return difference(last, first) if min(first.answers, last.answers) >= ANSWERS_MIN else None


def _sort_by_attention(
    measured: Measured, counts: Counts, *, overall: Score, member: Member
) -> Attention:
    together = counts["touchpoint"].n_unique() or 1
    scores = measured.score(
        counts, by="touchpoint", count="answers", confidence=1 - (1 - CONFIDENCE) / together
    )
    places = _name(scores, member=member)
    told = [place for place in places if _is_told(place.score)]
    whole = overall.estimate
    below = [place for place in told if whole is not None and (place.score.high or 0) < whole]
    above = [place for place in told if whole is not None and (place.score.low or 0) > whole]
    alike = [place for place in told if place not in below and place not in above]
    return Attention(
        overall=whole,
        below=sorted(below, key=lambda place: place.score.high or 0),
        alike=sorted(alike, key=lambda place: place.name),
        above=sorted(above, key=lambda place: place.score.low or 0),
        few=[place for place in places if place not in told],
    )


def _is_told(score: Score) -> bool:
    return score.answers >= ANSWERS_MIN and score.low is not None and score.high is not None


def _name(scores: Sequence[Score], *, member: Member) -> list[Place]:
    names = dict(Touchpoint.objects.met_by(member).values_list("pk", "name"))
    told = [(int(str(score.group)), score) for score in scores if score.answers]
    return [Place(key, names.get(key, ""), score) for key, score in told]
