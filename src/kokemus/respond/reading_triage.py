"""From readings to cases: what a comment says opens a case, a moment after the answer came."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction

from kokemus.respond.alerts import Alerts
from kokemus.respond.matching import ReadComment, RuleBook
from kokemus.store.models import Case, CommentReading, Opening, ReadTheme, Response, TriageRule
from kokemus.store.models.comments import ReadingFacts

LOG = logging.getLogger(__name__)
LIMIT = 2_000
GROUP = 10
CALM_GROUP = 500


def triage_readings(*, now: dt.datetime, limit: int = LIMIT) -> int:
    """Look at comments that have been read since; return how many were looked at.

    An answer that has a case already gets no second one. Scores and words were looked at before
    this: what was read is only looked at when they have been.
    """
    waiting = CommentReading.objects.untriaged().select_for_rules(limit=limit)
    if not waiting:
        return 0
    met = _find_met(waiting)
    calm = {facts.pk: facts.read_at for facts in waiting if facts.pk not in met}
    failed = {facts.pk: facts.read_at for facts in waiting if facts.pk in met}
    count = sum(_open_group(group, rules=met, now=now) for group in _split(failed, GROUP))
    for group in _split(calm, CALM_GROUP):
        count += CommentReading.objects.mark_triaged_if_unchanged(group, at=now)
    return count


def _find_met(waiting: Sequence[ReadingFacts]) -> dict[uuid.UUID, TriageRule]:
    """The rule that each comment meets, of those that meet one and have no case."""
    organisations = {facts.organisation_id for facts in waiting}
    rules = list(TriageRule.objects.of(organisations).on_readings().select_related("organisation"))
    if not rules:
        return {}
    book, keys = RuleBook(rules), [facts.pk for facts in waiting]
    hours = {rule.organisation_id: rule.organisation.reply_hours for rule in rules}
    themes = ReadTheme.objects.labels_of(keys)
    cases = Case.objects.responses_among(keys)
    met = {}
    for facts in waiting:
        if facts.pk in cases or facts.organisation_id not in hours:
            continue
        read = _as_read(facts, themes=themes.get(facts.pk, {}))
        reply_hours = hours[facts.organisation_id]
        if rule := book.first_match_of_reading(read, reply_hours=reply_hours):
            met[facts.pk] = rule
    return met


def _as_read(facts: ReadingFacts, *, themes: Mapping[int, str]) -> ReadComment:
    return ReadComment(
        organisation_id=facts.organisation_id,
        touchpoint_id=facts.touchpoint_id,
        unit_path=facts.unit_path,
        label=facts.label,
        is_unsure=facts.is_unsure,
        themes=themes,
    )


def _split(seen: Mapping[uuid.UUID, dt.datetime], size: int) -> list[dict[uuid.UUID, dt.datetime]]:
    pairs = list(seen.items())
    return [dict(pairs[start : start + size]) for start in range(0, len(pairs), size)]


def _open_group(
    seen: Mapping[uuid.UUID, dt.datetime],
    *,
    rules: Mapping[uuid.UUID, TriageRule],
    now: dt.datetime,
) -> int:
    """Open the cases of these in one transaction; where one of them fails, each in its own."""
    try:
        return _open_cases(seen, rules=rules, now=now)
    except Exception:
        if len(seen) == 1:
            LOG.exception("A comment could not be triaged", extra={"event": "triage_failed"})
            return 0
    return sum(_open_group({key: at}, rules=rules, now=now) for key, at in seen.items())


@transaction.atomic
def _open_cases(
    seen: Mapping[uuid.UUID, dt.datetime],
    *,
    rules: Mapping[uuid.UUID, TriageRule],
    now: dt.datetime,
) -> int:
    # The answers are locked first, as capture and the reading of comments do it.
    answers = Response.objects.filter(pk__in=list(seen)).select_for_update(of=("self",))
    responses = list(answers.select_related("unit", "touchpoint", "organisation"))
    keys = set(CommentReading.objects.lock_untriaged(seen))
    wanted = keys - Case.objects.responses_among(list(keys))
    openings = [
        _opening(response, rule=rules[response.pk], now=now)
        for response in responses
        if response.pk in wanted
    ]
    alerts = Alerts(now=now)
    for case in Case.objects.open_all(openings, at=now):
        alerts.add_opened(case, response=case.response)
    alerts.enqueue()
    return CommentReading.objects.filter(pk__in=keys).mark_triaged(at=now)


def _opening(response: Response, *, rule: TriageRule, now: dt.datetime) -> Opening:
    hours = rule.reply_hours or response.organisation.reply_hours
    return Opening(response, response.unit, rule.name, now + dt.timedelta(hours=hours))
