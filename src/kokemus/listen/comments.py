"""Reading comments: computed outside any transaction, written briefly, many at a time."""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from statistics import fmean
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kokemus.comments.personal import PersonalSpan, redact
from kokemus.comments.readings import Reading, read_comments
from kokemus.comments.themes import Embedder
from kokemus.listen.embedding import AT_ONCE as EMBEDDED_AT_ONCE
from kokemus.listen.embedding import embed_texts, without_personal
from kokemus.listen.readers import Reader, Readers, hides_as_now
from kokemus.store.models import CommentEmbedding, CommentReading, FoundTheme, Response
from kokemus.store.models.responses import ReadingFacts, ResponseQuerySet

LOG = logging.getLogger(__name__)
AT_ONCE = 500
WRITTEN_AT_ONCE = 50  # answers that come meanwhile wait for the end of a transaction
ROUND_SECONDS_MAX = 2.0
RUSH = dt.timedelta(seconds=2.5)
RESTS = 4  # in a rush reading leaves four fifths of the time to those who answer
STRONGEST = 12  # of what drove a reading, so much is kept
Vectors = dict[uuid.UUID, NDArray[np.int8]]


class Understand(Protocol):
    """Reads comments; gives the embeddings too that it had to make for that."""

    def __call__(
        self, own: Sequence[ReadingFacts], *, reader: Reader
    ) -> tuple[list[Reading], Vectors]: ...


def read_fresh_comments(readers: Readers, *, now: dt.datetime) -> int:
    """Read what people wrote just now; say how many. What changes meanwhile is read next."""
    return _read_waiting(lambda: Response.objects.fresh(), readers=readers, now=now)


def read_past_comments(readers: Readers, *, now: dt.datetime) -> int:
    """Read what came with files and what is to be read again, beside the fresh ones."""
    return _read_waiting(lambda: Response.objects.not_fresh(), readers=readers, now=now)


def _read_waiting(
    find: Callable[[], ResponseQuerySet], *, readers: Readers, now: dt.datetime
) -> int:
    """Batch by batch until nothing waits or the round has lasted long enough.

    In a rush of answers only the newest are read, a few at a time, and capture has the machine;
    the others are read when it is over.
    """
    begun, count = time.monotonic(), 0
    while waiting := find().select_for_reading(limit=AT_ONCE):
        turn = time.monotonic()
        at = now + dt.timedelta(seconds=turn - begun)
        if is_rush := len(waiting) == AT_ONCE and at - waiting[-1].changed_at < RUSH:
            waiting = waiting[:WRITTEN_AT_ONCE]
        count += _read_batch(waiting, readers=readers, now=at)
        if is_rush:
            time.sleep(RESTS * (time.monotonic() - turn))
        elif len(waiting) < AT_ONCE:
            break
        if time.monotonic() - begun > ROUND_SECONDS_MAX:
            break
    return count


def _read_batch(waiting: Sequence[ReadingFacts], *, readers: Readers, now: dt.datetime) -> int:
    emptied = {facts.pk: facts.changed_at for facts in waiting if not facts.comment}
    count = CommentReading.objects.forget(emptied) if emptied else 0
    said = sorted((facts for facts in waiting if facts.comment), key=_organisation)
    understand = _understand_few if len(said) <= EMBEDDED_AT_ONCE else _understand
    for organisation_id, own in groupby(said, key=_organisation):
        reader = readers.reader_of(organisation_id)
        count += _read_own(list(own), reader=reader, understand=understand, now=now)
    return count


def _organisation(facts: ReadingFacts) -> int:
    return facts.organisation_id


def _read_own(
    own: Sequence[ReadingFacts], *, reader: Reader, understand: Understand, now: dt.datetime
) -> int:
    """Read comments of one organisation and write what they were read as.

    Where one of them cannot be read, each is read by itself; that one is left without a reading.
    Where the names to hide have changed meanwhile, nothing is written: they are read once more.
    """
    try:
        read, vectors = understand(own, reader=reader)
    except Exception:
        if len(own) == 1:
            LOG.exception("A comment could not be read", extra={"event": "reading_failed"})
            return CommentReading.objects.forget({own[0].pk: own[0].changed_at})
        return sum(
            _read_own([facts], reader=reader, understand=understand, now=now) for facts in own
        )
    if not hides_as_now(reader, organisation_id=own[0].organisation_id):
        return 0
    rows, themes = [], {}
    embeds = Embedder.is_installed()
    for facts, reading in zip(own, read, strict=True):
        rows.append(_as_row(facts, reading, embeds=embeds, now=now))
        themes[facts.pk] = _found_themes(reading, keys=reader.theme_keys)
    count = sum(
        CommentReading.objects.write(rows[start : start + WRITTEN_AT_ONCE], themes=themes, at=now)
        for start in range(0, len(rows), WRITTEN_AT_ONCE)
    )
    if vectors:
        CommentEmbedding.objects.write(vectors, seen=dict.fromkeys(vectors, now))
    return count


