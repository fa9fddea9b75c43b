"""Keys that sort by time (UUID version 7, RFC 9562), links, and how keys of the API are kept."""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid


def uuid7() -> uuid.UUID:
    """A new key: 48 bits of milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return uuid.UUID(int=value)


def new_link() -> str:
    """A short public token: 96 random bits, safe in an address."""
    return secrets.token_urlsafe(12)


def hash_key(key: str) -> str:
    """Keys of the API have 256 random bits, so a plain hash keeps them."""
    return hashlib.sha256(key.encode()).hexdigest()
