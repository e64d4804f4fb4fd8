"""Pictures of the local store by signed link; with S3 the links lead to the bucket and this route answers 404."""

from __future__ import annotations

from litestar import Response, Router, get
from litestar.params import FromPath, FromQuery

from api.given import GivenRuntime
from kit.errors import NotFound
from kit.storage import LocalStorage


@get("/media/{key:path}", include_in_schema=False)
async def get_media(
    key: FromPath[str],
    runtime: GivenRuntime,
    expires: FromQuery[str] = "",
    signature: FromQuery[str] = "",
    name: FromQuery[str | None] = None,
) -> Response[bytes]:
    """A stored object, when its link is whole and its time not over."""
    if not isinstance(runtime.storage, LocalStorage):
        raise NotFound
    key = key.removeprefix("/")
    opened = await runtime.storage.open_signed(key, expires=expires, signature=signature, name=name)
    headers = {"Cache-Control": "private, max-age=300", "X-Content-Type-Options": "nosniff"}
    if opened.disposition is not None:
        headers["Content-Disposition"] = opened.disposition
    return Response(await runtime.storage.get(key), media_type=opened.media_type, headers=headers)


router = Router(path="/v1", route_handlers=[get_media])
