"""A client that comes back when it is told to, and waiting for something to hold."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

PATIENCE_S = 120.0
_COME_BACK = (429, 503)


@dataclass
class Patient(httpx.AsyncHTTPTransport):
    """Asks again after Retry-After, and counts every answer. A refusal that says not when to come back is an error."""

    answers: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__init__(limits=httpx.Limits(max_connections=100))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        while True:
            response = await super().handle_async_request(request)
            self.answers[response.status_code] += 1
            if not _asks_to_come_back(response) or request.url.path.startswith("/health"):
                return response
            await response.aread()
            if response.headers["content-type"] != "application/problem+json":
                raise httpx.DecodingError(f"not a problem: {response.text}", request=request)
            await asyncio.sleep(float(response.headers["retry-after"]))


def _asks_to_come_back(response: httpx.Response) -> bool:
    """Also a conflict may: the same request is being worked on, or was by a process that died."""
    return response.status_code in _COME_BACK or (
        response.status_code == 409 and "retry-after" in response.headers
    )


async def until(what: Callable[[], Awaitable[bool] | bool], within_s: float = PATIENCE_S) -> None:
    """Poll until something holds; raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while True:
            found = what()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.1)
