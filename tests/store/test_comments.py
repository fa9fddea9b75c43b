"""Readings of comments, themes and what people teach, as rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils.translation import override
from tests.readings import as_read, read, theme
from tests.store.submissions import submission
from tests.world import NOW, World

from kokemus.store.models import (
    CommentReading,
    Organisation,
    Progress,
    ReadTheme,
    Response,
    SentimentCorrection,
    Theme,
    ThemeEvent,
    ThemeExample,
    Version,
)
from kokemus.store.models.themes import ImpossibleMerge

LATER = NOW + dt.timedelta(minutes=5)


def about(response: Response) -> set[tuple[str, str]]:
    rows = ReadTheme.objects.filter(reading=response.pk)
    return set(rows.values_list("theme__code", "source"))


def test_an_organisation_starts_with_twelve_themes(world: World) -> None:
    themes = Theme.objects.visible_to(world.viewer).in_use()
    assert [one.code for one in themes][:3] == ["waiting", "staff", "competence"]
    assert len(themes) == 12
    for read_in in ("en", "fi", "sv"):  # whichever the reader's language is
        with override(read_in):
            names = [themes[0].name_in(language) for language in ("en", "fi", "sv")]
        assert names == ["Waiting", "Odottaminen", "Väntan"]
    assert Theme.objects.lay_down_starting(world.organisation) == list(themes)


@pytest.mark.parametrize(
    ("comment", "is_triaged", "turn"),
    [("Jono", False, Response.Turn.FRESH), ("Jono", True, Response.Turn.PAST), ("", False, None)],
)
def test_a_captured_comment_waits_to_be_read(
    world: World, comment: str, is_triaged: bool, turn: int | None
) -> None:
    sent = submission(world, 4, comment=comment, is_triaged=is_triaged)
    Response.objects.record([sent], now=NOW)
    assert Response.objects.get().reading_turn == turn


def test_a_comment_after_the_tap_waits_to_be_read_and_a_second_score_does_not(
    world: World,
) -> None:
    tap = submission(world, 4, amends=True, key="one")
    Response.objects.record([tap], now=NOW)
    Response.objects.record([tap._replace(score=None, comment="Jono")], now=LATER)
    assert Response.objects.get().reading_turn == Response.Turn.FRESH
    Response.objects.mark_read()
    Response.objects.record([tap._replace(score=3)], now=LATER + dt.timedelta(minutes=1))
    assert Response.objects.get().reading_turn is None


def test_who_wrote_just_now_is_read_first(world: World) -> None:
    turns = Response.Turn
    past = world.respond(2, comment="a", reading_turn=turns.PAST)
    again = world.respond(2, comment="b", reading_turn=turns.AGAIN)
    old = world.respond(2, comment="c")
    new = world.respond(2, comment="d", changed_at=LATER)
    facts = Response.objects.unread().select_for_reading(limit=9)
    assert [fact.pk for fact in facts] == [new.pk, old.pk, past.pk, again.pk]


def test_a_reading_is_kept_once_with_its_themes(world: World) -> None:
    response = world.respond(2, comment="Jono oli pitkä")
    for _ in range(2):
        Response.objects.update(reading_turn=Response.Turn.FRESH)
        kept = read(response, theme(world), theme(world, "staff"))
    assert about(response) == {("waiting", "rule"), ("staff", "rule")}
    assert kept.triaged_at is None
    assert Response.objects.get().reading_turn is None
    assert list(CommentReading.objects.visible_to(world.viewer).about(theme(world))) == [kept]
    assert CommentReading.objects.having_lemma("jono").count() == 1


def test_what_changed_while_it_was_read_waits_for_the_next_round(world: World) -> None:
    response = world.respond(2, comment="Jono oli pitkä")
    seen = as_read(response)
    Response.objects.update(comment="Jono oli pitkä ja kylmä", changed_at=LATER)
    assert CommentReading.objects.write([seen], themes={}, at=LATER) == 0
    assert Response.objects.unread().count() == 1


def test_no_rule_looks_at_a_comment_of_the_past(world: World) -> None:
    response = world.respond(2, comment="Jono", reading_turn=Response.Turn.PAST, triaged_at=NOW)
    assert read(response).triaged_at == LATER
    assert not CommentReading.objects.untriaged().exists()


def test_reading_again_leaves_what_rules_have_seen(world: World) -> None:
    response = world.respond(2, comment="Jono", triaged_at=NOW)
    read(response)
    CommentReading.objects.mark_triaged(at=NOW)
    assert Response.objects.all().read_again() == 1
    assert read(response).triaged_at == NOW


def test_progress_counts_what_is_read(world: World, other_world: World) -> None:
    first, second = (world.respond(2, comment="Jono") for _ in range(2))
    world.respond(2)
    other_world.respond(2, comment="Jono")
    assert CommentReading.objects.progress(world.organisation) == Progress(0, 2)
    read(first)
    read(second)
    assert CommentReading.objects.progress(world.organisation).is_done
    Response.objects.filter(pk=first.pk).read_again()
    assert CommentReading.objects.progress(world.organisation) == Progress(1, 2)


def test_a_reading_goes_with_its_comment_and_with_its_answer(world: World) -> None:
    response = world.respond(2, comment="Jono")
    read(response, theme(world))
    Response.objects.update(comment="", reading_turn=Response.Turn.FRESH)
    assert CommentReading.objects.forget({response.pk: response.changed_at}) == 1
    assert not CommentReading.objects.exists()
    Response.objects.update(reading_turn=Response.Turn.FRESH)
    read(response, theme(world))
    response.delete()
    assert not CommentReading.objects.exists()
    assert not ReadTheme.objects.exists()


def test_what_a_member_said_wins_now_and_when_it_is_read_again(world: World) -> None:
    response = world.respond(2, comment="Jono")
    read(response, theme(world))
    staff, waiting = theme(world, "staff"), theme(world)
    ThemeExample.objects.teach(staff, response=response, is_positive=True, by=world.agent, at=LATER)
    ThemeExample.objects.teach(
        waiting, response=response, is_positive=False, by=world.agent, at=LATER
    )
    assert about(response) == {("staff", "person")}
    Response.objects.all().read_again()
    read(response, waiting)
    assert about(response) == {("staff", "person")}
    ThemeExample.objects.get(theme=waiting).take_back(at=LATER)
    read(response, waiting)
    assert about(response) == {("staff", "person"), ("waiting", "rule")}


def test_a_corrected_feeling_stays_until_it_is_taken_back(world: World) -> None:
    response = world.respond(2, comment="Jono")
    read(response)
    for label in ("positive", "neutral"):
        said = SentimentCorrection.objects.teach(response, label=label, by=world.agent, at=LATER)
    assert (said.before, said.label) == ("negative", "neutral")
    Response.objects.all().read_again()
    again = read(response)
    assert (again.label, again.sentiment, again.is_corrected) == ("neutral", 0.0, True)
    said.take_back()
    assert read(response).label == "negative"


def test_a_merged_theme_gives_its_comments_and_rules_away(world: World) -> None:
    from kokemus.store.models import TriageRule

    waiting, own = (
        theme(world),
        Theme.objects.begin(
            world.organisation, code="queue", names={"fi": "Jonot"}, by=world.lead, at=NOW
        ),
    )
    both, one = (world.respond(2, comment="Jono") for _ in range(2))
    read(both, waiting, own)
    read(one, own)
    rule = TriageRule.objects.lay_down(world.root, name="Queues", theme=own)
    own.merge_into(waiting, by=world.lead, at=LATER)
    rule.refresh_from_db()
    assert rule.theme == waiting
    assert about(both) == about(one) == {("waiting", "rule")}
    assert [event.kind for event in own.events.all()] == ["begun", "merged_into"]
    assert waiting.events.get().data == {"from": "queue", "comments": 1}
    with pytest.raises(ImpossibleMerge):
        waiting.merge_into(own, by=world.lead, at=LATER)


def test_a_merge_undone_gives_back_examples_rules_and_readings(world: World) -> None:
    from kokemus.store.models import TriageRule

    waiting, staff, past = (theme(world, code) for code in ("waiting", "staff", "recovery"))
    past.merge_into(waiting, by=world.lead, at=NOW)
    moved, both, anew, others = (world.respond(2, comment="Jono") for _ in range(4))
    read(moved, waiting)
    for response in (moved, both, anew):
        teach(waiting, response)
    for response in (both, others):
        teach(staff, response, is_positive=False)
    rule = TriageRule.objects.lay_down(world.root, name="Queues", theme=waiting)
    waiting.merge_into(staff, by=world.lead, at=LATER)
    assert examples(staff) == {moved: True, both: False, anew: True, others: False}
    assert about(moved) == {("staff", "person")}
    teach(staff, anew, is_positive=False, at=LATER + dt.timedelta(minutes=1))
    waiting.refresh_from_db()
    waiting.restore(by=world.lead, at=LATER + dt.timedelta(minutes=2))
    assert examples(waiting) == {moved: True, both: True}
    assert examples(staff) == {both: False, anew: False, others: False}
    Response.objects.all().read_again()
    read(moved, waiting)
    assert about(moved) == {("waiting", "person")}
    for one in (rule, past):
        one.refresh_from_db()
    assert (rule.theme, past.merged_into) == (waiting, waiting)
    assert set(Theme.objects.untaught()) >= {waiting, Theme.objects.get(pk=staff.pk)}
    assert [event.kind for event in waiting.events.all()] == ["merged", "merged_into", "restored"]


def test_undoing_a_merge_of_two_steps_finds_the_examples_at_the_last(world: World) -> None:
    first, second, third = (theme(world, code) for code in ("waiting", "staff", "price"))
    response = world.respond(2, comment="Jono")
    teach(first, response)
    first.merge_into(second, by=world.lead, at=LATER)
    second.merge_into(third, by=world.lead, at=LATER)
    first.refresh_from_db()
    first.restore(by=world.lead, at=LATER)
    assert (examples(first), examples(third)) == ({response: True}, {})


def teach(
    theme: Theme, response: Response, *, is_positive: bool = True, at: dt.datetime = NOW
) -> None:
    by = response.organisation.members.get(name__startswith="Agent of service")
    ThemeExample.objects.teach(theme, response=response, is_positive=is_positive, by=by, at=at)


def examples(theme: Theme) -> dict[Response, bool]:
    found = ThemeExample.objects.filter(theme=theme).select_related("response")
    return {example.response: example.is_positive for example in found}


@pytest.mark.parametrize("model", [Version, ThemeEvent])
def test_history_cannot_be_changed(world: World, model: Any) -> None:
    theme(world).rename({"fi": "Jonotus"}, by=world.lead, at=NOW)
    field = {"texts": {}} if model is Version else {"data": {}}
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(**field)


def test_themes_are_called_in_the_language_of_the_reader(world: World) -> None:
    own = Theme(organisation=world.organisation, code="queue", names={"fi": "Jonot"})
    assert (own.name_in("fi"), own.name_in("sv")) == ("Jonot", "Jonot")
    assert Organisation.objects.get(pk=world.organisation.pk).themes.count() == 12
