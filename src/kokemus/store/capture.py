"""The one statement by which answers become rows, whichever door they came through. No Django.

A batch travels as one JSON text and is unpacked by the database: the interpreter is free
while the database works, and both databases are spoken to alike.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import count
from typing import Any, Literal, NamedTuple

from kokemus.store.identifiers import uuid7_hex

State = Literal["added", "amended", "unchanged", "refused"]


class Submission(NamedTuple):
    """A checked answer on its way to the writer; a tuple, as there are thousands a second.

    `encounter` is a reference or an id; the row then keeps the encounter's touchpoint and unit.
    With `amends`, the same key again changes the row: a score or comment that is given replaces
    the one before; the permission and the address do so when `is_complete`. Without it the row
    stays as it is. With `is_triaged` no rule will look at the answer.
    """

    id: str
    key: str
    organisation_id: int
    survey_id: int
    version_id: int
    touchpoint_id: int
    unit_id: int
    scale: str
    score: int | None
    language: str
    channel: str
    answered_at: dt.datetime
    local_day: dt.date
    encounter: str = ""
    comment: str = ""
    may_contact: bool = False
    reply_to: str = ""
    is_complete: bool = True
    amends: bool = False
    is_triaged: bool = False


class Outcome(NamedTuple):
    """What became of a submission; `reason` is a code, and only of a refused one."""

    id: str
    state: State
    reason: str = ""


def write_submissions(
    connection: Any,  # sqlite3.Connection or psycopg.Connection, in autocommit mode
    submissions: Sequence[Submission],
    *,
    vendor: str,
    now: dt.datetime,
) -> list[Outcome]:
    """Write all in one transaction and return after its commit, one outcome for each in order.

    A row that the database refuses does not fail the others: each is then written alone.
    Raises the driver's error when the database itself cannot be used; nothing is then certain.
    """
    try:
        return _write_together(connection, submissions, vendor=vendor, now=now)
    except row_errors(vendor):
        return [
            _write_alone(connection, submission, vendor=vendor, now=now)
            for submission in submissions
        ]


def insert_submissions(
    cursor: Any, submissions: Sequence[Submission], *, vendor: str, now: dt.datetime
) -> list[Outcome]:
    """Insert within the transaction that the caller has begun."""
    found = _find_encounters(cursor, submissions, vendor=vendor)
    outcomes: dict[int, Outcome] = {}
    for batch in _without_repeated_keys(submissions):
        rows: dict[int, list[Any]] = {}
        for index, submission in batch:
            place = found.get((submission.organisation_id, submission.encounter))
            if submission.encounter and place is None:
                outcomes[index] = Outcome(submission.id, "refused", "unknown_encounter")
            else:
                rows[index] = _row(submission, place, now=now)
        outcomes |= _insert_rows(cursor, rows, amends=batch[0][1].amends, vendor=vendor)
    return [outcomes[index] for index in range(len(submissions))]


@cache
def row_errors(vendor: str) -> tuple[type[Exception], ...]:
    """What the driver raises when a row is wrong, and not the database."""
    if vendor == "sqlite":
        return (sqlite3.IntegrityError, sqlite3.DataError, ValueError, OverflowError)
    import psycopg

    return (psycopg.IntegrityError, psycopg.DataError, ValueError, OverflowError)


def refusal_of(error: Exception) -> str:
    """The reason code for a row that the database refused."""
    words = str(error)
    if "response_score_fits_scale" in words:
        return "score_out_of_range"
    if "foreign key" in words.lower():
        return "unknown_survey"
    return "not_storable"


def _write_together(
    connection: Any, submissions: Sequence[Submission], *, vendor: str, now: dt.datetime
) -> list[Outcome]:
    cursor = connection.cursor()
    cursor.execute("BEGIN IMMEDIATE" if vendor == "sqlite" else "BEGIN")
    try:
        outcomes = insert_submissions(cursor, submissions, vendor=vendor, now=now)
        cursor.execute("COMMIT")
    except BaseException:
        _roll_back(cursor)
        raise
    return outcomes


def _roll_back(cursor: Any) -> None:
    """The error that led here is the one to report, also when the connection is gone."""
    try:
        cursor.execute("ROLLBACK")
    except Exception:
        cursor.close()


def _write_alone(
    connection: Any, submission: Submission, *, vendor: str, now: dt.datetime
) -> Outcome:
    try:
        return _write_together(connection, [submission], vendor=vendor, now=now)[0]
    except row_errors(vendor) as error:
        return Outcome(submission.id, "refused", refusal_of(error))


def _without_repeated_keys(
    submissions: Iterable[Submission],
) -> list[list[tuple[int, Submission]]]:
    """Batches, in order, in which each key is once and all amend or none does."""
    turns: dict[tuple[int, str], count[int]] = {}
    batches: dict[tuple[int, bool], list[tuple[int, Submission]]] = {}
    for index, submission in enumerate(submissions):
        turn = next(turns.setdefault((submission.organisation_id, submission.key), count()))
        batches.setdefault((turn, submission.amends), []).append((index, submission))
    return [batches[turn] for turn in sorted(batches)]


@dataclass(frozen=True, slots=True)
class _Place:
    encounter_id: str
    touchpoint_id: int
    unit_id: int


def _find_encounters(
    cursor: Any, submissions: Iterable[Submission], *, vendor: str
) -> dict[tuple[int, str], _Place]:
    """Look all encounters up in one query; a reference goes before an id."""
    asked = {(s.organisation_id, s.encounter) for s in submissions if s.encounter}
    if not asked:
        return {}
    wanted = [[organisation, text, _as_id(text)] for organisation, text in sorted(asked)]
    batch = json.dumps(wanted, ensure_ascii=False)
    cursor.execute(_encounter_query(vendor), [batch, batch])
    return {
        (organisation, text): _Place(_hex(encounter), touchpoint, unit)
        for organisation, text, encounter, touchpoint, unit in cursor.fetchall()
    }


def _as_id(text: str) -> str | None:
    try:
        return uuid.UUID(text).hex
    except ValueError:
        return None


def _row(submission: Submission, place: _Place | None, *, now: dt.datetime) -> list[Any]:
    """The values in the order of COLUMNS."""
    answered_at, changed_at = _stamp(submission.answered_at), _stamp_once(now)
    return [
        submission.id,
        submission.organisation_id,
        submission.key,
        submission.survey_id,
        submission.version_id,
        place.touchpoint_id if place else submission.touchpoint_id,
        place.unit_id if place else submission.unit_id,
        place.encounter_id if place else None,
        submission.scale,
        submission.score,
        submission.comment,
        submission.may_contact,
        submission.reply_to,
        submission.language,
        submission.channel,
        answered_at,
        submission.local_day.isoformat(),
        answered_at if submission.is_complete else None,
        changed_at,
        changed_at if submission.is_triaged else None,
        _reading_turn(submission),
    ]


def _reading_turn(submission: Submission) -> int | None:
    """Whose comment is read when (`Response.Turn`): just arrived, of the past, or nothing."""
    if not submission.comment:
        return None
    return 2 if submission.is_triaged else 1


def _stamp(at: dt.datetime) -> str:
    """UTC in the text that Django's SQLite backend writes; PostgreSQL's statement says UTC."""
    utc = at if at.tzinfo is dt.UTC else at.astimezone(dt.UTC)
    return utc.replace(tzinfo=None).isoformat(" ")


@lru_cache(2)
def _stamp_once(now: dt.datetime) -> str:
    """A group is written at one moment."""
    return _stamp(now)


def _insert_rows(
    cursor: Any, rows: dict[int, list[Any]], *, amends: bool, vendor: str
) -> dict[int, Outcome]:
    if not rows:
        return {}
    batch = json.dumps(list(rows.values()), ensure_ascii=False)
    if not amends:
        cursor.execute(_insert_statement(vendor, amends=False), [batch])
        if cursor.rowcount == len(rows):
            return {index: Outcome(row[0], "added") for index, row in rows.items()}
        written: set[str] = set()
    else:
        cursor.execute(_insert_statement(vendor, amends=True), [batch])
        written = {_hex(row[0]) for row in cursor.fetchall()}
    kept = _kept_ids(cursor, rows.values(), vendor=vendor)
    return {
        index: Outcome(kept[row[1], row[2]], _state(row[0], kept[row[1], row[2]], written))
        for index, row in rows.items()
    }


def _state(id_: str, kept_id: str, written: set[str]) -> State:
    if kept_id == id_:
        return "added"
    return "amended" if kept_id in written else "unchanged"


def _kept_ids(cursor: Any, rows: Iterable[list[Any]], *, vendor: str) -> dict[tuple[int, str], str]:
    keys = json.dumps([[row[1], row[2]] for row in rows], ensure_ascii=False)
    cursor.execute(_kept_query(vendor), [keys])
    return {(organisation, key): _hex(id_) for organisation, key, id_ in cursor.fetchall()}


def _hex(value: str | uuid.UUID) -> str:
    return value if isinstance(value, str) else value.hex


def new_id() -> str:
    return uuid7_hex()


COLUMNS = {
    "id": "uuid",
    "organisation_id": "bigint",
    "key": "text",
    "survey_id": "bigint",
    "version_id": "bigint",
    "touchpoint_id": "bigint",
    "unit_id": "bigint",
    "encounter_id": "uuid",
    "scale": "text",
    "score": "smallint",
    "comment": "text",
    "may_contact": "boolean",
    "reply_to": "text",
    "language": "text",
    "channel": "text",
    "answered_at": "timestamp",
    "local_day": "date",
    "completed_at": "timestamp",
    "changed_at": "timestamp",
    "triaged_at": "timestamp",
    "reading_turn": "smallint",
}

AMEND = """
DO UPDATE SET
  score = COALESCE(excluded.score, kept.score),
  comment = CASE WHEN excluded.comment <> '' THEN excluded.comment ELSE kept.comment END,
  may_contact = CASE WHEN excluded.completed_at IS NULL THEN kept.may_contact
    ELSE excluded.may_contact END,
  reply_to = CASE WHEN excluded.completed_at IS NULL THEN kept.reply_to
    WHEN NOT excluded.may_contact THEN ''
    WHEN excluded.reply_to <> '' THEN excluded.reply_to ELSE kept.reply_to END,
  completed_at = COALESCE(kept.completed_at, excluded.completed_at),
  changed_at = excluded.changed_at,
  triaged_at = excluded.triaged_at,
  reading_turn = CASE WHEN excluded.comment <> '' AND excluded.comment <> kept.comment
    THEN excluded.reading_turn ELSE kept.reading_turn END
