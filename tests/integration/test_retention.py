"""How long things are kept: photos a day, pictures a month, guests of a kiosk no longer than their visit."""

from __future__ import annotations

import asyncio

import httpx
import numpy as np
import pytest

from benchmarks.journey import CONSENT, Visitor
from kit.runtime import Runtime
from models.types import Box, Lips, Mask, Photo, Scan
from modules.customers import service as customers
from modules.privacy import service as privacy
from modules.tryon import tasks as tryon_tasks
from modules.tryon.tasks import forget_photo
from tests.integration.callers import bearer, pair_kiosk
from tests.integration.conftest import Salon, somebody_waits
from tests.integration.working import Worker, dump

RED = [["des_polish_lacquer_red"]]


@pytest.fixture(scope="module")
def drawing() -> None:
    tryon_tasks.warm()


async def names(runtime: Runtime, subject: str) -> set[str]:
    """Objects of a photo or a try-on; a Scan by its first letters."""
    keys = [stored.key async for stored in runtime.storage.list("") if subject in stored.key]
    return {key.rpartition("/")[2].partition("-")[0] for key in keys}


@pytest.mark.usefixtures("drawing")
async def test_photo_and_scan_go_first_and_pictures_when_their_own_time_is_over(
    runtime: Runtime, visitor: Visitor, hand_photo: bytes, worker: Worker
) -> None:
    photo_id = await visitor.upload(hand_photo)
    tryon_id = (await visitor.request(photo_id, RED))["id"]
    await worker.work()
    assert await names(runtime, photo_id) == {"original", "scan"}

    await worker.expire("photos", photo_id)
    assert await names(runtime, photo_id) == set()
    assert (await visitor.read(tryon_id))["status"] == "done"
    assert "full.jpg" in await names(runtime, tryon_id)

    await worker.expire("tryons", tryon_id)
    assert await names(runtime, tryon_id) == set()
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        await visitor.read(tryon_id)


async def test_what_was_prolonged_stays(
    runtime: Runtime, visitor: Visitor, hand_photo: bytes, worker: Worker
) -> None:
    photo_id = await visitor.upload(hand_photo)
    await worker.let_time_pass("photos.expire")
    await worker.work()
    assert await names(runtime, photo_id) == {"original"}


@pytest.mark.usefixtures("drawing")
async def test_a_photo_erased_during_its_render_is_not_remembered(
    visitor: Visitor, hand_photo: bytes, worker: Worker
) -> None:
    """The word to forget comes while the pipeline runs, before there is anything to forget."""
    remembered, forgotten = [await visitor.upload(hand_photo) for _ in range(2)]
    for photo_id in (remembered, forgotten):
        await visitor.request(photo_id, RED)
    forget_photo(forgotten)
    await worker.work()

    assert tryon_tasks._memory.recall(remembered) is not None
    assert tryon_tasks._memory.recall(forgotten) is None
    forget_photo(remembered)
    assert tryon_tasks._memory.recall(remembered) is None


def test_what_is_remembered_is_counted_with_its_masks() -> None:
    lips = Lips(Mask(np.zeros((30, 40), np.uint8), Box(0, 0, 40, 30)), face=0)
    seen = tryon_tasks.Seen(Photo(np.zeros((50, 60, 3), np.uint8)), Scan(lips=(lips,)), before=b"1234")
    assert seen.size_bytes == 50 * 60 * 3 + 30 * 40 + 4


class Guest:
    """A visitor that a kiosk welcomed."""

    def __init__(self, customer_id: str, token: str) -> None:
        self.id, self.headers = customer_id, bearer(token)


@pytest.fixture
async def kiosk(api: httpx.AsyncClient, salon: Salon) -> dict[str, str]:
    return (await pair_kiosk(api, salon)).headers


@pytest.fixture
async def guest(api: httpx.AsyncClient, kiosk: dict[str, str], hand_photo: bytes) -> Guest:
    made = (await api.post("/v1/visitors", headers=kiosk)).json()
    guest = Guest(made["customer_id"], made["token"])
    consent = (await api.post("/v1/consents", json=CONSENT, headers=guest.headers)).json()["id"]
    await Visitor(api, made["token"], consent).upload(hand_photo)
    return guest


async def visit_ends(worker: Worker) -> None:
    await worker.work(only="privacy.")
    await worker.let_time_pass("privacy.erase_guest")
    await worker.work(only="privacy.")


async def test_of_a_kiosks_guest_nothing_stays(runtime: Runtime, guest: Guest, worker: Worker) -> None:
    await worker.work(only="privacy.")
    assert "photos" in await dump(runtime, guest.id), "not before her visit ends"

    await visit_ends(worker)
    await worker.work()

    assert set(await dump(runtime, guest.id)) <= {"audit_log", "webhook_messages", "jobs"}


async def test_a_guest_who_takes_her_pictures_along_stays(
    runtime: Runtime, api: httpx.AsyncClient, kiosk: dict[str, str], guest: Guest, worker: Worker
) -> None:
    ticket = (await api.post("/v1/tickets", json={"customer_id": guest.id}, headers=kiosk)).json()["ticket"]
    phone = (await api.post("/v1/tickets/redeem", json={"ticket": ticket})).json()
    assert phone["customer_id"] == guest.id

    await visit_ends(worker)

    assert {"photos", "consents", "customers"} <= set(await dump(runtime, guest.id))
    assert (await api.get("/v1/tryons", headers=bearer(phone["token"]))).status_code == 200


async def test_a_ticket_that_nobody_redeemed_keeps_no_guest(
    runtime: Runtime, api: httpx.AsyncClient, kiosk: dict[str, str], guest: Guest, worker: Worker
) -> None:
    await api.post("/v1/tickets", json={"customer_id": guest.id}, headers=kiosk)
    await visit_ends(worker)
    assert "photos" not in await dump(runtime, guest.id)


async def test_whom_a_key_welcomes_is_no_guest(runtime: Runtime, visitor: Visitor, worker: Worker) -> None:
    await visit_ends(worker)
    assert "consents" in await dump(runtime, visitor.consent_id)


async def test_a_ticket_redeemed_in_the_moment_the_visit_ends_keeps_her(
    runtime: Runtime, salon: Salon, guest: Guest
) -> None:
    async def visit_ends_now() -> None:
        async with runtime.db.tenant(salon.business_id) as unit:
            await privacy.erase_guest(unit, guest.id)

    async with runtime.db.tenant(salon.business_id) as phone:
        assert await customers.keep(phone, guest.id)
        ending = asyncio.create_task(visit_ends_now())
        await somebody_waits(phone)
    await ending

    assert "photos" in await dump(runtime, guest.id)
    assert "erasures" not in await dump(runtime, guest.id)


async def test_a_ticket_redeemed_too_late_opens_nothing(
    api: httpx.AsyncClient, kiosk: dict[str, str], guest: Guest
) -> None:
    ticket = (await api.post("/v1/tickets", json={"customer_id": guest.id}, headers=kiosk)).json()["ticket"]
    assert (await api.post("/v1/me/erasure", headers=guest.headers)).status_code == 202

    late = await api.post("/v1/tickets/redeem", json={"ticket": ticket})

    assert (late.status_code, late.json()["code"]) == (410, "ticket_used")
