"""Bringing in a file of answers: look at it, try it without writing, write it."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from zoneinfo import ZoneInfo

from kokemus.listen.answer_files import (
    AnswerFile,
    FileMapping,
    Line,
    count_codes,
    guess_columns_of,
    guess_date_order,
    line_key,
    read_lines,
    read_payload,
)
from kokemus.listen.answers import RefusedAnswer, read_answer
from kokemus.store.capture import Submission
from kokemus.store.models import Response
from kokemus.store.published import Published
from kokemus.store.scales import SCALES

CHUNK_LINES = 1_000
SAMPLE_LINES = 5
REFUSED_KEPT_MAX = 1_000


@dataclass(frozen=True)
class Refusal:
    """A line that was not taken: its number, the reason's code, the field and its value."""

    line: int
    code: str
    field: str
    value: str


@dataclass(frozen=True)
class Look:
    """What a file seems to be. `strange` are values of the score off the scale, with counts."""

    columns: dict[str, str]
    sample: list[Line]
    strange: list[tuple[str, int]]
    date_order: str | None


def tell_nobody(refusal: Refusal) -> None:
    """Where the first refusals, which a report keeps, are enough."""


@dataclass
class Report:
    """What became of the lines. `refused` keeps the first ones; `refused_count` counts all, and
    `tell` is called with each.
    """

    lines: int = 0
    added: int = 0
    unchanged: int = 0
    empty: int = 0
    refused_count: int = 0
    refused: list[Refusal] = field(default_factory=list)
    tell: Callable[[Refusal], object] = field(default=tell_nobody, repr=False, compare=False)

    def refuse(self, refusal: Refusal) -> None:
        self.refused_count += 1
        self.tell(refusal)
        if len(self.refused) < REFUSED_KEPT_MAX:
            self.refused.append(refusal)


def look_at(file: AnswerFile, *, scale: str, columns: dict[str, str] | None = None) -> Look:
    """Guess what the columns are (or take them as given), and name what looks odd."""
    known = guess_columns_of(file) if columns is None else columns
    strange: list[tuple[str, int]] = []
    if score := known.get("score"):
        counts = count_codes(read_lines(file), score)
        strange = [(v, n) for v, n in counts.most_common() if v and not _on_scale(v, scale)][:12]
    order: str | None = "ymd"
    if column := known.get("answered_at"):
        dates = (line.cells[column] for line in read_lines(file) if not line.fault)
        order = guess_date_order(list(islice(filter(None, dates), 5_000)))
    return Look(known, list(islice(read_lines(file), SAMPLE_LINES)), strange, order)


def try_import(
    file: AnswerFile,
    *,
    published: Published,
    mapping: FileMapping,
    now: dt.datetime,
    progress: Callable[[Report], None] = lambda report: None,
    on_refused: Callable[[Refusal], object] = tell_nobody,
) -> Report:
    """Read every line and write nothing: what an import would do now.

    `progress` is called after each thousand lines, `on_refused` for each line that is not taken.
    """
    report = Report(tell=on_refused)
    for chunk in _chunks(file):
        numbered = _read_chunk(chunk, report, published, mapping, now)
        keys = {submission.key for _, submission in numbered}
        known = set(
            Response.objects.filter(
                organisation=published.organisation_id, key__in=keys
            ).values_list("key", flat=True)
        )
        report.unchanged += len(known)
        report.added += len(keys - known)
        report.unchanged += len(numbered) - len(keys)
        progress(report)
    return report


def import_responses(
    file: AnswerFile,
    *,
    published: Published,
    mapping: FileMapping,
    now: dt.datetime,
    progress: Callable[[Report], None],
    on_refused: Callable[[Refusal], object] = tell_nobody,
) -> Report:
    """Write the answers, a thousand lines at a time; call `progress` after each thousand.

    `on_refused` is called for each line that is not taken.

    The same file again changes nothing. Imported answers open no cases. `now` is when the import
    begins: each thousand is stamped with when it is written, or readers that know everything up
    to a moment would never hear of what a long import writes after it.
    """
    report, begun = Report(tell=on_refused), time.monotonic()
    for chunk in _chunks(file):
        numbered = _read_chunk(chunk, report, published, mapping, now)
        written_at = now + dt.timedelta(seconds=time.monotonic() - begun)
        outcomes = Response.objects.record([one for _, one in numbered], now=written_at)
        for (line, submission), outcome in zip(numbered, outcomes, strict=True):
            if outcome.state == "refused":
                where = "encounter" if outcome.reason == "unknown_encounter" else "line"
                value = submission.encounter if where == "encounter" else ""
                report.refuse(Refusal(line, outcome.reason, where, value))
            elif outcome.state == "added":
                report.added += 1
            else:
                report.unchanged += 1
        progress(report)
    return report


def _chunks(file: AnswerFile) -> Iterator[list[tuple[Line, Counter[str]]]]:
    """Lines by the thousand, each with the one tally of like lines."""
    seen: Counter[str] = Counter()
    lines = read_lines(file)
    while chunk := list(islice(lines, CHUNK_LINES)):
        yield [(line, seen) for line in chunk]


def _read_chunk(
    chunk: list[tuple[Line, Counter[str]]],
    report: Report,
    published: Published,
    mapping: FileMapping,
    now: dt.datetime,
) -> list[tuple[int, Submission]]:
    zone = ZoneInfo(published.time_zone)
    numbered = []
    for line, seen in chunk:
        report.lines += 1
        try:
            payload = read_payload(line, mapping, zone=zone)
            if payload is None:
                report.empty += 1
                continue
            payload["key"] = line_key(line, mapping, survey=published.survey_id, seen=seen)
            submission = read_answer(
                payload, published=published, now=now, channel="import", is_triaged=True
            )
        except RefusedAnswer as error:
            value = "" if error.value is None else str(error.value)[:200]
            report.refuse(Refusal(line.number, error.code, error.field, value))
        else:
            numbered.append((line.number, submission))
    return numbered


def _on_scale(value: str, scale: str) -> bool:
    try:
        score = float(value.replace(",", "."))
    except ValueError:
        return False
    return score.is_integer() and SCALES[scale].holds(int(score))
