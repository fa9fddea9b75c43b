"""The organisation's book of themes: begun by examples, renamed, merged, split, taken out of use.

What comments are read by changes with it; they are read anew in the background.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext, override

from kokemus.comments.personal.given_names import ready_names
from kokemus.comments.themes.patterns import NotAPattern, parse_pattern
from kokemus.share.comments import (
    CommentSearch,
    SeenComment,
    list_comments,
    see_comment,
)
from kokemus.share.filters import Filters
from kokemus.store.models import (
    CommentReading,
    HiddenNames,
    Member,
    Theme,
    ThemeEvent,
    ThemeExample,
)
from kokemus.store.models.organisation import LANGUAGES
from kokemus.store.models.themes import ImpossibleMerge

CODE_LENGTH_MAX = 40
NAME_LENGTH_MAX = 60
EXAMPLES_MIN = 3


class MayNotChange(PermissionDenied):
    """The book is the whole organisation's: leads and admins at the root of its tree keep it."""


class WrongTheme(ValueError):
    """What was asked for cannot be done; the message says why, in the reader's words."""


@dataclass(frozen=True)
class Quality:
    """How well a theme is found, on comments it was not taught by."""

    examples: int
    precision: float | None
    low: float | None
    high: float | None


def may_change(member: Member) -> bool:
    return any(path.count("/") == 1 for path in member.paths_with("lead"))


def begin_theme(member: Member, *, name: str, examples: Sequence[str], now: dt.datetime) -> Theme:
    """Begin a theme by comments that are about it.

    Raises
    ------
    MayNotChange, WrongTheme
    """
    _check(member)
    responses = _find_examples(member, examples)
    if len(responses) < EXAMPLES_MIN:
        words = gettext("Pick at least %(least)s comments that are about it.")
        raise WrongTheme(words % {"least": EXAMPLES_MIN})
    with transaction.atomic():
        theme = Theme.objects.begin(
            member.organisation,
            code=_free_code(member, _checked_name(member, name)),
            names={member.language: name.strip()},
            by=member,
            at=now,
        )
        for reading in responses:
            ThemeExample.objects.teach(
                theme, response=reading.response, is_positive=True, by=member, at=now
            )
    return theme


def rename_theme(
    member: Member, theme: Theme, *, names: Mapping[str, str], now: dt.datetime
) -> ThemeEvent:
    """Call a theme otherwise; a language without a name uses another's.

    Raises
    ------
    MayNotChange, WrongTheme
    """
    _check(member)
    kept = {code: names[code].strip() for code, _name in LANGUAGES if names.get(code, "").strip()}
    for name in kept.values():
        _check_length(name)
        _check_hidden_names(member, name)
    if not kept and not theme.is_starting:
        raise WrongTheme(gettext("Give the theme a name in one language at least."))
    return theme.rename(kept, by=member, at=now)


def merge_theme(member: Member, theme: Theme, *, into: str, now: dt.datetime) -> Theme:
    """Let another theme have its comments; return the other.

    Raises
    ------
    MayNotChange, WrongTheme
    """
    _check(member)
    other = Theme.objects.visible_to(member).in_use().filter(code=into).first()
    if other is None:
        raise WrongTheme(gettext("Choose the theme to merge it into."))
    try:
        theme.merge_into(other, by=member, at=now)
    except ImpossibleMerge as impossible:
        raise WrongTheme(gettext("A theme cannot be merged into itself.")) from impossible
    return other


def split_theme(member: Member, theme: Theme, *, name: str, words: str, now: dt.datetime) -> Theme:
    """Part off a theme of its own by the words it is found by; the rest stays under a second one.

    Raises
    ------
    MayNotChange, WrongTheme
    """
    _check(member)
    _check_hidden_names(member, words)
    patterns = _checked_patterns(words)
    name = _checked_name(member, name)
    with transaction.atomic():
        part = Theme.objects.begin(
            member.organisation,
            code=_free_code(member, name),
            names={member.language: name},
            by=member,
            at=now,
            rules={"": patterns},
            made_from={"split_from": theme.code},
        )
        rest = Theme.objects.begin(
            member.organisation,
            code=_free_code(member, theme.code),
            names=_names_of(theme),
            by=member,
            at=now,
            made_from={"split_from": theme.code},
        )
        theme.split([part, rest], by=member, at=now, rest=rest)
    return part


