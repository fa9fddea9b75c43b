"""What an organisation's comments are read with: its themes, its scores, the names it hides."""

from __future__ import annotations

import datetime as dt
import gc
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kokemus.comments.personal import GivenNames
from kokemus.comments.readings import read_comments
from kokemus.comments.sentiment import SentimentModel
from kokemus.comments.themes import ThemeBook
from kokemus.store.models import HiddenNames, Member, SentimentFit, Theme
from kokemus.store.theme_books import book_of

SAMPLES = {
    "fi": "Matti Meikäläinen jonotti, 040 123 4567",
    "sv": "Det gick bra, sa Anna Andersson",
    "en": "It was fine, said Mary Smith",
}


class Edition(NamedTuple):
    """Which themes, fit, members and list of names; another one is to be read with anew."""

    themes: tuple[tuple[int, dt.datetime | None, bool], ...]
    fit: int | None
    members: tuple[str, ...]
    listed_at: dt.datetime | None


@dataclass(frozen=True)
class Reader:
    edition: Edition
    book: ThemeBook
    theme_keys: dict[str, int]
    sentiment: SentimentModel
    names: GivenNames

    @cached_property
    def reads_by_meaning(self) -> bool:
        """Whether any of the themes looks at a comment's embedding."""
        learnt = (theme.learnt for theme in self.book.themes if not theme.is_retired)
        return any(each is not None and each.embedded is not None for each in learnt)


class Readers:
    """A reader for each organisation, made anew when something of it has changed.

    Nothing of one organisation is ever in another's.
    """

    def __init__(self) -> None:
        self._kept: dict[int, Reader] = {}
        self._warm: set[str] = set()

    def warm_up(self, language: str) -> None:
        """Load what a language is read with, which takes a second, before anybody waits."""
        read_comments([SAMPLES[language]], expected=[language])
        self._warm.add(language)
        gc.collect()
        gc.freeze()  # what was loaded stays: looking through it takes a tenth of the reading

    def cold_languages(self) -> list[str]:
        return [language for language in SAMPLES if language not in self._warm]

    def reader_of(self, organisation_id: int) -> Reader:
        edition = _edition_of(organisation_id)
        kept = self._kept.get(organisation_id)
        if kept is None or kept.edition != edition:
            kept = _make_reader(organisation_id, edition=edition)
            self._kept[organisation_id] = kept
        return kept


def hides_as_now(reader: Reader, *, organisation_id: int) -> bool:
    """Whether the list of names has not changed since the reader was made."""
    return HiddenNames.objects.changed_at(organisation_id) == reader.edition.listed_at


def _edition_of(organisation_id: int) -> Edition:
    themes = Theme.objects.of(organisation_id).order_by("pk")
    fit = SentimentFit.objects.in_use(organisation_id)
    seen = themes.values_list("pk", "changed_at", "is_active")
    return Edition(
        tuple(seen),
        fit.pk if fit else None,
        Member.objects.names_in(organisation_id),
        HiddenNames.objects.changed_at(organisation_id),
    )


def _make_reader(organisation_id: int, *, edition: Edition) -> Reader:
    own = book_of(organisation_id)
    fit = SentimentFit.objects.in_use(organisation_id)
    if fit is None:
        sentiment = SentimentModel.shipped()
    else:
        sentiment = SentimentModel.from_bytes(bytes(fit.weights))
    names = GivenNames(HiddenNames.objects.names_to_hide(organisation_id))
    return Reader(edition, own.book, own.keys, sentiment, names)
