"""What a photo tells of a face: asked for, looked at by a worker, shown, recommended from, and gone with the photo."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from benchmarks.journey import Visitor
from kit.runtime import Runtime
from kit.settings import ROOT
from modules.analysis.tables import analyses
from tests.integration.callers import bearer, sql
from tests.integration.conftest import Salon
from tests.integration.working import Worker, dump

FACE = (ROOT / "assets" / "samples" / "faces" / "astronaut.jpg").read_bytes()


@pytest.fixture(scope="module")
def models() -> None:
    """This process's models, loaded once."""
    from modules.tryon import tasks

    tasks.warm()


@pytest.fixture
async def photo_id(visitor: Visitor) -> str:
    return await visitor.upload(FACE)


async def asked(api: httpx.AsyncClient, visitor: Visitor, photo_id: str, **headers: str) -> dict[str, Any]:
    answer = await api.post(f"/v1/photos/{photo_id}/analysis", headers={**visitor.headers, **headers})
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def shown(api: httpx.AsyncClient, visitor: Visitor, photo_id: str) -> dict[str, Any]:
    answer = await api.get(f"/v1/photos/{photo_id}/analysis", headers=visitor.headers)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


async def rows_of(runtime: Runtime, salon: Salon) -> list[Any]:
    async with runtime.db.tenant(salon.business_id) as unit:
        return await unit.all(select(analyses))


def refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"].startswith("application/problem+json")
    return answer.status_code, answer.json()["code"]


@pytest.mark.usefixtures("models")
async def test_a_face_is_looked_at_and_shades_are_recommended(
    api: httpx.AsyncClient, visitor: Visitor, photo_id: str, worker: Worker
) -> None:
    queued = await asked(api, visitor, photo_id)
    assert (queued["status"], queued["progress"], queued["face"]) == ("queued", 0.0, None)

    await worker.work(only="analysis")
    done = await shown(api, visitor, photo_id)
    face = done["face"]

    assert (done["status"], done["id"]) == ("done", queued["id"])
    assert face["tone"]["tone"] in ("light", "very_light")
    assert 0 < face["light"]["confidence"] < 1
    assert face["shape"]["confidence"] <= max(face["shape"]["shares"].values())
    assert face["colouring"]["lips"]["hex"] != face["tone"]["swatch"]["hex"]

    answer = await api.get(done["links"]["recommendations"], params={"limit": 5}, headers=visitor.headers)
    found = answer.raise_for_status().json()
    assert [item["design"]["kind"] for item in found["items"]] == ["lips"] * 5
    assert all(item["design"]["in_stock"] and item["design"]["renderable"] for item in found["items"])
    assert all(item["reason"].endswith("your lips.") for item in found["items"])
    assert len({item["design"]["swatches"][0]["hex"] for item in found["items"]}) == 5


@pytest.mark.usefixtures("models")
async def test_a_photo_is_looked_at_once(
    api: httpx.AsyncClient, visitor: Visitor, photo_id: str, worker: Worker, runtime: Runtime, salon: Salon
) -> None:
    first = await asked(api, visitor, photo_id, **{"Idempotency-Key": "once"})
    again = await asked(api, visitor, photo_id, **{"Idempotency-Key": "once"})
    other = await asked(api, visitor, photo_id)
    await worker.work(only="analysis")
    later = await asked(api, visitor, photo_id)

    assert first["id"] == again["id"] == other["id"] == later["id"]
    assert later["status"] == "done"
    assert len(await rows_of(runtime, salon)) == 1


@pytest.mark.usefixtures("models")
async def test_a_photo_without_a_face_says_so(
    api: httpx.AsyncClient, visitor: Visitor, hand_photo: bytes, worker: Worker
) -> None:
    photo_id = await visitor.upload(hand_photo)
    await asked(api, visitor, photo_id)
    await worker.work(only="analysis")

    found = await shown(api, visitor, photo_id)
    answer = await api.get(f"/v1/photos/{photo_id}/recommendations", headers=visitor.headers)

    assert (found["status"], found["retake"]) == ("nothing_found", True)
    assert "could not see a face" in found["advice"][0]
    assert refused(answer) == (409, "no_face_seen")


