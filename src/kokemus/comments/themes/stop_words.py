"""Words that say nothing about what a comment is about: function words and words of time."""

from functools import cache
from importlib.resources import files

SHORTEST = 3


@cache
def is_telling(lemma: str) -> bool:
    """Whether a lemma can say what a comment is about: a word, not a stop word.

    >>> is_telling("jono"), is_telling("että"), is_telling("viikko"), is_telling("12")
    (True, False, False, False)
    """
    return len(lemma) >= SHORTEST and lemma[0].isalpha() and lemma not in stop_words()


@cache
def stop_words() -> frozenset[str]:
    """Function words and words of time in Finnish, Swedish and English."""
    text = (files("kokemus.comments.themes") / "stop_words.txt").read_text("utf-8")
    lines = (line.split("#", 1)[0] for line in text.splitlines())
    return frozenset(word for line in lines for word in line.split())
