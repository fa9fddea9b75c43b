"""A failure is in a human's queue, once, with its alert in the outbox."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.world import NOW, World

from kokemus.respond.alerts import delivery_key
from kokemus.respond.case_story import tell_case
from kokemus.respond.triage import triage_responses
from kokemus.store.models import (
    Case,
    CaseEvent,
    Delivery,
    Member,
    Response,
    Role,
    TriageRule,
    Unit,
)

HOUR = dt.timedelta(hours=1)


def amend(response: Response, **values: Any) -> None:
    """As the writer does it: the row changes and is to be triaged again."""
    Response.objects.filter(pk=response.pk).update(triaged_at=None, **values)


def test_a_failure_opens_a_case_with_a_clock(world: World) -> None:
    response = world.respond(2, comment="The machine leaks.")
    assert triage_responses(now=NOW) == 1
    case = Case.objects.get()
    assert (case.response, case.unit, case.number) == (response, world.service, 1)
    assert case.due_at == NOW + 24 * HOUR
    assert (case.leg.unit, case.leg.due_at, case.leg.taken_at) == (
        world.service,
        case.due_at,
        None,
    )
    assert list(case.events.values_list("kind", "text")) == [("opened", case.reason)]


def test_a_good_answer_opens_nothing_and_is_not_looked_at_again(world: World) -> None:
    world.respond(9)
    assert (triage_responses(now=NOW), triage_responses(now=NOW)) == (1, 0)
    assert not Case.objects.exists()


def test_a_rule_sets_the_time_to_reply(world: World) -> None:
    TriageRule.objects.lay_down(
        world.service, name="Leak", words=["leak"], reply_hours=2, scale="", score_at_most=None
    )
    world.respond(9, comment="It leaks")
    triage_responses(now=NOW)
    assert (Case.objects.get().due_at, Case.objects.get().reason) == (NOW + 2 * HOUR, "Leak")


def test_a_paused_rule_opens_nothing(world: World) -> None:
    for rule in TriageRule.objects.all():
        rule.change(is_active=False)
    world.respond(0)
    triage_responses(now=NOW)
    assert not Case.objects.exists()


def test_those_who_work_in_the_unit_are_told(world: World) -> None:
    world.respond(2, comment="The machine <leaks>.")
    triage_responses(now=NOW)
    told = Delivery.objects.order_by("recipient")
    assert [d.recipient for d in told] == [world.agent.email, world.lead.email]
    delivery = told[0]
    assert delivery.subject == "2/10 at Visit: case 1"
    assert "The machine <leaks>." in delivery.text
    assert "The machine &lt;leaks&gt;." in delivery.html
    assert "http://127.0.0.1:8000/cases/1/" in delivery.text
    assert delivery.due_at == NOW


def test_an_alert_speaks_the_members_language_and_the_organisations_time(world: World) -> None:
    world.agent.rename(name="Aino", language="fi")
    world.respond(2, comment="Vuotaa")
    triage_responses(now=NOW)
    delivery = Delivery.objects.get(recipient=world.agent.email)
    assert "Vastaa viimeistään 3.3.2026 12.00" in delivery.text
    assert delivery.subject == "2/10, Visit: asia 1"


def test_the_alert_address_of_the_unit_is_told_instead_of_everybody(world: World) -> None:
    Unit.objects.filter(pk=world.service.pk).update(email="team@acme.example")
    world.respond(2)
    triage_responses(now=NOW)
    assert list(Delivery.objects.values_list("recipient", flat=True)) == ["team@acme.example"]


def test_a_unit_without_people_is_helped_from_above(world: World) -> None:
    Role.objects.grant(world.viewer, unit=world.billing, kind="viewer")
    Member.objects.filter(pk=world.agent.pk).update(is_active=False)
    world.respond(2, unit=world.billing)
    triage_responses(now=NOW)
    assert list(Delivery.objects.values_list("recipient", flat=True)) == [world.admin.email]


def test_a_tap_waits_for_its_comment_and_the_comment_sends_the_alert(world: World) -> None:
    response = world.respond(2, completed_at=None)
    triage_responses(now=NOW)
    assert {d.due_at for d in Delivery.objects.all()} == {NOW + dt.timedelta(seconds=30)}
    later = NOW + dt.timedelta(seconds=8)
    amend(response, comment="Nobody came.", completed_at=later)
    triage_responses(now=later)
    assert Delivery.objects.count() == 2
    assert {(d.due_at, "Nobody came." in d.text) for d in Delivery.objects.all()} == {(later, True)}
    assert list(CaseEvent.objects.values_list("kind", "text"))[1:] == [("answer", "Nobody came.")]


def test_the_history_says_how_a_score_changed_and_no_words_twice(world: World) -> None:
    response = world.respond(2, comment="Nobody came.")
    triage_responses(now=NOW)
    amend(response, score=9)
    triage_responses(now=NOW + dt.timedelta(minutes=1))
    lines = tell_case(world.agent, Case.objects.get(), now=NOW).history
    assert [(line.event.kind, line.score, line.is_repeated) for line in lines] == [
        ("opened", "2/10", False),
        ("answer", "2/10 → 9/10", True),
    ]


def test_words_that_come_after_the_alert_are_told_once(world: World) -> None:
    response = world.respond(2, completed_at=None)
    triage_responses(now=NOW)
    later = NOW + dt.timedelta(minutes=5)
    for delivery in Delivery.objects.claim_due(now=later, limit=9):
        delivery.mark_sent(at=later)
    for comment in ("Nobody came.", "Nobody came, twice."):
        amend(response, comment=comment)
        triage_responses(now=later)
    added = Delivery.objects.filter(state="waiting")
    assert {d.subject for d in added} == {"The customer added words: case 1"}
    assert [("twice" in d.text) for d in added] == [True, True]


def test_words_added_to_a_good_answer_may_open_a_case(world: World) -> None:
    TriageRule.objects.lay_down(world.root, name="Danger", words=["gas"])
    response = world.respond(9)
    triage_responses(now=NOW)
    amend(response, comment="Smells of gas")
    triage_responses(now=NOW + HOUR)
    assert Case.objects.get().reason == "Danger"


def test_the_same_answer_again_changes_nothing(world: World) -> None:
    response = world.respond(2, comment="Late")
    triage_responses(now=NOW)
    amend(response)
    triage_responses(now=NOW + HOUR)
    assert (Case.objects.count(), CaseEvent.objects.count(), Delivery.objects.count()) == (1, 1, 2)


def test_an_idle_round_asks_the_database_once(world: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        triage_responses(now=NOW)
    assert len(queries) == 1


@pytest.mark.parametrize("count", [2, 40])
def test_good_answers_are_looked_at_in_few_queries(world: World, count: int) -> None:
    for _ in range(count):
        world.respond(10)
    with CaptureQueriesContext(connection) as queries:
        triage_responses(now=NOW)
    assert len(queries) == 7


def test_one_bad_answer_does_not_hold_up_the_rest(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = world.respond(1), world.respond(2)
    other = Member.objects.get(pk=world.agent.pk)
    Case.objects.create(
        organisation=world.organisation,
        number=7,
        response=bad,
        touchpoint=world.touchpoint,
        unit=world.service,
        reason="",
        opened_at=NOW,
        due_at=NOW,
        changed_at=NOW,
        taken_by=other,
    )
    CaseEvent.objects.create(case=Case.objects.get(), kind="opened", at=NOW, data=["broken"])
    triage_responses(now=NOW)
    assert Case.objects.filter(response=good).exists()
    assert [record.message for record in caplog.records] == ["An answer could not be triaged"]


def test_each_organisation_has_its_own_numbers(world: World, other_world: World) -> None:
    for place in (world, other_world, world):
        place.respond(1)
    triage_responses(now=NOW)
    assert sorted(Case.objects.values_list("organisation", "number")) == sorted(
        [
            (world.organisation.pk, 1),
            (world.organisation.pk, 2),
            (other_world.organisation.pk, 1),
        ]
    )


def test_an_answer_amended_while_it_was_looked_at_is_looked_at_again(world: World) -> None:
    response = world.respond(9)
    seen = {answer.pk: answer.changed_at for answer in Response.objects.select_for_rules(limit=9)}
    amend(response, score=1, changed_at=NOW + HOUR)
    assert Response.objects.mark_triaged_if_unchanged(seen, at=NOW) == 0
    triage_responses(now=NOW + HOUR)
    assert Case.objects.get().response == response


def test_messages_to_long_addresses_stay_apart() -> None:
    long = "a" * 200
    keys = {delivery_key("case:1:opened", f"{long}{end}@example.fi") for end in "xy"}
    assert len(keys) == 2
    assert max(map(len, keys)) <= 120
    assert delivery_key("case:1:opened", "a@example.fi") == "case:1:opened:a@example.fi"
