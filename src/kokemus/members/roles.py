"""Who may do what where, and who may change it."""

from __future__ import annotations

from django.db import transaction

from kokemus.store.models import Member, Role, Unit
from kokemus.store.visibility import reach


def units_led_by(member: Member, *, at_least: str = "lead") -> list[Unit]:
    """The units in which the member may invite, grant and arrange, parents first."""
    return list(Unit.objects.filter(reach(member, wall="", at_least=at_least)).order_by("path"))


def kinds_grantable_by(member: Member, *, unit: Unit) -> list[str]:
    """The roles that the member may give in the unit: none above their own, none below lead."""
    if not member.has_role("lead", unit=unit):
        return []
    return [kind for kind in Role.RANK if member.has_role(kind, unit=unit)]


def may_change(role: Role, *, by: Member) -> bool:
    return role.kind in kinds_grantable_by(by, unit=role.unit)


@transaction.atomic
def grant_role(by: Member, *, member: Member, unit: Unit, kind: str) -> Role:
    """Give a role in a unit, in place of the one held there before."""
    _demand_reach(by, unit=unit, kind=kind)
    present = Role.objects.filter(member=member, unit=unit).first()
    if present:
        _demand_reach(by, unit=unit, kind=present.kind)
        if kind != "admin":
            _keep_an_admin(present)
    return Role.objects.grant(member, unit=unit, kind=kind)


@transaction.atomic
def revoke_role(by: Member, *, role: Role) -> None:
    _demand_reach(by, unit=role.unit, kind=role.kind)
    _keep_an_admin(role)
    role.revoke()


@transaction.atomic
def deactivate_member(by: Member, *, member: Member) -> None:
    """Shut a member out of the organisation at once; only its admins may."""
    _demand_organisation_admin(by, member=member)
    for role in member.roles.select_related("unit__organisation"):
        _keep_an_admin(role)
    member.deactivate()


@transaction.atomic
def reactivate_member(by: Member, *, member: Member) -> None:
    _demand_organisation_admin(by, member=member)
    member.reactivate()


class OutOfReach(ValueError):
    """Nobody grants or takes a role above their own, or outside their own units."""


class LastAdmin(ValueError):
    """An organisation keeps at least one admin who can sign in."""


def _demand_reach(by: Member, *, unit: Unit, kind: str) -> None:
    if kind not in kinds_grantable_by(by, unit=unit):
        raise OutOfReach(f"{by} may not give or take the role '{kind}' in {unit}.")


def _demand_organisation_admin(by: Member, *, member: Member) -> None:
    if not by.is_organisation_admin or by.organisation_id != member.organisation_id:
        raise OutOfReach(f"{by} may not shut out or let in {member}.")


def _keep_an_admin(role: Role) -> None:
    """Refuse what would leave nobody in charge. Those who remove each other take turns."""
    role.unit.organisation.lock()
    admins = Role.objects.of_organisation_admins(role.unit.organisation)
    if list(admins.values_list("pk", flat=True)) == [role.pk]:
        raise LastAdmin(f"{role.member} is the last admin of {role.unit.organisation}.")
