"""What holds of any text: spans inside it, in order, apart; nothing left once it is redacted."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kokemus.comments.personal import KINDS, find_personal_data, redact

PIECES = st.sampled_from(
    (
        *("Pekka", "Virtaselle", "Onni", "My", "will", "Grace", "herra", "terveisin", "t.", "Kai"),
        *("040 1234567", "+358", "112", "131052-308T", "131052-308S", "FI2112345600000785", "0"),
        *("0112038-9", "4111 1111 1111 1111", "ABC-123", "Mannerheimintie 12", "00100", "Helsinki"),
        *("matti@firma.fi", "@", "(at)", ".", ",", "\n", "-", "–", "\u00ad", "\u200b", "\u0308"),
        *("[nimi]", "[", "]", "[phone number]", "\ufffc", "\u00a0", "１２", "12", "345-6789", ":n"),
        *("rekisteri", "puh", "tilausnumero", "FI", "A", "B.", "€", "1.2.2024", "\U0001f600"),
    )
)
JOINED = st.lists(st.tuples(PIECES, st.sampled_from(("", " ", "  ", "\n"))), max_size=14).map(
    lambda pairs: "".join(piece + space for piece, space in pairs)
)
TEXTS = st.one_of(st.text(max_size=120), JOINED)
LANGUAGES = st.sampled_from(("", "fi", "sv", "en"))
NAMES = st.sampled_from(((), ("Kai Grace",), ("Sari Laine", "My")))


@given(text=TEXTS, language=LANGUAGES, names=NAMES)
@settings(max_examples=300, deadline=None)
def test_spans_lie_inside_the_text_in_order_and_apart(
    text: str, language: str, names: tuple[str, ...]
) -> None:
    spans = find_personal_data(text, language=language, names=names)
    places = [place for start, end, _ in spans for place in (start, end)]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end, _ in spans)
    assert {kind for _, _, kind in spans} <= set(KINDS)


@given(text=TEXTS, language=LANGUAGES, names=NAMES)
@settings(max_examples=300, deadline=None)
def test_nothing_is_found_in_what_is_redacted(
    text: str, language: str, names: tuple[str, ...]
) -> None:
    spans = find_personal_data(text, language=language, names=names)
    hidden = redact(text, spans, language=language)
    assert find_personal_data(hidden, language=language, names=names) == []
