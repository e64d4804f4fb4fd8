"""The catalogue over HTTP and its paging."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Request, Response
from litestar.di import Provide
from litestar.testing import TestClient

from kit.errors import AppError
from looks.material import Material
from modules.catalog.errors import BadCursor, BundleNotFound, UnknownFinish
from modules.catalog.load import load_shelf
from modules.catalog.routes import router
from modules.catalog.service import CatalogService, DesignFilters
from modules.catalog.shelf import DesignKind

FOLDER = Path(__file__).parents[2] / "assets" / "catalog"


@pytest.fixture(scope="module")
def catalog() -> CatalogService:
    return CatalogService(load_shelf(FOLDER))


@pytest.fixture(scope="module")
def client(catalog: CatalogService) -> Iterator[TestClient[Litestar]]:
    app = Litestar(
        [router],
        dependencies={"catalog": Provide(lambda: catalog, sync_to_thread=False)},
        exception_handlers={AppError: _problem},
    )
    with TestClient(app) as client:
        yield client


def _problem(_: Request[Any, Any, Any], error: AppError) -> Response[dict[str, str]]:
    return Response({"code": error.code, "detail": error.detail}, status_code=error.status)


def walk(client: TestClient[Litestar], limit: int, **filters: str) -> list[str]:
    """All ids, page by page."""
    ids: list[str] = []
    cursor: str | None = None
    while True:
        query: dict[str, str | int] = {**filters, "limit": limit}
        if cursor:
            query["cursor"] = cursor
        page = client.get("/v1/designs", params=query).raise_for_status().json()
        assert 1 <= len(page["items"]) <= limit
        ids += [item["id"] for item in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            return ids


@pytest.mark.parametrize("limit", [7, 100])
def test_paging_walks_every_design_once(
    client: TestClient[Litestar], catalog: CatalogService, limit: int
) -> None:
    assert walk(client, limit) == list(catalog.shelf.designs)


def test_paging_ends_without_an_empty_page_when_the_last_one_is_full(catalog: CatalogService) -> None:
    hair = DesignFilters(kind=DesignKind.HAIR)
    everything, _ = catalog.designs(hair, None, 100)

    first, cursor = catalog.designs(hair, None, len(everything) - 1)
    last, end = catalog.designs(hair, cursor, 1)

    assert first + last == everything
    assert end is None


def test_filters_hold_while_paging(client: TestClient[Litestar], catalog: CatalogService) -> None:
    expected = [design.id for design in catalog.shelf.search(kind=DesignKind.LIPS, renderable=True)]

    assert walk(client, 4, kind="lips", renderable="true") == expected
    assert len(expected) > 4


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "%%%",
        "é",
        urlsafe_b64encode(b"des_polish_gone").decode(),
        urlsafe_b64encode(b"\xff").decode(),
    ],
)
def test_a_cursor_that_we_did_not_give_is_refused(client: TestClient[Litestar], cursor: str) -> None:
    answer = client.get("/v1/designs", params={"cursor": cursor})

    assert answer.status_code == 422
    assert answer.json()["code"] == BadCursor.code


def test_an_unknown_finish_is_refused_with_the_known_ones(client: TestClient[Litestar]) -> None:
    answer = client.get("/v1/designs", params={"finish": "velvet"})

    assert answer.status_code == 422
    assert answer.json()["code"] == UnknownFinish.code
    assert "cat_eye" in answer.json()["detail"]


@pytest.mark.parametrize(
    "query", ["kind=shoes", "family=plaid", "limit=0", "limit=101", "renderable=perhaps"]
)
def test_impossible_filters_are_refused(client: TestClient[Litestar], query: str) -> None:
    assert 400 <= client.get(f"/v1/designs?{query}").status_code < 500


def test_words_family_and_finish_narrow_the_list(client: TestClient[Litestar]) -> None:
    page = client.get("/v1/designs", params={"q": "lacquer", "family": "red", "finish": "cream"}).json()

    assert [item["name"] for item in page["items"]] == ["Lacquer Red"]


def test_one_design_carries_all_that_a_customer_and_a_till_need(client: TestClient[Litestar]) -> None:
    design = client.get("/v1/designs/des_polish_lacquer_red").raise_for_status().json()

    assert design["kind"] == "nail_polish"
    assert design["finish"] == "cream"
    assert design["colour_family"] == "red"
    assert design["renderable"] is True
    assert design["swatches"] == [{"hex": "#b5201f", "lab": [39.51, 57.24, 39.89]}]
    assert design["price"] == {"amount": 3200, "currency": "EUR"}
    assert (design["minutes"], design["service"], design["sku"]) == (45, "srv_polish_manicure", "VP-CRM-19")
    assert set(design["material"]) == set(Material.__struct_fields__)
    assert design["origin"]["licence"] == "CC0-1.0"


def test_an_unknown_design_is_not_found(client: TestClient[Litestar]) -> None:
    answer = client.get("/v1/designs/des_polish_gone")

    assert answer.status_code == 404
    assert answer.json()["code"] == "design_not_found"


def test_bundles_sum_time_and_price_of_their_designs(
    client: TestClient[Litestar], catalog: CatalogService
) -> None:
    page = client.get("/v1/bundles").raise_for_status().json()
    red = next(item for item in page["items"] if item["id"] == "loo_classic_red")

    assert page["next_cursor"] is None
    assert len(page["items"]) == len(catalog.bundles())
    assert red["price"] == {"amount": 3200 + 1500, "currency": "EUR"}
    assert red["minutes"] == 45 + 15
    assert red["renderable"] is True
    assert not next(item for item in page["items"] if item["id"] == "loo_bride_in_ivory")["renderable"]


def test_services_say_how_long_the_chair_is_kept(client: TestClient[Litestar]) -> None:
    services = {item["id"]: item for item in client.get("/v1/services").raise_for_status().json()["items"]}

    assert services["srv_hair_balayage"]["minutes"] == 180
    assert services["srv_hair_balayage"]["buffer_after_min"] == 15


def test_the_contract_names_the_shape_of_each_answer(client: TestClient[Litestar]) -> None:
    schemas = client.get("/schema/openapi.json").json()["components"]["schemas"]

    assert schemas["DesignPage"]["properties"]["items"]["items"] == {
        "$ref": "#/components/schemas/DesignView"
    }


def test_a_bundle_is_found_by_its_id_or_refused(catalog: CatalogService) -> None:
    assert catalog.bundle("loo_classic_red").name == "Classic Red"
    with pytest.raises(BundleNotFound):
        catalog.bundle("loo_gone")


def test_a_bundle_that_can_be_drawn_makes_a_look(catalog: CatalogService) -> None:
    bundle = catalog.bundle("loo_classic_red")

    look = catalog.look(bundle.designs, name=bundle.name)

    assert look.name == "Classic Red"
    assert len(look.layers) == 2
