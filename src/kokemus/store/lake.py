"""Column files: the answers of an organisation, a file a month, for counting millions at once.

They are a copy that can be lost: what is missing is read from the rows and written again. Each
organisation has a folder with `2026-03.parquet` and so on, and `manifest.json`, which says up to
which `Response.changed_at` the files know everything. The manifest is written last, so that
files may know more than it says but never less; readers take what changed since from the rows,
and a row wins over its copy. What was read of comments has a folder of its own beside it
(`lake_tables` says what is in each).
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.conf import settings

from kokemus.store.lake_tables import ANSWERS, TABLES, Table
from kokemus.store.models import Organisation

# A row's clock is read before its commit; none takes longer than this between the two.
COMMIT_SECONDS_MAX = 60
# Readers take what is newer from the rows, so the files of a busy month may lag a little.
PAUSE_SECONDS = 30
CHECK_SECONDS = 3600


@dataclass(frozen=True)
class Manifest:
    """What the files of an organisation hold: everything up to `watermark`, in these months."""

    watermark: dt.datetime | None
    months: tuple[str, ...]


NOTHING = Manifest(None, ())


def refresh(organisation: Organisation, *, now: dt.datetime) -> int:
    """Bring the files up to date; return how many rows were written into them.

    Only months that changed are written, and not oftener than every `PAUSE_SECONDS`. Files that
    do not add up with the rows (some were lost, or rows were erased) are made anew; whoever
    erases rows calls `erase`, for the check comes only with a change, or after an hour.
    """
    return sum(_refresh(organisation, table, now=now) for table in TABLES)


def scan(
    organisation: Organisation,
    *,
    table: Table = ANSWERS,
    first_day: dt.date | None = None,
    last_day: dt.date | None = None,
) -> pl.LazyFrame:
    """All rows of these days as they are now: the files, and the rows changed since."""
    found = _scan(organisation, table, first_day=first_day, last_day=last_day)
    if table.is_checked and first_day is None and last_day is None:
        total = found.select(pl.len()).collect().item()
        if total > table.rows(organisation).count():
            found = found.join(table.read_keys(organisation).lazy(), on="id", how="semi")
    return found


def erase(organisation: Organisation, keys: Collection[uuid.UUID]) -> int:
    """Take the copies of answers whose rows are gone out of every file; return how many there were.

    Waits for whoever is writing the files, who may have read the rows while they were there.
    """
    gone = pl.Series([key.hex for key in keys], dtype=pl.String)
    return sum(_erase(folder_of(organisation, table=table), gone) for table in TABLES)


def read_manifest(organisation: Organisation, *, table: Table = ANSWERS) -> Manifest:
    """What the files hold; nothing where they are missing or another organisation's."""
    folder = folder_of(organisation, table=table)
    try:
        content = json.loads((folder / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        return NOTHING
    months = tuple(content["months"])
    is_ours = content["of"] == _identity(organisation) and content["format"] == table.format
    if not is_ours or not all((folder / f"{month}.parquet").exists() for month in months):
        return NOTHING
    return Manifest(dt.datetime.fromisoformat(content["watermark"]), months)


def read_rows(
    organisation: Organisation, *, after: dt.datetime | None, table: Table = ANSWERS
) -> pl.DataFrame:
    """The rows that changed after this moment; all of them for None."""
    frames = list(table.read(organisation, after=after, until=None))
    return pl.concat(frames) if frames else pl.DataFrame(schema=table.schema)


def folder_of(organisation: Organisation, *, table: Table = ANSWERS) -> Path:
    return Path(settings.DATA_DIR) / "lake" / f"{organisation.pk}{table.suffix}"


def _refresh(organisation: Organisation, table: Table, *, now: dt.datetime) -> int:
    folder = folder_of(organisation, table=table)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder) as is_alone:
        if not is_alone or not _is_due(organisation, table, now):
            return 0
        written = _catch_up(organisation, table, now)
        if not _adds_up(organisation, table):
            (folder / "manifest.json").unlink(missing_ok=True)
            written = _catch_up(organisation, table, now)
        return written


def _scan(
    organisation: Organisation,
    table: Table,
    *,
    first_day: dt.date | None = None,
    last_day: dt.date | None = None,
) -> pl.LazyFrame:
    manifest = read_manifest(organisation, table=table)
    changed = read_rows(organisation, after=manifest.watermark, table=table)
    touched = set(changed["local_day"].dt.strftime("%Y-%m").unique())
    low = first_day.strftime("%Y-%m") if first_day else ""
    high = last_day.strftime("%Y-%m") if last_day else "9999"
    months = [month for month in manifest.months if low <= month <= high]
    folder = folder_of(organisation, table=table)
    quiet = [folder / f"{month}.parquet" for month in months if month not in touched]
    parts = [pl.scan_parquet(quiet)] if quiet else []
    if busy := [folder / f"{month}.parquet" for month in months if month in touched]:
        parts.append(pl.scan_parquet(busy).join(changed.lazy(), on="id", how="anti"))
    found = pl.concat([*parts, changed.lazy()])
    if first_day:
        found = found.filter(pl.col("local_day") >= first_day)
    return found.filter(pl.col("local_day") <= last_day) if last_day else found


def _erase(folder: Path, gone: pl.Series) -> int:
    if not folder.exists():
        return 0
    count = 0
    with _alone(folder, how=fcntl.LOCK_EX):
        for torn in folder.glob(".*.parquet.*"):
            torn.unlink()  # left by a process that died
        for path in folder.glob("*.parquet"):
            rows = pl.read_parquet(path)
            left = rows.filter(~pl.col("id").is_in(gone.implode()))
            if left.height < rows.height:
                count += rows.height - left.height
                with _replacing(path) as temporary:
                    left.write_parquet(temporary, compression="zstd")
    return count


def _is_due(organisation: Organisation, table: Table, now: dt.datetime) -> bool:
    """Whether there is something to write, or the files have not been checked for long."""
    manifest = read_manifest(organisation, table=table)
    if manifest.watermark is None:
        return True
    until = now - dt.timedelta(seconds=COMMIT_SECONDS_MAX)
    behind = (until - manifest.watermark).total_seconds()
    if behind < PAUSE_SECONDS:
        return False
    return behind > CHECK_SECONDS or table.has_changed(organisation, manifest.watermark, until)


def _catch_up(organisation: Organisation, table: Table, now: dt.datetime) -> int:
    folder = folder_of(organisation, table=table)
    manifest = read_manifest(organisation, table=table)
    until = now - dt.timedelta(seconds=COMMIT_SECONDS_MAX)
    months, written = set(manifest.months), 0
    for batch in table.read(organisation, after=manifest.watermark, until=until):
        written += batch.height
        months |= _merge(folder, batch, months=months)
    content = {
        "of": _identity(organisation),
        "format": table.format,
        "watermark": until.isoformat(),
        "months": sorted(months),
    }
    with _replacing(folder / "manifest.json") as temporary:
        temporary.write_text(json.dumps(content), "utf-8")
    _remove_others(folder, months)
    return written


def _merge(folder: Path, changed: pl.DataFrame, *, months: set[str]) -> set[str]:
    """Write the changed answers into the files of their months; return these months.

    A file of a month that is not among `months` is left over, and gives way to the new one.
    Replaced, not removed: somebody may be about to read it.
    """
    month = pl.col("local_day").dt.strftime("%Y-%m").alias("month")
    parts = changed.with_columns(month).partition_by("month", as_dict=True, include_key=False)
    for (name,), rows in parts.items():
        path = folder / f"{name}.parquet"
        if name in months:
            rows = pl.concat([pl.read_parquet(path).join(rows, on="id", how="anti"), rows])
        with _replacing(path) as temporary:
            rows.sort("local_day").write_parquet(temporary, compression="zstd")
    return {str(name) for (name,) in parts}


def _adds_up(organisation: Organisation, table: Table) -> bool:
    """Whether files and changed rows together are as many as the rows themselves."""
    rows = table.rows(organisation)
    before = rows.count()
    found: int = _scan(organisation, table).select(pl.len()).collect().item()
    return before == found or before <= found <= rows.count()


def _identity(organisation: Organisation) -> str:
    """Tells apart two organisations that had the same key in two databases."""
    return f"{organisation.pk} {organisation.created_at.isoformat()}"


def _remove_others(folder: Path, months: set[str]) -> None:
    """Remove the files of months that have no answers any more."""
    for path in folder.glob("*.parquet"):
        if path.stem not in months:
            path.unlink()


def forget(organisation: Organisation) -> None:
    """Remove every file of the organisation; the next refresh makes them anew."""
    for table in TABLES:
        shutil.rmtree(folder_of(organisation, table=table), ignore_errors=True)


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A name to write to, which takes the place of `path` at once and whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield temporary
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path, *, how: int = fcntl.LOCK_EX | fcntl.LOCK_NB) -> Iterator[bool]:
    """Whether no other process is writing these files."""
    with (folder / ".lock").open("w") as stream:
        try:
            fcntl.flock(stream, how)
        except BlockingIOError:
            yield False
            return
        yield True
