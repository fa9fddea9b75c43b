"""Listening at a port, also where somebody listened a moment ago."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from kokemus.server import listening
from kokemus.server.listening import find_port
from kokemus.server.starting import CannotStart


def test_it_waits_for_what_listened_there_to_end() -> None:
    before = socket.create_server(("127.0.0.1", 0))
    port = before.getsockname()[1]
    ending = threading.Timer(0.3, before.close)
    ending.start()
    assert find_port("127.0.0.1", port) == port
    ending.join()


def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PATIENCE_SECONDS", 0.2)
    begun = time.monotonic()
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(CannotStart, match="Address already in use"),
    ):
        find_port("127.0.0.1", taken.getsockname()[1])
    assert time.monotonic() - begun >= 0.2
