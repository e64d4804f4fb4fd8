"""Pictures of the local store by signed link; with S3 the links lead to the bucket and this route answers 404."""

from __future__ import annotations

from litestar import Response, Router, get

from kit.errors import NotFound
from kit.runtime import Runtime
from kit.storage import LocalStorage


@get("/media/{key:path}", sync_to_thread=False, include_in_schema=False)
async def get_media(key: str, runtime: Runtime, expires: str = "", signature: str = "") -> Response[bytes]:
    """A stored object, when its link is whole and its time not over."""
    if not isinstance(runtime.storage, LocalStorage):
        raise NotFound
    found = await runtime.storage.open_signed(key.lstrip("/"), expires=expires, signature=signature)
    return Response(
        found.data, media_type=found.media_type, headers={"Cache-Control": "private, max-age=300"}
    )


router = Router(path="/v1", route_handlers=[get_media])
