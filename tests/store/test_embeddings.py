"""Embeddings as rows: one a comment, of the words it has now, gone when the answer goes."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from django.db import connection, transaction
from numpy.typing import NDArray
from tests.readings import READ_AT, read
from tests.world import NOW, World

from kokemus.store.models import CommentEmbedding, CommentReading, Progress, Response
from kokemus.store.models.embeddings import read_vectors

LATER = NOW + dt.timedelta(minutes=5)
NAME = [{"start": 0, "end": 5, "kind": "name"}]


def vector_of(number: int) -> NDArray[np.int8]:
    return np.full(384, number, dtype=np.int8)


def embed(response: Response, number: int = 1, *, read_at: dt.datetime = READ_AT) -> list[object]:
    vectors = {response.pk: vector_of(number)}
    return list(CommentEmbedding.objects.write(vectors, seen={response.pk: read_at}))


def by_key(response: Response) -> str:
    return str(response.pk)


def waiting() -> list[object]:
    rows = CommentReading.objects.unembedded().select_for_embedding(limit=100)
    return [facts.pk for facts in rows]


def test_what_is_read_waits_until_it_is_embedded(world: World) -> None:
    response = world.respond(2, comment="Jono")
    read(response, awaits_embedding=True)
    facts = CommentReading.objects.unembedded().select_for_embedding(limit=1)[0]
    assert tuple(facts) == (response.pk, "Jono", [], READ_AT)
    assert embed(response, -127) == [response.pk]
    assert waiting() == []
    kept = CommentEmbedding.objects.get()
    assert (kept.organisation, kept.of) == (world.organisation, response.changed_at)
    assert read_vectors([kept.vector]).tolist() == [[-127] * 384]
    assert embed(response, 5) == [response.pk]
    assert read_vectors([CommentEmbedding.objects.get().vector])[0, 0] == 5


def test_what_is_merely_read_anew_keeps_its_vector(world: World) -> None:
    response = world.respond(2, comment="Jono")
    read(response, awaits_embedding=True)
    embed(response)
    Response.objects.all().read_again()
    read(response, awaits_embedding=True)
    assert waiting() == []
    assert CommentEmbedding.objects.exists()


def test_a_changed_comment_is_embedded_anew(world: World) -> None:
    response = world.respond(2, comment="Jono")
    read(response, awaits_embedding=True)
    embed(response)
    again = {"reading_turn": Response.Turn.FRESH, "changed_at": LATER, "comment": "Ei jonoa"}
    Response.objects.filter(pk=response.pk).update(**again)
    response.refresh_from_db()
    assert CommentEmbedding.objects.vectors_of({response.pk: LATER}) == {}
    assert embed(response, 2) == [], "what was read of it is of other words"
    read(response, awaits_embedding=True)
    assert waiting() == [response.pk]
    assert not CommentEmbedding.objects.exists()


def test_a_name_that_is_hidden_from_now_on_leaves_the_vector(world: World) -> None:
    response = world.respond(2, comment="Tuikku auttoi")
    read(response, awaits_embedding=True)
    embed(response)
    Response.objects.all().read_again()
    read(response, awaits_embedding=True, personal=NAME)
    assert waiting() == [response.pk]
    assert not CommentEmbedding.objects.exists()


def test_what_was_read_anew_meanwhile_is_not_kept(world: World) -> None:
    response = world.respond(2, comment="Jono")
    read(response, awaits_embedding=True)
    assert embed(response, read_at=LATER + dt.timedelta(hours=1)) == []
    assert waiting() == [response.pk]


def test_an_embedding_goes_with_the_answer_and_with_its_comment(world: World) -> None:
    gone, emptied = (world.respond(2, comment="Jono") for _ in range(2))
    for response in (gone, emptied):
        read(response, awaits_embedding=True)
        embed(response)
    gone.delete()
    assert CommentEmbedding.objects.get().pk == emptied.pk
    Response.objects.update(comment="", reading_turn=Response.Turn.FRESH)
    CommentReading.objects.forget({emptied.pk: emptied.changed_at})
    assert not CommentEmbedding.objects.exists()


def test_what_was_read_before_is_let_wait_a_few_at_a_time(world: World) -> None:
    responses = sorted((world.respond(2, comment=f"Jono {n}") for n in range(5)), key=by_key)
    for response in responses:
        read(response)
    embed(responses[3])
    assert waiting() == []
    last = CommentReading.objects.await_embeddings(before=None, limit=2)
    assert (last, waiting()) == (responses[3].pk, [responses[4].pk])
    last = CommentReading.objects.await_embeddings(before=last, limit=9)
    assert CommentReading.objects.await_embeddings(before=last, limit=9) is None
    assert set(waiting()) == {r.pk for r in responses} - {responses[3].pk}


def test_progress_and_sight_end_at_the_organisation(world: World, other_world: World) -> None:
    inside, outside = world.respond(2, comment="Jono"), world.respond(2, unit=world.billing)
    theirs = other_world.respond(2, comment="Jono")
    for response in (inside, outside, theirs):
        Response.objects.filter(pk=response.pk).update(comment="Jono")
        read(response)
        embed(response)
    read(world.respond(2, comment="Jono"))
    assert CommentEmbedding.objects.progress(world.organisation) == Progress(2, 3)
    assert CommentEmbedding.objects.progress(other_world.organisation) == Progress(1, 1)
    assert CommentEmbedding.objects.visible_to(world.agent).get().pk == inside.pk


def test_what_is_being_written_by_others_is_left_to_another_round(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("writers of SQLite take turns")
    from threading import Thread

    from tests.world import make_world

    response = make_world().respond(2, comment="Jono")
    read(response, awaits_embedding=True)
    kept: list[object] = []

    def elsewhere() -> None:
        kept.extend(embed(response))
        connection.close()

    with transaction.atomic():
        Response.objects.select_for_update().get(pk=response.pk)
        thread = Thread(target=elsewhere)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()
    assert kept == []
    assert waiting() == [response.pk]
