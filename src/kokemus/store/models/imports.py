"""Files of answers that were brought in: what was mapped, how far it is, what was refused."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from kokemus.store.models.organisation import Member, Organisation
from kokemus.store.models.surveys import Survey
from kokemus.store.visibility import WalledQuerySet


class ImportRunQuerySet(WalledQuerySet["ImportRun"]):
    wall = "survey__touchpoint__unit"

    def under_way(self) -> Self:
        """Those that the worker is reading, or is about to read."""
        return self.filter(state__in=[ImportRun.State.TRYING, ImportRun.State.RUNNING])

    def prepare(self, survey: Survey, *, by: Member, file_name: str, stored_as: str) -> ImportRun:
        """Keep note of an uploaded file whose columns are to be checked."""
        return self.create(
            organisation=survey.organisation,
            survey=survey,
            started_by=by,
            file_name=file_name[:255],
            stored_as=stored_as,
        )


class ImportRun(models.Model):
    """One file. `refused` is a list of {line, reason, value}, at most the first 1,000 kept.

    While the columns are being checked the counts are those of the last try, if `tried_at` says
    that there was one.
    """

    class State(models.TextChoices):
        MAPPING = "mapping", _("Waiting for you to check the columns")
        TRYING = "trying", _("Being tried, nothing is written")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="imports")
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="imports")
    started_by = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=255)
    stored_as = models.CharField(max_length=255)
    mapping = models.JSONField(default=dict)
    missing = models.JSONField(default=list)
    state = models.CharField(max_length=7, choices=State, default=State.MAPPING)
    lines = models.PositiveIntegerField(default=0)
    lines_done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    empty = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.TRYING, self.State.RUNNING}

    def try_out(self, *, mapping: dict[str, Any], missing: list[str]) -> None:
        """Let the worker read every line and write none."""
        self._begin(self.State.TRYING, mapping=mapping, missing=missing)

    def end_trying(self, *, at: dt.datetime) -> None:
        """The member may look at the counts, and change the columns or start."""
        self.state, self.tried_at = self.State.MAPPING, at
        self.save(update_fields=["state", "tried_at"])

    def start(self, *, mapping: dict[str, Any], missing: list[str]) -> None:
        """The columns are checked: the worker may bring the file in."""
        self._begin(self.State.RUNNING, mapping=mapping, missing=missing)

    def _begin(self, state: str, *, mapping: dict[str, Any], missing: list[str]) -> None:
        self.mapping, self.missing, self.state = mapping, missing, state
        self.lines = self.lines_done = self.added = self.unchanged = 0
        self.empty = self.refused_count = 0
        self.refused, self.tried_at = [], None
        self.save()

    def drop(self) -> None:
        self.delete()

    def advance(self, **counts: Any) -> None:
        """Write down how far it is."""
        for name, value in counts.items():
            setattr(self, name, value)
        self.save(update_fields=list(counts))

    def end(self, *, at: dt.datetime, error: str = "") -> None:
        self.state, self.error, self.ended_at = ("failed" if error else "done"), error[:500], at
        self.save(update_fields=["state", "error", "ended_at"])
