"""How well a colour can be read on."""

from __future__ import annotations

CONTRAST_MIN = 4.5


def contrast(one: str, other: str) -> float:
    """The contrast of two colours '#rrggbb' by WCAG 2: 1 (none) to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(colour: str) -> str:
    """White or the dark ink, whichever reads better on the colour."""
    return max(("#ffffff", "#17252d"), key=lambda ink: contrast(colour, ink))


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
