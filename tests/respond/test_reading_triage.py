"""What a comment was read as opens a case: once, where the rule holds, and for nobody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.readings import read, theme
from tests.world import NOW, World

from kokemus.respond.jobs import triage_new_responses
from kokemus.respond.reading_triage import triage_readings
from kokemus.store.models import Case, CommentReading, Delivery, Response, TriageRule

HOUR = dt.timedelta(hours=1)


def lay_down(world: World, **values: Any) -> TriageRule:
    unit = values.pop("unit", world.service)
    code = values.pop("code", "waiting")
    theme_of_rule = theme(world, code) if code else None
    return TriageRule.objects.lay_down(unit, name="Queues", theme=theme_of_rule, **values)


def answer(world: World, *codes: str, **values: Any) -> Response:
    """An answer that no score rule minds, read as being on these themes."""
    response = world.respond(10, comment="Jono oli pitkä", triaged_at=NOW)
    read(response, *(theme(world, code) for code in codes), **values)
    return response


def test_a_comment_on_the_theme_opens_a_case_with_its_alert(world: World) -> None:
    lay_down(world, reply_hours=2)
    response = answer(world, "waiting")
    answer(world, "staff")
    assert triage_readings(now=NOW) == 2
    case = Case.objects.get()
    assert (case.response, case.reason, case.due_at) == (response, "Queues", NOW + 2 * HOUR)
    assert Delivery.objects.count() == 2
    assert triage_readings(now=NOW) == 0


@pytest.mark.parametrize(
    ("rule", "comment", "opens"),
    [
        ({"sentiment": "negative"}, {}, True),
        ({"sentiment": "positive"}, {}, False),
        ({"sentiment": "negative"}, {"label": "positive"}, False),
        ({"code": "", "sentiment": "negative"}, {}, True),
        ({"code": "", "sentiment": "negative"}, {"is_unsure": True}, False),
        ({"code": "", "sentiment": "negative"}, {"label": "neutral"}, False),
        ({"code": "staff"}, {}, False),
    ],
)
def test_a_rule_asks_for_theme_sentiment_or_both(
    world: World, rule: dict[str, Any], comment: dict[str, Any], opens: bool
) -> None:
    lay_down(world, **rule)
    answer(world, "waiting", **comment)
    triage_readings(now=NOW)
    assert Case.objects.exists() == opens


def test_a_rule_holds_in_its_unit_and_at_its_touchpoint_only(
    world: World, other_world: World
) -> None:
    lay_down(world, unit=world.billing)
    lay_down(other_world, unit=other_world.root)
    answer(world, "waiting")
    triage_readings(now=NOW)
    assert not Case.objects.exists()


def test_an_answer_with_a_case_gets_no_second_one_and_no_second_alert(world: World) -> None:
    lay_down(world)
    response = world.respond(1, comment="Jono oli pitkä", completed_at=NOW)
    read(response, theme(world))
    assert triage_readings(now=NOW) == 0, "scores go first"
    assert triage_new_responses(now=NOW) == 2
    assert Case.objects.get().reason.startswith("A low score")
    assert Delivery.objects.count() == 2
    assert not CommentReading.objects.filter(triaged_at=None).exists()


def test_a_comment_of_the_past_opens_nothing(world: World) -> None:
    lay_down(world)
    response = world.respond(10, comment="Jono", triaged_at=NOW, reading_turn=Response.Turn.PAST)
    read(response, theme(world))
    assert triage_readings(now=NOW) == 0
    assert not Case.objects.exists()


def test_of_several_rules_the_soonest_is_the_reason(world: World) -> None:
    lay_down(world)
    soon = TriageRule.objects.lay_down(world.root, name="Soon", theme=theme(world), reply_hours=1)
    answer(world, "waiting")
    triage_readings(now=NOW)
    assert Case.objects.get().reason == soon.name


def test_many_calm_comments_cost_as_many_queries_as_one(world: World) -> None:
    lay_down(world, code="digital")
    counts = []
    for size in (1, 30):
        for _ in range(size):
            answer(world, "waiting")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert triage_readings(now=NOW) == size
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_without_readings_the_round_asks_once(world: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        triage_readings(now=NOW)
    assert len(queries) == 1
