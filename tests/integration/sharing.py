"""A look that is shared: a try-on with real renders' facts, its pictures, and the link."""

from __future__ import annotations

import hashlib
import io
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np
from msgspec import Struct
from PIL import Image

from benchmarks.journey import Visitor, new_visitor
from kit.runtime import Runtime
from modules.tryon import keys, service
from modules.tryon.result import LayerOutcome, RenderedLook, Result
from tests.browser import PERSON
from tests.integration.callers import bearer
from tests.integration.conftest import Salon

RED = "des_polish_lacquer_red"
WIDTH, HEIGHT = 900, 1200
NAIL = (300, 200, 420, 360)
"""Where the look is painted, pixels."""
BROWSER = {"user-agent": PERSON, "accept-language": "en"}


def pictures() -> tuple[bytes, bytes]:
    """A photo before and after: the same but for one nail, with a camera's words in neither."""
    coarse = np.random.default_rng(7).integers(90, 200, (24, 18, 3), dtype=np.uint8)
    before = Image.fromarray(coarse).resize((WIDTH, HEIGHT))
    after = before.copy()
    after.paste((179, 18, 42), NAIL)
    return encoded(after), encoded(before)


def encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92, subsampling=0)
    return out.getvalue()


AFTER, BEFORE = pictures()


class Shared(Struct, frozen=True):
    """A share and who made it."""

    api: httpx.AsyncClient
    runtime: Runtime
    salon: Salon
    visitor: Visitor
    tryon_id: str
    view: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.view["id"])

    @property
    def path(self) -> str:
        return urlsplit(self.view["url"]).path

    async def open(self, rest: str = "", **headers: str) -> httpx.Response:
        """What a stranger's browser gets."""
        self.api.cookies.clear()
        return await self.api.get(self.path + rest, headers=BROWSER | headers)

    async def now(self) -> dict[str, Any]:
        answer = await self.api.get(f"/v1/shares/{self.id}", headers=bearer(self.visitor.token))
        return dict(answer.raise_for_status().json())

    async def counts(self) -> dict[str, int]:
        return dict((await self.now())["counts"])

    async def stored(self) -> list[str]:
        prefix = f"shares/{self.salon.business_id}/{self.id}/"
        return [stored.key async for stored in self.runtime.storage.list(prefix)]


async def tried_on(
    runtime: Runtime,
    salon: Salon,
    visitor: Visitor,
    photo: bytes,
    *,
    before: bool = True,
    design: str = RED,
) -> str:
    """A try-on, and what a worker writes when it has drawn it."""
    tryon_id: str = (await visitor.request(await visitor.upload(photo), [[design]]))["id"]
    prefix = keys.attempt(salon.business_id, tryon_id, 1)
    objects = {"full": f"{prefix}0/full.jpg"}
    await runtime.storage.put(objects["full"], AFTER, "image/jpeg")
    kept = f"{prefix}before.jpg" if before else None
    if kept:
        await runtime.storage.put(kept, BEFORE, "image/jpeg")
    look = RenderedLook("Lacquer Red", (LayerOutcome("nail_polish", "applied", 1.0),), objects)
    result = Result(WIDTH, HEIGHT, (look,), kept, hashlib.sha256(BEFORE).hexdigest() if kept else None)
    async with runtime.db.tenant(salon.business_id) as unit:
        await service.finish(unit, tryon_id, result, tidy=False)
    return tryon_id


async def share(
    api: httpx.AsyncClient,
    runtime: Runtime,
    salon: Salon,
    photo: bytes,
    *,
    design: str = RED,
    **asked: Any,
) -> Shared:
    """A new customer's look, shared."""
    visitor = await new_visitor(api, salon.key)
    tryon_id = await tried_on(runtime, salon, visitor, photo, design=design)
    path = f"/v1/tryons/{tryon_id}/shares"
    answer = await api.post(path, json=asked, headers=bearer(visitor.token))
    return Shared(api, runtime, salon, visitor, tryon_id, answer.raise_for_status().json())
