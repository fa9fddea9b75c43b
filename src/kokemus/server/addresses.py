"""Who is really asking: the client's address and scheme behind trusted proxies."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from kokemus.server.asgi_types import Scope

FORWARDED = {b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"}
Address = IPv4Address | IPv6Address
ADDRESSES_KNOWN_MAX = 4096
LOG = logging.getLogger("kokemus.addresses")


class Addresses:
    """Replaces a scope's client and scheme by what trusted proxies say of them."""

    def __init__(self, trusted_proxies: Sequence[str]) -> None:
        self._trusted = [ip_network(network) for network in trusted_proxies]
        self._has_warned = False

    def settle(self, scope: Scope) -> Scope:
        """A copy of the scope without forwarding headers, `state["is_local"]` set.

        Local is who comes from this machine without any proxy between.
        """
        said: dict[bytes, str] = {}
        for name, value in scope["headers"]:
            if name in FORWARDED:
                said[name] = ",".join([*said.get(name, "").split(","), value.decode("latin-1")])
        peer_text = (scope.get("client") or ("", 0))[0]
        if not said:
            client_text, is_local = write_address(peer_text)
            return {**scope, "client": (client_text, 0), "state": {"is_local": is_local}}
        return self._settle_forwarded(scope, parse_address(peer_text), said)

    def _settle_forwarded(
        self, scope: Scope, peer: Address | None, said: dict[bytes, str]
    ) -> Scope:
        client, scheme = peer, scope.get("scheme", "http")
        if not self._trusts(peer):
            self._warn_once(peer)
        else:
            client = self._client(peer, said.get(b"x-forwarded-for", ""))
            last = said.get(b"x-forwarded-proto", "").split(",")[-1].strip()
            scheme = last if last in {"http", "https"} else scheme
        return {
            **scope,
            "headers": [item for item in scope["headers"] if item[0] not in FORWARDED],
            "client": (str(client or ""), 0),
            "scheme": scheme,
            "state": {"is_local": False},
        }

    def _client(self, peer: Address | None, chain: str) -> Address | None:
        """The nearest address that is not our proxy's: what stands left of it may be made up."""
        client = peer
        for part in reversed([part.strip() for part in chain.split(",") if part.strip()]):
            if (client_before := parse_address(part)) is None:
                break
            client = client_before
            if not self._trusts(client):
                break
        return client

    def _trusts(self, address: Address | None) -> bool:
        return address is not None and any(
            address.version == network.version and address in network for network in self._trusted
        )

    def _warn_once(self, peer: object) -> None:
        if not self._has_warned:
            self._has_warned = True
            LOG.warning(
                "A request came through a proxy that KOKEMUS_TRUSTED_PROXIES does not name; "
                "all who come through it count as one address"
            )


@lru_cache(ADDRESSES_KNOWN_MAX)
def parse_address(text: str) -> Address | None:
    """An address, with or without brackets and port; IPv4 inside IPv6 as IPv4."""
    if text.startswith("["):
        text = text[1:].split("]")[0]
    elif text.count(":") == 1:
        text = text.split(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(ADDRESSES_KNOWN_MAX)
def write_address(text: str) -> tuple[str, bool]:
    """An address as we write it, and whether it is this machine's own."""
    address = parse_address(text)
    return str(address or ""), address is not None and address.is_loopback


@lru_cache(ADDRESSES_KNOWN_MAX)
def group_of(text: str) -> str:
    """What counts as one address: an IPv4 address, or an IPv6 network of 64 bits."""
    address = parse_address(text)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)
