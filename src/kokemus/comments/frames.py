"""Read a column of comments of any dataframe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from kokemus.comments.languages import LANGUAGES
from kokemus.comments.readings import Reading, read_comments

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

    from kokemus.comments.sentiment import SentimentModel
    from kokemus.comments.themes import ThemeBook


def read_frame(
    frame: IntoFrame,
    text: str = "comment",
    *,
    languages: Sequence[str] = LANGUAGES,
    expected: str = "",
    sentiment: SentimentModel | None = None,
    book: ThemeBook | None = None,
    names: Sequence[str] = (),
    prefix: str = "",
) -> Any:  # the kind of frame that was given
    """Read a column of comments of a dataframe, and add what they were read as.

    Parameters
    ----------
    frame
        Any dataframe that Narwhals knows; a lazy one is collected.
    text
        The column of comments.
    languages, expected, sentiment, book, names
        As of `read_comments`.
    prefix
        What the added columns' names begin with.

    Returns
    -------
    The same kind of frame, eager, with the columns language, sentiment, label, unsure, themes
    (codes with a space between) and redacted; all null where there is no comment.

    Raises
    ------
    ColumnTaken
        The frame has a column of such a name already: give a `prefix`.
    """
    import narwhals as nw

    opened = nw.from_native(frame)
    given = opened.collect() if isinstance(opened, nw.LazyFrame) else opened
    added = [prefix + column for column in ADDED_COLUMNS]
    if text not in given.columns:
        raise NoSuchColumn(text, given.columns)
    if taken := [column for column in added if column in given.columns]:
        raise ColumnTaken(f"the frame has a column {taken[0]!r} already; give a prefix")
    texts = [value if isinstance(value, str) else None for value in given[text].to_list()]
    readings = read_comments(
        texts,
        languages=languages,
        expected=expected,
        sentiment=sentiment,
        book=book,
        names=names,
    )
    rows = [
        (None,) * len(added) if comment is None else _row(reading)
        for comment, reading in zip(texts, readings, strict=True)
    ]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(added)
    # Of pandas a column of booleans holds no null: there it becomes a column of objects.
    flag = None if given.implementation.is_pandas_like() and None in texts else nw.Boolean()
    kinds = (nw.String(), nw.Float64(), nw.String(), flag, nw.String(), nw.String())
    series = [
        nw.new_series(name, list(values), kind, backend=given.implementation)
        for name, values, kind in zip(added, columns, kinds, strict=True)
    ]
    return given.with_columns(*series).to_native()


class NoSuchColumn(LookupError):
    """A column that the frame does not have."""

    def __init__(self, column: str, columns: Sequence[str]) -> None:
        super().__init__(column)
        self.message = f"there is no column {column!r}; the columns: {', '.join(columns)}"

    def __str__(self) -> str:
        return self.message


class ColumnTaken(ValueError):
    """A column that would be added and is there already."""


ADDED_COLUMNS: Final = ("language", "sentiment", "label", "unsure", "themes", "redacted")


def _row(reading: Reading) -> tuple[str, float, str, bool, str, str]:
    themes = " ".join(reading.themes)
    mood = (reading.sentiment, reading.label, reading.is_unsure)
    return (reading.language, *mood, themes, reading.redacted)
