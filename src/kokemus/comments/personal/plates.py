"""Registration plates of vehicles, Finnish and Swedish."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kokemus.comments.personal.cues import cue_before
from kokemus.comments.personal.spans import PersonalSpan

_DASHED = re.compile(r"(?<![\w-])([A-ZÅÄÖ]{3})\s?-\s?(?!0)\d{1,3}(?![\w]|-\w|,\d)")
_DASHED_ANY = re.compile(r"(?<![\w-])([A-ZÅÄÖ]{1,3})\s?-\s?\d{1,4}(?![\w]|-\w|,\d)", re.IGNORECASE)
_SWEDISH_NEW = re.compile(r"(?<![\w-])([A-HJ-PR-UW-Z]{3}) ?\d\d[A-HJ-NPR-UW-Z](?![\w-])")
_SPACED = re.compile(r"(?<![\w-])([A-ZÅÄÖ]{2,3})[ -]?\d{2}[\dA-ZÅÄÖ](?![\w-])", re.IGNORECASE)
_ACRONYMS = frozenset(
    re.findall(
        r"\S+",
        "ISO USB CES NPS KPI VAT ALV DIN PDF SMS GSM LED LCD GPS EUR SEK USD GBP NOK DKK AAA "
        "ABS ADS API ATM CPU DVD FAQ GPU HDD SSD HIV IBM ICT IPX KTM MMS NFC PCR PSP QLED RAM "
        "RFID RGB SIM TPS TUV UHT UPS URL VPN WLAN XXL RTX GTX TKK DNA MAX PRO TOP TYP BUS "
        "ART NRO PUH KPL WWW TEL NUM SEN JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC THE "
        "AND FOR BMW VIP PLC HPV DHL GLS UPM YEL EAN SKU REF TAM HEL MAA HUH TOU KES HEI ELO "
        "SYY LOK JOU SAS KLM AFA ALE PIN PUK CVC CVV CSV XML JPG PNG MP RAL DKV SQL CSS PHP "
        "UTF DOS MSC SPF UVA UVB PVC LVI ATK",
    )
)
_CUES = (
    "auto",
    "rekist",
    "rek.",
    "rek ",
    "bil",
    "regist",
    "reg.",
    "reg ",
    "plate",
    "car ",
    "van ",
    "kilpi",
    "kilve",
    "pysäkö",
    "parker",
    "parking",
    "kuski",
    "kuljett",
    "taksi",
    "taxi",
    "driver",
    "mopo",
    "vehicle",
    "fordon",
    "chaufför",
)


def find_plates(text: str) -> Iterator[PersonalSpan]:
    """Find plates by their shape; where the shape is common, only after a word about vehicles."""
    for pattern in (_DASHED, _SWEDISH_NEW):
        for match in pattern.finditer(text):
            if match[1] not in _ACRONYMS or cue_before(text, match.start(), _CUES):
                yield PersonalSpan(*match.span(), "plate")
    for pattern in (_DASHED_ANY, _SPACED):
        for match in pattern.finditer(text):
            if _may_be_letters(match[1]) and cue_before(text, match.start(), _CUES):
                yield PersonalSpan(*match.span(), "plate")


def _may_be_letters(letters: str) -> bool:
    """Not a short word: "bilen var 100" and "auto oli 300" name no plate."""
    if letters.isupper():
        return letters not in _ACRONYMS
    return letters.lower() not in _SHORT_WORDS


_SHORT_WORDS = frozenset(
    re.findall(
        r"\S+",
        "oli on ei se he me te jo ja tai kun jos yli ali noin n ca kl klo nro no nr var är "
        "har och att för kan ska den det en ett med av på om vid was is has had the and for "
        "in at to by of as an a e km h min kpl st pcs eur sek usd all två tre vain hän nyt "
        "vuo del pg app",
    )
)
