"""Many looks on one photo, and what becomes of their pictures."""

from __future__ import annotations

import io
from datetime import timedelta

import httpx
import pytest
from PIL import Image

from benchmarks.errands import small_photo
from benchmarks.journey import Visitor
from benchmarks.patience import until
from cli.trial import Running
from tests.faults.service import RED, customer, send
from workers.sweeper import sweep


async def designs(service: Running, visitor: Visitor, count: int) -> list[str]:
    """So many designs that can be drawn on nails."""
    answer = await service.http.get(
        "/v1/designs", params={"limit": 100}, headers={"Authorization": f"Bearer {visitor.token}"}
    )
    found = [design["id"] for design in answer.raise_for_status().json()["items"] if "polish" in design["id"]]
    assert len(found) >= count
    return found[:count]


async def stored(service: Running, subject: str) -> dict[str, float]:
    """Every object of a photo or a try-on, with the time when it was written."""
    return {
        found.key: found.modified.timestamp()
        async for found in service.runtime.storage.list("")
        if subject in found.key
    }


async def test_twelve_looks_on_one_photo_share_one_scan(service: Running) -> None:
    visitor = await customer(service)
    photo_id = await visitor.upload(small_photo("open_05_left"))
    chosen = await designs(service, visitor, 12)

    first = await visitor.ended((await visitor.request(photo_id, [[one] for one in chosen]))["id"])
    scans = {key: at for key, at in (await stored(service, photo_id)).items() if "scan-" in key}
    second = await visitor.ended((await visitor.request(photo_id, [[one] for one in chosen[::-1]]))["id"])

    assert len(scans) == 1
    assert scans.items() <= (await stored(service, photo_id)).items(), "the second batch wrote no other"
    for tryon in (first, second):
        assert tryon["status"] == "done"
        assert len(tryon["renders"]) == 12
        assert {layer["status"] for render in tryon["renders"] for layer in render["layers"]} == {"applied"}
    hashes = [render["sha256"]["full"] for render in first["renders"]]
    assert len(set(hashes)) == 12, "each look is its own"
    assert [render["sha256"]["full"] for render in second["renders"]] == hashes[::-1]


async def test_thirteen_looks_are_refused_clearly(service: Running) -> None:
    visitor = await customer(service)
    photo_id = await visitor.upload(small_photo("open_05_left"))
    chosen = await designs(service, visitor, 12)

    with pytest.raises(httpx.HTTPStatusError) as refused:
        await visitor.request(photo_id, [[one] for one in (*chosen, chosen[0])])

    problem = refused.value.response.json()
    assert (refused.value.response.status_code, problem["code"]) == (422, "invalid")
    (error,) = problem["errors"]
    assert error["field"] == "looks"
    assert "12" in error["message"]


async def test_a_results_pictures_and_their_sizes_go_when_it_is_erased(service: Running) -> None:
    visitor = await customer(service)
    tryon_id = (await visitor.request(await visitor.upload(small_photo("open_05_left", 960)), [[RED]]))["id"]
    tryon = await visitor.ended(tryon_id)
    (render,) = tryon["renders"]
    links = [*render["pictures"].values(), *render["sizes"].values(), *tryon["before_sizes"].values()]

    pictures = [Image.open(io.BytesIO(await visitor.picture(link))) for link in links]
    await sweep(service.runtime, older_than=timedelta(0))
    left = await stored(service, tryon_id)
    await send(service, visitor, "DELETE", f"/v1/tryons/{tryon_id}")

    async def gone() -> bool:
        return not await stored(service, tryon_id)

    await until(gone)
    assert [picture.width for picture in pictures[3:]] == [160, 320, 640, 960, 160, 320, 640, 810]
    assert len(left) == 4 + 8
    for link in links:
        assert (await service.http.get(link)).status_code == 404
