"""Shipped bundles and services over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Request, Response
from litestar.di import Provide
from litestar.testing import TestClient

from kit.errors import AppError
from modules.catalog.load import load_shelf
from modules.catalog.routes import list_bundles, list_services
from modules.catalog.shelf import Shelf

FOLDER = Path(__file__).parents[2] / "assets" / "catalog"


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return load_shelf(FOLDER)


@pytest.fixture(scope="module")
def client(shelf: Shelf) -> Iterator[TestClient[Litestar]]:
    app = Litestar(
        [list_bundles, list_services],
        dependencies={"shelf": Provide(lambda: shelf, sync_to_thread=False)},
        exception_handlers={AppError: _problem},
    )
    with TestClient(app) as client:
        yield client


def _problem(_: Request[Any, Any, Any], error: AppError) -> Response[dict[str, str]]:
    return Response({"code": error.code, "detail": error.detail}, status_code=error.status)


def test_bundles_sum_time_and_price_of_their_designs(client: TestClient[Litestar], shelf: Shelf) -> None:
    page = client.get("/bundles").raise_for_status().json()
    red = next(item for item in page["items"] if item["id"] == "loo_classic_red")

    assert page["next_cursor"] is None
    assert len(page["items"]) == len(shelf.bundles)
    assert red["price"] == {"amount": 3200 + 1500, "currency": "EUR"}
    assert red["minutes"] == 45 + 15
    assert red["renderable"] is True
    assert all(item["renderable"] for item in page["items"])


def test_services_say_how_long_the_chair_is_kept(client: TestClient[Litestar]) -> None:
    services = {item["id"]: item for item in client.get("/services").raise_for_status().json()["items"]}

    assert services["srv_hair_balayage"]["minutes"] == 180
    assert services["srv_hair_balayage"]["buffer_after_min"] == 15
