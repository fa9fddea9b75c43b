"""The column files hold what the rows hold, whatever happened to either."""

from __future__ import annotations

import datetime as dt
import os

import polars as pl
import pytest
from tests.world import NOW, World

from kokemus.store import frames, lake
from kokemus.store.models import Organisation, Response

LATER = NOW + dt.timedelta(minutes=5)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _data_dir(settings: object, tmp_path: object) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]


def scores(organisation: Organisation) -> list[int | None]:
    return lake.scan(organisation).sort("id").collect()["score"].to_list()


def test_an_answer_is_counted_before_any_file_is_written(world: World) -> None:
    world.respond(9)
    assert scores(world.organisation) == [9]


def test_refreshing_writes_a_file_a_month_and_changes_no_answer(world: World) -> None:
    for score, months_ago in ((9, 0), (None, 1), (3, 1)):
        world.respond(score, answered_at=NOW - 31 * months_ago * DAY, comment="Hidas" * months_ago)
    before = lake.scan(world.organisation).sort("id").collect()
    assert lake.refresh(world.organisation, now=LATER) == 3
    assert lake.read_manifest(world.organisation).months == ("2026-01", "2026-03")
    assert lake.read_rows(world.organisation, after=LATER).height == 0
    assert lake.scan(world.organisation).sort("id").collect().equals(before)
    assert before.schema == pl.Schema(lake.ANSWERS.schema)
    assert sorted(before["week"]) == ["2026-W05", "2026-W05", "2026-W10"]


def test_an_answer_that_changed_is_counted_once_and_as_it_is_now(world: World) -> None:
    changed, kept = world.respond(2), world.respond(8)
    lake.refresh(world.organisation, now=LATER)
    Response.objects.filter(pk=changed.pk).update(score=10, changed_at=LATER)
    assert sorted(scores(world.organisation)) == [8, 10]
    assert lake.refresh(world.organisation, now=LATER + DAY) == 1
    assert sorted(scores(world.organisation)) == [kept.score, 10]


def test_a_row_whose_commit_may_still_come_is_not_passed_by(world: World) -> None:
    world.respond(9)
    assert lake.refresh(world.organisation, now=NOW + dt.timedelta(seconds=30)) == 0
    assert scores(world.organisation) == [9]
    world.respond(1, changed_at=NOW - dt.timedelta(seconds=20))
    assert sorted(scores(world.organisation)) == [1, 9]
    assert lake.refresh(world.organisation, now=LATER) == 2


def test_only_months_that_changed_are_written(world: World) -> None:
    old = world.respond(9, answered_at=NOW - 40 * DAY)
    lake.refresh(world.organisation, now=LATER)
    folder = lake.folder_of(world.organisation)
    inode = (folder / f"{old.local_day:%Y-%m}.parquet").stat().st_ino
    world.respond(3, answered_at=LATER)
    lake.refresh(world.organisation, now=LATER + DAY)
    assert (folder / f"{old.local_day:%Y-%m}.parquet").stat().st_ino == inode
    assert (folder / "2026-03.parquet").exists()


def test_lost_files_are_made_anew(world: World) -> None:
    world.respond(9)
    world.respond(3, answered_at=NOW - 40 * DAY)
    lake.refresh(world.organisation, now=LATER)
    (lake.folder_of(world.organisation) / "2026-03.parquet").unlink()
    assert sorted(scores(world.organisation)) == [3, 9]
    assert lake.refresh(world.organisation, now=LATER + DAY) == 2
    lake.forget(world.organisation)
    assert sorted(scores(world.organisation)) == [3, 9]
    assert lake.refresh(world.organisation, now=LATER + DAY) == 2


def test_an_erased_row_leaves_the_files(world: World) -> None:
    world.respond(9)
    gone = world.respond(3)
    lake.refresh(world.organisation, now=LATER)
    gone.delete()
    lake.refresh(world.organisation, now=LATER + DAY)
    assert scores(world.organisation) == [9]


def test_a_reader_is_not_cut_off_when_files_are_made_anew(world: World) -> None:
    world.respond(9)
    gone = world.respond(3)
    emptied = world.respond(5, answered_at=NOW - 40 * DAY)
    lake.refresh(world.organisation, now=LATER)
    read_later = lake.scan(world.organisation).select("score")
    gone.delete()
    lake.refresh(world.organisation, now=LATER + DAY)
    assert read_later.collect()["score"].sort().to_list() == [5, 9]
    emptied.delete()
    lake.refresh(world.organisation, now=LATER + 2 * DAY)
    folder = lake.folder_of(world.organisation)
    assert [path.stem for path in folder.glob("*.parquet")] == [f"{NOW:%Y-%m}"]


def test_files_of_another_database_are_not_read(world: World) -> None:
    world.respond(9)
    lake.refresh(world.organisation, now=LATER)
    Organisation.objects.filter(pk=world.organisation.pk).update(created_at=LATER)
    Response.objects.all().delete()
    assert scores(Organisation.objects.get(pk=world.organisation.pk)) == []


def test_a_torn_write_leaves_the_old_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.respond(9)
    lake.refresh(world.organisation, now=LATER)
    world.respond(3, answered_at=LATER)

    def fail(*_arguments: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="no space"):
            lake.refresh(world.organisation, now=LATER + DAY)
    assert sorted(scores(world.organisation)) == [3, 9]
    names = {path.name for path in lake.folder_of(world.organisation).iterdir()}
    assert names == {"2026-03.parquet", "manifest.json", ".lock"}


def test_a_member_sees_the_answers_of_their_units(world: World, other_world: World) -> None:
    world.respond(9)
    world.respond(3, unit=world.billing)
    other_world.respond(0)
    lake.refresh(world.organisation, now=LATER)
    world.respond(7, unit=world.billing, answered_at=LATER)
    seen = {
        name: sorted(frames.responses(getattr(world, name)).collect()["score"].to_list())
        for name in ("admin", "viewer", "partner_agent")
    }
    assert seen == {"admin": [3, 7, 9], "viewer": [9], "partner_agent": []}


@pytest.mark.parametrize("is_in_files", [True, False])
def test_each_filter_keeps_its_own(world: World, is_in_files: bool) -> None:
    kept = world.respond(9, channel="qr", language="fi")
    world.respond(1, unit=world.billing, answered_at=NOW - 40 * DAY)
    if is_in_files:
        lake.refresh(world.organisation, now=LATER)
    selections = [
        frames.Selection(first_day=NOW.date()),
        frames.Selection(unit=world.service),
        frames.Selection(channel="qr"),
        frames.Selection(language="fi"),
    ]
    none = frames.Selection(scale="csat"), frames.Selection(last_day=NOW.date() - 60 * DAY)
    for selection in selections:
        found = frames.responses(world.admin, selection).collect()
        assert found["id"].to_list() == [kept.pk.hex], selection
    for selection in (*none, frames.Selection(journey=0), frames.Selection(survey=-1)):
        assert frames.responses(world.admin, selection).collect().height == 0, selection
    all_of = frames.Selection(
        journey=world.journey.pk, survey=world.survey.pk, touchpoint=world.touchpoint.pk
    )
    assert frames.responses(world.admin, all_of).collect().height == 2


def test_answers_are_counted_by_several_columns_at_once(world: World) -> None:
    for score in (9, 9, 3):
        world.respond(score)
    answers = frames.responses(world.admin)
    by_score, by_week = frames.count(answers, by=[("score",), ("week", "channel")])
    assert by_score.rows() == [(3, 1), (9, 2)]
    assert by_week.rows() == [("2026-W10", "link", 3)]
