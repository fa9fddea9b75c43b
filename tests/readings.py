"""Readings of comments as rows, for tests that are not about reading."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.world import NOW, World

from kokemus.store.models import CommentReading, FoundTheme, Response, Theme

READ_AT = NOW + dt.timedelta(minutes=5)


def as_read(response: Response, **values: Any) -> CommentReading:
    """An unkept reading of a negative comment."""
    fields: dict[str, Any] = {
        "response": response,
        "organisation_id": response.organisation_id,
        "unit_id": response.unit_id,
        "answered_at": response.answered_at,
        "local_day": response.local_day,
        "language": "fi",
        "sentiment": -0.6,
        "label": "negative",
        "probability": 0.8,
        "is_unsure": False,
        "lemmas": " jono olla pitkä ",
        "redacted": response.comment,
        "read_at": READ_AT,
        "read_of": response.changed_at,
    }
    return CommentReading(**fields | values)


def read(response: Response, *themes: Theme, **values: Any) -> CommentReading:
    """Keep a reading; the themes feel as the comment does."""
    reading = as_read(response, **values)
    found = [FoundTheme(t.pk, "rule", None, reading.sentiment, reading.label) for t in themes]
    CommentReading.objects.write([reading], themes={response.pk: found}, at=READ_AT)
    return CommentReading.objects.get(pk=response.pk)


def theme(world: World, code: str = "waiting") -> Theme:
    return Theme.objects.get(organisation=world.organisation, code=code)
