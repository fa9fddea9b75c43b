"""The colours are legible: every pair that the style sheet puts together, in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "src" / "kokemus" / "ui" / "static" / "ui"
TEXT_MIN, GRAPHIC_MIN = 4.5, 3.0
SURFACES = ("paper", "card")
GROUNDS = ("accent-ground", "good-ground", "middle-ground", "bad-ground", "warn-ground")
TEXT_PAIRS = [
    *((text, surface) for text in ("ink", "ink-2", "accent", "good", "bad", "warn")
      for surface in SURFACES),
    *((text, ground) for text in ("ink", "ink-2") for ground in GROUNDS),
    *((tone, f"{tone}-ground") for tone in ("accent", "good", "bad", "warn")),
    ("accent", "middle-ground"),
    ("on-accent", "accent"),
]  # fmt: skip
GRAPHIC_PAIRS = [(graphic, surface) for graphic in ("middle", "edge") for surface in SURFACES]


def read_tokens() -> dict[str, tuple[str, str]]:
    """The colours of tokens.css: name to (light, dark)."""
    text = (STATIC / "tokens.css").read_text("utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", text)
    return {name: (light, dark) for name, light, dark in found}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_is_legible(theme: str) -> None:
    tokens, side = read_tokens(), ("light", "dark").index(theme)
    found = [
        f"{front} on {back}: {ratio:.2f}"
        for pairs, least in ((TEXT_PAIRS, TEXT_MIN), (GRAPHIC_PAIRS, GRAPHIC_MIN))
        for front, back in pairs
        if (ratio := contrast(tokens[front][side], tokens[back][side])) < least
    ]
    assert found == []


def test_only_the_tokens_name_colours() -> None:
    text = (STATIC / "kokemus.css").read_text("utf-8")
    backdrop = "rgb(10 16 19 / 0.5)"
    assert backdrop in text
    assert (
        re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;,) ])|rgba?\(|hsl", text.replace(backdrop, "")) == []
    )


def test_every_token_that_is_used_exists() -> None:
    defined = set(re.findall(r"--([\w-]+):", (STATIC / "tokens.css").read_text("utf-8")))
    used = set(re.findall(r"var\(--([\w-]+)\)", (STATIC / "kokemus.css").read_text("utf-8")))
    assert used - defined == set()
