"""The doors that answer without Django, built from the configuration."""

from __future__ import annotations

from kokemus.server.asgi_types import Door
from kokemus.server.configuration import Configuration


def build_doors(configuration: Configuration, secret_key: str) -> list[Door]:
    """Doors that answer and are done."""
    return []


def build_streams(configuration: Configuration, secret_key: str) -> list[Door]:
    """Doors whose answers go on until they are told to end."""
    return []
