"""`kokemus comments`: what people wrote in a column of a file, read on this machine."""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from kokemus.cli import Subparsers
    from kokemus.comments import Reading, SentimentModel

STATUS_WRONG_USE = 2
LANGUAGES = ("fi", "sv", "en")
LABELS = ("negative", "neutral", "positive")
ROWS_AT_ONCE = 1_000
KINDS = ("auto", "feedback", "general")
ROWS_TO_TELL_BY = 2_000
READ_AS_TALK = "Read as talk, not as feedback to a service; --kind feedback says otherwise."


def add_parser(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "comments",
        help="read what people wrote in a column of a file",
        description="Read the comments in a column of a file (CSV, Parquet, Excel or SPSS): their"
        " language, feeling and themes, with personal data hidden. Nothing leaves this machine.",
    )
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--text", metavar="COLUMN", required=True, help="column of comments")
    parser.add_argument(
        "--language",
        choices=LANGUAGES,
        default="",
        help="the language that most are in; it decides where a comment is too short to tell",
    )
    parser.add_argument(
        "--kind",
        choices=KINDS,
        default="auto",
        help="what was written: feedback to a service, or general talk, as on a forum; auto, which"
        " is the default, tells it from the Finnish comments",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what each row was read as, or a summary; say in words what keeps it from that."""
    from kokemus.cli._files import (
        EngineError,
        UnknownColumn,
        UnreadableFile,
        describe_failure,
        open_file,
        text_column,
    )

    try:
        texts = text_column(open_file(arguments.file), arguments.text)
    except (UnreadableFile, UnknownColumn) as error:
        return refuse(str(error))
    except EngineError as error:
        return refuse(describe_failure(arguments.file, error))
    model = choose_model(texts, kind=arguments.kind, expected=arguments.language)
    readings = read_all(texts, expected=arguments.language, model=model)
    try:
        if arguments.json:
            for reading in readings:
                print(write_json(reading))
        else:
            print(summarise(arguments.file.name, texts, readings))
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def refuse(reason: str) -> int:
    print(f"kokemus comments: {reason}", file=sys.stderr)
    return STATUS_WRONG_USE


def choose_model(texts: Sequence[str | None], *, kind: str, expected: str) -> "SentimentModel":
    """The model for the kind that was asked for, or that the comments themselves look like."""
    from kokemus.comments import SentimentModel

    if kind == "auto" and is_talk(texts, expected=expected):
        print(READ_AS_TALK, file=sys.stderr)
        kind = "general"
    return SentimentModel.general() if kind == "general" else SentimentModel.shipped()


def is_talk(texts: Sequence[str | None], *, expected: str) -> bool:
    """Whether some rows from the whole length of the file look like talk."""
    from kokemus.comments import find_language, tell_kind
    from kokemus.comments.kinds import spread_evenly

    held = spread_evenly([text for text in texts if text and text.strip()], ROWS_TO_TELL_BY)
    languages = [find_language(text, languages=LANGUAGES, expected=expected) for text in held]
    return tell_kind(held, languages) == "general"


def read_all(
    texts: Sequence[str | None], *, expected: str, model: "SentimentModel"
) -> Iterator["Reading"]:
    """Read some rows at a time, and tell a person who waits how far it is."""
    from kokemus.comments import read_comments

    began = time.monotonic()
    for start in range(0, len(texts), ROWS_AT_ONCE):
        rows = texts[start : start + ROWS_AT_ONCE]
        yield from read_comments(rows, expected=expected, sentiment=model)
        done = min(start + ROWS_AT_ONCE, len(texts))
        show_progress(sys.stderr, done, of=len(texts), seconds=time.monotonic() - began)


def show_progress(stream: TextIO, done: int, *, of: int, seconds: float) -> None:
    """Write over one line of a terminal; a file or a pipe gets nothing."""
    if not stream.isatty():
        return
    rate = done / seconds if seconds else 0
    end = "\n" if done == of else ""
    line = f"\r{done:,} of {of:,} comments read, {rate:,.0f} a second"
    print(line, end=end, file=stream, flush=True)


def write_json(reading: "Reading") -> str:
    found = {
        "language": reading.language,
        "sentiment": reading.sentiment,
        "label": reading.label,
        "unsure": reading.is_unsure,
        "themes": list(reading.themes),
        "redacted": reading.redacted,
    }
    return json.dumps(found, ensure_ascii=False)


def summarise(name: str, texts: Sequence[str | None], readings: Iterator["Reading"]) -> str:
    """Count the rows that hold a comment by language, feeling and theme."""
    languages: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    themes: Counter[str] = Counter()
    blamed: Counter[str] = Counter()
    comments = unsure = hidden = 0
    for text, reading in zip(texts, readings, strict=True):
        if not text or not text.strip():
            continue
        comments += 1
        unsure += reading.is_unsure
        hidden += bool(reading.personal)
        languages[reading.language or "unknown"] += 1
        labels[reading.label] += 1
        themes.update(reading.themes)
        if reading.label == "negative":
            blamed.update(reading.themes)
    lines = [f"{comments:,} comments in the {len(texts):,} rows of {name}"]
    if not comments:
        return lines[0]
    told = [f"{language} {count:,}" for language, count in languages.most_common()]
    lines += [f"Languages: {', '.join(told)}", "Feelings (95 % interval):"]
    lines += [f"  {label:<9} {say_share(labels[label], comments)}" for label in LABELS]
    lines += [f"  of all these, unsure: {unsure:,}", "Themes (of them, in negative comments):"]
    names = {code: theme_name(code) for code in themes}
    width = max(map(len, names.values()), default=0)
    lines += [
        f"  {names[code]:<{width}}  {say_share(count, comments)}, {blamed[code]:,} negative"
        for code, count in themes.most_common()
    ]
    lines += [f"Personal data was found, and is hidden with --json, in {hidden:,} comments"]
    return "\n".join(lines)


def say_share(count: int, of: int) -> str:
    from kokemus.measure.intervals import wilson_interval

    low, high = wilson_interval(count, of)
    return f"{count:7,}  {100 * count / of:5.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def theme_name(code: str) -> str:
    from kokemus.comments.readings import starting_book

    return starting_book()[code].name("en")
