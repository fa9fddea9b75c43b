"""`kokemus score`: the score of a file of answers, with its interval."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kokemus.cli import Subparsers
    from kokemus.measure import Score, Scores

SCALES = ("nps", "csat", "ces", "mean")
STATUS_WRONG_USE = 2


def add_parser(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "score",
        help="the score of a file of answers, with its interval",
        description="Print the score of a file of answers (CSV, Parquet, Excel or SPSS) with its"
        " confidence interval and its count.",
    )
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--score", metavar="COLUMN", required=True, help="column of answers")
    parser.add_argument("--by", metavar="COLUMN", help="column whose values make the groups")
    parser.add_argument("--weight", metavar="COLUMN", help="column of sampling weights")
    parser.add_argument(
        "--missing",
        metavar="CODES",
        type=split_codes,
        default=[],
        help="codes that mean no answer, with commas between, such as 11,99",
    )
    parser.add_argument(
        "--scale",
        choices=SCALES,
        default="nps",
        help="nps: 0 to 10 (the default); csat: percent of 4 and 5 of 1 to 5;"
        " ces: mean of 1 to 7; mean: mean of any numbers",
    )
    parser.add_argument(
        "--confidence",
        metavar="SHARE",
        type=parse_confidence,
        default=0.95,
        help="coverage of the interval, over 0 and under 1 (0.95)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the score of the file; say in words what keeps it from being told."""
    from kokemus.cli._files import EngineError, UnreadableFile, WordsForNumbers, describe_failure
    from kokemus.measure import NegativeWeights, NotNumbers, OffScale, UnknownColumn

    try:
        found = score_file(arguments)
    except (OffScale, WordsForNumbers) as error:
        codes = [f"{code:g}" if isinstance(code, float) else code for code in error.counts]
        wrong = error.findings if isinstance(error, OffScale) else str(error)
        option = ",".join([*arguments.missing, *codes])
        return refuse(f"{wrong}. If these mean no answer, pass --missing {option}")
    except UnknownColumn as error:
        return refuse(f"{arguments.file}: {error}")
    except (UnreadableFile, NotNumbers, NegativeWeights) as error:
        return refuse(str(error))
    except EngineError as error:
        return refuse(describe_failure(arguments.file, error))
    print(write_json(arguments, found) if arguments.json else found)
    return 0


def refuse(reason: str) -> int:
    print(f"kokemus score: {reason}", file=sys.stderr)
    return STATUS_WRONG_USE


def score_file(arguments: argparse.Namespace) -> "Score | Scores":
    from kokemus import measure
    from kokemus.cli._files import name_column, number_column, open_file

    frame = open_file(arguments.file)
    known = frame.collect_schema().names()
    chosen = dict.fromkeys(filter(None, (arguments.score, arguments.by, arguments.weight)))
    for column in chosen:
        if column not in known:
            raise measure.UnknownColumn(column, known)
    frame = frame.select(list(chosen))
    if arguments.by not in (None, arguments.score, arguments.weight):
        frame = name_column(frame, arguments.by)
    frame = number_column(frame, arguments.score, missing=arguments.missing)
    if arguments.weight:
        frame = number_column(frame, arguments.weight, missing=[])
    score: Any = {
        "nps": measure.nps,
        "csat": measure.csat,
        "ces": measure.ces,
        "mean": measure.mean_score,
    }[arguments.scale]
    found: Score | Scores = score(
        frame,
        arguments.score,
        by=arguments.by,
        weight=arguments.weight,
        missing=[number for number in map(read_number, arguments.missing) if number is not None],
        confidence=arguments.confidence,
    )
    return found


def write_json(arguments: argparse.Namespace, found: "Score | Scores") -> str:
    source = {"file": arguments.file.name, "column": arguments.score, "by": arguments.by}
    return json.dumps(source | found.to_dict(), ensure_ascii=False, indent=2)


def split_codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]


def read_number(code: str) -> float | None:
    try:
        return float(code)
    except ValueError:
        return None


def parse_confidence(text: str) -> float:
    confidence = read_number(text)
    if confidence is None or not 0 < confidence < 1:
        raise argparse.ArgumentTypeError(f"{text} is not over 0 and under 1; 0.95 is usual")
    return confidence
