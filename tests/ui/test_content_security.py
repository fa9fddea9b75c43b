"""No template of any app brings script or style of its own, as the policy would refuse it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "kokemus"
INLINE = re.compile(
    r"""<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:|\shx-on|"""
    r"""<script\b(?![^>]*\bsrc=)(?![^>]*type=["']application/(?:ld\+)?json["'])""",
    re.IGNORECASE,
)


def list_inline(text: str) -> Iterator[str]:
    for match in INLINE.finditer(text):
        yield match.group().strip()


def is_page(path: Path) -> bool:
    """Mail has its styles inside, for the sake of mail readers; a page never has."""
    return path.suffix in {".html", ".jinja", ".svg"} and "mail" not in path.parts


def test_no_page_has_inline_script_or_style() -> None:
    found = [
        f"{path.relative_to(SOURCE)}: {inline}"
        for path in sorted(SOURCE.glob("*/templates/**/*"))
        if path.is_file() and is_page(path)
        for inline in list_inline(path.read_text("utf-8"))
    ]
    assert found == []


def test_inline_script_and_style_are_seen() -> None:
    page = (
        '<style>a{}</style><p style="x" onclick="y"><script>z</script>'
        '<script src="/ok.js"></script><script type="application/json">{}</script>'
    )
    assert list(list_inline(page)) == ["<style", "style=", 'onclick="', "<script"]
