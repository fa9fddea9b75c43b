"""Which encounters were answered, and what was said."""

import datetime

import numpy as np
from numpy.typing import NDArray

from kokemus.simulate import truths
from kokemus.simulate.comments import Words, write_comments
from kokemus.simulate.encounters import Felt, Turns
from kokemus.simulate.kotilyhty import SURVEYS, TOUCHPOINTS
from kokemus.simulate.moments import make_keys, to_column
from kokemus.simulate.organisation import Contacts, Moments, Responses, Whole

CHANNELS = {
    "human": {"sms": 0.45, "email": 0.35, "link": 0.2},
    "digital": {"link": 0.55, "email": 0.2, "api": 0.25},
    "physical": {"qr": 0.4, "sms": 0.35, "email": 0.25},
}
LOW, MIDDLE, HIGH = 0, 1, 2


def draw_responses(
    generator: np.random.Generator,
    *,
    number: int,
    felt: Felt,
    contacts: Contacts,
    ends: datetime.datetime,
    turns: Turns,
) -> Responses:
    """Draw the answers to a random share of the encounters, in order of answering."""
    encounters = felt.encounters
    chosen = generator.permutation(len(encounters))[:number]
    answered_at = _draw_answer_times(generator, encounters.happened_at[chosen], ends)
    order = np.argsort(answered_at, kind="stable")
    chosen, answered_at = chosen[order], answered_at[order]
    point = encounters.touchpoint[chosen]
    score, level = cut_scores(felt.experience[chosen], touchpoint=point)
    languages = [contacts.language[i] for i in encounters.contact[chosen].tolist()]
    words = _write(generator, point, level, languages, answered_at, turns)
    willing = np.array([0.55, 0.35, 0.25])[level]
    return Responses(
        key=make_keys(generator, moments=answered_at),
        encounter=chosen,
        survey=point.copy(),
        score=score,
        comment=words.comment,
        theme=words.theme,
        may_contact=generator.random(number) < willing,
        language=languages,
        channel=_draw_channels(generator, point),
        answered_at=answered_at,
    )


def _draw_answer_times(
    generator: np.random.Generator, happened_at: Moments, ends: datetime.datetime
) -> Moments:
    """Most answer within hours; what would come after the end comes before it instead."""
    seconds = np.minimum(generator.lognormal(8.6, 1.5, len(happened_at)), 12 * 86_400) + 60
    left = (to_column(ends) - happened_at).astype(np.int64) / 1e6
    late = seconds >= left
    seconds = np.where(late, left * generator.uniform(0.05, 0.95, len(left)), seconds)
    return np.asarray(happened_at + (seconds * 1e6).astype("timedelta64[us]"))


def cut_scores(experience: NDArray[np.float64], *, touchpoint: Whole) -> tuple[Whole, Whole]:
    """Cut experience into the scores of each touchpoint's scale, and into low, middle, high."""
    score = np.zeros(len(experience), dtype=np.int64)
    level = np.zeros(len(experience), dtype=np.int64)
    for i, survey in enumerate(SURVEYS):
        rows = touchpoint == i
        lowest, highest = truths.MIDDLE[survey.kind]
        cuts = np.array(truths.CUTS[survey.kind])
        given = truths.SCORE_LOW[survey.kind] + np.searchsorted(cuts, experience[rows])
        score[rows] = given
        level[rows] = np.where(given < lowest, LOW, np.where(given <= highest, MIDDLE, HIGH))
    return score, level


def _write(
    generator: np.random.Generator,
    touchpoint: Whole,
    level: Whole,
    languages: list[str],
    answered_at: Moments,
    turns: Turns,
) -> Words:
    rates = np.array(list(truths.COMMENT_RATES.values()))
    writes = generator.random(len(level)) < rates[level]
    subjects = _draw_subjects(generator, touchpoint, level, answered_at, turns)
    return write_comments(
        seed=int(generator.integers(0, 1 << 32)),
        touchpoints=[TOUCHPOINTS[i].code for i in touchpoint.tolist()],
        levels=level.tolist(),
        languages=languages,
        writes=writes.tolist(),
        subjects=subjects,
    )


def _draw_subjects(
    generator: np.random.Generator,
    touchpoint: Whole,
    level: Whole,
    answered_at: Moments,
    turns: Turns,
) -> list[str]:
    """What there is trouble with, for the answers that speak of it."""
    codes = np.array([point.code for point in TOUCHPOINTS])
    is_app = np.isin(codes, ["booking", "app"])[touchpoint]
    is_reminded = np.isin(codes, truths.REMINDED)[touchpoint]
    is_late = answered_at >= turns.login
    share = np.where(is_late, truths.LOGIN_SHARE_AFTER, truths.LOGIN_SHARE_BEFORE)
    chance = generator.random(len(level))
    is_login = is_app & (level < HIGH) & (chance < share)
    is_reminder = is_reminded & (answered_at >= turns.reminder) & (chance < truths.REMINDER_SHARE)
    subjects: list[str] = np.where(
        is_login, "login", np.where(is_reminder, "reminder", "")
    ).tolist()
    return subjects


def _draw_channels(generator: np.random.Generator, touchpoint: Whole) -> list[str]:
    draws = generator.random(len(touchpoint)).tolist()
    tables = []
    for point in TOUCHPOINTS:
        shares = CHANNELS[point.mode]
        tables.append((list(shares), np.cumsum(list(shares.values())).tolist()))
    channels = []
    for i, draw in zip(touchpoint.tolist(), draws, strict=True):
        names, edges = tables[i]
        place = sum(draw >= edge for edge in edges[:-1])
        channels.append(names[place])
    return channels
