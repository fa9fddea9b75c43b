"""Of the gold set: personal data found and hidden, and what was hidden in vain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.comments._gold_set import (
    HALVES,
    LANGUAGES,
    NAMES,
    GoldComment,
    print_table,
    read_gold,
    say_share,
)
from kokemus.comments.personal import find_personal_data

KINDS = (
    "personal_id",
    "phone",
    "iban",
    "email",
    "business_id",
    "card",
    "plate",
    "address",
    "name",
)


@dataclass(frozen=True)
class Stretch:
    """Of one stretch of the set, or one that was hidden: its kind, and what became of it."""

    kind: str
    text: str
    is_hidden: bool  # every letter and digit of it
    is_right: bool  # one of its own kind lies over it; of a hidden one: it lies over one of the set


def read_personal(comment: GoldComment) -> tuple[list[Stretch], list[Stretch]]:
    """The stretches of the set, and the stretches hidden."""
    gold = comment.place(comment.personal)
    spans = find_personal_data(comment.text, language=comment.language)
    found = [(span.start, span.end, span.kind) for span in spans]
    covered = {at for start, end, _ in found for at in range(start, end)}
    wanted = [
        Stretch(
            kind,
            comment.text[start:end],
            all(at in covered for at in range(start, end) if comment.text[at].isalnum()),
            kind in set(_kinds_over(found, start, end)),
        )
        for start, end, kind in gold
    ]
    hidden = [
        Stretch(kind, comment.text[start:end], True, any(_kinds_over(gold, start, end)))
        for start, end, kind in found
    ]
    return wanted, hidden


def _kinds_over(stretches: Iterable[tuple[int, int, str]], start: int, end: int) -> Iterator[str]:
    return (kind for first, last, kind in stretches if first < end and last > start)


def report_personal() -> bool:
    """Print it by kind and by language; true if the even half has all hidden and nothing else."""
    read = {
        (language, half): [read_personal(c) for c in read_gold(language) if c.half == half]
        for language in LANGUAGES
        for half in HALVES
    }
    print("Personal data hidden whole, of what there is, by kind (three languages)\n")
    print_table(
        ["kind", *HALVES, "called by another kind", "hidden in vain"],
        [_row_of_kind(read, kind) for kind in KINDS],
    )
    print("By language: hidden of what there is; right of what was hidden\n")
    print_table(
        ["language", "half", "hidden (recall)", "right (precision)"],
        [[NAMES[language], half, *_shares(read[language, half])] for language, half in read],
    )
    even = [pair for (_, half), pairs in read.items() if half == "even" for pair in pairs]
    return all(s.is_hidden for wanted, _ in even for s in wanted) and all(
        s.is_right for _, hidden in even for s in hidden
    )


Read = dict[tuple[str, str], list[tuple[list[Stretch], list[Stretch]]]]


def _row_of_kind(read: Read, kind: str) -> list[object]:
    shares, others, vain = [], 0, Counter[str]()
    for half in HALVES:
        pairs = [pair for (_, name), pairs in read.items() if name == half for pair in pairs]
        wanted = [s for found, _ in pairs for s in found if s.kind == kind]
        shares.append(say_share(sum(s.is_hidden for s in wanted), len(wanted)))
        others += sum(s.is_hidden and not s.is_right for s in wanted)
        vain[half] = sum(s.kind == kind and not s.is_right for _, hidden in pairs for s in hidden)
    return [kind, *shares, others, f"{vain['odd']} odd, {vain['even']} even"]


def _shares(pairs: list[tuple[list[Stretch], list[Stretch]]]) -> list[str]:
    wanted = [s for found, _ in pairs for s in found]
    hidden = [s for _, found in pairs for s in found]
    return [
        say_share(sum(s.is_hidden for s in wanted), len(wanted)),
        say_share(sum(s.is_right for s in hidden), len(hidden)),
    ]
