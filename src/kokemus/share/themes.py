"""What comments are about: all themes with what rises, and one theme with what it tells."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kokemus.measure import Score, WordContrast, csat_from_histogram, difference
from kokemus.share.comments import SeenComment, see_comment
from kokemus.share.filters import Filters, NotInSight
from kokemus.share.scales import Measured
from kokemus.share.telling import (
    CELL_MIN,
    Apart,
    Effect,
    Rise,
    Share,
    find_rises,
    share_of,
)
from kokemus.share.theme_counts import (
    Feel,
    Groups,
    contrast_words,
    count_comments,
    count_groups,
    count_having_any,
    count_themes,
    effect_of,
    latest_about,
    mark_contrasts,
    modes_of,
    select_before,
    select_ever,
    select_period,
    tally_weeks,
    tell_words,
)
from kokemus.share.voices import choose_voices
from kokemus.store import frames
from kokemus.store.frames import Rows
from kokemus.store.models import CommentReading, Member, Theme, Unit
from kokemus.store.models.comments import CommentReadingQuerySet

SPARK_WEEKS = 12
TREND_DAYS = 26 * 7
VOICES_AMONG = 300
WORDS_SHOWN = 12
CONTRASTS: tuple[tuple[str, str, object, object], ...] = (
    # The contrast, the column that parts the comments, and its two values.
    ("score", "tone", "bad", "good"),
    ("mode", "mode", "human", "digital"),
    ("partner", "kind", "partner", "internal"),
)


@dataclass(frozen=True)
class ThemeRow:
    """A theme in the list; `weeks` are its shares by week, for the spark."""

    theme: Theme
    share: Share
    feel: Feel
    weeks: list[float | None]
    rise: Rise | None

    @property
    def is_told(self) -> bool:
        return self.share.comments >= CELL_MIN and self.share.estimate is not None


@dataclass(frozen=True)
class Themes:
    """All themes of the period; `rises` are the alerts, those of a word included."""

    rows: list[ThemeRow]
    rises: list[Rise]
    total: int
    unthemed: Share


@dataclass(frozen=True)
class Contrast:
    """Words that two groups of comments do not share alike."""

    code: str
    apart: Apart

    @property
    def first(self) -> tuple[str, ...]:
        return tuple(str(word.word) for word in self.apart.first[:WORDS_SHOWN])

    @property
    def second(self) -> tuple[str, ...]:
        return tuple(str(word.word) for word in self.apart.second[:WORDS_SHOWN])

    @property
    def rows(self) -> tuple[WordContrast, ...]:
        return (*self.apart.first[:WORDS_SHOWN], *self.apart.second[:WORDS_SHOWN])


@dataclass(frozen=True)
class Week:
    monday: dt.date
    share: Share


@dataclass(frozen=True)
class Part:
    """A theme's share among the comments of a group; `is_apart` from the share of all."""

    code: str
    name: str
    share: Share
    is_apart: bool


@dataclass(frozen=True)
class ThemeStory:
    """One theme in the period: how common, whether that changed, and what goes with it."""

    theme: Theme
    share: Share
    change: Score | None
    feel: Feel
    effect: tuple[Measured, Effect] | None
    words: Apart
    modes: list[Part]
    parties: list[Part]
    voices: list[SeenComment]
    rise: Rise | None

    @property
    def is_told(self) -> bool:
        return self.share.comments >= CELL_MIN and self.share.estimate is not None

    @property
    def telling(self) -> tuple[WordContrast, ...]:
        return self.words.first[:WORDS_SHOWN]

    @property
    def direction(self) -> int:
        """1 and -1 where the whole interval of the change is on one side of zero, else 0."""
        if self.change is None or self.change.low is None or self.change.high is None:
            return 0
        return (self.change.low > 0) - (self.change.high < 0)


