"""Who sees which rows. Every set of rows that a page or the API uses starts from `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from kokemus.store.models.organisation import Member

Row = TypeVar("Row", bound=models.Model, covariant=True)


class VisibleQuerySet(models.QuerySet[Row]):
    """Rows of an organisation: its members see them all, nobody else sees any."""

    owner: ClassVar[str] = "organisation"

    def visible_to(self, member: Member) -> Self:
        return self.filter(**{self.owner: member.organisation_id})


class WalledQuerySet(VisibleQuerySet[Row]):
    """Rows of a unit: seen by those with a role in that unit or above it.

    `wall` is the lookup from the row to its unit; empty for units themselves.
    """

    wall: ClassVar[str] = "unit"

    def visible_to(self, member: Member) -> Self:
        return self.filter(reach(member, wall=self.wall))


def reach(member: Member, *, wall: str, at_least: str = "viewer") -> Q:
    """The condition that a row's unit lies where the member has the role, or a higher one."""
    prefix = f"{wall}__" if wall else ""
    within = Q(pk__in=[])
    for path in member.paths_with(at_least):
        within |= Q(**{f"{prefix}path__startswith": path})
    return within & Q(**{f"{prefix}organisation": member.organisation_id})
