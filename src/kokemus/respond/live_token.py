"""Who may listen: a token in the page's address of events. No Django: the live door reads it."""

from __future__ import annotations

import hashlib
import hmac

PURPOSE = b"kokemus live"


def sign_listener(member: int, *, expires: int, secret_key: str) -> str:
    """A token that says: this member may listen until `expires` (seconds since 1970)."""
    content = f"{member}.{expires}"
    return f"{content}.{_signature(content, secret_key)}"


def read_listener(token: str, *, now: float, secret_key: str) -> int | None:
    """The member's key, or None where the token is false or has expired."""
    content, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(content, secret_key).encode()):
        return None
    member, _, expires = content.partition(".")
    return int(member) if float(expires) > now else None


def _signature(content: str, secret_key: str) -> str:
    key = hashlib.sha256(PURPOSE + secret_key.encode()).digest()
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()
