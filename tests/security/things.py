"""Things that a route is about, made fresh for each test; named as the routes' path parameters are.

A path parameter of a new kind needs a line in THINGS, and one in OF_CUSTOMERS when other visitors may not see it.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import httpx

from kit.ids import new_id
from kit.runtime import Runtime
from kit.settings import ROOT
from modules.tryon import keys
from modules.tryon import service as tryons
from modules.tryon.result import LayerOutcome, RenderedLook, Result
from modules.webhooks import store as webhooks
from modules.webhooks.wire import WebhookRequest
from tests.faults.service import RED
from tests.integration.callers import bearer, hire, sql
from tests.integration.desk import POLISH, PRODUCT, SERVICE
from tests.security.cast import Cast

Makes = Callable[["Maker"], Awaitable[str]]
BUNDLE = {"name": "Evening", "occasion": "party", "designs": [RED]}
PHOTO = (ROOT / "assets" / "samples" / "hands" / "open_05_left.jpg").read_bytes()
NAMED = re.compile(r"\{(\w+)\}")
_numbers = count()


class Maker:
    """Makes things of the cast's business and its visitor, each at most once."""

    def __init__(self, api: httpx.AsyncClient, runtime: Runtime, cast: Cast) -> None:
        self.api, self.runtime, self.cast = api, runtime, cast
        self.made: dict[str, str] = {}

    async def thing(self, name: str) -> str:
        """The id of a thing."""
        if name not in self.made:
            self.made[name] = await THINGS[name](self)
        return self.made[name]

    async def at(self, path: str) -> str:
        """A path with the ids of things in it."""
        for name in NAMED.findall(path):
            path = path.replace(f"{{{name}}}", await self.thing(name))
        return path

    async def filled(self, body: Any) -> Any:
        """A body whose `{name}` strings are made things."""
        match body:
            case str() if body.startswith("{"):
                return await self.thing(body[1:-1])
            case dict():
                return {key: await self.filled(value) for key, value in body.items()}
            case list():
                return [await self.filled(value) for value in body]
        return body

    async def post(self, path: str, body: Any = None, *, visitor: bool = False) -> dict[str, Any]:
        """What the business's key, or its visitor, makes by a POST."""
        headers = bearer(self.cast.visitor.token) if visitor else self.cast.salon.headers
        answer = await self.api.post(await self.at(path), json=await self.filled(body), headers=headers)
        made: dict[str, Any] = answer.raise_for_status().json()
        return made


def posted(path: str, body: Any, *, visitor: bool = False) -> Makes:
    """A thing that a POST makes."""

    async def make(maker: Maker) -> str:
        return str((await maker.post(path, body, visitor=visitor))["id"])

    return make


def known(value: str) -> Makes:
    """A thing that is everybody's."""

    async def make(_maker: Maker) -> str:
        return value

    return make


async def a_member(maker: Maker) -> str:
    return (await hire(maker.runtime, maker.cast.salon)).staff_id


async def a_session(maker: Maker) -> str:
    return (await hire(maker.runtime, maker.cast.salon)).session_id


async def an_invitation(maker: Maker) -> str:
    body = {"email": f"guest{next(_numbers)}@salon.example", "role": "stylist"}
    return str((await maker.post("/v1/staff/invitations", body))["id"])


async def a_webhook(maker: Maker) -> str:
    """Written to the store: the service would look the host up."""
    request = WebhookRequest("https://hooks.salon.example/")
    async with maker.runtime.db.tenant(maker.cast.salon.business_id) as unit:
        return (await webhooks.endpoints.add(unit, new_id("whk"), request, b"secret")).id


async def a_delivery(maker: Maker) -> str:
    """One whose attempts are over, so that it can be sent again."""
    made = str((await maker.post("/v1/webhooks/{webhook_id}/ping"))["id"])
    failed = "UPDATE webhook_deliveries SET state = 'failed' WHERE id = :id"
    await sql(maker.runtime, maker.cast.salon, failed, id=made)
    return made


