"""An upload that is under way for as long as a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from benchmarks.errands import HANDS
from benchmarks.journey import Visitor

BOUNDARY = "in-two-parts"
MULTIPART = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def photo_in_parts(visitor: Visitor, rest: asyncio.Event) -> AsyncIterator[bytes]:
    """An upload's body whose second half is sent when it is told."""
    photo = sorted(HANDS.glob("*.jpg"))[0].read_bytes()
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{{}}"{{}}\r\n\r\n'
    fields = (
        head.format("consent_id", "") + f"{visitor.consent_id}\r\n" + head.format("file", '; filename="a"')
    )
    body = fields.encode() + photo + f"\r\n--{BOUNDARY}--\r\n".encode()

    async def parts() -> AsyncIterator[bytes]:
        yield body[: len(body) // 2]
        await rest.wait()
        yield body[len(body) // 2 :]

    return parts()
