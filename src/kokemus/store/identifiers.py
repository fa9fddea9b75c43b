"""Keys that sort by time (UUID version 7, RFC 9562), links, and how keys of the API are kept."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
import time
import uuid

POOL_BYTES = 10 * 400
MARKS = 7 << 76 | 2 << 62  # version and variant
UNMARKED = (1 << 128) - 1 & ~(0xF << 76 | 0x3 << 62)


def uuid7() -> uuid.UUID:
    """A new key: 48 bits of milliseconds, then 74 random bits."""
    return uuid.UUID(int=_take_uuid7())


def uuid7_hex() -> str:
    """The same as 32 hexadecimal digits."""
    return f"{_take_uuid7():032x}"


def _take_uuid7() -> int:
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | _random.take()
    return value & UNMARKED | MARKS


class _Pool:
    """Random bits of the operating system, fetched for many keys at a time: a call costs 16 µs."""

    _lock: threading.Lock
    _bytes: memoryview

    def __init__(self) -> None:
        self.forget()

    def take(self) -> int:
        """80 bits that were never given before."""
        with self._lock:
            if not self._bytes:
                self._bytes = memoryview(os.urandom(POOL_BYTES))
            taken, self._bytes = self._bytes[:10], self._bytes[10:]
        return int.from_bytes(taken, "big")

    def forget(self) -> None:
        """A process that was forked must not give what its parent gives."""
        self._lock = threading.Lock()
        self._bytes = memoryview(b"")


_random = _Pool()
os.register_at_fork(after_in_child=_random.forget)


def new_link() -> str:
    """A short public token: 96 random bits, safe in an address."""
    return secrets.token_urlsafe(12)


def hash_key(key: str) -> str:
    """Keys of the API have 256 random bits, so a plain hash keeps them."""
    return hashlib.sha256(key.encode()).hexdigest()
