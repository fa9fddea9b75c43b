"""Designing a survey: draft, texts, publish, close."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import chain, count

from django.db import transaction
from django.db.models import Count, Max
from django.utils.text import slugify

from kokemus.listen.survey_templates import TEXT_KEYS, Texts, missing_texts, starting_texts
from kokemus.store.models import (
    HiddenNames,
    Journey,
    Member,
    Organisation,
    Response,
    Survey,
    Touchpoint,
    Unit,
    Version,
)
from kokemus.store.published import Published


class IncompleteTexts(ValueError):
    """A survey cannot be published while texts are missing: `missing` has (language, key)."""

    def __init__(self, missing: list[tuple[str, str]]) -> None:
        super().__init__(f"Texts are missing: {', '.join(f'{a}.{b}' for a, b in missing)}.")
        self.missing = missing


def list_surveys(member: Member) -> list[Survey]:
    """Surveys within reach, each with `answers`, `last_answer` and `last_version`."""
    rows = Survey.objects.visible_to(member).select_related("touchpoint__unit")
    surveys = list(rows.annotate(last_version=Max("versions__number")))
    units = list(Unit.objects.visible_to(member).values_list("pk", flat=True))
    # By itself: joined with the versions, each answer would be counted once for each of them.
    heard = Response.objects.filter(survey__in=surveys, unit__in=units).values("survey").order_by()
    counted = heard.annotate(answers=Count("pk"), last_answer=Max("answered_at"))
    by_survey = {row["survey"]: (row["answers"], row["last_answer"]) for row in counted}
    for survey in surveys:
        answers, last_answer = by_survey.get(survey.pk, (0, None))
        vars(survey).update(answers=answers, last_answer=last_answer)
    return surveys


def draft_survey(touchpoint: Touchpoint, *, name: str, scale: str) -> Survey:
    """Start a survey from the template of its scale."""
    return Survey.objects.draft(touchpoint, name=name, scale=scale, texts=starting_texts(scale))


def rewrite_survey(
    survey: Survey, *, name: str, texts: dict[str, Texts], hides_personal_data: bool | None = None
) -> None:
    """Keep the draft's words. What is published does not change."""
    kept = {
        language: {key: own.get(key, "").strip() for key in TEXT_KEYS}
        for language, own in texts.items()
    }
    survey.rewrite(name=name, texts=kept, hides_personal_data=hides_personal_data)


def publish_survey(survey: Survey, *, by: Member, at: dt.datetime) -> Version:
    """Freeze the draft as the version that the public link shows from now on.

    Published again without a change, as by a second click, it stays the version that it is.

    Raises
    ------
    IncompleteTexts
        If a language that is used lacks a text.
    """
    if missing := missing_texts(survey.texts):
        raise IncompleteTexts(missing)
    current = survey.current
    if current is not None and not has_unpublished_changes(survey):
        return current
    return survey.publish(by=by, at=at)


def has_unpublished_changes(survey: Survey) -> bool:
    current = survey.current
    if current is None or current.texts != survey.texts:
        return True
    return current.hides_personal_data != survey.hides_personal_data


@transaction.atomic
def survey_for_import(
    organisation: Organisation, *, name: str, scale: str, now: dt.datetime
) -> Survey:
    """The survey of this name, or a new, published one at a touchpoint of its own."""
    if found := Survey.objects.filter(organisation=organisation, name=name).first():
        return found
    journey = organisation.journeys.first()
    if journey is None:
        journey = Journey.objects.draw(organisation, name=name, stages=[name])
    stage = journey.stages.first() or journey.add_stage(name)
    code = slugify(name)[:50] or "imported"
    taken = set(organisation.touchpoints.values_list("code", flat=True))
    numbered = (f"{code}-{number}" for number in count(2))
    free = next(one for one in chain([code], numbered) if one not in taken)
    touchpoint = Touchpoint.objects.place(
        stage, unit=organisation.root, name=name, mode="physical", code=free
    )
    survey = draft_survey(touchpoint, name=name, scale=scale)
    survey.publish(by=None, at=now)
    return survey


class NotPublished(ValueError):
    """Answers belong to a published version, and the survey has none."""


def as_published(survey: Survey) -> Published:
    """The survey as its link shows it now; raise `NotPublished` when it has no version."""
    version = survey.current
    if version is None:
        raise NotPublished(f"'{survey.name}' has not been published.")
    published = _describe(survey, texts=version.texts, version_id=version.pk)
    if not version.hides_personal_data:
        return published
    names = HiddenNames.objects.names_to_hide(survey.organisation_id)
    return replace(published, hides_personal_data=True, names=names)


def as_drafted(survey: Survey) -> Published:
    """The survey as its link would show it if it were published now."""
    return _describe(survey, texts=survey.texts, version_id=0)


def _describe(survey: Survey, *, texts: dict[str, Texts], version_id: int) -> Published:
    organisation = survey.organisation
    return Published(
        link=survey.link,
        survey_id=survey.pk,
        version_id=version_id,
        scale=survey.scale,
        texts=texts,
        is_open=survey.is_open,
        touchpoint_id=survey.touchpoint_id,
        unit_id=survey.touchpoint.unit_id,
        organisation_id=organisation.pk,
        organisation_name=organisation.name,
        colour=organisation.colour,
        language=organisation.language,
        time_zone=organisation.time_zone,
    )
