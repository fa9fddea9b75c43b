"""`kokemus serve`: the web pages and the worker, under one supervisor."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kokemus.cli import Subparsers

STATUS_CANNOT_START = 2


def add_parser(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "serve",
        help="start Kokemus: web and worker",
        description="Prepare the database, then start web and worker and keep them running.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port (%(default)s)")
    parser.add_argument(
        "--without-worker", action="store_true", help="only web; the worker runs elsewhere"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from kokemus.server.starting import CannotStart
    from kokemus.server.supervisor import supervise

    try:
        roles = ["web"] if arguments.without_worker else ["web", "worker"]
        return supervise(host=arguments.host, port=arguments.port, roles=roles)
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return STATUS_CANNOT_START
