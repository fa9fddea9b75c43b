"""Put a word in brackets where personal data stood."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import MappingProxyType

from kokemus.comments.personal.spans import PersonalSpan, merge_spans

PLACEHOLDERS = MappingProxyType(
    {
        "fi": {
            "personal_id": "[henkilötunnus]",
            "iban": "[tilinumero]",
            "card": "[korttinumero]",
            "business_id": "[y-tunnus]",
            "email": "[sähköposti]",
            "phone": "[puhelinnumero]",
            "plate": "[rekisterinumero]",
            "address": "[osoite]",
            "name": "[nimi]",
        },
        "sv": {
            "personal_id": "[personbeteckning]",
            "iban": "[kontonummer]",
            "card": "[kortnummer]",
            "business_id": "[fo-nummer]",
            "email": "[e-post]",
            "phone": "[telefonnummer]",
            "plate": "[registernummer]",
            "address": "[adress]",
            "name": "[namn]",
        },
        "en": {
            "personal_id": "[identity number]",
            "iban": "[account number]",
            "card": "[card number]",
            "business_id": "[business id]",
            "email": "[email]",
            "phone": "[phone number]",
            "plate": "[plate number]",
            "address": "[address]",
            "name": "[name]",
        },
    }
)
DEFAULT_LANGUAGE = "fi"
PLACEHOLDER = re.compile(
    "|".join(re.escape(word) for words in PLACEHOLDERS.values() for word in words.values())
)


def redact(text: str, spans: Iterable[PersonalSpan], *, language: str = "") -> str:
    """Replace each span by a word in brackets that says what stood there.

    ``language`` is the language of the words ("fi", "sv" or "en"): the comment's own, or the
    reader's. Any other gives Finnish words. Spans that overlap are joined first.
    """
    words = PLACEHOLDERS.get(language, PLACEHOLDERS[DEFAULT_LANGUAGE])
    parts, position = [], 0
    for start, end, kind in merge_spans(spans):
        parts += [text[position:start], words[kind]]
        position = end
    return "".join([*parts, text[position:]])
