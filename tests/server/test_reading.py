"""A comment through the real worker: read, its case opened, whoever else waits to be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.serving import RunningKokemus, running_kokemus

pytestmark = [pytest.mark.server, pytest.mark.own_database, pytest.mark.timed]

SECONDS_MAX = 2.0
SET_UP = """
import json
from django.utils import timezone
from tests.world import make_world
from kokemus.store.capture import Submission, new_id
from kokemus.store.models import ApiKey, Response, Theme, TriageRule
world = make_world()
waiting = Theme.objects.get(organisation=world.organisation, code="waiting")
TriageRule.objects.lay_down(world.service, name="Queues", theme=waiting, sentiment="negative")
row, key = ApiKey.objects.issue(world.organisation, name="Shop", scopes=["responses:write"])
print(json.dumps({"key": key, "survey": world.survey.pk}))
"""
BACKLOG = """
from django.utils import timezone
from tests.world import texts
from kokemus.store.capture import Submission, new_id
from kokemus.store.models import Response, Survey
survey = Survey.objects.get()
now = timezone.now()
def answer(n):
    id_ = new_id()
    return Submission(
        id=id_, key=id_, organisation_id=survey.organisation_id, survey_id=survey.pk,
        version_id=survey.current.pk, touchpoint_id=survey.touchpoint_id,
        unit_id=survey.touchpoint.unit_id, scale="nps", score=10, language="fi",
        channel="import", answered_at=now, local_day=now.date(), is_triaged=True,
        comment=f"Jonotin kassalla taas aivan liian kauan, kerta numero {n}",
    )
submissions = [answer(n) for n in range(%d)]
Response.objects.record(submissions, now=now)
"""
WAIT = """
import json, time
from kokemus.store.models import Case, CommentReading, Organisation
deadline = time.monotonic() + 30
while not Case.objects.exists() and time.monotonic() < deadline:
    time.sleep(0.02)
case = Case.objects.select_related("response__reading").get()
left = CommentReading.objects.progress(Organisation.objects.get())
print(json.dumps({
    "seconds": (case.opened_at - case.response.answered_at).total_seconds(),
    "comment": case.response.comment,
    "reason": case.reason,
    "redacted": case.response.reading.redacted,
    "unread": left.total - left.read,
}))
"""
READ_ALL = """
import time
from kokemus.store.models import Case, CommentReading, Organisation
organisation = Organisation.objects.get()
while not (progress := CommentReading.objects.progress(organisation)).is_done:
    time.sleep(0.1)
print(progress.total, Case.objects.count())
"""


def complain(running: RunningKokemus, scene: dict[str, Any], comment: str) -> dict[str, Any]:
    body = {"survey": scene["survey"], "score": 10, "comment": comment, "language": "fi"}
    headers = {"Authorization": f"Bearer {scene['key']}"}
    status, _headers, answer = running.post("/api/v1/responses", body, **headers)
    assert status in {200, 201}, answer
    found: dict[str, Any] = json.loads(running.python(WAIT))
    return found


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_theme_rule_opens_its_case_within_a_moment_also_while_thousands_wait(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    cluster = request.getfixturevalue("postgresql") if database == "postgresql" else None
    with running_kokemus(tmp_path, database=database, postgresql=cluster) as running:
        scene = json.loads(running.python(SET_UP))
        running.python(BACKLOG % 2_000)
        found = complain(running, scene, "Jonotin tunnin turhaan. Soittakaa 040 123 4567.")
        assert (found["reason"], found["comment"][-13:]) == ("Queues", "040 123 4567.")
        assert found["redacted"] == "Jonotin tunnin turhaan. Soittakaa [puhelinnumero]."
        print(f"A case {found['seconds']:.2f} s after the answer, {found['unread']} still unread")
        assert found["seconds"] < SECONDS_MAX
        assert running.python(READ_ALL).split() == ["2001", "1"]
