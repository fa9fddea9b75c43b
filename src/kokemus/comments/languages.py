"""Tell the language of a comment, and when it cannot be told."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGES: Final = ("fi", "sv", "en")


def find_language(text: str, *, languages: Sequence[str] = LANGUAGES, expected: str = "") -> str:
    """Tell which of the languages a comment is written in.

    Parameters
    ----------
    text
        The comment.
    languages
        Codes to choose from, as in ISO 639-1.
    expected
        The language that the comment should be in, such as the survey's. It wins unless the
        text is surely in another one of the languages.

    Returns
    -------
    str
        One of `languages`, or "" where the text gives no grounds: no words, or another language.

    >>> find_language("Bra service, kommer gärna tillbaka")
    'sv'
    >>> find_language("10/10"), find_language("10/10", expected="fi")
    ('', 'fi')
    """
    expected = expected if expected in languages else ""
    words = _WORD.findall(text.lower())
    if not words:
        return expected
    if found := _find_by_own_words(words, languages):
        return found
    if not _LATIN.search(text):
        return ""
    shares = _shares(text, tuple(languages))
    best = max(languages, key=lambda language: shares[language])
    if shares[best] >= SURE and shares[_FOREIGN] < shares[best]:
        return best
    return _weigh(words, shares, languages, expected)


SURE: Final = 0.9  # the detector's own probability, which is honest from about three words on
FOREIGN_SURE: Final = 0.7
OWN_WORDS_SURE: Final = 2
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LATIN: Final = re.compile(r"[a-zA-ZÀ-ɏ]")
_FOREIGN: Final = "?"
# Neighbours and languages of many who live in the Nordic countries. Comments in them are
# left unread rather than read as something else. Danish and Norwegian are too near to Swedish.
_OTHERS: Final = frozenset({"et", "de", "nl", "fr", "es", "it", "pt", "pl", "lv", "lt", "so"})
_KNOWN_WEIGHT: Final = 0.6
_TELLING_WEIGHT: Final = 0.8
_EXPECTED_WEIGHT: Final = 0.5
_WORDS_WEIGHED: Final = 12
# Frequent words that no neighbouring language has: two of them and none of another's suffice.
_OWN_WORDS: Final = {
    "fi": "että mutta myös kun kuin niin hyvä hyvää hyvin kiitos minä minun sain todella tosi aina"
    " kanssa kaikki vaan vielä sitten palvelu palvelua asiakaspalvelu siitä kaikkea saanut mitään"
    " koska vain eikä ollut pitkä nopea nopeasti huono hieno kiva oikein ihan asia olisi pitäisi"
    " jotta vaikka nyt enää ja sekä ennen jälkeen kesti tuli jäi kävi toimi toimii meni tosin asia"
    " asiakaspalvelija asiakas kuitenkin ainoastaan liian paljon hieman vähän aivan erittäin olivat"
    " minulle meille siellä tästä tämä kerran uudelleen heti",
    "sv": "och är inte jag att mycket väldigt också från när då ett fått gick hade varit kunde bra"
    " tack dålig dåligt trevlig trevligt snabbt mig ni er kommer skulle eftersom vänlig bemötande"
    " för över några något ingen inget måste det som på till med fick blev väl lång länge väntade"
    " personalen kundtjänst väntetid alltid aldrig mycket allt",
    "en": "the and with very this that they have not you my were been it their there when which"
    " would could good great thanks never again because from what your our but just about after"
    " before always everything nothing how who time day week",
}
_LANGUAGE_OF: Final = {
    word: language for language, words in _OWN_WORDS.items() for word in words.split()
}
# Short comments are made of these, and the detector has too few letters to tell.
_OFTEN_SAID: Final = {
    "fi": "ei oli ja se on en hyvä hyva hyvää hyvin kiitos kiitti huono kiva tosi ihan kaikki mutta"
    " palvelu palvelua lasku loistava erinomainen hidas nopea kallis jees moi hei toimi toiminut"
    " toiminu väärin oikein turha turhaan siisti",
    "sv": "bra tack hej inte och är det jag mycket väldigt dålig dåligt dalig daligt jättebra"
    " toppen okej nöjd missnöjd snabb snabbt dyrt dyr trevlig trevligt vänlig",
    "en": "good the very and was thanks thank bad great nice not it you is slow fast poor"
    " excellent awful love loved fine",
    "et": "väga hea aitäh tänan ja ei oli on kiire kõik hästi halb liiga",
}
_TELLING: Final = {language: frozenset(said.split()) for language, said in _OFTEN_SAID.items()}


def _find_by_own_words(words: Sequence[str], languages: Sequence[str]) -> str:
    """Tell by words that only one language has, where there are some and none of another."""
    counts = Counter(_LANGUAGE_OF[word] for word in words if word in _LANGUAGE_OF)
    if len(counts) != 1:
        return ""
    ((language, count),) = counts.items()
    return language if count >= OWN_WORDS_SURE and language in languages else ""


def _weigh(
    words: Sequence[str], shares: dict[str, float], languages: Sequence[str], expected: str
) -> str:
    """Let the detector, the dictionaries and what was expected decide together."""
    from kokemus.comments.lemmas import knows_word

    some = words[:_WORDS_WEIGHED]
    known = {
        language: sum(knows_word(word, language=language) for word in some) / len(some)
        for language in languages
    }
    telling = {
        language: sum(word in _TELLING.get(language, ()) for word in some) / len(some)
        for language in languages
    }
    points = {
        language: shares[language]
        + _KNOWN_WEIGHT * known[language]
        + _TELLING_WEIGHT * telling[language]
        + (_EXPECTED_WEIGHT if language == expected else 0)
        for language in languages
    }
    best, *others = sorted(languages, key=lambda language: -points[language])
    if shares[_FOREIGN] >= FOREIGN_SURE and known[best] < 0.7:
        return ""
    if others and points[best] - points[others[0]] < 1e-6:  # "ok" is said in all of them
        return expected
    return best


def _shares(text: str, languages: tuple[str, ...]) -> dict[str, float]:
    """Give the detector's probability of each of the languages among themselves.

    Under `_FOREIGN` stands the largest probability of a language that is none of them.
    """
    ranked = dict(_detector(languages).rank(text))
    inside = {language: ranked.pop(language) for language in languages}
    total = sum(inside.values()) or 1.0
    return {language: share / total for language, share in inside.items()} | {
        _FOREIGN: max(ranked.values(), default=0.0)
    }


@lru_cache(maxsize=4)
def _detector(languages: tuple[str, ...]) -> "LanguageIdentifier":
    """Load the detector and keep of its 140 languages only those that can be the answer."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    loaded = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    loaded.set_languages({*languages, *_OTHERS})
    return LanguageIdentifier(
        loaded.nb_ptc,
        loaded.nb_pc,
        loaded.nb_classes,
        loaded.tk_nextmove,
        loaded.tk_output,
        norm_probs=True,
        tk_row=loaded.tk_row,
    )
