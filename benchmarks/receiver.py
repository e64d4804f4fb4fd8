"""A receiver of webhooks on this machine that can be told how to misbehave, and a second opinion on signatures."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from msgspec import Struct

HANG, CLOSE = b"hang", b"close"


class Received(Struct, frozen=True):
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def content(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.body)
        return read

    def signed_with(self, secret: str) -> bool:
        """Whether one of the signatures is by this secret: by the words of the specification, not by our library."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        said = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        right = base64.b64encode(hmac.digest(key, said, hashlib.sha256)).decode()
        return f"v1,{right}" in self.headers["webhook-signature"].split(" ")


class Receiver:
    """Gives its next answers in turn, then 204 to everybody."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.received: list[Received] = []
        self.answers: deque[bytes] = deque()

    def will(self, *answers: int | bytes) -> None:
        """Answer with these statuses, or these bytes, next."""
        self.answers.extend(
            f"HTTP/1.1 {one} So\r\nContent-Length: 0\r\n\r\n".encode() if isinstance(one, int) else one
            for one in answers
        )

    @property
    def types(self) -> list[str]:
        return [one.content["type"] for one in self.received]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver for as long as the block runs."""
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {
                name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:-2])
            }
            body = await reader.readexactly(int(headers["content-length"]))
            receiver.received.append(Received(head[0].split(" ")[1], headers, body))
            answer = receiver.answers.popleft() if receiver.answers else b"HTTP/1.1 204 No Content\r\n\r\n"
            if answer is HANG:
                await over.wait()
            elif answer is not CLOSE:
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the sender left, as it should with a body that does not end
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    receiver = Receiver(server.sockets[0].getsockname()[1])
    try:
        yield receiver
    finally:
        over.set()
        server.close()
        await server.wait_closed()