def list_themes(member: Member, filters: Filters) -> Themes:
    ever = select_ever(member, filters)
    rows = select_period(ever, filters)
    total = count_comments(rows)
    counts = count_themes(rows)
    themes = list(Theme.objects.visible_to(member))
    codes = {theme.pk: theme.code for theme in themes}
    tallied, words = tally_weeks(ever, themes=codes, today=filters.today)
    rises = find_rises(tallied, words)
    led = {riser.code: rise for rise in rises for riser in rise.risers if riser.kind == "theme"}
    listed = []
    for theme in (each for each in themes if each.is_active):
        found = counts.get(theme.pk)
        use = tallied.uses.get(theme.code)
        listed.append(
            ThemeRow(
                theme,
                share_of(found.comments if found else 0, total),
                found.feel if found else Feel(0, None, None, None),
                _spark(use.counts if use else [], tallied.totals),
                led.get(theme.code),
            )
        )
    listed.sort(key=lambda row: -row.share.comments)
    themed = count_having_any(rows, [theme.pk for theme in themes if theme.is_active])
    return Themes(listed, rises, total, share_of(total - themed, total))


def tell_apart(member: Member, filters: Filters) -> list[Contrast]:
    """Words of low and high scores, of human and digital touchpoints, of partners and own units."""
    rows = mark_contrasts(select_period(select_ever(member, filters), filters), member)
    return [
        Contrast(code, contrast_words(rows, column=column, first=first, second=second))
        for code, column, first, second in CONTRASTS
    ]


def tell_theme(member: Member, filters: Filters, code: str) -> ThemeStory:
    """One theme.

    Raises
    ------
    NotInSight
        If the organisation has no such theme.
    """
    theme = find_theme(member, code)
    ever = select_ever(member, filters)
    rows = select_period(ever, filters)
    units = count_groups(rows, theme, by="unit")
    total, comments = units.totals.total(), units.about.total()
    feel = count_themes(rows).get(theme.pk)
    rises = find_rises(*tally_weeks(ever, themes=_codes(member), today=filters.today))
    return ThemeStory(
        theme=theme,
        share=share_of(comments, total),
        change=_change(select_before(ever, filters), theme, comments=comments, total=total),
        feel=feel.feel if feel else Feel(0, None, None, None),
        effect=effect_of(rows, theme),
        words=tell_words(rows, theme),
        modes=_modes(member, count_groups(rows, theme, by="touchpoint")),
        parties=_parties(member, units),
        voices=find_voices(member, rows, theme, today=filters.today),
        rise=next((each for each in rises if _is_led(each, code)), None),
    )


def follow_theme(member: Member, filters: Filters, code: str) -> tuple[Theme, list[Week]]:
    """The theme's share of the comments of each ISO week, half a year or the period."""
    theme = find_theme(member, code)
    days = None if filters.days is None else max(filters.days, TREND_DAYS)
    rows = select_ever(member, filters)
    if days is not None:
        start = filters.today - dt.timedelta(days=days - 1)
        rows = frames.between(rows, start - dt.timedelta(days=start.weekday()))
    counts = count_groups(rows, theme, by="local_day")
    totals, found = _by_monday(counts.totals), _by_monday(counts.about)
    return theme, [Week(day, share_of(found.get(day, 0), totals[day])) for day in sorted(totals)]


def compare_weeks(later: Sequence[Week], earlier: Sequence[Week]) -> Score | None:
    """The share in some weeks less that in others, in percentage points."""
    scores = []
    for weeks in (later, earlier):
        total = sum(week.share.total for week in weeks)
        if total < CELL_MIN:
            return None
        scores.append(_as_score(sum(week.share.comments for week in weeks), total))
    return difference(*scores)


def find_theme(member: Member, code: str) -> Theme:
    """A theme of the organisation, past ones included.

    Raises
    ------
    NotInSight
        If there is none.
    """
    theme = Theme.objects.visible_to(member).select_related("merged_into").filter(code=code).first()
    if theme is None:
        raise NotInSight(code)
    return theme


