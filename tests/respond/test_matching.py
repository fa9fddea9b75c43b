"""Words are found at the start of a word, scores on their own scale, where the rule holds."""

from __future__ import annotations

import pytest
from tests.world import World

from kokemus.respond.matching import RuleBook, compile_words, has_words
from kokemus.store.models import Touchpoint, TriageRule


@pytest.mark.parametrize(
    ("word", "comment", "is_found"),
    [
        ("rikki", "Pesukone oli RIKKINÄINEN.", True),
        ("rikki*", "Rikki meni", True),
        ("rikki", "tärikkinä", False),
        ("ääni", "Äänieristys puuttuu", True),
        ("lasku väärin", "taas lasku\n väärin", True),
        ("c++", "c++ on hyvä", True),
        ("", "mitä vain", False),
        ("*", "mitä vain", False),
        ("klagomål", "Klagoma\u030al igen", True),
    ],
)
def test_words_are_found_where_a_word_begins(word: str, comment: str, is_found: bool) -> None:
    pattern = compile_words([word])
    assert (pattern is not None and has_words(comment, pattern)) is is_found


def book() -> RuleBook:
    return RuleBook(TriageRule.objects.select_related("unit").filter(is_active=True))


def test_an_organisation_starts_with_a_rule_for_each_scale(world: World) -> None:
    rules = TriageRule.objects.filter(organisation=world.organisation)
    assert {(rule.scale, rule.score_at_most) for rule in rules} == {
        ("nps", 6),
        ("csat", 2),
        ("ces", 3),
        ("stars", 2),
        ("thumbs", 0),
    }


@pytest.mark.parametrize(("score", "is_failure"), [(6, True), (7, False), (None, False)])
def test_the_default_rule_holds_for_units_below(
    world: World, score: int | None, is_failure: bool
) -> None:
    match = book().first_match(world.respond(score), reply_hours=24)
    assert (match is not None) is is_failure


def test_a_rule_of_another_unit_or_organisation_does_not_hold(
    world: World, other_world: World
) -> None:
    TriageRule.objects.lay_down(world.billing, name="Words", words=["rikki"])
    TriageRule.objects.lay_down(other_world.root, name="Words", words=["rikki"])
    response = world.respond(10, comment="rikki")
    assert book().first_match(response, reply_hours=24) is None


def test_a_rule_of_another_touchpoint_does_not_hold(world: World) -> None:
    touchpoint = Touchpoint.objects.place(
        world.journey.stages.all()[0], unit=world.service, name="Order", mode="digital", code="o"
    )
    rule = TriageRule.objects.lay_down(
        world.service, name="Here", words=["rikki"], touchpoint=touchpoint
    )
    assert book().first_match(world.respond(10, comment="rikki"), reply_hours=24) is None
    there = world.respond(10, comment="rikki", touchpoint=touchpoint)
    assert book().first_match(there, reply_hours=24) == rule


def test_the_soonest_reply_wins_and_then_the_nearest_unit(world: World) -> None:
    near = TriageRule.objects.lay_down(
        world.service, name="Near", scale="nps", score_at_most=6, reply_hours=24
    )
    response = world.respond(2)
    assert book().first_match(response, reply_hours=24) == near
    soon = TriageRule.objects.lay_down(
        world.root, name="Soon", scale="nps", score_at_most=3, reply_hours=2
    )
    assert book().first_match(response, reply_hours=24) == soon