def _understand(own: Sequence[ReadingFacts], *, reader: Reader) -> tuple[list[Reading], Vectors]:
    """Read with the embeddings that there are, if any theme looks at them."""
    return _read(own, reader=reader, vectors=_vectors_of(own, reader=reader)), {}


def _understand_few(
    own: Sequence[ReadingFacts], *, reader: Reader
) -> tuple[list[Reading], Vectors]:
    """The same, but what has no embedding gets one first: a theme by meaning is found at once.

    What is personal is known when a comment has been read, so those are read twice.
    """
    vectors = _vectors_of(own, reader=reader)
    read = _read(own, reader=reader, vectors=vectors)
    lacking = [pair for pair in zip(own, read, strict=True) if pair[0].pk not in vectors]
    if not lacking or not reader.reads_by_meaning or not Embedder.is_installed():
        return read, {}
    try:
        rows = embed_texts(
            [without_personal(facts.comment, _personal(reading)) for facts, reading in lacking]
        )
    except (OSError, RuntimeError):
        LOG.exception("The model of embeddings cannot be loaded")
        return read, {}
    made = {facts.pk: row for (facts, _reading), row in zip(lacking, rows, strict=True)}
    return _read(own, reader=reader, vectors={**vectors, **made}), made


def _vectors_of(own: Sequence[ReadingFacts], *, reader: Reader) -> Vectors:
    if not reader.reads_by_meaning:
        return {}
    return CommentEmbedding.objects.vectors_of({facts.pk: facts.changed_at for facts in own})


def _read(own: Sequence[ReadingFacts], *, reader: Reader, vectors: Vectors) -> list[Reading]:
    return read_comments(
        [facts.comment for facts in own],
        expected=[facts.language for facts in own],
        sentiment=reader.sentiment,
        book=reader.book,
        names=reader.names,
        embeddings=[vectors.get(facts.pk) for facts in own],
    )


def _as_row(
    facts: ReadingFacts, reading: Reading, *, embeds: bool, now: dt.datetime
) -> CommentReading:
    statements = [
        _at(part.start, part.end, sentiment=part.sentiment, label=part.label)
        | {"is_unsure": part.is_unsure, "themes": list(part.themes)}
        for part in reading.statements
    ]
    strongest = sorted(reading.evidence, key=lambda each: -abs(each.weight))[:STRONGEST]
    evidence = [_at(e.start, e.end, kind=e.kind, weight=e.weight) for e in strongest]
    return CommentReading(
        response_id=facts.pk,
        organisation_id=facts.organisation_id,
        unit_id=facts.unit_id,
        answered_at=facts.answered_at,
        local_day=facts.local_day,
        language=reading.language,
        sentiment=reading.sentiment,
        label=reading.label,
        probability=reading.probability,
        is_unsure=reading.is_unsure,
        statements=statements,
        evidence=evidence,
        lemmas=f" {' '.join(reading.lemmas)} " if reading.lemmas else "",
        redacted=reading.redacted,
        shown=shift_places(
            {"statements": statements, "evidence": evidence},
            spans=reading.personal,
            language=reading.language,
        ),
        personal=_personal(reading),
        read_at=now,
        read_of=facts.changed_at,
        awaits_embedding=embeds,
    )


def _personal(reading: Reading) -> list[dict[str, Any]]:
    return [_at(span.start, span.end, kind=span.kind) for span in reading.personal]


def _at(start: int, end: int, **values: Any) -> dict[str, Any]:
    return {"start": start, "end": end, **values}


def _found_themes(reading: Reading, *, keys: dict[str, int]) -> list[FoundTheme]:
    """The themes with how the statements about each feel; the strongest gives the label."""
    found = []
    for hit in reading.hits:
        about = [part for part in reading.statements if hit.code in part.themes]
        strongest = max(about, key=lambda part: abs(part.sentiment), default=reading)
        sentiment = fmean(part.sentiment for part in about) if about else reading.sentiment
        found.append(
            FoundTheme(keys[hit.code], hit.source, hit.probability, sentiment, strongest.label)
        )
    return found


def shift_places(
    places: dict[str, list[dict[str, Any]]], *, spans: Iterable[PersonalSpan], language: str
) -> dict[str, list[dict[str, Any]]]:
    """The same places in the redacted comment: what lies within a bracketed word is left out."""
    steps = []
    for start, end, kind in spans:
        word = redact("x" * (end - start), [PersonalSpan(0, end - start, kind)], language=language)
        steps.append((start, end, len(word) - (end - start)))
    if not steps:
        return places
    moved: dict[str, list[dict[str, Any]]] = {}
    for name, rows in places.items():
        moved[name] = [
            row | {"start": _shift(row["start"], steps), "end": _shift(row["end"], steps)}
            for row in rows
            if not any(start <= row["start"] and row["end"] <= end for start, end, _ in steps)
        ]
    return moved


def _shift(place: int, steps: Iterable[tuple[int, int, int]]) -> int:
    """Where a place of the comment is in the redacted one; a place within a word, at its end."""
    shift = 0
    for start, end, grown in steps:
        if place >= end:
            shift += grown
        elif place > start:
            return end + shift + grown
    return place + shift
