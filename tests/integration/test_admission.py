"""What there is no room for is refused before any work, with a time to come back."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import func, insert, text

from api.admission import QueueRoom, UploadRoom, UploadsFull
from benchmarks.journey import Visitor, new_visitor
from kit.ids import new_id
from kit.outbox.tables import jobs
from kit.runtime import Runtime
from kit.settings import Queue, Uploads
from modules.entitlements import service as entitlements
from tests.integration.conftest import LONG, Salon, another_api

BODY = {"looks": [{"designs": ["des_polish_lacquer_red"]}]}


def queue(**limits: float) -> Queue:
    return msgspec.structs.replace(LONG, **limits)


async def post(client: httpx.AsyncClient, visitor: Visitor, photo_id: str, **headers: str) -> httpx.Response:
    asked = {"photo_id": photo_id, **BODY}
    return await client.post("/v1/tryons", json=asked, headers=visitor.headers | headers)


def done_ago(ago_s: float, took_s: float = 60) -> dict[str, Any]:
    """Columns of a job that was done so long ago and had been due so long before."""
    finished = func.now() - timedelta(seconds=ago_s)
    return {"state": "done", "finished_at": finished, "run_at": finished - timedelta(seconds=took_s)}


@asynccontextmanager
async def jobs_of(runtime: Runtime, salon: Salon, name: str, **columns: Any) -> AsyncIterator[None]:
    """Some jobs of a queue that only this test knows."""
    rows = [
        {
            "id": new_id("job"),
            "business_id": salon.business_id,
            "kind": "test",
            "queue": name,
            "payload": {},
            **c,
        }
        for c in columns["each"]
    ]
    async with runtime.db.system() as unit:
        for row in rows:
            await unit.execute(insert(jobs).values(**row))
    yield
    async with runtime.db.system() as unit:
        await unit.execute(text("DELETE FROM jobs WHERE queue = :queue"), {"queue": name})


async def test_a_business_queues_exactly_as_much_as_it_may(
    runtime: Runtime, salon: Salon, visitor: Visitor, hand_photo: bytes
) -> None:
    photo_id = await visitor.upload(hand_photo)
    async with another_api(runtime.settings, queue=queue(depth_per_business=3)) as client:
        answers = await asyncio.gather(*(post(client, visitor, photo_id) for _ in range(12)))
        told = (await client.get("/v1/limits", headers=salon.headers)).json()
    assert Counter(answer.status_code for answer in answers) == {202: 3, 429: 9}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["code"] == "queue_full"
    assert int(refused.headers["retry-after"]) >= 1
    assert "ratelimit-limit" in refused.headers
    assert told["waiting_tryons"] == {"limit": 3, "remaining": 0}


async def test_a_salon_that_fills_its_own_queue_leaves_room_for_others(
    runtime: Runtime, visitor: Visitor, other_salon: Salon, hand_photo: bytes
) -> None:
    photo_id = await visitor.upload(hand_photo)
    async with another_api(runtime.settings, queue=queue(depth_per_business=1)) as client:
        await post(client, visitor, photo_id)
        other = await new_visitor(client, other_salon.key)
        assert (await post(client, visitor, photo_id)).status_code == 429
        assert (await post(client, other, await other.upload(hand_photo))).status_code == 202


async def test_a_place_in_the_queue_is_free_again_after_a_refused_request(
    runtime: Runtime, visitor: Visitor, hand_photo: bytes
) -> None:
    photo_id = await visitor.upload(hand_photo)
    async with another_api(runtime.settings, queue=queue(depth_per_business=1)) as client:
        assert (await post(client, visitor, "pho_none")).status_code == 404
        await asyncio.sleep(0.3)
        assert (await post(client, visitor, photo_id)).status_code == 202


async def test_a_repeat_finds_its_answer_in_a_full_queue(
    runtime: Runtime, visitor: Visitor, hand_photo: bytes
) -> None:
    photo_id = await visitor.upload(hand_photo)
    async with another_api(runtime.settings, queue=queue(depth_per_business=1)) as client:
        first = await post(client, visitor, photo_id, **{"Idempotency-Key": "k"})
        assert (await post(client, visitor, photo_id)).status_code == 429
        again = await post(client, visitor, photo_id, **{"Idempotency-Key": "k"})
    assert (again.status_code, again.content) == (202, first.content)


async def test_an_answer_that_waits_holds_no_place(
    runtime: Runtime, visitor: Visitor, hand_photo: bytes
) -> None:
    photo_id = await visitor.upload(hand_photo)
    async with another_api(runtime.settings, queue=queue(depth_per_business=2)) as client:
        waiting = asyncio.create_task(post(client, visitor, photo_id, Prefer="wait=1"))
        await asyncio.sleep(0.5)
        assert (await post(client, visitor, photo_id)).status_code == 202
        assert (await waiting).status_code == 202


async def test_a_queue_that_is_full_for_everybody_says_so(
    runtime: Runtime, visitor: Visitor, hand_photo: bytes
) -> None:
    photo_id = await visitor.upload(hand_photo)
    async with another_api(runtime.settings, queue=queue(depth=1)) as client:
        await post(client, visitor, photo_id)
        refused = await post(client, visitor, photo_id)
    assert (refused.status_code, refused.json()["code"]) == (503, "queue_full")
    assert int(refused.headers["retry-after"]) >= 1


async def test_when_to_come_back_follows_from_the_throughput(runtime: Runtime, salon: Salon) -> None:
    """Jobs done half a second apart are two a second; of 14 waiting jobs, 5 too many take 2.5 seconds."""
    done = [done_ago(0.5 * number) for number in range(8)]
    async with jobs_of(runtime, salon, "pace", each=[*done, *([{}] * 14)]):
        room = QueueRoom(runtime.db, "pace", queue(depth=10))
        with pytest.raises(Exception, match="busy") as refusal:
            await room.place("biz_other").__aenter__()
    assert refusal.value.retry_after == 3  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("done", "room"),
    [
        ([], 40),  # nothing known of the pace: as many as may wait at all
        ([(0.1 * n, 60.0) for n in range(9)], 20),  # ten a second for two seconds
        ([(10.0 * n, 0.1) for n in range(9)], 20),  # as fast, and mostly idle
        ([(3.0 * n, 60.0) for n in range(9)], 1),  # slow: the next one at least
    ],
)
async def test_as_many_may_wait_as_are_done_in_time_and_of_one_business_half(
    runtime: Runtime, salon: Salon, done: list[tuple[float, float]], room: int
) -> None:
    async with jobs_of(runtime, salon, "room", each=[done_ago(ago, took) for ago, took in done]):
        places = QueueRoom(runtime.db, "room", Queue(depth=40, wait_s=2.05))
        assert await places.of(salon.business_id) == (math.ceil(room / 2), 0)


async def test_a_queue_whose_oldest_job_waits_too_long_takes_no_more(runtime: Runtime, salon: Salon) -> None:
    old, tried = {"run_at": func.now() - timedelta(seconds=40)}, {"attempts": 1}
    for each, full in (([{**old, **tried}], False), ([old], True), ([{}], False)):
        async with jobs_of(runtime, salon, "age", each=each):
            place = QueueRoom(runtime.db, "age", queue(age_s=30)).place("biz_other")
            if full:
                with pytest.raises(Exception, match="busy"):
                    await place.__aenter__()
            else:
                async with place:
                    pass


async def test_uploads_have_places_and_each_business_some_of_them() -> None:
    room = UploadRoom(Uploads(in_flight=3, in_flight_per_business=2))
    async with room.place("biz_a"), room.place("biz_a"):
        with pytest.raises(UploadsFull):
            await room.place("biz_a").__aenter__()
        async with room.place("biz_b"):
            with pytest.raises(UploadsFull) as refusal:
                await room.place("biz_c").__aenter__()
        assert (refusal.value.retry_after or 0) >= 1
        assert room.in_flight_of("biz_a") == 2
    assert room.in_flight == 0


async def test_an_upload_too_many_is_refused_before_its_body_is_read(
    runtime: Runtime, visitor: Visitor
) -> None:
    reading, enough = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"--b\r\n"
        reading.set()
        await enough.wait()

    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    headers = {
        "Authorization": f"Bearer {visitor.token}",
        "Content-Type": "multipart/form-data; boundary=b",
    }
    async with another_api(runtime.settings, uploads=Uploads(decoders=1, in_flight=1)) as client:
        first = asyncio.create_task(client.post("/v1/photos", content=slow(), headers=headers))
        await reading.wait()
        refused = await client.post("/v1/photos", content=never(), headers=headers)
        enough.set()
        assert (await first).status_code == 400
    assert (refused.status_code, refused.json()["code"]) == (503, "uploads_full")
    assert int(refused.headers["retry-after"]) >= 1


async def test_an_upload_that_trickles_in_is_given_up(runtime: Runtime, visitor: Visitor) -> None:
    async def trickle() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.05)

    headers = {
        "Authorization": f"Bearer {visitor.token}",
        "Content-Type": "multipart/form-data; boundary=b",
        "Idempotency-Key": "slow",
    }
    async with another_api(runtime.settings, uploads=Uploads(decoders=1, body_s=0.3)) as client:
        answer = await client.post("/v1/photos", content=trickle(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (408, "upload_too_slow")


async def test_a_paused_business_makes_nothing_new_and_keeps_what_it_has(
    runtime: Runtime, salon: Salon, visitor: Visitor, hand_photo: bytes, api: httpx.AsyncClient
) -> None:
    photo_id = await visitor.upload(hand_photo)
    tryon = (await post(api, visitor, photo_id)).json()
    async with runtime.db.tenant(salon.business_id) as unit:
        await entitlements.put_on(unit, "paused")
    refused = await post(api, visitor, photo_id)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_entitled")
    with pytest.raises(httpx.HTTPStatusError, match="403"):
        await visitor.upload(hand_photo)
    assert (await visitor.read(tryon["id"]))["id"] == tryon["id"]
    async with runtime.db.tenant(salon.business_id) as unit:
        await entitlements.put_on(unit, "open")
    assert (await post(api, visitor, photo_id)).status_code == 202
