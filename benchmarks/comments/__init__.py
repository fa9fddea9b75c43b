"""What reading comments is measured against: `make bench-comments`."""

from __future__ import annotations

import pkgutil
from importlib import import_module


def run() -> bool:
    """Run every module here that is a benchmark; true if the limits of all of them held."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    held = True
    for name in names:
        if not name.startswith("_"):
            print(f"\n-- {name} --", flush=True)
            held = bool(import_module(f"{__name__}.{name}").run()) and held
    return held
