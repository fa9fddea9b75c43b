"""Compile the translations (.po to .mo) when the distribution is built or installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = Path(__file__).parent / "src" / "kokemus"


def compile_messages(root: Path = SOURCE) -> list[Path]:
    """Write a .mo beside every .po that is newer; return the files written."""
    written = []
    for catalogue_path in sorted(root.glob("*/locale/*/LC_MESSAGES/*.po")):
        compiled = catalogue_path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= catalogue_path.stat().st_mtime:
            continue
        with catalogue_path.open("rb") as stream:
            catalogue = read_po(stream, locale=catalogue_path.parts[-3])
        with compiled.open("wb") as stream:
            write_mo(stream, catalogue)
        written.append(compiled)
    return written


class CompileMessages(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_messages()


if __name__ == "__main__":
    for path in compile_messages():
        print(path)
