"""A sign of life of each process that works in the background."""

from __future__ import annotations

import datetime as dt

from django.db import models


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def beat(self, name: str, *, at: dt.datetime, failing: dict[str, str]) -> None:
        """Say that `name` lives, and which of its jobs have failed since when."""
        self.update_or_create(name=name, defaults={"at": at, "failing": failing})


class Heartbeat(models.Model):
    """`failing` is the name of a job to the moment (ISO) since when every round of it failed."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    failing = models.JSONField(default=dict)

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
