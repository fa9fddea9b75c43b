"""Forms of two words: take the one that customers mean where the dictionary takes the other."""

import re
from collections.abc import Callable
from typing import Final

LookUp = Callable[[str], str | None]


def find_verb_behind_noun(word: str, lemma: str, *, look_up: LookUp) -> str | None:
    """Read "soitin" and "palautin" as what I did, where the dictionary knows a device.

    Who writes to a company tells what happened. "-imme" is of the verb alone: "soitimme".
    """
    if not word.endswith("in") or len(word) < 4 or lemma in _DEVICES or lemma.endswith(_INFINITIVE):
        return None
    verb = look_up(f"{word[:-1]}mme")
    return verb if verb and verb != lemma and verb.endswith(_INFINITIVE) else None


def find_noun_behind_verb(word: str, lemma: str, *, look_up: LookUp) -> str | None:
    """Read "jutusta" and "todellista" as nouns, where the dictionary knows a rare verb."""
    if not word.endswith(("sta", "stä")) or lemma not in (word + "a", word + "ä"):
        return None
    for sibling in (f"{word[:-3]}ss{word[-1]}", f"{word[:-3]}sen"):
        found = look_up(sibling)
        if found and not found.endswith(("staa", "stää")):
            return found
    return None


def keep_minen(word: str, lemma: str, *, look_up: LookUp) -> str | None:
    """Keep "kirjautuminen" the noun that it is, in all its cases."""
    match = _MINEN.fullmatch(word)
    if match and lemma.endswith(_INFINITIVE):
        return f"{match[1]}minen"
    return None


def find_nominal_behind_imperative(word: str, lemma: str, *, look_up: LookUp) -> str | None:
    """Read "pris", "hiss" and "kall" as noun and adjective: nobody is ordered in a comment."""
    is_suspect = lemma == word + "a" or (lemma == word[:-1] and word.endswith(("a", "s")))
    if is_suspect and any(look_up(word + ending) == word for ending in ("et", "en", "n", "t")):
        return word
    return None


_INFINITIVE: Final = ("a", "ä")
_DEVICES: Final = frozenset(
    {
        "puhelin",
        "tulostin",
        "reititin",
        "kaiutin",
        "lämmitin",
        "keitin",
        "suodatin",
        "kytkin",
        "näppäin",
        "hälytin",
        "valaisin",
        "kuivain",
        "laskin",
        "liitin",
        "leivin",
        "avain",
    }
)
_MINEN: Final = re.compile(
    r"(.{3,})mi(?:nen|sen|sta|stä|seen|sessa|sessä|sesta|sestä|sella|sellä|selle|selta|seltä|seksi"
    r"|sena|senä|set|sia|siä)(?:kin|kaan|kään|ni|si|mme|nne|nsa|nsä)?"
)
MENDS: Final = {
    "fi": (find_verb_behind_noun, find_noun_behind_verb, keep_minen),
    "sv": (find_nominal_behind_imperative,),
    "en": (),
}
