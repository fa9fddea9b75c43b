"""The script that makes charts interactive: Vega as vl-convert carries it, nothing fetched."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

NAME = "ui/vega.js"
SNIPPET = "window.vegaEmbed = vegaEmbed;"


def build_vega_bundle(path: Path) -> Path:
    """Write the bundle to `path`, unless it is there; it offers `window.vegaEmbed`.

    Vega's bundle declares names at the top level, which would collide with a page's own; so it
    is wrapped in a function.
    """
    if path.exists():
        return path
    import vl_convert

    path.parent.mkdir(parents=True, exist_ok=True)
    bundle = vl_convert.javascript_bundle(SNIPPET)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(f"(() => {{{bundle}\n}})();\n", "utf-8")
    draft.replace(path)
    return path


class BundleFinder(BaseFinder):
    """Let `collectstatic` and the static view find the bundle; built when first looked for."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        import vl_convert

        folder = Path(settings.DATA_DIR) / "assets" / f"vega-{vl_convert.get_vega_version()}"
        self.storage = FileSystemStorage(location=folder)

    def check(self, **options: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **options: Any) -> Any:
        if path != NAME:
            return []
        found = str(self._build())
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        self._build()
        yield NAME, self.storage

    def _build(self) -> Path:
        return build_vega_bundle(Path(self.storage.path(NAME)))
