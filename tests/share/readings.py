"""Comments that have been read, without waiting for the reader."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.world import NOW, World

from kokemus.store.models import CommentReading, ReadTheme, Response, Theme


def read(
    world: World,
    comment: str = "Nobody answered the phone.",
    *,
    score: int | None = 2,
    themes: str = "",
    lemmas: str = "",
    label: str = "negative",
    answered_at: dt.datetime = NOW,
    redacted: str = "",
    shown: dict[str, Any] | None = None,
    personal: list[dict[str, Any]] | None = None,
    is_unsure: bool = False,
    **values: Any,
) -> CommentReading:
    """An answer with a comment and what was read of it; `themes` and `lemmas` parted by blanks."""
    response = world.respond(score, comment=comment, answered_at=answered_at, **values)
    return read_comment(
        response,
        themes=themes,
        lemmas=lemmas,
        label=label,
        redacted=redacted,
        shown=shown,
        personal=personal,
        is_unsure=is_unsure,
    )


def read_comment(
    response: Response,
    *,
    themes: str = "",
    lemmas: str = "",
    label: str = "negative",
    redacted: str = "",
    shown: dict[str, Any] | None = None,
    personal: list[dict[str, Any]] | None = None,
    is_unsure: bool = False,
) -> CommentReading:
    """What was read of an answer's comment."""
    comment = response.comment
    sentiment = {"negative": -0.6, "neutral": 0.0, "positive": 0.6}[label]
    reading = CommentReading.objects.create(
        response=response,
        organisation=response.organisation,
        unit=response.unit,
        answered_at=response.answered_at,
        local_day=response.local_day,
        language=response.language,
        sentiment=sentiment,
        label=label,
        probability=0.9,
        is_unsure=is_unsure,
        lemmas=f" {lemmas or ' '.join(comment.lower().rstrip('.').split())} ",
        redacted=redacted or comment,
        shown=shown or {},
        personal=personal or [],
        read_at=response.changed_at,
        read_of=response.changed_at,
    )
    Response.objects.filter(pk=response.pk).mark_read()
    for code in themes.split():
        theme = Theme.objects.get(organisation=response.organisation, code=code)
        ReadTheme.objects.create(
            reading=reading, theme=theme, source="rule", sentiment=sentiment, label=label
        )
    return reading
