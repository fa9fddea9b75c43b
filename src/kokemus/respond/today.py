"""What needs a human now, by due time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kokemus.respond.scores import score_tone, score_words
from kokemus.store.models import Case, Member, Unit
from kokemus.store.models.cases import CaseQuerySet

SOON = dt.timedelta(hours=4)
ROWS_MAX = 50


@dataclass(frozen=True)
class Filters:
    """What the address says: `show` is "", mine, free or overdue; `unit` a key or nothing."""

    show: str = ""
    unit: int | None = None
    page: str = "1"


@dataclass(frozen=True)
class Counts:
    unresolved: int
    overdue: int
    free: int
    mine: int


@dataclass(frozen=True)
class Row:
    case: Case
    tone: str
    score: str
    may_work: bool
    is_mine: bool
    is_overdue: bool


@dataclass(frozen=True)
class Section:
    heading: str | Promise
    code: str
    rows: list[Row]


@dataclass(frozen=True)
class Today:
    counts: Counts
    sections: list[Section]
    page: Page[Case]


def show_today(member: Member, *, filters: Filters, now: dt.datetime) -> Today:
    """The unresolved cases within the member's reach, and how many there are of each sort."""
    cases = Case.objects.within_reach_of(member).unresolved()
    wanted = _apply(cases, filters=filters, member=member, now=now)
    page = Paginator(wanted.with_story().by_due_time(), ROWS_MAX).get_page(filters.page)
    return Today(
        counts=_count(cases, member=member, now=now),
        sections=list(_divide(page.object_list, member=member, now=now)),
        page=page,
    )


def list_units(member: Member) -> list[Unit]:
    """The units whose cases the member sees."""
    return list(Unit.objects.visible_to(member))


def _apply(
    cases: CaseQuerySet, *, filters: Filters, member: Member, now: dt.datetime
) -> CaseQuerySet:
    match filters.show:
        case "mine":
            cases = cases.filter(taken_by=member)
        case "free":
            cases = cases.filter(taken_by=None)
        case "overdue":
            cases = cases.overdue(now=now)
    if filters.unit is not None:
        below = Unit.objects.filter(pk=filters.unit).values_list("path", flat=True).first()
        cases = cases.filter(unit__path__startswith=below) if below else cases.none()
    return cases


def _count(cases: CaseQuerySet, *, member: Member, now: dt.datetime) -> Counts:
    return Counts(
        **cases.aggregate(
            unresolved=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            free=Count("pk", filter=Q(taken_by=None)),
            mine=Count("pk", filter=Q(taken_by=member)),
        )
    )


def _divide(cases: Iterable[Case], *, member: Member, now: dt.datetime) -> Iterator[Section]:
    headings = {"overdue": _("Overdue"), "soon": _("Due soon"), "later": _("Later")}
    rows: dict[str, list[Row]] = {code: [] for code in headings}
    for case in cases:
        code = "overdue" if case.due_at < now else "soon" if case.due_at < now + SOON else "later"
        rows[code].append(_row(case, member=member, now=now))
    for code, heading in headings.items():
        if rows[code]:
            yield Section(heading, code, rows[code])


def _row(case: Case, *, member: Member, now: dt.datetime) -> Row:
    response = case.response
    return Row(
        case=case,
        tone=score_tone(response.scale, response.score),
        score=score_words(response.scale, response.score),
        may_work=member.has_role("agent", unit=case.unit),
        is_mine=case.taken_by_id == member.pk,
        is_overdue=case.is_overdue(now),
    )
