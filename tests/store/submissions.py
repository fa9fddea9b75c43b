"""Submissions to test with, as a door would make them for the world's survey."""

from __future__ import annotations

from typing import Any

from tests.world import NOW, World

from kokemus.store.capture import Submission, new_id


def submission(world: World, score: int | None = 2, **values: Any) -> Submission:
    id_ = new_id()
    fields: dict[str, Any] = {
        "id": id_,
        "key": f"key-{id_}",
        "organisation_id": world.organisation.pk,
        "survey_id": world.survey.pk,
        "version_id": world.version.pk,
        "touchpoint_id": world.touchpoint.pk,
        "unit_id": world.service.pk,
        "scale": "nps",
        "score": score,
        "language": "en",
        "channel": "link",
        "answered_at": NOW,
        "local_day": NOW.date(),
    }
    return Submission(**fields | values)
