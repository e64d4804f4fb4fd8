"""What processes hold while they work: memory, open files, threads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import psutil
from msgspec import Struct

_EVERY_S = 0.5


class Held(Struct, frozen=True):
    """What a process and its children hold together. rss_mb: resident memory, MB of 2^20 bytes."""

    rss_mb: float
    files: int
    threads: int


def held_by(process: psutil.Process) -> Held:
    """What a process and all that come from it hold now. Raises psutil.NoSuchProcess when it has ended."""
    rss = files = threads = 0
    for one in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            rss += one.memory_info().rss
            files += one.num_fds()
            threads += one.num_threads()
    return Held(round(rss / (1 << 20), 1), files, threads)


@asynccontextmanager
async def watched(processes: Mapping[str, psutil.Process]) -> AsyncIterator[dict[str, list[Held]]]:
    """Look twice a second at what each process holds, for as long as the block runs."""
    seen: dict[str, list[Held]] = {name: [] for name in processes}

    async def look() -> None:
        while True:
            for name, process in processes.items():
                seen[name].append(await asyncio.to_thread(held_by, process))
            await asyncio.sleep(_EVERY_S)

    looking = asyncio.create_task(look())
    try:
        yield seen
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
