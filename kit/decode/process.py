"""A decoding child as its parent sees it: started warm, asked one photo at a time, killed when in doubt."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from kit.decode.limits import Limits

_ROOT = Path(__file__).parents[2]
_START_SECONDS = 20.0  # a warm start takes 0.3 s; a machine under full load many times that
_LONGEST_ANSWER = 4096  # bytes; a child that says more has been taken over
_LARGEST_PICTURE = 16 << 20  # bytes; likewise
_ENVIRONMENT = {
    "PYTHONPATH": str(_ROOT),
    "PATH": os.defpath,
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",  # an arena a thread would eat 64 MB of the address space each
    "MALLOC_MMAP_THRESHOLD_": str(1 << 20),  # pictures go back to the system when they are freed
}
"""All that a child sees of the environment: no secret of ours is there to be read."""


class ChildLost(Exception):
    """The child died, or talked nonsense, before it had answered."""


class Answer(NamedTuple):
    """What a child said, and the picture that it made, if it was asked for one."""

    said: dict[str, Any]
    picture: bytes


class Child:
    """One process; `fit` says whether it may be asked another photo."""

    def __init__(self, process: Process, decodes: int) -> None:
        self._process = process
        self._left = decodes
        self._asked = False

    @classmethod
    async def start(cls, limits: Limits) -> Child:
        """Spawn a child and wait until its imports are done; raises ChildLost."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-W", "ignore", "-m", "kit.decode.child",
            json.dumps(asdict(limits)), str(os.getpid()),
            stdin=PIPE, stdout=PIPE, env=_ENVIRONMENT,
        )  # fmt: skip
        child = cls(process, limits.decodes)
        ready = False
        try:
            async with asyncio.timeout(_START_SECONDS):
                await child._read()
            ready = True
        except TimeoutError:
            raise ChildLost("a decoder did not come up") from None
        finally:
            if not ready:
                await child.end()
        return child

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def fit(self) -> bool:
        return not self._asked and self._left > 0 and self._process.returncode is None

    async def ask(self, order: dict[str, Any], data: bytes) -> Answer:
        """Send an order and a picture and return the answer; raises ChildLost. Not fit until it has answered."""
        self._asked, self._left = True, self._left - 1
        pipe = self._process.stdin
        assert pipe is not None
        try:
            for frame in (json.dumps(order).encode(), data):
                pipe.write(len(frame).to_bytes(4, "little"))
                pipe.write(frame)
            await pipe.drain()
        except ConnectionError:
            raise ChildLost("a decoder died over its photo") from None
        answer = await self._read()
        self._asked = False
        return answer

    async def end(self) -> None:
        """Kill the process and reap it."""
        if self._process.returncode is None:
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()

    async def _read(self) -> Answer:
        said = await self._frame(_LONGEST_ANSWER)
        picture = await self._frame(_LARGEST_PICTURE)
        try:
            return Answer(json.loads(said), picture)
        except ValueError:
            raise ChildLost("a decoder talked nonsense") from None

    async def _frame(self, longest: int) -> bytes:
        pipe = self._process.stdout
        assert pipe is not None
        try:
            size = int.from_bytes(await pipe.readexactly(4), "little")
            if size > longest:
                raise ChildLost("a decoder talked nonsense")
            return await pipe.readexactly(size)
        except asyncio.IncompleteReadError:
            raise ChildLost("a decoder died over its photo") from None
