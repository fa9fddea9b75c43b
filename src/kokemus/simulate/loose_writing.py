"""How people write in haste: spoken forms, no capitals, a slip of the finger."""

import re
from random import Random

_FINNISH = {
    "minun": "mun",
    "minua": "mua",
    "minulle": "mulle",
    "mutta": "mut",
    "kyllä": "kyl",
    "sitten": "sit",
    "olisi": "ois",
    "hoitui": "hoitu",
    "onnistui": "onnistu",
    "vastasi": "vastas",
    "kertoi": "kerto",
    "neuvoi": "neuvo",
    "pitäisi": "pitäis",
    "voisi": "vois",
    "että": "et",
    "hän": "se",
    "hänen": "sen",
    "häntä": "sitä",
    "hänelle": "sille",
    "hänellä": "sillä",
    "todella": "tosi",
    "erittäin": "tosi",
    "ei ollut": "ei ollu",
    "ei tullut": "ei tullu",
    "ei kuulunut": "ei kuulunu",
    "ei osannut": "ei osannu",
    "ei vastannut": "ei vastannu",
    "ei tiennyt": "ei tienny",
    "en saanut": "en saanu",
    "en päässyt": "en päässy",
    "kiitos": "kiitti",
}
_SWEDISH = {
    "och": "o",
    "något": "nåt",
    "någon": "nån",
    "några": "nåra",
    "sedan": "sen",
    "också": "oxå",
    "mig": "mej",
    "dem": "dom",
    "de": "dom",
}
_ENGLISH = {
    "did not": "didnt",
    "was not": "wasnt",
    "could not": "couldnt",
    "cannot": "cant",
    "does not": "doesnt",
    "is not": "isnt",
    "were not": "werent",
    "had not": "hadnt",
    "thank you": "thx",
    "because": "cos",
    "really": "rly",
}


def loosen_finnish(text: str, random: Random) -> str:
    """Write as one speaks: "mutta" becomes "mut", "hoitui" becomes "hoitu"."""
    return _loosen(text, random, _FINNISH, _FINNISH_WORDS)


def loosen_swedish(text: str, random: Random) -> str:
    """Write as one speaks: "också" becomes "oxå", "mig" becomes "mej"."""
    return _loosen(text, random, _SWEDISH, _SWEDISH_WORDS)


def loosen_english(text: str, random: Random) -> str:
    """Write in haste: no apostrophes, "really" becomes "rly"."""
    return _loosen(text, random, _ENGLISH, _ENGLISH_WORDS)


def mistype(text: str, random: Random) -> str:
    """Let one finger slip: swap, drop or double a letter inside a word."""
    places = [i for i in range(1, len(text) - 2) if text[i - 1 : i + 2].isalpha()]
    if not places:
        return text
    at = places[int(random.random() * len(places))]
    kind = random.random()
    if kind < 0.4:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind < 0.75:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at] + text[at:]


def _loosen(text: str, random: Random, words: dict[str, str], pattern: re.Pattern[str]) -> str:
    text = pattern.sub(lambda found: words[found[0].lower()], text.lower())
    text = text.removesuffix(".")
    return text.replace(". ", " ") if random.random() < 0.25 else text


def _compile(words: dict[str, str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, longest_first)) + r")\b")


_FINNISH_WORDS, _SWEDISH_WORDS, _ENGLISH_WORDS = map(_compile, (_FINNISH, _SWEDISH, _ENGLISH))
