"""How often the 95 % intervals of differences hold the truth."""

from dataclasses import replace

import numpy as np
import polars
import pytest
from tests.measure.test_coverage import chances, split

from kokemus.measure import compare_groups_from_histograms, difference_between
from kokemus.measure._differences import (
    find_p_values,
    join_histograms,
    limit_difference,
    read_sides,
)
from kokemus.measure._false_discovery import adjust_p_values
from kokemus.measure._kinds import read_kind
from kokemus.measure._pairs import cluster_sides, make_pairs, pair_sides
from kokemus.measure.intervals import nps_limits

pytestmark = pytest.mark.slow

NPS = read_kind("nps", scale=None, box=2)
PAIRS_OF_MIXES = [
    ((0.2, 0.3, 0.5), (0.15, 0.3, 0.55)),
    ((0.1, 0.2, 0.7), (0.3, 0.3, 0.4)),
    ((0.05, 0.15, 0.8), (0.02, 0.08, 0.9)),
    ((0.33, 0.34, 0.33), (0.33, 0.34, 0.33)),
]


@pytest.mark.parametrize("mixes", PAIRS_OF_MIXES)
@pytest.mark.parametrize("counts", [(20, 20), (20, 60)])
def test_mover_covers_as_its_docstring_says(mixes, counts) -> None:
    """Every outcome of both with its chance."""
    outcomes = [np.array(list(split(count, 3))) for count in counts]
    likely = np.outer(*(chances(each, mix) for each, mix in zip(outcomes, mixes, strict=True)))
    scores, lows, highs = [], [], []
    for each in outcomes:
        down, between, up = each.T.astype(float)
        low, high = nps_limits(down, between, up, confidence=0.95, method="score")
        scores.append(100 * (up - down) / each[0].sum())
        lows.append(low)
        highs.append(high)
    change = scores[0][:, None] - scores[1][None, :]
    below = np.hypot((scores[0] - lows[0])[:, None], (highs[1] - scores[1])[None, :])
    above = np.hypot((highs[0] - scores[0])[:, None], (scores[1] - lows[1])[None, :])
    truth = 100 * ((mixes[0][2] - mixes[0][0]) - (mixes[1][2] - mixes[1][0]))
    held = likely[(change - below <= truth) & (truth <= change + above)].sum()
    assert 0.944 <= held <= (0.99 if mixes[0][2] == 0.8 else 0.968)


@pytest.mark.parametrize("contacts", [8, 20, 50, 200])
@pytest.mark.parametrize("alike", [0.0, 0.5, 0.9])
def test_pairs_cover_as_the_docstring_says(contacts, alike) -> None:
    """Who answers like before does so with the chance `alike`, else by the later mix."""
    before, after = np.array([0.25, 0.3, 0.45]), np.array([0.15, 0.3, 0.55])
    joint = (1 - alike) * np.outer(before, after) + alike * np.diag(before)
    worth = np.array([-1.0, 0.0, 1.0])
    truth = 100 * (joint.sum(axis=0) - joint.sum(axis=1)) @ worth
    grid = np.array([(x, y) for x in worth for y in worth]).T
    ones = np.ones_like(grid)
    rows = np.stack([ones, grid > 0, grid < 0, 0 * ones, 0 * ones], axis=1)
    held, rounds = 0, 1000
    generator = np.random.default_rng(11)
    for counts in generator.multinomial(contacts, joint.ravel(), rounds).astype(float):
        sides, correlation = pair_sides(make_pairs(counts, rows, NPS), NPS)
        low, high = limit_difference(
            sides.take([1]),
            sides.take([0]),
            tail=np.array([0.05]),
            correlation=np.array([correlation]),
        )
        held += low[0] <= truth <= high[0]
    assert (0.9 if contacts == 8 else 0.93) <= held / rounds <= 0.975


def test_repeated_contacts_cover_as_the_docstring_says() -> None:
    """120 contacts with tempers of their own answer one to four times in each period."""
    generator = np.random.default_rng(5)
    held, plain, rounds = 0, 0, 500
    for _ in range(rounds):
        temper, rows, histograms = generator.normal(size=120), [], {}
        for wave, shift in ((1, 0.0), (2, 0.3)):
            who = np.repeat(np.arange(120), generator.integers(1, 5, 120))
            mood = temper[who] + generator.normal(size=len(who)) + shift
            rows.append(count_moods(who, mood, 120, (-0.5, 0.5)))
            histograms[wave] = count_answers(rows[-1])
        alone = read_sides(join_histograms(histograms), NPS)
        pairs = make_pairs(np.ones(120), np.stack(rows), NPS)
        for sides, correlation in (cluster_sides(alone, pairs), (alone, 0.0)):
            low, high = limit_waves(sides, correlation)
            held += (low <= REPEATED_TRUTH <= high) * (sides is not alone)
            plain += (low <= REPEATED_TRUTH <= high) * (sides is alone)
    assert 0.93 <= held / rounds <= 0.97
    assert plain != held


