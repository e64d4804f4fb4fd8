"""Favourites and what was tried lately: a customer's own, kept by herself or by those who serve her."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from kit.runtime import Runtime
from modules.accounts import service as accounts
from modules.accounts.scopes import Role, Scope
from modules.favourites import service, store
from modules.favourites.service import MOST_FAVOURITES, MOST_TRIED
from modules.tryon import store as tryons
from modules.tryon.result import LayerOutcome, RenderedLook, Result
from modules.tryon.service import finish, remember
from modules.tryon.states import Status
from modules.tryon.store import TryOnRow
from tests.integration.callers import Held, bearer, hire, hold
from tests.integration.conftest import Salon
from tests.integration.desk import POLISH, Desk

RED, NAVY, ROSE = "des_polish_lacquer_red", "des_polish_midnight_navy", "des_lips_petal_satin"
UNKNOWN = "des_polish_gone"


@pytest.fixture
async def customer(api: httpx.AsyncClient, runtime: Runtime, salon: Salon) -> Held:
    return await hold(api, runtime, salon, "visitor")


@pytest.fixture
def desk(runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> Desk:
    return Desk(runtime, api, salon)


class Book:
    """One customer's lists, as one caller sees them."""

    def __init__(self, api: httpx.AsyncClient, customer_id: str, headers: dict[str, str]) -> None:
        self._api, self._path, self._headers = api, f"/v1/customers/{customer_id}", headers

    async def ask(self, method: str, path: str, status: int) -> Any:
        answer = await self._api.request(method, f"{self._path}/{path}", headers=self._headers)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def like(self, design_id: str, status: int = 204) -> Any:
        return await self.ask("PUT", f"favourites/{design_id}", status)

    async def liked(self) -> list[str]:
        return [item["design"]["id"] for item in (await self.ask("GET", "favourites", 200))["items"]]

    async def tried(self) -> list[str]:
        return [item["design"]["id"] for item in (await self.ask("GET", "tried-designs", 200))["items"]]


async def test_favourites_are_kept_once_newest_first_and_taken_out(
    api: httpx.AsyncClient, customer: Held
) -> None:
    book = Book(api, customer.id, customer.headers)
    for design_id in (RED, NAVY, RED, ROSE):
        await book.like(design_id)

    assert await book.liked() == [ROSE, NAVY, RED]
    await book.ask("DELETE", f"favourites/{NAVY}", 204)
    await book.ask("DELETE", f"favourites/{NAVY}", 204)
    assert await book.liked() == [ROSE, RED]
    assert (await book.like(UNKNOWN, 404))["code"] == "design_not_found"


async def test_what_is_no_longer_offered_is_not_shown(
    desk: Desk, api: httpx.AsyncClient, customer: Held, runtime: Runtime, salon: Salon
) -> None:
    book = Book(api, customer.id, customer.headers)
    own = (await desk.add("/designs", POLISH, state="live"))["id"]
    await book.like(own)
    await book.like(NAVY)
    async with runtime.db.tenant(salon.business_id) as unit:
        await service.remember(unit, customer.id, [own, NAVY], datetime.now(UTC))
    assert (await book.liked(), sorted(await book.tried())) == ([NAVY, own], sorted([own, NAVY]))

    await desk.ask("DELETE", f"/designs/{own}", 204)
    await desk.ask("PUT", f"/shelf/{NAVY}", json={"hidden": True}, headers={"If-Match": '"0"'})

    assert (await book.liked(), await book.tried()) == ([], [])
    await book.like(own, 404)


async def test_a_full_list_takes_no_more_until_something_makes_room(
    desk: Desk, api: httpx.AsyncClient, customer: Held
) -> None:
    book = Book(api, customer.id, customer.headers)
    answer = await api.get("/v1/designs?limit=100", headers=customer.headers)
    first = [design["id"] for design in answer.json()["items"]]
    assert ROSE not in first
    for design_id in first[:MOST_FAVOURITES]:
        await book.like(design_id)

    assert (await book.like(ROSE, 409))["code"] == "too_many_favourites"
    await book.like(first[0])
    await desk.ask("PUT", f"/shelf/{first[5]}", json={"hidden": True}, headers={"If-Match": '"0"'})
    await book.like(ROSE)
    assert (await book.liked())[0] == ROSE


async def test_side_by_side_no_more_are_kept_than_one_after_the_other(
    api: httpx.AsyncClient, customer: Held
) -> None:
    """Given room for two more, when twelve come at once, then two are kept and ten are told that the list is full."""
    answer = await api.get("/v1/designs?limit=100", headers=customer.headers)
    ids = [design["id"] for design in answer.json()["items"]]
    book = Book(api, customer.id, customer.headers)
    for design_id in ids[: MOST_FAVOURITES - 2]:
        await book.like(design_id)
    rest = answer.json()["next_cursor"]
    more = await api.get("/v1/designs", params={"limit": 10, "cursor": rest}, headers=customer.headers)
    late = [*ids[MOST_FAVOURITES - 2 :], *(design["id"] for design in more.json()["items"])]

    path = f"/v1/customers/{customer.id}/favourites"
    answers = await asyncio.gather(*(api.put(f"{path}/{id}", headers=customer.headers) for id in late))

    assert len(late) == 12
    assert sorted(answer.status_code for answer in answers) == [204] * 2 + [409] * 10
    assert len(await book.liked()) == MOST_FAVOURITES


