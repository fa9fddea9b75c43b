"""The command `kokemus`: every module beside this one is one command.

A command's module has `add_parser(subparsers)`, which ends in `parser.set_defaults(run=run)`,
and `run(arguments) -> int`, the exit status. It imports what it needs inside `run`: `--help`
stays fast, and what needs the server extra is missed only when it is called. Copy `score.py`.
"""

import argparse
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

DESCRIPTION = (
    "Ask right after the encounter, act before the customer leaves,"
    " and show what moves loyalty and money, with honest numbers."
)
STATUS_WRONG_USE = 2
SERVER_PACKAGES = {
    "allauth",
    "altair",
    "anymail",
    "argon2",
    "csp",
    "django",
    "django_htmx",
    "httptools",
    "jinja2",
    "ninja",
    "prometheus_client",
    "psycopg",
    "segno",
    "uvicorn",
    "uvloop",
    "vl_convert",
    "whitenoise",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name and return its exit status."""
    chosen = build_parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] not in SERVER_PACKAGES:
            raise
        print(
            f"kokemus {chosen.command} needs the server, which is not installed here"
            f' ({missing.name} is missing). Install it: pip install "kokemus[server]"',
            file=sys.stderr,
        )
        return STATUS_WRONG_USE


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of all commands; imports neither Django nor Polars."""
    parser = argparse.ArgumentParser(prog="kokemus", description=DESCRIPTION)
    parser.add_argument("--version", action=PrintVersion, nargs=0, help="print the version")
    subparsers = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", title="commands"
    )
    for module in command_modules():
        module.add_parser(subparsers)
    return parser


def command_modules() -> list[ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [import_module(f"{__name__}.{name}") for name in names if not name.startswith("_")]


class PrintVersion(argparse.Action):
    """Look the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any, **__: Any) -> None:
        from importlib.metadata import version

        print(f"kokemus {version('kokemus')}")
        parser.exit()
