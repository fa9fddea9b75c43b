"""What comments are about: all themes with what rises, and one theme with what it tells."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from kokemus.measure import Score, WordContrast, csat_from_histogram, difference
from kokemus.share.comments import (
    CommentSearch,
    SeenComment,
    see_comment,
    select_comments,
)
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
    words_apart,
)
from kokemus.share.theme_counts import (
    Feel,
    count_days,
    count_groups,
    count_themes,
    effect_of,
    gather_words,
    select_period,
    tally_weeks,
    telling_words,
)
from kokemus.share.voices import Candidate, choose_voices
from kokemus.store.models import CommentReading, Member, Theme, Unit
from kokemus.store.models.comments import CommentReadingQuerySet

SPARK_WEEKS = 12
TREND_DAYS = 26 * 7
VOICES_AMONG = 300
WORDS_SHOWN = 12
CONTRASTS: tuple[tuple[str, str, object, object], ...] = (
    # The contrast, the column of `Words` that parts the comments, and its two values.
    ("score", "tone", "bad", "good"),
    ("mode", "mode", "human", "digital"),
    ("partner", "is_partner", True, False),
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
    rows = select_period(member, filters)
    total = rows.count()
    counts = count_themes(rows)
    tallied, words = tally_weeks(member, filters)
    rises = find_rises(tallied, words)
    led = {riser.code: rise for rise in rises for riser in rise.risers if riser.kind == "theme"}
    listed = []
    for theme in Theme.objects.visible_to(member).in_use():
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
    themed = rows.filter(read_themes__theme__is_active=True).order_by().values("pk").distinct()
    return Themes(listed, rises, total, share_of(total - themed.count(), total))


def tell_apart(member: Member, filters: Filters) -> list[Contrast]:
    """Words of low and high scores, of human and digital touchpoints, of partners and own units."""
    words = gather_words(select_period(member, filters))
    return [
        Contrast(
            code,
            words_apart(
                (one.words for one in words if getattr(one, column) == first),
                (one.words for one in words if getattr(one, column) == second),
            ),
        )
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
    rows = select_period(member, filters)
    about = rows.about(theme)
    total, comments = rows.count(), about.count()
    counts = count_themes(about)
    words = gather_words(rows, theme=theme)
    rises = find_rises(*tally_weeks(member, filters))
    return ThemeStory(
        theme=theme,
        share=share_of(comments, total),
        change=_change(member, filters, theme, comments=comments, total=total),
        feel=counts[theme.pk].feel if theme.pk in counts else Feel(0, None, None, None),
        effect=effect_of(rows, theme),
        words=words_apart(
            (one.words for one in words if one.is_about),
            (one.words for one in words if not one.is_about),
        ),
        modes=_modes(rows, about),
        parties=_parties(member, rows, about),
        voices=find_voices(member, about, today=filters.today),
        rise=next((each for each in rises if _is_led(each, code)), None),
    )


def follow_theme(member: Member, filters: Filters, code: str) -> tuple[Theme, list[Week]]:
    """The theme's share of the comments of each ISO week, half a year or the period."""
    theme = find_theme(member, code)
    days = None if filters.days is None else max(filters.days, TREND_DAYS)
    rows = select_comments(member, replace(filters, period="all"), CommentSearch())
    if days is not None:
        start = filters.today - dt.timedelta(days=days - 1)
        rows = rows.filter(local_day__gte=start - dt.timedelta(days=start.weekday()))
    totals = _by_monday(count_days(rows))
    found = _by_monday(count_days(rows.about(theme)))
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


def find_voices(
    member: Member, about: CommentReadingQuerySet, *, today: dt.date
) -> list[SeenComment]:
    """Three real comments, redacted: typical, recent, not alike."""
    sure = about.filter(is_unsure=False).order_by("-answered_at")
    latest = sure.values_list("pk", "lemmas", "local_day")[:VOICES_AMONG]
    candidates = [Candidate(key, telling_words(lemmas), day) for key, lemmas, day in latest]
    keys = choose_voices(candidates, today=today)
    found = {reading.pk: reading for reading in _with_story(member, keys)}
    return [see_comment(member, found[key]) for key in keys if key in found]


def _with_story(member: Member, keys: list[Hashable]) -> CommentReadingQuerySet:
    chosen = [key for key in keys if isinstance(key, uuid.UUID)]
    return CommentReading.objects.visible_to(member).filter(pk__in=chosen).with_story()


def _is_led(rise: Rise, code: str) -> bool:
    return any(riser.kind == "theme" and riser.code == code for riser in rise.risers)


def _change(
    member: Member, filters: Filters, theme: Theme, *, comments: int, total: int
) -> Score | None:
    """The share less that of as many days before, in percentage points."""
    if filters.days is None or filters.first_day is None:
        return None
    first = filters.first_day - dt.timedelta(days=filters.days)
    rows = select_comments(member, replace(filters, period="all"), CommentSearch())
    before = rows.filter(local_day__gte=first, local_day__lt=filters.first_day)
    total_before = before.count()
    if min(total, total_before) < CELL_MIN:
        return None
    return difference(
        _as_score(comments, total), _as_score(before.about(theme).count(), total_before)
    )


def _as_score(count: int, total: int) -> Score:
    return csat_from_histogram({1: count, 0: total - count}, scale=(0, 1), box=1)


def _modes(rows: CommentReadingQuerySet, about: CommentReadingQuerySet) -> list[Part]:
    column = "response__touchpoint__mode"
    totals, found = count_groups(rows, by=column), count_groups(about, by=column)
    known: dict[Hashable, str] = {
        code: "" for code in ("human", "digital", "physical") if totals[code]
    }
    return _compare(known, totals, found)


def _parties(
    member: Member, rows: CommentReadingQuerySet, about: CommentReadingQuerySet
) -> list[Part]:
    """Each partner by name, and the own units together."""
    totals, found = count_groups(rows, by="unit"), count_groups(about, by="unit")
    partners = dict(
        Unit.objects.visible_to(member).filter(kind="partner").values_list("pk", "name")
    )
    if not any(totals[key] for key in partners):
        return []
    names: dict[Hashable, str] = {key: name for key, name in partners.items() if totals[key]}
    for counts in (totals, found):
        counts["own"] = sum(n for key, n in counts.items() if key not in partners)
    return _compare({"own": "", **names}, totals, found)


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


def _by_monday(days: Mapping[dt.date, int]) -> dict[dt.date, int]:
    weeks: dict[dt.date, int] = {}
    for day, n in days.items():
        monday = day - dt.timedelta(days=day.weekday())
        weeks[monday] = weeks.get(monday, 0) + n
    return weeks
