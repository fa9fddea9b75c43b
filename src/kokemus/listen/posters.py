"""QR codes of a survey's link, and the poster to hang by the till. Pure."""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass
from xml.sax.saxutils import escape

import segno

INVITATIONS = {
    "fi": ("Miten meni?", "Vastaa puhelimella. Siihen menee hetki."),
    "sv": ("Hur gick det?", "Svara med mobilen. Det tar en stund."),
    "en": ("How did it go?", "Answer with your phone. It takes a moment."),
}
A5_POINTS = (420, 595)
FONT = "DejaVu Sans, Liberation Sans, Arial, sans-serif"


def qr_svg(address: str) -> bytes:
    """The address as a QR code: SVG, black on white, error correction M."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=8, border=4, light="white", xmldecl=True
    )
    return out.getvalue()


def qr_png(address: str) -> bytes:
    """The address as a QR code: PNG, about 1,000 px wide, for print."""
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(out, kind="png", scale=max(8, 1000 // code.symbol_size()[0]), border=4)
    return out.getvalue()


@dataclass(frozen=True)
class Poster:
    """What an A5 poster says: in one language, or in several under each other."""

    organisation: str
    question: str
    languages: tuple[str, ...]
    address: str
    colour: str


def poster_svg(poster: Poster) -> str:
    """An A5 poster (420 × 595 points): organisation, invitation, QR code, address."""
    width, height = A5_POINTS
    code = segno.make(poster.address, error="m", micro=False)
    side = 230
    scale = side / code.symbol_size(border=0)[0]
    path = code.svg_inline(scale=scale, border=0, omitsize=False, svgclass=None, lineclass=None)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<rect width="{width}" height="10" fill="{poster.colour}"/>',
        _text(poster.organisation, y=52, size=16, fill="#53636b"),
    ]
    y = 92
    for language in poster.languages:
        title, _how = INVITATIONS[language]
        lines.append(_text(title, y=y, size=30 if len(poster.languages) == 1 else 22, bold=True))
        y += 30
    for row in textwrap.wrap(poster.question, 42)[:3]:
        lines.append(_text(row, y=y, size=13))
        y += 18
    top = max(y + 6, 190)
    lines.append(f'<g transform="translate({(width - side) / 2} {top})">{path}</g>')
    y = top + side + 30
    for language in poster.languages:
        lines.append(_text(INVITATIONS[language][1], y=y, size=13))
        y += 18
    lines.append(_text(poster.address, y=height - 24, size=10, fill="#53636b"))
    return "".join([*lines, "</svg>"])


def poster_pdf(poster: Poster) -> bytes:
    """The poster as a PDF of one A5 page."""
    import vl_convert

    pdf: bytes = vl_convert.svg_to_pdf(poster_svg(poster))
    return pdf


def _text(text: str, *, y: float, size: int, fill: str = "#17252d", bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{A5_POINTS[0] / 2}" y="{y}" text-anchor="middle" font-family="{FONT}" '
        f'font-size="{size}" fill="{fill}"{weight}>{escape(text)}</text>'
    )
