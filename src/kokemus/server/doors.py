"""The doors that answer without Django, built from the configuration."""

from __future__ import annotations

from kokemus.listen.door import CaptureDoor
from kokemus.respond.door import LiveDoor
from kokemus.server.asgi_types import Door
from kokemus.server.configuration import Configuration
from kokemus.server.metrics import watch_capture


def build_doors(configuration: Configuration) -> list[Door]:
    """Doors that answer and are done."""
    door = CaptureDoor(
        database_url=configuration.resolved_database_url,
        public_url=configuration.public_url,
        queue_max=configuration.capture_queue,
    )
    watch_capture(door)
    return [door]


def build_streams(configuration: Configuration, secret_key: str) -> list[Door]:
    """Doors whose answers go on until they are told to end."""
    return [
        LiveDoor(database_url=configuration.resolved_database_url, secret_key=secret_key),
    ]
