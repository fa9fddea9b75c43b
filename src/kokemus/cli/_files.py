"""Read the columns of a file of answers: CSV, Parquet, Excel or SPSS, through Polars."""

import codecs
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

SEPARATORS = ",;\t|"
UNUSED = "\x1f"
EngineError = pl.exceptions.PolarsError  # a page further down that cannot be read
ENCODING_FALLBACK = "cp1252"  # what Excel writes on a Windows of western Europe


class UnreadableFile(ValueError):
    """A file that is not there, of no known kind, or not what its name says."""


class WordsForNumbers(ValueError):
    """Words in a column of numbers; `counts` has the commonest."""

    def __init__(self, column: str, counts: dict[str, int]) -> None:
        self.counts = counts
        listed = ", ".join(
            f"{word!r} ({count:,} row{'' if count == 1 else 's'})" for word, count in counts.items()
        )
        super().__init__(f"column {column!r} has words where numbers must stand: {listed}")


class UnknownColumn(LookupError):
    """A column that the file does not have; says which it has."""

    def __init__(self, column: str, columns: Sequence[str]) -> None:
        super().__init__(column)
        self.message = f"there is no column {column!r}; the columns: {', '.join(columns)}"

    def __str__(self) -> str:
        return self.message


def open_file(path: Path) -> pl.LazyFrame:
    """Open the file by the ending of its name."""
    if not path.is_file():
        kind = "is a folder" if path.is_dir() else "is not there"
        raise UnreadableFile(f"the file {path} {kind}")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile(
            f"the file {path} is of no known kind; its name must end in {', '.join(READERS)}"
        )
    try:
        frame = reader(path)
        frame.collect_schema()
    except Exception as error:  # each reader has exceptions of its own
        raise UnreadableFile(describe_failure(path, error)) from error
    return frame


def describe_failure(path: Path, error: Exception) -> str:
    reason = [*str(error).strip().splitlines(), type(error).__name__][0]
    return f"the file {path} cannot be read as {path.suffix}: {reason}"


def text_column(frame: pl.LazyFrame, column: str) -> list[str | None]:
    """Give the values of a column as text, in their order."""
    columns = frame.collect_schema().names()
    if column not in columns:
        raise UnknownColumn(column, columns)
    return frame.select(pl.col(column).cast(pl.String)).collect()[column].to_list()


def number_column(frame: pl.LazyFrame, column: str, *, missing: Sequence[str]) -> pl.LazyFrame:
    """Make numbers of a column of text; a comma may stand for the decimal point."""
    if frame.collect_schema()[column] != pl.String:
        return frame
    text = pl.col(column).str.strip_chars()
    is_empty = text.is_in(["", *missing])
    number = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    words = frame.filter(~is_empty & number.is_null()).group_by(text.alias("word")).len()
    found = words.sort(pl.col("len"), "word", descending=[True, False]).limit(5).collect()
    if found.height:
        raise WordsForNumbers(column, dict(found.rows()))
    return frame.with_columns(pl.when(is_empty).then(None).otherwise(number).alias(column))


def name_column(frame: pl.LazyFrame, column: str) -> pl.LazyFrame:
    """Make whole numbers of a column of text that holds nothing else, so that 2 sorts before 10."""
    if frame.collect_schema()[column] != pl.String:
        return frame
    number = pl.col(column).cast(pl.Int64, strict=False)
    is_number = (number.cast(pl.String) == pl.col(column)).fill_null(False)
    test = frame.select((is_number | pl.col(column).is_null()).all()).collect()
    return frame.with_columns(number.alias(column)) if test.item() else frame


def read_csv(path: Path) -> pl.LazyFrame:
    """Read a file of text with the separator that its first line uses most, all as text.

    Types are made by those who know what a column should hold: guessing from the first rows
    stumbles over the one answer further down that is a word.
    """
    encoding = detect_encoding(path)
    with path.open(encoding=encoding) as stream:
        heading = stream.readline()
    if not heading.strip():
        raise UnreadableFile("the first line, which names the columns, is empty")
    separator = max(SEPARATORS, key=heading.count)
    if separator not in heading:  # one column, whose values may hold any of them
        separator = UNUSED
    source = path if encoding == "utf-8" else path.read_text(encoding).encode()
    try:
        # Not scan_csv: reading some columns only, it lets a line with too many fields pass,
        # and then the number taken may be another question's.
        return pl.read_csv(source, separator=separator, infer_schema=False).lazy()
    except pl.exceptions.ComputeError as error:
        if "more fields" not in str(error):
            raise
        raise UnreadableFile("a line has more fields than the first line names") from error


def detect_encoding(path: Path) -> str:
    with path.open("rb") as binary:
        if binary.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16"
    with path.open(encoding="utf-8") as stream:
        try:
            while stream.read(1 << 20):
                pass
        except UnicodeDecodeError:
            return ENCODING_FALLBACK
    return "utf-8"


def read_excel(path: Path) -> pl.LazyFrame:
    """Read the first sheet; its reader's remarks on empty columns help nobody."""
    logging.getLogger("fastexcel").setLevel(logging.ERROR)
    return pl.read_excel(path, infer_schema_length=None).lazy()


def read_spss(path: Path) -> pl.LazyFrame:
    """Read an SPSS file; what it declares as missing is missing."""
    import pyreadstat

    frame, _ = pyreadstat.read_sav(str(path), output_format="polars")
    return pl.LazyFrame(frame)


READERS: dict[str, Callable[[Path], pl.LazyFrame]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".parquet": pl.scan_parquet,
    ".xlsx": read_excel,
    ".xls": read_excel,
    ".xlsb": read_excel,
    ".ods": read_excel,
    ".sav": read_spss,
    ".zsav": read_spss,
}
