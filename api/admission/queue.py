"""Places in the render queue: a render that would wait too long is refused before anything is written."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import ClassVar

from litestar import Request, Response
from litestar.datastructures import State
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.before import before
from kit.db.engine import Database
from kit.errors import AppError, Busy
from kit.metrics import ADMISSION_REFUSED
from kit.outbox.backlog import Backlog, backlog
from kit.settings import Queue
from modules.accounts.caller import Caller

FRESH_S = 0.1
"""How old the known state of a queue may be; the two renders that a worker has in hand last longer."""
UNKNOWN_S, LONGEST_S = 10, 120
"""Retry-After while the pace is unknown, and at the most."""
_PLACE = "place_in_queue"


class QueueFull(Busy):
    """Too much waits already. retry_after: when there should be room, from the queue's throughput."""

    code = "queue_full"


class OwnQueueFull(QueueFull):
    """Too much of this business waits."""

    status = 429


class QueueRoom:
    """What waits in a queue: what the database said a moment ago, and what this process has let in since.

    Another process may let in as much again within FRESH_S as this one knows of.
    """

    def __init__(self, db: Database, queue: str, settings: Queue) -> None:
        self._db, self._queue, self._settings = db, queue, settings
        self._known, self._known_at = Backlog({}, 0.0, 0.0), -math.inf
        self._asking = asyncio.Lock()
        self._here: Counter[str] = Counter()
        self._ended: list[tuple[float, str]] = []

    @asynccontextmanager
    async def place(self, business_id: str) -> AsyncIterator[None]:
        """Hold a place while a job is written. Raises QueueFull, OwnQueueFull."""
        await self._refresh()
        self._refuse_when_full(business_id)
        self._here[business_id] += 1
        try:
            yield
        finally:
            self._here[business_id] -= 1
            self._here += Counter()  # drops zeros
            self._ended.append((time.monotonic(), business_id))

    async def of(self, business_id: str) -> tuple[int, int]:
        """How many jobs of a business may wait at present, and how many do."""
        await self._refresh()
        return self._most_of_one, self._waiting(business_id)

    @property
    def _most(self) -> int:
        """Jobs that may wait: those done within the longest wait, and any number while the pace is unknown."""
        settings, per_s = self._settings, self._known.per_s
        return min(settings.depth, max(1, int(settings.wait_s * per_s))) if per_s else settings.depth

    @property
    def _most_of_one(self) -> int:
        return min(self._settings.depth_per_business, math.ceil(self._most / 2))

    def _refuse_when_full(self, business_id: str) -> None:
        settings, known, most = self._settings, self._known, self._most
        depth = known.depth + self._here.total() + len(self._ended)
        own = self._waiting(business_id)
        if depth >= most or known.age_s > settings.age_s:
            ADMISSION_REFUSED.labels("queue").inc()
            too_old = depth * max(0.0, 1 - settings.age_s / known.age_s) if known.age_s else 0.0
            raise QueueFull(retry_after=self._drained(max(depth - most + 1, too_old)))
        if own >= self._most_of_one:
            ADMISSION_REFUSED.labels("queue_of_business").inc()
            raise OwnQueueFull(retry_after=self._drained(depth / own))

    def _waiting(self, business_id: str) -> int:
        since = sum(business == business_id for _, business in self._ended)
        return self._known.waiting.get(business_id, 0) + self._here[business_id] + since

    def _drained(self, jobs: float) -> int:
        """Seconds until so many jobs are done at the present pace."""
        if self._known.per_s == 0:
            return UNKNOWN_S
        return min(LONGEST_S, max(1, math.ceil(jobs / self._known.per_s)))

    async def _refresh(self) -> None:
        async with self._asking:
            asked_at = time.monotonic()
            if asked_at - self._known_at < FRESH_S:
                return
            async with self._db.system() as unit:
                self._known = await backlog(unit, self._queue)
            self._known_at = time.monotonic()
            self._ended = [entry for entry in self._ended if entry[0] > asked_at]


class QueueAdmitted:
    """ASGI middleware of a route that queues a render: gives up the place that `admit_to_queue` took.

    It does so as the answer begins, when the work is committed: an answer may wait long, or be read slowly.
    """

    fails: ClassVar[tuple[type[AppError], ...]] = (QueueFull, OwnQueueFull)

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with AsyncExitStack() as place:
            scope["state"][_PLACE] = place

            async def send_and_leave(message: Message) -> None:
                await place.aclose()
                await send(message)

            await self._app(scope, receive, send_and_leave)


async def admit_to_queue(request: Request[Caller, None, State]) -> Response[bytes] | None:
    """Before the handler: the stored answer of a repeated request, else a place in the queue.

    A repeat is no new work and finds its answer, or its first copy in flight, however full the queue is.
    Raises QueueFull, OwnQueueFull and as `before`.
    """
    answer = await before(request)
    if answer is None:
        room: QueueRoom = request.app.state.queue_room
        place: AsyncExitStack = request.scope["state"][_PLACE]
        await place.enter_async_context(room.place(request.user.business_id))
    return answer
