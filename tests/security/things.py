"""Things that a route is about, made fresh for each test; named as the routes' path parameters are.

A path parameter of a new kind needs a line in THINGS, and one in OF_CUSTOMERS when other visitors may not see it.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any

import httpx

from kit import clock
from kit.ids import new_id
from kit.runtime import Runtime
from kit.settings import ROOT
from modules.analysis import service as analysis
from modules.messaging import service as messaging
from modules.messaging.contexts import SharedLook
from modules.messaging.kinds import Kind
from modules.messaging.service import Recipient
from modules.tryon import keys
from modules.tryon import service as tryons
from modules.tryon.result import LayerOutcome, RenderedLook, Result
from modules.webhooks import store as webhooks
from modules.webhooks.wire import WebhookRequest
from tests.faults.service import RED
from tests.integration.callers import bearer, hire, sql
from tests.integration.desk import POLISH, PRODUCT, SERVICE
from tests.integration.parlour import hours, next_monday
from tests.person import facts
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


async def a_message(maker: Maker) -> str:
    """One that waits; no worker is here to send it."""
    context = SharedLook(url="https://salon.example/s/1", by="Mara", look="Red", expires_at=clock.now())
    to = Recipient("mara@guest.example", customer_id=await maker.thing("customer_id"))
    async with maker.runtime.db.tenant(maker.cast.salon.business_id) as unit:
        return await messaging.send(unit, Kind.SHARED_LOOK, to, context, key=f"thing {next(_numbers)}")


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


async def an_analysed_photo(maker: Maker) -> str:
    """One that a worker has looked at."""
    made = await maker.post("/v1/photos/{photo_id}/analysis", visitor=True)
    async with maker.runtime.db.tenant(maker.cast.salon.business_id) as unit:
        await analysis.finish(unit, made["id"], facts())
    return str(made["photo_id"])


def stocked(path: str, body: dict[str, Any]) -> Makes:
    """A thing of the catalogue with a SKU of its own."""

    async def make(maker: Maker) -> str:
        return str((await maker.post(path, {**body, "sku": f"SKU-{next(_numbers)}"}))["id"])

    return make


def on_monday(hour: int) -> str:
    """An hour of a Monday two weeks ahead, in UTC."""
    return datetime.combine(next_monday(2), time(hour), UTC).isoformat()


def at_ten() -> dict[str, Any]:
    """A manicure at ten."""
    return {
        "location_id": "{location_id}",
        "stylist_id": "{stylist_id}",
        "services": ["srv_gel_manicure"],
        "starts_at": on_monday(10),
    }


async def a_booking(maker: Maker) -> str:
    return str((await maker.post("/v1/bookings", at_ten(), visitor=True))["id"])


async def a_begun_booking(maker: Maker) -> str:
    """Somebody who walked in half an hour ago."""
    began = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=30)
    body = {**at_ten(), "starts_at": began.isoformat(), "walk_in": True}
    return str((await maker.post("/v1/bookings", body))["id"])


async def a_worn_booking(maker: Maker) -> str:
    """A look that was drawn and booked, and whose time has come."""
    body = {**at_ten(), "tryon_id": "{done_tryon_id}"}
    del body["services"]
    made = str((await maker.post("/v1/bookings", body, visitor=True))["id"])
    back = "UPDATE appointments SET starts_at = starts_at - interval '30 days' WHERE id = :id"
    await sql(maker.runtime, maker.cast.salon, back, id=made)
    return made


async def a_compared_booking(maker: Maker) -> str:
    """The same, with a photo of the result; no worker is here to look at it."""
    booking = await maker.thing("worn_booking_id")
    body, headers = {"photo_id": await maker.thing("photo_id")}, maker.cast.salon.headers
    answer = await maker.api.put(f"/v1/bookings/{booking}/outcome", json=body, headers=headers)
    answer.raise_for_status()
    return booking


OPEN_PLACE = {"name": "Mitte", "zone": "Europe/Berlin"}
STYLIST = {"location_id": "{location_id}", "name": "Anna", "schedule": hours("00:00", "24:00")}
WAIT = {
    "location_id": "{location_id}",
    "services": ["srv_gel_manicure"],
    "earliest": on_monday(8),
    "latest": on_monday(18),
}
TIME_OFF = {"starts_at": on_monday(8), "ends_at": on_monday(9)}
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
    "analysed_photo_id": an_analysed_photo,
    "done_tryon_id": a_drawn_tryon,
    "share_id": posted("/v1/tryons/{done_tryon_id}/shares", {"before": True}, visitor=True),
    "webhook_id": a_webhook,
    "delivery_id": a_delivery,
    "message_id": a_message,
    "erasure_id": posted("/v1/customers/{customer_id}/erasure", None),
    "export_id": posted("/v1/customers/{customer_id}/export", None),
    "own_design_id": stocked("/v1/catalog/designs", POLISH),
    "bundle_id": posted("/v1/catalog/bundles", BUNDLE),
    "service_id": posted("/v1/catalog/services", SERVICE),
    "product_id": stocked("/v1/catalog/products", PRODUCT),
    "import_id": an_import,
    "upload_id": an_upload,
    "location_id": posted("/v1/locations", OPEN_PLACE),
    "stylist_id": posted("/v1/schedules", STYLIST),
    "time_off_id": posted("/v1/schedules/{stylist_id}/time-off", TIME_OFF),
    "resource_id": posted(
        "/v1/resources", {"location_id": "{location_id}", "kind": "chair", "name": "Chair"}
    ),
    "booking_id": a_booking,
    "begun_booking_id": a_begun_booking,
    "worn_booking_id": a_worn_booking,
    "compared_booking_id": a_compared_booking,
    "waiting_id": posted("/v1/waitlist", WAIT, visitor=True),
    "appointment_id": known("apt_06f4h2c0m8r9t1v3x5z7b9d1f3"),
    "file": known("sty_06f4h2c0m8r9t1v3x5z7b9d1f3.ics"),
    "key": known("photos/a/original"),
    "picture": known("0"),
    "width": known("320"),
    "sample_id": known(SAMPLE),
    "design_id": known(RED),
}
OF_CUSTOMERS = {
    "consent_id",
    "photo_id",
    "analysed_photo_id",
    "tryon_id",
    "done_tryon_id",
    "share_id",
    "upload_id",
    "booking_id",
    "worn_booking_id",
    "compared_booking_id",
    "waiting_id",
}
"""What other visitors of the same business, and test keys, must not find; the visitor herself may."""
OF_A_CUSTOMER = {"customer_id", "erasure_id", "export_id"}
"""The same, about a customer whom the business's key names."""
OF_EVERYBODY = {"sample_id", "design_id", "key", "picture", "width", "appointment_id", "file"}
"""What is shipped with the service, and words of addresses."""


async def _customer(maker: Maker) -> str:
    return (await maker.post("/v1/visitors"))["customer_id"]
