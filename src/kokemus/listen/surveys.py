"""Designing a survey: draft, texts, publish, close."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Max, Q

from kokemus.listen.survey_templates import TEXT_KEYS, Texts, missing_texts, starting_texts
from kokemus.store.models import Member, Survey, Touchpoint, Unit, Version


class IncompleteTexts(ValueError):
    """A survey cannot be published while texts are missing: `missing` has (language, key)."""

    def __init__(self, missing: list[tuple[str, str]]) -> None:
        super().__init__(f"Texts are missing: {', '.join(f'{a}.{b}' for a, b in missing)}.")
        self.missing = missing


def list_surveys(member: Member) -> list[Survey]:
    """Surveys within reach, each with `answers`, `last_answer` and `last_version`."""
    rows = Survey.objects.visible_to(member).select_related("touchpoint__unit")
    own = Q(responses__unit__in=Unit.objects.visible_to(member))
    return list(
        rows.annotate(
            answers=Count("responses", filter=own, distinct=True),
            last_answer=Max("responses__answered_at", filter=own),
            last_version=Max("versions__number"),
        )
    )


def draft_survey(touchpoint: Touchpoint, *, name: str, scale: str) -> Survey:
    """Start a survey from the template of its scale."""
    return Survey.objects.draft(touchpoint, name=name, scale=scale, texts=starting_texts(scale))


def rewrite_survey(survey: Survey, *, name: str, texts: dict[str, Texts]) -> None:
    """Keep the draft's words. What is published does not change."""
    kept = {
        language: {key: own.get(key, "").strip() for key in TEXT_KEYS}
        for language, own in texts.items()
    }
    survey.rewrite(name=name, texts=kept)


def publish_survey(survey: Survey, *, by: Member, at: dt.datetime) -> Version:
    """Freeze the draft as the version that the public link shows from now on.

    Raises
    ------
    IncompleteTexts
        If a language that is used lacks a text.
    """
    if missing := missing_texts(survey.texts):
        raise IncompleteTexts(missing)
    return survey.publish(by=by, at=at)


def has_unpublished_changes(survey: Survey) -> bool:
    current = survey.current
    return current is None or current.texts != survey.texts
