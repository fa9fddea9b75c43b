"""Names of people without an account that are hidden in comments, as a list per organisation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple, Self

from django.db import models, transaction
from django.db.models import F

from kokemus.store.models.access import Revision
from kokemus.store.models.organisation import Member, Organisation
from kokemus.store.visibility import VisibleQuerySet


class ListChange(NamedTuple):
    """By how many names a list has grown and shrunk, and how many it has now."""

    added: int
    removed: int
    names: int


class HiddenNamesQuerySet(VisibleQuerySet["HiddenNames"]):
    def visible_to(self, member: Member) -> Self:
        """The list says who works there: it is the administrators' own."""
        mine = super().visible_to(member)
        return mine if member.is_organisation_admin else mine.none()

    def list_of(self, organisation_id: int) -> tuple[str, ...]:
        """The names on the organisation's list."""
        rows = self.filter(organisation=organisation_id).values_list("names", flat=True)
        return tuple(next(iter(rows), ()))

    def names_to_hide(self, organisation_id: int) -> tuple[str, ...]:
        """All names that are hidden in comments: those of members, and those on the list."""
        return Member.objects.names_in(organisation_id) + self.list_of(organisation_id)

    def changed_at(self, organisation_id: int) -> dt.datetime | None:
        """When the list last changed; None where there has never been one."""
        rows = self.filter(organisation=organisation_id).values_list("changed_at", flat=True)
        return next(iter(rows), None)

    @transaction.atomic
    def keep(
        self, organisation: Organisation, *, names: Sequence[str], at: dt.datetime
    ) -> ListChange:
        """Hide these names from now on, and no others.

        Comments that have been read wait until they are looked through: `unapplied`.
        """
        organisation.lock()
        row = self.filter(pk=organisation.pk).first()
        row = row or HiddenNames(organisation=organisation, changed_at=at)
        before, after = set(row.names), set(names)
        waiting = set(row.changed) | (before ^ after)
        row.names = list(names)
        if before != after:
            # Of what has not been looked for as yet, some comments may have been read meanwhile,
            # by a list that is neither the one before nor this: it is looked for in any case.
            row.applied = sorted(after ^ waiting)
            row.changed_at = at
            Revision.objects.bump()
        row.save()
        return ListChange(len(after - before), len(before - after), len(after))

    def unapplied(self) -> Self:
        """Lists that have changed since comments were last looked through for it."""
        return self.exclude(changed_at=F("applied_at"))


class HiddenNames(models.Model):
    """An organisation's list.

    `applied` are the names that comments have been looked through by, other than those that came
    and went meanwhile: what is not in both lists is yet to be looked for. `applied_at` is the
    `changed_at` of the list that comments were looked through by last; None: never. `everyday` are
    the words of its names, in lower case, that people use every day, too.
    """

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="hidden_names"
    )
    names = models.JSONField(default=list)
    applied = models.JSONField(default=list)
    everyday = models.JSONField(default=list)
    changed_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    objects = HiddenNamesQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.organisation_id} {len(self.names)}"

    @property
    def is_applied(self) -> bool:
        return self.changed_at == self.applied_at

    @property
    def changed(self) -> tuple[str, ...]:
        """Names that were added or taken away since comments were last looked through, or both."""
        return tuple(sorted(set(self.names) ^ set(self.applied)))

    def mark_applied(self, *, everyday: Collection[str]) -> int:
        """Comments have been looked through; 0 where the list has changed again meanwhile."""
        same = HiddenNames.objects.filter(pk=self.pk, changed_at=self.changed_at)
        return same.update(
            applied=self.names, applied_at=self.changed_at, everyday=sorted(everyday)
        )
