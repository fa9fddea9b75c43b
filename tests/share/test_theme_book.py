"""The book of themes: begun by examples, renamed, merged, split, with history and undo."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.share.readings import read
from tests.world import NOW, World

from kokemus.store.models import HiddenNames, Theme


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.admin)
    return client


def theme_of(world: World, code: str) -> Theme:
    return Theme.objects.get(organisation=world.organisation, code=code)


def test_a_theme_is_begun_by_picking_comments(world: World, client: Client) -> None:
    keys = [str(read(world, f"Parking {n}").pk) for n in range(3)]
    few = client.post("/themes/new/?period=all", {"name": "Parking", "example": keys[:2]})
    assert few.status_code == 422
    assert "at least 3" in few.content.decode()
    client.post("/themes/new/?period=all", {"name": "Pysäköinti", "example": keys})
    theme = theme_of(world, "pysakointi")
    assert (theme.name, theme.examples.count()) == ("Pysäköinti", 3)
    assert theme.read_themes.filter(source="person").count() == 3
    again = client.post("/themes/new/?period=all", {"name": "pysäköinti", "example": keys})
    assert "already" in again.content.decode()


def test_renaming_is_undone_to_the_name_before(world: World, client: Client) -> None:
    client.post("/themes/waiting/rename/", {"name-en": "Queues"})
    assert theme_of(world, "waiting").name_in("en") == "Queues"
    client.post("/themes/waiting/rename/undo/")
    assert theme_of(world, "waiting").names == {}
    assert theme_of(world, "waiting").events.filter(kind="renamed").count() == 2


def test_merging_moves_comments_and_leads_to_the_other(world: World, client: Client) -> None:
    read(world, "Late", themes="waiting")
    client.post("/themes/waiting/merge/", {"into": "promises"})
    assert theme_of(world, "promises").read_themes.count() == 1
    assert client.get("/themes/waiting/")["Location"] == "/themes/promises/"
    client.post("/themes/waiting/restore/")
    assert theme_of(world, "waiting").is_active
    client.post("/themes/waiting/merge/", {"into": "waiting"})
    assert theme_of(world, "waiting").is_active


def test_a_part_is_parted_off_by_its_words(world: World, client: Client) -> None:
    client.post("/themes/waiting/split/", {"name": "Phone queues", "words": "phone, puhelin*"})
    part = theme_of(world, "phone-queues")
    assert part.rules == {"": ["phone", "puhelin*"]}
    whole = theme_of(world, "waiting")
    assert (whole.is_active, set(whole.split_into)) == (False, {"phone-queues", "waiting-2"})
    assert client.get("/themes/phone-queues/").status_code == 200


def test_no_theme_is_called_by_a_listed_name_or_found_by_it(world: World, client: Client) -> None:
    HiddenNames.objects.keep(world.organisation, names=["Pirkkaleena"], at=NOW)
    keys = [str(read(world, f"Parking {n}").pk) for n in range(3)]
    asked = client.post("/themes/new/?period=all", {"name": "Pirkkaleenan vuorot", "example": keys})
    assert "hides in comments" in asked.text
    client.post("/themes/waiting/rename/", {"name-en": "pirkkaleena"})
    client.post("/themes/waiting/split/", {"name": "Queues", "words": "phone, pirkkaleena"})
    assert theme_of(world, "waiting").names == {}
    assert theme_of(world, "waiting").is_active
    assert not Theme.objects.filter(code__in=["pirkkaleenan-vuorot", "queues"]).exists()
