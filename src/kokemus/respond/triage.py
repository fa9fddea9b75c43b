"""From answers to cases: what failed a customer is in a human's queue within a second."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Sequence

from django.db import transaction

from kokemus.respond.alerts import Alerts
from kokemus.respond.matching import RuleBook
from kokemus.store.models import Case, Opening, Response, TriageRule

LOG = logging.getLogger(__name__)
LIMIT = 2_000
GROUP = 10  # cases whose alerts are written in one transaction; others wait for its end
CALM_GROUP = 200


def triage_responses(*, now: dt.datetime, limit: int = LIMIT) -> int:
    """Look at answers that nobody has looked at by rule; return how many were looked at.

    Opens the cases, puts the alerts in the outbox and marks the answers, a group in one
    transaction: a crash leaves a group untouched, and doing it again changes nothing more.
    Most answers meet no rule: they are read without a lock and marked many at a time.
    """
    waiting = Response.objects.untriaged().select_for_rules(limit=limit)
    if not waiting:
        return 0
    rules = RuleBook(TriageRule.objects.of({answer.organisation_id for answer in waiting}))
    cases = Case.objects.responses_among([answer.pk for answer in waiting])
    calm = {
        answer.pk: answer.changed_at
        for answer in waiting
        if answer.pk not in cases and not rules.meets_any(answer, unit_path=answer.unit_path)
    }
    failed = [answer.pk for answer in waiting if answer.pk not in calm]
    count = sum(_triage_group(group, rules=rules, now=now) for group in _split(failed, GROUP))
    for group in _split(list(calm), CALM_GROUP):
        seen = {key: calm[key] for key in group}
        count += Response.objects.mark_triaged_if_unchanged(seen, at=now)
    return count


def _split(keys: Sequence[uuid.UUID], size: int) -> list[Sequence[uuid.UUID]]:
    return [keys[start : start + size] for start in range(0, len(keys), size)]


def _triage_group(keys: Sequence[uuid.UUID], *, rules: RuleBook, now: dt.datetime) -> int:
    """Triage these in one transaction; where one of them fails, each in its own."""
    try:
        return _triage(keys, rules=rules, now=now)
    except Exception:
        if len(keys) == 1:
            LOG.exception("An answer could not be triaged", extra={"event": "triage_failed"})
            return 0
    return sum(_triage_group([key], rules=rules, now=now) for key in keys)


@transaction.atomic
def _triage(keys: Sequence[uuid.UUID], *, rules: RuleBook, now: dt.datetime) -> int:
    # The rows are locked, so an amendment waits and is untriaged again when it lands.
    locked = Response.objects.untriaged().filter(pk__in=keys).select_for_update(of=("self",))
    responses = list(locked.select_related("unit", "touchpoint", "organisation"))
    cases = Case.objects.of_responses(responses)
    alerts = Alerts(now=now)
    openings = [
        opening
        for response in responses
        if response.pk not in cases and (opening := _find_opening(response, rules=rules, now=now))
    ]
    for opened in Case.objects.open_all(openings, at=now):
        alerts.add_opened(opened, response=opened.response)
    for response in responses:
        if case := cases.get(response.pk):
            _note_amendment(case, response=response, alerts=alerts, now=now)
    alerts.enqueue()
    return Response.objects.filter(pk__in=[r.pk for r in responses]).mark_triaged(at=now)


def _find_opening(response: Response, *, rules: RuleBook, now: dt.datetime) -> Opening | None:
    reply_hours = response.organisation.reply_hours
    rule = rules.first_match(response, reply_hours=reply_hours)
    if rule is None:
        return None
    due_at = now + dt.timedelta(hours=rule.reply_hours or reply_hours)
    return Opening(response, response.unit, rule.name, due_at)


def _note_amendment(case: Case, *, response: Response, alerts: Alerts, now: dt.datetime) -> None:
    """The customer came back to the same answer: a comment after the tap, or another score."""
    before = case.last_answer
    answer = {"score": response.score, "comment": response.comment}
    if answer != {"score": before.get("score"), "comment": before.get("comment")}:
        case.note_answer_changed(at=now, text=response.comment, score=response.score)
    alerts.add_amended(case, response=response)
