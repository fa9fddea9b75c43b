"""Find themes by their rules: patterns compiled once, every word looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from kokemus.comments.themes.patterns import Denial, Order, Pattern, parse_pattern
from kokemus.comments.tokens import Token

REACH = 6  # words between the parts of a pattern that need not stand side by side
DENIAL_BEFORE = 4  # "kukaan ei ole meille vastannut"
DENIAL_AFTER = 2  # "vastausta en saanut", "svarade inte"
WORDS_REMEMBERED_MAX = 60_000

Places = dict[str, list[int]]


class Ruled(Protocol):
    """What has a code, rules and vetoes by language."""

    @property
    def code(self) -> str: ...
    @property
    def rules(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def vetoes(self) -> Mapping[str, tuple[str, ...]]: ...


class RuleFinder:
    """The rules of many themes in one language; "" reads the rules of all languages."""

    def __init__(self, themes: Iterable[Ruled], *, language: str) -> None:
        self._words = _WordTable()
        self._words.add(DENIALS.get(language, EVERY_DENIAL), _DENIAL)
        self._rules: dict[int, list[_Rule]] = {}
        self._vetoes: dict[int, list[_Rule]] = {}
        slots: dict[tuple[str, ...], int] = {}
        for theme in themes:
            for lines, into in ((theme.rules, self._rules), (theme.vetoes, self._vetoes)):
                for line in _lines_for(lines, language):
                    rule = self._compile(parse_pattern(line), theme.code, slots)
                    into.setdefault(rule.slots[0], []).append(rule)

    def find(self, tokens: Sequence[Token], lemmas: Sequence[str]) -> Places:
        """The codes found, each with the indices of the tokens that its rules matched."""
        present = self._words.present(tokens, lemmas)
        if not present:
            return {}
        seen = _Seen(present, tokens)
        vetoed = self._match(self._vetoes, seen) if self._vetoes else {}
        found = self._match(self._rules, seen, vetoed)
        return {code: sorted(set(places)) for code, places in found.items()}

    def _compile(self, pattern: Pattern, code: str, slots: dict[tuple[str, ...], int]) -> _Rule:
        numbers = []
        for slot in pattern.slots:
            number = slots.get(slot.words)
            if number is None:
                number = slots[slot.words] = len(slots) + 1
                self._words.add(slot.words, number)
            numbers.append(number)
        denials = tuple(slot.denial for slot in pattern.slots)
        asks = any(denial is not Denial.EITHER for denial in denials)
        rest = frozenset(numbers[1:])
        return _Rule(code, tuple(numbers), rest, pattern.order, denials, asks, not (rest or asks))

    def _match(
        self, rules: Mapping[int, list[_Rule]], seen: _Seen, vetoed: Places | None = None
    ) -> Places:
        found: Places = {}
        present = seen.present
        filled = present.keys()
        for slot in present:
            for rule in rules.get(slot, ()):
                if not rule.rest <= filled:
                    continue
                barred = vetoed.get(rule.code, ()) if vetoed else ()
                if rule.is_plain and not barred:
                    found.setdefault(rule.code, []).extend(present[slot])
                elif places := _match_rule(rule, seen, barred):
                    found.setdefault(rule.code, []).extend(places)
        return found


class _Rule(NamedTuple):
    code: str
    slots: tuple[int, ...]
    rest: frozenset[int]
    order: Order
    denials: tuple[Denial, ...]
    asks_denial: bool
    is_plain: bool  # one word, said or denied


class _Seen(NamedTuple):
    """The slots that a comment fills, with the indices of its tokens."""

    present: dict[int, list[int]]
    tokens: Sequence[Token]

    def is_denied(self, index: int) -> bool:
        return any(
            -DENIAL_BEFORE <= place - index <= DENIAL_AFTER and self._is_one_breath(place, index)
            for place in self.present.get(_DENIAL, ())
        )

    def _is_one_breath(self, one: int, other: int) -> bool:
        """Whether no punctuation stands between two tokens."""
        low, high = min(one, other), max(one, other)
        tokens = self.tokens
        return all(tokens[i + 1].start - tokens[i].end < 2 for i in range(low, high))


def _match_rule(rule: _Rule, seen: _Seen, barred: Sequence[int]) -> list[int]:
    """The tokens of all matches of a rule."""
    present = seen.present
    rest = rule.slots[1:]
    found: list[int] = []
    for first in present[rule.slots[0]]:
        places = _extend(first, rest, rule.order, present)
        if not places or any(place in barred for place in places):
            continue
        if rule.asks_denial and not _denials_hold(rule, places, seen):
            continue
        found.extend(places)
    return found


def _extend(
    first: int, rest: Sequence[int], order: Order, present: Mapping[int, list[int]]
) -> list[int]:
    """The tokens that fill the further slots of a rule begun at `first`, or none."""
    places = [first]
    for slot in rest:
        last = places[-1]
        if order is Order.BESIDE:
            near = [place for place in present[slot] if place == last + 1]
        elif order is Order.AFTER:
            near = [place for place in present[slot] if last < place <= last + REACH]
        else:
            near = [p for p in present[slot] if abs(p - first) <= REACH and p not in places]
        if not near:
            return []
        places.append(near[0])
    return places


def _denials_hold(rule: _Rule, places: Sequence[int], seen: _Seen) -> bool:
    return all(
        denial is Denial.EITHER or seen.is_denied(place) == (denial is Denial.DENIED)
        for denial, place in zip(rule.denials, places, strict=True)
    )


_EDGE = 2  # letters that parts of words are filed under


class _WordTable:
    """Which slots a word fills; words already met are remembered."""

    def __init__(self) -> None:
        self._whole: dict[str, list[int]] = {}
        self._starts: dict[str, list[tuple[str, int]]] = {}
        self._ends: dict[str, list[tuple[str, int]]] = {}
        self._inner: dict[str, list[int]] = {}
        self._met: dict[tuple[str, str], tuple[int, ...]] = {}

    def add(self, words: Iterable[str], slot: int) -> None:
        for word in words:
            part = word.strip("*")
            starts, ends = word.endswith("*"), word.startswith("*")
            if starts and ends:
                self._inner.setdefault(part, []).append(slot)
            elif starts:
                self._starts.setdefault(part[:_EDGE], []).append((part, slot))
            elif ends:
                self._ends.setdefault(part[-_EDGE:], []).append((part, slot))
            else:
                self._whole.setdefault(part, []).append(slot)

    def present(self, tokens: Sequence[Token], lemmas: Sequence[str]) -> dict[int, list[int]]:
        """The slots that a comment fills, with the indices of its tokens."""
        met = self._met
        present: dict[int, list[int]] = {}
        for index, (token, lemma) in enumerate(zip(tokens, lemmas, strict=True)):
            key = (token.text, lemma)
            slots = met.get(key)
            if slots is None:
                slots = self._meet(key)
            for slot in slots:
                places = present.get(slot)
                if places is None:
                    present[slot] = [index]
                else:
                    places.append(index)
        return present

    def _meet(self, key: tuple[str, str]) -> tuple[int, ...]:
        if len(self._met) >= WORDS_REMEMBERED_MAX:
            self._met.clear()
        slots = tuple(
            sorted({slot for word in {key[0].lower(), key[1]} for slot in self._of(word)})
        )
        self._met[key] = slots
        return slots

    def _of(self, word: str) -> Iterable[int]:
        yield from self._whole.get(word, ())
        for edge in {word[:_EDGE], word[:1]}:
            for start, slot in self._starts.get(edge, ()):
                if word.startswith(start):
                    yield slot
        for edge in {word[-_EDGE:], word[-1:]}:
            for end, slot in self._ends.get(edge, ()):
                if word.endswith(end):
                    yield slot
        for part, slots in self._inner.items():
            if part in word:
                yield from slots


def _lines_for(lines: Mapping[str, tuple[str, ...]], language: str) -> list[str]:
    languages = {"", language} if language else set(lines)
    return [line for key, each in sorted(lines.items()) if key in languages for line in each]


_DENIAL = 0
_WRITTEN_DENIALS = {
    "fi": "ei en et emme ette eivät eikä enkä emmekä eivätkä ettekä eipä enpä eivätpä eiku eiks"
    " älä älkää ilman turhaan *matta *mättä",
    "sv": "inte ej aldrig ingen inget inga icke utan varken ingenting int itte",
    "en": "not no never none nobody nothing neither nor without cannot cant dont didnt doesnt wasnt"
    " isnt wont couldnt wouldnt havent hasnt hadnt hardly *n't *n’t",
}
DENIALS = {language: tuple(words.split()) for language, words in _WRITTEN_DENIALS.items()}
EVERY_DENIAL = tuple(sorted({word for words in DENIALS.values() for word in words} - {"en"}))
