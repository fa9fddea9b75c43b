"""Street addresses with a house number, and postal codes with their town."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kokemus.comments.personal.name_weights import is_place
from kokemus.comments.personal.spans import PersonalSpan

# Finnish words for ways, each with the stem that its cases are made from.
_WAYS_FI = (
    r"(?:katu|kadu|tie|kuja|poluk?|polku|väylä|raiti|raitti|kaare|kaari|"
    r"bulevardi|esplanadi|penkere|penger|syrjä)"
)
_PLACES_FI = (
    r"(?:rintee|rinne|mäe|mäki|ranna|ranta|puisto|aukio|[aäon]tori|(?:linnan|kaupungin|idän|lännen|puiston)port?ti|piha|laituri|"
    r"silla|silta|taipalee|taival|kulma|kulku|kulu|reuna|harju|kallio|niitty|niity|rivi|kenttä|"
    r"kentä|laita|laida|kangas|kankaa|pelto|pello|metsä|niemi|nieme|lahti|lahde|suora|kierto|kierro)"
)
_CASES_FI = (
    r"(?:n|lla|llä|lta|ltä|lle|ssa|ssä|sta|stä|ta|tä|a|ä|hen|an|än|lle|seen|een|iin|uun|oon)?"
)
_NUMBER = (
    r"\s{1,2}\d{1,3}(?![\d.,]?\d)(?:\s?-\s?\d{1,3}(?!\d))?"
    r"(?:\s?[A-Za-hÅÄÖ](?![\wåäö]))?(?:\s?(?:as\.?|bst|lgh|lägenhet|apt\.?|flat)?\s?\d{1,4}(?![\w,.:]?\d|\w))?"
)
_NO_UNIT = (
    r"(?!\s?(?:min|tunti|tunnin|h\b|kertaa|päivä|viik|kuuk|vuo|kpl|euro|€|%|km|metri|m\b|s\b|sek|"
    r"asiak|ihmis|henke|tähte|time|hour|day|week|month|year|minut|gång|timm|dag|veck|månad|år\b|kr\b|"
    r"people|person|stars|of\b|/))"
)
_STREET_FI = re.compile(
    r"(?<![\w-])(?:(?:Iso|Ison|Isolla|Isolta|Pieni|Pienen|Pohjoi\w+|Etelä\w+|Itäi\w+|Länti\w+|"
    r"Vanha\w*|Uusi|Uuden|Uudella|Ylä\w*|Ala\w*|Suuri|Toinen|Ensimmäinen|Kolmas) )?"
    rf"(?:[A-ZÅÄÖa-zåäö][\wåäö'-]{{1,30}}{_WAYS_FI}{_CASES_FI}"
    rf"|[A-ZÅÄÖ][\w'-]{{2,30}}{_PLACES_FI}{_CASES_FI}){_NUMBER}{_NO_UNIT}"
)
_NOT_STREETS = re.compile(
    r"(?:valta|moottori|kanta|seutu|yhdys|kehä|rauta|tiede|hoito|lento|ilma|meri|synti|maan|"
    r"motor|riks|europa|om|på|för|järn|ledes|lika|sido)"
    r"(?:tie|kat|väg|led)"
    r"|\w+ttien\s|(?-i:[a-zåäö]\w+tien\s)",  # "korttien 2" is no street
    re.IGNORECASE,
)
_STREET_SV = re.compile(
    r"(?<![\w-])(?:(?:Norra|Södra|Östra|Västra|Stora|Lilla|Gamla|Nya|Övre|Nedre) )?"
    r"(?:[A-ZÅÄÖa-zåäö][\w'-]{2,30}(?:gatan?|vägen|väg|gränd(?:en)?|stigen|allén|esplanaden|stråket|"
    r"kajen|bulevarden)|[A-ZÅÄÖ][\w'-]{2,30}(?:torget|backen|platsen|leden|plan|parken|stranden|"
    rf"bron|brinken|slingan|hamnen|kroken)|Esplanaden|Bulevarden){_NUMBER}{_NO_UNIT}"
)
_STREET_EN = re.compile(
    r"(?<![\w-])\d{1,4}[A-Za-z]?,? (?:[A-Z][\w'.-]+ ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Square|Sq|Court|Ct|Way|Terrace|Close|"
    r"Crescent|Place|Boulevard|Blvd|Row|Gardens|Hill)\b\.?(?:,? (?:Apt|Flat|Unit)\.? ?\w{1,4})?"
    r"(?:,\s[A-Z][a-z]+(?:,? (?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{5}))?(?=[.,;!?\n]|$))?"
)
_AFTER_CUE = re.compile(
    r"(?i:osoit(?:e|teeni|teemme|teessa)\w*|adress(?:en)?|address)(?: (?:on|är|is|oli|var|was))?:? "
    rf"([A-ZÅÄÖ][\w'-]+(?: [A-ZÅÄÖ][\w'-]+){{0,2}}{_NUMBER})"
)
_POSTAL = re.compile(
    r"(?<![\w+-])(?:FI-|SE-|AX-|S-)?(?:\d{5}|\d{3} \d{2}),?\s{1,2}([A-ZÅÄÖ][\w-]+)"
    r"(?: (?:[IVX]{1,3}|\d)\b)?",
)
_JOIN = re.compile(r"[\s,;.]{0,3}")


def find_addresses(text: str) -> Iterator[PersonalSpan]:
    """Find streets with a number and postal codes with a town; what belongs together is one."""
    previous: PersonalSpan | None = None
    for start, end, is_sure in sorted({*_streets(text), *_postal_towns(text)}):
        joins = previous and (
            start <= previous.end or _JOIN.fullmatch(text, previous.end, start) is not None
        )
        if previous and joins:
            previous = previous._replace(end=max(end, previous.end))
        elif is_sure:
            if previous:
                yield previous
            previous = PersonalSpan(start, end, "address")
    if previous:
        yield previous


def _streets(text: str) -> Iterator[tuple[int, int, bool]]:
    for pattern in (_STREET_FI, _STREET_SV):
        for match in pattern.finditer(text):
            if not _NOT_STREETS.match(match.group()):
                yield *match.span(), True
    for match in _STREET_EN.finditer(text):
        yield *match.span(), True
    for match in _AFTER_CUE.finditer(text):
        yield *match.span(1), True


def _postal_towns(text: str) -> Iterator[tuple[int, int, bool]]:
    """Sure where the town is known; a town that is not known counts after a street."""
    for match in _POSTAL.finditer(text):
        yield *match.span(), is_place(match[1])
