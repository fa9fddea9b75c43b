"""Triage rules in plain words, and what a rule would have done lately."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, ngettext

from kokemus.respond.matching import compile_words, has_words
from kokemus.store.models import (
    CommentReading,
    Member,
    ReadTheme,
    Response,
    Survey,
    Theme,
    Touchpoint,
    TriageRule,
    Unit,
)
from kokemus.store.scales import SCALES

PREVIEW_DAYS = 30
COMMENTS_MAX = 20_000


class NotYourRule(PermissionError):
    """Rules of a unit are laid down by its leads and admins."""


@dataclass(frozen=True)
class Wanted:
    """What a rule is to say."""

    unit: Unit
    name: str
    scale: str
    score_at_most: int | None
    words: list[str]
    touchpoint: Touchpoint | None
    reply_hours: int | None
    theme: Theme | None = None
    sentiment: str = ""


@dataclass(frozen=True)
class Preview:
    """How many of the answers of the last days would have opened a case.

    `is_at_least`: there were more comments than were read for it.
    """

    opened: int
    answers: int
    is_at_least: bool


@transaction.atomic
def lay_down_rule(member: Member, wanted: Wanted) -> TriageRule:
    _check(member, unit=wanted.unit)
    return TriageRule.objects.lay_down(wanted.unit, **_values(wanted))


@transaction.atomic
def change_rule(member: Member, rule: TriageRule, wanted: Wanted) -> TriageRule:
    _check(member, unit=rule.unit)
    _check(member, unit=wanted.unit)
    rule.change(unit=wanted.unit, **_values(wanted))
    return rule


def pause_rule(member: Member, rule: TriageRule) -> None:
    _check(member, unit=rule.unit)
    rule.change(is_active=False)


def resume_rule(member: Member, rule: TriageRule) -> None:
    _check(member, unit=rule.unit)
    rule.change(is_active=True)


def remove_rule(member: Member, rule: TriageRule) -> dict[str, Any]:
    """Delete the rule; return what `restore_rule` needs to bring it back."""
    _check(member, unit=rule.unit)
    kept = {"unit": rule.unit_id, "touchpoint": rule.touchpoint_id, "name": rule.name}
    kept |= {"scale": rule.scale, "score_at_most": rule.score_at_most, "words": rule.words}
    kept |= {"reply_hours": rule.reply_hours, "is_active": rule.is_active}
    kept |= {"theme": rule.theme_id, "sentiment": rule.sentiment}
    rule.remove()
    return kept


@transaction.atomic
def restore_rule(member: Member, kept: dict[str, Any]) -> TriageRule:
    """Bring back what was removed."""
    units, touchpoints = Unit.objects.visible_to(member), Touchpoint.objects.visible_to(member)
    values = dict(kept)
    unit = units.get(pk=values.pop("unit"))
    touchpoint = touchpoints.filter(pk=values.pop("touchpoint")).first()
    theme = Theme.objects.visible_to(member).filter(pk=values.pop("theme", None)).first()
    is_active = values.pop("is_active")
    _check(member, unit=unit)
    rule = TriageRule.objects.lay_down(unit, touchpoint=touchpoint, theme=theme, **values)
    if not is_active:
        rule.change(is_active=False)
    return rule


def preview_rule(wanted: Wanted, *, now: dt.datetime) -> Preview:
    """What the rule would have done with the last days' answers in its unit and below."""
    units = list(Unit.objects.below(wanted.unit).values_list("pk", flat=True))
    since = now - dt.timedelta(days=PREVIEW_DAYS)
    answers = Response.objects.filter(unit__in=units, answered_at__gte=since)
    if wanted.touchpoint:
        answers = answers.filter(touchpoint=wanted.touchpoint)
    is_met = _is_low(wanted) | _is_read_as(wanted)
    low = answers.filter(is_met).count()
    words = compile_words(wanted.words)
    if words is None:
        return Preview(low, answers.count(), is_at_least=False)
    rest = answers.commented().exclude(pk__in=answers.filter(is_met).values("pk"))
    comments = list(rest.values_list("comment", flat=True)[: COMMENTS_MAX + 1])
    found = sum(has_words(comment, words) for comment in comments[:COMMENTS_MAX])
    return Preview(low + found, answers.count(), is_at_least=len(comments) > COMMENTS_MAX)


def _is_low(wanted: Wanted) -> Q:
    if wanted.score_at_most is None:
        return Q(pk__in=[])
    return Q(scale=wanted.scale, score__lte=wanted.score_at_most)


def _is_read_as(wanted: Wanted) -> Q:
    """The same as `matching.is_met_by_reading`, asked of the database."""
    if wanted.theme:
        about = ReadTheme.objects.filter(theme=wanted.theme)
        if wanted.sentiment:
            about = about.filter(label=wanted.sentiment)
        return Q(pk__in=about.values("reading"))
    if wanted.sentiment:
        felt = CommentReading.objects.filter(label=wanted.sentiment, is_unsure=False)
        return Q(pk__in=felt.values("pk"))
    return Q(pk__in=[])


def describe_condition(rule: TriageRule | Wanted) -> str:
    """ "NPS 0–6", "the comment has ”rikki”", "a negative comment on Waiting", or several."""
    parts = []
    if rule.score_at_most is not None:
        parts.append(_describe_score(rule.scale, at_most=rule.score_at_most))
    if rule.words:
        words = ", ".join(f"”{word}”" for word in rule.words)
        parts.append(gettext("the comment has %(words)s") % {"words": words})
    if rule.theme or rule.sentiment:
        parts.append(_describe_reading(rule))
    return gettext(" or ").join(parts)


def describe_consequence(rule: TriageRule | Wanted, *, reply_hours: int) -> str:
    """ "a case to the team, reply within 24 hours"."""
    hours = rule.reply_hours or reply_hours
    return ngettext(
        "a case for the unit that met the customer, reply within %(hours)s hour",
        "a case for the unit that met the customer, reply within %(hours)s hours",
        hours,
    ) % {"hours": hours}


def _describe_score(code: str, *, at_most: int) -> str:
    label, low = Survey.ScaleCode(code).label, SCALES[code].low
    if code == "thumbs":
        return gettext("Thumb down")
    score = f"{low}–{at_most}" if at_most > low else str(low)
    return f"{label}: {score}"


def _describe_reading(rule: TriageRule | Wanted) -> str:
    if not rule.theme:
        return {
            "negative": gettext("a negative comment"),
            "positive": gettext("a positive comment"),
        }[rule.sentiment]
    words = {
        "": gettext("a comment on the theme %(theme)s"),
        "negative": gettext("a negative comment on the theme %(theme)s"),
        "positive": gettext("a positive comment on the theme %(theme)s"),
    }
    return words[rule.sentiment] % {"theme": f"”{rule.theme.name}”"}


def _check(member: Member, *, unit: Unit) -> None:
    if not member.has_role("lead", unit=unit):
        words = gettext("Rules of %(unit)s are laid down by its leads and admins.")
        raise NotYourRule(words % {"unit": unit.name})


def _values(wanted: Wanted) -> dict[str, Any]:
    return {
        "name": wanted.name,
        "scale": wanted.scale if wanted.score_at_most is not None else "",
        "score_at_most": wanted.score_at_most,
        "words": wanted.words,
        "touchpoint": wanted.touchpoint,
        "reply_hours": wanted.reply_hours,
        "theme": wanted.theme,
        "sentiment": wanted.sentiment,
    }
