"""Correcting how a comment was read: it says so at once, and what is read later learns from it."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext

from kokemus.share.comments import SeenComment
from kokemus.share.filters import NotInSight
from kokemus.store.models import Member, SentimentCorrection, Theme, ThemeExample
from kokemus.store.models.comments import Feeling


class MayNotCorrect(PermissionError):
    """Comments are corrected by those who work in the unit."""


class NoSuchCorrection(ValueError):
    """The form named a theme or a sentiment that there is not."""


def correct_sentiment(
    seen: SeenComment, label: str, *, by: Member, now: dt.datetime
) -> SentimentCorrection:
    """Say how a comment feels.

    Raises
    ------
    MayNotCorrect, NoSuchCorrection
    """
    _check(seen)
    if label not in Feeling.values:
        raise NoSuchCorrection(label)
    return SentimentCorrection.objects.teach(seen.reading.response, label=label, by=by, at=now)


def correct_theme(
    seen: SeenComment, theme: str, *, is_positive: bool, by: Member, now: dt.datetime
) -> ThemeExample:
    """Say that a comment is about a theme, or that it is not.

    Raises
    ------
    MayNotCorrect, NoSuchCorrection
    """
    _check(seen)
    known = Theme.objects.visible_to(by).in_use()
    found = known.filter(pk=theme).first() if theme.isdecimal() else None
    if found is None:
        raise NoSuchCorrection(theme)
    return ThemeExample.objects.teach(
        found, response=seen.reading.response, is_positive=is_positive, by=by, at=now
    )


def take_back_sentiment(key: int, *, by: Member, now: dt.datetime) -> None:
    """Undo; the comment is read anew.

    Raises
    ------
    NotInSight, MayNotCorrect
    """
    found = SentimentCorrection.objects.visible_to(by).filter(pk=key)
    correction = found.select_related("response__unit").first()
    if correction is None:
        raise NotInSight(str(key))
    _check_unit(by, correction)
    correction.take_back()


def take_back_theme(key: int, *, by: Member, now: dt.datetime) -> None:
    """Undo; the comment is read anew.

    Raises
    ------
    NotInSight, MayNotCorrect
    """
    found = ThemeExample.objects.visible_to(by).filter(pk=key)
    example = found.select_related("response__unit").first()
    if example is None:
        raise NotInSight(str(key))
    _check_unit(by, example)
    example.take_back(at=now)


def _check(seen: SeenComment) -> None:
    if not seen.may_correct:
        raise MayNotCorrect(_words())


def _check_unit(member: Member, taught: SentimentCorrection | ThemeExample) -> None:
    if not member.has_role("agent", unit=taught.response.unit):
        raise MayNotCorrect(_words())


def _words() -> str:
    return gettext("Comments are corrected by those who work in the unit.")
