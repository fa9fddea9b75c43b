"""The demo is a whole company, loaded once, and never beside somebody's own data."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.world import NOW, World

from kokemus.server.demo import OrganisationInTheWay, load_demo
from kokemus.simulate.company import simulate_company
from kokemus.store.models import (
    Case,
    CaseEvent,
    Contact,
    Encounter,
    EncounterParty,
    Leg,
    Member,
    Organisation,
    Response,
    Survey,
    Unit,
)

SIZE = {"responses": 400, "months": 3}


@pytest.fixture
def demo(db: Any) -> Organisation:
    return load_demo(now=NOW, **SIZE)


def test_every_row_of_the_company_is_loaded(demo: Organisation) -> None:
    company = simulate_company(ends=NOW, **SIZE)
    partners = int((company.encounters.partner >= 0).sum())
    expected = {
        Unit: len(company.units),
        Member: len(company.members),
        Survey: len(company.surveys),
        Contact: len(company.contacts),
        Encounter: len(company.encounters),
        EncounterParty: len(company.encounters) + partners,
        Response: len(company.responses),
        Case: len(company.cases),
        Leg: sum(len(case.legs) for case in company.cases),
    }
    assert {model: model._default_manager.count() for model in expected} == expected
    assert demo.is_demo


def test_an_answer_is_what_the_company_was_told(demo: Organisation) -> None:
    given = simulate_company(ends=NOW, **SIZE).responses
    row = Response.objects.select_related("encounter").get(pk=given.key[7])
    assert (row.score, row.comment, row.channel) == (
        given.score[7],
        given.comment[7],
        given.channel[7],
    )
    assert row.encounter is not None
    assert (row.unit_id, row.touchpoint_id) == (row.encounter.unit_id, row.encounter.touchpoint_id)
    assert row.answered_at.replace(tzinfo=None) == given.answered_at[7].item()
    assert Response.objects.untriaged().count() == 0


def test_cases_are_overdue_due_and_resolved(demo: Organisation) -> None:
    cases = Case.objects.all()
    overdue = [case for case in cases.unresolved() if case.is_overdue(NOW)]
    assert 0 < len(overdue) < cases.unresolved().count()
    for case in cases.prefetch_related("legs"):
        last = list(case.legs.all())[-1]
        assert (case.unit_id, case.due_at) == (last.unit_id, last.due_at)
        assert (last.ended_at is None) == (case.resolved_at is None)
        assert case.taken_by_id is not None or last.taken_at is None
    kinds = set(CaseEvent.objects.values_list("kind", flat=True))
    assert kinds == {"opened", "taken", "note", "handed_off", "resolved"}


def test_rows_can_be_added_after_those_with_keys_of_their_own(demo: Organisation) -> None:
    response = Response.objects.filter(case=None).latest("answered_at")
    case, is_new = Case.objects.open_for(
        response, unit=response.unit, reason="score", due_at=NOW, at=NOW
    )
    assert is_new
    assert case.number == Case.objects.count()


def test_loading_twice_changes_nothing(demo: Organisation) -> None:
    later = NOW + dt.timedelta(days=1)
    assert load_demo(now=later, **SIZE) == demo
    assert Response.objects.count() == SIZE["responses"]


def test_the_demo_is_not_loaded_beside_an_organisation(world: World) -> None:
    with pytest.raises(OrganisationInTheWay, match=world.organisation.name):
        load_demo(now=NOW, **SIZE)
    assert Organisation.objects.count() == 1
