"""What people wrote: found by words in any of their forms, shown redacted, corrected, exported."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q

from kokemus.comments.lemmas import lemmatise
from kokemus.comments.tokens import tokenise
from kokemus.share.filters import Filters, NotInSight
from kokemus.share.marked_text import Statement, mark_text
from kokemus.share.responses import ANSWER_COLUMNS, ROWS_A_PAGE, disarm, write_line
from kokemus.share.scales import scores_of
from kokemus.share.telling import Share, share_of
from kokemus.store.models import CommentReading, Member, ReadTheme, Theme
from kokemus.store.models.comments import CommentReadingQuerySet, Feeling, Progress
from kokemus.store.models.organisation import LANGUAGES

MODES = ("human", "digital", "physical")
EXPORT_COLUMNS = (*ANSWER_COLUMNS, "sentiment", "label", "unsure", "themes", "redacted")


@dataclass(frozen=True, kw_only=True)
class CommentSearch:
    """What is looked for beside the filters."""

    words: str = ""
    theme: Theme | None = None
    label: str = ""
    is_unsure: bool = False
    mode: str = ""
    tone: str = ""

    @property
    def is_narrowed(self) -> bool:
        facets = (self.words, self.theme, self.label, self.mode, self.tone)
        return any(facets) or self.is_unsure


@dataclass(frozen=True)
class SeenComment:
    """One comment as it is shown: redacted, whoever looks."""

    reading: CommentReading
    themes: list[ReadTheme]
    may_correct: bool
    may_show: bool

    @cached_property
    def statements(self) -> list[Statement]:
        names = {found.theme.code: found.theme.name for found in self.themes}
        return mark_text(self.reading.redacted, self.reading.shown, theme_names=names)

    @property
    def has_personal_data(self) -> bool:
        return bool(self.reading.personal)

    @property
    def theme_keys(self) -> set[int]:
        return {found.theme_id for found in self.themes}


@dataclass(frozen=True)
class CommentListing:
    """A page of comments, newest first; `older` is the key the next page begins after."""

    rows: list[SeenComment]
    older: str


@dataclass(frozen=True)
class Mood:
    """How the comments found feel: the share of each label, of those that are sure."""

    comments: int
    unsure: int
    shares: Mapping[str, Share]

    @property
    def negative(self) -> Share:
        return self.shares[Feeling.NEGATIVE]

    @property
    def positive(self) -> Share:
        return self.shares[Feeling.POSITIVE]


def list_comments(
    member: Member, filters: Filters, search: CommentSearch, *, before: str = ""
) -> CommentListing:
    """Comments newest first, after the one whose key is `before`.

    Raises
    ------
    NotInSight
        If `before` is no comment that the member may see.
    """
    rows = select_comments(member, filters, search).with_story()
    if before:
        last = _find_key(member, before)
        earlier = Q(answered_at=last.answered_at, pk__lt=last.pk)
        rows = rows.filter(Q(answered_at__lt=last.answered_at) | earlier)
    found = list(rows.order_by("-answered_at", "-pk")[: ROWS_A_PAGE + 1])
    has_more = len(found) > ROWS_A_PAGE
    shown = found[:ROWS_A_PAGE]
    seen = [see_comment(member, reading) for reading in shown]
    return CommentListing(seen, str(shown[-1].pk) if has_more else "")


def weigh_mood(member: Member, filters: Filters, search: CommentSearch) -> Mood:
    counts: Counter[tuple[str, bool]] = Counter()
    rows = select_comments(member, filters, search).order_by()
    for label, is_unsure, n in rows.values_list("label", "is_unsure").annotate(n=Count("pk")):
        counts[label, is_unsure] += n
    sure = {label: counts[label, False] for label in Feeling.values}
    total = sum(sure.values())
    return Mood(
        comments=counts.total(),
        unsure=counts.total() - total,
        shares={label: share_of(n, total) for label, n in sure.items()},
    )


def look_at_comment(member: Member, key: uuid.UUID) -> SeenComment:
    """One comment, redacted.

    Raises
    ------
    NotInSight
        If there is none that the member may see.
    """
    reading = CommentReading.objects.visible_to(member).with_story().filter(pk=key).first()
    if reading is None:
        raise NotInSight(str(key))
    return see_comment(member, reading)


def export_comments(member: Member, filters: Filters, search: CommentSearch) -> Iterator[str]:
    """The comments found as lines of CSV, oldest first, redacted."""
    yield "\ufeff" + write_line(EXPORT_COLUMNS)
    rows = select_comments(member, filters, search).with_story().select_related("response__survey")
    for reading in rows.order_by("answered_at", "pk").iterator(chunk_size=500):
        response = reading.response
        yield write_line(
            (
                response.pk,
                reading.answered_at.isoformat(timespec="seconds"),
                disarm(response.touchpoint.name),
                disarm(reading.unit.name),
                disarm(response.survey.name),
                response.channel,
                reading.language,
                response.scale,
                response.score,
                f"{reading.sentiment:.3f}",
                reading.label,
                int(reading.is_unsure),
                " ".join(found.theme.code for found in reading.read_themes.all()),
                disarm(reading.redacted),
            )
        )


def reading_progress(member: Member) -> Progress:
    return CommentReading.objects.progress(member.organisation_id)


def select_comments(
    member: Member, filters: Filters, search: CommentSearch
) -> CommentReadingQuerySet:
    rows = CommentReading.objects.visible_to(member).filter(organisation=member.organisation_id)
    if filters.first_day:
        rows = rows.filter(local_day__gte=filters.first_day)
    if filters.unit:
        rows = rows.filter(unit__path__startswith=filters.unit.path)
    if filters.journey:
        rows = rows.filter(response__touchpoint__stage__journey=filters.journey)
    if filters.language:
        rows = rows.filter(language=filters.language)
    for name in ("touchpoint", "survey", "channel", "scale"):
        if value := getattr(filters, name):
            rows = rows.filter(**{f"response__{name}": value})
    if search.mode:
        rows = rows.filter(response__touchpoint__mode=search.mode)
    if search.theme:
        rows = rows.about(search.theme)
    if search.label:
        rows = rows.filter(label=search.label)
    if search.is_unsure:
        rows = rows.filter(is_unsure=True)
    if search.tone:
        rows = rows.filter(scores_of(search.tone, scale=filters.scale, response="response__"))
    return _having_words(rows, search.words)


def _having_words(rows: CommentReadingQuerySet, words: str) -> CommentReadingQuerySet:
    """Those with every word, in any form of any of our languages; in quotes, as it stands."""
    if len(words) > 2 and words[0] == words[-1] == '"':
        return rows.filter(redacted__icontains=words[1:-1])
    for token in tokenise(words):
        has_any = Q(pk__in=[])
        for lemma in lemmas_of_word(token.text):
            has_any |= Q(lemmas__contains=f" {lemma} ")
        rows = rows.filter(has_any)
    return rows


def see_comment(member: Member, reading: CommentReading) -> SeenComment:
    return SeenComment(
        reading,
        list(reading.read_themes.all()),
        may_correct=member.has_role("agent", unit=reading.unit),
        may_show=member.has_role("lead", unit=reading.unit),
    )


def lemmas_of_word(word: str) -> set[str]:
    """What the word may be a form of."""
    return {word.lower(), *(lemmatise(word, language=code) for code, _name in LANGUAGES)}


def _find_key(member: Member, key: str) -> CommentReading:
    try:
        found = CommentReading.objects.visible_to(member).filter(pk=uuid.UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotInSight(key)
    return found
