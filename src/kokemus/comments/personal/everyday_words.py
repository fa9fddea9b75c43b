"""Words that say more than a name: hiding them as names hides what people mean, too."""

from __future__ import annotations

from kokemus.comments.lemmas import LANGUAGES, knows_word
from kokemus.comments.personal.name_weights import UNKNOWN, is_common_word, weight_of


def is_everyday_word(word: str) -> bool:
    """Whether a word in lower case is a plain word in Finnish, Swedish or English.

    A name that a register knows counts only where it is written small more often than not:
    dictionaries have names too.
    """
    if is_common_word(word):
        return True
    is_name = weight_of(word) != UNKNOWN
    return not is_name and any(knows_word(word, language=language) for language in LANGUAGES)
