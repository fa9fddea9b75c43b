"""The dictionary form of a word, in Finnish, Swedish and English.

The dictionary is simplemma's. What it does not know or knows wrongly for customers' comments
is mended here: an override list of our own (`lemma_overrides/`), compounds by the lemma of
their last part, clitics, forms after a colon. Voikko, where it is installed, cuts compounds
better; nothing needs it.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache, partial
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from kokemus.comments.dictionaries import dictionary_factory, words_of
from kokemus.comments.homographs import MENDS
from kokemus.comments.spellings import mend_typing, restore_marks, spell_as_written
from kokemus.comments.tokens import Token

if TYPE_CHECKING:
    from simplemma.strategies import DefaultStrategy, DictionaryLookupStrategy


def lemmatise(word: str, *, language: str) -> str:
    """Give the dictionary form of a word, in lower case; an unknown word stays as it is.

    >>> lemmatise("Asiakaspalvelijalta", language="fi")
    'asiakaspalvelija'
    >>> lemmatise("leveransen", language="sv"), lemmatise("waited", language="en")
    ('leverans', 'wait')
    """
    remembered = _memory(language)
    lemma = remembered.get(word)
    return _remember(word, language, remembered) if lemma is None else lemma


def lemmas_of(tokens: Iterable[Token], *, language: str) -> list[str]:
    """Give the lemma of each token, in their order."""
    remembered = _memory(language)
    return [
        remembered.get(token.text) or _remember(token.text, language, remembered)
        for token in tokens
    ]


def split_compound(word: str) -> list[str]:
    """Cut a Finnish compound into its parts with Voikko; [] where Voikko is not installed.

    The parts are as written, the last one in its dictionary form.
    """
    from kokemus.comments.voikko import find_voikko

    voikko = find_voikko()
    return voikko.parts(word.lower()) if voikko else []


@lru_cache(maxsize=20_000)
def knows_word(word: str, *, language: str) -> bool:
    """Tell whether a word in lower case is in a language's dictionary or in our own list."""
    if language in LANGUAGES and word in _overrides(language).forms:
        return True
    try:
        return _look_up(word, language) is not None
    except ValueError:  # a language without a dictionary
        return False


LANGUAGES: Final = frozenset({"fi", "sv", "en"})
WORDS_REMEMBERED_MAX: Final = 40_000  # of each language, about ten megabytes


@cache
def _memory(language: str) -> dict[str, str]:
    return {}


def _remember(word: str, language: str, remembered: dict[str, str]) -> str:
    if len(remembered) >= WORDS_REMEMBERED_MAX:
        remembered.clear()
    remembered[word] = lemma = _lemmatise(word, language)
    return lemma


def _lemmatise(word: str, language: str) -> str:
    lower = unicodedata.normalize("NFC", word).lower().replace("’", "'")
    if language not in LANGUAGES or not lower[:1].isalnum() or lower.isnumeric():
        return lower
    overrides = _overrides(language)
    found = overrides.forms.get(lower) or _find(lower, language)
    return overrides.lemmas.get(found, found)


class _Overrides(NamedTuple):
    forms: dict[str, str]
    lemmas: dict[str, str]


@cache
def _overrides(language: str) -> _Overrides:
    """Read our own list; how its lines are written stands at the top of the Finnish one."""
    source = files("kokemus.comments") / "lemma_overrides" / f"{language}.txt"
    overrides = _Overrides({}, {})
    for line in source.read_text("utf-8").splitlines():
        match line.partition("#")[0].split():
            case ["=", found, lemma]:
                overrides.lemmas[found] = lemma
            case [".", *forms]:
                overrides.forms.update(zip(forms, forms, strict=True))
            case [lemma, ":", *forms]:
                overrides.forms.update(dict.fromkeys(forms, lemma))
            case []:
                pass
            case _:
                raise ValueError(f"{source.name}: {line!r} is no line of overrides")
    return overrides


def _find(word: str, language: str) -> str:
    found = (
        _look_up(word, language)
        or _find_inflected_sign(word, language)
        or _find_last_part(word, language)
        or _find_without_clitic(word, language)
        or _find_otherwise_spelt(word, language)
        or _find_compound(word, language)
        or _find_mistyped(word, language)
        or _guess(word, language)
    )
    return _mend_homograph(word, found, language)


