"""Comments are read as they come: once, in batches, with nothing kept that was not meant to be."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.readings import theme
from tests.store.submissions import submission
from tests.world import NOW, World

from kokemus.comments.personal import PersonalSpan
from kokemus.listen import comments, jobs
from kokemus.listen.comments import read_fresh_comments, read_past_comments, shift_places
from kokemus.listen.jobs import warm_up_next
from kokemus.listen.readers import Readers
from kokemus.store.models import CommentReading, Member, Organisation, Progress, ReadTheme, Response

LATER = NOW + dt.timedelta(minutes=5)
COMMENT = "Jonotin kassalla puoli tuntia, soittakaa 040 123 4567. Matti Virtanen oli ystävällinen!"


def read_all(readers: Readers | None = None) -> int:
    readers = readers or Readers()
    fresh = read_fresh_comments(readers, now=LATER)
    return fresh + read_past_comments(readers, now=LATER)


def say(world: World, comment: str, **values: Any) -> Response:
    return world.respond(values.pop("score", 9), comment=comment, language="fi", **values)


def themes_of(response: Response) -> set[str]:
    rows = ReadTheme.objects.filter(reading=response.pk)
    return set(rows.values_list("theme__code", flat=True))


def test_a_comment_is_read_with_its_themes_and_its_evidence(world: World) -> None:
    response = say(world, COMMENT)
    assert (read_all(), read_all()) == (1, 0)
    reading = CommentReading.objects.get()
    assert (reading.pk, reading.unit, reading.language) == (response.pk, world.service, "fi")
    assert {"waiting", "staff"} <= themes_of(response)
    assert " jonottaa " in reading.lemmas
    assert "040" not in reading.redacted
    assert "virtanen" not in reading.lemmas
    assert {span["kind"] for span in reading.personal} == {"phone", "name"}
    assert (reading.read_at >= LATER, reading.read_of, reading.triaged_at) == (True, NOW, None)
    assert len(reading.statements) == 2


def test_marks_of_the_redacted_comment_stand_on_the_same_words(world: World) -> None:
    say(world, COMMENT)
    read_all()
    reading = CommentReading.objects.get()
    marked = {(COMMENT[raw["start"] : raw["end"]], raw["kind"]) for raw in reading.evidence}
    shown = {
        (reading.redacted[at["start"] : at["end"]], at["kind"]) for at in reading.shown["evidence"]
    }
    assert shown == marked
    assert "theme:waiting" in {kind for _words, kind in shown}
    last = reading.shown["statements"][-1]
    assert reading.redacted[last["start"] : last["end"]] == "oli ystävällinen!"


def test_places_move_by_what_is_hidden_before_them() -> None:
    spans = [PersonalSpan(4, 9, "name")]
    places = [{"start": 0, "end": 3}, {"start": 4, "end": 9}, {"start": 10, "end": 13}]
    moved = shift_places({"evidence": places}, spans=spans, language="fi")
    assert moved == {"evidence": [{"start": 0, "end": 3}, {"start": 11, "end": 14}]}


def test_an_amended_comment_is_read_again_and_an_emptied_one_forgotten(world: World) -> None:
    tap = submission(world, 4, amends=True, key="one", comment="Jonotin tunnin", language="fi")
    Response.objects.record([tap], now=NOW)
    read_all()
    Response.objects.record([tap._replace(comment="Myyjä oli ystävällinen")], now=LATER)
    assert read_all() == 1
    assert themes_of(Response.objects.get()) == {"staff"}
    Response.objects.update(comment="", reading_turn=Response.Turn.FRESH)
    assert read_all() == 1
    assert not CommentReading.objects.exists()
    assert not Response.objects.unread().exists()


def test_many_batches_cost_a_few_queries_each(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = Readers()
    say(world, "Jonotin tunnin")
    read_all(readers)
    monkeypatch.setattr(comments, "AT_ONCE", 20)
    counts = []
    for size in (1, 20):
        for _ in range(size):
            say(world, "Jonotin tunnin")
        with CaptureQueriesContext(connection) as queries:
            comments._read_batch(
                Response.objects.unread().select_for_reading(limit=20), readers=readers, now=LATER
            )
        counts.append(len(queries))
    assert counts[0] == counts[1]
    for _ in range(45):
        say(world, "Jonotin tunnin")
    assert read_all(readers) == 45
    assert CommentReading.objects.progress(world.organisation) == Progress(67, 67)


def test_the_progress_counts_what_is_read_and_what_waits_in_one_moment(
    world: World, other_world: World
) -> None:
    again, *_ = [say(whose, "Jonotin tunnin") for whose in (world, world, world, other_world)]
    read_all()
    Response.objects.filter(pk=again.pk).read_again()
    say(world, "Puhelin ei vastaa")
    with CaptureQueriesContext(connection) as queries:
        assert CommentReading.objects.progress(world.organisation) == Progress(2, 4)
    # One looks whether any waits; what both counts are taken from is one statement.
    assert [query["sql"].count("COUNT(") for query in queries] == [0, 2]


def test_in_a_rush_the_newest_are_read_and_the_others_when_it_is_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"AT_ONCE": 6, "WRITTEN_AT_ONCE": 2, "ROUND_SECONDS_MAX": 0}.items():
        monkeypatch.setattr(comments, name, value)
    said = [say(world, f"Jonotin {number} tuntia") for number in range(7)]
    for number, response in enumerate(said):
        came = NOW + dt.timedelta(seconds=number / 10)
        Response.objects.filter(pk=response.pk).update(changed_at=came)
    assert read_fresh_comments(Readers(), now=NOW + dt.timedelta(seconds=1)) == 2
    assert set(CommentReading.objects.values_list("pk", flat=True)) == {r.pk for r in said[-2:]}
    assert read_fresh_comments(Readers(), now=LATER) == 5


def test_members_names_are_hidden_as_soon_as_they_are_members(world: World) -> None:
    readers = Readers()
    say(world, "kiitos tuikulle avusta")
    read_all(readers)
    assert "tuikulle" in CommentReading.objects.get().redacted
    Member.objects.enrol(
        world.organisation, email="t@acme.example", name="Tuikku Tähti", language="fi"
    )
    Response.objects.all().read_again()
    read_all(readers)
    assert CommentReading.objects.get().redacted == "kiitos [nimi] avusta"


def test_own_themes_read_only_the_comments_of_their_organisation(
    world: World, other_world: World
) -> None:
    from kokemus.store.models import Theme

    Theme.objects.begin(
        other_world.organisation,
        code="parking",
        names={"fi": "Pysäköinti"},
        rules={"fi": ["pysäköinti|parkkipaikka"]},
        by=other_world.lead,
        at=NOW,
    )
    ours, theirs = say(world, "Parkkipaikka puuttui"), say(other_world, "Parkkipaikka puuttui")
    read_all()
    assert "parking" not in themes_of(ours)
    assert "parking" in themes_of(theirs)


def test_a_merged_theme_finds_its_heir(world: World) -> None:
    theme(world, "waiting").merge_into(theme(world, "delivery"), by=world.lead, at=NOW)
    response = say(world, "Jonotin kassalla tunnin")
    read_all()
    assert "delivery" in themes_of(response)
    assert "waiting" not in themes_of(response)


def test_one_that_cannot_be_read_keeps_nobody_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = say(world, "Jonotin tunnin"), say(world, "rikki")
    inner = comments._read

    def read(own: Any, **more: Any) -> Any:
        if any(facts.comment == "rikki" for facts in own):
            raise ValueError("cannot be read")
        return inner(own, **more)

    monkeypatch.setattr(comments, "_read", read)
    assert read_all() == 2
    assert CommentReading.objects.get().pk == good.pk
    assert not Response.objects.unread().filter(pk=bad.pk).exists()
    assert "could not be read" in caplog.text
    assert "rikki" not in caplog.text.split("Traceback")[0]


def test_the_language_of_the_organisation_is_made_ready_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers, seen = Readers(), []
    Organisation.objects.filter(pk=world.organisation.pk).update(language="sv")
    for _ in range(2):
        warm_up_next(readers)
        seen.append(readers.cold_languages())
    monkeypatch.setattr(jobs, "OTHERS_AFTER_SECONDS", -1.0)
    counts = [warm_up_next(readers) for _ in range(3)]
    assert seen == [["fi", "en"], ["fi", "en"]]
    assert (counts, readers.cold_languages()) == ([1, 1, 0], [])
