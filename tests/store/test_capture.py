from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from tests.store.submissions import submission
from tests.world import NOW, World

from kokemus.store.capture import Outcome, write_submissions
from kokemus.store.identifiers import uuid7
from kokemus.store.models import Encounter, Response, Touchpoint

LATER = NOW + dt.timedelta(minutes=3)


def meet(world: World, reference: str = "visit-1", **values: Any) -> Encounter:
    fields: dict[str, Any] = {
        "organisation": world.organisation,
        "touchpoint": world.touchpoint,
        "unit": world.partner,
        "mode": "human",
        "happened_at": NOW,
        "received_at": NOW,
    }
    return Encounter.objects.create(reference=reference, **fields | values)


def test_a_submission_becomes_a_row_as_django_would_write_it(world: World) -> None:
    sent = submission(
        world,
        4,
        comment="Hidas “palvelu” \n\t'; --",
        may_contact=True,
        reply_to="a@b.example",
        answered_at=NOW.replace(microsecond=120),
    )
    assert Response.objects.record([sent], now=LATER) == [Outcome(sent.id, "added")]
    row = Response.objects.get(
        answered_at=NOW.replace(microsecond=120),
        completed_at=NOW.replace(microsecond=120),
        local_day=NOW.date(),
        changed_at=LATER,
        triaged_at=None,
        may_contact=True,
    )
    twin = world.respond(
        4,
        **{
            name: getattr(row, name)
            for name in ("comment", "may_contact", "reply_to", "answered_at", "completed_at")
        },
        changed_at=LATER,
    )
    assert raw(row.pk, "key") == raw(twin.pk, "key")


def raw(pk: Any, *without: str) -> dict[str, Any]:
    """The row as it lies in the database, types included."""
    with connection.cursor() as cursor:
        id_ = pk.hex if connection.vendor == "sqlite" else pk
        cursor.execute("SELECT * FROM store_response WHERE id = %s", [id_])
        values = dict(zip([c[0] for c in cursor.description], cursor.fetchone(), strict=True))
    return {name: value for name, value in values.items() if name not in {"id", *without}}


def test_the_same_key_again_changes_nothing(world: World) -> None:
    first = submission(world, 4)
    again = submission(world, 9, key=first.key)
    assert Response.objects.record([first], now=NOW)[0].state == "added"
    assert Response.objects.record([again], now=LATER) == [Outcome(first.id, "unchanged")]
    assert [row.score for row in Response.objects.all()] == [4]


def test_the_same_key_twice_in_one_batch_is_one_row(world: World) -> None:
    first, second = submission(world, 4), submission(world, 9)
    outcomes = Response.objects.record([first, second._replace(key=first.key), second], now=NOW)
    assert [outcome.state for outcome in outcomes] == ["added", "unchanged", "added"]
    assert outcomes[1].id == first.id


def test_the_same_key_of_another_organisation_is_another_answer(
    world: World, other_world: World
) -> None:
    sent = [submission(world, key="k"), submission(other_world, key="k")]
    assert [o.state for o in Response.objects.record(sent, now=NOW)] == ["added", "added"]


def test_a_later_tap_changes_the_score_and_keeps_the_rest(world: World) -> None:
    said = submission(
        world, 9, amends=True, comment="Hyvä", may_contact=True, reply_to="040 123 4567"
    )
    tapped = submission(world, 2)._replace(
        key=said.key, amends=True, is_complete=False, answered_at=LATER
    )
    Response.objects.record([said], now=NOW)
    Response.objects.all().mark_triaged(at=NOW)
    assert Response.objects.record([tapped], now=LATER) == [Outcome(said.id, "amended")]
    row = Response.objects.get()
    assert (row.score, row.comment, row.may_contact, row.reply_to) == (
        2,
        "Hyvä",
        True,
        "040 123 4567",
    )
    assert (row.completed_at, row.changed_at, row.triaged_at) == (NOW, LATER, None)


