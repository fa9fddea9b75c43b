"""Comments as a theme book meets them, and what it finds, for the tests beside."""

from kokemus.comments.lemmas import lemmas_of
from kokemus.comments.themes import ThemeBook, ThemeHit
from kokemus.comments.tokens import tokenise


def hits(book: ThemeBook, text: str, *, language: str) -> list[ThemeHit]:
    tokens = tokenise(text)
    return book.find(tokens, lemmas_of(tokens, language=language), language)


def codes(book: ThemeBook, text: str, *, language: str) -> set[str]:
    return {hit.code for hit in hits(book, text, language=language)}


def evidence(book: ThemeBook, text: str, *, language: str) -> dict[str, list[str]]:
    found = hits(book, text, language=language)
    return {hit.code: [text[span.start : span.end] for span in hit.spans] for hit in found}
