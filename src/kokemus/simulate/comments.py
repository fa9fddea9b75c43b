"""Comments in three languages: what is written depends on the touchpoint, the score, the theme."""

import re
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from kokemus.simulate.comments_en import ENGLISH
from kokemus.simulate.comments_fi import FINNISH
from kokemus.simulate.comments_sv import SWEDISH
from kokemus.simulate.grammar import Grammar
from kokemus.simulate.loose_writing import loosen_english, loosen_finnish, loosen_swedish, mistype

LEVELS = ("low", "middle", "high")
SETTINGS = {
    "website": "web",
    "sales-advice": "sales",
    "online-order": "order",
    "booking": "booking",
    "delivery": "delivery",
    "installation-visit": "visit",
    "invoice": "invoice",
    "first-visit": "meeting",
    "service-plan": "plan",
    "cleaning-visit": "cleaning",
    "care-visit": "care",
    "phone-service": "phone",
    "chat": "chat",
    "app": "app",
    "complaint": "complaint",
    "relationship": "relation",
}
THEMES = {
    "web": {"digital": 5, "information": 3, "price": 1},
    "sales": {"staff": 4, "competence": 3, "information": 2, "price": 2, "promises": 1},
    "order": {"digital": 5, "information": 2, "price": 1},
    "booking": {"digital": 6, "waiting": 2, "information": 1},
    "delivery": {"delivery": 6, "information": 2, "product": 1, "staff": 2},
    "visit": {
        **{"waiting": 3, "staff": 4, "competence": 4, "product": 2, "information": 1},
        **{"promises": 1, "price": 1, "handoffs": 1},
    },
    "invoice": {"price": 7, "information": 3, "digital": 1},
    "meeting": {"staff": 4, "information": 3, "competence": 2, "promises": 1, "waiting": 1},
    "plan": {"information": 4, "staff": 2, "competence": 2, "promises": 2},
    "cleaning": {"competence": 5, "staff": 3, "waiting": 2, "promises": 1, "price": 1},
    "care": {"staff": 5, "waiting": 2, "competence": 2, "information": 1, "handoffs": 2},
    "phone": {"waiting": 4, "staff": 4, "competence": 3, "information": 1, "handoffs": 3},
    "chat": {"waiting": 3, "staff": 3, "competence": 2, "digital": 1, "handoffs": 2},
    "app": {"digital": 7, "information": 1, "waiting": 1},
    "complaint": {"recovery": 6, "waiting": 2, "staff": 2, "handoffs": 3, "promises": 1},
    "relation": {
        **{"staff": 4, "promises": 3, "price": 2, "competence": 2, "information": 2},
        **{"digital": 1, "recovery": 1, "handoffs": 1},
    },
}
IMPERSONAL = {"invoice", "web", "order", "booking", "app", "relation"}
"""Settings where who serves is a team, not a person."""
SUBJECTS = {"login": "digital", "reminder": "promises"}
"""What there is trouble with for a while, and the theme it belongs to."""
BRIEF_SHARE = 0.11
LOOSE_SHARE = 0.22
MISTYPED_SHARE = 0.08


