"""How the answer page looks: templates, the stylesheet in the organisation's colour. No Django."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kokemus.listen.answer_texts import LANGUAGES, PAGE
from kokemus.listen.survey_templates import starting_texts
from kokemus.store.published import Published
from kokemus.store.scales import SCALES

ASSETS = "/a/assets/"
OWN_COLOUR = "#0e6a6a"
CONTRAST_MIN = 4.5
# The grounds that the organisation's colour is read on, in light and in dark.
LIGHT_GROUND, DARK_GROUND = "#fbfaf7", "#192126"
FOLDER = Path(__file__).parent / "answer"
_ASSET = re.compile(rf"{ASSETS}[0-9a-f]{{12}}-([0-9a-f]{{6}})\.css")


def render_score_page(published: Published, *, language: str, **context: Any) -> bytes:
    """The first page: the question and a button for each score.

    `context`: token, chosen, kept_score, action, next_address, anew_address, languages, problem.
    """
    scale = SCALES[published.scale]
    numbers = range(scale.low, scale.high + 1)
    return _render(
        "score.html",
        published,
        language=language,
        scale=scale,
        numbers=list(reversed(numbers) if scale.code == "thumbs" else numbers),
        kept_score_text=say_score(published, context["kept_score"], language=language),
        **context,
    )


def render_why_page(published: Published, *, language: str, **context: Any) -> bytes:
    """The second page: why, and whether one may get back to the person.

    `context`: token, kept_score, has_permission, form, errors, problem, is_busy, action,
    score_address, languages.
    """
    score_text = say_score(published, context["kept_score"], language=language)
    return _render("why.html", published, language=language, kept_score_text=score_text, **context)


def render_thanks_page(published: Published, *, language: str, **context: Any) -> bytes:
    """The last page. `context`: has_permission, score_address, anew_address, languages."""
    return _render("thanks.html", published, language=language, problem="", **context)


def render_notice_page(
    code: str, *, language: str, published: Published | None = None, link: str = ""
) -> bytes:
    """A page that says why there is nothing to answer: closed, unknown, too_large, elsewhere."""
    say = PAGE[ui_language(language)]
    return (
        _environment()
        .get_template("notice.html")
        .render(
            language=ui_language(language),
            say=say,
            title=say.get(f"{code}_title", say["wrong_title"]),
            text=say[code],
            link=link,
            problem="",
            languages=[],
            organisation=published.organisation_name if published else "",
            stylesheet=stylesheet_address(published.colour if published else OWN_COLOUR),
        )
        .encode()
    )


def render_preview(published: Published, *, language: str) -> bytes:
    """The first page as a draft would look; its buttons do nothing."""
    return render_score_page(
        published,
        language=language,
        token="",
        chosen=None,
        kept_score=None,
        action="",
        next_address="",
        anew_address="",
        languages=[],
        problem="",
        preview=True,
    )


def say_score(published: Published, score: int | None, *, language: str) -> str:
    """A score in words: '9 / 10', '4 / 5 stars', or the word of the thumb."""
    if score is None:
        return ""
    if published.scale == "thumbs":
        texts = texts_of(published, language)
        return f"“{texts['high'] if score else texts['low']}”"
    say = PAGE[ui_language(language)]
    sentence = say["stars"] if published.scale == "stars" else say["out_of"]
    return sentence.format(score=score, high=SCALES[published.scale].high)


def languages_of(published: Published) -> list[str]:
    """The languages in which the survey has its question, the organisation's own first."""
    asked = [code for code, own in published.texts.items() if own.get("question", "").strip()]
    return sorted(asked, key=lambda code: (code != published.language, code)) or ["en"]


def choose_language(published: Published, *, wanted: str, accepted: str) -> str:
    """The link's language, else the browser's, else the organisation's, of those there are."""
    offered = languages_of(published)
    for code in (wanted, *read_accepted(accepted)):
        if code in offered:
            return code
    return offered[0]


def read_accepted(header: str) -> list[str]:
    """Language codes of an Accept-Language header, the most wanted first."""
    ranked = []
    for part in header[:500].split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            rank = float(quality or 1)
        except ValueError:
            continue
        if rank > 0:
            ranked.append((-rank, tag[:2].lower()))
    return [code for _, code in sorted(ranked, key=lambda pair: pair[0])]


def ui_language(language: str) -> str:
    return language if language in PAGE else "en"


def texts_of(published: Published, language: str) -> Mapping[str, str]:
    """The survey's texts in a language; what is empty comes from the template of its scale."""
    own = {key: text for key, text in published.texts.get(language, {}).items() if text.strip()}
    return {**starting_texts(published.scale)[ui_language(language)], **own}


def name_languages(codes: list[str], addresses: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"code": code, "name": LANGUAGES.get(code, code), "address": addresses[code]}
        for code in codes
    ]


def stylesheet_address(colour: str) -> str:
    return f"{ASSETS}{_style_hash()}-{_hex_of(colour)}.css"


def find_stylesheet(path: str) -> tuple[bytes, bytes] | None:
    """The stylesheet at an address, plain and compressed; None for an address never given."""
    match = _ASSET.fullmatch(path)
    return _stylesheet(match[1]) if match and path == stylesheet_address(match[1]) else None


def fit_colour(colour: str, *, ground: str) -> str:
    """The colour, darkened or lightened until it reads on the ground at 4.5 : 1."""
    red, green, blue = _channels(colour)
    target = 0 if _luminance(_channels(ground)) > 0.5 else 255
    for step in range(101):
        mixed = tuple(round(c + (target - c) * step / 100) for c in (red, green, blue))
        if contrast(_as_hex(mixed), ground) >= CONTRAST_MIN:
            return _as_hex(mixed)
    raise AssertionError(f"No shade of {colour} reads on {ground}.")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    lights = sorted((_luminance(_channels(one)), _luminance(_channels(other))))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _render(name: str, published: Published, *, language: str, **context: Any) -> bytes:
    texts = texts_of(published, language)
    values = {"preview": False, "title": texts["question"]} | context
    html = (
        _environment()
        .get_template(name)
        .render(
            language=language,
            say=PAGE[ui_language(language)],
            texts=texts,
            organisation=published.organisation_name,
            stylesheet=stylesheet_address(published.colour),
            **values,
        )
    )
    return html.encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )


@cache
def _style_hash() -> str:
    return hashlib.sha256((FOLDER / "answer.css").read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=64)
def _stylesheet(hex_colour: str) -> tuple[bytes, bytes]:
    light = fit_colour(hex_colour, ground=LIGHT_GROUND)
    dark = fit_colour(hex_colour, ground=DARK_GROUND)
    colours = (
        f":root{{--brand:{light}}}@media (prefers-color-scheme:dark){{:root{{--brand:{dark}}}}}\n"
    )
    plain = colours.encode() + (FOLDER / "answer.css").read_bytes()
    return plain, gzip.compress(plain, 9, mtime=0)


def _hex_of(colour: str) -> str:
    return colour.removeprefix("#").lower()


def _channels(colour: str) -> tuple[int, int, int]:
    hex_colour = _hex_of(colour)
    return int(hex_colour[:2], 16), int(hex_colour[2:4], 16), int(hex_colour[4:], 16)


def _as_hex(channels: tuple[int, ...]) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def _luminance(channels: tuple[int, int, int]) -> float:
    red, green, blue = _linear(channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channels: tuple[int, int, int]) -> Iterator[float]:
    for channel in channels:
        share = channel / 255
        yield share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
