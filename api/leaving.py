"""An HTTP server that leaves in order: it says so first, then closes its door, then finishes what it has in hand."""

from __future__ import annotations

import asyncio
import socket
from types import FrameType

import uvicorn
from litestar import Litestar

from kit.log import get_logger
from kit.runtime import Runtime

log = get_logger(__name__)


class LeavingServer(uvicorn.Server):
    """Uvicorn, with a time between the signal and its effect.

    At the signal `/health/ready` turns to 503 and event streams end with a last word; new requests are still served
    for `leave_s`. Then no connection is taken any more, and requests in hand are finished.
    """

    def __init__(self, app: Litestar, config: uvicorn.Config, leave_s: float) -> None:
        super().__init__(config)
        self._app, self._leave_s = app, leave_s
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to leave; a second signal closes the door at once, a third waits for nobody."""
        runtime: Runtime | None = self._app.state.get("runtime")
        if self._loop is None or runtime is None or self.should_exit:
            super().handle_exit(sig, frame)
        elif runtime.leaving.is_set():
            self.should_exit = True
        else:
            self._loop.call_soon_threadsafe(self._leave, runtime)

    def _leave(self, runtime: Runtime) -> None:
        """What ends in order ends with code 0: uvicorn would raise the signal again when told of it."""
        log.info("leaving", within_s=self._leave_s)
        runtime.leaving.set()
        asyncio.get_running_loop().call_later(self._leave_s, self._close)

    def _close(self) -> None:
        self.should_exit = True
