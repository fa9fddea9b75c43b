"""A theme: a code that stays, names that may change, and what it is found by."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from kokemus.comments.themes.learnt import LearntTheme
from kokemus.comments.tokens import Span

Source = Literal["rule", "example"]


class ThemeHit(NamedTuple):
    """A theme found in a comment, the words it was found by, and by what."""

    code: str
    spans: tuple[Span, ...]
    probability: float | None
    source: Source


@dataclass(frozen=True)
class Theme:
    """What one theme is called and found by.

    Attributes
    ----------
    code
        Stays for ever and is never used again for anything else.
    names
        What people call it, by language; English stands in for a language without a name.
    rules
        Patterns by language (`kokemus.comments.themes.patterns`); under "" those for all.
    vetoes
        Patterns whose words do not count for this theme, by language.
    learnt
        What examples and corrections taught, or None.
    merged_into, split_into
        The heirs, where this theme is one no more.
    is_retired
        Whether it is looked for no more.
    is_starting
        Whether it came with the product.
    """

    code: str
    names: Mapping[str, str]
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vetoes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    learnt: LearntTheme | None = None
    merged_into: str = ""
    split_into: tuple[str, ...] = ()
    is_retired: bool = False
    is_starting: bool = False

    def name(self, language: str) -> str:
        """What the theme is called in a language, else in English, else in any, else its code."""
        names = self.names
        return names.get(language) or names.get("en") or next(iter(names.values()), self.code)

    @property
    def is_current(self) -> bool:
        """Whether comments may still be counted under this very code."""
        return not (self.is_retired or self.merged_into or self.split_into)

    def to_json(self) -> str:
        """Everything of the theme as JSON, what it learnt included."""
        kept: dict[str, Any] = {
            "code": self.code,
            "names": dict(self.names),
            "rules": {language: list(lines) for language, lines in self.rules.items()},
            "vetoes": {language: list(lines) for language, lines in self.vetoes.items()},
            "merged_into": self.merged_into,
            "split_into": list(self.split_into),
            "is_retired": self.is_retired,
            "is_starting": self.is_starting,
        }
        if self.learnt is not None:
            kept["learnt"] = base64.b64encode(self.learnt.to_bytes()).decode("ascii")
        return json.dumps(kept, ensure_ascii=False, sort_keys=True)

    @staticmethod
    def from_json(text: str) -> Theme:
        """Read what `to_json` wrote."""
        kept = json.loads(text)
        learnt = kept.pop("learnt", None)
        return Theme(
            code=kept["code"],
            names=kept["names"],
            rules={language: tuple(lines) for language, lines in kept["rules"].items()},
            vetoes={language: tuple(lines) for language, lines in kept["vetoes"].items()},
            learnt=LearntTheme.from_bytes(base64.b64decode(learnt)) if learnt else None,
            merged_into=kept["merged_into"],
            split_into=tuple(kept["split_into"]),
            is_retired=kept["is_retired"],
            is_starting=kept["is_starting"],
        )
