"""Which rules an answer meets. Pure: rules and answers come in as they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from kokemus.store.models import Response, TriageRule


class Answer(Protocol):
    """What a rule looks at: a response, or a few columns of one."""

    @property
    def organisation_id(self) -> int: ...
    @property
    def touchpoint_id(self) -> int: ...
    @property
    def scale(self) -> str: ...
    @property
    def score(self) -> int | None: ...
    @property
    def comment(self) -> str: ...


@dataclass(frozen=True)
class ReadComment:
    """What a rule looks at in a comment that was read: its feeling, and its themes with theirs."""

    organisation_id: int
    touchpoint_id: int
    unit_path: str
    label: str
    is_unsure: bool
    themes: Mapping[int, str]


class RuleBook:
    """The active rules of some organisations, read once, ready to be asked about many answers."""

    def __init__(self, rules: Iterable[TriageRule]) -> None:
        self._rules: dict[int, list[tuple[TriageRule, re.Pattern[str] | None]]] = {}
        for rule in rules:
            own = self._rules.setdefault(rule.organisation_id, [])
            own.append((rule, compile_words(rule.words)))

    def meets_any(self, answer: Answer, *, unit_path: str) -> bool:
        """Whether the answer opens a case."""
        return any(
            is_met(rule, words=words, answer=answer, unit_path=unit_path)
            for rule, words in self._rules.get(answer.organisation_id, [])
        )

    def first_match(self, response: Response, *, reply_hours: int) -> TriageRule | None:
        """The rule that opens the case: of those met, the one that asks for the soonest reply.

        `reply_hours` is what a rule without hours of its own asks for. Among equals the rule of
        the nearest unit goes first.
        """
        met = [
            rule
            for rule, words in self._rules.get(response.organisation_id, [])
            if is_met(rule, words=words, answer=response, unit_path=response.unit.path)
        ]
        return _soonest(met, reply_hours=reply_hours)

    def first_match_of_reading(self, read: ReadComment, *, reply_hours: int) -> TriageRule | None:
        """The rule that opens the case by what the comment was read as, chosen alike."""
        own = self._rules.get(read.organisation_id, [])
        met = [rule for rule, _words in own if is_met_by_reading(rule, read=read)]
        return _soonest(met, reply_hours=reply_hours)


def _soonest(met: Iterable[TriageRule], *, reply_hours: int) -> TriageRule | None:
    nearest = sorted(met, key=lambda rule: (-len(rule.unit.path), rule.pk))
    return min(nearest, key=lambda rule: rule.reply_hours or reply_hours, default=None)


def is_met(
    rule: TriageRule, *, words: re.Pattern[str] | None, answer: Answer, unit_path: str
) -> bool:
    """Whether the rule holds where the answer was given, and its score or its words match."""
    if not _holds_at(rule, touchpoint_id=answer.touchpoint_id, unit_path=unit_path):
        return False
    is_low = (
        rule.score_at_most is not None
        and rule.scale == answer.scale
        and answer.score is not None
        and answer.score <= rule.score_at_most
    )
    return is_low or (words is not None and has_words(answer.comment, words))


def is_met_by_reading(rule: TriageRule, *, read: ReadComment) -> bool:
    """Whether the rule holds where the answer was given, and the comment reads as it says.

    A theme with a sentiment asks for both of the same statements. A comment whose feeling is
    unsure has none that a rule would act on; what it is about is another matter.
    """
    if not _holds_at(rule, touchpoint_id=read.touchpoint_id, unit_path=read.unit_path):
        return False
    if rule.theme_id:
        label = read.themes.get(rule.theme_id)
        return label is not None and rule.sentiment in {"", label}
    return bool(rule.sentiment) and not read.is_unsure and rule.sentiment == read.label


def _holds_at(rule: TriageRule, *, touchpoint_id: int, unit_path: str) -> bool:
    if not unit_path.startswith(rule.unit.path):
        return False
    return not rule.touchpoint_id or rule.touchpoint_id == touchpoint_id


def compile_words(words: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern that finds any of the words at the start of a word, whatever follows.

    So "rikki" and "rikki*" both find "Rikkinäinen", and neither finds "tärikki". Words that
    inflect in their stem are given by the part that stays: "laskut" and "lasku" by "lasku".
    Several words in a row may be given; any space between them is as good as another.
    """
    folded = [fold(word).strip().rstrip("*").split() for word in words]
    parts = [r"\s+".join(map(re.escape, word)) for word in folded if word]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})") if parts else None


def has_words(comment: str, words: re.Pattern[str]) -> bool:
    return bool(comment) and words.search(fold(comment)) is not None


def fold(text: str) -> str:
    """Text without the differences of case and of how letters with dots are encoded."""
    return unicodedata.normalize("NFC", text).casefold()
