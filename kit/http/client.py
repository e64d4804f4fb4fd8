"""Posting to a stranger's server: no redirects, a bound on time and on what is read."""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import Mapping
from contextlib import suppress

import httpx
from msgspec import Struct

from kit.http.transport import GuardedTransport, Resolve, resolve
from kit.http.urls import checked_url

CONNECT_S = 4.0


class Answer(Struct, frozen=True):
    """What the server said; body: its first bytes, as they came. retry_after: the header, if any."""

    status: int
    body: bytes
    retry_after: str = ""


async def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allow_private: bool,
    timeout_s: float = 10.0,
    read_bytes: int = 16 * 1024,
    resolve: Resolve = resolve,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """POST once over a connection of its own, all within the time, and read no more than this.

    allow_private: also plain http and private addresses. Raises BadUrl, HostUnknown, AddressRefused,
    httpx.HTTPError, TimeoutError.
    """
    checked_url(url, allow_private=allow_private)
    transport = GuardedTransport(
        httpx.AsyncHTTPTransport(
            verify=trust or _public_trust(), trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        ),
        allow_private=allow_private,
        resolve=resolve,
    )
    client = httpx.AsyncClient(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(timeout_s, connect=CONNECT_S),
    )
    plain = {"Accept-Encoding": "identity", **headers}  # nothing to unpack: no decompression bombs
    until = asyncio.get_running_loop().time() + timeout_s
    async with client:
        async with asyncio.timeout_at(until):
            response = await client.send(
                client.build_request("POST", url, content=body, headers=plain), stream=True
            )
        try:
            read = await _beginning(response, read_bytes, until)
        finally:
            await response.aclose()
    return Answer(response.status_code, read, response.headers.get("Retry-After", ""))


async def _beginning(response: httpx.Response, most: int, until: float) -> bytes:
    """What comes of the body before the bound, the end of the time, or the end of the connection."""
    read = bytearray()
    with suppress(TimeoutError, httpx.HTTPError):  # the status has been said
        async with asyncio.timeout_at(until):
            async for chunk in response.aiter_raw():
                read += chunk
                if len(read) >= most:
                    break
    return bytes(read[:most])


@functools.cache
def _public_trust() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
