"""Every bit of every kind of signed link: turned round, the link leads nowhere."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import httpx
import pytest

from kit import clock
from kit.runtime import Runtime
from kit.settings import ROOT
from modules.messaging import links as unsubscribing
from modules.tryon import keys, service, sizes
from modules.tryon.result import LayerOutcome, RenderedLook, Result
from tests.integration.callers import bearer
from tests.security.cast import Cast
from tests.security.things import PHOTO, Maker

KEY = "results/a/full.jpg"
PICTURE = b"a picture"
PURPOSE = re.compile(r'"(vernis [a-z -]+ [0-9]+)"')


async def a_picture(maker: Maker) -> str:
    await maker.runtime.storage.put(KEY, PICTURE, "image/jpeg")
    return await maker.runtime.storage.url(KEY, expires_in=timedelta(minutes=5))


async def a_download(maker: Maker) -> str:
    await maker.runtime.storage.put(KEY, PICTURE, "image/jpeg")
    return await maker.runtime.storage.url(KEY, expires_in=timedelta(minutes=5), download_name="look.jpg")


async def a_stream(maker: Maker) -> str:
    tryon = await maker.thing("tryon_id")
    ended = await maker.post(f"/v1/tryons/{tryon}/cancel")
    return str(ended["links"]["events"])


async def a_receipt(maker: Maker) -> str:
    erasure = await maker.post("/v1/customers/{customer_id}/erasure")
    return next(link for link in erasure["links"].values() if "signature=" in link)


async def a_size(maker: Maker) -> str:
    tryon = await maker.thing("tryon_id")
    key = f"{keys.attempt(maker.cast.salon.business_id, tryon, 1)}0/full.jpg"
    await maker.runtime.storage.put(key, PHOTO, "image/jpeg")
    look = RenderedLook("Red", (LayerOutcome("nail_polish", "applied", 1.0),), {"full": key})
    async with maker.runtime.db.tenant(maker.cast.salon.business_id) as unit:
        await service.finish(unit, tryon, Result(1080, 1440, (look,)), tidy=False)
    return sizes.links(tryon, "0", maker.runtime.settings)["320"]


async def an_unsubscription(maker: Maker) -> str:
    """GET shows a page and changes nothing."""
    message, business = await maker.thing("message_id"), maker.cast.salon.business_id
    return unsubscribing.unsubscribe(maker.runtime.settings, business, message, clock.now())


async def a_manage_link(maker: Maker) -> str:
    booking = await maker.thing("booking_id")
    headers = maker.cast.salon.headers
    answer = await maker.api.get(f"/v1/bookings/{booking}", headers=headers)
    return str(answer.raise_for_status().json()["links"]["manage"])


async def a_visit_page(maker: Maker) -> str:
    return (await a_manage_link(maker)).replace("/v1/manage/", "/m/")


def a_calendar(of: str) -> Callable[[Maker], Awaitable[str]]:
    async def link(maker: Maker) -> str:
        path = await maker.at(f"/v1/{of}/calendar")
        answer = await maker.api.get(path, headers=maker.cast.salon.headers)
        return str(answer.raise_for_status().json()["url"])

    return link


def of_a_share(rest: str) -> Callable[[Maker], Awaitable[str]]:
    async def link(maker: Maker) -> str:
        share = await maker.thing("share_id")
        headers = bearer(maker.cast.visitor.token)
        return str((await maker.api.get(f"/v1/shares/{share}", headers=headers)).json()["url"]) + rest

    return link


LINKS: dict[str, tuple[str, Callable[[Maker], Awaitable[str]]]] = {
    "a picture": ("vernis media 2", a_picture),
    "a download": ("vernis media 2", a_download),
    "the events of a try-on": ("vernis try-on events 1", a_stream),
    "a picture's size": ("vernis picture size 1", a_size),
    "the way out of messages": ("vernis unsubscribe 1", an_unsubscription),
    "somebody's calendar": ("vernis calendar feed 1", a_calendar("schedules/{stylist_id}")),
    "a place's calendar": ("vernis calendar feed 1", a_calendar("locations/{location_id}")),
    "managing a booking": ("vernis manage booking 1", a_manage_link),
    "the page of a booking": ("vernis manage booking 1", a_visit_page),
    "a share": ("vernis share 1", of_a_share("")),
    "a shared look": ("vernis share 1", of_a_share("/look/320")),
    "a shared before": ("vernis share 1", of_a_share("/before/320")),
    "a share's card": ("vernis share 1", of_a_share("/square.jpg")),
    "a share's QR code": ("vernis share 1", of_a_share("/qr.svg")),
    "how to book a share": ("vernis share 1", of_a_share("/book")),
    "the receipt of an erasure": ("vernis erasure receipt 1", a_receipt),
}
"""By kind: the purpose that its signature is for, and a link that works."""
NO_LINKS = {"vernis media form 1"}
"""What no URL carries: the form is turned bit by bit in tests/integration/test_storage_local.py."""


def test_every_purpose_of_a_signature_has_a_link_here() -> None:
    sources = [path for folder in ("kit", "modules", "api") for path in (ROOT / folder).rglob("*.py")]
    found = {purpose for path in sources for purpose in PURPOSE.findall(path.read_text())}
    assert found == {purpose for purpose, _ in LINKS.values()} | NO_LINKS


@pytest.mark.parametrize("kind", LINKS)
async def test_no_bit_of_a_link_can_be_turned_round(
    kind: str, api: httpx.AsyncClient, runtime: Runtime, cast: Cast
) -> None:
    parts = urlsplit(await LINKS[kind][1](Maker(api, runtime, cast)))
    link = (f"{parts.path}?{parts.query}" if parts.query else parts.path).encode()
    app = api._transport.app  # type: ignore[attr-defined]
    assert await answered(app, link) == 200

    worked = [
        (index, bit)
        for index in range(len(link))
        for bit in range(8)
        if not is_its_page(turned := link[:index] + bytes([link[index] ^ 1 << bit]) + link[index + 1 :], link)
        and await answered(app, turned) < 400
    ]

    assert worked == [], link.decode()


def is_its_page(turned: bytes, link: bytes) -> bool:
    """Whether a slash became a question mark: the page of the same share with a query, as messengers add them too."""
    page = b"/".join(link.split(b"/")[:3])
    return link.startswith(b"/s/") and link != page and turned.startswith(page + b"?")


async def answered(app: Any, link: bytes) -> int:
    """The status of a GET of these very bytes: no client in between puts them right."""
    statuses: list[int] = []
    path, _, query = link.partition(b"?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [],
        "client": ("testclient", 1),
        "server": ("testserver", 80),
    }

    requests = iter([{"type": "http.request", "body": b"", "more_body": False}])

    over = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if (request := next(requests, None)) is not None:
            return request
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
        elif not message.get("more_body"):
            over.set()

    await app(scope, receive, send)
    return statuses[0]
