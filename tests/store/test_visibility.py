"""Nobody sees a row of another organisation, nor of a unit outside their reach."""

from __future__ import annotations

import inspect

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from tests.world import NOW, World

from kokemus.store.models import AuditEntry, Case, Response, Unit, Version
from kokemus.store.models.organisation import ImpossibleMove

NOT_OF_ANYBODY = {"Revision", "Heartbeat"}


def test_every_model_says_who_sees_it() -> None:
    missing = [
        model.__name__
        for model in apps.get_app_config("store").get_models()
        if model.__name__ not in NOT_OF_ANYBODY
        and not inspect.ismethod(getattr(model._default_manager, "visible_to", None))
    ]
    assert missing == []


def test_another_organisation_sees_nothing(world: World, other_world: World) -> None:
    rows = world.respond(2)
    Case.objects.open_for(rows, unit=world.service, reason="score", due_at=NOW, at=NOW)
    seen: dict[str, int] = {}
    for model in apps.get_app_config("store").get_models():
        if model.__name__ in NOT_OF_ANYBODY:
            continue
        for row in model._default_manager.visible_to(other_world.admin):  # type: ignore[attr-defined]
            if _organisation_of(row) != other_world.organisation.pk:
                seen[model.__name__] = seen.get(model.__name__, 0) + 1
    assert seen == {}


def _organisation_of(row: models.Model) -> int | None:
    for path in ("organisation_id", "unit.organisation_id", "case.organisation_id"):
        value: object = row
        for name in path.split("."):
            value = getattr(value, name, None)
        if value is not None:
            return value  # type: ignore[return-value]
    if isinstance(row, type(row)) and row._meta.model_name == "organisation":
        return row.pk
    return _organisation_of(getattr(row, "journey", None) or row.survey)  # type: ignore[attr-defined]


def test_a_unit_has_walls(world: World) -> None:
    inside = world.respond(2)
    world.respond(2, unit=world.billing)
    assert list(Response.objects.visible_to(world.agent)) == [inside]
    assert Response.objects.visible_to(world.admin).count() == 2
    assert list(Unit.objects.visible_to(world.agent)) == [world.service]


def test_a_unit_whose_number_begins_alike_is_outside(world: World) -> None:
    """The path '1/2/' must not open '1/21/'."""
    units = [
        Unit.objects.plant(world.organisation, name=f"Team {n}", parent=world.root)
        for n in range(30)
    ]
    assert not set(units) & set(Unit.objects.visible_to(world.agent))


def test_a_case_handed_on_stays_in_sight(world: World) -> None:
    case, _ = Case.objects.open_for(
        world.respond(2), unit=world.service, reason="score", due_at=NOW, at=NOW
    )
    case.hand_off(world.agent, unit=world.partner, text="", due_at=NOW, at=NOW)
    assert list(Case.objects.visible_to(world.agent)) == [case]
    assert list(Case.objects.workable_by(world.agent)) == []
    assert list(Case.objects.workable_by(world.partner_agent)) == [case]


def test_a_version_cannot_be_changed(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=world.version.pk).update(texts={})


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_audit_only_grows(world: World, change: str) -> None:
    AuditEntry.objects.record(organisation=world.organisation, action="sign_in")
    rows = AuditEntry.objects.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(action="nothing") if change == "update" else rows.delete()


def test_a_tree_that_was_rearranged_meanwhile_is_rearranged_as_it_is(world: World) -> None:
    """Two leads at once: the second one's page was drawn before the first one's change."""
    team = Unit.objects.plant(world.organisation, name="Team", parent=world.service)
    service_as_seen, team_as_seen = (Unit.objects.get(pk=u.pk) for u in (world.service, team))
    world.service.move(parent=world.billing)
    desk = Unit.objects.plant(world.organisation, name="Desk", parent=service_as_seen)
    assert desk.path == f"{world.service.path}{desk.pk}/"
    assert Unit.objects.below(world.billing).filter(pk=desk.pk).exists()
    with pytest.raises(ImpossibleMove):
        Unit.objects.get(pk=world.billing.pk).move(parent=team_as_seen)
    team_as_seen.move(parent=service_as_seen)
    assert Unit.objects.get(pk=team.pk).path == f"{world.service.path}{team.pk}/"
