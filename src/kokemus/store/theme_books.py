"""An organisation's themes as the book that comments are read by."""

from __future__ import annotations

from dataclasses import dataclass

from kokemus.comments.themes import Theme as BookTheme
from kokemus.comments.themes import ThemeBook, starting_themes
from kokemus.comments.themes.learnt import LearntTheme
from kokemus.store.models import Organisation, Theme


@dataclass(frozen=True)
class OwnBook:
    """The book, and the key of each theme's row by its code."""

    book: ThemeBook
    keys: dict[str, int]


def book_of(organisation: Organisation | int) -> OwnBook:
    """All themes of the organisation, past ones included: what finds those finds their heirs."""
    rows = list(Theme.objects.of(organisation).select_related("merged_into").order_by("pk"))
    book = ThemeBook(tuple(as_book_theme(row) for row in rows))
    return OwnBook(book, {row.code: row.pk for row in rows})


def as_book_theme(row: Theme) -> BookTheme:
    """The theme as the package knows it; a starting one has its rules where the row has none."""
    known = {theme.code: theme for theme in starting_themes()} if row.is_starting else {}
    start = known.get(row.code)
    own = {language: tuple(lines) for language, lines in row.rules.items()}
    heirs = tuple(row.split_into)
    heir = row.merged_into.code if row.merged_into else ""
    return BookTheme(
        code=row.code,
        names=row.names or (start.names if start else {}),
        rules={**(start.rules if start else {}), **own},
        vetoes=start.vetoes if start else {},
        learnt=LearntTheme.from_bytes(bytes(row.weights)) if row.weights else None,
        merged_into=heir,
        split_into=heirs,
        is_retired=not (row.is_active or heir or heirs),
        is_starting=row.is_starting,
    )
