"""Reading a file of answers: encoding, columns, dates, and what each line says. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from kokemus.listen.answers import CHANNELS, RefusedAnswer

ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")
DELIMITERS = ",;\t|"
CELL_CHARACTERS_MAX = 1_000_000
RECORD_LINES_MAX = 200  # a comment has fewer; a quotation mark that is left open, more
SAMPLE_LINES = 1_000
READABLE_SHARE_MIN = 0.9
_LANGUAGE = re.compile(r"[A-Za-z]{2}([-_].*)?")

# What a column can be, and the headers by which it is known (lower case, letters and digits only).
ALIASES: dict[str, tuple[str, ...]] = {
    "score": (
        "score", "rating", "nps", "npsscore", "netpro", "csat", "ces", "stars", "recommend",
        "arvosana", "arvio", "pisteet", "suosittelu", "betyg", "omdöme", "poäng", "answer",
    ),
    "comment": (
        "comment", "comments", "feedback", "text", "why", "verbatim", "kommentti", "palaute",
        "avoinpalaute", "perustelu", "kommentar", "fritext",
    ),
    "answered_at": (
        "answeredat", "answered", "date", "time", "timestamp", "createdat", "created",
        "responsedate", "submittedat", "submitdate", "recordeddate", "enddate", "päivä", "pvm",
        "päivämäärä", "aika", "vastattu", "datum", "tid", "besvarad",
    ),
    "key": (
        "key", "id", "responseid", "respondentid", "respnum", "uuid", "tunnus", "vastausid",
        "svarsid",
    ),
    "language": ("language", "lang", "locale", "kieli", "språk", "userlanguage", "startlanguage"),
    "reply_to": ("replyto", "email", "personemail", "emailaddress", "sähköposti", "epost"),
    "may_contact": ("maycontact", "consent", "followup", "saaottaayhteyttä", "fårkontaktas"),
    "encounter": ("encounter", "encounterid", "encounterreference", "ticket", "kohtaaminen"),
    "channel": ("channel", "source", "kanava", "kanal"),
}  # fmt: skip
YES = frozenset({"yes", "y", "true", "1", "kyllä", "k", "ja", "j", "x"})
NO = frozenset({"", "no", "n", "false", "0", "ei", "e", "nej"})
_DATE = re.compile(
    r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})\.?"
    r"(?:[T ,]+(?:klo |kl )?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?\s*([AaPp][Mm])?)?"
)


class UnreadableFile(ValueError):
    """The file is not a table: `code` says why (empty, no_header, not_text, one_column)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class AnswerFile:
    """A table of text. `header` has every column once; a name that repeats gets a number."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A line of the file: where it begins, its cells by column, and what is wrong with it."""

    number: int
    cells: Mapping[str, str]
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class FileMapping:
    """What each column means. `missing` are codes of the score that mean no answer."""

    columns: Mapping[str, str]
    missing: frozenset[str] = field(default_factory=frozenset)
    date_order: str = "ymd"
    default_time: dt.datetime | None = None


def open_answer_file(path: Path) -> AnswerFile:
    """Find out how a file is written; raise `UnreadableFile` when it is not a table of text."""
    with path.open("rb") as stream:
        head = stream.read(65536)
    if not head.strip():
        raise UnreadableFile("empty")
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile("not_text")
    encoding = _find_encoding(path, head)
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        sample = text.read(65536)
    delimiter = _find_delimiter(sample)
    draft = AnswerFile(path, encoding, delimiter, ())
    with _lines(draft) as lines:
        header = next(lines, (0, None))[1] or []
    if not any(name.strip() for name in header):
        raise UnreadableFile("no_header")
    return AnswerFile(path, encoding, delimiter, _distinct(header))


def read_lines(file: AnswerFile) -> Iterator[Line]:
    """Every line below the header that is not blank."""
    with _lines(file) as lines:
        for number, cells in islice(lines, 1, None):
            if cells is None:
                yield Line(number, {}, fault="unreadable_line")
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(file.header) and any(c.strip() for c in cells[len(file.header) :]):
                yield Line(number, {}, fault="too_many_cells")
                continue
            padded = [*cells, *[""] * (len(file.header) - len(cells))]
            yield Line(number, dict(zip(file.header, padded, strict=False)))


