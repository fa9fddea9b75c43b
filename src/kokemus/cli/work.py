"""`kokemus work`: only the worker, for an installation whose web runs elsewhere."""

import argparse
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kokemus.cli import Subparsers

STATUS_CANNOT_START = 2
STATUS_CUT_OFF = 1


def add_parser(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "work",
        help="start only the worker",
        description="Triage answers, send messages, bring files in: what `serve` does beside web.",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from kokemus.server.starting import CannotStart, load, prepare_or_explain

    try:
        prepare_or_explain(load())
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return STATUS_CANNOT_START
    from kokemus.server.worker import work

    return work(_stop_by_signal())


def _stop_by_signal() -> threading.Event:
    """Set by the first SIGTERM or SIGINT; the second one ends the process at once."""
    stop = threading.Event()

    def note(*_: object) -> None:
        if stop.is_set():
            os._exit(STATUS_CUT_OFF)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    return stop
