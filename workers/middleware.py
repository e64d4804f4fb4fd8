"""What stands around the actors of a worker process: its lifeline, its connections, its models, its heartbeat."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress

from dramatiq import Broker, Middleware, Worker
from dramatiq.asyncio import EventLoopThread, get_event_loop_thread

from kit import log
from kit.lifeline import die_with_parent
from kit.metrics import HEARTBEATS_MISSED, WARM_SECONDS
from kit.news import listen_for_forgetting
from kit.outbox.hands import hand_back
from kit.outbox.heartbeat import beat, leave
from kit.runtime import Runtime, attach, attached, connected
from kit.settings import Settings

BEAT_S = 5.0
MASTERS_SHARE_S = 3.0
"""Of the time to drain, what Dramatiq needs to pass the signal on and to end after its worker."""
HAND_BACK_S = 1.5


class Standing(Middleware):
    """Connects a worker process before its first message, warms its models, and says that it is ready.

    A failure to connect or to warm ends the process: a worker that cannot work must not take messages.
    """

    def __init__(
        self,
        settings: Settings,
        queue: str,
        *,
        warm: Callable[[], None],
        forget: Callable[[str | None], None],
    ) -> None:
        self._settings, self._queue = settings, queue
        self._warm, self._forget = warm, forget
        self._stack = AsyncExitStack()

    def before_worker_boot(self, _broker: Broker, _worker: Worker) -> None:
        """Runs in the worker process, after the event loop's middleware and before the first message."""
        master = multiprocessing.parent_process()
        if master is not None and master.pid is not None:
            die_with_parent(parent=master.pid)
        log.configure(self._settings.log.level, f"worker-{self._queue}")
        try:
            with WARM_SECONDS.labels(self._queue).time():
                self._warm()
            _loop().run_coroutine(self._open())
            gc.freeze()  # what is held by now stays: a full collection waits for a quarter of what it counts
        except Exception as error:
            log.get_logger(__name__).critical("worker_cannot_work", exc_info=error)
            _loop().stop()  # type: ignore[no-untyped-call]
            sys.exit(1)  # Dramatiq logs any other exception here and goes on to take messages

    def before_worker_shutdown(self, _broker: Broker, _worker: Worker) -> None:
        """Bound the drain: a job that outlasts it is handed back, and another worker takes it."""
        cut = threading.Timer(max(1.0, self._settings.workers.drain_s - MASTERS_SHARE_S), _cut)
        cut.daemon = True
        cut.start()

    def after_worker_shutdown(self, _broker: Broker, _worker: Worker) -> None:
        """Leaves in good order; the event loop's middleware stops after this."""
        _loop().run_coroutine(self._stack.aclose())

    async def _open(self) -> None:
        runtime = await self._stack.enter_async_context(connected(self._settings))
        attach(runtime)
        self._stack.callback(attach, None)
        name = _name()
        await _beat_once(runtime, name, self._queue)
        self._stack.push_async_callback(_leave, runtime, name)
        for chore in (
            _keep_beating(runtime, name, self._queue),
            listen_for_forgetting(runtime.redis, self._forget),
        ):
            self._stack.push_async_callback(_cancel, asyncio.create_task(chore))


def _cut() -> None:
    """End now, whatever is still going on."""
    try:
        _loop().run_coroutine(_hand_back())
    finally:
        os._exit(1)


async def _hand_back() -> None:
    """What cannot be handed back in time is taken from us when its lease runs out."""
    here = attached()
    async with asyncio.timeout(HAND_BACK_S):
        log.get_logger(__name__).warning("jobs_handed_back", count=await hand_back(here.db))
        await _leave(here, _name())


async def _beat_once(runtime: Runtime, name: str, queue: str) -> None:
    async with runtime.db.system() as unit:
        await beat(unit, worker=name, queue=queue, pid=os.getpid())


async def _keep_beating(runtime: Runtime, name: str, queue: str) -> None:
    while True:
        await asyncio.sleep(BEAT_S)
        try:
            await _beat_once(runtime, name, queue)
        except Exception as error:
            HEARTBEATS_MISSED.labels(queue).inc()
            log.get_logger(__name__).warning("heartbeat_missed", error=type(error).__name__)


async def _leave(runtime: Runtime, name: str) -> None:
    async with runtime.db.system() as unit:
        await leave(unit, worker=name)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _loop() -> EventLoopThread:
    thread = get_event_loop_thread()
    if thread is None:
        raise LookupError("the event loop of the actors is not running")
    return thread
