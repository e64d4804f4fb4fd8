"""What two people, or a person and a worker, do to a salon's catalogue at the same moment."""

from __future__ import annotations

import asyncio
import hashlib

import httpx
import pytest

from kit.audit import OPERATOR
from kit.runtime import Runtime
from looks.layer import AnyLayer
from models.render import sample
from modules.catalog import designs, services
from modules.catalog.shelf import Shelf
from tests.integration.conftest import Salon, somebody_waits
from tests.integration.desk import POLISH, PRODUCT, SERVICE, Desk

SHIPPED = "des_polish_lacquer_red"
SHELF = Shelf((), (), ())
"""Nothing ships."""


@pytest.fixture
def desk(runtime: Runtime, api: httpx.AsyncClient, salon: Salon) -> Desk:
    return Desk(runtime, api, salon)


async def test_of_two_who_take_a_sku_at_once_one_gets_it(desk: Desk) -> None:
    ids = [(await desk.add("/designs", POLISH, sku=f"RACE-{number}"))["id"] for number in range(4)]
    headers = {**desk.salon.headers, "If-Match": "*"}

    answers = await asyncio.gather(
        *(desk.api.patch(f"/v1/catalog/designs/{id}", json={"sku": "X"}, headers=headers) for id in ids)
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_of_many_changes_made_from_one_version_one_is_taken(desk: Desk) -> None:
    design = await desk.add("/designs", POLISH)
    look = {"name": "Bridal", "occasion": "wedding", "designs": [design["id"]]}
    own = [
        ("PATCH", f"/designs/{design['id']}", "minutes"),
        ("PATCH", f"/bundles/{(await desk.add('/bundles', look))['id']}", "name"),
        ("PATCH", f"/services/{(await desk.add('/services', SERVICE))['id']}", "minutes"),
        ("PATCH", f"/products/{(await desk.add('/products', PRODUCT))['id']}", "low_stock"),
    ]
    chosen = [("PATCH", "/services/srv_gel_manicure", "minutes"), ("PUT", f"/shelf/{SHIPPED}", "minutes")]

    for turn, (method, path, field) in enumerate([*own, *chosen, *chosen]):  # the first choice makes the row
        version = (await desk.ask("GET", path))["version"]
        headers = {**desk.salon.headers, "If-Match": f'"{version}"'}
        bodies = [{field: f"N{n}" if field == "name" else 70 + 10 * turn + n} for n in range(4)]
        answers = await asyncio.gather(
            *(desk.api.request(method, f"/v1/catalog{path}", json=body, headers=headers) for body in bodies)
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412], path


async def test_a_service_that_is_deleted_just_now_is_needed_by_no_new_design(
    desk: Desk, runtime: Runtime
) -> None:
    service_id = (await desk.add("/services", SERVICE))["id"]
    async with runtime.db.tenant(desk.salon.business_id) as unit:
        await services.archive(unit, OPERATOR, SHELF, service_id)
        body = {**POLISH, "service": service_id}
        writing = asyncio.create_task(desk.ask("POST", "/designs", 422, json=body))
        await somebody_waits(unit)

    assert [(one["field"], one["code"]) for one in (await writing)["errors"]] == [("service", "unknown")]


async def test_a_draft_that_is_deleted_just_now_is_in_no_new_look(desk: Desk, runtime: Runtime) -> None:
    draft_id = (await desk.add("/designs", POLISH))["id"]
    async with runtime.db.tenant(desk.salon.business_id) as unit:
        await designs.archive(unit, OPERATOR, draft_id)
        look = {"name": "Bridal", "occasion": "Wedding", "designs": [draft_id]}
        writing = asyncio.create_task(desk.ask("POST", "/bundles", 422, json=look))
        await somebody_waits(unit)

    assert [(one["field"], one["code"]) for one in (await writing)["errors"]] == [("designs", "unknown")]


async def test_a_picture_of_what_a_design_looked_like_before_is_not_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a design whose colours change while its picture is drawn."""
    one = f"/designs/{(await desk.add('/designs', POLISH))['id']}"
    draw, loop, drawn = sample.file, asyncio.get_running_loop(), list[bytes]()

    def slowly(layer: AnyLayer, side_px: int) -> bytes:
        drawn.append(draw(layer, side_px))
        if len(drawn) == 1:
            asyncio.run_coroutine_threadsafe(desk.change(one, 1, colours=["#1f3ab5"]), loop).result()
        return drawn[-1]

    monkeypatch.setattr(sample, "file", slowly)
    await desk.work()

    shown = (await desk.ask("GET", one))["preview"]["sha256"]
    red, blue = (hashlib.sha256(picture).hexdigest() for picture in drawn)
    assert (shown, red != blue) == (blue, True)
