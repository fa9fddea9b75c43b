"""How often the language of a short comment is told right, with nothing expected.

Limit: 97 % of 160 hand-made comments of a few words in Finnish, Swedish, English and Estonian;
they are not in the repository: DATA names the folder that has `short_comments_handmade.tsv`.
The gold set, which is, tells the same on longer comments always.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.comments._gold_set import LANGUAGES, print_table, read_gold, say_share
from kokemus.comments.languages import find_language

SHARE_MIN = 0.97
FILE = "short_comments_handmade.tsv"
Labelled = Sequence[tuple[str, str]]


def run() -> bool:
    gold = [(comment.language, comment.text) for each in LANGUAGES for comment in read_gold(each)]
    rows = [["gold set, 3 languages", *tell(gold, LANGUAGES)]]
    short = read_short()
    limited = [tell(gold, LANGUAGES)]
    if short:
        three = [pair for pair in short if pair[0] in LANGUAGES]
        limited += [tell(three, LANGUAGES), tell(short, (*LANGUAGES, "et"))]
        rows += [["short, 3 languages", *limited[1]], ["short, 4 languages", *limited[2]]]
        rows += [["short, 3 languages, the right one expected", *tell_expected(three)]]
    print_table(["set", "right (95 %)", "times the limit", "read as another, or as none"], rows)
    if not short:
        print(f"  {FILE} was not given (DATA): only the gold set was measured.")
    return all(float(ratio) >= 1 for _, ratio, _ in limited)


def read_short() -> Labelled:
    """The hand-made comments, or none where their folder is not named."""
    folder = os.environ.get("DATA", "")
    path = Path(folder) / FILE
    if not folder or not path.is_file():
        return []
    lines = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    return [(language, text) for language, text in lines]


def tell(pairs: Labelled, languages: Sequence[str]) -> tuple[str, str, str]:
    found = [find_language(text, languages=languages) for _, text in pairs]
    return _report(pairs, found)


def tell_expected(pairs: Labelled) -> tuple[str, str, str]:
    return _report(pairs, [find_language(text, expected=language) for language, text in pairs])


def _report(pairs: Labelled, found: Sequence[str]) -> tuple[str, str, str]:
    both = [(language, read) for (language, _), read in zip(pairs, found, strict=True)]
    wrong = Counter(
        f"{language} as {read or 'none'}" for language, read in both if language != read
    )
    right = len(pairs) - wrong.total()
    told = ", ".join(f"{mistake} {count}" for mistake, count in wrong.most_common())
    return say_share(right, len(pairs)), f"{right / len(pairs) / SHARE_MIN:.3f}", told or "–"


if __name__ == "__main__":
    sys.exit(not run())
