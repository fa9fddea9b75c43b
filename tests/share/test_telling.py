"""What rises is raised and little else; what cannot be told is not."""

from __future__ import annotations

import datetime as dt

import pytest
from benchmarks.comments.rising import live_a_week

from kokemus.measure import csat_from_histogram, difference
from kokemus.measure.intervals import wilson_interval
from kokemus.share.scales import MEASURED
from kokemus.share.telling import (
    NOTHING,
    Said,
    compare_scores,
    count_uses,
    find_rises,
    share_of,
    words_apart,
)
from kokemus.share.voices import Candidate, choose_voices

WEEKS = 12


def said(key: str, period: int, *, themes: str = "", words: str = "") -> Said:
    return Said(key, period, frozenset(themes.split()), frozenset(words.split()))


def past(*, queue: int = 5, others: int = 100) -> list[Said]:
    """Weeks in which a few speak of the queue and most of other things."""
    return [
        said(f"{week}-{n}", week, themes="waiting" if n < queue else "", words="queue kind")
        if n < queue
        else said(f"{week}-{n}", week, words="kind quick" if n % 2 else "kind")
        for week in range(WEEKS)
        for n in range(others)
    ]


def test_uses_count_a_comment_once_and_remember_the_latest() -> None:
    themes, words = count_uses(
        [said("a", 0, themes="price", words="bill"), said("b", 1, words="bill dear"), said("c", 1)],
        periods=2,
    )
    assert (themes.totals, words.totals) == ([1.0, 2.0], [1.0, 2.0])
    assert (themes.uses["price"].counts, themes.uses["price"].latest) == ([1.0, 0.0], frozenset())
    assert (words.uses["bill"].counts, words.uses["bill"].latest) == ([1.0, 1.0], frozenset({"b"}))


def test_what_rises_in_the_same_comments_is_one_alert_led_by_its_theme() -> None:
    week = [said(f"now-{n}", WEEKS, themes="waiting", words="queue phone") for n in range(20)] + [
        said(f"quiet-{n}", WEEKS, words="kind") for n in range(80)
    ]
    [rise] = find_rises(*count_uses([*past(), *week], periods=WEEKS + 1))
    assert [(riser.kind, riser.code) for riser in rise.risers] == [
        ("theme", "waiting"),
        ("word", "phone"),
        ("word", "queue"),
    ]
    assert rise.comments == {f"now-{n}" for n in range(20)}
    assert rise.leader.found.count == 20
    assert rise.leader.found.expected == pytest.approx(5)


def test_nothing_rises_in_a_week_like_the_others_or_without_a_past() -> None:
    quiet = [said(f"now-{n}", WEEKS, themes="waiting" if n < 6 else "") for n in range(100)]
    assert find_rises(*count_uses([*past(), *quiet], periods=WEEKS + 1)) == []
    assert find_rises(*count_uses(quiet, periods=WEEKS + 1)) == []
    assert find_rises(NOTHING, NOTHING) == []


def test_a_rise_of_fewer_than_five_comments_is_of_persons_and_not_told() -> None:
    week = [said(f"now-{n}", WEEKS, words="mould" if n < 4 else "kind") for n in range(100)]
    assert find_rises(*count_uses([*past(), *week], periods=WEEKS + 1)) == []


def test_a_planted_theme_is_raised_within_the_week_beside_few_false_alerts() -> None:
    """The whole of it, 200 runs of each kind of week, is `make bench-comments`."""
    weeks = [live_a_week(seed, more=10, is_named=True, looks=[7]) for seed in range(8)]
    assert sum(week.is_found for week in weeks) >= 5
    assert sum(week.false_alerts for week in weeks) <= 8


def test_words_tell_groups_apart_and_rare_words_are_left_out() -> None:
    unhappy = [["wait", "phone"]] * 40 + [["kind", "wait"]] * 5 + [["mould"]] * 4
    happy = [["kind", "quick"]] * 40 + [["phone", "kind"]] * 10
    found = words_apart(unhappy, happy)
    assert [word.word for word in found.first] == ["wait", "phone"]
    assert [word.word for word in found.second] == ["kind", "quick"]
    assert (found.first_total, found.second_total, found.is_told) == (49, 50, True)
    assert found.first[0].first == 45


def test_words_of_too_few_comments_tell_nothing() -> None:
    found = words_apart([["wait"]] * 4, [["kind"]] * 50)
    assert (found.first, found.second, found.is_told) == ((), (), False)


def test_effect_is_the_difference_of_two_scores_with_its_interval() -> None:
    effect = compare_scores({1: 8, 5: 2}, {5: 18, 1: 2}, measured=MEASURED["csat"])
    expected = difference(csat_from_histogram({1: 8, 5: 2}), csat_from_histogram({5: 18, 1: 2}))
    assert effect.difference == expected
    assert effect.difference.estimate == pytest.approx(-70)
    assert (effect.is_told, effect.direction) == (True, -1)


@pytest.mark.parametrize("scale", list(MEASURED))
def test_effect_cannot_be_told_of_few_or_none(scale: str) -> None:
    measured = MEASURED[scale]
    low, high = measured.scores[0], measured.scores[-1]
    for inside in ({}, {low: 4}):
        effect = compare_scores(inside, {high: 50}, measured=measured)
        assert (effect.is_told, effect.direction) == (False, 0)
    alike = compare_scores({low: 9, high: 9}, {low: 9, high: 9}, measured=measured)
    assert (alike.is_told, alike.direction) == (True, 0)


def test_share_has_its_interval_unless_the_group_is_small() -> None:
    assert share_of(3, 4)[2:] == (None, None, None)
    share = share_of(3, 10)
    assert (share.estimate, share.low, share.high) == (0.3, *wilson_interval(3, 10))


DAY = dt.date(2026, 3, 2)


def candidate(key: str, words: str, *, days_ago: int = 0) -> Candidate:
    return Candidate(key, frozenset(words.split()), DAY - dt.timedelta(days=days_ago))


def test_voices_are_typical_and_not_alike() -> None:
    queue = [candidate(f"queue-{n}", f"queue phone hour wait x{n}") for n in range(6)]
    late = [candidate(f"late-{n}", f"van late day wait y{n}") for n in range(4)]
    odd = [candidate("odd", "dog cake moon")]
    voices = choose_voices([*odd, *queue, *late], today=DAY)
    assert {str(key).split("-")[0] for key in voices[:2]} == {"queue", "late"}
    assert voices[2:] == ["odd"]
    assert choose_voices([], today=DAY) == []


def test_voices_are_recent_where_old_ones_say_the_same() -> None:
    old = [candidate("old", "queue phone hour", days_ago=300)]
    new = [candidate("new", "queue phone hour"), candidate("terse", "queue")]
    assert choose_voices([*old, *new], today=DAY) == ["new"]