async def a_drawn_tryon(maker: Maker) -> str:
    """A try-on whose photo may be shared, and what a worker writes when it has drawn it."""
    body = {"text_version": "2026-11", "purposes": ["try_on", "share"], "signature": "tapped"}
    maker.made["consent_to_share"] = (await maker.post("/v1/consents", body, visitor=True))["id"]
    sample = {"consent_id": "{consent_to_share}"}
    photo = (await maker.post(f"/v1/sample-photos/{SAMPLE}", sample, visitor=True))["id"]
    asked = {"photo_id": photo, "looks": [{"designs": [RED]}]}
    tryon: str = (await maker.post("/v1/tryons", asked, visitor=True))["id"]
    prefix = keys.attempt(maker.cast.salon.business_id, tryon, 1)
    for name in ("0/full.jpg", "before.jpg"):
        await maker.runtime.storage.put(prefix + name, PHOTO, "image/jpeg")
    look = RenderedLook(
        "Red", (LayerOutcome("nail_polish", "applied", 1.0),), {"full": f"{prefix}0/full.jpg"}
    )
    result = Result(1080, 1440, (look,), f"{prefix}before.jpg")
    async with maker.runtime.db.tenant(maker.cast.salon.business_id) as unit:
        await tryons.finish(unit, tryon, result, tidy=False)
    return tryon


async def an_import(maker: Maker) -> str:
    answer = await maker.api.post(
        "/v1/catalog/imports",
        params={"subject": "products"},
        files={"file": ("t.csv", b"sku,name\n")},
        headers=maker.cast.salon.headers,
    )
    return str(answer.raise_for_status().json()["id"])


async def an_upload(maker: Maker) -> str:
    """A form that was asked for, filled and posted."""
    body = {"consent_id": "{consent_id}", "media_type": "image/jpeg"}
    upload = await maker.post("/v1/photos/uploads", body, visitor=True)
    sent = await maker.api.post(upload["url"], data=upload["fields"], files={"file": PHOTO})
    sent.raise_for_status()
    return str(upload["id"])


def stocked(path: str, body: dict[str, Any]) -> Makes:
    """A thing of the catalogue with a SKU of its own."""

    async def make(maker: Maker) -> str:
        return str((await maker.post(path, {**body, "sku": f"SKU-{next(_numbers)}"}))["id"])

    return make


SAMPLE = "open_05_left"
THINGS: dict[str, Makes] = {
    "key_id": posted("/v1/keys", {"name": "a key"}),
    "staff_id": a_member,
    "session_id": a_session,
    "invitation_id": an_invitation,
    "kiosk_id": posted("/v1/kiosks", {"name": "a kiosk"}),
    "customer_id": lambda maker: _customer(maker),
    "consent_id": posted(
        "/v1/consents",
        {"text_version": "2026-11", "purposes": ["try_on"], "signature": "tapped"},
        visitor=True,
    ),
    "photo_id": posted(f"/v1/sample-photos/{SAMPLE}", {"consent_id": "{consent_id}"}, visitor=True),
    "tryon_id": posted("/v1/tryons", {"photo_id": "{photo_id}", "looks": [{"designs": [RED]}]}, visitor=True),
    "done_tryon_id": a_drawn_tryon,
    "share_id": posted("/v1/tryons/{done_tryon_id}/shares", {"before": True}, visitor=True),
    "webhook_id": a_webhook,
    "delivery_id": a_delivery,
    "erasure_id": posted("/v1/customers/{customer_id}/erasure", None),
    "export_id": posted("/v1/customers/{customer_id}/export", None),
    "own_design_id": stocked("/v1/catalog/designs", POLISH),
    "bundle_id": posted("/v1/catalog/bundles", BUNDLE),
    "service_id": posted("/v1/catalog/services", SERVICE),
    "product_id": stocked("/v1/catalog/products", PRODUCT),
    "import_id": an_import,
    "upload_id": an_upload,
    "key": known("photos/a/original"),
    "picture": known("0"),
    "width": known("320"),
    "sample_id": known(SAMPLE),
    "design_id": known(RED),
}
OF_CUSTOMERS = {"consent_id", "photo_id", "tryon_id", "upload_id", "done_tryon_id", "share_id"}
"""What other visitors of the same business, and test keys, must not find; the visitor herself may."""
OF_A_CUSTOMER = {"customer_id", "erasure_id", "export_id"}
"""The same, about a customer whom the business's key names."""
OF_EVERYBODY = {"sample_id", "design_id", "key", "picture", "width"}
"""What is shipped with the service, and words of addresses."""


async def _customer(maker: Maker) -> str:
    return (await maker.post("/v1/visitors"))["customer_id"]
