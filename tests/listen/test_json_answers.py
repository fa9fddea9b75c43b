from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from tests.listen.visitor import Answered, OpenDoor
from tests.world import NOW, World, make_world

from kokemus.store.models import ApiKey, Response

PATH = "/api/v1/responses"


class Sender:
    def __init__(self, door: OpenDoor, key: str, world: World) -> None:
        self.door, self.key, self.world = door, key, world

    def send(self, body: Any, **headers: str) -> Answered:
        sent = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        encoded = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.door.ask("POST", PATH, body=encoded, headers=sent | headers)

    def answer(self, score: Any = 9, **values: Any) -> dict[str, Any]:
        return {"survey": self.world.survey.pk, "score": score, **values}


@pytest.fixture
def sender(door: OpenDoor, api_key: str, open_world: World) -> Sender:
    return Sender(door, api_key, open_world)


def test_one_answer_is_kept_with_all_that_was_said(sender: Sender) -> None:
    reply = sender.send(
        sender.answer(
            4,
            survey=sender.world.survey.link,
            comment="Hidas",
            may_contact=True,
            reply_to="a@b.example",
            language="fi-FI",
            channel="sms",
            answered_at="2026-03-01T23:30:00+00:00",
            key="order-1",
        )
    )
    row = Response.objects.get()
    assert (reply.status, reply.json) == (201, {"id": str(row.pk), "state": "added"})
    assert (row.score, row.comment, row.reply_to, row.language, row.channel, row.key) == (
        4,
        "Hidas",
        "a@b.example",
        "fi",
        "sms",
        "order-1",
    )
    assert (row.answered_at.isoformat(), row.local_day.isoformat()) == (
        "2026-03-01T23:30:00+00:00",
        "2026-03-02",
    )


def test_the_same_key_again_is_the_same_answer(sender: Sender) -> None:
    first = sender.send(sender.answer(3), **{"idempotency-key": "k1"})
    again = sender.send(sender.answer(9, key="k1"))
    assert (again.status, again.json) == (200, {"id": first.json["id"], "state": "unchanged"})
    assert [row.score for row in Response.objects.all()] == [3]


def test_a_batch_takes_what_is_right_and_names_what_is_not(sender: Sender) -> None:
    reply = sender.send(
        {
            "responses": [
                sender.answer(9, key="a"),
                sender.answer(11),
                sender.answer(7, key="a"),
                "nine",
                sender.answer(7, encounter="nowhere"),
                {"score": 1},
            ]
        }
    )
    assert reply.status == 200
    said = [
        item.get("state") or [(e["code"], e["field"]) for e in item["errors"]]
        for item in reply.json["results"]
    ]
    assert said == [
        "added",
        [("score_out_of_range", "score")],
        "unchanged",
        [("not_an_object", "")],
        [("unknown_encounter", "encounter")],
        [("missing", "survey")],
    ]
    assert [reply.json[name] for name in ("added", "unchanged", "refused")] == [1, 1, 4]
    assert UUID(reply.json["results"][0]["id"]) == Response.objects.get().pk


def test_a_thousand_answers_are_one_request(sender: Sender) -> None:
    reply = sender.send({"responses": [sender.answer(n % 11) for n in range(1000)]})
    assert (reply.json["added"], Response.objects.count()) == (1000, 1000)
    reply = sender.send({"responses": [sender.answer()] * 1001})
    assert (reply.status, reply.json["error"]["code"]) == (413, "too_many_items")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "not_json"),
        (b"\xff\xfe\xfd", 400, "not_json"),
        (b"[" * 100_000, 400, "not_json"),
        (b'{"survey":1,"score":' + b"9" * 5000 + b"}", 400, "not_json"),
        (b"[]", 422, "not_an_object"),
        (b'{"responses": {}}', 422, "not_an_object"),
        (b'{"responses": []}', 422, "no_items"),
        (b"{}", 422, "missing"),
        (b'{"survey": 0, "score": 1}', 422, "unknown_survey"),
        (b'{"survey": "' + b"9" * 5000 + b'", "score": 1}', 422, "unknown_survey"),
        (b" " * (10 * 1024 * 1024 + 1), 413, "too_large"),
    ],
)
def test_a_wrong_body_is_said_in_words(sender: Sender, body: bytes, status: int, code: str) -> None:
    reply = sender.send(body)
    assert (reply.status, reply.json["error"]["code"]) == (status, code)
    assert reply.json["error"]["message"].endswith(".")
    assert Response.objects.count() == 0


def test_who_may_send(sender: Sender, door: OpenDoor) -> None:
    _, reader = ApiKey.objects.issue(
        sender.world.organisation, name="Reader", scopes=["encounters:write"]
    )
    body = json.dumps(sender.answer()).encode()
    kind = {"content-type": "application/json"}

    def status(**headers: str) -> int:
        return door.ask("POST", PATH, body=body, headers=kind | headers).status

    assert status() == 401
    assert status(authorization="Basic abc") == 401
    assert status(authorization="Bearer kok_wrong") == 401
    assert status(authorization=f"Bearer {reader}") == 403
    assert sender.send(b"survey=1", **{"content-type": "text/plain"}).status == 415
    assert Response.objects.count() == 0


def test_a_survey_of_another_organisation_is_unknown(sender: Sender) -> None:
    other = make_world("Other")
    reply = sender.send(sender.answer(survey=other.survey.pk))
    assert (reply.status, reply.json["error"]["code"]) == (422, "unknown_survey")


def test_a_survey_published_just_now_is_known(sender: Sender) -> None:
    newer = make_world("Newer")
    _, key = ApiKey.objects.issue(newer.organisation, name="New", scopes=["responses:write"])
    sender.key = key
    assert sender.send(sender.answer(survey=newer.survey.link)).status == 201


def test_an_answer_with_the_key_of_a_page_is_refused(sender: Sender) -> None:
    reply = sender.send(sender.answer(key=f"page:{sender.world.survey.pk}:{'a' * 22}"))
    assert reply.json["error"]["code"] == "key_form"


def test_the_time_of_an_answer_is_now_when_none_is_given(sender: Sender) -> None:
    sender.send(sender.answer())
    assert Response.objects.get().answered_at > NOW


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_than_post_is_refused(door: OpenDoor, method: str) -> None:
    reply = door.ask(method, PATH)
    assert (reply.status, reply.json["error"]["code"]) == (405, "wrong_method")
    assert reply.header("allow") == "POST"


def test_what_is_wrong_with_an_answer_is_said_with_its_field(sender: Sender) -> None:
    error = sender.send(sender.answer(answered_at=1772452800)).json["error"]
    (wrong,) = error["errors"]
    assert (wrong["code"], wrong["field"]) == ("time_form", "answered_at")
    assert error == {"code": wrong["code"], "message": wrong["message"], "errors": [wrong]}
