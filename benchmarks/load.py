"""A load generator in a process of its own, so that its CPU time is nobody else's.

`python -m benchmarks.load HOST PORT PATH [--token …]`: connections that each ask again as soon as they are answered
(a closed loop over HTTP/1.1 keep-alive); one JSON object on stdout.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter
from typing import cast

import msgspec
import uvloop
from msgspec import Struct

from benchmarks.latency import within

_LENGTH = b"content-length:"


class Load(Struct, frozen=True):
    """What came back. statuses: answers by status; p50_ms, p99_ms: of single requests; cpu_s: of the generator."""

    requests: int
    seconds: float
    statuses: dict[int, int]
    p50_ms: float
    p99_ms: float
    cpu_s: float


class Asker(asyncio.Protocol):
    """One connection. Reads answers that have a Content-Length, which all of ours have."""

    def __init__(self, request: bytes, until: float, done: asyncio.Future[None]) -> None:
        self._request, self._until, self._done = request, until, done
        self._answer = b""
        self.statuses: Counter[int] = Counter()
        self.seconds: list[float] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is not a subclass
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head = self._answer.find(b"\r\n\r\n")
        if head < 0:
            return
        length = self._answer.lower().index(_LENGTH, 0, head) + len(_LENGTH)
        size = int(self._answer[length : self._answer.index(b"\r\n", length)])
        if len(self._answer) < head + 4 + size:
            return
        self.statuses[int(self._answer[9:12])] += 1
        self.seconds.append(time.perf_counter() - self._asked)
        self._answer = b""
        if time.perf_counter() < self._until:
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(error) if error else self._done.set_result(None)

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(self._request)


async def load(
    host: str, port: int, path: str, token: str | None, *, connections: int, seconds: float
) -> Load:
    """Ask for as long as `seconds`."""
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{authorization}\r\n".encode()
    loop = asyncio.get_running_loop()
    began, cpu = time.perf_counter(), time.process_time()
    ends = [loop.create_future() for _ in range(connections)]
    askers = [Asker(request, began + seconds, end) for end in ends]
    for asker in askers:
        await loop.create_connection(lambda asker=asker: asker, host, port)  # type: ignore[misc]
    await asyncio.gather(*ends)
    took = [one for asker in askers for one in asker.seconds]
    return Load(
        requests=len(took),
        seconds=round(time.perf_counter() - began, 3),
        statuses=dict(sum((asker.statuses for asker in askers), Counter())),
        p50_ms=round(1000 * within(took, 0.5), 2),
        p99_ms=round(1000 * within(took, 0.99), 2),
        cpu_s=round(time.process_time() - cpu, 3),
    )


def main() -> None:
    """Print what came back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("--token")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0)
    given = parser.parse_args()
    answered = load(
        given.host,
        given.port,
        given.path,
        given.token,
        connections=given.connections,
        seconds=given.seconds,
    )
    sys.stdout.write(msgspec.json.encode(uvloop.run(answered)).decode())


if __name__ == "__main__":
    main()
