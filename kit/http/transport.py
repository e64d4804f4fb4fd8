"""An httpx transport that looks a host up once, refuses private addresses, and connects to what it has checked.

A second look-up by the connection could answer differently (DNS rebinding): the request goes to the checked number,
while the Host header and the TLS name stay the URL's.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx

from kit.http.addresses import is_public
from kit.http.errors import AddressRefused, HostUnknown

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_resolvers = ThreadPoolExecutor(4, thread_name_prefix="resolve")
"""Of its own, so that slow name servers of strangers hold up nothing else."""
_TRIED = 2


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host in the system's order. Raises HostUnknown."""

    def look_up() -> list[str]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(address[0]) for *_, address in found))

    try:
        return await asyncio.get_running_loop().run_in_executor(_resolvers, look_up)
    except (OSError, UnicodeError) as error:
        raise HostUnknown from error


async def checked_addresses(
    url: httpx.URL, *, allow_private: bool, resolve: Resolve = resolve
) -> Sequence[str]:
    """Where a URL leads; one private address among them refuses it. Raises HostUnknown, AddressRefused."""
    host = url.raw_host.decode("ascii")
    addresses = await resolve(host, url.port or {"http": 80}.get(url.scheme, 443))
    if not addresses:
        raise HostUnknown
    if not allow_private and not all(map(is_public, addresses)):
        raise AddressRefused
    return addresses


class GuardedTransport(httpx.AsyncBaseTransport):
    """Pins each request to a checked address of its host.

    `inner` must keep no connection alive: it would be found again by its number, for another host's request.
    """

    def __init__(
        self, inner: httpx.AsyncBaseTransport, *, allow_private: bool, resolve: Resolve = resolve
    ) -> None:
        self._inner, self._allow_private, self._resolve = inner, allow_private, resolve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Try the first addresses in turn; raises what httpx raises, HostUnknown, AddressRefused."""
        addresses = await checked_addresses(
            request.url, allow_private=self._allow_private, resolve=self._resolve
        )
        *others, last = addresses[:_TRIED]
        for address in others:
            try:
                return await self._inner.handle_async_request(_pinned(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._inner.handle_async_request(_pinned(request, last))

    async def aclose(self) -> None:
        """Close what the inner transport holds."""
        await self._inner.aclose()


def _pinned(request: httpx.Request, address: str) -> httpx.Request:
    """The same request to a number; its headers, Host among them, are as they were."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.raw_host.decode("ascii")},
    )
