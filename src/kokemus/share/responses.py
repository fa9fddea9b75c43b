"""The answers behind the numbers: listed, searched, looked at one by one, exported."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from kokemus.share.filters import Filters, NotInSight
from kokemus.share.scales import scores_of
from kokemus.store.models import Case, Encounter, EncounterParty, Member, Response
from kokemus.store.models.responses import ResponseQuerySet
from kokemus.store.redaction import hide_personal_data, is_read

ROWS_A_PAGE = 50
ANSWER_COLUMNS = (
    "id",
    "answered_at",
    "touchpoint",
    "unit",
    "survey",
    "channel",
    "language",
    "scale",
    "score",
)
EXPORT_COLUMNS = (*ANSWER_COLUMNS, "comment")
# A spreadsheet takes a cell that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is looked for beside the filters: words, comments only, a group of scores."""

    words: str = ""
    is_commented: bool = False
    tone: str = ""


@dataclass(frozen=True)
class Listing:
    """A page of answers, newest first; `older` is the key the next page begins after."""

    rows: list[Response]
    older: str


@dataclass(frozen=True)
class Looked:
    """One answer with what was going on when it was given, and the case it became."""

    response: Response
    encounter: Encounter | None
    parties: list[EncounterParty]
    case: Case | None


def list_responses(
    member: Member, filters: Filters, search: Search, *, before: str = ""
) -> Listing:
    """Answers newest first, after the one whose key is `before`.

    Raises
    ------
    NotInSight
        If `before` is no answer that the member may see.
    """
    rows = _select(member, filters, search).select_related("touchpoint", "unit", "reading")
    if before:
        rows = rows.filter(_after(_find(member, before)))
    found = list(rows.order_by("-answered_at", "-pk")[: ROWS_A_PAGE + 1])
    has_more = len(found) > ROWS_A_PAGE
    shown = found[:ROWS_A_PAGE]
    return Listing(shown, str(shown[-1].pk) if has_more else "")


def look_at(member: Member, key: uuid.UUID) -> Looked:
    """One answer.

    Raises
    ------
    NotInSight
        If there is none that the member may see.
    """
    seen = Response.objects.visible_to(member).select_related(
        "touchpoint__stage__journey",
        "unit",
        "survey",
        "encounter__contact",
        "encounter__unit",
        "reading",
    )
    if (response := seen.filter(pk=key).first()) is None:
        raise NotInSight(str(key))
    encounter = response.encounter
    parties = EncounterParty.objects.filter(encounter=encounter).select_related("unit")
    return Looked(
        response,
        encounter,
        list(parties.order_by("pk")) if encounter else [],
        Case.objects.visible_to(member).filter(response=response).first(),
    )


def export_lines(member: Member, filters: Filters, search: Search) -> Iterator[str]:
    """The same answers as lines of CSV, oldest first, without who gave or is named in them."""
    yield "\ufeff" + write_line(EXPORT_COLUMNS)
    rows = _select(member, filters, search).order_by("answered_at", "pk")
    names = (
        "pk",
        "answered_at",
        "touchpoint__name",
        "unit__name",
        "survey__name",
        "channel",
        "language",
        "scale",
        "score",
    )
    said = ("comment", "reading_turn", "reading__redacted")
    for row in rows.values_list(*names, *said).iterator(chunk_size=2000):
        key, answered_at, *rest, comment, turn, redacted = row
        if comment and redacted is not None and is_read(turn):
            comment = redacted
        elif comment:
            language = row[names.index("language")]
            comment = hide_personal_data(comment, language=language, names=member.names_around())
        moment = answered_at.isoformat(timespec="seconds")
        yield write_line((key, moment, *map(disarm, rest), disarm(comment)))


def _select(member: Member, filters: Filters, search: Search) -> ResponseQuerySet:
    rows = Response.objects.visible_to(member).filter(organisation=member.organisation_id)
    if filters.first_day:
        rows = rows.filter(local_day__gte=filters.first_day)
    if filters.unit:
        rows = rows.filter(unit__path__startswith=filters.unit.path)
    if filters.journey:
        rows = rows.filter(touchpoint__stage__journey=filters.journey)
    for name in ("touchpoint", "survey", "channel", "language", "scale"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    if search.is_commented or search.words:
        rows = rows.commented()
    for word in search.words.split():
        # In what everybody may read: a search must not tell whose telephone number it is.
        rows = rows.filter(reading__redacted__icontains=word)
    return rows.filter(scores_of(search.tone, scale=filters.scale)) if search.tone else rows


def _after(last: Response) -> Q:
    return Q(answered_at__lt=last.answered_at) | Q(answered_at=last.answered_at, pk__lt=last.pk)


def _find(member: Member, key: str) -> Response:
    try:
        found = Response.objects.visible_to(member).filter(pk=uuid.UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotInSight(key)
    return found


def write_line(cells: tuple[object, ...]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow(cells)
    return stream.getvalue()


def disarm(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if is_formula else value
