"""The column files of what was read: right at once, whatever is corrected, read anew or gone."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from tests.readings import read, theme
from tests.world import NOW, World

from kokemus.store import frames, lake
from kokemus.store.lake_tables import READINGS
from kokemus.store.models import CommentReading, Response, SentimentCorrection, ThemeExample

LATER = NOW + dt.timedelta(minutes=10)
AFTER = LATER + dt.timedelta(minutes=10)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _data_dir(settings: object, tmp_path: object) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def response(world: World) -> Response:
    """An answer whose comment is about waiting, in the files."""
    response: Response = world.respond(2, comment="Jono")
    read(response, theme(world))
    lake.refresh(world.organisation, now=LATER)
    return response


def seen(world: World) -> list[tuple[int | None, list[int]]]:
    """Score and themes of each reading, oldest first."""
    rows = frames.readings(world.admin).sort("id").collect()
    return [(score, sorted(themes)) for score, themes in rows.select("score", "themes").rows()]


def test_files_change_nothing_of_what_is_seen(world: World) -> None:
    for days in (0, 40):
        response = world.respond(3, comment="Jono", answered_at=NOW - days * DAY)
        read(response, theme(world), theme(world, "staff"), lemmas=" jono olla pitkä jono ")
    before = frames.readings(world.admin).sort("id").collect()
    assert lake.refresh(world.organisation, now=LATER) == 4
    assert lake.read_rows(world.organisation, after=LATER, table=READINGS).height == 0
    after = frames.readings(world.admin).sort("id").collect()
    assert after.equals(before)
    assert after.schema == pl.Schema(READINGS.schema)
    assert after["words"].to_list() == [["jono", "pitkä"]] * 2
    assert after["feelings"].to_list() == [[-0.6, -0.6]] * 2
    assert after["answered_at"].max() == NOW.replace(tzinfo=None)


def test_a_reading_after_the_files_is_seen_at_once(world: World, response: Response) -> None:
    read(world.respond(9, comment="Kiitos"), theme(world, "staff"), read_at=AFTER)
    assert sorted(seen(world)) == [(2, [theme(world).pk]), (9, [theme(world, "staff").pk])]


def test_what_a_member_says_is_seen_at_once_and_stays(world: World, response: Response) -> None:
    said = {"response": response, "by": world.agent, "at": AFTER}
    ThemeExample.objects.teach(theme(world, "staff"), is_positive=True, **said)
    ThemeExample.objects.teach(theme(world), is_positive=False, **said)
    assert seen(world) == [(2, [theme(world, "staff").pk])]
    lake.refresh(world.organisation, now=AFTER + DAY)
    assert seen(world) == [(2, [theme(world, "staff").pk])]


def test_a_corrected_feeling_is_sure_at_once(world: World) -> None:
    response = world.respond(2, comment="Jono")
    read(response, is_unsure=True)
    lake.refresh(world.organisation, now=LATER)
    assert frames.readings(world.admin).collect()["is_unsure"].to_list() == [True]
    SentimentCorrection.objects.teach(response, label="neutral", by=world.agent, at=AFTER)
    assert frames.readings(world.admin).collect()["is_unsure"].to_list() == [False]


def test_what_is_read_anew_takes_the_place_of_what_was(world: World, response: Response) -> None:
    Response.objects.all().read_again()
    read(response, theme(world, "price"), read_at=AFTER)
    assert seen(world) == [(2, [theme(world, "price").pk])]


def test_a_merged_theme_is_seen_as_the_other_at_once(world: World, response: Response) -> None:
    theme(world).merge_into(theme(world, "staff"), by=world.lead, at=AFTER)
    assert seen(world) == [(2, [theme(world, "staff").pk])]


def test_a_changed_score_goes_with_the_comment(world: World, response: Response) -> None:
    Response.objects.filter(pk=response.pk).update(score=10, changed_at=AFTER)
    assert seen(world) == [(10, [theme(world).pk])]
    assert lake.refresh(world.organisation, now=AFTER + DAY) == 2
    assert seen(world) == [(10, [theme(world).pk])]


def test_a_reading_that_is_gone_is_seen_no_more(world: World, response: Response) -> None:
    kept = world.respond(9, comment="Kiitos")
    read(kept, read_at=LATER)
    lake.refresh(world.organisation, now=AFTER)
    CommentReading.objects.filter(pk=response.pk).delete()
    assert seen(world) == [(9, [])]
    lake.refresh(world.organisation, now=AFTER + DAY)
    held = pl.read_parquet(lake.folder_of(world.organisation, table=READINGS) / "*.parquet")
    assert held["id"].to_list() == [kept.pk.hex]


def test_an_erased_answer_leaves_both_kinds_of_files(world: World, response: Response) -> None:
    response.delete()
    assert seen(world) == []
    lake.forget(world.organisation)
    lake.refresh(world.organisation, now=AFTER)
    assert list(lake.folder_of(world.organisation, table=READINGS).glob("*.parquet")) == []


def test_a_member_sees_the_readings_of_their_units(world: World, other_world: World) -> None:
    for unit, score in ((world.service, 9), (world.billing, 3)):
        read(world.respond(score, unit=unit, comment="Jono"))
    read(other_world.respond(0, comment="Jono"))
    lake.refresh(world.organisation, now=LATER)
    read(world.respond(7, unit=world.billing, comment="Jono"), read_at=AFTER)
    found = {
        name: sorted(frames.readings(getattr(world, name)).collect()["score"].to_list())
        for name in ("admin", "viewer", "partner_agent")
    }
    assert found == {"admin": [3, 7, 9], "viewer": [9], "partner_agent": []}


def test_a_reading_is_filtered_by_the_language_it_is_written_in(world: World) -> None:
    read(world.respond(9, comment="Kön", language="fi", channel="qr"), language="sv")
    asked = [frames.Selection(language="sv"), frames.Selection(language="fi", channel="qr")]
    found = [frames.count_rows(frames.readings(world.admin, each)) for each in asked]
    assert found == [1, 0]


def test_readings_are_counted_by_theme_word_week_and_group(world: World) -> None:
    for days, words in ((0, "jono pitkä"), (0, "jono"), (8, "jono lasku")):
        response = world.respond(2, comment="Jono", answered_at=NOW - days * DAY)
        read(response, *[theme(world)][: days or 0], lemmas=f" {words} ")
    start = NOW.date() - 13 * DAY
    rows = frames.mark_weeks(frames.readings(world.admin), start)
    words = frames.spread(frames.by_word(rows), of="word", over="place", places=(0, 1), least=2)
    assert words == {"jono": [1, 2]}
    themes = frames.spread(frames.by_theme(rows), of="theme", over="place", places=(0, 1))
    assert themes == {theme(world).pk: [1, 0]}
    assert frames.count(frames.mark_about(rows, theme(world).pk), by=[("is_about",)])[0].rows() == [
        (False, 2),
        (True, 1),
    ]
    assert frames.count_rows(frames.mark_any(rows, [theme(world).pk]).filter(has_any=True)) == 1
    assert frames.count_rows(frames.latest(rows, 1)) == 2  # of one second
    feelings = frames.average(frames.by_theme(rows), of="feeling", by="theme").rows()
    assert feelings == [(theme(world).pk, 1, -0.6, pytest.approx(0.36))]
