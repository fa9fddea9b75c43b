"""What `kokemus.comments` reads in the gold set, beside what a careful reader found there.

Both halves are printed: odd ids were developed with, even ids were only ever measured on.
Intervals are Wilson's, 95 %.
"""

from __future__ import annotations

import sys

from benchmarks.comments._gold_near import report_near
from benchmarks.comments._gold_personal import report_personal
from benchmarks.comments._gold_sentiment import report_sentiment
from benchmarks.comments._gold_themes import report_themes
from benchmarks.comments._gold_whole import report_whole
from benchmarks.comments._gold_words import report_languages, report_lemmas


def run() -> bool:
    report_languages()
    report_lemmas()
    report_themes()
    held = [report_sentiment(), report_personal()]
    report_near()
    report_whole()
    return all(held)


if __name__ == "__main__":
    sys.exit(not run())
