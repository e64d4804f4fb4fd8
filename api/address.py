"""Where a request comes from. Forwarding headers count only when they were written by a proxy that we name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from litestar.types import Scope

from kit.settings import SettingsError

LOCAL = "local"
"""The address of a caller on a unix socket."""


class Addresses:
    """Reads addresses behind trusted proxies, given as addresses and networks with commas between."""

    def __init__(self, trusted_proxies: str) -> None:
        names = [name.strip() for name in trusted_proxies.split(",") if name.strip()]
        try:
            self._trusted = [ip_network(name, strict=False) for name in names]
        except ValueError as error:
            raise SettingsError(f"settings: VERNIS_API__TRUSTED_PROXIES: {error}") from error

    def of(self, scope: Scope) -> str:
        """The caller's address as limits count it: IPv4 in full, IPv6 by its /64, which one customer is given whole."""
        client = scope["client"]
        address = _address(client[0]) if client else None
        if address is None:
            return LOCAL
        for hop in _hops(scope["headers"]):
            if not self._trusts(address):
                break
            address = hop
        return _counted(address)

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._trusted)


def _hops(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[IPv4Address | IPv6Address]:
    """X-Forwarded-For from the nearest hop outwards, as far as it can be read."""
    values = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
    for text in reversed(",".join(values).split(",")):
        address = _address(text)
        if address is None:
            return
        yield address


@lru_cache(maxsize=10_000)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


@lru_cache(maxsize=10_000)
def _counted(address: IPv4Address | IPv6Address) -> str:
    return str(IPv6Network((int(address), 64), strict=False) if address.version == 6 else address)