@dataclass(frozen=True, kw_only=True)
class Language:
    """A grammar, the words that stay the same through one comment, and loose writing.

    `lexemes` maps a setting, or ``*`` for all, to the slots it fills; a slot has several lexemes,
    each a mapping from the symbols it binds to their inflected forms.
    """

    grammar: Grammar
    lexemes: dict[str, dict[str, list[dict[str, str]]]]
    loosen: Callable[[str, Random], str]
    pronouns: dict[str, str]
    """The slot that is written instead of another from its second time on."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """Two columns: the comments, and what each was made to be about."""

    comment: list[str]
    theme: list[str]


def write_comments(
    *,
    seed: int,
    touchpoints: list[str],
    levels: list[int],
    languages: list[str],
    writes: list[bool],
    subjects: list[str],
) -> Words:
    """Write a comment for each row that `writes`; the others stay empty.

    A subject is one of `SUBJECTS`, or empty where the grammar chooses what is spoken of.
    """
    random = Random(seed)  # noqa: S311, nothing secret
    words = Words(comment=[], theme=[])
    rows = zip(touchpoints, levels, languages, writes, subjects, strict=True)
    for touchpoint, level, language, is_written, subject in rows:
        text, theme = "", ""
        if is_written:
            text, theme = write_comment(
                random,
                touchpoint=touchpoint,
                level=LEVELS[level],
                language=language,
                subject=subject,
            )
        words.comment.append(text)
        words.theme.append(theme)
    return words


def write_comment(
    random: Random, *, touchpoint: str, level: str, language: str, subject: str = ""
) -> tuple[str, str]:
    """Write one comment; give the text and the theme that leads it, if any does."""
    tongue = LANGUAGES[language]
    setting = SETTINGS[touchpoint]
    is_brief = not subject and random.random() < BRIEF_SHARE
    symbol = f"brief.{level}" if is_brief else level
    first, second, third = _draw_themes(random, setting)
    if subject:
        first, symbol = SUBJECTS[subject], f"{level}.{subject}"
    named = _bind(random, tongue, setting)
    pronouns = _PRONOUNS_OF_THINGS if setting in IMPERSONAL else tongue.pronouns
    bound = named | {slot: f"<{slot}>" for slot in tongue.pronouns}
    for slot, theme in (("good1", first), ("good2", second), ("good3", third)):
        bound[slot] = _find_symbol(tongue.grammar, "good", theme, setting)
    for slot, theme in (("bad1", first), ("bad2", second), ("bad3", third)):
        bound[slot] = _find_symbol(tongue.grammar, "bad", theme, setting)
    for slot, theme in (("but", second), ("yet", second)):
        bound[slot] = _find_symbol(
            tongue.grammar, "bad" if slot == "but" else "good", theme, setting
        )
    text = tongue.grammar.expand(symbol, random=random, words=bound)
    text = _name_once(text, named, pronouns)
    if random.random() < LOOSE_SHARE:
        text = tongue.loosen(text, random)
    if random.random() < MISTYPED_SHARE:
        text = mistype(text, random)
    return text, "" if is_brief else first


def _draw_themes(random: Random, setting: str) -> list[str]:
    """Draw three themes, all different where the setting has as many."""
    names, edges = _EDGES[setting]
    drawn = [names[bisect(edges, random.random() * edges[-1])]]
    for _ in range(6):
        theme = names[bisect(edges, random.random() * edges[-1])]
        if theme not in drawn:
            drawn.append(theme)
    drawn += [name for name in names if name not in drawn]
    return drawn[:3]


def _bind(random: Random, tongue: Language, setting: str) -> dict[str, str]:
    bound: dict[str, str] = {}
    for slots in (tongue.lexemes["*"], tongue.lexemes[setting]):
        for choices in slots.values():
            bound.update(choices[int(random.random() * len(choices))])
    return bound


def _name_once(text: str, named: dict[str, str], pronouns: dict[str, str]) -> str:
    """Write each noun where it first comes, and its pronoun from then on."""
    met: set[str] = set()

    def write(found: re.Match[str]) -> str:
        slot = found[1]
        noun = slot.partition(":")[0]
        is_again = noun in met and slot in pronouns and not found[2]
        met.add(noun)
        word = named[pronouns[slot] if is_again else slot]
        before = text[: found.start()].rstrip()
        return word if before and before[-1] not in ".!?" else word[0].upper() + word[1:]

    return _NOUN.sub(write, text)


def _find_symbol(grammar: Grammar, polarity: str, theme: str, setting: str) -> str:
    special = f"{polarity}.{theme}.{setting}"
    return f"[{special}]" if special in grammar.rules else f"[{polarity}.{theme}]"


_NOUN = re.compile(r"<([^<>]+)>(?:(?= ([A-ZÅÄÖ])))?")
_EDGES = {
    setting: (list(shares), list(accumulate(shares.values()))) for setting, shares in THEMES.items()
}


def _read_lexemes(text: str) -> dict[str, dict[str, list[dict[str, str]]]]:
    """Read lines ``setting slot: form case, form case / …`` where the bare slot is the first."""
    lexemes: dict[str, dict[str, list[dict[str, str]]]] = {}
    cases: dict[str, list[str]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        head, _, body = line.partition(": ")
        if head.startswith("cases "):
            cases[head.removeprefix("cases ")] = body.split()
            continue
        settings, slot = head.rsplit(" ", 1)
        for setting in settings.split():
            choices = lexemes.setdefault(setting, {}).setdefault(slot, [])
            for lexeme in body.split(" / "):
                forms = lexeme.split("|")
                choices.append(_name_forms(slot, cases[slot], forms))
    return lexemes


def _name_forms(slot: str, cases: list[str], forms: list[str]) -> dict[str, str]:
    named = {f"{slot}:{case}": form for case, form in zip(cases, forms, strict=True)}
    return named | {slot: forms[0]}


def _make_language(
    texts: tuple[str, str], *, loosen: Callable[[str, Random], str], pronouns: dict[str, str]
) -> Language:
    grammar, words = texts
    lexemes = _read_lexemes(words)
    bound = {
        symbol
        for slots in lexemes.values()
        for choices in slots.values()
        for choice in choices
        for symbol in choice
    }
    drawn = {f"{word}{i}" for word in ("good", "bad") for i in (1, 2, 3)} | {"but", "yet"}
    return Language(
        grammar=Grammar(grammar, bound=frozenset(bound | drawn)),
        lexemes=lexemes,
        loosen=loosen,
        pronouns=pronouns,
    )


_FINNISH_PRONOUNS = {"who": "he", "device": "it"} | {
    f"{noun}:{case}": f"{pronoun}:{case}"
    for noun, pronoun, cases in (("who", "he", "gen par ade all"), ("device", "it", "gen par"))
    for case in cases.split()
}
_PRONOUNS_OF_THINGS = {"device": "it"}
_GENDERED_PRONOUNS = {"who": "name:he", "who:obj": "name:him", "device": "it"}
LANGUAGES = {
    "fi": _make_language(FINNISH, loosen=loosen_finnish, pronouns=_FINNISH_PRONOUNS),
    "sv": _make_language(SWEDISH, loosen=loosen_swedish, pronouns=_GENDERED_PRONOUNS),
    "en": _make_language(ENGLISH, loosen=loosen_english, pronouns=_GENDERED_PRONOUNS),
}