def guess_columns(header: tuple[str, ...]) -> dict[str, str]:
    """What each column probably is: {meaning: column}; a column has one meaning at most."""
    plain = {name: re.sub(r"[^0-9a-zäöå]", "", name.lower()) for name in header}
    found: dict[str, str] = {}
    for meaning, aliases in ALIASES.items():
        for alias in aliases:
            column = next(
                (n for n, p in plain.items() if p == alias and n not in found.values()), ""
            )
            if column:
                found[meaning] = column
                break
    return found


def guess_columns_of(file: AnswerFile) -> dict[str, str]:
    """What each column probably is, by its name and by whether its values can mean that."""
    lines = [line for line in islice(read_lines(file), SAMPLE_LINES) if not line.fault]
    return {
        meaning: column
        for meaning, column in guess_columns(file.header).items()
        if _can_mean(meaning, [line.cells[column].strip() for line in lines])
    }


def _can_mean(meaning: str, values: list[str]) -> bool:
    """Whether nearly all of what stands in a column can be read as this."""
    readable = READABLE.get(meaning)
    filled = [text for text in values if text]
    if readable is None or not filled:
        return True
    return sum(bool(readable(text)) for text in filled) >= READABLE_SHARE_MIN * len(filled)


READABLE: dict[str, Callable[[str], object]] = {
    "language": _LANGUAGE.fullmatch,
    "channel": lambda text: text.lower() in CHANNELS,
    "may_contact": lambda text: text.lower() in YES | NO,
    "reply_to": lambda text: "@" in text or sum(map(str.isdigit, text)) >= 5,
    "answered_at": lambda text: _DATE.match(text) or re.fullmatch(r"\d{9,10}", text),
}


def guess_date_order(values: list[str]) -> str | None:
    """The order of day, month and year that fits every value; None when several do."""
    parts = [match.groups()[:3] for value in values if (match := _DATE.match(value.strip()))]
    if not parts:
        return "ymd"
    if all(len(first) == 4 for first, _, _ in parts):
        return "ymd"
    fits = [
        order
        for order, day, month in (("dmy", 0, 1), ("mdy", 1, 0))
        if all(int(part[day]) <= 31 and int(part[month]) <= 12 for part in parts)
    ]
    dotted = any("." in value[:5] for value in values)
    if dotted and "dmy" in fits:
        return "dmy"
    return fits[0] if len(fits) == 1 else None


def count_codes(lines: Iterator[Line], column: str) -> Counter[str]:
    """How often each value stands in a column."""
    return Counter(line.cells[column].strip() for line in lines if not line.fault)


def read_payload(line: Line, mapping: FileMapping, *, zone: ZoneInfo) -> dict[str, Any] | None:
    """What the API would have been sent for this line; None where nothing was answered.

    Raises `RefusedAnswer` for a cell that cannot be read. Times without a zone are the
    organisation's local time.
    """
    if line.fault:
        raise RefusedAnswer(line.fault, "line")
    cells = {meaning: line.cells[name].strip() for meaning, name in mapping.columns.items()}
    score = _read_score(cells.get("score", ""), mapping.missing)
    if score is None and not cells.get("comment"):
        return None
    payload: dict[str, Any] = {
        name: cells[name]
        for name in ("comment", "language", "reply_to", "encounter", "channel")
        if cells.get(name)
    }
    if channel := payload.get("channel"):
        payload["channel"] = channel.lower()
    payload["score"] = score
    if text := cells.get("may_contact", ""):
        payload["may_contact"] = _read_yes(text)
    moment = _read_moment(cells.get("answered_at", ""), mapping, zone)
    if moment is not None:
        payload["answered_at"] = moment.isoformat()
    return payload


