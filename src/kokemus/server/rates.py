"""How often one key and one address may ask: token buckets in memory, bounded in number."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable

from kokemus.server.addresses import group_of

BUCKETS_MAX = 50_000
KEYS_KNOWN_MAX = 10_000
REFUSED = {401, 403}


class Buckets:
    """One bucket a name; it holds a minute's worth and refills evenly."""

    def __init__(self, *, per_minute: int, buckets_max: int = BUCKETS_MAX) -> None:
        self._per_minute = per_minute
        self._buckets_max = buckets_max
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, *, now: float) -> float:
        """Take one token; return 0.0, or the seconds until there is one."""
        tokens, since = self._buckets.get(name, (float(self._per_minute), now))
        tokens = min(self._per_minute, tokens + (now - since) * self._per_minute / 60)
        is_let_in = tokens >= 1
        self._buckets[name] = (tokens - 1 if is_let_in else tokens, now)
        self._buckets.move_to_end(name)
        if len(self._buckets) > self._buckets_max:
            self._buckets.popitem(last=False)
        return 0.0 if is_let_in else (1 - tokens) * 60 / self._per_minute

    def __len__(self) -> int:
        return len(self._buckets)


class Rates:
    """The limits of one process.

    A key counts for itself once it has been accepted; until then its requests count for the
    address, so that made-up keys open no second purse.
    """

    def __init__(self, *, key_rate: int, address_rate: int) -> None:
        self._keys = Buckets(per_minute=key_rate)
        self._addresses = Buckets(per_minute=address_rate)
        self._known: OrderedDict[str, None] = OrderedDict()

    def take(self, *, key: str, address: str, now: float) -> float:
        """Seconds until this request may come again; 0.0 lets it in."""
        if key and key in self._known:
            self._known.move_to_end(key)
            return self._keys.take(key, now=now)
        return self._addresses.take(group_of(address), now=now)

    def learn(self, *, key: str, status: int) -> None:
        """Remember a key by how its request was answered."""
        if status in REFUSED:
            self._known.pop(key, None)
        elif status < 400:
            self._known[key] = None
            if len(self._known) > KEYS_KNOWN_MAX:
                self._known.popitem(last=False)


def key_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """A digest of the request's API key; the key itself is not kept."""
    said = b""
    for name, value in headers:
        if name == b"authorization":
            said = value
    scheme, _, key = said.partition(b" ")
    if scheme.lower() != b"bearer" or not key:
        return ""
    return hashlib.sha256(key).hexdigest()
