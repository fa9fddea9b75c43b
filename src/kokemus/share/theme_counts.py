"""From readings to counts: which comments have which themes and words, by week and by group."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kokemus.measure.intervals import mean_interval
from kokemus.share.filters import Filters
from kokemus.share.scales import MEASURED, Measured
from kokemus.share.telling import (
    CELL_MIN,
    NOTHING,
    Apart,
    Effect,
    Tally,
    Use,
    compare_scores,
    words_apart_from_counts,
)
from kokemus.share.voices import Candidate
from kokemus.store import frames
from kokemus.store.frames import Rows
from kokemus.store.models import Member, Theme, Touchpoint, Unit

DAYS = 7
THEME_WEEKS = 105  # two years of past, so that a season is known, and the week that is judged
WORD_WEEKS = 27
WORDS_COMMENTS_MAX = 40_000


class Feel(NamedTuple):
    """Mean sentiment, −1 to 1, with its interval; all None where there are too few to tell."""

    comments: int
    estimate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ThemeCount:
    comments: int
    feel: Feel


@dataclass(frozen=True)
class Groups:
    """How many comments each group has, and how many of them have the theme."""

    totals: Counter[Hashable]
    about: Counter[Hashable]


def select_ever(member: Member, filters: Filters) -> Rows:
    """The comments of the filters, whenever they were given."""
    return frames.readings(member, filters.ever)


def select_period(rows: Rows, filters: Filters) -> Rows:
    return frames.between(rows, filters.first_day)


def select_before(rows: Rows, filters: Filters) -> Rows | None:
    """As many days just before the period; None where it has no beginning."""
    before = filters.before
    return frames.between(rows, before.first_day, before.last_day) if before else None


def count_comments(rows: Rows) -> int:
    return frames.count_rows(rows)


def count_themes(rows: Rows) -> dict[int, ThemeCount]:
    """By theme how many of the comments have it, and how they feel about it."""
    found = frames.average(frames.by_theme(rows), of="feeling", by="theme")
    return {theme: ThemeCount(n, _feel(n, mean, square)) for theme, n, mean, square in found.rows()}


def count_having_any(rows: Rows, themes: Sequence[int]) -> int:
    """How many of the comments have any of the themes."""
    return frames.count_rows(frames.mark_any(rows, themes).filter(has_any=True))


def tally_weeks(rows: Rows, *, themes: Mapping[int, str], today: dt.date) -> tuple[Tally, Tally]:
    """Themes (by code) and words in periods of seven days of which the last ends today."""
    start = _start_of(THEME_WEEKS, today=today)
    past = frames.between(rows, start, today)
    days = dict(frames.count(past, by=[("local_day",)])[0].rows())
    return _tally_themes(past, days, themes=themes, start=start), _tally_words(past, days, today)


def count_groups(rows: Rows, theme: Theme, *, by: str) -> Groups:
    """How many comments each value of a column has."""
    marked = frames.mark_about(rows, theme.pk)
    [counts] = frames.count(marked, by=[(by, "is_about")])
    totals: Counter[Hashable] = Counter()
    about: Counter[Hashable] = Counter()
    for value, is_about, n in counts.rows():
        totals[value] += n
        about[value] += n * is_about
    return Groups(totals, about)


def effect_of(rows: Rows, theme: Theme) -> tuple[Measured, Effect] | None:
    """The scores of comments with the theme beside those without, on the scale most have."""
    counts = frames.mark_about(rows, theme.pk)
    [found] = frames.count(counts, by=[("scale", "is_about", "score")])
    scores: dict[bool, dict[str, Counter[int]]] = {
        True: defaultdict(Counter),
        False: defaultdict(Counter),
    }
    for scale, is_about, score, n in found.rows():
        if score is not None:
            scores[is_about][scale][score] = n
    inside, outside = scores[True], scores[False]
    scales = sorted({*inside, *outside})
    if not scales:
        return None
    totals = {code: inside[code].total() + outside[code].total() for code in scales}
    scale = max(scales, key=lambda code: (inside[code].total(), totals[code]))
    measured = MEASURED[scale]
    return measured, compare_scores(inside[scale], outside[scale], measured=measured)


def tell_words(rows: Rows, theme: Theme) -> Apart:
    """Words that comments with the theme have more often, of the latest comments."""
    newest = frames.latest(frames.mark_about(rows, theme.pk), WORDS_COMMENTS_MAX)
    return contrast_words(newest, column="is_about", first=True, second=False)


def mark_contrasts(rows: Rows, member: Member) -> Rows:
    """The latest comments with how their score is (`tone`), where and by whom they were met."""
    tones = {
        (code, score): measured.group_of(score).tone
        for code, measured in MEASURED.items()
        for score in measured.scores
    }
    newest = frames.latest(rows, WORDS_COMMENTS_MAX)
    toned = frames.mark_value(newest, of=("scale", "score"), name="tone", values=tones)
    placed = frames.mark_value(toned, of=("touchpoint",), name="mode", values=modes_of(member))
    return frames.mark_value(placed, of=("unit",), name="kind", values=kinds_of(member))


def contrast_words(rows: Rows, *, column: str, first: object, second: object) -> Apart:
    """Words that tell apart the comments that have one value of a column from those of another."""
    [groups] = frames.count(rows, by=[(column,)])
    totals = dict(groups.rows())
    counts = frames.spread(
        frames.by_word(rows), of="word", over=column, places=(first, second), least=CELL_MIN
    )
    return words_apart_from_counts(
        {word: n for word, (n, _other) in counts.items()},
        {word: n for word, (_other, n) in counts.items()},
        totals=(totals.get(first, 0), totals.get(second, 0)),
    )


def latest_about(rows: Rows, theme: Theme, *, most: int) -> list[Candidate]:
    """The newest comments that are surely about it."""
    sure = frames.mark_about(rows, theme.pk).filter(is_about=True, is_unsure=False)
    found = frames.latest(sure, most).select("id", "words", "local_day").collect()
    return [Candidate(uuid.UUID(key), frozenset(words), day) for key, words, day in found.rows()]


def modes_of(member: Member) -> dict[tuple[int], str]:
    found = Touchpoint.objects.filter(organisation=member.organisation_id)
    return {(key,): mode for key, mode in found.values_list("pk", "mode")}


def kinds_of(member: Member) -> dict[tuple[int], str]:
    found = Unit.objects.filter(organisation=member.organisation_id)
    return {(key,): kind for key, kind in found.values_list("pk", "kind")}


def _start_of(weeks: int, *, today: dt.date) -> dt.date:
    return today - dt.timedelta(days=DAYS * weeks - 1)


def _tally_themes(
    rows: Rows, by_day: Mapping[Hashable, int], *, themes: Mapping[int, str], start: dt.date
) -> Tally:
    totals = [0.0] * THEME_WEEKS
    for day, n in by_day.items():
        assert isinstance(day, dt.date)
        totals[(day - start).days // DAYS] += n
    first = next((place for place, n in enumerate(totals) if n), len(totals))
    if first >= len(totals) - 1:
        return NOTHING
    found = frames.by_theme(frames.mark_weeks(rows, start))
    counts = frames.spread(found, of="theme", over="place", places=range(first, THEME_WEEKS))
    latest = _gather(frames.by_theme(_last_week(rows, start, THEME_WEEKS)), of="theme")
    uses = {
        themes[key]: Use(n, latest.get(key, frozenset()))
        for key, n in counts.items()
        if key in themes
    }
    return Tally(totals[first:], uses)


def _tally_words(rows: Rows, by_day: Mapping[Hashable, int], today: dt.date) -> Tally:
    """Of the latest weeks, as many as hold the comments that are looked at."""
    weeks = _weeks_of_words(by_day, today=today)
    if weeks < 2:
        return NOTHING
    start = _start_of(weeks, today=today)
    placed = frames.mark_weeks(frames.between(rows, start, today), start)
    found = frames.by_word(placed)
    counts = frames.spread(found, of="word", over="place", places=range(weeks), least=CELL_MIN)
    latest = _gather(frames.by_word(_last_week(rows, start, weeks)), of="word")
    [totals] = frames.count(placed, by=[("place",)])
    of_place = dict(totals.rows())
    return Tally(
        [of_place.get(place, 0) for place in range(weeks)],
        {word: Use(n, latest.get(word, frozenset())) for word, n in counts.items()},
    )


def _weeks_of_words(by_day: Mapping[Hashable, int], *, today: dt.date) -> int:
    """Whole weeks back from today with no more comments than are looked at."""
    seen, oldest = 0, None
    for back in range(DAYS * WORD_WEEKS):
        n = by_day.get(today - dt.timedelta(days=back), 0)
        seen += n
        oldest = back if n else oldest
        if seen >= WORDS_COMMENTS_MAX:
            return back // DAYS
    return 0 if oldest is None else oldest // DAYS + 1


def _last_week(rows: Rows, start: dt.date, weeks: int) -> Rows:
    first = start + dt.timedelta(days=DAYS * (weeks - 1))
    return frames.between(rows, first, first + dt.timedelta(days=DAYS - 1))


def _gather(rows: Rows, *, of: str) -> dict[Hashable, frozenset[Hashable]]:
    """By theme or word the comments that have it."""
    found: dict[Hashable, set[Hashable]] = defaultdict(set)
    for value, key in rows.select(of, "id").collect().rows():
        found[value].add(key)
    return {value: frozenset(keys) for value, keys in found.items()}


def _feel(n: int, mean: float, square: float) -> Feel:
    if n < CELL_MIN:
        return Feel(n, None, None, None)
    deviation = max(square - mean * mean, 0.0) ** 0.5 * (n / (n - 1)) ** 0.5
    low, high = mean_interval(mean, deviation, n)
    return Feel(n, mean, max(low, -1.0), min(high, 1.0))
