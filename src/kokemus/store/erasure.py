"""Erasing a person: everything that tells of them, in one transaction, and then the copies.

What is kept of a person where, and what of it goes, stands in `docs/personal-data.md`; a model
that is added and keeps anything of people has to be thought of here and there.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Collection
from functools import partial
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from kokemus.store import files
from kokemus.store.models import (
    Account,
    Case,
    CommentReading,
    Contact,
    Delivery,
    Encounter,
    ImportRun,
    Organisation,
    Response,
    SentimentCorrection,
    Theme,
    ThemeExample,
)
from kokemus.store.people import Marks, Person, Traces, trace
from kokemus.store.sqlite.base import DatabaseWrapper

LOG = logging.getLogger(__name__)
KINDS = (
    "contacts",
    "encounters",
    "answers",
    "comments",
    "corrections",
    "cases",
    "deliveries",
    "refused_lines",
    "waiting_files",
)


class ImportUnderWay(RuntimeError):
    """A file is being brought in, and may bring back what is erased. Come again when it is in."""


class PersonGone(LookupError):
    """Somebody has erased the person meanwhile."""


def count_person(person: Person) -> dict[str, int]:
    """How many rows and files of each kind (`KINDS`) would go if the person were erased now."""
    traces = trace(person)
    marks = Marks(person, traces)
    return _count(person, traces, marks, waiting=_find_waiting(person.organisation, marks))


@transaction.atomic
def erase_person(person: Person, *, at: dt.datetime) -> dict[str, int]:
    """Remove everything that tells of the person; return how much of each kind (`KINDS`) it was.

    All goes or nothing. The copies follow at once after the commit: the column files, themes that
    were looked for, and the log of SQLite.

    Raises
    ------
    ImportUnderWay
        While the worker reads a file of the organisation.
    PersonGone
        If nothing is left of the person.
    """
    traces = _lock(person)
    organisation, marks = person.organisation, Marks(person, traces)
    waiting = _find_waiting(organisation, marks)
    counts = _count(person, traces, marks, waiting=waiting)
    if not any(counts.values()):
        raise PersonGone(person.key)
    _unlearn(organisation, traces, at=at)
    _remove_rows(person, traces)
    _clean_imports(organisation, marks, waiting)
    # Copies go after the commit: before it they could be made again from rows still to be seen.
    settle = partial(_settle, organisation, traces.answers)
    transaction.on_commit(settle, robust=True)
    return counts


def _lock(person: Person) -> Traces:
    """Make whoever adds to what is kept of the person wait; then see what there is.

    The contact and the encounters come first: what is captured for an encounter refers to it, so
    that it is in by now, or finds the encounter gone.
    """
    runs = ImportRun.objects.filter(organisation=person.organisation).select_for_update()
    if any(run.is_under_way for run in runs):
        raise ImportUnderWay(f"Organisation {person.organisation.pk} is bringing a file in.")
    if person.contact is not None:
        # The company first, as those do who tell of contacts.
        accounts = Account.objects.filter(contacts=person.contact.pk).select_for_update(
            of=("self",)
        )
        list(accounts.values_list("pk", flat=True))
        contacts = Contact.objects.filter(pk=person.contact.pk).select_for_update()
        if not list(contacts.values_list("pk", flat=True)):
            raise PersonGone(person.key)
    if not connections[DEFAULT_DB_ALIAS].features.has_select_for_update:
        return trace(person)  # of SQLite's writers it is our turn
    for _ in range(2):  # what came in between is met by the second look
        traces = trace(person)
        for rows in (
            Encounter.objects.filter(pk__in=traces.encounters),
            Response.objects.filter(pk__in=traces.answers),
            Case.objects.filter(pk__in=traces.cases),
        ):
            list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    return trace(person)


def _count(
    person: Person, traces: Traces, marks: Marks, *, waiting: Collection[int]
) -> dict[str, int]:
    answers = traces.answers
    corrections = SentimentCorrection.objects.filter(response__in=answers).count()
    corrections += ThemeExample.objects.filter(response__in=answers).count()
    runs = list(ImportRun.objects.filter(organisation=person.organisation))
    counts = {
        "contacts": int(person.contact is not None),
        "encounters": len(traces.encounters),
        "answers": len(answers),
        "comments": Response.objects.filter(pk__in=answers).commented().count(),
        "corrections": corrections,
        "cases": len(traces.cases),
        "deliveries": len(traces.deliveries),
        "refused_lines": sum(marks.are_in(str(one["value"])) for r in runs for one in r.refused),
        "waiting_files": len(waiting),
    }
    return {kind: counts[kind] for kind in KINDS}


def _find_waiting(organisation: Organisation, marks: Marks) -> set[int]:
    """Files that wait to be brought in and have the person in them."""
    waiting = ImportRun.objects.filter(organisation=organisation, state=ImportRun.State.MAPPING)
    return {run.pk for run in waiting if files.upload_names(run, marks.telling)}


def _unlearn(organisation: Organisation, traces: Traces, *, at: dt.datetime) -> None:
    """Drop what themes learnt of these comments, word by word; it is learnt anew from the rest.

    A theme by example was also taught by comments that nobody judged, perhaps by these. The
    weights of sentiment hold no words: they are hashed, names were blanked before (see the docs).
    """
    if not CommentReading.objects.filter(pk__in=traces.answers).exists():
        return
    taught = set(
        ThemeExample.objects.filter(response__in=traces.answers).values_list("theme", flat=True)
    )
    for theme in Theme.objects.of(organisation).filter(weights__isnull=False):
        if theme.pk in taught or not theme.is_starting:
            theme.forget_learnt(at=at)


def _remove_rows(person: Person, traces: Traces) -> None:
    """From the outside in; readings, corrections, legs and the like go with what they are of."""
    Delivery.objects.filter(pk__in=traces.deliveries).delete()
    Case.objects.filter(pk__in=traces.cases).delete()
    Response.objects.filter(pk__in=traces.answers).delete()
    Encounter.objects.filter(pk__in=traces.encounters).delete()
    if person.contact is not None:
        account = person.contact.account_id
        Contact.objects.filter(pk=person.contact.pk).delete()
        if account is not None:
            Account.objects.filter(pk=account, contacts=None).delete()


def _clean_imports(organisation: Organisation, marks: Marks, waiting: Collection[int]) -> None:
    """Drop files that wait with the person in them, values that lines were refused for, and names
    of files.

    What is left of files that were brought in, nobody reads any more.
    """
    for run in ImportRun.objects.filter(organisation=organisation):
        if run.pk in waiting:
            files.remove_all_of(run)
            run.drop()
            continue
        if run.ended_at is not None:
            files.remove_upload(run)
        files.blank_refused(run, is_theirs=marks.are_in)
        refused = [files.blank(one, is_theirs=marks.are_in) for one in run.refused]
        if refused != run.refused:
            run.advance(refused=refused)
        if marks.are_in(Path(run.file_name).stem.replace("_", " ")):
            run.advance(file_name=f"{run.pk}{Path(run.file_name).suffix}")


def _settle(organisation: Organisation, answers: Collection[uuid.UUID]) -> None:
    """Remove the copies that were made of the rows, and what SQLite still has of them."""
    from kokemus.store import lake  # not before it is needed: its engine starts threads

    if answers:
        lake.erase(organisation, answers)
        files.discovery_path(organisation).unlink(missing_ok=True)
    connection = connections[DEFAULT_DB_ALIAS]
    if isinstance(connection, DatabaseWrapper) and not connection.empty_log():
        LOG.warning("The log of SQLite could not be emptied; it is written over in time")