WHERE kept.survey_id = excluded.survey_id AND (
  (excluded.score IS NOT NULL AND (kept.score IS NULL OR kept.score <> excluded.score))
  OR (excluded.comment <> '' AND kept.comment <> excluded.comment)
  OR (excluded.completed_at IS NOT NULL AND (
    kept.completed_at IS NULL OR kept.may_contact <> excluded.may_contact
    OR (excluded.reply_to <> '' AND excluded.may_contact AND kept.reply_to <> excluded.reply_to)
  ))
)
RETURNING id"""


@cache
def _insert_statement(vendor: str, *, amends: bool) -> str:
    values = ", ".join(
        _item(vendor, position, type_) for position, type_ in enumerate(COLUMNS.values())
    )
    return (
        f"INSERT INTO store_response AS kept ({', '.join(COLUMNS)}) "  # noqa: S608
        f"SELECT {values} FROM {_items(vendor)} AS item WHERE true "
        f"ON CONFLICT (organisation_id, key) {AMEND if amends else 'DO NOTHING'}"
    )


@cache
def _encounter_query(vendor: str) -> str:
    organisation, text, id_ = (
        _item(vendor, position, type_) for position, type_ in enumerate(("bigint", "text", "uuid"))
    )
    halves = (
        f"SELECT {organisation}, {text}, met.id, met.touchpoint_id, met.unit_id "  # noqa: S608
        f"FROM {_items(vendor)} AS item JOIN store_encounter AS met "
        f"ON met.organisation_id = {organisation} AND {condition}"
        for condition in (f"met.id = {id_}", f"met.reference = {text}")
    )
    return " UNION ALL ".join(halves)


@cache
def _kept_query(vendor: str) -> str:
    organisation, key = _item(vendor, 0, "bigint"), _item(vendor, 1, "text")
    return (
        f"SELECT kept.organisation_id, kept.key, kept.id FROM {_items(vendor)} AS item "  # noqa: S608
        f"JOIN store_response AS kept "
        f"ON kept.organisation_id = {organisation} AND kept.key = {key}"
    )


def _items(vendor: str) -> str:
    return "json_each(?)" if vendor == "sqlite" else "jsonb_array_elements(%s::jsonb)"


def _item(vendor: str, position: int, type_: str) -> str:
    """The expression for a value of a row of the batch."""
    if vendor == "sqlite":
        return f"json_extract(item.value, '$[{position}]')"
    if type_ == "timestamp":
        return f"(item.value ->> {position})::timestamp AT TIME ZONE 'UTC'"
    return f"(item.value ->> {position})::{type_}"