def count_moods(who, mood, contacts, cuts) -> np.ndarray:
    """Of each contact its answers, promoters and detractors, as `make_pairs` takes them."""
    count = np.bincount(who, minlength=contacts)
    up, down = (
        np.bincount(who, mood > cuts[1], contacts),
        np.bincount(who, mood < cuts[0], contacts),
    )
    return np.stack([count, up, down, 0 * up, 0 * up]).astype(float)


def count_answers(row) -> dict[float, float]:
    count, up, down = row[:3].sum(axis=1)
    return {10: up, 3: down, 8: count - up - down}


def limit_waves(sides, correlation) -> tuple[float, float]:
    one, other = sides.take([1]), sides.take([0])
    low, high = limit_difference(
        one, other, tail=np.array([0.05]), correlation=np.array([correlation])
    )
    return float(low[0]), float(high[0])


def draw_contacts(generator, contacts, *, is_shared):
    """NPS answers of contacts with tempers of their own, some of whom answer far oftener."""
    rows, temper = [], generator.normal(size=contacts)
    for _ in range(2):
        temper = temper if is_shared else generator.normal(size=contacts)
        count = np.maximum(1, np.rint(np.exp(generator.normal(1.4, 0.7, contacts)))).astype(int)
        who = np.repeat(np.arange(contacts), count)
        mood = 0.6 * temper[who] + 0.8 * generator.normal(size=len(who))
        rows.append(count_moods(who, mood, contacts, (-0.6, 0.3)))
    histograms = {wave: count_answers(row) for wave, row in enumerate(rows)}
    if not is_shared:
        gone = np.zeros_like(rows[0])
        rows = [np.hstack([rows[0], gone]), np.hstack([gone, rows[1]])]
    pairs = make_pairs(np.ones(rows[0].shape[1]), np.stack(rows), NPS)
    return cluster_sides(read_sides(join_histograms(histograms), NPS), pairs)


@pytest.mark.parametrize("is_shared", [False, True], ids=["others", "the same"])
@pytest.mark.parametrize("contacts", [6, 10, 20])
def test_few_contacts_cover_as_the_docstring_says(contacts, is_shared) -> None:
    """Before the degrees of freedom of so few it was 80 to 92 %."""
    generator = np.random.default_rng(5)
    held = 0
    for _ in range(500):
        low, high = limit_waves(*draw_contacts(generator, contacts, is_shared=is_shared))
        held += low <= 0 <= high
    assert 0.93 <= held / 500 <= 0.98


def test_one_contact_cannot_tell() -> None:
    frame = polars.DataFrame(
        {"wave": [1] * 4 + [2] * 4, "who": ["x"] * 4 + [*"abcd"], "score": [10, 3, 9, 8] * 2},
    )
    found = difference_between(frame, group="wave", later=2, earlier=1, contact="who")
    assert (found.estimate, found.low, found.p_value) == (0.0, None, None)


def normal(x: float) -> float:
    from math import erf, sqrt

    return (1 + erf(x / sqrt(2))) / 2


def score_of(shift: float) -> float:
    """NPS where the mood is normal with variance 2 about the shift."""
    spread = 2**0.5
    return 100 * (1 - normal((0.5 - shift) / spread) - normal((-0.5 - shift) / spread))


REPEATED_TRUTH = score_of(0.3) - score_of(0.0)


def test_where_all_groups_are_alike_few_are_said_to_differ() -> None:
    """All groups of all rounds are compared at once, and their p-values adjusted by round."""
    generator = np.random.default_rng(2)
    rounds = 150
    counts = generator.multinomial(60, (0.2, 0.3, 0.5), (rounds, 20))
    groups = [
        {place: dict(zip((3, 8, 10), row, strict=True)) for place, row in enumerate(each.tolist())}
        for each in counts
    ]
    rests = [read_sides(join_histograms(each), NPS).rest() for each in groups]
    together = {(r, place): row for r, each in enumerate(groups) for place, row in each.items()}
    one = read_sides(join_histograms(together), NPS)
    other = replace(
        one,
        **{
            name: np.concatenate([getattr(each, name) for each in rests])
            for name in ("answers", "weight", "weight_squared", "high", "low")
        },
    )
    p_values = find_p_values(one, other, correlation=np.zeros(rounds * 20)).reshape(rounds, 20)
    first = compare_groups_from_histograms(groups[0])
    assert [each.p_value for each in first] == pytest.approx(p_values[0], abs=1e-9)
    found = sum(bool((adjust_p_values(each) <= 0.05).any()) for each in p_values)
    assert found / rounds <= 0.065
