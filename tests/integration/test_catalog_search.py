"""Searching, counting and comparing what a salon offers: shipped designs as it chose them, and its own."""

from __future__ import annotations

from collections import Counter
from typing import Any

import httpx
import numpy as np
import pytest
from sqlalchemy import text

from kit.runtime import Runtime
from kit.settings import ROOT
from looks.colour import delta_e00
from modules.accounts import service as accounts
from modules.accounts.scopes import Scope
from modules.catalog.family import family_of, hair_family_of
from modules.catalog.load import load_shelf
from modules.catalog.search.filters import Filters
from modules.catalog.search.held import Indexes
from modules.catalog.search.order import Sort
from modules.catalog.shelf import Shelf
from tests.integration.callers import bearer, hold
from tests.integration.conftest import Salon, another_api
from tests.integration.desk import POLISH, PRODUCT, Desk

RED, NAVY = "des_polish_lacquer_red", "des_polish_midnight_navy"


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return load_shelf(ROOT / "assets" / "catalog")


@pytest.fixture
def desk(runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> Desk:
    return Desk(runtime, api, salon)


class Shop:
    """What a customer of the salon leafs through; every answer's status is checked."""

    def __init__(self, api: httpx.AsyncClient, salon: Salon) -> None:
        self._api, self._salon = api, salon

    async def ask(self, path: str = "", status: int = 200, **choices: Any) -> Any:
        answer = await self._api.get(f"/v1/designs{path}", params=choices, headers=self._salon.headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def all(self, limit: int = 100, **choices: Any) -> list[Any]:
        """Every design, page by page."""
        items, cursor = [], None
        while True:
            page = await self.ask(limit=limit, **choices, **({"cursor": cursor} if cursor else {}))
            assert len(page["items"]) <= limit
            items += page["items"]
            if (cursor := page["next_cursor"]) is None:
                assert page["total"] == len(items)
                return items

    async def ids(self, **choices: Any) -> list[str]:
        return [item["id"] for item in await self.all(**choices)]


@pytest.fixture
def shop(api: httpx.AsyncClient, salon: Salon) -> Shop:
    return Shop(api, salon)


async def publish(desk: Desk, number: int, **more: Any) -> str:
    """Add a live design of the salon's own."""
    made = await desk.add("/designs", {**POLISH, "sku": f"OWN-{number}", "state": "live", **more})
    return str(made["id"])


async def stocked(desk: Desk, stock: int) -> str:
    """Add a product with so much of it."""
    return str((await desk.add("/products", {**PRODUCT, "sku": f"P-{stock}", "stock": stock}))["id"])


async def choose(desk: Desk, design_id: str, version: int = 0, **choice: Any) -> None:
    await desk.ask("PUT", f"/shelf/{design_id}", json=choice, headers={"If-Match": f'"{version}"'})


@pytest.mark.parametrize("limit", [17, 100])
async def test_paging_walks_the_shelf_once_in_its_order(shop: Shop, shelf: Shelf, limit: int) -> None:
    assert [item["id"] for item in await shop.all(limit)] == list(shelf.designs)


async def test_only_live_designs_of_the_salons_own_are_found_and_only_by_its_own_customers(
    desk: Desk, shop: Shop, api: httpx.AsyncClient, other_salon: Salon
) -> None:
    before = await shop.ids(kind="nail_polish")
    live = await publish(desk, 1)
    draft = (await desk.add("/designs", POLISH, sku="OWN-2"))["id"]

    assert await shop.ids(kind="nail_polish") == [*before, live]
    assert (await shop.ask(f"/{live}"))["name"] == "Salon Red"
    assert (await shop.ask(f"/{draft}", 404))["code"] == "design_not_found"
    other = Shop(api, other_salon)
    assert await other.ids(kind="nail_polish") == before
    await other.ask(f"/{live}", 404)
    await other.ask(f"/{live}/nearest", 404)


async def test_what_one_process_changes_another_shows_at_the_next_request(
    desk: Desk, shop: Shop, runtime: Runtime, salon: Salon
) -> None:
    product = await stocked(desk, 1)
    async with another_api(runtime.settings) as second:
        elsewhere = Shop(second, salon)
        assert len(await elsewhere.ids()) == len(await shop.ids())

        own = await publish(desk, 1, product_id=product)
        assert own in await elsewhere.ids(q="salon")
        await desk.change(f"/designs/{own}", 1, name="Renamed Red")
        assert own in await elsewhere.ids(q="renamed")
        assert await elsewhere.ids(q="salon") == []
        await choose(desk, NAVY, price={"amount": 9999, "currency": "EUR"})
        assert await elsewhere.ids(price_min=9999, kind="nail_polish") == [NAVY]
        assert own in await elsewhere.ids(in_stock=True)
        sale = {"reason": "sale", "delta": -1}
        await desk.ask("POST", f"/products/{product}/movements", 201, json=sale)
        assert await elsewhere.ids(in_stock=False) == [own]
        await desk.change(f"/designs/{own}", 2, state="hidden")
        assert own not in await elsewhere.ids()
        await choose(desk, NAVY, 1, hidden=True)
        assert NAVY not in await elsewhere.ids()
        await elsewhere.ask(f"/{NAVY}", 404)


async def test_a_row_that_is_deleted_is_found_no_longer(
    desk: Desk, shop: Shop, runtime: Runtime, salon: Salon
) -> None:
    own = await publish(desk, 1)
    await choose(desk, NAVY, hidden=True)
    assert (own in await shop.ids(), NAVY in await shop.ids()) == (True, False)

    async with runtime.db.tenant(salon.business_id) as unit:
        await unit.execute(text("DELETE FROM designs"))
        await unit.execute(text("DELETE FROM shelf_choices"))

    assert (own in await shop.ids(), NAVY in await shop.ids()) == (False, True)


async def test_what_is_not_committed_is_not_found(
    desk: Desk, runtime: Runtime, salon: Salon, shelf: Shelf
) -> None:
    await publish(desk, 1)
    indexes = Indexes(shelf)
    renamed = text("UPDATE designs SET name = 'Unheard of', words = 'unheard'")

    async def found(query: str) -> int:
        async with runtime.db.tenant(salon.business_id) as unit:
            index = await indexes.of(unit)
            return index.search(Filters(query=query), Sort.SHELF, None, 1).total

    assert await found("unheard") == 0
    async with runtime.db.tenant(salon.business_id) as unit:
        await unit.execute(renamed)
        with pytest.raises(LookupError, match="written nothing"):
            await indexes.of(unit)
        assert await found("unheard") == 0
    assert await found("unheard") == 1


async def test_indexes_that_do_not_fit_are_read_anew_and_still_right(
    runtime: Runtime, salon: Salon, other_salon: Salon, shelf: Shelf, desk: Desk
) -> None:
    await publish(desk, 1)
    cramped = Indexes(shelf, budget_bytes=1)

    stocked = len(shelf.designs)
    for business, count in ((salon, stocked + 1), (other_salon, stocked), (salon, stocked + 1)):
        async with runtime.db.tenant(business.business_id) as unit:
            index = await cramped.of(unit)
            assert index.search(Filters(), Sort.SHELF, None, 1).total == count


async def test_pages_stay_whole_while_designs_come_and_go(desk: Desk, shop: Shop) -> None:
    rest = [await publish(desk, number, name=f"Zz {number}") for number in range(6)]
    first = await shop.ask(q="zz", sort="name", limit=3)
    shown = [item["id"] for item in first["items"]]
    assert shown == rest[:3]

    await desk.change(f"/designs/{rest[2]}", 1, state="hidden")  # the one that the cursor names
    await desk.change(f"/designs/{rest[4]}", 1, state="hidden")
    early, late = await publish(desk, 7, name="Zz 0a"), await publish(desk, 8, name="Zz 4a")

    second = await shop.ask(q="zz", sort="name", limit=3, cursor=first["next_cursor"])
    assert [item["id"] for item in second["items"]] == [rest[3], late, rest[5]]
    assert early not in {item["id"] for item in second["items"]}


@pytest.mark.parametrize("cursor", ["nonsense", "%%%", "é", "W10", "WyJzaGVsZiIsWzFdXQ", "WyJuYW1lIiwxXQ"])
async def test_a_cursor_that_we_did_not_give_is_refused(shop: Shop, cursor: str) -> None:
    assert (await shop.ask("", 422, cursor=cursor))["code"] == "bad_cursor"


async def test_a_cursor_belongs_to_its_order(shop: Shop) -> None:
    page = await shop.ask(sort="price", limit=5)

    assert (await shop.ask("", 422, sort="name", cursor=page["next_cursor"]))["code"] == "bad_cursor"


async def test_orders(desk: Desk, shop: Shop) -> None:
    older, newer = await publish(desk, 1, name="Aa"), await publish(desk, 2, name="Ab")
    await desk.change(f"/designs/{older}", 1, price={"amount": 1, "currency": "EUR"})

    newest, names = await shop.ids(sort="newest"), [item["name"] for item in await shop.all(sort="name")]
    prices = [item["price"]["amount"] for item in await shop.all(sort="price")]
    falling = [item["price"]["amount"] for item in await shop.all(sort="-price")]

    assert newest[:2] == [newer, older]
    assert names == sorted(names, key=str.casefold)
    assert (prices, falling) == (sorted(prices), sorted(prices, reverse=True))
    assert (await shop.ids(sort="price"))[0] == older


CHOICES: list[dict[str, Any]] = [
    {},
    {"kind": "lips"},
    {"kind": ["lips", "cheeks"], "family": ["pink", "berry"]},
    {"finish": ["gel", "matte"], "price_max": 4000, "renderable": True},
    {"tag": ["french"], "in_stock": True},
    {"family": "red", "q": "sat", "price_min": 2000, "price_max": 3000},
    {"q": "no such thing at all"},
]


@pytest.mark.parametrize("choices", CHOICES)
async def test_every_facet_is_counted_with_the_other_choices_applied(
    desk: Desk, shop: Shop, choices: dict[str, Any]
) -> None:
    used_up = await stocked(desk, 0)
    for number, kind in enumerate(("#b5201f", "#d66071", "#182b50")):
        await publish(desk, number, colours=[kind], tags=["french", "own"], product_id=used_up)

    counted = (await shop.ask(**choices, facets=True, limit=1))["facets"]

    def left(*without: str) -> dict[str, Any]:
        return {name: value for name, value in choices.items() if name not in without}

    assert as_counts(counted["kind"]) == Counter(d["kind"] for d in await shop.all(**left("kind")))
    assert as_counts(counted["finish"]) == Counter(
        d["finish"] for d in await shop.all(**left("finish")) if d["finish"]
    )
    assert as_counts(counted["family"]) == Counter(
        family for d in await shop.all(**left("family")) for family in families(d)
    )
    tags = Counter(tag for d in await shop.all(**left("tag")) for tag in d["tags"])
    assert as_counts(counted["tag"]).items() <= tags.items()
    assert len(counted["tag"]) == min(30, len(tags))
    prices = [d["price"]["amount"] for d in await shop.all(**left("price_min", "price_max"))]
    expected = {"currency": "EUR", "lowest": min(prices), "highest": max(prices)} if prices else None
    assert counted["price"] == ([{**expected, "count": len(prices)}] if expected else [])
    assert counted["in_stock"] == sum(d["in_stock"] for d in await shop.all(**left("in_stock")))
    assert counted["renderable"] == sum(d["renderable"] for d in await shop.all(**left("renderable")))


def as_counts(facet: list[dict[str, Any]]) -> dict[str, int]:
    return {count["value"]: count["count"] for count in facet}


def families(design: dict[str, Any]) -> set[str]:
    family = hair_family_of if design["kind"] in ("hair", "brows") else family_of
    return {str(family(tuple(swatch["lab"]))) for swatch in design["swatches"]}


@pytest.mark.parametrize("typed", ["lacquer red", "LACQ", "laquer", "lacqeur", "vp-crm-19", "Läcquer rèd"])
async def test_words_are_found_by_their_beginnings_and_in_spite_of_a_slip(shop: Shop, typed: str) -> None:
    assert RED in await shop.ids(q=typed)


async def test_what_is_asked_wrongly_is_refused_in_words(shop: Shop) -> None:
    assert "cat_eye" in (await shop.ask("", 422, finish="velvet"))["detail"]
    assert (await shop.ask("", 422, q="a b c d e f g h i"))["code"] == "too_many_words"
    assert (await shop.ask("/nearest", 422, hex="red"))["code"] == "unknown_colour"
    for wrong in ("kind=shoes", "family=plaid", "limit=0", "limit=101", "renderable=perhaps", "sort=luck"):
        name, _, value = wrong.partition("=")
        assert (await shop.ask("", 422, **{name: value}))["code"] == "invalid"
    await shop.ask(f"/{RED}/nearest", 422, within=0)


async def test_the_nearest_in_stock_are_of_the_kind_and_sorted_by_ciede2000(
    desk: Desk, shop: Shop, shelf: Shelf
) -> None:
    used_up, there = await stocked(desk, 0), await stocked(desk, 3)
    close = await publish(desk, 1, colours=["#b7221f"], product_id=there)
    closer = await publish(desk, 2, colours=["#b5201f"], product_id=used_up)
    lips = {"kind": "lips", "finish": "satin", "service": "srv_lip_application", "product_id": there}
    await publish(desk, 3, colours=["#b5201f"], **lips)

    near = (await shop.ask(f"/{RED}/nearest", within=12, limit=100))["items"]

    found = {item["design"]["id"]: item["delta_e"] for item in near}
    red = np.array(shelf.design(RED).swatches[0].lab)
    expected = {
        id: float(delta_e00(np.array(design.swatches[0].lab), red))
        for id, design in shelf.designs.items()
        if design.kind == "nail_polish" and id != RED
    }
    assert {id for id in found if id != close} == {id for id, distance in expected.items() if distance <= 12}
    assert all(found[id] == pytest.approx(expected[id], abs=0.01) for id in found if id != close)
    assert list(found.values()) == sorted(found.values())
    assert near[0]["design"]["id"] == close
    assert closer not in found
    assert await shop.ask(f"/{RED}/nearest", within=0.01) == {"items": [], "next_cursor": None}


async def test_the_nearest_to_any_colour_and_of_one_finish(shop: Shop) -> None:
    near = (await shop.ask("/nearest", hex="#B5201F", finish="cream"))["items"]
    same = (await shop.ask(f"/{RED}/nearest", within=20, same_finish=True, limit=100))["items"]

    assert (near[0]["design"]["id"], near[0]["delta_e"]) == (RED, pytest.approx(0, abs=0.1))
    assert {item["design"]["finish"] for item in same} == {"cream"}
    assert all(item["delta_e"] <= 3 for item in near)


async def test_who_may_search(api: httpx.AsyncClient, runtime: Runtime, salon: Salon) -> None:
    async with runtime.db.tenant(salon.business_id) as unit:
        small = await accounts.create_key(unit, "small", (Scope.KEY_WRITE,))
    for path in ("", f"/{RED}", f"/{RED}/nearest", "/nearest?hex=b5201f"):
        assert (await api.get(f"/v1/designs{path}")).status_code == 401
        assert (await api.get(f"/v1/designs{path}", headers=bearer(small.secret))).status_code == 403
    for kind in ("key", "staff", "kiosk", "visitor"):
        held = await hold(api, runtime, salon, kind)
        assert (await api.get("/v1/designs", headers=held.headers)).status_code == 200


async def test_a_designs_picture_is_kept_for_ever_by_its_tag(api: httpx.AsyncClient, shop: Shop) -> None:
    url = (await shop.ask(f"/{RED}"))["image"]

    whole = await api.get(url)
    tag = whole.headers["ETag"]
    known = [await api.get(url, headers={"If-None-Match": held}) for held in (tag, f'"x", W/{tag}', "*")]
    other = await api.get(url, headers={"If-None-Match": f'"{tag}"'})
    untagged = await api.get(f"/v1/designs/{RED}/image")

    assert whole.headers["Content-Type"] == "image/webp"
    assert "immutable" in whole.headers["Cache-Control"]
    assert [(again.status_code, again.content) for again in known] == [(304, b"")] * 3
    assert other.content == whole.content
    assert untagged.content == whole.content
    assert "immutable" not in untagged.headers["Cache-Control"]
    assert (await api.get("/v1/designs/des_none/image")).json()["code"] == "design_not_found"


async def test_an_own_design_shows_the_picture_that_a_worker_drew(
    desk: Desk, shop: Shop, api: httpx.AsyncClient
) -> None:
    own = await publish(desk, 1)
    undrawn = (await shop.ask(f"/{own}"))["image"]

    await desk.work()

    url = httpx.URL((await shop.ask(f"/{own}"))["image"])
    assert undrawn is None
    assert (await api.get(url.raw_path.decode())).headers["Content-Type"] == "image/jpeg"
