"""A rising theme among 500 comments a week: how often it is raised, beside how many false alerts.

Half a year of weeks with 30 themes and 1,500 words (a few in most comments, most of them rare),
all with their own ups and downs from week to week. In the last week 10 comments more are about a
subject that had 5 a week. It is looked for as the worker does it: on every day of the week, in
the seven days up to then. An alert is false when neither the subject nor a word of it is in it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kokemus.measure.intervals import wilson_interval
from kokemus.share.telling import Tally, Use, find_rises

RUNS = 200
FOUND_MIN = 0.80
FALSE_MAX = 1.0

WEEKS, COMMENTS, DAYS = 26, 500, 7
THEMES, WORDS = 30, 1500
WORDS_OF_THEME, WORDS_OF_SUBJECT = 10, 5
BASE, MORE = 5, 10
SWING = 0.15  # how much a theme or a word varies from week to week by itself (deviation, share)
SUBJECT = "subject"

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Outcome:
    """Of one simulated week: whether the subject was raised, and how many false alerts."""

    is_found: bool
    false_alerts: int
    leaders: tuple[str, ...]


@dataclass(frozen=True)
class Ground:
    """How often each theme is met, and each word in a comment of each theme or of none."""

    themes: Array
    words: Array
    of_theme: Array

    @property
    def marginal(self) -> Array:
        kept = 1 - self.themes[:, None] * self.of_theme
        return np.asarray(1 - (1 - self.words) * kept.prod(axis=0))


def lay_ground(rng: np.random.Generator) -> Ground:
    """Themes from 20 % of comments down to 1 %, the subject last; words by Zipf's law."""
    shares = np.geomspace(0.2, 0.01, THEMES)
    words = np.minimum(0.35, 0.9 / np.arange(1, WORDS + 1) ** 0.95)
    rng.shuffle(words)
    of_theme = np.zeros((THEMES + 1, WORDS))
    for theme in range(THEMES):
        chosen = rng.choice(WORDS - WORDS_OF_SUBJECT, WORDS_OF_THEME, replace=False)
        of_theme[theme, chosen] = rng.uniform(0.1, 0.4, WORDS_OF_THEME)
    words[-WORDS_OF_SUBJECT:] = 0.001
    of_theme[THEMES, -WORDS_OF_SUBJECT:] = np.linspace(0.9, 0.4, WORDS_OF_SUBJECT)
    return Ground(np.append(shares, BASE / COMMENTS), words, of_theme)


def write_comments(
    rng: np.random.Generator, ground: Ground, *, more: int
) -> tuple[Array, Array, Array]:
    """Two weeks of comments: the day of each, its themes and its words; the subject in the last."""
    shares = np.repeat(_swing(rng, ground.themes, 2), COMMENTS, axis=0)
    themes = rng.random(shares.shape) < shares
    days = np.concatenate([rng.integers(0, DAYS, COMMENTS), rng.integers(DAYS, 2 * DAYS, COMMENTS)])
    others = np.flatnonzero(~themes[:, THEMES] & (days >= DAYS))
    themes[rng.choice(others, more, replace=False), THEMES] = True
    unsaid = np.log1p(-np.repeat(_swing(rng, ground.words, 2), COMMENTS, axis=0))
    unsaid += themes @ np.log1p(-ground.of_theme)
    return days, themes, rng.random(unsaid.shape) < 1 - np.exp(unsaid)


def write_past(rng: np.random.Generator, ground: Ground) -> tuple[Array, Array, Array]:
    """Comments of each earlier day, and how many of them have each theme and each word."""
    totals = rng.multinomial(COMMENTS, [1 / DAYS] * DAYS, size=WEEKS - 1).ravel()
    each_day = np.repeat(np.arange(WEEKS - 1), DAYS)
    themes = _swing(rng, ground.themes, WEEKS - 1)[each_day]
    words = _swing(rng, ground.marginal, WEEKS - 1)[each_day]
    return totals, rng.binomial(totals[:, None], themes), rng.binomial(totals[:, None], words)


