"""Pictures of the local store by signed link, and uploads to it by signed form.

With S3 links and forms lead to the bucket, and these routes answer 404.
"""

from __future__ import annotations

from litestar import Request, Response, Router, get, post
from litestar.datastructures import State, UploadFile
from litestar.params import FromPath, FromQuery

from api.admission import FormAdmitted
from api.caching import UNCHANGED, answer_picture
from api.given import GivenRuntime
from api.problems import fails
from kit.errors import NotFound
from kit.runtime import Runtime
from kit.storage import LinkRefused, LocalStorage
from kit.storage.errors import LinkExpired, ObjectMissing, StorageAway
from kit.storage.form import FILE

LARGEST_FORM = 20 * 1024**2 + 64 * 1024

AnyRequest = Request[None, None, State]


@get(
    "/media/{key:path}",
    exclude_from_auth=True,
    tags=["media"],
    opt=fails(LinkExpired, LinkRefused, ObjectMissing, StorageAway),
    responses=UNCHANGED,
)
async def get_media(
    key: FromPath[str],
    request: AnyRequest,
    runtime: GivenRuntime,
    expires: FromQuery[str] = "",
    signature: FromQuery[str] = "",
    name: FromQuery[str | None] = None,
) -> Response[bytes]:
    """A stored object, when its link is whole and its time not over."""
    key = key.removeprefix("/")
    opened = await _local(runtime).open_signed(key, expires=expires, signature=signature, name=name)
    data = await runtime.storage.get(key)
    headers = {} if opened.disposition is None else {"Content-Disposition": opened.disposition}
    return await answer_picture(request, data, opened.media_type, expires=int(expires), headers=headers)


@post(
    "/media",
    include_in_schema=False,
    exclude_from_auth=True,
    status_code=204,
    middleware=[FormAdmitted],
    request_max_body_size=LARGEST_FORM,
)
async def post_media(request: AnyRequest, runtime: GivenRuntime) -> None:
    """Store what is posted with a form of ours: its fields once each and unchanged, and the bytes as `file`."""
    storage = _local(runtime)
    fields: dict[str, str] = {}
    file: UploadFile | None = None
    for name, value in (await request.form()).multi_items():
        if name == FILE and isinstance(value, UploadFile) and file is None:
            file = value
        elif isinstance(value, str) and name not in fields:
            fields[name] = value
        else:
            raise LinkRefused
    if file is None:
        raise LinkRefused
    await storage.accept_form(fields, await file.read())


def _local(runtime: Runtime) -> LocalStorage:
    if not isinstance(runtime.storage, LocalStorage):
        raise NotFound
    return runtime.storage


router = Router(path="/v1", route_handlers=[get_media, post_media])
