"""Who is told when a case comes to a unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kokemus.store.models import Role, Unit

TOLD = ("agent", "lead", "admin")


@dataclass(frozen=True)
class Recipient:
    address: str
    language: str


def find_recipients(units: Iterable[Unit]) -> dict[int, list[Recipient]]:
    """For each unit: its alert address, or else those who work in it.

    A unit with neither is helped by the nearest one above it that has either. Two queries,
    however many units.
    """
    units = list(units)
    keys = {key for unit in units for key in path_keys(unit)}
    above = {u.pk: u for u in Unit.objects.filter(pk__in=keys).select_related("organisation")}
    working: dict[int, list[Recipient]] = defaultdict(list)
    roles = Role.objects.filter(unit__in=keys, kind__in=TOLD, member__is_active=True)
    for role in roles.select_related("member").order_by("member"):
        working[role.unit_id].append(Recipient(role.member.email, role.member.language))

    def of(unit: Unit) -> list[Recipient]:
        if unit.email:
            return [Recipient(unit.email, unit.organisation.language)]
        return working.get(unit.pk, [])

    return {
        unit.pk: next((told for key in path_keys(unit) if (told := of(above[key]))), [])
        for unit in units
    }


def path_keys(unit: Unit) -> list[int]:
    """The keys of the unit and of all above it, nearest first."""
    return [int(key) for key in reversed(unit.path.strip("/").split("/"))]