def _mend_homograph(word: str, found: str, language: str) -> str:
    look_up = partial(_look_up_common, language=language)
    for mend in MENDS[language]:
        if better := mend(word, found, look_up=look_up):
            return better
    return found


def _look_up(word: str, language: str) -> str | None:
    """Look a word up as it is and as a proper noun."""
    if "'" in word:
        found = _dictionary().get_lemma(word, language)
    else:
        words = words_of(language)
        found = words.get(word) or words.get(word.capitalize())
    return found.lower() if found else None


def _look_up_common(word: str, language: str) -> str | None:
    """Look a word up as it is: half the work, for the parts and spellings that are tried."""
    found = words_of(language).get(word)
    return found.lower() if found else None


def _find_inflected_sign(word: str, language: str) -> str | None:
    """Take the ending off after a colon or an apostrophe: "wifi:n", "app:en", "shop's"."""
    sign = "'" if language == "en" else ":"
    stem, colon, _ = word.partition(sign)
    return lemmatise(stem, language=language) if colon and stem else None


def _find_last_part(word: str, language: str) -> str | None:
    head, hyphen, last = word.rpartition("-")
    if not hyphen or not head or not last:
        return None
    joined = _look_up(head.replace("-", "") + last, language)
    return joined or f"{head}-{lemmatise(last, language=language)}"


_CLITICS = {
    "fi": ("kin", "kaan", "kään", "kaa", "ko", "kö", "han", "hän", "pa", "pä", "s"),
    "sv": (),
    "en": (),
}


def _find_without_clitic(word: str, language: str) -> str | None:
    for clitic in _CLITICS[language]:
        if word.endswith(clitic) and len(word) - len(clitic) >= 3:
            stem = word.removesuffix(clitic)
            found = _overrides(language).forms.get(stem) or _look_up_common(stem, language)
            if found:
                return found
    return None


def _find_otherwise_spelt(word: str, language: str) -> str | None:
    """Try the written forms of a spoken one, and dots and rings on letters without them."""
    spellings = restore_marks(word, language=language)
    if language == "fi":
        spellings = chain(spell_as_written(word), spellings)
    forms = _overrides(language).forms
    for spelling in spellings:
        if found := forms.get(spelling) or _look_up_common(spelling, language):
            return found
    return None


_FIRST_LENGTH_MIN, _LAST_LENGTH_MIN = 3, 4


def _find_compound(word: str, language: str) -> str | None:
    """Keep the compound's own lemma: what stands before, and the lemma of its last part."""
    if language == "en":
        return None
    if language == "fi":
        from kokemus.comments.voikko import find_voikko

        voikko = find_voikko()
        if voikko and (found := voikko.lemma(word)):
            return found
    for cut in range(len(word) - _LAST_LENGTH_MIN, _FIRST_LENGTH_MIN - 1, -1):
        if _is_first_part(word[:cut], language):
            last = _overrides(language).forms.get(word[cut:]) or _look_up_common(
                word[cut:], language
            )
            if last:
                return word[:cut] + last
    return None


def _is_first_part(part: str, language: str) -> bool:
    """Tell whether compounds begin so: with a dictionary form, a genitive, or a Swedish s."""
    found = _look_up_common(part, language)
    if found == part or (found and part.endswith("n")):
        return True
    return (
        language == "sv" and part.endswith("s") and _look_up_common(part[:-1], language) is not None
    )


def _find_mistyped(word: str, language: str) -> str | None:
    if len(word) < _MISTYPED_LENGTH_MIN:
        return None
    forms = _overrides(language).forms
    for spelling in mend_typing(word):
        if found := forms.get(spelling) or _look_up_common(spelling, language):
            return found
    return None


_MISTYPED_LENGTH_MIN = 5


def _guess(word: str, language: str) -> str:
    found = _strategy().get_lemma(word, language)
    return found.lower() if found else word


@cache
def _dictionary() -> "DictionaryLookupStrategy":
    from simplemma.strategies import DictionaryLookupStrategy

    return DictionaryLookupStrategy(dictionary_factory())


@cache
def _strategy() -> "DefaultStrategy":
    from simplemma.strategies import DefaultStrategy

    return DefaultStrategy(dictionary_factory=dictionary_factory())
