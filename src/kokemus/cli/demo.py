"""`kokemus demo`: an invented company to look around in."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kokemus.cli import Subparsers
    from kokemus.server.configuration import Configuration

STATUS_CANNOT_START = 2


def add_parser(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "demo",
        help="load an invented company and show it",
        description="Load an invented home-services company with two years of answers and open"
        " cases, then start web and worker. Loaded once, it stays as it is.",
    )
    parser.add_argument("--load-only", action="store_true", help="load, and do not serve")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port (%(default)s)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from kokemus.server.listening import find_port
    from kokemus.server.starting import CannotStart, load, load_to_serve
    from kokemus.server.supervisor import serve_in_place

    try:
        if arguments.load_only:
            _load(load())
            return 0
        port = find_port(arguments.host, arguments.port)
        chosen = load_to_serve(host=arguments.host, port=port)
        _load(chosen)
        print(
            f"Open {chosen.public_url} and choose whom to look around as; no password is needed.",
            flush=True,
        )
        serve_in_place(host=arguments.host, port=port)
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return STATUS_CANNOT_START


def _load(chosen: "Configuration") -> None:
    from kokemus.server.starting import CannotStart, prepare_or_explain

    prepare_or_explain(chosen)
    from django.db import connections
    from django.utils import timezone

    from kokemus.server.demo import OrganisationInTheWay, load_demo
    from kokemus.share.jobs import refresh_lake

    print("Loading the invented company …", flush=True)
    try:
        organisation = load_demo(now=timezone.now())
        refresh_lake(now=timezone.now())
    except OrganisationInTheWay as reason:
        raise CannotStart(str(reason)) from None
    finally:
        connections.close_all()
    print(f"{organisation.name} is ready.", flush=True)
