"""The list of names to hide: kept, followed by what was read before, and given up again."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from tests.world import NOW, World

from kokemus.comments.lemmas import knows_word
from kokemus.listen import comments
from kokemus.listen.comments import read_fresh_comments, read_past_comments
from kokemus.listen.hidden_names import (
    NAMES_MAX,
    EverydayName,
    apply_lists,
    find_themes_called_so,
    keep_names,
    split_names,
    weigh_everyday_names,
)
from kokemus.listen.jobs import apply_hidden_names
from kokemus.listen.readers import Readers
from kokemus.listen.surveys import as_published
from kokemus.store.models import AuditEntry, CommentReading, HiddenNames, Response, Theme
from kokemus.store.redaction import redacted_comment

LATER = NOW + dt.timedelta(minutes=5)
SOON = LATER + dt.timedelta(seconds=2)
PAGE = "/organisation/names/"


def say(world: World, comment: str) -> Response:
    return world.respond(9, comment=comment, language="fi")


def read_all(readers: Readers) -> int:
    return read_fresh_comments(readers, now=LATER) + read_past_comments(readers, now=LATER)


def shown(response: Response) -> str:
    return CommentReading.objects.get(pk=response.pk).redacted


def test_what_was_read_before_follows_the_list_there_and_back(world: World) -> None:
    readers = Readers()
    thanked, other = say(world, "pirkkaleenalle kiitos"), say(world, "Jonotin tunnin")
    read_all(readers)
    assert "pirkkaleenalle" in shown(thanked)
    keep_names(world.admin, ["Pirkkaleena"], now=LATER)
    assert (apply_lists(now=LATER), apply_lists(now=SOON), apply_lists(now=SOON)) == (0, 1, 0)
    waiting = Response.objects.unread().values_list("pk", "reading_turn")
    assert list(waiting) == [(thanked.pk, Response.Turn.AGAIN)]
    assert read_all(readers) == 1
    assert shown(thanked) == "[nimi] kiitos"
    assert "pirkkaleena" not in CommentReading.objects.get(pk=thanked.pk).lemmas
    keep_names(world.admin, [], now=SOON)
    assert apply_hidden_names(now=SOON + dt.timedelta(seconds=2)) == 1
    assert read_all(readers) == 1
    assert (shown(thanked), shown(other)) == ("pirkkaleenalle kiitos", "Jonotin tunnin")


def test_only_the_names_that_changed_are_looked_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kokemus.listen.hidden_names.AT_ONCE", 2)
    readers = Readers()
    for name in ("pirkkaleena", "mirkku", "jormiina", "mirkkua", "Mirkun"):
        say(world, f"{name} kävi")
    read_all(readers)
    keep_names(world.admin, ["Pirkkaleena"], now=LATER)
    apply_lists(now=SOON)
    read_all(readers)
    keep_names(world.admin, ["Pirkkaleena", "Mirkku"], now=SOON)
    assert apply_lists(now=SOON + dt.timedelta(seconds=2)) == 3
    assert read_all(readers) == 3
    assert sorted(set(CommentReading.objects.values_list("redacted", flat=True))) == [
        "[nimi] kävi",
        "jormiina kävi",
    ]


def test_another_organisations_comments_stay(world: World, other_world: World) -> None:
    theirs = say(other_world, "pirkkaleena kävi")
    keep_names(world.admin, ["Pirkkaleena"], now=LATER)
    read_all(Readers())
    assert shown(theirs) == "pirkkaleena kävi"
    assert apply_lists(now=SOON) == 0
    assert redacted_comment(theirs) == "pirkkaleena kävi"


def test_a_comment_that_was_being_read_when_the_list_changed_is_read_once_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers, inner = Readers(), comments._read
    response = say(world, "pirkkaleena kävi")

    def read(*arguments: Any, **options: Any) -> Any:
        found = inner(*arguments, **options)
        if not HiddenNames.objects.exists():
            keep_names(world.admin, ["Pirkkaleena"], now=LATER)
        return found

    monkeypatch.setattr(comments, "_read", read)
    assert read_fresh_comments(readers, now=LATER) == 0
    assert not CommentReading.objects.exists()
    assert read_fresh_comments(readers, now=LATER) == 1
    assert shown(response) == "[nimi] kävi"


def test_a_list_that_changes_while_comments_are_looked_through_is_looked_for_anew(
    world: World,
) -> None:
    keep_names(world.admin, ["Pirkkaleena"], now=LATER)
    before = HiddenNames.objects.get()
    keep_names(world.admin, ["Mirkku"], now=SOON)
    assert before.mark_applied(everyday=[]) == 0
    assert HiddenNames.objects.unapplied().get().changed == ("Mirkku", "Pirkkaleena")
    assert before.changed == ("Pirkkaleena",)


def test_a_name_that_is_taken_away_and_put_back_at_once_is_not_shown_for_ever(
    world: World,
) -> None:
    readers = Readers()
    keep_names(world.admin, ["Pirkkaleena"], now=LATER)
    apply_lists(now=SOON)
    keep_names(world.admin, [], now=SOON)
    response = say(world, "pirkkaleena kävi")
    read_all(readers)
    assert shown(response) == "pirkkaleena kävi"
    again = SOON + dt.timedelta(seconds=1)
    keep_names(world.admin, ["Pirkkaleena"], now=again)
    assert apply_lists(now=again + dt.timedelta(seconds=2)) == 1
    read_all(readers)
    assert shown(response) == "[nimi] kävi"
    assert apply_lists(now=again + dt.timedelta(minutes=1)) == 0
    assert HiddenNames.objects.get().changed == ()


def test_listed_names_are_hidden_before_a_comment_is_read_and_where_a_survey_promises(
    world: World,
) -> None:
    response = say(world, "pirkkaleena kävi")
    keep_names(world.admin, ["Pirkkaleena"], now=LATER)
    assert redacted_comment(response) == "[nimi] kävi"
    world.survey.hides_personal_data = True
    world.survey.save()
    world.survey.publish(by=None, at=NOW)
    assert "Pirkkaleena" in as_published(world.survey).names


def test_lines_are_tidied_and_wrong_ones_named() -> None:
    text = "Pirkkaleena\n\n  Matti \t Meikäläinen\r\npirkkaleena\n12345\n- X\n" + "a" * 81
    names, wrong = split_names(text)
    assert names == ["Pirkkaleena", "Matti Meikäläinen"]
    assert [(line.number, line.reason) for line in wrong] == [
        (5, "no_letters"),
        (6, "no_letters"),
        (7, "too_long"),
    ]


def test_an_everyday_word_is_told_with_what_it_costs(world: World) -> None:
    for comment in ("onni kävi", "Onnin vuoro", "onnea", "Pirkkaleena kävi", "Kuusi kävi"):
        say(world, comment)
    keep_names(world.admin, ["Pirkkaleena", "Onni", "Wiljo Kuusi"], now=LATER)
    assert weigh_everyday_names(HiddenNames.objects.get()).names == []  # not looked at as yet
    apply_lists(now=SOON)
    found = weigh_everyday_names(HiddenNames.objects.get())
    assert found.names == [EverydayName("Onni", 2), EverydayName("Kuusi", 1)]
    assert found.comments == 5
    keep_names(world.admin, ["Pirkkaleena"], now=SOON)
    assert weigh_everyday_names(HiddenNames.objects.get()).names == []
    apply_lists(now=SOON + dt.timedelta(seconds=2))
    assert weigh_everyday_names(HiddenNames.objects.get()).names == []
    assert weigh_everyday_names(None).names == []


def test_themes_called_by_a_listed_name_are_told(world: World) -> None:
    own = Theme.objects.begin(
        world.organisation, code="p", names={"fi": "Pirkkaleenan vuorot"}, by=world.admin, at=NOW
    )
    assert find_themes_called_so(world.admin, ["Pirkkaleena"]) == [own]
    assert find_themes_called_so(world.admin, []) == []


def test_only_administrators_keep_the_list(world: World) -> None:
    with pytest.raises(PermissionDenied):
        keep_names(world.lead, ["Pirkkaleena"], now=NOW)
    assert not HiddenNames.objects.exists()


def test_the_page_keeps_the_list_and_the_audit_learns_no_name(world: World, client: Client) -> None:
    client.force_login(world.admin)
    assert "No names yet" in client.get(PAGE).text
    assert client.post(PAGE, {"names": "Pirkkaleena\nOnni"}).status_code == 302
    assert client.post(PAGE, {"names": "Pirkkaleena\nOnni"}).status_code == 302
    page = client.get(PAGE).text
    assert "Pirkkaleena\nOnni</textarea>" in page
    assert "Everyday words among them" not in page
    assert "Looking for the comments" in client.get(f"{PAGE}state/?looking=1").text
    apply_lists(now=timezone.now() + dt.timedelta(seconds=2))
    assert "Everyday words among them" in client.get(f"{PAGE}state/?looking=1").text
    assert "Everyday words among them" not in client.get(f"{PAGE}state/").text  # it stands there
    assert "Everyday words among them" in client.get(PAGE).text
    entry = AuditEntry.objects.get(action="hidden_names_changed")
    assert entry.detail == {"added": 2, "removed": 0, "names": 2}
    assert "irkkal" not in json.dumps(entry.detail) + entry.subject
    assert "2 added, 0 taken away, 2 in all" in client.get("/audit/").text
    assert "2 names of staff" in client.get("/organisation/").text


def test_no_page_waits_for_dictionaries(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_names(world.admin, ["Onni"], now=LATER)
    apply_lists(now=SOON)
    client.force_login(world.admin)

    def load(language: str) -> Any:
        raise AssertionError(f"the dictionary of {language} was loaded")

    monkeypatch.setattr("kokemus.comments.lemmas.words_of", load)
    knows_word.cache_clear()
    with pytest.raises(AssertionError, match="was loaded"):
        knows_word("pirkkaleena", language="fi")
    assert "<strong>Onni</strong>" in client.get(PAGE).text
    assert client.post(PAGE, {"names": "Onni\nPirkkaleena"}).status_code == 302
    assert "Pirkkaleena</textarea>" in client.get(PAGE).text


def test_a_wrong_list_is_refused_in_words_and_kept_to_be_mended(
    world: World, client: Client
) -> None:
    client.force_login(world.admin)
    page = client.post(PAGE, {"names": "Pirkkaleena\n12345"})
    assert page.status_code == 200
    assert "Line 2, “12345”, has no word of two letters or more." in page.text
    assert "Pirkkaleena\n12345</textarea>" in page.text
    many = "\n".join(f"Nimi{'x' * (number % 50)}{number:x}" for number in range(NAMES_MAX + 1))
    assert "There are 5,001 names." in client.post(PAGE, {"names": many}).text
    assert not HiddenNames.objects.exists()
