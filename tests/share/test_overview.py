"""The overview says what the answers say, and no more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.utils.translation import override
from tests.world import NOW, World

from kokemus.measure import nps_from_histogram
from kokemus.share import findings
from kokemus.share.filters import Filters, NotInSight, read_filters
from kokemus.share.overview import follow, look
from kokemus.store.models import Survey, Touchpoint

DAY = dt.timedelta(days=1)


def filters(world: World, **query: str) -> Filters:
    return read_filters(query, member=world.admin, now=NOW)


def answer(world: World, *scores: int, days_ago: int = 0, **values: object) -> None:
    for score in scores:
        world.respond(score, answered_at=NOW - days_ago * DAY, **values)


def test_score_is_that_of_the_period_beside_the_days_before(world: World) -> None:
    answer(world, *[10] * 8, *[3] * 2)
    answer(world, *[10] * 3, *[3] * 7, days_ago=30)
    answer(world, 0, days_ago=57)
    now = look(world.admin, filters(world)).now
    assert now.before is not None
    assert (now.score.estimate, now.before.estimate) == pytest.approx((60, -40))
    assert now.score == nps_from_histogram({10: 8, 3: 2})
    assert now.direction == 1


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "No answers in this period."),
        (1, "One answer so far. A score can be told from 5 answers."),
        (4, "4 answers so far. A score can be told from 5 answers."),
        (5, ""),
    ],
)
def test_none_one_and_too_few_say_so(world: World, count: int, words: str) -> None:
    answer(world, *[9] * count)
    with override("en"):
        asked = filters(world)
        assert findings.tell_state(look(world.admin, asked).now, asked) == words


def test_change_is_said_only_as_surely_as_it_is_known(world: World) -> None:
    answer(world, *[10] * 20)
    answer(world, *[10] * 19, 3, days_ago=40)
    with override("en"):
        asked = filters(world)
        words = findings.tell_change(look(world.admin, asked).now, asked)
        assert words.startswith("It cannot be told apart from the 28 days before")
        answer(world, *[2] * 60, days_ago=40)
        words = findings.tell_change(look(world.admin, asked).now, asked)
        assert words.startswith("It rose by 15")


def test_touchpoints_that_need_attention_come_first(world: World) -> None:
    places = {}
    for code, scores in {
        "poor": [2] * 40,
        "fair": [10] * 3 + [2] * 3,
        "fine": [10] * 60,
        "new": [1],
    }.items():
        point = Touchpoint.objects.place(
            world.journey.stages.all()[0], unit=world.service, name=code, mode="human", code=code
        )
        places[code] = point.pk
        answer(world, *scores, touchpoint=point)
    found = look(world.admin, filters(world)).attention
    assert [[place.name for place in group] for group in (found.below, found.alike)] == [
        ["poor"],
        ["fair"],
    ]
    assert [[place.name for place in group] for group in (found.above, found.few)] == [
        ["fine"],
        ["new"],
    ]
    with override("en"):
        assert findings.title_of_ranking(found) == "Below the score of all: poor"


def test_scale_with_most_answers_is_shown_unless_one_is_asked_for(world: World) -> None:
    answer(world, 9)
    stars = Survey.objects.draft(world.touchpoint, name="Stars", scale="stars", texts={})
    answer(world, 5, 4, survey=stars, scale="stars")
    seen = look(world.admin, filters(world))
    assert [(each.code, count) for each, count in seen.scales] == [("nps", 1), ("stars", 2)]
    assert (seen.now.measured.code, seen.now.score.answers) == ("stars", 2)
    assert look(world.admin, filters(world, scale="nps")).now.score.answers == 1


def test_trend_has_a_score_for_each_week(world: World) -> None:
    for week in range(8):
        answer(world, *[10 if week < 4 else 3] * 5, days_ago=7 * week)
    trend = follow(world.admin, filters(world))
    assert [week.score.estimate for week in trend.weeks] == [-100] * 4 + [100] * 4
    assert trend.weeks[-1].monday == dt.date(2026, 3, 2)
    with override("en"):
        title = findings.draw_trend(trend).title
    assert title.startswith("Risen by 200 points in 8 weeks")


def test_every_chart_has_its_numbers_and_a_finding(world: World) -> None:
    answer(world, *[10] * 6, *[8] * 2, *[3] * 2, channel="sms")
    with override("en"):
        seen = look(world.admin, filters(world))
        bars = findings.draw_distribution(seen)
        assert bars.title == "Promoters 60%, detractors 20%"
        assert [row[2] for row in bars.rows] == ["0", "0", "0", "2", *"0000", "2", "0", "6"]
        channels = findings.draw_channels(seen)
        assert channels.title == "Most answers came by this way: text message, 100%"
        assert channels.rows[0][:2] == ("Text message", "10")


def test_nobody_filters_by_what_they_may_not_see(world: World, other_world: World) -> None:
    for query in (
        {"unit": str(other_world.root.pk)},
        {"touchpoint": str(other_world.touchpoint.pk)},
        {"journey": str(other_world.journey.pk)},
        {"unit": "x"},
    ):
        with pytest.raises(NotInSight):
            read_filters(query, member=world.admin, now=NOW)
    with pytest.raises(NotInSight):
        read_filters({"unit": str(world.billing.pk)}, member=world.agent, now=NOW)


def test_mistyped_words_are_as_if_they_were_not_there(world: World) -> None:
    asked = filters(world, period="soon", scale="nsp", channel="fax", language="xx")
    assert asked == filters(world)


def test_periods_have_no_gap_and_no_overlap(world: World) -> None:
    asked = replace(filters(world), period="7")
    assert asked.before is not None
    assert (asked.first_day, asked.before.last_day, asked.before.first_day) == (
        dt.date(2026, 2, 24),
        dt.date(2026, 2, 23),
        dt.date(2026, 2, 17),
    )
