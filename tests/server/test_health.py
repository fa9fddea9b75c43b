"""`/metrics`: what it counts, and who may read it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.world import World

from kokemus.respond.triage import triage_responses
from kokemus.server.metrics import count_kept
from kokemus.store.capture import Outcome

pytestmark = pytest.mark.server


def read_gauges(client: Client) -> dict[str, float]:
    page = client.get("/metrics", **{"kokemus.is_local": True}).content.decode()
    rows = (line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#"))
    return {name: float(number) for name, number in rows}


def test_metrics_count_what_waits_and_what_was_kept(client: Client, world: World) -> None:
    before = read_gauges(client)
    world.respond(2, comment="It leaks.")
    triage_responses(now=timezone.now())
    world.respond(9)
    count_kept([Outcome("a", "added"), Outcome("b", "added"), Outcome("c", "refused")], 0.002)
    after = read_gauges(client)
    added = 'kokemus_captures_total{state="added"}'
    assert after["kokemus_cases_open"] - before["kokemus_cases_open"] == 1
    assert after[added] - before.get(added, 0.0) == 2
    assert after['kokemus_deliveries{state="waiting"}'] > 0
    assert after["kokemus_untriaged_age_seconds"] > 0
    assert after['kokemus_commit_seconds_bucket{le="0.003"}'] >= 1


def test_metrics_are_not_for_everybody(client: Client, db: None) -> None:
    assert client.get("/metrics").status_code == 403


def test_a_token_that_is_set_is_asked_for_on_this_machine_too(
    client: Client, db: None, settings: Any
) -> None:
    settings.CONFIGURATION = replace(settings.CONFIGURATION, metrics_token="t" * 20)
    here = {"kokemus.is_local": True}
    given = ["", "Bearer wrong", f"Bearer {'t' * 20}"]
    answers = [client.get("/metrics", headers={"Authorization": g}, **here) for g in given]
    assert [answer.status_code for answer in answers] == [403, 403, 200]
