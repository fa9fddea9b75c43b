"""What the live door asks the database: who is listening, and which cases changed. No Django."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kokemus.store.connections import vendor_of

OVERLAP = dt.timedelta(seconds=10)


@dataclass(frozen=True)
class Reach:
    """An active member's organisation and the paths of the units they see."""

    organisation: int
    paths: tuple[str, ...]

    def sees(self, change: Change) -> bool:
        return change.organisation == self.organisation and any(
            change.path.startswith(path) for path in self.paths
        )


@dataclass(frozen=True)
class Change:
    """A case changed, as seen from one unit that has or has had it."""

    case: int
    changed_at: str
    organisation: int
    path: str


def find_reach(connection: Any, member: int, *, database_url: str) -> Reach | None:
    """What the member sees now; None where there is no such active member."""
    mark = _mark(database_url)
    cursor = connection.cursor()
    cursor.execute(
        "SELECT m.organisation_id, u.path FROM store_member m "  # noqa: S608
        "LEFT JOIN store_role r ON r.member_id = m.id LEFT JOIN store_unit u ON u.id = r.unit_id "
        f"WHERE m.id = {mark} AND m.is_active",
        [member],
    )
    rows = cursor.fetchall()
    if not rows:
        return None
    return Reach(rows[0][0], tuple(path for _, path in rows if path))


class ChangeFeed:
    """Tells each change of a case once, also of those that commit a little late."""

    def __init__(self, *, since: dt.datetime, database_url: str) -> None:
        self._since, self._database_url = since, database_url
        self._told: set[Change] = set()

    def read(
        self, connection: Any, *, organisations: Iterable[int], now: dt.datetime
    ) -> list[Change]:
        """What has changed since the last reading, in these organisations."""
        wanted = sorted(set(organisations))
        mark = _mark(self._database_url)
        places = ", ".join([mark] * len(wanted))
        cursor = connection.cursor()
        cursor.execute(
            "SELECT c.id, c.changed_at, c.organisation_id, u.path FROM store_case c "  # noqa: S608
            "JOIN store_leg l ON l.case_id = c.id JOIN store_unit u ON u.id = l.unit_id "
            f"WHERE c.organisation_id IN ({places}) AND c.changed_at > {mark}",
            [*wanted, self._stamp(max(self._since, now - OVERLAP))],
        )
        found = {Change(key, str(at), owner, path) for key, at, owner, path in cursor.fetchall()}
        fresh = found - self._told
        self._told = found
        return sorted(fresh, key=lambda change: change.case)

    def _stamp(self, at: dt.datetime) -> str | dt.datetime:
        """The time as Django's SQLite backend writes it, or as PostgreSQL's driver takes it."""
        if vendor_of(self._database_url) == "postgresql":
            return at
        return at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ")


def _mark(database_url: str) -> str:
    return "?" if vendor_of(database_url) == "sqlite" else "%s"