def find_voices(member: Member, rows: Rows, theme: Theme, *, today: dt.date) -> list[SeenComment]:
    """Three real comments, redacted: typical, recent, not alike."""
    keys = choose_voices(latest_about(rows, theme, most=VOICES_AMONG), today=today)
    found = {reading.pk: reading for reading in _with_story(member, keys)}
    return [see_comment(member, found[key]) for key in keys if key in found]


def _with_story(member: Member, keys: list[Hashable]) -> CommentReadingQuerySet:
    chosen = [key for key in keys if isinstance(key, uuid.UUID)]
    return CommentReading.objects.visible_to(member).filter(pk__in=chosen).with_story()


def _codes(member: Member) -> dict[int, str]:
    return dict(Theme.objects.visible_to(member).values_list("pk", "code"))


def _is_led(rise: Rise, code: str) -> bool:
    return any(riser.kind == "theme" and riser.code == code for riser in rise.risers)


def _change(before: Rows | None, theme: Theme, *, comments: int, total: int) -> Score | None:
    """The share less that of as many days before, in percentage points."""
    if before is None:
        return None
    days = count_groups(before, theme, by="local_day")
    total_before = days.totals.total()
    if min(total, total_before) < CELL_MIN:
        return None
    return difference(_as_score(comments, total), _as_score(days.about.total(), total_before))


def _as_score(count: int, total: int) -> Score:
    return csat_from_histogram({1: count, 0: total - count}, scale=(0, 1), box=1)


def _modes(member: Member, touchpoints: Groups) -> list[Part]:
    modes = modes_of(member)
    totals, found = (
        _regroup(counts, lambda key: modes.get((key,), ""))
        for counts in (touchpoints.totals, touchpoints.about)
    )
    known: dict[Hashable, str] = {
        code: "" for code in ("human", "digital", "physical") if totals[code]
    }
    return _compare(known, totals, found)


def _parties(member: Member, units: Groups) -> list[Part]:
    """Each partner by name, and the own units together."""
    partners: dict[Hashable, str] = dict(
        Unit.objects.visible_to(member).filter(kind="partner").values_list("pk", "name")
    )
    if not any(units.totals[key] for key in partners):
        return []
    names = {key: name for key, name in partners.items() if units.totals[key]}
    totals, found = (
        _regroup(counts, lambda key: key if key in partners else "own")
        for counts in (units.totals, units.about)
    )
    return _compare({"own": "", **names}, totals, found)


def _regroup(
    counts: Mapping[Hashable, int], group_of: Callable[[Any], Hashable]
) -> Counter[Hashable]:
    found: Counter[Hashable] = Counter()
    for key, n in counts.items():
        found[group_of(key)] += n
    return found


def _compare(
    names: Mapping[Hashable, str], totals: Mapping[Hashable, int], found: Mapping[Hashable, int]
) -> list[Part]:
    """Shares by group; apart is one whose difference from all other groups leaves out zero."""
    whole, whole_found = sum(totals[key] for key in names), sum(found[key] for key in names)
    parts = []
    for key, name in names.items():
        share = share_of(found[key], totals[key])
        rest = whole - totals[key]
        is_apart = False
        if min(totals[key], rest) >= CELL_MIN and len(names) > 1:
            apart = difference(
                _as_score(found[key], totals[key]), _as_score(whole_found - found[key], rest)
            )
            is_apart = bool((apart.low or 0) > 0 or (apart.high or 0) < 0)
        parts.append(Part(str(key), name, share, is_apart))
    return parts


def _spark(counts: Sequence[float], totals: Sequence[float]) -> list[float | None]:
    whole = totals[-SPARK_WEEKS:]
    mine = list(counts)[-SPARK_WEEKS:] or [0.0] * len(whole)
    return [n / total if total >= CELL_MIN else None for n, total in zip(mine, whole, strict=True)]


def _by_monday(days: Mapping[Hashable, int]) -> dict[dt.date, int]:
    weeks: Counter[dt.date] = Counter()
    for day, n in days.items():
        assert isinstance(day, dt.date)
        weeks[day - dt.timedelta(days=day.weekday())] += n
    return weeks
