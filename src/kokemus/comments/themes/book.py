"""All themes of one organisation, past ones included, and what can be done to them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from numpy.typing import NDArray

from kokemus.comments.themes.features import describe_words
from kokemus.comments.themes.finder import RuleFinder
from kokemus.comments.themes.learnt import LearntTheme
from kokemus.comments.themes.theme import Source, Theme, ThemeHit
from kokemus.comments.tokens import Span, Token

What = Literal["added", "merged", "split", "renamed", "taught", "ruled", "retired", "restored"]


class UnknownTheme(KeyError):
    """A code that the book has never had."""


class CodeTaken(ValueError):
    """A code that the book has or had; codes are never used again."""


@dataclass(frozen=True)
class ThemeChange:
    """One line of the history of a book; who and when is for the caller to add.

    Attributes
    ----------
    what
        added, merged, split, renamed, taught, ruled, retired or restored.
    codes
        The themes it was done to.
    before, after
        What changed: names, codes or counts, as JSON can keep them.
    """

    what: What
    codes: tuple[str, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class ThemeBook:
    """Themes in their order. Never changed in place: what is done to it gives a new one."""

    themes: tuple[Theme, ...]

    def __post_init__(self) -> None:
        codes = [theme.code for theme in self.themes]
        for code in codes:
            if codes.count(code) > 1:
                raise CodeTaken(f"The code {code!r} stands twice in one book.")

    def __iter__(self) -> Iterator[Theme]:
        return iter(self.themes)

    def __getitem__(self, code: str) -> Theme:
        theme = self._by_code.get(code)
        if theme is None:
            raise UnknownTheme(f"There is no theme {code!r}. Themes: {', '.join(self._by_code)}.")
        return theme

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    @property
    def current(self) -> tuple[Theme, ...]:
        """The themes that comments are counted under today."""
        return tuple(theme for theme in self.themes if theme.is_current)

    def resolve(self, code: str) -> str:
        """The code that stands for this one today: of merged themes, the heir's."""
        theme = self[code]
        return self.resolve(theme.merged_into) if theme.merged_into else code

    def find(
        self,
        tokens: Sequence[Token],
        lemmas: Sequence[str],
        language: str,
        *,
        embedding: NDArray[Any] | None = None,
    ) -> list[ThemeHit]:
        """The themes of a comment, or of one statement, in the order of the book.

        Parameters
        ----------
        tokens, lemmas
            The words of the text and their lemmas, one each.
        language
            "" tries the rules of all languages.
        embedding
            The comment's embedding, where there is one: themes by example read it too.
        """
        by_rule = self._finder(language).find(tokens, lemmas)
        hits: dict[str, ThemeHit] = {}
        if not by_rule and not self._taught:
            return []
        for code, places in by_rule.items():
            if code not in self._taught:
                _keep(hits, self.resolve(code), _spans(tokens, places), None, "rule")
        if self._taught:
            self._find_taught(hits, tokens, lemmas, by_rule, embedding)
        self._part_split(hits)
        return [hits[theme.code] for theme in self.themes if theme.code in hits]

    def add(self, theme: Theme) -> tuple[ThemeBook, ThemeChange]:
        """Put a new theme last; raise `CodeTaken` for a code that was ever used."""
        if theme.code in self:
            raise CodeTaken(f"The code {theme.code!r} was used already, and codes are not reused.")
        change = ThemeChange("added", (theme.code,), {}, {"names": dict(theme.names)})
        return ThemeBook((*self.themes, theme)), change

    def merge(self, codes: Iterable[str], *, into: str) -> tuple[ThemeBook, ThemeChange]:
        """Count some themes under an heir: what finds them, finds the heir from now on."""
        heir = self.resolve(into)
        merged = tuple(sorted({self.resolve(code) for code in codes} - {heir}))
        if not merged:
            raise UnknownTheme(f"Name at least one theme to merge into {into!r}.")
        book = self._with(*(replace(self[code], merged_into=heir) for code in merged))
        return book, ThemeChange("merged", merged, {"codes": [*merged, heir]}, {"code": heir})

    def split(
        self, code: str, *, into: Sequence[Theme], rest: str = ""
    ) -> tuple[ThemeBook, ThemeChange]:
        """Divide a theme: a comment of it goes to the parts whose words or examples fit.

        Parameters
        ----------
        into
            New themes, each with rules (by words) or with what it learnt (by examples).
        rest
            The part that takes what fits none; "" leaves such comments without a theme.
        """
        parts = tuple(part.code for part in into)
        if len(parts) < 2:
            raise ValueError(f"{code!r} must be split into two themes or more, not {len(parts)}.")
        if rest and rest not in parts:
            raise UnknownTheme(f"{rest!r} is none of the parts {', '.join(parts)}.")
        heirs = (rest, *(part for part in parts if part != rest)) if rest else ("", *parts)
        book = self._with(replace(self[code], split_into=heirs))
        for part in into:
            book, _ = book.add(part)
        after = {"codes": list(parts), "rest": rest}
        return book, ThemeChange("split", (code,), {"code": code}, after)

    def rename(self, code: str, names: Mapping[str, str]) -> tuple[ThemeBook, ThemeChange]:
        """Call a theme something else in the languages given; the code stays."""
        theme = self[code]
        named = replace(theme, names={**theme.names, **names})
        change = ThemeChange(
            "renamed",
            (code,),
            {"names": dict(theme.names)},
            {"names": dict(named.names)},
        )
        return self._with(named), change

    def retire(self, code: str) -> tuple[ThemeBook, ThemeChange]:
        """Look for a theme no more; what was counted stays, and its code stays taken."""
        book = self._with(replace(self[code], is_retired=True))
        return book, ThemeChange("retired", (code,), {"is_retired": False}, {"is_retired": True})

    def restore(self, code: str) -> tuple[ThemeBook, ThemeChange]:
        """Look for a theme again that was retired, merged or split."""
        theme = self[code]
        before = {"is_retired": theme.is_retired, "merged_into": theme.merged_into}
        restored = replace(theme, is_retired=False, merged_into="", split_into=())
        change = ThemeChange("restored", (code,), before, {"is_retired": False, "merged_into": ""})
        return self._with(restored), change

    def teach(self, code: str, learnt: LearntTheme) -> tuple[ThemeBook, ThemeChange]:
        """Give a theme what examples or corrections taught."""
        theme = self[code]
        before = {"yes": theme.learnt.yes, "no": theme.learnt.no} if theme.learnt else {}
        change = ThemeChange("taught", (code,), before, {"yes": learnt.yes, "no": learnt.no})
        return self._with(replace(theme, learnt=learnt)), change

    def rule(self, code: str, rules: Mapping[str, Sequence[str]]) -> tuple[ThemeBook, ThemeChange]:
        """Give a theme other rules, by language; raises `NotAPattern` for what does not read."""
        theme = self[code]
        ruled = {language: tuple(lines) for language, lines in rules.items()}
        changed = replace(theme, rules=ruled)
        RuleFinder([changed], language="")
        before = {language: list(lines) for language, lines in theme.rules.items()}
        after = {language: list(lines) for language, lines in ruled.items()}
        return self._with(changed), ThemeChange("ruled", (code,), before, after)

    def free_code(self, name: str) -> str:
        """A code made of a name that this book has never used.

        >>> ThemeBook(()).free_code("Pysäköinti ja pihat")
        'pysakointi-ja-pihat'
        """
        plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
        stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "theme"
        numbers = (stem if number == 1 else f"{stem}-{number}" for number in range(1, 10**6))
        return next(code for code in numbers if code not in self)

    def to_json(self) -> str:
        """The whole book as JSON."""
        return json.dumps([json.loads(theme.to_json()) for theme in self.themes])

    @staticmethod
    def from_json(text: str) -> ThemeBook:
        """Read what `to_json` wrote."""
        return ThemeBook(tuple(Theme.from_json(json.dumps(theme)) for theme in json.loads(text)))

    def _with(self, *changed: Theme) -> ThemeBook:
        new = {theme.code: theme for theme in changed}
        return ThemeBook(tuple(new.get(theme.code, theme) for theme in self.themes))

    def _find_taught(
        self,
        hits: dict[str, ThemeHit],
        tokens: Sequence[Token],
        lemmas: Sequence[str],
        by_rule: Mapping[str, list[int]],
        embedding: NDArray[Any] | None,
    ) -> None:
        described = describe_words([token.text for token in tokens], lemmas)
        for code, learnt in self._taught.items():
            places = by_rule.get(code, [])
            probability, is_enough = learnt.weigh(
                described.features, is_found_by_rule=bool(places), embedding=embedding
            )
            if is_enough:
                source: Source = "rule" if places else "example"
                telling = places or described.telling(learnt.weight_of)
                spans = _spans(tokens, telling)
                _keep(hits, self.resolve(code), spans, probability, source)

    def _part_split(self, hits: dict[str, ThemeHit]) -> None:
        """Let a part of a split theme count only where the whole was found, and share the rest."""
        for code in self._split:
            whole = hits.pop(code, None)
            rest, *others = self[code].split_into
            parts = [part for part in (rest, *others) if part]
            found = [part for part in parts if self.resolve(part) in hits]
            if whole is None:
                for part in found:
                    hits.pop(self.resolve(part), None)
            elif rest and not found:
                hits[self.resolve(rest)] = whole._replace(code=self.resolve(rest))

    @cached_property
    def _by_code(self) -> dict[str, Theme]:
        return {theme.code: theme for theme in self.themes}

    @cached_property
    def _looked_for(self) -> tuple[Theme, ...]:
        """Themes whose rules and examples are at work: heirs that are retired find nothing."""
        return tuple(t for t in self.themes if not self[self.resolve(t.code)].is_retired)

    @cached_property
    def _taught(self) -> dict[str, LearntTheme]:
        return {theme.code: theme.learnt for theme in self._looked_for if theme.learnt}

    @cached_property
    def _split(self) -> tuple[str, ...]:
        return tuple(theme.code for theme in self._looked_for if theme.split_into)

    def _finder(self, language: str) -> RuleFinder:
        finder = self._finders.get(language)
        if finder is None:
            finder = self._finders[language] = RuleFinder(self._looked_for, language=language)
        return finder

    @cached_property
    def _finders(self) -> dict[str, RuleFinder]:
        return {}


def _spans(tokens: Sequence[Token], places: Iterable[int]) -> tuple[Span, ...]:
    return tuple(Span(tokens[place].start, tokens[place].end) for place in places)


def _keep(
    hits: dict[str, ThemeHit],
    code: str,
    spans: tuple[Span, ...],
    probability: float | None,
    source: Source,
) -> None:
    """Keep a hit; where the code was hit already, join the words and keep the surer reading."""
    known = hits.get(code)
    if known is not None:
        spans = tuple(sorted({*known.spans, *spans}))
        both = [each for each in (known.probability, probability) if each is not None]
        probability = max(both) if both else None
        source = "rule" if "rule" in (known.source, source) else "example"
    hits[code] = ThemeHit(code, spans, probability, source)
