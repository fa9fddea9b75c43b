"""Words that tell classes apart, and themes that rise."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import log_odds_nhs

from kokemus.measure.words import (
    distinguishing_words,
    distinguishing_words_from_counts,
    rising_themes,
    rising_themes_from_counts,
)

NAN = math.nan


def nhs_contrasts(**options):
    words = log_odds_nhs.WORDS
    return distinguishing_words_from_counts(
        {word: row[0] for word, row in words.items()},
        {word: row[1] for word, row in words.items()},
        totals=log_odds_nhs.TOTALS,
        prior_mass=log_odds_nhs.PRIOR_MASS,
        **options,
    )


def test_log_odds_are_those_of_the_paper() -> None:
    found = {each.word: each for each in nhs_contrasts()}
    for word, (first, second, log_odds, variance, z) in log_odds_nhs.WORDS.items():
        assert (found[word].first, found[word].second) == (first, second)
        assert found[word].log_odds.estimate == pytest.approx(log_odds, abs=1e-12)
        reach = found[word].log_odds.high - found[word].log_odds.estimate
        assert (reach / 1.959963984540054) ** 2 == pytest.approx(variance, rel=1e-12)
        assert found[word].z == pytest.approx(z, abs=1e-9)


def test_four_terms_are_those_of_scattertext() -> None:
    found = {each.word: each.z for each in nhs_contrasts(variance="four_term")}
    assert found == pytest.approx(log_odds_nhs.SCATTERTEXT, abs=1e-9)


def test_words_come_in_the_order_of_z() -> None:
    found = nhs_contrasts()
    assert [each.word for each in found[:3]] == ["nothing", "staff", "very"]
    assert [each.word for each in found[-2:]] == ["be", "more"]


def test_a_background_sets_the_prior() -> None:
    counts = {"kind": 30.0, "slow": 5.0}, {"kind": 10.0, "slow": 40.0}
    found = distinguishing_words_from_counts(
        *counts, background={"kind": 900, "other": 99.5}, prior_mass=10
    )
    kind, slow = 10 * 900 / 1000, 10 * 0.5 / 1000
    log_odds = math.log((30 + kind) / (45 - 30 - kind)) - math.log((10 + kind) / (60 - 10 - kind))
    assert found[0].log_odds.estimate == pytest.approx(log_odds, abs=1e-12)
    assert {each.word for each in found} == {"kind", "slow"}
    assert found[1].z == pytest.approx(
        (math.log((5 + slow) / (40 - slow)) - math.log((40 + slow) / (20 - slow)))
        / math.sqrt(1 / (5 + slow) + 1 / (40 + slow))
    )


def test_swapped_classes_swap_the_sign() -> None:
    first, second = {"a": 5, "b": 9, "c": 2}, {"a": 7, "b": 1}
    there = distinguishing_words_from_counts(first, second)
    back = distinguishing_words_from_counts(second, first)
    assert {w.word: w.z for w in there} == pytest.approx({w.word: -w.z for w in back})


@pytest.mark.parametrize("counts", [({}, {}), ({"a": 3}, {"a": 5})])
def test_no_word_and_a_single_word_tell_nothing_apart(counts) -> None:
    found = distinguishing_words_from_counts(*counts)
    assert [each.z for each in found] == [None] * len(found)
    assert str(found).splitlines()[0] == "first: no word"


@pytest.mark.parametrize(
    "call",
    [
        lambda: distinguishing_words_from_counts({"a": -1}, {"a": 1}),
        lambda: distinguishing_words_from_counts({"a": 3}, {"a": 1}, totals=(2, 2)),
        lambda: distinguishing_words_from_counts({"a": 3}, {"a": 1}, prior_mass=0),
        lambda: distinguishing_words_from_counts({"a": 3}, {"a": 1}, variance="none"),
        lambda: rising_themes_from_counts({"a": [1]}, [5]),
        lambda: rising_themes_from_counts({}, []),
        lambda: rising_themes_from_counts({"a": [1, 2, 3]}, [5, 5]),
        lambda: rising_themes_from_counts({"a": [1, -2]}, [5, 5]),
        lambda: rising_themes_from_counts({"a": [1, 2]}, [0, 5]),
        lambda: rising_themes_from_counts({"a": [1, 2]}, [5, 5], basis="mass"),
        lambda: rising_themes_from_counts({"a": [1, 2]}, [5, 5], dispersion="normal"),
        lambda: rising_themes_from_counts({"a": [1, 2]}, [5, 5], rise=1),
        lambda: rising_themes_from_counts({"a": [1, 2]}, [5, 5], season=2),
    ],
)
def test_what_makes_no_sense_is_refused(call) -> None:
    with pytest.raises(ValueError):
        call()


def test_log_odds_intervals_hold_the_truth_as_the_docstring_says() -> None:
    random = np.random.default_rng(2)
    often = np.exp(random.uniform(math.log(1), math.log(400), 400))
    often = np.append(often, 60_000 - often.sum())
    differs = np.arange(401) < 100
    step = np.where(differs, math.log(1.5) / 2, 0) * random.choice([-1, 1], 401)
    shares = [often / 60_000 * np.exp(side * step) for side in (1, -1)]
    for each in shares:
        each[-1] = 1 - each[:-1].sum()
    truth = np.log(shares[0] / (1 - shares[0])) - np.log(shares[1] / (1 - shares[1]))
    held = {}
    for _ in range(25):
        counts = [dict(enumerate(random.multinomial(60_000, each).tolist())) for each in shares]
        for each in distinguishing_words_from_counts(*counts):
            if each.z is not None and each.word < 400:
                kind = (bool(differs[each.word]), bool(often[each.word] >= 20))
                is_held = each.log_odds.low <= truth[each.word] <= each.log_odds.high
                held.setdefault(kind, []).append(is_held)
    rates = {kind: float(np.mean(found)) for kind, found in held.items()}
    assert 0.93 <= rates[False, True] <= 0.97
    assert 0.93 <= rates[True, True] <= 0.97
    assert rates[False, False] >= 0.95


# Rising ------------------------------------------------------------------------------------------


def weeks_of_comments(random, *, themes=30, weeks=26, added=0, own=0.0):
    """500 comments a week; theme 0 has 5 of them, and `added` more in the last week."""
    means = np.concatenate([[5.0], random.uniform(2, 40, themes - 1)])[:, None]
    means = np.repeat(means, weeks + 1, axis=1)
    drawn = random.gamma(means / own, own) if own else means
    counts = random.poisson(drawn)
    counts[0, -1] += added
    return dict(enumerate(counts.tolist())), [500] * (weeks + 1), means


@pytest.mark.parametrize("themes", [20, 30, 50])
def test_a_planted_rise_is_raised_within_the_week(themes) -> None:
    """10 comments above 5 a week among 500: in 80 % of 200 runs, with 1 false alert a week."""
    random = np.random.default_rng(7)
    raised, false = 0, 0
    for _ in range(200):
        counts, totals, _ = weeks_of_comments(random, themes=themes, added=10)
        found = {each.theme for each in rising_themes_from_counts(counts, totals).rising}
        raised += 0 in found
        false += len(found - {0})
    assert raised >= 0.8 * 200
    assert false <= 0.6 * 200


@pytest.mark.parametrize("excess", [0.0, 0.3, 1.0])
def test_quiet_runs_alarm_no_oftener_than_is_promised(excess) -> None:
    """20 themes of about 10 comments, 12 periods of past, variance mean + excess * mean²."""
    random = np.random.default_rng(3)
    alarmed = 0
    for _ in range(300):
        means = np.repeat(random.gamma(5, 2, (20, 1)), 13, axis=1)
        drawn = random.gamma(1 / excess, excess * means) if excess else means
        counts = dict(enumerate(random.poisson(drawn).tolist()))
        alarmed += bool(rising_themes_from_counts(counts, [400] * 13).rising)
    assert alarmed / 300 <= 0.24  # two standard errors above 20 %; 0.3 and more before


@pytest.mark.slow
@pytest.mark.parametrize("own", [0.0, 1.0])
def test_quiet_weeks_raise_few_and_ratios_cover(own) -> None:
    random = np.random.default_rng(8)
    false, held = 0, []
    for _ in range(200):
        counts, totals, means = weeks_of_comments(random, own=own)
        found = rising_themes_from_counts(counts, totals)
        false += len(found.rising)
        held += [
            each.share_ratio.low <= 1 <= each.share_ratio.high
            for each in found.themes
            if means[each.theme, 0] >= 5
        ]
    assert false <= 0.5 * 200
    assert 0.925 <= np.mean(held) <= 0.97


def test_a_season_is_expected_and_not_raised() -> None:
    random = np.random.default_rng(4)
    raised = {None: 0, 52: 0}
    for _ in range(60):
        turn = 2 * math.pi * np.arange(131) / 52
        means = 40 * (1 + 0.6 * np.sin(turn))[None, :].repeat(20, 0)
        counts = dict(enumerate(random.poisson(means[:, :118]).tolist()))
        for season in raised:
            found = rising_themes_from_counts(counts, [2_000] * 118, season=season)
            raised[season] += len(found.rising)
    assert raised[52] <= 0.6 * 60
    assert raised[None] > 5 * 60


def test_a_short_past_has_no_season() -> None:
    counts = {"a": [5, 6, 7, 5, 6, 7]}
    plain = rising_themes_from_counts(counts, [50] * 6)
    assert rising_themes_from_counts(counts, [50] * 6, season=52) == plain
    assert plain.season is None


def test_share_and_volume_are_both_told() -> None:
    """Twice as many comments: the volume doubled, the share did not."""
    counts = {"a": [50] * 8 + [100], "b": [20] * 8 + [40]}
    by_share = rising_themes_from_counts(counts, [500] * 8 + [1_000])
    by_volume = rising_themes_from_counts(counts, [500] * 8 + [1_000], basis="volume")
    assert [by_share.rising, len(by_volume.rising)] == [(), 2]
    first = by_share.themes[0]
    assert first.share_ratio.estimate == pytest.approx(1)
    assert first.volume_ratio.estimate == pytest.approx(2)


def test_a_new_theme_has_a_low_limit_and_no_ratio() -> None:
    found = rising_themes_from_counts({"new": [0] * 10 + [9]}, [100] * 11)
    ratio = found.rising[0].share_ratio
    assert (ratio.estimate, ratio.high) == (None, None)
    assert ratio.low > 5


def test_too_few_comments_are_not_tested() -> None:
    found = rising_themes_from_counts({"rare": [0, 0, 1, 3]}, [100] * 4)
    assert found.themes[0].p_value is None
    assert str(found).startswith("0 of 0 themes rise in 4")
    assert str(found.themes[0]) == "rare: 3 where 0.3 expected, too few to tell"


def test_the_delay_is_what_simulation_finds() -> None:
    random = np.random.default_rng(5)
    past = {0: [5, 6, 4, 5, 5, 7, 3, 5, 6, 4] * 2, 1: [40, 41, 39, 40] * 5}
    told = rising_themes_from_counts(
        {name: [*row, 5] for name, row in past.items()}, [500] * 21, dispersion="poisson", rise=3
    )
    chance = next(each.chance_seen for each in told.themes if each.theme == 0)
    expected = next(each.expected for each in told.themes if each.theme == 0)
    raised = [
        bool(
            rising_themes_from_counts(
                {0: [*past[0], drawn], 1: [*past[1], 40]}, [500] * 21, dispersion="poisson"
            ).rising
        )
        for drawn in random.poisson(3 * expected, 400)
    ]
    assert np.mean(raised) == pytest.approx(chance, abs=0.08)


# On every kind of frame --------------------------------------------------------------------------

WORDS = [
    "kind",
    "kind",
    "slow",
    None,
    "kind",
    "slow",
    "slow",
    "slow",
    "odd",
    "kind",
    "slow",
    "kind",
]
CLASSES = ["a", "a", "a", "a", "b", "b", "b", "b", "b", None, "c", "c"]
COMMENTS = [1.0, 1.0, 2.0, 3.0, 4.0, 4.0, 5.0, 5.0, NAN, 6.0, 7.0, 7.0]
COUNTS = [2.0, 1.0, 1.0, 9.0, 1.0, NAN, 3.0, None, 2.0, 5.0, 5.0, 1.0]


def test_words_on_every_kind_of_frame(make_frame) -> None:
    frame = make_frame({"word": WORDS, "group": CLASSES, "comment": COMMENTS, "n": COUNTS})
    options = {"first": "a", "second": "b"}
    rows = distinguishing_words(frame, **options)
    assert_same(rows, {"kind": 2, "slow": 1}, {"kind": 1, "slow": 3, "odd": 1})
    summed = distinguishing_words(frame, **options, count="n")
    assert_same(summed, {"kind": 3, "slow": 1}, {"kind": 1, "slow": 3, "odd": 2})
    comments = distinguishing_words(frame, **options, comment="comment")
    assert_same(comments, {"kind": 1, "slow": 1}, {"kind": 1, "slow": 2}, totals=(3, 2))


def assert_same(found, first, second, totals=None) -> None:
    expected = distinguishing_words_from_counts(first, second, totals=totals)
    assert (found.first_total, found.second_total) == (expected.first_total, expected.second_total)
    assert {each.word: each.first for each in found} == {each.word: each.first for each in expected}
    z = {each.word: each.z for each in expected}
    assert {each.word: each.z for each in found} == pytest.approx(z, abs=1e-9)


def test_themes_on_every_kind_of_frame(make_frame) -> None:
    themes = ["queue", "queue", "price", None, "queue", "price", "queue", None, "queue", "queue"]
    weeks = [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, NAN, 3.0]
    comments = ["a", "a", "a", "b", "c", "d", "e", "f", "g", "h"]
    frame = make_frame({"theme": themes, "week": weeks, "comment": comments})
    rows = rising_themes(frame, period="week", comments_min=1)
    expected = rising_themes_from_counts(
        {"price": [1, 1, 0], "queue": [2, 1, 2]}, [4, 2, 3], periods=[1.0, 2.0, 3.0], comments_min=1
    )
    assert rows.to_dict() == expected.to_dict() | {"missing": 1}
    once = rising_themes(frame, period="week", comment="comment", comments_min=1)
    expected = rising_themes_from_counts(
        {"price": [1, 1, 0], "queue": [1, 1, 2]}, [2, 2, 3], periods=[1.0, 2.0, 3.0], comments_min=1
    )
    assert once.to_dict() == expected.to_dict() | {"missing": 1}


def test_an_earlier_period_is_judged_without_the_later() -> None:
    import polars as pl

    frame = pl.DataFrame({"theme": ["a"] * 30, "period": [1] * 5 + [2] * 5 + [3] * 20})
    found = rising_themes(frame, current=2)
    assert (found.period, found.baseline, found.total) == (2, 1, 5)
    with pytest.raises(ValueError, match="no period 9"):
        rising_themes(frame, current=9)


def test_classes_must_be_named_where_there_are_three() -> None:
    import polars as pl

    frame = pl.DataFrame({"word": ["x", "y", "z"], "group": ["a", "b", "c"], "n": [1, 2, 3]})
    with pytest.raises(ValueError, match="name the class"):
        distinguishing_words(frame)
    with pytest.raises(ValueError, match="no class 'd'"):
        distinguishing_words(frame, first="d")
    with pytest.raises(ValueError, match="not both"):
        distinguishing_words(frame, first="a", count="n", comment="n")
    assert distinguishing_words(frame, first="a").second == "(others)"


@settings(max_examples=20)
@given(st.permutations(range(12)))
def test_the_order_of_rows_changes_nothing(order) -> None:
    import polars as pl

    frame = pl.DataFrame({"word": WORDS, "group": CLASSES, "n": [1.0] * 12})
    plain = distinguishing_words(frame, first="a", second="b")
    assert distinguishing_words(frame[list(order)], first="a", second="b") == plain
    assert distinguishing_words(frame, first="a", second="b", count="n") == plain


def test_results_are_json_and_tables() -> None:
    words = nhs_contrasts()
    themes = rising_themes_from_counts({"a": [5, 5, 20]}, [50] * 3)
    for result in (words, themes):
        assert json.loads(json.dumps(result.to_dict(), allow_nan=False)) == result.to_dict()
        assert result._repr_html_().startswith("<table>")
    assert len(words.to_dict()["words"]) == 50


def test_results_draw_themselves() -> None:
    pytest.importorskip("altair")
    for result in (nhs_contrasts(), rising_themes_from_counts({"a": [5, 5, 20]}, [50] * 3)):
        assert result.plot().to_dict()["layer"]
