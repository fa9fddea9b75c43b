"""From rows to counts: which comments have which themes and words, by week and by group."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import Avg, Count, F
from django.db.models.functions import Power

from kokemus.comments.themes.stop_words import is_telling
from kokemus.measure.intervals import mean_interval
from kokemus.share.comments import CommentSearch, select_comments
from kokemus.share.filters import Filters
from kokemus.share.scales import MEASURED, Measured
from kokemus.share.telling import (
    CELL_MIN,
    NOTHING,
    Effect,
    Said,
    Tally,
    Use,
    compare_scores,
    count_uses,
)
from kokemus.store.models import Member, ReadTheme, Theme
from kokemus.store.models.comments import CommentReadingQuerySet

DAYS = 7
THEME_WEEKS = 105  # two years of past, so that a season is known, and the week that is judged
WORD_WEEKS = 27
WORDS_COMMENTS_MAX = 40_000
WORD_COLUMNS = (
    "pk",
    "lemmas",
    "response__scale",
    "response__score",
    "response__touchpoint__mode",
    "unit",
    "unit__kind",
)


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
class Words:
    """A comment's distinct telling words, and where and how it was given."""

    words: frozenset[str]
    tone: str
    mode: str
    unit: int
    is_partner: bool
    is_about: bool


def select_period(member: Member, filters: Filters) -> CommentReadingQuerySet:
    """The comments of the filters' period."""
    return select_comments(member, filters, CommentSearch())


def count_themes(rows: CommentReadingQuerySet) -> dict[int, ThemeCount]:
    """By theme how many of the comments have it, and how they feel about it."""
    found = (
        ReadTheme.objects.filter(reading__in=rows.order_by())
        .values("theme")
        .annotate(n=Count("pk"), mean=Avg("sentiment"), square=Avg(Power(F("sentiment"), 2)))
    )
    return {
        row["theme"]: ThemeCount(row["n"], _feel(row["n"], row["mean"], row["square"]))
        for row in found
    }


def tally_weeks(member: Member, filters: Filters) -> tuple[Tally, Tally]:
    """Themes (by code) and words in periods of seven days of which the last ends today."""
    start = filters.today - dt.timedelta(days=DAYS * THEME_WEEKS - 1)
    rows = _since(member, filters, start)
    return _tally_themes(rows, start=start), _tally_words(member, filters)


def count_days(rows: CommentReadingQuerySet) -> Counter[dt.date]:
    found = rows.order_by().values_list("local_day").annotate(n=Count("pk"))
    return Counter(dict(found))


def count_groups(rows: CommentReadingQuerySet, *, by: str) -> Counter[Hashable]:
    """How many comments each value of a column has."""
    return Counter(dict(rows.order_by().values_list(by).annotate(n=Count("pk"))))


def effect_of(rows: CommentReadingQuerySet, theme: Theme) -> tuple[Measured, Effect] | None:
    """The scores of comments with the theme beside those without, on the scale most have."""
    all_scores = _scores(rows)
    if not all_scores:
        return None
    with_theme = _scores(rows.about(theme))
    scale = max(all_scores, key=lambda code: (with_theme[code].total(), all_scores[code].total()))
    inside = with_theme[scale]
    outside = all_scores[scale] - inside
    measured = MEASURED[scale]
    return measured, compare_scores(inside, outside, measured=measured)


def gather_words(rows: CommentReadingQuerySet, *, theme: Theme | None = None) -> list[Words]:
    """What is needed to tell groups of comments apart by their words; the latest comments."""
    about = set(rows.about(theme).values_list("pk", flat=True)) if theme else set()
    latest = rows.order_by("-answered_at").values_list(*WORD_COLUMNS)[:WORDS_COMMENTS_MAX]
    return [
        Words(
            telling_words(lemmas),
            _tone(scale, score),
            mode,
            unit,
            kind == "partner",
            key in about,
        )
        for key, lemmas, scale, score, mode, unit, kind in latest.iterator(chunk_size=5000)
    ]


def telling_words(lemmas: str) -> frozenset[str]:
    return frozenset(filter(is_telling, lemmas.split()))


def _tally_themes(rows: CommentReadingQuerySet, *, start: dt.date) -> Tally:
    totals = _by_period(count_days(rows), start=start)
    first = next((place for place, n in enumerate(totals) if n), len(totals))
    if first >= len(totals) - 1:
        return NOTHING
    found = ReadTheme.objects.filter(reading__in=rows.order_by()).order_by()
    days: dict[str, Counter[dt.date]] = defaultdict(Counter)
    per_day = found.values_list("theme__code", "reading__local_day").annotate(n=Count("pk"))
    for code, day, n in per_day:
        days[code][day] = n
    latest: dict[str, set[Hashable]] = defaultdict(set)
    week = start + dt.timedelta(days=DAYS * (THEME_WEEKS - 1))
    for code, key in found.filter(reading__local_day__gte=week).values_list(
        "theme__code", "reading"
    ):
        latest[code].add(key)
    uses = {
        code: Use(_by_period(each, start=start)[first:], frozenset(latest[code]))
        for code, each in days.items()
    }
    return Tally(totals[first:], uses)


def _tally_words(member: Member, filters: Filters) -> Tally:
    """Of the latest weeks, as many as hold the comments that are looked at."""
    start = filters.today - dt.timedelta(days=DAYS * WORD_WEEKS - 1)
    rows = _since(member, filters, start).order_by("-local_day")
    latest = list(rows.values_list("pk", "local_day", "lemmas")[:WORDS_COMMENTS_MAX])
    if not latest:
        return NOTHING
    weeks = (filters.today - latest[-1][1]).days // DAYS + (len(latest) < WORDS_COMMENTS_MAX)
    if weeks < 2:
        return NOTHING
    start = filters.today - dt.timedelta(days=DAYS * weeks - 1)
    said = (
        Said(key, (day - start).days // DAYS, frozenset(), telling_words(lemmas))
        for key, day, lemmas in latest
        if day >= start
    )
    return count_uses(said, periods=weeks)[1]


def _since(member: Member, filters: Filters, start: dt.date) -> CommentReadingQuerySet:
    ever = replace(filters, period="all")
    rows = select_comments(member, ever, CommentSearch())
    return rows.filter(local_day__gte=start, local_day__lte=filters.today)


def _by_period(days: Mapping[dt.date, int], *, start: dt.date) -> list[float]:
    counts = [0.0] * THEME_WEEKS
    for day, n in days.items():
        counts[(day - start).days // DAYS] += n
    return counts


def _feel(n: int, mean: float, square: float) -> Feel:
    if n < CELL_MIN:
        return Feel(n, None, None, None)
    deviation = max(square - mean * mean, 0.0) ** 0.5 * (n / (n - 1)) ** 0.5
    low, high = mean_interval(mean, deviation, n)
    return Feel(n, mean, max(low, -1.0), min(high, 1.0))


def _scores(rows: CommentReadingQuerySet) -> dict[str, Counter[int]]:
    found: dict[str, Counter[int]] = defaultdict(Counter)
    columns = ("response__scale", "response__score")
    told: Iterable[tuple[str, int, int]] = (
        rows.exclude(response__score=None).order_by().values_list(*columns).annotate(n=Count("pk"))
    )
    for scale, score, n in told:
        found[scale][score] = n
    return found


def _tone(scale: str, score: int | None) -> str:
    return "" if score is None else MEASURED[scale].group_of(score).tone
