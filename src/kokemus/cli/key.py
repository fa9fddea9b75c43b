"""`kokemus key create`: an API key from the command line, printed once."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kokemus.cli import Subparsers
    from kokemus.store.models import Organisation

STATUS_WRONG_USE = 2


def add_parser(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser("key", help="make a key of the API")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser(
        "create",
        help="make a key and print it once",
        description="Make a key of the API and print it, once: it is not kept.",
    )
    create.add_argument("--name", required=True, help="what uses the key, such as 'Web shop'")
    create.add_argument(
        "--scopes", required=True, help="what it may, separated by commas: encounters:write,..."
    )
    create.add_argument("--organisation", help="its name, if there are several")
    create.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from kokemus.server.starting import CannotStart, load, prepare_or_explain

    try:
        prepare_or_explain(load())
        print(create_key(arguments))
    except (CannotStart, CannotCreate) as reason:
        print(reason, file=sys.stderr)
        return STATUS_WRONG_USE
    return 0


class CannotCreate(ValueError):
    """Why no key can be made, in a sentence."""


def create_key(arguments: argparse.Namespace) -> str:
    """Make the key that the arguments ask for and return it."""
    from kokemus.members.audit import record
    from kokemus.store.models import ApiKey
    from kokemus.store.models.access import UnknownScope

    organisation = find_organisation(arguments.organisation)
    scopes = [scope.strip() for scope in arguments.scopes.split(",") if scope.strip()]
    if not scopes:
        raise CannotCreate("--scopes is empty. Name what the key may do, separated by commas.")
    try:
        row, key = ApiKey.objects.issue(organisation, name=arguments.name, scopes=scopes)
    except UnknownScope as error:
        raise CannotCreate(str(error)) from None
    record(
        None,
        "key_created",
        organisation=organisation,
        subject=row.name,
        prefix=row.prefix,
        scopes=row.scopes,
    )
    return str(key)


def find_organisation(name: str | None) -> "Organisation":
    """Return the only organisation, or the one of that name."""
    from kokemus.store.models import Organisation

    rows = list(Organisation.objects.order_by("name"))
    found = [row for row in rows if name in (None, row.name)]
    names = ", ".join(f"'{row.name}'" for row in rows)
    if not rows:
        raise CannotCreate("There is no organisation yet. Run 'kokemus serve' and open its page.")
    if not found:
        raise CannotCreate(f"There is no organisation '{name}'. There are: {names}.")
    if len(found) > 1:
        raise CannotCreate(f"There are several organisations: {names}. Choose with --organisation.")
    return found[0]
