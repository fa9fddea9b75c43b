"""The doors that answer without Django, built from the configuration."""

from __future__ import annotations

from kokemus.listen.door import CaptureDoor
from kokemus.server.asgi_types import Door
from kokemus.server.configuration import Configuration


def build_doors(configuration: Configuration, secret_key: str) -> list[Door]:
    """Doors that answer and are done."""
    capture = CaptureDoor(
        database_url=configuration.resolved_database_url,
        public_url=configuration.public_url,
        queue_max=configuration.capture_queue,
    )
    return [capture]


def build_streams(configuration: Configuration, secret_key: str) -> list[Door]:
    """Doors whose answers go on until they are told to end."""
    return []
