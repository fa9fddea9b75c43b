"""Read comments: language, statements, feeling, themes, personal data, and what showed it.

Personal data is blanked before anything else is read, so that no name moves a feeling, becomes a
theme or can be searched for. Blanks are as long as what they hide: every span stays an index
into the comment as it was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kokemus.comments.languages import LANGUAGES, find_language
from kokemus.comments.lemmas import lemmas_of
from kokemus.comments.statements import split_statements
from kokemus.comments.tokens import Span, is_word, tokenise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kokemus.comments.personal import GivenNames, PersonalSpan
    from kokemus.comments.sentiment import Driver, Feeling, SentimentModel
    from kokemus.comments.themes import ThemeBook, ThemeHit


class StatementReading(NamedTuple):
    """One statement of a comment: where it stands, how it feels, what it is about."""

    start: int
    end: int
    sentiment: float
    label: str
    is_unsure: bool
    themes: tuple[str, ...]

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


class Evidence(NamedTuple):
    """Words that drove the reading.

    `kind` is "sentiment" or "theme:" and the theme's code. The weight of a feeling is above zero
    where the words spoke for positive, below for negative; a theme's words weigh 1.
    """

    start: int
    end: int
    kind: str
    weight: float

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True)
class Reading:
    """What a comment was read as.

    Attributes
    ----------
    language
        fi, sv, en, another one asked for, or "" where it could not be told.
    sentiment
        From -1, negative, to 1, positive.
    label
        negative, neutral or positive.
    probability
        How probable it is that the label is right.
    is_unsure
        Whether the label is too unsure to act on.
    themes
        Codes of the themes, in the book's order.
    hits
        The same with the words they were found by, their probability and their source.
    statements
        The comment's statements in their order, each with its own feeling and themes.
    lemmas
        Dictionary forms of the comment's words, personal data left out.
    personal
        Where personal data stands, and of which kind.
    redacted
        The comment with a bracketed word in the place of each piece of personal data.
    """

    language: str
    sentiment: float
    label: str
    probability: float
    is_unsure: bool
    themes: tuple[str, ...]
    hits: tuple[ThemeHit, ...]
    statements: tuple[StatementReading, ...]
    lemmas: tuple[str, ...]
    personal: tuple[PersonalSpan, ...]
    redacted: str
    source: Source = field(repr=False, compare=False)

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """The words that drove the reading.

        They are found when they are first asked for, for all comments that were read at once.
        """
        return tuple(_find_evidence(self))


class Source(NamedTuple):
    """What the evidence of a reading is found from: the comments read with it, and its place."""

    batch: _Batch
    place: int


def read_comments(
    texts: Sequence[str | None],
    *,
    languages: Sequence[str] = LANGUAGES,
    expected: str | Sequence[str] = "",
    sentiment: SentimentModel | None = None,
    book: ThemeBook | None = None,
    names: Sequence[str] | GivenNames = (),
    embeddings: Sequence[NDArray[Any] | None] | None = None,
) -> list[Reading]:
    """Read comments, on this machine and with nothing but what is in memory.

    Parameters
    ----------
    texts
        The comments; None reads as an empty one.
    languages
        The languages that they may be in.
    expected
        The language that they should be in, one for all or one each: it wins where a comment
        is too short to tell.
    sentiment, book
        An organisation's own model and themes; the shipped ones without them.
    names
        Names to hide beside those found, such as members of staff; many of them are made ready
        once, as `kokemus.comments.personal.GivenNames`.
    embeddings
        One for each comment, or None for one without, for themes by example that were learnt
        with embeddings.

    Returns
    -------
    list of Reading
        One for each comment, in their order.

    >>> reading = read_comments(["Nopea toimitus, mutta soitin numeroon 040 555 1234 turhaan"])[0]
    >>> reading.language, reading.redacted
    ('fi', 'Nopea toimitus, mutta soitin numeroon [puhelinnumero] turhaan')
    """
    from kokemus.comments.personal.given_names import ready_names

    given = ready_names(names)
    sentiment = sentiment or _shipped_sentiment()
    book = book or starting_book()
    wanted = [expected] * len(texts) if isinstance(expected, str) else expected
    vectors = embeddings if embeddings is not None else [None] * len(texts)
    comments = (
        _prepare(text or "", languages, language, book, given, embedding)
        for text, language, embedding in zip(texts, wanted, vectors, strict=True)
    )
    readings: list[Reading] = []
    while batch := list(islice(comments, COMMENTS_AT_ONCE)):
        readings += _feel(batch, sentiment)
    return readings


COMMENTS_AT_ONCE: Final = 1_000


@cache
def starting_book() -> ThemeBook:
    """The book of starting themes, which reads where an organisation has none of its own."""
    from kokemus.comments.themes import ThemeBook, starting_themes

    return ThemeBook(starting_themes())


def _shipped_sentiment() -> SentimentModel:
    from kokemus.comments.sentiment import SentimentModel

    return SentimentModel.shipped()


class _Comment(NamedTuple):
    """A comment before its feeling is read: that is done for many at once."""

    blanked: str
    language: str
    lemmas: tuple[str, ...]
    hits: tuple[ThemeHit, ...]
    spans: tuple[Span, ...]
    personal: tuple[PersonalSpan, ...]
    redacted: str


class _Batch:
    """Comments read at once, without personal data; what drove them is found for all at once."""

    def __init__(self, comments: Sequence[_Comment], model: SentimentModel) -> None:
        self._texts = [comment.blanked if comment.spans else "" for comment in comments]
        self._languages = [comment.language for comment in comments]
        self._model = model

    @cached_property
    def drivers(self) -> list[list[Driver]]:
        return self._model.drivers_of_each(self._texts, self._languages)


def _prepare(
    text: str,
    languages: Sequence[str],
    expected: str,
    book: ThemeBook,
    names: GivenNames,
    embedding: NDArray[Any] | None,
) -> _Comment:
    from kokemus.comments.personal import find_personal_data, redact

    language = find_language(text, languages=languages, expected=expected)
    personal = tuple(find_personal_data(text, language=language, names=names))
    blanked = _blank(text, personal) if personal else text
    tokens = tokenise(blanked)
    lemmas = lemmas_of(tokens, language=language)
    return _Comment(
        blanked=blanked,
        language=language,
        lemmas=tuple(lemma for lemma in lemmas if is_word(lemma)),
        hits=tuple(book.find(tokens, lemmas, language, embedding=embedding)),
        spans=tuple(split_statements(blanked, language=language)),
        personal=personal,
        redacted=redact(text, personal, language=language) if personal else text,
    )


def _blank(text: str, spans: Sequence[PersonalSpan]) -> str:
    for start, end, _ in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _feel(comments: Sequence[_Comment], model: SentimentModel) -> Iterator[Reading]:
    """Read the feelings of comments and, of those with several, of their statements."""
    parts = [
        comment.blanked[span.start : span.end]
        for comment in comments
        if len(comment.spans) > 1
        for span in comment.spans
    ]
    part_languages = [
        comment.language for comment in comments if len(comment.spans) > 1 for _ in comment.spans
    ]
    feelings = iter(
        model.score(
            [*(comment.blanked for comment in comments), *parts],
            [*(comment.language for comment in comments), *part_languages],
        )
    )
    wholes = list(islice(feelings, len(comments)))
    batch = _Batch(comments, model)
    for place, (comment, whole) in enumerate(zip(comments, wholes, strict=True)):
        several = len(comment.spans) > 1
        felt = (
            list(islice(feelings, len(comment.spans))) if several else [whole] * len(comment.spans)
        )
        yield _finish(comment, whole, felt, Source(batch, place))


def _finish(comment: _Comment, whole: Feeling, felt: Sequence[Feeling], source: Source) -> Reading:
    return Reading(
        language=comment.language,
        sentiment=whole.sentiment,
        label=whole.label,
        probability=whole.probability,
        is_unsure=whole.is_unsure,
        themes=tuple(hit.code for hit in comment.hits),
        hits=comment.hits,
        statements=tuple(
            StatementReading(
                *span,
                feeling.sentiment,
                feeling.label,
                feeling.is_unsure,
                tuple(hit.code for hit in comment.hits if _stands_in(span, hit.spans)),
            )
            for span, feeling in zip(comment.spans, felt, strict=True)
        ),
        lemmas=comment.lemmas,
        personal=comment.personal,
        redacted=comment.redacted,
        source=source,
    )


def _stands_in(statement: Span, spans: Sequence[Span]) -> bool:
    return any(span.start < statement.end and span.end > statement.start for span in spans)


def _find_evidence(reading: Reading) -> Iterator[Evidence]:
    batch, place = reading.source
    for span, weight in batch.drivers[place]:
        yield Evidence(*span, "sentiment", weight)
    for hit in reading.hits:
        for span in hit.spans:
            yield Evidence(*span, f"theme:{hit.code}", 1.0)
