"""How a picture behind a signed link is answered: named by its content, kept by the browser as long as the link lives.

Sources: RFC 9110 (ETag, If-None-Match), RFC 9111 (Cache-Control), RFC 9530 (Repr-Digest).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import Mapping
from typing import Any

from litestar import Request, Response
from litestar.openapi import ResponseSpec

AnyRequest = Request[Any, Any, Any]

UNCHANGED = {304: ResponseSpec(None, generate_examples=False, description="You have it already.")}
"""`responses` of handlers that compare If-None-Match."""


async def answer_picture(
    request: AnyRequest,
    data: bytes,
    media_type: str,
    *,
    expires: int,
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """The picture, or 304 when the browser has it. expires: when the link ends, seconds since 1970.

    The content behind a link never changes while it lives, so nobody has to ask again within that time.
    """
    digest = await asyncio.to_thread(hashlib.sha256, data)
    tag = f'"{digest.hexdigest()}"'
    left = max(0, expires - int(time.time()))
    known = {
        "ETag": tag,
        "Cache-Control": f"private, max-age={left}, immutable",
        "Repr-Digest": f"sha-256=:{base64.b64encode(digest.digest()).decode()}:",
        "X-Content-Type-Options": "nosniff",
        **(headers or {}),
    }
    if names(request.headers.get("if-none-match", ""), tag):
        return Response(b"", status_code=304, media_type=media_type, headers=known)
    return Response(data, media_type=media_type, headers=known)


def names(if_none_match: str, tag: str) -> bool:
    """Whether a list of entity tags holds this one, weakly compared (RFC 9110, 13.1.2)."""
    given = (item.strip().removeprefix("W/") for item in if_none_match.split(","))
    return any(item in (tag, "*") for item in given)
