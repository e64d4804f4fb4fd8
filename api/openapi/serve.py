"""The document over HTTP."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from litestar import Request, Response, get

from api.openapi.document import document


@get("/schema/openapi.json", include_in_schema=False, exclude_from_auth=True)
async def get_document(request: Request[Any, Any, Any]) -> Response[bytes]:
    """This service's OpenAPI document; made once, when it is first asked for."""
    state = request.app.state
    if "openapi" not in state:
        body = msgspec.json.encode(document(request.app))
        state.openapi = (body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
    body, tag = state.openapi
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