def live_a_week(
    seed: int, *, more: int, is_named: bool, looks: Sequence[int] = range(1, DAYS + 1)
) -> Outcome:
    """One organisation with its past, and a week with a look on each of these days."""
    rng = np.random.default_rng(seed)
    ground = lay_ground(rng)
    totals, past_themes, past_words = write_past(rng, ground)
    days, themes, words = write_comments(rng, ground, more=more)
    if not is_named:
        themes, past_themes = themes[:, :THEMES], past_themes[:, :THEMES]
    own = {SUBJECT, *(f"w{word}" for word in range(WORDS - WORDS_OF_SUBJECT, WORDS))}
    leaders: list[str] = []
    false: set[str] = set()
    is_found = False
    for day in looks:
        look = _Look(totals, days, today=DAYS + day - 1)
        named = [*(f"t{theme}" for theme in range(THEMES)), *([SUBJECT] if is_named else [])]
        rises = find_rises(
            look.count(named, past_themes, themes),
            look.count([f"w{word}" for word in range(WORDS)], past_words, words),
        )
        for rise in rises:
            is_own = not own.isdisjoint(riser.code for riser in rise.risers)
            is_found |= is_own and more > 0
            leaders.append(rise.leader.code)
            if not is_own or not more:
                false.add(rise.leader.code)
    return Outcome(is_found, len(false), tuple(leaders))


class _Look:
    """Seven-day periods that end today."""

    def __init__(self, past_totals: Array, days: Array, *, today: int) -> None:
        self.days, self.today = days, today
        self.is_latest = (days > today - DAYS) & (days <= today)
        daily = np.concatenate([past_totals, np.bincount(days, minlength=2 * DAYS)])
        self.totals: list[float] = self._by_period(daily[:, None])[:, 0].tolist()

    def count(self, names: list[str], past: Array, recent: Array) -> Tally:
        """Of each name its comments a period, and the numbers of its comments of the last one."""
        daily = np.stack([recent[self.days == day].sum(axis=0) for day in range(2 * DAYS)])
        counts = self._by_period(np.concatenate([past, daily]))
        latest = np.flatnonzero(self.is_latest)
        uses = {
            name: Use(counts[:, place].tolist(), frozenset(latest[recent[latest, place]].tolist()))
            for place, name in enumerate(names)
        }
        return Tally(self.totals, uses)

    def _by_period(self, daily: Array) -> Array:
        until = daily.shape[0] - 2 * DAYS + self.today + 1
        kept = daily[until % DAYS : until]
        return np.asarray(kept.reshape(-1, DAYS, daily.shape[1]).sum(axis=1))


def _swing(rng: np.random.Generator, shares: Array, weeks: int) -> Array:
    """Each share as it is in each week: gamma, by `SWING`."""
    shape = 1 / SWING**2
    return np.minimum(shares * rng.gamma(shape, 1 / shape, (weeks, len(shares))), 0.95)


def run() -> bool:
    """Print how often the subject was raised, and the false alerts of each kind of week."""
    begun = time.perf_counter()
    print(f"{RUNS} runs a row; {MORE} comments above {BASE} a week among {COMMENTS}")
    print(f"{'week':<38} {'raised within the week':>26} {'false alerts a week':>24}")
    held = [_report(*row) for row in _ROWS]
    print(f"{time.perf_counter() - begun:.0f} s")
    return all(held)


_ROWS = (
    # What the week has; comments more; whether a theme has the subject's name; the limits.
    ("a theme of ours rises", MORE, True, FOUND_MIN, FALSE_MAX),
    # Hundreds of words are tested, so a subject that no theme names needs more comments or weeks.
    ("a subject without a theme rises", MORE, False, 0.0, FALSE_MAX),
    ("the same, by twice as many", 2 * MORE, False, 0.0, FALSE_MAX),
    ("nothing rises", 0, True, 0.0, FALSE_MAX),
)


def _report(words: str, more: int, is_named: bool, found_min: float, false_max: float) -> bool:
    lived = [live_a_week(seed, more=more, is_named=is_named) for seed in range(RUNS)]
    found = sum(outcome.is_found for outcome in lived)
    false = np.array([outcome.false_alerts for outcome in lived], float)
    low, high = wilson_interval(found, RUNS)
    reach = 1.96 * false.std(ddof=1) / RUNS**0.5
    held = found / RUNS >= found_min and false.mean() <= false_max
    seen = f"{found / RUNS:.0%} ({low:.0%} to {high:.0%})" if more else "-"
    alarms = (
        f"{false.mean():.2f} ({max(false.mean() - reach, 0):.2f} to {false.mean() + reach:.2f})"
    )
    print(f"{words:<38} {seen:>26} {alarms:>24}   {'held' if held else 'NOT HELD'}", flush=True)
    return bool(held)


if __name__ == "__main__":
    sys.exit(not run())
