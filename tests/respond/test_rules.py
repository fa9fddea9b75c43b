"""Rules in plain words: laid down by leads, tried on what was, deleted with undo."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.utils import timezone
from tests.readings import read, theme
from tests.world import World

from kokemus.store.models import Member, TriageRule

RULE = {"scale": "nps", "score_at_most": "4", "words": "rikki, vuoto", "name": "Ours"}


def sign_in(client: Client, member: Member) -> Client:
    client.force_login(member)
    return client


def ours(world: World) -> TriageRule:
    return TriageRule.objects.lay_down(
        world.service, name="Ours", scale="nps", score_at_most=4, words=["rikki"], reply_hours=8
    )


def test_rules_are_told_in_plain_words(client: Client, world: World) -> None:
    ours(world)
    page = html.unescape(sign_in(client, world.agent).get("/rules/").text)
    assert "Recommendation (NPS, 0–10): 0–4 or the comment has ”rikki”" in page
    assert "reply within 8 hours" in page


def test_a_lead_lays_down_a_rule(client: Client, world: World) -> None:
    sign_in(client, world.lead)
    client.post("/rules/new/", {**RULE, "unit": world.service.pk, "reply_hours": "8"})
    rule = TriageRule.objects.get(name="Ours")
    assert (rule.unit, rule.scale, rule.score_at_most) == (world.service, "nps", 4)
    assert (rule.words, rule.reply_hours) == (["rikki", "vuoto"], 8)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"score_at_most": "", "scale": "", "words": ""},
            "Give a score, words, a theme or a sentiment.",
        ),
        ({"scale": ""}, "Choose the scale of the score."),
        ({"scale": "csat", "score_at_most": "9"}, "This scale goes from 1 to 5."),
    ],
)
def test_a_rule_that_says_nothing_is_refused_in_words(
    client: Client, world: World, change: dict[str, str], words: str
) -> None:
    form = {**RULE, "unit": world.service.pk, **change}
    page = sign_in(client, world.lead).post("/rules/new/", form)
    assert (page.status_code, words in page.text) == (422, True)


def test_a_lead_cannot_lay_down_rules_of_other_units(client: Client, world: World) -> None:
    form = {**RULE, "unit": world.billing.pk}
    assert sign_in(client, world.lead).post("/rules/new/", form).status_code == 422
    default = TriageRule.objects.filter(unit=world.root).earliest("pk")
    assert client.post(f"/rules/{default.pk}/pause/").status_code == 404
    assert not TriageRule.objects.filter(unit=world.billing).exists()


def test_an_agent_reads_rules_but_does_not_change_them(client: Client, world: World) -> None:
    rule = ours(world)
    sign_in(client, world.agent)
    codes = [
        client.get("/rules/new/").status_code,
        client.get(f"/rules/{rule.pk}/").status_code,
        *(
            client.post(f"/rules/{rule.pk}/{action}/").status_code
            for action in ("pause", "resume", "remove")
        ),
    ]
    assert codes == [403] * 5
    assert TriageRule.objects.get(pk=rule.pk).is_active


def test_a_rule_is_changed_and_paused_and_resumed(client: Client, world: World) -> None:
    rule = ours(world)
    sign_in(client, world.lead)
    assert 'value="rikki"' in client.get(f"/rules/{rule.pk}/").text
    client.post(f"/rules/{rule.pk}/", {**RULE, "unit": world.service.pk, "name": "Theirs"})
    client.post(f"/rules/{rule.pk}/pause/")
    rule.refresh_from_db()
    assert (rule.name, rule.words, rule.is_active) == ("Theirs", ["rikki", "vuoto"], False)
    client.post(f"/rules/{rule.pk}/resume/")
    rule.refresh_from_db()
    assert rule.is_active


def test_a_deleted_rule_comes_back_by_undo(client: Client, world: World) -> None:
    rule = ours(world)
    page = sign_in(client, world.lead).post(f"/rules/{rule.pk}/remove/", follow=True)
    assert not TriageRule.objects.filter(name="Ours").exists()
    found = re.search(r'action="(/rules/restore/[^"]+)"', page.text)
    assert found
    client.post(html.unescape(found[1]))
    again = TriageRule.objects.get(name="Ours")
    assert (again.unit, again.words, again.reply_hours) == (world.service, ["rikki"], 8)
    assert client.post("/rules/restore/?rule=forged").status_code == 404


def test_the_preview_counts_what_would_have_become_cases(
    client: Client, world: World, other_world: World
) -> None:
    now = timezone.now()
    for score, comment in ((2, ""), (3, "rikki"), (9, "Rikkinäinen"), (9, ""), (10, "hyvä")):
        world.respond(score, comment=comment, answered_at=now)
    world.respond(0, unit=world.billing, answered_at=now)
    other_world.respond(0, answered_at=now)
    sign_in(client, world.lead)
    form = {**RULE, "unit": world.service.pk}
    page = client.post("/rules/preview/", form)
    assert "3 of the 5 answers of the last 30 days" in page.text
    page = client.post("/rules/preview/", {**form, "words": ""})
    assert "2 of the 5 answers" in page.text
    assert "Fill in the rule" in client.post("/rules/preview/", {}).text


def test_a_rule_on_theme_and_sentiment_is_laid_down_told_and_brought_back(
    client: Client, world: World
) -> None:
    sign_in(client, world.lead)
    form = {"unit": world.service.pk, "name": "Queues", "sentiment": "negative"}
    client.post("/rules/new/", {**form, "theme": theme(world).pk})
    rule = TriageRule.objects.get(name="Queues")
    assert (rule.theme, rule.sentiment, rule.words) == (theme(world), "negative", [])
    page = html.unescape(client.get("/rules/").text)
    assert "a negative comment on the theme ”Waiting” → a case" in page
    client.post(f"/rules/{rule.pk}/", form)
    assert "a negative comment → a case" in html.unescape(client.get("/rules/").text)
    rule.refresh_from_db()
    rule.change(theme=theme(world, "staff"))
    removed = client.post(f"/rules/{rule.pk}/remove/", follow=True).text
    found = re.search(r'action="(/rules/restore/[^"]+)"', removed)
    assert found
    client.post(html.unescape(found[1]))
    again = TriageRule.objects.get(name="Queues")
    assert (again.theme, again.sentiment) == (theme(world, "staff"), "negative")


def test_a_theme_of_another_organisation_cannot_be_chosen(
    client: Client, world: World, other_world: World
) -> None:
    form = {"unit": world.service.pk, "name": "Theirs", "theme": theme(other_world).pk}
    assert sign_in(client, world.lead).post("/rules/new/", form).status_code == 422


def test_the_preview_counts_comments_by_what_they_were_read_as(
    client: Client, world: World
) -> None:
    now = timezone.now()
    for label, unsure in (("negative", False), ("positive", False), ("negative", True)):
        response = world.respond(9, comment="Jono", answered_at=now)
        read(response, theme(world), label=label, is_unsure=unsure)
    world.respond(9, comment="vuoto", answered_at=now)
    sign_in(client, world.lead)
    form = {"unit": world.service.pk, "name": "Ours"}
    expected = {"negative": ("2", "1"), "positive": ("1", "1"), "": ("3", "0")}
    for sentiment, (themed, alone) in expected.items():
        rule = {**form, "sentiment": sentiment, "words": "vuoto"}
        page = client.post("/rules/preview/", {**rule, "theme": theme(world).pk}).text
        assert f"{int(themed) + 1} of the 4 answers" in page
        page = client.post("/rules/preview/", rule).text
        assert f"{int(alone) + 1} of the 4 answers" in page
