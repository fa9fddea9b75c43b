"""What the capture door keeps in memory: published versions, and who may send by key. No Django.

Everything is read anew when `Revision.number` has grown, so what is unknown costs no memory.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kokemus.store.connections import connection_errors, open_connection
from kokemus.store.identifiers import hash_key

CHECK_SECONDS = 0.5
MISS_SECONDS = 0.05
RELOAD_SECONDS = 30.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Published:
    """A survey as its public link shows it now, with what an answer to it inherits.

    `texts` is {language: {question, low, high, why, permission, thanks}}, all but the question
    optional. A survey that was never published is not here at all. Where `hides_personal_data`,
    nothing is written before it is hidden; `names` are then hidden too, whatever else they are.
    """

    link: str
    survey_id: int
    version_id: int
    scale: str
    texts: Mapping[str, Mapping[str, str]]
    is_open: bool
    touchpoint_id: int
    unit_id: int
    organisation_id: int
    organisation_name: str
    colour: str
    language: str
    time_zone: str
    hides_personal_data: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyGrant:
    """What the holder of an API key may do."""

    key_id: int
    organisation_id: int
    scopes: frozenset[str]


@dataclass(frozen=True)
class Directory:
    """Everything at one revision."""

    revision: int = -1
    by_link: Mapping[str, Published] = field(default_factory=dict)
    by_survey: Mapping[int, Published] = field(default_factory=dict)
    keys: Mapping[str, KeyGrant] = field(default_factory=dict)


class PublishedCache:
    """The directory in memory, kept fresh by a thread of its own; looking up never waits.

    After `start`, a change is seen within CHECK_SECONDS. Who misses something may `check` and
    look again.
    """

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._errors: tuple[type[Exception], ...] = connection_errors(database_url)
        self._directory = Directory()
        self._connection: Any = None  # sqlite3.Connection or psycopg.Connection
        self._turn = threading.Lock()
        self._stopped = threading.Event()
        self._checked_at = self._loaded_at = float("-inf")
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self.check()
        self._thread = threading.Thread(target=self._keep_fresh, name="published", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        with self._turn:
            self._disconnect()

    def by_link(self, link: str) -> Published | None:
        return self._directory.by_link.get(link)

    def by_survey(self, survey_id: int) -> Published | None:
        return self._directory.by_survey.get(survey_id)

    def grant_of(self, key: str) -> KeyGrant | None:
        return self._directory.keys.get(hash_key(key))

    def check(self) -> None:
        """See whether anything changed since this call; at most once in MISS_SECONDS. May wait."""
        asked_at = time.monotonic()
        with self._turn:
            if self._checked_at >= asked_at:
                return
            time.sleep(max(0.0, self._checked_at + MISS_SECONDS - asked_at))
            self._checked_at = time.monotonic()
            self._read_changes()

    def _keep_fresh(self) -> None:
        while not self._stopped.wait(CHECK_SECONDS):
            self.check()

    def _read_changes(self) -> None:
        """When the database cannot be read, what was known stays until the next check."""
        try:
            if self._connection is None:
                self._connection = open_connection(self._database_url)
            self._reload_if_changed(self._connection)
        except self._errors as error:
            log.warning("Published surveys could not be read: %s", error)
            self._disconnect()

    def _reload_if_changed(self, connection: Any) -> None:
        revision = _read_revision(connection)
        is_old = time.monotonic() - self._loaded_at > RELOAD_SECONDS
        if revision != self._directory.revision or is_old:
            directory = read_directory(connection, revision=revision)
            if any(one.hides_personal_data for one in directory.by_survey.values()):
                _learn_names()  # here, for it takes a second and no customer should wait for it
            self._directory = directory
            self._loaded_at = time.monotonic()

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def read_directory(connection: Any, *, revision: int) -> Directory:
    """Read the newest version of each published survey, and the keys that are not revoked."""
    names: dict[int, list[str]] = {}
    for organisation_id, name in _rows(connection, NAMES):
        names.setdefault(organisation_id, []).append(name)
    for organisation_id, listed in _rows(connection, LISTED_NAMES):
        names.setdefault(organisation_id, []).extend(_from_json(listed))
    published = [
        Published(
            link=row[0],
            survey_id=row[1],
            version_id=row[2],
            scale=row[3],
            texts=_from_json(row[4]),
            is_open=bool(row[5]),
            touchpoint_id=row[6],
            unit_id=row[7],
            organisation_id=row[8],
            organisation_name=row[9],
            colour=row[10],
            language=row[11],
            time_zone=row[12],
            hides_personal_data=bool(row[13]),
            names=tuple(names.get(row[8], ())) if row[13] else (),
        )
        for row in _rows(connection, PUBLISHED)
    ]
    return Directory(
        revision=revision,
        by_link={one.link: one for one in published},
        by_survey={one.survey_id: one for one in published},
        keys={
            key_hash: KeyGrant(key_id, organisation_id, frozenset(_from_json(scopes)))
            for key_hash, key_id, organisation_id, scopes in _rows(connection, KEYS)
        },
    )


def _learn_names() -> None:
    from kokemus.comments.personal import find_personal_data

    find_personal_data("Matti Meikäläinen, 040 123 4567")


def _read_revision(connection: Any) -> int:
    rows = _rows(connection, "SELECT number FROM store_revision WHERE id = 1")
    return int(rows[0][0]) if rows else 0


def _rows(connection: Any, query: str) -> list[Any]:
    cursor = connection.cursor()
    try:
        return list(cursor.execute(query).fetchall())
    finally:
        cursor.close()


def _from_json(value: Any) -> Any:
    """SQLite keeps JSON as text; psycopg has read it already."""
    return json.loads(value) if isinstance(value, str) else value


PUBLISHED = """
SELECT survey.link, survey.id, version.id, version.scale, version.texts, survey.is_open,
  touchpoint.id, touchpoint.unit_id, organisation.id, organisation.name, organisation.colour,
  organisation.language, organisation.time_zone, version.hides_personal_data
FROM store_survey AS survey
JOIN store_version AS version ON version.survey_id = survey.id AND version.number = (
  SELECT MAX(number) FROM store_version AS newest WHERE newest.survey_id = survey.id
)
JOIN store_touchpoint AS touchpoint ON touchpoint.id = survey.touchpoint_id
JOIN store_organisation AS organisation ON organisation.id = survey.organisation_id
"""
HIDING = """(
  SELECT survey.organisation_id FROM store_survey AS survey
  JOIN store_version AS version ON version.survey_id = survey.id
  WHERE version.hides_personal_data
)"""
NAMES = f"""
SELECT member.organisation_id, member.name FROM store_member AS member
WHERE member.organisation_id IN {HIDING}
ORDER BY member.id
"""  # noqa: S608, nothing from outside
LISTED_NAMES = f"""
SELECT hidden.organisation_id, hidden.names FROM store_hiddennames AS hidden
WHERE hidden.organisation_id IN {HIDING}
"""  # noqa: S608
KEYS = """
SELECT key_hash, id, organisation_id, scopes FROM store_apikey WHERE revoked_at IS NULL
"""
