"""How often one key and one address may ask: token buckets in memory, bounded in number."""

from __future__ import annotations

import hashlib
import mmap
import struct
from collections import OrderedDict
from collections.abc import Iterable

from kokemus.server.addresses import group_of

BUCKETS_MAX = 65_536
WAYS = 4  # places where a name may be; the fullest of them gives way to a new one
SLOT = struct.Struct("=Qd")
GROUP = struct.Struct("=" + WAYS * "Qd")
NO_ONE = 0
ROUNDING = 1e-6  # seconds
KEYS_KNOWN_MAX = 10_000
REFUSED = {401, 403}


class Buckets:
    """One bucket a name; it holds a minute's worth and refills evenly.

    They lie in memory that is shared with processes forked later, so that all web processes
    count together. A slot holds a digest of the name and when its bucket will be full again;
    `hash` is keyed by chance, and alike in all forks. Two processes at the same instant may
    both take the last token, which is of no consequence.
    """

    def __init__(self, *, per_minute: int, buckets_max: int = BUCKETS_MAX) -> None:
        self._token_seconds = 60 / per_minute
        self._groups = max(buckets_max // WAYS, 1)
        self._memory = mmap.mmap(-1, self._groups * GROUP.size)

    def take(self, name: str, *, now: float) -> float:
        """Take one token; return 0.0, or the seconds until there is one."""
        place, full_at = self._find(name)
        missing = max(full_at - now, 0.0) + self._token_seconds
        if missing > 60 + ROUNDING:
            return missing - 60
        SLOT.pack_into(self._memory, place, _digest(name), now + missing)
        return 0.0

    def __len__(self) -> int:
        slots = SLOT.iter_unpack(self._memory[:])
        return sum(digest != NO_ONE for digest, _ in slots)

    def _find(self, name: str) -> tuple[int, float]:
        """The place of a name and when its bucket is full; for a new name, a place to take."""
        digest = _digest(name)
        start = digest % self._groups * GROUP.size
        slots = GROUP.unpack_from(self._memory, start)
        for way in range(WAYS):
            if slots[2 * way] == digest:
                return start + way * SLOT.size, slots[2 * way + 1]
        fullest = min(range(WAYS), key=lambda way: slots[2 * way + 1])
        return start + fullest * SLOT.size, 0.0


def _digest(name: str) -> int:
    return hash(name) & 0xFFFF_FFFF_FFFF_FFFF or 1


class Rates:
    """The limits of one installation's web processes.

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