def test_the_second_page_completes_the_first(world: World) -> None:
    tapped = submission(world, 3, amends=True, is_complete=False)
    said = tapped._replace(
        id=uuid7().hex, score=None, comment="Why not", is_complete=True, answered_at=LATER
    )
    assert [o.state for o in Response.objects.record([tapped, said], now=NOW)] == [
        "added",
        "amended",
    ]
    row = Response.objects.get()
    assert (row.score, row.comment, row.completed_at) == (3, "Why not", LATER)


def test_a_permission_taken_back_takes_the_address_with_it(world: World) -> None:
    said = submission(world, 3, amends=True, may_contact=True, reply_to="a@b.example")
    taken_back = said._replace(id=uuid7().hex, may_contact=False, reply_to="")
    Response.objects.record([said, taken_back], now=NOW)
    row = Response.objects.get()
    assert (row.may_contact, row.reply_to) == (False, "")


def test_a_double_tap_is_not_looked_at_again(world: World) -> None:
    tapped = submission(world, 3, amends=True, is_complete=False)
    Response.objects.record([tapped], now=NOW)
    Response.objects.all().mark_triaged(at=NOW)
    again = tapped._replace(id=uuid7().hex)
    assert Response.objects.record([again], now=LATER) == [Outcome(tapped.id, "unchanged")]
    assert not Response.objects.untriaged().exists()


def test_an_answer_keeps_the_place_of_its_encounter(world: World, other_world: World) -> None:
    touchpoint = Touchpoint.objects.place(
        world.touchpoint.stage, unit=world.root, name="Call", mode="human", code="call"
    )
    by_reference, by_id = meet(world), meet(world, "visit-2", touchpoint=touchpoint)
    meet(other_world, "theirs")
    outcomes = Response.objects.record(
        [
            submission(world, key="1", encounter="visit-1"),
            submission(world, key="2", encounter=str(by_id.pk)),
            submission(world, key="3", encounter="theirs"),
            submission(world, key="4"),
        ],
        now=NOW,
    )
    assert [(o.state, o.reason) for o in outcomes] == [
        ("added", ""),
        ("added", ""),
        ("refused", "unknown_encounter"),
        ("added", ""),
    ]
    placed = Response.objects.order_by("key").values_list("encounter", "touchpoint", "unit")
    assert list(placed) == [
        (by_reference.pk, world.touchpoint.pk, world.partner.pk),
        (by_id.pk, touchpoint.pk, world.partner.pk),
        (None, world.touchpoint.pk, world.service.pk),
    ]


def test_what_is_brought_in_as_triaged_opens_no_case(world: World) -> None:
    Response.objects.record([submission(world, is_triaged=True)], now=NOW)
    assert not Response.objects.untriaged().exists()


def test_nothing_to_write_is_nothing(world: World) -> None:
    assert Response.objects.record([], now=NOW) == []


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"score": 11}, "score_out_of_range"),
        ({"channel": "fax"}, "not_storable"),
        ({"comment": "half a \ud83d pair"}, "not_storable"),
        ({"comment": "zero \x00 byte"}, "not_storable"),
        ({"survey_id": 999_999}, "unknown_survey"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_bad_row_never_fails_its_batch(values: dict[str, Any], reason: str) -> None:
    from tests.world import make_world

    world = make_world()
    good, bad, also_good = (submission(world) for _ in range(3))
    batch = [good, bad._replace(**values), also_good]
    expected = [
        Outcome(good.id, "added"),
        Outcome(bad.id, "refused", reason),
        Outcome(also_good.id, "added"),
    ]
    if "\x00" in batch[1].comment and connection.vendor == "sqlite":
        expected[1] = Outcome(bad.id, "added")
    assert Response.objects.record(batch, now=NOW) == expected


@pytest.mark.django_db(transaction=True)
def test_over_a_raw_connection_the_rows_are_committed(transactional_db: None) -> None:
    from tests.world import make_world

    world = make_world()
    good, bad = submission(world), submission(world, 11)
    connection.ensure_connection()
    outcomes = write_submissions(
        connection.connection, [good, bad, good], vendor=connection.vendor, now=NOW
    )
    connection.close()
    assert outcomes == [
        Outcome(good.id, "added"),
        Outcome(bad.id, "refused", "score_out_of_range"),
        Outcome(good.id, "added"),
    ]
    assert Response.objects.count() == 1
