"""Personal data: 3,000 codes of each kind, right and wrong, in sentences; and how fast it is found.

Every right code must be found whole and as what it is, and no wrong one as anything, both as
written and disguised (other dashes, wide digits, hidden characters, new lines).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from random import Random

from benchmarks.comments._codes import (
    MAKERS,
    disguised,
    email,
    number_that_is_no_phone,
    phone,
    plate,
    sentence_with,
)
from benchmarks.comments._gold_set import LANGUAGES, read_gold
from kokemus.comments.personal import find_personal_data

CODES = 3_000
A_SECOND_MIN = 4_000
ROUNDS = 5
STAFF = tuple(f"{first} Virtanen" for first in ("Matti", "Sari", "Onni", "Erik", "Anna", "Will"))


def run() -> bool:
    checked = [_report_checked(name) for name in MAKERS]
    others = [
        _report_found("telephone", "phone", phone),
        _report_found("e-mail", "email", email),
        _report_found("plate", "plate", plate),
        _report_in_vain(),
    ]
    return all([*checked, *others, _report_speed()])


def count_found(
    make: Callable[[Random], str], *, kind: str, codes: int = CODES, seed: int = 1
) -> tuple[int, int]:
    """How many codes in sentences are found whole as the kind, and how many as anything."""
    random = Random(seed)
    whole = something = 0
    for _ in range(codes):
        code = make(random)
        text, language, start = sentence_with(random, code)
        spans = find_personal_data(text, language=language)
        whole += (start, start + len(code), kind) in spans
        something += bool(spans)
    return whole, something


def _report_checked(name: str) -> bool:
    kind, make = MAKERS[name]
    counts = []
    for written in (_as_made, disguised):
        right, _ = count_found(lambda r: written(r, make(r, is_right=True)), kind=kind)  # noqa: B023
        _, wrong = count_found(lambda r: written(r, make(r, is_right=False)), kind=kind)  # noqa: B023
        counts += [right, wrong]
    print(
        f"{name:<20} right found {counts[0]:,} of {CODES:,}, wrong {counts[1]:,}; "
        f"disguised {counts[2]:,}, wrong {counts[3]:,}"
    )
    return counts == [CODES, 0, CODES, 0]


def _as_made(random: Random, code: str) -> str:
    return code


def _report_found(name: str, kind: str, make: Callable[[Random], str]) -> bool:
    found, _ = count_found(make, kind=kind)
    print(f"{name:<20} found {found:,} of {CODES:,}")
    return found == CODES


def _report_in_vain() -> bool:
    _, found = count_found(number_that_is_no_phone, kind="phone")
    print(f"{'other numbers':<20} hidden in vain {found:,} of {CODES:,}")
    return found == 0


def _report_speed() -> bool:
    comments = [(each.text, each.language) for name in LANGUAGES for each in read_gold(name)]
    rates = [_comments_a_second(comments, names=names) for names in ((), STAFF)]
    print(
        f"speed: {rates[0]:,.0f} comments a second on one core, "
        f"{rates[1]:,.0f} with {len(STAFF)} names of staff (at least {A_SECOND_MIN:,})"
    )
    return min(rates) >= A_SECOND_MIN


def _comments_a_second(comments: Sequence[tuple[str, str]], *, names: tuple[str, ...]) -> float:
    find_personal_data("040 1234567", names=names)  # what is read once is not counted
    start = time.process_time()
    for _ in range(ROUNDS):
        for text, language in comments:
            find_personal_data(text, language=language, names=names)
    return ROUNDS * len(comments) / (time.process_time() - start)


if __name__ == "__main__":
    sys.exit(not run())
