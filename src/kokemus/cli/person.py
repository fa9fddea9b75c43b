"""`kokemus person`: hand over, or erase, everything that is kept about one person."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kokemus.cli import Subparsers
    from kokemus.store.people import Person

STATUS_NOT_CONFIRMED = 1
STATUS_WRONG_USE = 2


def add_parser(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser("person", help="export or erase what is kept about a person")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    export = actions.add_parser(
        "export",
        help="everything kept about them, as JSON",
        description="Write everything that is kept about a person as JSON.",
    )
    export.add_argument("--out", type=Path, metavar="FILE", help="file (default: standard output)")
    erase = actions.add_parser(
        "erase",
        help="remove everything kept about them, for good",
        description="Remove everything that is kept about a person. It cannot be brought back.",
    )
    erase.add_argument("--yes", action="store_true", help="do it; without, say what would go")
    for action, run in ((export, run_export), (erase, run_erase)):
        action.add_argument(
            "reference",
            metavar="REFERENCE",
            help="reference of the contact, or an email address or telephone number",
        )
        action.add_argument("--organisation", help="its name, if there are several")
        action.set_defaults(run=run)


def run_export(arguments: argparse.Namespace) -> int:
    """Write the JSON; 0 when it is written, 2 when nobody is found."""
    from kokemus.members.audit import record
    from kokemus.members.people_words import mark_of
    from kokemus.store.person_export import export_person

    try:
        person = _find(arguments)
    except CannotFind as reason:
        return _refuse(reason)
    record(None, "person_exported", organisation=person.organisation, subject=mark_of(person))
    text = json.dumps(export_person(person), ensure_ascii=False, indent=2)
    if arguments.out is None:
        print(text)
        return 0
    try:
        _write_for_oneself(arguments.out, text)
    except OSError as error:
        return _refuse(f"{arguments.out} cannot be written: {error.strerror}.")
    return 0


def run_erase(arguments: argparse.Namespace) -> int:
    """Erase, or without `--yes` say what would go and end with 1."""
    try:
        person = _find(arguments)
    except CannotFind as reason:
        return _refuse(reason)
    return _erase(person) if arguments.yes else _tell(person)


class CannotFind(ValueError):
    """Why there is nobody to speak of, in a sentence."""


def _find(arguments: argparse.Namespace) -> "Person":
    from kokemus.cli.key import CannotCreate, find_organisation
    from kokemus.server.starting import CannotStart, load, prepare_or_explain
    from kokemus.store.people import find_people

    try:
        prepare_or_explain(load())
        organisation = find_organisation(arguments.organisation)
    except (CannotStart, CannotCreate) as reason:
        raise CannotFind(str(reason)) from None
    wanted = arguments.reference
    found = find_people(organisation, wanted)
    exact = [each for each in found if each.contact and each.contact.reference == wanted]
    whole = exact or [each for each in found if each.is_called(wanted)]
    if not whole:
        raise CannotFind(f"Nobody has the reference, address or number '{wanted}'.")
    if len(whole) > 1:
        references = ", ".join(each.contact.reference for each in whole if each.contact)
        raise CannotFind(f"'{wanted}' is of several people. Name one by reference: {references}.")
    return whole[0]


def _tell(person: "Person") -> int:
    from kokemus.store.erasure import count_person

    _print_counts("Would be erased, and could not be brought back:", count_person(person))
    print("Nothing was erased. Add --yes to do it.")
    return STATUS_NOT_CONFIRMED


def _erase(person: "Person") -> int:
    from django.db import transaction
    from django.utils import timezone

    from kokemus.members.audit import record
    from kokemus.members.people_words import mark_of
    from kokemus.store.erasure import ImportUnderWay, PersonGone, erase_person

    try:
        with transaction.atomic():
            counts = erase_person(person, at=timezone.now())
            organisation, subject = person.organisation, mark_of(person)
            record(None, "erasure", organisation=organisation, subject=subject, counts=counts)
    except ImportUnderWay:
        return _refuse("A file is being brought in. Nothing was erased; try again when it is in.")
    except PersonGone:
        return _refuse("Nothing is left of this person.")
    _print_counts("Erased:", counts)
    return 0


def _print_counts(heading: str, counts: dict[str, int]) -> None:
    print(heading)
    for kind, count in counts.items():
        if count:
            print(f"  {kind.replace('_', ' ')}: {count}")


def _write_for_oneself(path: Path, text: str) -> None:
    """A file that nobody else on this machine may read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(f"{text}\n")


def _refuse(reason: object) -> int:
    print(reason, file=sys.stderr)
    return STATUS_WRONG_USE