async def test_the_newest_fifty_tried_designs_are_kept_each_once(
    api: httpx.AsyncClient, customer: Held, runtime: Runtime, salon: Salon
) -> None:
    book, now = Book(api, customer.id, customer.headers), datetime.now(UTC)
    answer = await api.get("/v1/designs?limit=60", headers=customer.headers)
    ids = [design["id"] for design in answer.json()["items"]]
    async with runtime.db.tenant(salon.business_id) as unit:
        for number, design_id in enumerate(ids):
            await service.remember(unit, customer.id, [design_id], now + timedelta(seconds=number))
        await service.remember(unit, customer.id, [ids[30]], now + timedelta(seconds=90))
        await service.remember(unit, customer.id, [ids[59]], now)  # told late: what was later stays

    tried = await book.tried()

    assert tried[:3] == [ids[30], ids[59], ids[58]]
    assert len(tried) == len(set(tried)) == MOST_TRIED


async def asked_for(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, customer: Held, photo: bytes
) -> TryOnRow:
    """A try-on of two looks that waits for a worker."""
    consent = {"text_version": "2026-11", "purposes": ["try_on"], "signature": "tapped"}
    given = (await api.post("/v1/consents", json=consent, headers=customer.headers)).json()
    uploaded = await api.post(
        "/v1/photos",
        files={"file": ("photo", photo)},
        data={"consent_id": given["id"]},
        headers=customer.headers,
    )
    looks = [{"designs": [RED]}, {"designs": [{"id": NAVY}, ROSE]}]
    body = {"photo_id": uploaded.json()["id"], "looks": looks}
    asked = await api.post("/v1/tryons", json=body, headers=customer.headers)
    assert asked.status_code == 202, asked.text
    async with runtime.db.tenant(salon.business_id) as unit:
        row = await tryons.find(unit, asked.json()["id"])
    assert row is not None
    return row


async def test_a_try_on_that_is_done_fills_the_list_and_no_other_does(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, customer: Held, hand_photo: bytes
) -> None:
    book = Book(api, customer.id, customer.headers)
    row = await asked_for(api, runtime, salon, customer, hand_photo)
    result = Result(
        10, 10, (RenderedLook("Red", (LayerOutcome("nail_polish", "applied", 1.0, ""),), {}),), None
    )

    async with runtime.db.tenant(salon.business_id) as unit:
        await remember(unit, row.id)
    assert await book.tried() == []
    async with runtime.db.tenant(salon.business_id) as unit:
        ended = await finish(unit, row.id, result, tidy=False)
        assert ended is not None
        assert ended.status is Status.DONE
        await remember(unit, row.id)
        await remember(unit, row.id)
    assert sorted(await book.tried()) == sorted([RED, NAVY, ROSE])

    async with runtime.db.tenant(salon.business_id) as unit:
        await store.forget(unit, customer.id)
        await tryons.erase(unit, row.id)
        await remember(unit, row.id)
    assert await book.tried() == []


async def test_who_sees_whose_lists(
    api: httpx.AsyncClient, runtime: Runtime, salon: Salon, other_salon: Salon, customer: Held
) -> None:
    await Book(api, customer.id, customer.headers).like(RED)
    stylist = (await hire(runtime, salon, Role.STYLIST)).headers
    neighbour = (await hold(api, runtime, salon, "visitor")).headers
    tester = (await hold(api, runtime, salon, "test_key")).headers
    kiosk = (await hold(api, runtime, salon, "kiosk")).headers
    async with runtime.db.tenant(salon.business_id) as unit:
        small = bearer((await accounts.create_key(unit, "small", (Scope.CATALOG_READ,))).secret)

    for headers in (stylist, salon.headers):
        assert await Book(api, customer.id, headers).liked() == [RED]
    calls = (
        ("GET", "favourites"),
        ("PUT", f"favourites/{NAVY}"),
        ("DELETE", f"favourites/{RED}"),
        ("GET", "tried-designs"),
    )
    for method, path in calls:
        for headers in (neighbour, other_salon.headers, tester):
            refused = await Book(api, customer.id, headers).ask(method, path, 404)
            assert refused["code"] == "customer_not_found"
        for headers in (kiosk, small):
            await Book(api, customer.id, headers).ask(method, path, 403)
        await Book(api, customer.id, {}).ask(method, path, 401)
        await Book(api, "cus_nobody", salon.headers).ask(method, path, 404)
    assert await Book(api, customer.id, salon.headers).liked() == [RED]
