"""Comments to measure speed on: about a hundred characters, three languages, no two alike.

The texts are the simulator's. Its vocabulary is small, and whoever remembers words would look too
fast on it: in each comment one word or two give way to words drawn from the whole dictionary.
"""

from __future__ import annotations

import random
import re
from itertools import islice

from kokemus.simulate.comments import LEVELS, SETTINGS, write_comment

LANGUAGES = ("fi", "fi", "fi", "sv", "en")  # three in five are Finnish
CHARACTERS = 100
STRANGE_WORDS = {"fi": 2, "sv": 1, "en": 1}  # Finnish has the most forms that are met once
NUMBERS_EVERY = 12
_WORD = re.compile(r"[^\W\d_]{4,}")


def make_comments(count: int, *, seed: int = 4) -> list[str]:
    """Make so many comments; every twelfth holds a telephone number or a name."""
    chance = random.Random(seed)
    strange = {language: _draw_words(language, 40_000, chance) for language in {*LANGUAGES}}
    return [_make_comment(number, chance, strange) for number in range(count)]


def _make_comment(number: int, chance: random.Random, strange: dict[str, list[str]]) -> str:
    language = LANGUAGES[number % len(LANGUAGES)]
    text = ""
    while len(text) < CHARACTERS * chance.uniform(0.2, 0.9):
        touchpoint, level = chance.choice([*SETTINGS]), chance.choice(LEVELS)
        more, _ = write_comment(chance, touchpoint=touchpoint, level=level, language=language)
        text = f"{text} {more}".strip()
    places = [match.span() for match in _WORD.finditer(text)]
    chosen = chance.sample(places, min(STRANGE_WORDS[language], len(places)))
    for start, end in sorted(chosen, reverse=True):
        text = text[:start] + chance.choice(strange[language]) + text[end:]
    if number % NUMBERS_EVERY == 0:
        text += f" {chance.choice(CONTACTS)}"
    return text


CONTACTS = (
    "Soittakaa 040 555 1234, Maija Virtanen",
    "Ring mig, Anna Lindström",
    "Mail me: john@example.com",
)


def _draw_words(language: str, count: int, chance: random.Random) -> list[str]:
    """Draw inflected forms from all over the dictionary that reads them."""
    from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

    words = LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(language)
    step = max(1, len(words) // count)
    return [word for word in islice(words, chance.randrange(step), None, step) if word.isalpha()]
