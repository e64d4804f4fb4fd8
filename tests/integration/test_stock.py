"""Products and their stock: counted exactly, never below nothing unless a correction says so."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from kit.audit import OPERATOR
from kit.runtime import Runtime
from modules.accounts import service as accounts
from modules.accounts.scopes import Role, Scope
from modules.stock import service as stock
from tests.integration.callers import bearer, hire, hold
from tests.integration.conftest import Salon, another_api, somebody_waits
from tests.integration.desk import POLISH, PRODUCT, Desk


@pytest.fixture
def desk(runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> Desk:
    return Desk(runtime, api, salon)


async def moved(desk: Desk, product_id: str, reason: str, delta: int, status: int = 201) -> Any:
    body = {"reason": reason, "delta": delta}
    return await desk.ask("POST", f"/products/{product_id}/movements", status, json=body)


async def test_a_product_begins_with_its_opening_stock_and_every_movement_is_kept(desk: Desk) -> None:
    product = await desk.add("/products", PRODUCT)
    one = f"/products/{product['id']}"

    await moved(desk, product["id"], "sale", -4)
    await moved(desk, product["id"], "delivery", 10)

    history = (await desk.ask("GET", f"{one}/movements"))["items"]
    assert [(entry["reason"], entry["delta"], entry["stock"]) for entry in history] == [
        ("delivery", 10, 11),
        ("sale", -4, 1),
        ("delivery", 5, 5),
    ]
    assert (await desk.ask("GET", one))["stock"] == 11
    assert [(told["stock"], told["low"]) for _, told in await desk.told()] == [
        (5, False),
        (1, True),
        (11, False),
    ]
    assert await desk.audited() == ["product.created", "stock.moved", "stock.moved"]


async def test_only_a_correction_leaves_less_than_nothing(desk: Desk) -> None:
    product_id = (await desk.add("/products", PRODUCT))["id"]

    refused = await moved(desk, product_id, "sale", -6, 409)
    corrected = await moved(desk, product_id, "correction", -6)
    delivered = await moved(desk, product_id, "delivery", 1)

    assert refused["code"] == "out_of_stock"
    assert (corrected["stock"], delivered["stock"]) == (-1, 0)


@pytest.mark.parametrize(("reason", "delta"), [("sale", 1), ("delivery", -1), ("correction", 0), ("loss", 2)])
async def test_a_movement_goes_the_way_of_its_reason(desk: Desk, reason: str, delta: int) -> None:
    product_id = (await desk.add("/products", PRODUCT))["id"]

    refused = await moved(desk, product_id, reason, delta, 422)

    assert (refused["code"], refused["errors"][0]["field"]) == ("movement_unfit", "delta")


async def test_parallel_sales_through_two_processes_never_sell_more_than_there_is(
    desk: Desk, runtime: Runtime
) -> None:
    product_id = (await desk.add("/products", PRODUCT, stock=12))["id"]

    async with another_api(runtime.settings) as second:
        sale: dict[str, Any] = {"json": {"reason": "sale", "delta": -1}, "headers": desk.salon.headers}
        url = f"/v1/catalog/products/{product_id}/movements"
        answers = await asyncio.gather(
            *((desk.api, second)[number % 2].post(url, **sale) for number in range(20))
        )

    sold = [answer.json()["stock"] for answer in answers if answer.status_code == 201]
    assert sorted(sold) == list(range(12))
    assert {answer.status_code for answer in answers} == {201, 409}
    assert (await desk.ask("GET", f"/products/{product_id}"))["stock"] == 0


async def test_a_repeated_movement_counts_once(desk: Desk) -> None:
    product_id = (await desk.add("/products", PRODUCT))["id"]
    sale: dict[str, Any] = {"json": {"reason": "sale", "delta": -2}, "headers": {"Idempotency-Key": "till-7"}}

    for _ in range(2):
        await desk.ask("POST", f"/products/{product_id}/movements", 201, **sale)

    assert (await desk.ask("GET", f"/products/{product_id}"))["stock"] == 3


async def test_a_product_is_changed_by_version_and_its_stock_is_not(desk: Desk) -> None:
    product_id = (await desk.add("/products", PRODUCT))["id"]
    await moved(desk, product_id, "sale", -1)

    changed = await desk.change(f"/products/{product_id}", 1, name=" Gel 8 ml ", low_stock=9)

    assert (changed["name"], changed["low"], changed["stock"], changed["version"]) == ("Gel 8 ml", True, 4, 2)
    assert (await desk.change(f"/products/{product_id}", 1, 412, name="x"))["code"] == "stale_version"
    await desk.change(f"/products/{product_id}", 2, 422, name="\t")
    listed = (await desk.ask("GET", "/products?low=true&q=gel%20own"))["items"]
    assert [product["id"] for product in listed] == [product_id]
    assert (await desk.ask("GET", "/products?q=100%25"))["items"] == []


async def test_a_sku_is_one_products_only(desk: Desk) -> None:
    await desk.add("/products", PRODUCT)
    other = await desk.add("/products", PRODUCT, sku="GEL-8")

    assert (await desk.ask("POST", "/products", 409, json=PRODUCT))["code"] == "product_sku_taken"
    await desk.change(f"/products/{other['id']}", 1, 409, sku="GEL-7")


async def test_an_archived_product_keeps_its_history_and_can_be_restored(desk: Desk) -> None:
    product_id = (await desk.add("/products", PRODUCT))["id"]
    design = await desk.add("/designs", POLISH, product_id=product_id)

    await desk.ask("DELETE", f"/products/{product_id}", 204)

    assert (await moved(desk, product_id, "sale", -1, 409))["code"] == "product_archived"
    assert (await desk.ask("GET", "/products"))["items"] == []
    assert (await desk.ask("GET", f"/designs/{design['id']}"))["design"]["product_id"] == product_id
    restored = await desk.change(f"/products/{product_id}", 2, archived=False)
    assert (restored["archived"], restored["stock"]) == (False, 5)


async def test_nothing_is_sold_of_a_product_that_is_archived_just_now(desk: Desk, runtime: Runtime) -> None:
    product_id = (await desk.add("/products", PRODUCT))["id"]
    async with runtime.db.tenant(desk.salon.business_id) as unit:
        await stock.archive(unit, OPERATOR, product_id)
        selling = asyncio.create_task(moved(desk, product_id, "sale", -1, 409))
        await somebody_waits(unit)

    assert (await selling)["code"] == "product_archived"
    assert (await desk.ask("GET", f"/products/{product_id}"))["stock"] == PRODUCT["stock"]


async def test_products_come_in_pages(desk: Desk) -> None:
    made = [(await desk.add("/products", PRODUCT, sku=f"P{number}"))["id"] for number in range(3)]

    first = await desk.ask("GET", "/products?limit=2")
    second = await desk.ask("GET", f"/products?limit=2&cursor={first['next_cursor']}")

    assert [product["id"] for product in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None


ROUTES = [
    ("POST", "/products", {**PRODUCT, "sku": "NEW"}, Scope.CATALOG_WRITE),
    ("GET", "/products", None, Scope.STOCK_READ),
    ("GET", "/products/PRODUCT", None, Scope.STOCK_READ),
    ("PATCH", "/products/PRODUCT", {"name": "Other"}, Scope.CATALOG_WRITE),
    ("POST", "/products/PRODUCT/movements", {"reason": "sale", "delta": -1}, Scope.STOCK_WRITE),
    ("GET", "/products/PRODUCT/movements", None, Scope.STOCK_READ),
    ("DELETE", "/products/PRODUCT", None, Scope.CATALOG_WRITE),
]


async def test_who_may_what(desk: Desk, runtime: Runtime, api: httpx.AsyncClient, other_salon: Salon) -> None:
    product_id = (await desk.add("/products", PRODUCT))["id"]
    async with runtime.db.tenant(desk.salon.business_id) as unit:
        keys = {scope: (await accounts.create_key(unit, "one", (scope,))).secret for scope in {*Scope}}
    visitor = (await hold(api, runtime, desk.salon, "visitor")).headers
    reception = (await hire(runtime, desk.salon, Role.RECEPTION)).headers
    for method, path, body, needed in ROUTES:
        url = f"/v1/catalog{path.replace('PRODUCT', product_id)}"

        async def status(headers: dict[str, str], url: str = url, how: str = method, body: Any = body) -> int:
            given = {**headers, "If-Match": "*"}
            return (await api.request(how, url, headers=given, json=body)).status_code

        assert await status({}) == 401
        assert await status(visitor) == 403
        wrong = Scope.CATALOG_READ if needed is not Scope.STOCK_READ else Scope.CATALOG_WRITE
        assert await status(bearer(keys[wrong])) == 403
        assert (await status(other_salon.headers) == 404) is ("PRODUCT" in path)
        if needed is not Scope.CATALOG_WRITE:
            assert await status(reception) in (200, 201)
        else:
            assert await status(reception) == 403
        assert await status(bearer(keys[needed])) in (200, 201, 204)
