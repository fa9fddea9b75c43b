"""Names to hide in comments beside those of members: a list that administrators keep."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext

from kokemus.comments.personal.everyday_words import is_everyday_word
from kokemus.comments.personal.given_names import GivenNames, parts_of
from kokemus.store.models import (
    AuditEntry,
    HiddenNames,
    ListChange,
    Member,
    Response,
    Theme,
)

NAMES_MAX = 5_000
NAME_LENGTH_MAX = 80
LATEST = 1_000
AT_ONCE = 2_000
PAUSE = dt.timedelta(seconds=2)  # what is being written as it was read before has landed by then


class NotAnAdmin(PermissionDenied):
    """The list is kept by the organisation's administrators."""


@dataclass(frozen=True)
class WrongLine:
    """A line that cannot be a name to hide."""

    number: int
    text: str
    reason: Literal["too_long", "no_letters"]


class EverydayName(NamedTuple):
    """A part of a name that is an everyday word too; how many of the latest comments it changes."""

    name: str
    comments: int


@dataclass(frozen=True)
class Everyday:
    """The names of a list that are everyday words too, the costliest first."""

    names: list[EverydayName]
    comments: int
    """How many comments were looked at."""


def split_names(text: str) -> tuple[list[str], list[WrongLine]]:
    """The names of a text, one a line, each once, in their order; and lines that are none."""
    names: dict[str, str] = {}
    wrong = []
    for number, line in enumerate(text.splitlines(), start=1):
        name = _tidy(line)
        if not name:
            continue
        if len(name) > NAME_LENGTH_MAX:
            wrong.append(WrongLine(number, name, "too_long"))
        elif not parts_of(name):
            wrong.append(WrongLine(number, name, "no_letters"))
        else:
            names.setdefault(name.casefold(), name)
    return list(names.values()), wrong


def list_names(member: Member) -> tuple[str, ...]:
    """The organisation's list.

    Raises
    ------
    NotAnAdmin
    """
    _check(member)
    return HiddenNames.objects.list_of(member.organisation_id)


@transaction.atomic
def keep_names(
    member: Member, names: Sequence[str], *, now: dt.datetime, address: str = ""
) -> ListChange:
    """Hide these names from now on, and no others; the audit learns how many, and no name.

    Raises
    ------
    NotAnAdmin
    """
    _check(member)
    change = HiddenNames.objects.keep(member.organisation, names=names, at=now)
    if change.added or change.removed:
        AuditEntry.objects.record(
            organisation=member.organisation_id,
            member=member,
            action="hidden_names_changed",
            address=address,
            detail=change._asdict(),
        )
    return change


def find_everyday_words(names: Sequence[str]) -> set[str]:
    """The parts of names that are everyday words too; a second goes by the first time it is asked.

    The dictionaries of three languages are loaded: no page waits for that.
    """
    return {part for name in names for part in parts_of(name) if is_everyday_word(part)}


def weigh_everyday_names(row: HiddenNames | None) -> Everyday:
    """What it costs that names of a list are everyday words too, once the worker has found them."""
    words = set(row.everyday) if row and row.is_applied else set()
    if row is None or not words:
        return Everyday([], 0)
    hiding = GivenNames(name for name in row.names if not words.isdisjoint(parts_of(name)))
    latest = Response.objects.filter(organisation=row.organisation_id).commented()
    rows = latest.order_by("-answered_at", "-pk").values_list("comment", flat=True)[:LATEST]
    costs = Counter(part for comment in rows for part in hiding.find_parts(comment))
    found = [EverydayName(word.title(), costs[word]) for word in words]
    return Everyday(sorted(found, key=lambda each: (-each.comments, each.name)), len(rows))


def find_themes_called_so(member: Member, names: Sequence[str]) -> list[Theme]:
    """Themes in use whose own name says one of the names."""
    hiding = GivenNames(names)
    themes = Theme.objects.visible_to(member).in_use()
    return [theme for theme in themes if hiding.find_parts(theme.name)] if hiding else []


def apply_lists(*, now: dt.datetime) -> int:
    """Let comments be read anew that may hold a name that was added or taken away."""
    waiting = HiddenNames.objects.unapplied().filter(changed_at__lte=now - PAUSE)
    return sum(_apply(each) for each in waiting.order_by("pk"))


def _apply(row: HiddenNames) -> int:
    count = _read_again(row.organisation_id, GivenNames(row.changed)) if row.changed else 0
    row.mark_applied(everyday=find_everyday_words(row.names))
    return count


def _read_again(organisation_id: int, changed: GivenNames) -> int:
    own = Response.objects.filter(organisation=organisation_id, reading_turn=None)
    count = 0
    for rows in own.iterate_comments(at_once=AT_ONCE):
        keys = [key for key, comment in rows if changed.may_stand_in(comment)]
        count += Response.objects.filter(pk__in=keys).read_again()
    return count


def _tidy(line: str) -> str:
    """The line as it is kept: one space between words, nothing that cannot be seen."""
    plain = " ".join(unicodedata.normalize("NFC", line).split())
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] != "C")


def _check(member: Member) -> None:
    if not member.is_organisation_admin:
        raise NotAnAdmin(gettext("Only the organisation's admins come in here. Ask one of them."))
