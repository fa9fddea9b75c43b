"""Words before a finding that tell what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WINDOW = 40
_PHONE_CUE = re.compile(
    r"puh(?:elin|elimeen|elimes\w*|\b)|\bp\.|soit|tavoit|tel(?:efon|\.|\b)|gsm|mobil|"
    r"\bmob\b|\bring|call|phone|whatsapp|teksti|\bsms\b|\btext|\bnås|kännyk|\bnro\b",
    re.IGNORECASE,
)
_ANY_NUMBER_CUE = re.compile(r"num(?:ero|mer|ber)", re.IGNORECASE)
_CODE_CUE = re.compile(
    r"(?:henkilö|person|tilaus|lasku|viite|asiakas|seuranta|lähety\w*|paketti|kolli|tiketti|tapaus|sopimus|vakuutus|jäsen|"
    r"tuote|varaus|order|faktura|referens|kund|beställning\w*|paket|ärende|försändel\w*|avtal\w*|medlem|artikel|"
    r"boknings?|invoice|reference|customer|tracking|case|ticket|booking|member|account|article|parcel|"
    r"product|serial|sarja|serie|tili|konto|kortti|kort|card|y-|fo-|viivakoodi|ean|id)"
    r"[ -]?\w{0,8}?[ -]?(?:numero|nro|nummer|number|no|nr|tunnus|code|koodi|id|kod)\w{0,6}\b"
    r"|\b(?:viite|ean|ref|id|order|invoice|faktura|tilaus|lasku|koodi|tunnus)\w{0,4}\b"
    r"|#|hetu|henkilötun\w*|personbeteck\w*|identity code",
    re.IGNORECASE,
)
_ANSWERED = re.compile(r"\d|.{16}")  # the code has been told, or is too far away
_CUE_WINDOW = 32
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-ZÅÄÖ])")


def cue_before(text: str, position: int, cues: Iterable[str]) -> bool:
    """Whether one of the cues (in lower case) stands shortly before the position."""
    window = text[max(0, position - _WINDOW) : position].lower()
    return any(cue in window for cue in cues)


def number_cue(text: str, start: int) -> str:
    """What the nearest word before a number says it is: "telephone", "code" (an order, an
    invoice, a customer), or "" when nothing is said.
    """
    window = _SENTENCE_END.split(text[max(0, start - _CUE_WINDOW) : start])[-1]
    codes = [m.end() for m in _CODE_CUE.finditer(window) if not _ANSWERED.search(window[m.end() :])]
    phones = [match.end() for match in _PHONE_CUE.finditer(window)]
    others = [match.end() for match in _ANY_NUMBER_CUE.finditer(window)]
    if codes and max(codes) >= max([*phones, *others, 0]):
        return "code"
    return "telephone" if phones else ""
