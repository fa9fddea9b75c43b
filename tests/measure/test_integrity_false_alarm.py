"""How often an honest unit looks suspicious, sign by sign, and how often a flag is false."""

import numpy as np
import pytest

from kokemus import measure
from kokemus.measure._signs import BLOCK_WINDOWS, CROWD

pytestmark = pytest.mark.slow

SHARES = np.array([2, 1, 1, 1, 2, 5, 5, 11, 25, 21, 26]) / 100


def draw_shares(generator, units):
    """Encounters asked after: honest units differ, by 6 points or so."""
    trials = generator.integers(40, 400, units)
    events = generator.binomial(trials, generator.beta(35, 9, units))
    counts = dict(enumerate(zip(events.tolist(), trials.tolist(), strict=True)))
    return measure.invitation_coverage_from_counts(counts)


def draw_selection(generator, units):
    """Asking that hangs a little on the outcome, in each unit otherwise."""
    lean = generator.normal(0.2, 0.3, units)
    tables = {}
    for unit in range(units):
        strata = []
        for _ in range(4):
            good, poor = generator.integers(10, 50, 2)
            asked = 1 / (1 + np.exp(-np.array([0.5 + lean[unit], 0.5])))
            a, b = generator.binomial([good, poor], asked).tolist()
            strata.append((a, b, int(good) - a, int(poor) - b))
        tables[unit] = strata
    return measure.invitation_selectivity_from_counts(tables)


def draw_histograms(generator, units):
    """Units of better and worse service: the same shape, tilted."""
    histograms = {}
    for unit in range(units):
        tilted = SHARES * np.exp(generator.normal(0, 0.15) * np.arange(11))
        counts = generator.multinomial(generator.integers(100, 500), tilted / tilted.sum())
        histograms[unit] = dict(enumerate(counts.tolist()))
    return measure.heaping_from_histograms(histograms)


def draw_bursts(generator, units):
    """Answers at even rates that differ between units and hours."""
    blocks = {}
    for unit in range(units):
        rate = generator.gamma(2, 0.8)
        table = {}
        for size in generator.poisson(rate * generator.uniform(0.3, 2, 150)).tolist():
            if size:
                most = np.bincount(generator.integers(0, BLOCK_WINDOWS, size)).max()
                n, b = table.get(size, (0, 0))
                table[size] = (n + 1, b + int(most >= CROWD))
        blocks[unit] = table
    return measure.answer_bursts_from_blocks(blocks)


def draw_devices(generator, units):
    trials = generator.integers(40, 400, units)
    events = generator.binomial(trials, generator.beta(4, 200, units))
    counts = dict(enumerate(zip(events.tolist(), trials.tolist(), strict=True)))
    return measure.shared_devices_from_counts(counts)


def draw_jumps(generator, units):
    moments = {}
    for unit in range(units):
        rise, parts = generator.normal(0.3, 0.2), []
        for n, shift in zip(generator.integers(20, 80, 2), (0.0, rise), strict=True):
            y = generator.choice(11, n, p=SHARES) + shift
            parts.append((int(n), float(y.sum()), float((y**2).sum())))
        moments[unit] = [tuple(parts)]
    return measure.coaching_jump_from_moments(moments)


DRAWS = (draw_shares, draw_selection, draw_histograms, draw_bursts, draw_devices, draw_jumps)


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("units", [8, 40])
def test_an_honest_unit_is_suspicious_as_often_as_stated(draw, units) -> None:
    generator = np.random.default_rng(4)
    runs = (800 if draw is draw_bursts else 3200) // units
    found = [s.p_value for _ in range(runs) for s in draw(generator, units)]
    p_values = np.array([p for p in found if p is not None])
    alarms = (p_values < 0.05).mean()
    assert len(p_values) == pytest.approx(runs * units, rel=0.01)
    assert 0.002 < alarms < (0.01 if draw is draw_bursts else 0.07)


def test_a_flag_is_rarely_false() -> None:
    generator = np.random.default_rng(9)
    companies = 100
    flagged = sum(
        bool(measure.integrity_from_signs([draw(generator, 40) for draw in DRAWS]).flagged)
        for _ in range(companies)
    )
    assert flagged == 0


def test_a_planted_gamer_is_flagged() -> None:
    """One unit in twenty asks after the good ones and turns eights into nines."""
    generator = np.random.default_rng(6)
    seen = 0
    for _ in range(20):
        tables = {u: [(60, 40, 15, 10)] for u in range(19)} | {19: [(70, 15, 5, 35)]}
        histograms = {u: generator.multinomial(400, SHARES) for u in range(20)}
        moved = generator.binomial(histograms[19][8], 0.7)
        histograms[19] = histograms[19] + np.array([0] * 8 + [-moved, moved, 0])
        signs = [
            measure.invitation_selectivity_from_counts(tables),
            measure.heaping_from_histograms(
                {u: dict(enumerate(h.tolist())) for u, h in histograms.items()}
            ),
        ]
        seen += [unit.unit for unit in measure.integrity_from_signs(signs).flagged] == [19]
    assert seen >= 18


def test_the_intervals_of_signs_cover() -> None:
    generator = np.random.default_rng(8)
    held = np.zeros(3)
    runs = 1500
    for _ in range(runs):
        strata = []
        for base in np.linspace(-0.8, 0.8, 10):
            a, b = generator.binomial(15, 1 / (1 + np.exp(-np.array([base + 0.7, base]))))
            strata.append((a, b, 15 - a, 15 - b))
        ratio = measure.invitation_selectivity_from_counts({"u": strata})[0].found
        counts = generator.multinomial(240, [0.1, 0.15, 0.75])
        heap = measure.heap_ratio_from_histogram(dict(enumerate(counts.tolist(), 4)), at=5)
        parts = [generator.choice(11, 20, p=SHARES) for _ in range(2)]
        moments = [tuple((20, float(p.sum()), float((p**2).sum())) for p in parts)]
        jump = measure.coaching_jump_from_moments({"u": moments})[0].found
        for place, (each, truth) in enumerate(
            [(ratio, np.exp(0.7)), (heap, 0.15 / 0.425), (jump, 0.0)]
        ):
            held[place] += each.low <= truth <= each.high
    assert (held / runs >= 0.93).all()
    assert (held / runs <= 0.97).all()
