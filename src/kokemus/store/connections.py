"""Raw connections to the system of record, for the doors that work without Django."""

from __future__ import annotations

import sqlite3
from typing import Any

BUSY_SECONDS = 20
CONNECT_SECONDS = 10
# What is deleted or replaced must not live on in the file's free space (`store.erasure`).
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA secure_delete=ON;"
)


def vendor_of(database_url: str) -> str:
    return "sqlite" if database_url.startswith("sqlite") else "postgresql"


def sqlite_path(database_url: str) -> str:
    return database_url.removeprefix("sqlite:///")


def open_connection(database_url: str) -> Any:  # sqlite3.Connection or psycopg.Connection
    """A connection in autocommit mode that may be handed from thread to thread."""
    if vendor_of(database_url) == "sqlite":
        return _open_sqlite(sqlite_path(database_url))
    import psycopg

    return psycopg.connect(database_url, autocommit=True, connect_timeout=CONNECT_SECONDS)


def connection_errors(database_url: str) -> tuple[type[Exception], ...]:
    """What the driver raises when the database cannot be used."""
    if vendor_of(database_url) == "sqlite":
        return (sqlite3.Error,)
    import psycopg

    return (psycopg.Error,)


def _open_sqlite(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.executescript(SQLITE_PRAGMAS)
    return connection
