"""The tree of units as a member sees it, and how it is rearranged."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count

from kokemus.store.models import Member, Role, Unit


@dataclass
class Branch:
    """A unit, what hangs below it, and whether the member who looks may change it."""

    unit: Unit
    members: int
    may_change: bool
    children: list[Branch] = field(default_factory=list)


def draw_tree(member: Member) -> list[Branch]:
    """Return the branches at the top of what the member sees."""
    units = list(Unit.objects.visible_to(member))
    members = _count_members(units)
    led = member.paths_with("lead")
    branches = {}
    tops: list[Branch] = []
    for unit in sorted(units, key=lambda unit: (unit.depth, unit.name.casefold())):
        may_change = any(unit.path.startswith(path) for path in led)
        branch = Branch(unit, members=members.get(unit.pk, 0), may_change=may_change)
        branches[unit.pk] = branch
        parent = branches.get(unit.parent_id or 0)
        (parent.children if parent else tops).append(branch)
    return tops


def _count_members(units: list[Unit]) -> dict[int, int]:
    roles = Role.objects.filter(unit__in=units, member__is_active=True)
    return dict(roles.values_list("unit").annotate(n=Count("pk")).order_by())


@transaction.atomic
def rearrange_unit(
    unit: Unit, *, name: str, kind: str, code: str, email: str, parent: Unit | None
) -> None:
    """Change a unit, and hang it below another one if `parent` is not its present one."""
    unit.change(name=name, kind=kind, code=code, email=email)
    if parent is not None and parent.pk != unit.parent_id:
        unit.move(parent=parent)