def retire_theme(member: Member, theme: Theme, *, now: dt.datetime) -> None:
    """Find it no more.

    Raises
    ------
    MayNotChange
    """
    _check(member)
    theme.retire(by=member, at=now)


def restore_theme(member: Member, theme: Theme, *, now: dt.datetime) -> None:
    """Undo retiring, merging or splitting.

    Raises
    ------
    MayNotChange
    """
    _check(member)
    theme.restore(by=member, at=now)


def undo_rename(member: Member, theme: Theme, *, now: dt.datetime) -> None:
    """Give back the names before the last renaming.

    Raises
    ------
    MayNotChange, WrongTheme
    """
    _check(member)
    last = theme.events.filter(kind="renamed").last()
    if last is None:
        raise WrongTheme(gettext("It has not been renamed."))
    theme.rename(last.data["before"], by=member, at=now)


def find_candidates(
    member: Member, filters: Filters, words: str, *, first: Sequence[str] = ()
) -> list[SeenComment]:
    """Comments to pick examples from; those offered stand first."""
    offered = [see_comment(member, reading) for reading in _find_examples(member, first)]
    keys = {seen.reading.pk for seen in offered}
    found = list_comments(member, filters, CommentSearch(words=words)).rows
    return [*offered, *(seen for seen in found if seen.reading.pk not in keys)]


def texts_of(member: Member, keys: Sequence[str]) -> dict[str, str]:
    """Redacted comments by key, of those that the member may see."""
    return {str(reading.pk): reading.redacted for reading in _find_examples(member, keys)}


def quality_of(theme: Theme) -> Quality | None:
    """The precision that was measured when it was learnt; None where nothing was."""
    precision = theme.quality.get("precision") or {}
    if not theme.quality:
        return None
    return Quality(
        theme.examples.count(),
        precision.get("estimate"),
        precision.get("low"),
        precision.get("high"),
    )


def _check(member: Member) -> None:
    if not may_change(member):
        raise MayNotChange(gettext("Themes are kept by the leads and admins of the organisation."))


def _checked_name(member: Member, name: str) -> str:
    name = name.strip()
    if not name:
        raise WrongTheme(gettext("Give the theme a name."))
    _check_length(name)
    _check_hidden_names(member, name)
    taken = {theme.name.casefold() for theme in Theme.objects.visible_to(member).in_use()}
    if name.casefold() in taken:
        raise WrongTheme(gettext("There is a theme of this name already."))
    return name


def _check_length(name: str) -> None:
    if len(name) > NAME_LENGTH_MAX:
        words = gettext("A name has at most %(most)s characters.")
        raise WrongTheme(words % {"most": NAME_LENGTH_MAX})


def _check_hidden_names(member: Member, words: str) -> None:
    """A theme is no way round the list of names: none is called so, or found by such a word."""
    if ready_names(HiddenNames.objects.list_of(member.organisation_id)).find_parts(words):
        told = gettext("“%(words)s” has a name that your organisation hides in comments.")
        raise WrongTheme(told % {"words": words})


def _free_code(member: Member, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: CODE_LENGTH_MAX - 4] or "theme"
    taken = set(Theme.objects.visible_to(member).values_list("code", flat=True))
    codes = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(code for code in codes if code not in taken)


def _find_examples(member: Member, keys: Sequence[str]) -> list[CommentReading]:
    known = []
    for key in keys:
        try:
            known.append(uuid.UUID(key))
        except ValueError:
            continue
    rows = CommentReading.objects.visible_to(member).filter(pk__in=known)
    return list(rows.with_story())


def _names_of(theme: Theme) -> dict[str, str]:
    """Its own names; a starting theme's translations, which its heir does not inherit."""
    names = dict(theme.names)
    for code, _name in LANGUAGES:
        with override(code):
            names.setdefault(code, theme.name)
    return names


def _checked_patterns(words: str) -> list[str]:
    patterns = [word.strip().lower() for word in words.split(",") if word.strip()]
    if not patterns:
        raise WrongTheme(gettext("Give the words that the new theme is found by."))
    for pattern in patterns:
        try:
            parse_pattern(pattern)
        except NotAPattern as wrong:
            told = gettext("“%(words)s” cannot be looked for.") % {"words": pattern}
            raise WrongTheme(told) from wrong
    return patterns
