"""Places for uploads: one that there is no room for is refused before its body is read."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import ClassVar

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import send_problem
from kit.errors import AppError, Busy, Refused
from kit.metrics import ADMISSION_REFUSED
from kit.settings import Uploads
from modules.accounts.caller import Caller


class UploadsFull(Busy):
    """retry_after: how long an upload takes here at present."""

    status, code = 503, "uploads_full"
    public = "Many photos are arriving at once. Please try again in a moment."


class UploadTooSlow(Refused):
    status, code, public = 408, "upload_too_slow", "The photo took too long to arrive. Please try again."


class UploadRoom:
    """The uploads that one process has in hand."""

    def __init__(self, settings: Uploads) -> None:
        self._most, self.most_of_one = settings.in_flight, settings.in_flight_per_business
        self.body_s = settings.body_s
        self._of: Counter[str] = Counter()
        self._usual_s = 1.0

    def in_flight_of(self, business_id: str) -> int:
        """Uploads of one business in hand."""
        return self._of[business_id]

    @property
    def in_flight(self) -> int:
        """Uploads in hand."""
        return self._of.total()

    @asynccontextmanager
    async def place(self, business_id: str) -> AsyncIterator[None]:
        """Hold a place while an upload is received and verified. Raises UploadsFull."""
        if self.in_flight >= self._most or self._of[business_id] >= self.most_of_one:
            ADMISSION_REFUSED.labels("uploads").inc()
            raise UploadsFull(retry_after=max(1, math.ceil(self._usual_s)))
        self._of[business_id] += 1
        started = time.monotonic()
        try:
            yield
        finally:
            self._of[business_id] -= 1
            self._usual_s += 0.1 * (time.monotonic() - started - self._usual_s)
            self._of += Counter()  # drops zeros


class UploadAdmitted:
    """ASGI middleware of a route that takes a photo's bytes: a place while they arrive, in time, and are verified.

    Callers without a credential pass: the route's guard refuses them before their body is read.
    """

    fails: ClassVar[tuple[type[AppError], ...]] = (UploadsFull, UploadTooSlow)

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller: Caller | None = scope.get("user")
        if caller is None:
            await self._app(scope, receive, send)
        else:
            room = scope["litestar_app"].state.upload_room
            await _received(self._app, room, caller.business_id, scope, receive, send)


class FormAdmitted:
    """ASGI middleware of the route that takes signed forms: who posts one is known by address only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        room = scope["litestar_app"].state.form_room
        await _received(self._app, room, scope["state"]["address"], scope, receive, send)


async def _received(
    app: ASGIApp, room: UploadRoom, who: str, scope: Scope, receive: Receive, send: Send
) -> None:
    """Let a request hold a place in the room for as long as it lasts, or answer that there is none."""
    async with AsyncExitStack() as place:
        try:
            await place.enter_async_context(room.place(who))
        except Busy as error:
            await send_problem(error, scope, receive, send)
            return
        await app(scope, _in_time(receive, room.body_s), send)


def _in_time(receive: Receive, seconds: float) -> Receive:
    """A `receive` whose whole body has to arrive within so many seconds. Raises UploadTooSlow."""
    until = asyncio.get_running_loop().time() + seconds

    async def receive_in_time() -> Message:
        try:
            async with asyncio.timeout_at(until):
                return await receive()  # type: ignore[return-value]
        except TimeoutError:
            raise UploadTooSlow from None

    return receive_in_time  # type: ignore[return-value]
