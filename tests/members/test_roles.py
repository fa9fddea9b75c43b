"""Nobody gives above their own role or outside their reach, and somebody stays in charge."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.world import World

from kokemus.members.roles import (
    LastAdmin,
    OutOfReach,
    deactivate_member,
    grant_role,
    kinds_grantable_by,
    revoke_role,
)
from kokemus.store.models import AuditEntry, Role, Unit
from kokemus.store.models.organisation import UnitNotEmpty


def test_nobody_gives_above_their_own_role(world: World) -> None:
    assert kinds_grantable_by(world.lead, unit=world.service) == ["viewer", "agent", "lead"]
    assert kinds_grantable_by(world.agent, unit=world.service) == []
    assert kinds_grantable_by(world.lead, unit=world.billing) == []
    assert kinds_grantable_by(world.admin, unit=world.billing) == list(Role.RANK)


@pytest.mark.parametrize(("unit", "kind"), [("service", "admin"), ("billing", "viewer")])
def test_a_lead_stays_within_reach(world: World, unit: str, kind: str) -> None:
    with pytest.raises(OutOfReach):
        grant_role(world.lead, member=world.agent, unit=getattr(world, unit), kind=kind)


def test_a_lead_does_not_demote_an_admin(world: World) -> None:
    boss = grant_role(world.admin, member=world.viewer, unit=world.service, kind="admin")
    with pytest.raises(OutOfReach):
        grant_role(world.lead, member=world.viewer, unit=world.service, kind="viewer")
    with pytest.raises(OutOfReach):
        revoke_role(world.lead, role=boss)


def test_an_admin_of_another_organisation_is_out_of_reach(world: World, other_world: World) -> None:
    with pytest.raises(OutOfReach):
        revoke_role(other_world.admin, role=world.agent.roles.get())
    with pytest.raises(OutOfReach):
        deactivate_member(other_world.admin, member=world.agent)


def test_the_last_admin_stays(world: World) -> None:
    role = world.admin.roles.get()
    with pytest.raises(LastAdmin):
        revoke_role(world.admin, role=role)
    with pytest.raises(LastAdmin):
        grant_role(world.admin, member=world.admin, unit=world.root, kind="viewer")
    with pytest.raises(LastAdmin):
        deactivate_member(world.admin, member=world.admin)
    grant_role(world.admin, member=world.lead, unit=world.root, kind="admin")
    revoke_role(world.admin, role=role)
    assert list(world.admin.roles.all()) == []


def test_an_admin_who_cannot_sign_in_does_not_count(world: World) -> None:
    grant_role(world.admin, member=world.lead, unit=world.root, kind="admin")
    deactivate_member(world.admin, member=world.lead)
    with pytest.raises(LastAdmin):
        revoke_role(world.admin, role=world.admin.roles.get())


def test_the_page_says_why_the_last_admin_stays(world: World, client: Client) -> None:
    client.force_login(world.admin)
    role = world.admin.roles.get()
    page = client.post(f"/members/roles/{role.pk}/revoke/", follow=True)
    body = client.get("/members/").content.decode() + page.content.decode()
    assert "This is the last admin" in body
    assert Role.objects.filter(pk=role.pk).exists()


def test_giving_and_taking_a_role_reach_the_audit(world: World, client: Client) -> None:
    client.force_login(world.admin)
    client.post(f"/members/{world.viewer.pk}/", {"unit": world.billing.pk, "kind": "lead"})
    given = world.viewer.roles.get(unit=world.billing)
    client.post(f"/members/roles/{given.pk}/revoke/")
    lines = AuditEntry.objects.filter(action__startswith="role").order_by("pk")
    assert [(line.action, line.subject, line.detail) for line in lines] == [
        ("role_granted", world.viewer.email, {"role": "lead", "unit": "Billing"}),
        ("role_revoked", world.viewer.email, {"role": "lead", "unit": "Billing"}),
    ]


def test_a_unit_moves_with_all_below_it(world: World, client: Client) -> None:
    team = Unit.objects.plant(world.organisation, name="Team", parent=world.service)
    client.force_login(world.admin)
    form = {"name": "Care", "kind": "internal", "code": "care", "parent": world.billing.pk}
    client.post(f"/units/{world.service.pk}/", form)
    team.refresh_from_db()
    assert team.path == f"{world.billing.path}{world.service.pk}/{team.pk}/"


def test_a_unit_in_use_is_not_removed(world: World, client: Client) -> None:
    with pytest.raises(UnitNotEmpty):
        world.service.remove()
    client.force_login(world.admin)
    empty = Unit.objects.plant(world.organisation, name="Empty", parent=world.root)
    client.post(f"/units/{empty.pk}/remove/")
    page = client.post(f"/units/{world.service.pk}/remove/", follow=True)
    assert "is not empty" in page.content.decode()
    assert set(Unit.objects.filter(organisation=world.organisation)) == {
        world.root,
        world.service,
        world.billing,
        world.partner,
    }


def test_a_lead_cannot_hang_a_unit_elsewhere(world: World, client: Client) -> None:
    client.force_login(world.lead)
    form = {"name": "Mine", "kind": "internal", "parent": world.billing.pk}
    assert "field-errors" in client.post("/units/new/", form).content.decode()
    assert not Unit.objects.filter(name="Mine").exists()


@pytest.mark.parametrize("page", ["/members/", "/units/", "/audit/", "/keys/"])
def test_a_list_asks_as_often_for_thirty_rows(world: World, client: Client, page: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from kokemus.store.models import ApiKey, Member

    client.force_login(world.admin)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for number in range(30):
        unit = Unit.objects.plant(world.organisation, name=f"Team {number}", parent=world.root)
        member = Member.objects.enrol(
            world.organisation, email=f"m{number}@acme.example", name="M", language="en"
        )
        Role.objects.grant(member, unit=unit, kind="agent")
        ApiKey.objects.issue(world.organisation, name="Key", scopes=["encounters:write"])
        AuditEntry.objects.record(organisation=world.organisation, action="export")
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) == len(few)


def test_a_second_click_makes_no_second_unit(world: World, client: Client) -> None:
    client.force_login(world.admin)
    form = {"name": "Desk", "kind": "internal", "parent": world.root.pk}
    assert client.post("/units/new/", form).status_code == 302
    again = client.post("/units/new/", {**form, "name": "desk "})
    assert "here already" in again.content.decode()
    assert Unit.objects.filter(name__iexact="desk").count() == 1