def line_key(line: Line, mapping: FileMapping, *, survey: int, seen: Counter[str]) -> str:
    """The same line of the same file has the same key at every import.

    With a key column, that; otherwise the line's words, and how many like it came before.
    """
    if (column := mapping.columns.get("key")) and (own := line.cells.get(column, "").strip()):
        digest = hashlib.sha256(f"own\x1f{own}".encode("utf-8", "replace")).hexdigest()[:40]
        return f"import:{survey}:{digest}"
    words = "\x1f".join(f"{name}\x1e{cell}" for name, cell in line.cells.items())
    digest = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:40]
    seen[digest] += 1
    return f"import:{survey}:{digest}:{seen[digest]}"


def _find_encoding(path: Path, head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as stream:
                while stream.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFile("not_text")


def _find_delimiter(sample: str) -> str:
    """The one that splits the first lines into the most columns, the same number on each."""
    rows = sample.splitlines()[:20]
    best = (0.0, ",")
    for delimiter in DELIMITERS:
        counts = [len(row) for row in csv.reader(rows, delimiter=delimiter)] or [1]
        columns = counts[0]
        agree = sum(count == columns for count in counts) / len(counts)
        best = max(best, (agree * (columns > 1) + columns / 1000, delimiter), key=lambda b: b[0])
    return best[1]


def _distinct(header: list[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    names = []
    for position, raw in enumerate(header, 1):
        name = raw.strip() or f"column {position}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


@contextmanager
def _lines(file: AnswerFile) -> Iterator[Iterator[tuple[int, list[str] | None]]]:
    csv.field_size_limit(CELL_CHARACTERS_MAX)
    with file.path.open(encoding=file.encoding, errors="replace", newline="") as stream:
        yield _numbered(stream, file.delimiter)


def _numbered(stream: TextIO, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each record with the line on which it begins; None for one that cannot be read.

    Of a quotation mark that is left open only the line where it stands is lost: those after it
    are read anew.
    """
    rows = _Rows(stream)
    while True:
        rows.begin_record()
        try:
            cells = next(csv.reader(rows, delimiter=delimiter))
        except StopIteration:
            return
        except csv.Error:
            rows.give_back()
            yield rows.number, None
            continue
        if rows.has_ended:  # within a record: its quotation mark is open
            rows.give_back()
        yield rows.number, None if rows.has_ended else cells


class _Rows:
    """The lines of a stream; of a record's lines, those after the first can be given back."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._taken: list[str] = []
        self._given_back: deque[str] = deque()
        self.number = 1
        self.has_ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._taken) == RECORD_LINES_MAX:
            raise csv.Error(f"a record of more than {RECORD_LINES_MAX} lines")
        row = self._given_back.popleft() if self._given_back else next(self._stream, "")
        if not row:
            self.has_ended = True
            raise StopIteration
        self._taken.append(row.replace("\x00", ""))
        return self._taken[-1]

    def begin_record(self) -> None:
        self.number += len(self._taken)
        self._taken.clear()
        self.has_ended = False

    def give_back(self) -> None:
        self._given_back.extendleft(reversed(self._taken[1:]))
        del self._taken[1:]


def _read_score(text: str, missing: frozenset[str]) -> int | None:
    if not text or text in missing:
        return None
    plain = text.replace(",", ".")
    if re.fullmatch(r"[+-]?\d{1,9}(\.0*)?", plain):
        return int(float(plain))
    raise RefusedAnswer("not_a_whole_number", "score", text)


def _read_yes(text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise RefusedAnswer("not_yes_or_no", "may_contact", text)


def _read_moment(text: str, mapping: FileMapping, zone: ZoneInfo) -> dt.datetime | None:
    if not text:
        return mapping.default_time
    try:
        if re.fullmatch(r"\d{9,10}", text):
            return dt.datetime.fromtimestamp(int(text), dt.UTC)
        moment = _parse(text, mapping.date_order)
        local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return local.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise RefusedAnswer("date_form", "answered_at", text) from None


def _parse(text: str, order: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    first, second, third, hour, minute, seconds, half = match.groups()
    year, month, day = {
        "ymd": (first, second, third),
        "dmy": (third, second, first),
        "mdy": (third, first, second),
    }[order]
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    full_year = int(year) + (2000 if len(year) <= 2 else 0)
    return dt.datetime(  # noqa: DTZ001 - the zone is the caller's to add
        full_year, int(month), int(day), hours, int(minute or 0), int(seconds or 0)
    )