async def test_nothing_is_shown_before_it_is_asked_for_and_looked_at(
    api: httpx.AsyncClient, visitor: Visitor, photo_id: str
) -> None:
    path = f"/v1/photos/{photo_id}"
    unasked = await api.get(f"{path}/analysis", headers=visitor.headers)
    await asked(api, visitor, photo_id)
    early = await api.get(f"{path}/recommendations", headers=visitor.headers)

    assert refused(unasked) == (404, "unknown_analysis")
    assert refused(early) == (409, "analysis_not_ready")


async def test_another_visitor_finds_no_photo(
    api: httpx.AsyncClient, salon: Salon, visitor: Visitor, photo_id: str
) -> None:
    await asked(api, visitor, photo_id)
    other = (await api.post("/v1/visitors", headers=salon.headers)).json()["token"]
    for path in ("analysis", "recommendations"):
        answer = await api.get(f"/v1/photos/{photo_id}/{path}", headers=bearer(other))
        assert refused(answer) == (404, "unknown_photo")
    assert refused(await api.post(f"/v1/photos/{photo_id}/analysis", headers=bearer(other))) == (
        404,
        "unknown_photo",
    )


async def test_without_consent_nobody_looks(api: httpx.AsyncClient, visitor: Visitor, photo_id: str) -> None:
    withdrawn = await api.delete(f"/v1/consents/{visitor.consent_id}", headers=visitor.headers)
    answer = await api.post(f"/v1/photos/{photo_id}/analysis", headers=visitor.headers)
    assert withdrawn.status_code == 204
    assert refused(answer) == (403, "consent_missing")


@pytest.mark.usefixtures("models")
async def test_what_a_photo_told_goes_with_it(
    api: httpx.AsyncClient, visitor: Visitor, photo_id: str, worker: Worker, runtime: Runtime
) -> None:
    analysis = await asked(api, visitor, photo_id)
    await worker.work()
    await api.delete(f"/v1/photos/{photo_id}", headers=visitor.headers)
    await worker.work()

    answer = await api.get(f"/v1/photos/{photo_id}/analysis", headers=visitor.headers)
    assert refused(answer) == (404, "unknown_photo")
    assert "analyses" not in await dump(runtime, analysis["id"])


@pytest.mark.usefixtures("models")
async def test_an_analysis_ends_when_the_photos_time_is_over(
    api: httpx.AsyncClient, visitor: Visitor, photo_id: str, worker: Worker, runtime: Runtime
) -> None:
    analysis = await asked(api, visitor, photo_id)
    await worker.work()
    await worker.expire("photos", photo_id)

    assert "analyses" not in await dump(runtime, analysis["id"])


@pytest.mark.usefixtures("models")
async def test_a_photo_that_was_erased_meanwhile_is_not_written_about(
    api: httpx.AsyncClient, visitor: Visitor, photo_id: str, worker: Worker, runtime: Runtime, salon: Salon
) -> None:
    await asked(api, visitor, photo_id)
    await sql(runtime, salon, "UPDATE photos SET erased_at = now() WHERE id = :id", id=photo_id)
    await worker.work(only="analysis")

    (row,) = await rows_of(runtime, salon)
    assert (row.status, row.error_code) == ("failed", "photo_gone")


@pytest.mark.usefixtures("models")
async def test_an_answer_may_wait_for_the_worker(
    api: httpx.AsyncClient, visitor: Visitor, photo_id: str, worker: Worker
) -> None:
    await asked(api, visitor, photo_id)
    await worker.work(only="analysis")
    answer = await api.post(
        f"/v1/photos/{photo_id}/analysis", headers={**visitor.headers, "Prefer": "wait=5"}
    )
    assert (answer.status_code, answer.json()["status"]) == (200, "done")
