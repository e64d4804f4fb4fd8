"""The upload gate: untrusted bytes in, a verified photo or a refusal out. The same children make smaller pictures.

The type and the length are checked here, all that takes time in a warm child which its parent may kill.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

from kit.decode.errors import (
    REFUSALS,
    DecodeBusy,
    PhotoCorrupt,
    PhotoDecodeTimeout,
    PhotoEmpty,
    PhotoTooLarge,
    PhotoTypeUnsupported,
    PictureUnreadable,
)
from kit.decode.limits import Limits
from kit.decode.magic import sniff
from kit.decode.process import Answer, Child, ChildLost
from kit.decode.verified import Format, Verified
from kit.errors import AppError
from kit.metrics import DECODE_SECONDS, DECODE_WAITING, DECODERS_BUSY, DECODERS_REPLACED, PHOTOS

_log = logging.getLogger(__name__)
_RETRY_AFTER = 2  # seconds; a child is free again within `Limits.seconds`
_RESTART_SECONDS = 1.0


class DecodePool:
    """A few warm children that decode; belongs to the event loop that started it.

    A child that overruns, crashes or is left in the middle of a photo is killed and replaced; one that has
    decoded `Limits.decodes` photos as well. All of them die with this process, however it dies.
    """

    def __init__(self, size: int = 2, limits: Limits = Limits()) -> None:  # noqa: B008  (frozen)
        self._size = size
        self._limits = limits
        self._idle: asyncio.LifoQueue[Child] = asyncio.LifoQueue()
        self._children: set[Child] = set()
        self._replacing: set[asyncio.Task[None]] = set()
        self._waiting = self._to_shrink = 0
        self._shrinking = asyncio.Semaphore(max(1, size - 1))
        self._closed = True

    async def start(self) -> None:
        """Bring up every child; raises ChildLost when one does not come up."""
        self._closed = False
        try:
            for _ in range(self._size):
                await self._add()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Kill and reap every child; photos in hand are refused as DecodeBusy."""
        self._closed = True
        await asyncio.gather(*self._replacing)
        await asyncio.gather(*(child.end() for child in self._children))
        self._children.clear()
        self._idle = asyncio.LifoQueue()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:  # fmt: skip
        await self.close()

    @property
    def pids(self) -> tuple[int, ...]:
        """The children's process ids."""
        return tuple(child.pid for child in self._children)

    async def verify(self, data: bytes) -> Verified:
        """Decode data once and say what it is; raises the refusals of kit.decode.errors."""
        with DECODE_SECONDS.time():
            try:
                return await self._verify(data)
            except AppError as refusal:
                PHOTOS.labels(refusal.code).inc()
                raise

    async def _verify(self, data: bytes) -> Verified:
        if not data:
            raise PhotoEmpty
        if len(data) > self._limits.bytes:
            raise PhotoTooLarge
        kind = sniff(data)
        if kind is None:
            raise PhotoTypeUnsupported
        said = (await self._ask({}, data)).said
        if "size" not in said:
            raise REFUSALS.get(str(said.get("code")), PhotoCorrupt)(str(said.get("detail", "")))
        width, height = map(int, said["size"])
        digest = await asyncio.to_thread(hashlib.sha256, data)
        return Verified(kind.format, kind.media_type, width, height, digest.hexdigest())

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn to shrink, within the bounds of the line; only then should the picture be fetched.

        While there are two children, one is left to those who upload. Raises DecodeBusy.
        """
        if self._to_shrink >= self._limits.waiting:
            raise DecodeBusy(retry_after=_RETRY_AFTER)
        self._to_shrink += 1
        try:
            async with asyncio.timeout(self._limits.wait_seconds):
                await self._shrinking.acquire()
        except TimeoutError:
            raise DecodeBusy(retry_after=_RETRY_AFTER) from None
        finally:
            self._to_shrink -= 1
        try:
            yield
        finally:
            self._shrinking.release()

    async def shrink(self, data: bytes, *, width: int, format: Format) -> bytes:
        """A copy of a JPEG of our own, at most so wide; within a `turn`. Raises DecodeBusy, PictureUnreadable."""
        return await self._made({"width": width, "format": format}, data)

    async def card(self, layout: Mapping[str, Any], pictures: Sequence[bytes]) -> bytes:
        """A JPEG laid out of JPEGs of our own (kit/decode/card.py); within a `turn`. Raises as `shrink`."""
        order = {"card": layout, "lengths": [len(picture) for picture in pictures]}
        return await self._made(order, b"".join(pictures))

    async def _made(self, order: dict[str, Any], data: bytes) -> bytes:
        try:
            answer = await self._ask(order, data)
        except PhotoDecodeTimeout:
            raise DecodeBusy(retry_after=_RETRY_AFTER) from None
        except PhotoCorrupt as error:
            raise PictureUnreadable("the child was lost") from error
        if not answer.picture:
            raise PictureUnreadable(str(answer.said.get("detail", "")))
        return answer.picture

    async def _ask(self, order: dict[str, Any], data: bytes) -> Answer:
        child = await self._take()
        try:
            with DECODERS_BUSY.track_inprogress():
                async with asyncio.timeout(self._limits.seconds):
                    return await child.ask(order, data)
        except TimeoutError:
            raise PhotoDecodeTimeout from None
        except ChildLost:
            if self._closed:
                raise DecodeBusy(retry_after=_RETRY_AFTER) from None
            raise PhotoCorrupt from None
        finally:
            self._give_back(child)

    async def _take(self) -> Child:
        """Wait for an idle child that still lives, within the bounds of the line."""
        if self._closed or self._waiting >= self._limits.waiting:
            raise DecodeBusy(retry_after=_RETRY_AFTER)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.wait_seconds):
                with DECODE_WAITING.track_inprogress():
                    while not (child := await self._idle.get()).fit:
                        self._give_back(child)
                return child
        except TimeoutError:
            raise DecodeBusy(retry_after=_RETRY_AFTER) from None
        finally:
            self._waiting -= 1

    def _give_back(self, child: Child) -> None:
        if child.fit:
            self._idle.put_nowait(child)
        elif not self._closed:
            task = asyncio.get_running_loop().create_task(self._replace(child))
            self._replacing.add(task)
            task.add_done_callback(self._replacing.discard)

    async def _replace(self, child: Child) -> None:
        DECODERS_REPLACED.inc()
        await child.end()
        self._children.discard(child)
        while not self._closed:
            try:
                await self._add()
                break
            except (ChildLost, OSError):
                _log.exception("a decoder could not be replaced")
                await asyncio.sleep(_RESTART_SECONDS)

    async def _add(self) -> None:
        child = await Child.start(self._limits)
        self._children.add(child)
        self._idle.put_nowait(child)
