"""kokemus import responses FILE: bring in answers that were collected elsewhere."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kokemus.cli import Subparsers
    from kokemus.listen.answer_files import AnswerFile
    from kokemus.listen.imports import Look, Refusal, Report
    from kokemus.store.models import Survey

MEANINGS = (
    "score", "comment", "answered_at", "key", "language", "reply_to", "may_contact", "encounter",
    "channel",
)  # fmt: skip
LINES_SHOWN = 20


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("import", help="bring in answers from a file")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="WHAT")
    responses = kinds.add_parser(
        "responses",
        help="responses from a CSV file",
        description="Bring in responses. Columns are guessed from the header and shown; name "
        "those that are guessed wrong. The same file again changes nothing.",
    )
    responses.add_argument("file", type=Path, metavar="FILE.csv")
    responses.add_argument("--survey", help="name, link or id of the survey they answer")
    responses.add_argument(
        "--create-survey",
        metavar="NAME",
        help="make and publish a survey of this name for them, if there is none yet",
    )
    responses.add_argument(
        "--scale",
        default="nps",
        choices=("nps", "csat", "ces", "stars", "thumbs"),
        help="scale of a survey that is made (default: nps)",
    )
    for meaning in MEANINGS:
        option = f"--{meaning.replace('_', '-')}"
        responses.add_argument(option, metavar="COLUMN", help=f"column of the {meaning}")
    responses.add_argument(
        "--missing", default="", metavar="CODES", help="codes of the score that mean no answer"
    )
    responses.add_argument(
        "--dates", choices=("ymd", "dmy", "mdy"), help="order of day, month and year"
    )
    responses.add_argument(
        "--at", metavar="TIME", help="time of answers without one (ISO 8601; default: now)"
    )
    responses.add_argument("--organisation", help="name, if there are several")
    responses.add_argument("--dry-run", action="store_true", help="read everything, write nothing")
    responses.add_argument("--json", action="store_true", help="print the report as JSON")
    responses.set_defaults(run=run)


class WrongUse(Exception):
    """What was asked cannot be done; the message says why and what to do."""


def run(arguments: argparse.Namespace) -> int:
    """Import the file; 0 when it was read, 2 when it could not be."""
    from kokemus.server.starting import CannotStart, load, prepare_or_explain

    try:
        prepare_or_explain(load())
        report = _import(arguments)
    except (CannotStart, WrongUse) as error:
        print(error, file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps(_as_json(report)))
    else:
        _print_report(report, arguments.dry_run)
    return 0


def _import(arguments: argparse.Namespace) -> Report:
    from django.utils import timezone

    from kokemus.listen.answer_files import FileMapping, UnreadableFile, open_answer_file
    from kokemus.listen.imports import import_responses, look_at, try_import
    from kokemus.listen.surveys import NotPublished, as_published

    now = timezone.now()
    try:
        file = open_answer_file(arguments.file)
    except UnreadableFile as error:
        raise WrongUse(f"{arguments.file} is not a table of text ({error.code}).") from None
    except OSError as error:
        raise WrongUse(f"{arguments.file} cannot be read: {error.strerror}.") from None
    survey = _find_survey(arguments)
    columns = _columns(arguments, file)
    look = look_at(file, scale=survey.scale, columns=columns)
    missing = frozenset(filter(None, (code.strip() for code in arguments.missing.split(","))))
    order = arguments.dates or look.date_order
    if order is None:
        raise WrongUse(
            f"The dates in '{columns['answered_at']}' can be read in two ways. "
            "Say which: --dates dmy or --dates mdy."
        )
    _tell_look(arguments, look, missing)
    mapping = FileMapping(
        columns=columns, missing=missing, date_order=order, default_time=_default_time(arguments)
    )
    try:
        published = as_published(survey)
    except NotPublished as error:
        raise WrongUse(f"{error} Publish it first, on its page.") from None
    refused: list[Refusal] = []
    bring_in = try_import if arguments.dry_run else import_responses
    report = bring_in(
        file,
        published=published,
        mapping=mapping,
        now=now,
        progress=_show_progress,
        on_refused=refused.append,
    )
    report.refused = refused
    return report


def _columns(arguments: argparse.Namespace, file: AnswerFile) -> dict[str, str]:
    from difflib import get_close_matches

    from kokemus.listen.answer_files import guess_columns_of

    header = file.header
    named = {m: getattr(arguments, m) for m in MEANINGS if getattr(arguments, m)}
    for column in named.values():
        if column not in header:
            near = get_close_matches(column, header, n=3) or list(header[:10])
            raise WrongUse(f"There is no column '{column}'. There are: {', '.join(near)}.")
    guessed = {m: c for m, c in guess_columns_of(file).items() if c not in named.values()}
    columns = guessed | named
    if "score" not in columns:
        raise WrongUse(
            f"Which column is the score? Name it: --score COLUMN. There are: {', '.join(header)}."
        )
    return columns


def _find_survey(arguments: argparse.Namespace) -> Survey:
    from django.db.models import Q
    from django.utils import timezone

    from kokemus.listen.surveys import survey_for_import
    from kokemus.store.models import Organisation, Survey

    organisations = Organisation.objects.all()
    if arguments.organisation:
        organisations = organisations.filter(name=arguments.organisation)
    found = list(organisations[:2])
    if len(found) != 1:
        names = ", ".join(Organisation.objects.values_list("name", flat=True)) or "none yet"
        raise WrongUse(f"Name the organisation: --organisation NAME. There are: {names}.")
    surveys = Survey.objects.filter(organisation=found[0])
    if arguments.create_survey:
        return survey_for_import(
            found[0], name=arguments.create_survey, scale=arguments.scale, now=timezone.now()
        )
    if wanted := arguments.survey:
        by_id = Q(pk=int(wanted)) if wanted.isdigit() else Q(pk=None)
        surveys = surveys.filter(Q(name=wanted) | Q(link=wanted) | by_id)
    matches = list(surveys[:2])
    if len(matches) != 1:
        rows = Survey.objects.filter(organisation=found[0])
        names = ", ".join(f"{row.pk} ({row.name})" for row in rows) or "none yet"
        raise WrongUse(
            f"Which survey do they answer? --survey ID. There are: {names}. "
            "Or make one: --create-survey NAME."
        )
    return matches[0]


def _default_time(arguments: argparse.Namespace) -> Any:
    import datetime as dt

    if not arguments.at:
        return None
    try:
        moment = dt.datetime.fromisoformat(arguments.at)
    except ValueError:
        raise WrongUse(f"--at is '{arguments.at}'. Allowed: ISO 8601, as 2026-03-02.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _tell_look(arguments: argparse.Namespace, look: Look, missing: frozenset[str]) -> None:
    out = sys.stderr if arguments.json else sys.stdout
    print("Columns:", file=out)
    for meaning, column in look.columns.items():
        print(f"  {meaning:<12} {column}", file=out)
    if "answered_at" not in look.columns:
        print("  No column has the time; answers get the time of --at, or now.", file=out)
    strange = [(value, count) for value, count in look.strange if value not in missing]
    if strange:
        told = ", ".join(f"{value} ({count:,} lines)" for value, count in strange)
        codes = ",".join([*sorted(missing), *(value for value, _ in strange)])
        print(
            f"Off the scale: {told}. If they mean no answer: --missing {codes}. "
            "Otherwise these lines are refused.",
            file=out,
        )


def _show_progress(report: Report) -> None:
    if sys.stderr.isatty():
        print(f"\r{report.lines:,} lines", end="", file=sys.stderr, flush=True)


def _print_report(report: Report, is_dry_run: bool) -> None:
    verb = "would be added" if is_dry_run else "added"
    print(
        f"{report.lines:,} lines: {report.added:,} {verb}, {report.unchanged:,} known already, "
        f"{report.empty:,} without an answer, {report.refused_count:,} refused."
    )
    for one in report.refused[:LINES_SHOWN]:
        print(f"  line {one.line}: {one.field} {one.value!r}: {_say(one)}")
    if report.refused_count > LINES_SHOWN:
        print(f"  and {report.refused_count - LINES_SHOWN:,} more; all of them with --json.")


def _as_json(report: Report) -> dict[str, Any]:
    refused = [{**vars(one), "reason": _say(one)} for one in report.refused]
    counts = {name: value for name, value in vars(report).items() if isinstance(value, int)}
    return {**counts, "refused": refused}


def _say(one: Refusal) -> str:
    from kokemus.listen.answer_texts import say_refusal

    return say_refusal(one.code, language="en", field=one.field, value=one.value)
