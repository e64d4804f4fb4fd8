"""Erasing a person from the whole running service: no byte of her words is left, whatever goes on meanwhile."""

from __future__ import annotations

import io
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import psutil
import pytest
from PIL import Image
from sqlalchemy import select, text

from benchmarks.chaos import kill
from benchmarks.errands import small_photo
from benchmarks.journey import CONSENT, Visitor
from benchmarks.patience import until
from benchmarks.receiver import Receiver, receiving
from cli.trial import FRONT, Running, serving
from kit.outbox.tables import jobs
from kit.settings import Settings, Webhooks, Workers
from tests.faults.conftest import Faults
from tests.faults.service import FAULTY_GPU, RED, ground
from tests.integration.conftest import Salon, open_salon
from tests.integration.working import dump

WITHIN_S = 60
NAME = "Maximiliane Kanarienvogel"
WORDS = (NAME, "canary.bird@kanarienvogel.example", "+49 1555 0199 7742", "allergic to quill-blue lacquer")
NEEDLES = tuple(word.encode() for word in (*WORDS, "Kanarienvogel"))
HER_ID_STAYS_IN = {"audit_log", "webhook_messages", "jobs"}
"""docs/decisions/0020: what she did herself, and the message that says whom to forget."""


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    with ground(workers=Workers(lease_s=3), webhooks=Webhooks(allow_private=True)) as complete:
        yield complete


@pytest.fixture(scope="module")
async def service(settings: Settings, faults: Faults) -> AsyncIterator[Running]:
    assert faults.folder.is_dir()
    another = ("worker", "--queue", "cpu")  # one is killed, and comes back no faster than the machine is
    async with serving(settings, (*FRONT, another, FAULTY_GPU)) as here:
        yield here


@pytest.fixture
async def salon(service: Running) -> Salon:
    return await open_salon(service.runtime)


@pytest.fixture
async def receiver(service: Running, salon: Salon) -> AsyncIterator[Receiver]:
    """A server of the salon's that answers every message with what it knows of her."""
    said = " ".join(WORDS).encode()
    async with receiving() as listening:
        listening.will(*[b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(said), said)] * 100)
        await service.http.post("/v1/webhooks", json={"url": listening.url}, headers=salon.headers)
        yield listening


def telling_photo() -> bytes:
    """A photo whose metadata say who it is."""
    image, exif, out = Image.open(io.BytesIO(small_photo("open_05_left"))), Image.Exif(), io.BytesIO()
    exif[0x010E], exif[0x013B] = "; ".join(WORDS), NAME
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


class Canary:
    """A person who writes her words wherever there is room for words."""

    def __init__(self, service: Running, salon: Salon) -> None:
        self._http, self._salon = service.http, salon
        self._words = "; ".join(WORDS)

    async def arrive(self) -> None:
        minted = (await self._http.post("/v1/visitors", headers=self._salon.headers)).json()
        self.id, self.headers = minted["customer_id"], {"Authorization": f"Bearer {minted['token']}"}
        consent = {**CONSENT, "signature": self._words}
        self.consent_id = (await self._post("consents", consent, key=NAME))["id"]
        named = {**consent, "customer_id": self.id}
        await self._post("consents", named, key=NAME, headers=self._salon.headers)
        await self._post("tickets", {"customer_id": self.id}, headers=self._salon.headers)
        self.visitor = Visitor(self._http, minted["token"], self.consent_id)

    async def upload(self, photo: bytes) -> str:
        files = {"file": (f"{NAME}.jpg", photo)}
        form = {"consent_id": self.consent_id}
        answer = await self._http.post("/v1/photos", files=files, data=form, headers=self.headers)
        return str(answer.raise_for_status().json()["id"])

    async def fail(self) -> set[int]:
        """Ask for what cannot be had, in her own words; returns how it was answered."""
        photo = {"photo_id": NAME, "looks": [{"designs": [NAME]}]}
        bad = [
            ("POST", "/v1/consents", {"json": {**CONSENT, "signature": self._words + "\0"}}),
            ("POST", "/v1/consents", {"json": {**CONSENT, "text_version": self._words}}),
            ("POST", "/v1/consents", {"json": {**CONSENT, "note": self._words}}),
            ("POST", "/v1/consents", {"json": {**CONSENT, "signature": self._words * 10}}),
            ("POST", "/v1/consents", {"content": self._words}),
            ("POST", "/v1/tryons", {"json": photo}),
            (
                "POST",
                "/v1/photos",
                {"files": {"file": (NAME, WORDS[3].encode())}, "data": {"consent_id": NAME}},
            ),
            ("GET", f"/v1/tryons/{NAME}", {}),
            ("GET", f"/v1/{NAME}", {"params": {"email": WORDS[1]}}),
            ("GET", "/v1/tryons", {"params": {"cursor": NAME, "limit": NAME}}),
            ("DELETE", f"/v1/consents/{NAME}", {}),
        ]
        statuses = set()
        for who in (self.headers, self._salon.headers):
            for method, path, content in bad:
                headers = {**who, "Idempotency-Key": f"{NAME} {path}", "User-Agent": self._words}
                answer = await self._http.request(method, path, headers=headers, **content)  # type: ignore[arg-type]
                statuses.add(answer.status_code)
        return statuses

    async def _post(
        self, path: str, body: dict[str, Any], *, key: str = "", headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        own = (headers or self.headers) | ({"Idempotency-Key": key} if key else {})
        answer = await self._http.post(f"/v1/{path}", json=body, headers=own)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found


async def in_database(service: Running) -> set[str]:
    """Tables that hold any of her words, in whatever column."""
    return {table for word in (*WORDS, "Kanarienvogel") for table in await dump(service.runtime, word)}


def in_storage(service: Running) -> set[str]:
    """Files of the object store that hold any of her words, half-written ones too."""
    files = [path for path in (service.settings.data_path / "objects").rglob("*") if path.is_file()]
    return {path.name for path in files if any(needle in path.read_bytes() for needle in NEEDLES)}


async def in_redis(service: Running, *more: str) -> set[str]:
    """Keys of Redis that hold any of her words, or these, in key or value."""
    redis, found = service.runtime.redis, set()
    readers: dict[bytes, Any] = {
        b"string": redis.get,
        b"hash": redis.hgetall,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"set": redis.smembers,
        b"zset": lambda key: redis.zrange(key, 0, -1),
    }
    async for key in redis.scan_iter():
        kind = await redis.type(key)
        if kind == b"none":  # went between the two
            continue
        held = repr(key) + repr(await readers[kind](key))
        if any(word in held for word in (*WORDS, "Kanarienvogel", *more)):
            found.add(key.decode())
    return found


async def done(service: Running, link: str) -> dict[str, Any] | None:
    answer = (await service.http.get(link)).raise_for_status().json()
    return answer if answer["status"] == "done" else None


async def until_done(service: Running, link: str) -> dict[str, Any]:
    async def is_done() -> bool:
        return await done(service, link) is not None

    await until(is_done, within_s=WITHIN_S)
    receipt = await done(service, link)
    assert receipt is not None
    return receipt


async def test_no_byte_of_an_erased_person_is_left(
    service: Running, salon: Salon, receiver: Receiver, faults: Faults
) -> None:
    canary = Canary(service, salon)
    await canary.arrive()
    shown = await canary.upload(telling_photo())
    tryon = (await canary.visitor.request(shown, [[RED]]))["id"]
    assert (await canary.visitor.ended(tryon))["status"] == "done"
    export = (await service.http.post("/v1/me/export", headers=canary.headers)).json()

    async def exported() -> bool:
        read = await service.http.get(export["links"]["self"], headers=canary.headers)
        return bool(read.json()["status"] == "done")

    await until(exported)
    assert await canary.fail() <= {400, 403, 404, 422}
    held_photo = await canary.upload(telling_photo())
    faults.hold(held_photo)
    held = (await canary.visitor.request(held_photo, [[RED]]))["id"]
    await until(lambda: faults.is_held(held_photo))
    await until(lambda: {"consent.given", "tryon.ended"} <= {*receiver.types})
    await until(lambda: answered(service))
    assert await in_database(service) >= {"consents", "idempotency_keys", "webhook_attempts"}
    assert in_storage(service) >= {"original"}

    asked = (await service.http.post("/v1/me/erasure", headers=canary.headers)).json()
    started = time.monotonic()
    receipt = await until_done(service, asked["links"]["self"])
    faults.let_go(held_photo)
    await until(lambda: any("job_fenced_off" in line or "photo_gone" in line for line in service.log))
    things = (shown, held_photo, tryon, held, export["id"], canary.id)
    await until(lambda: nothing_stored(service, things), within_s=WITHIN_S - (time.monotonic() - started))
    await until(lambda: "person.erased" in receiver.types)

    assert (
        receipt["erased"].items()
        >= {"photos": 2, "tryons": 2, "consents": 2, "exports": 1, "tickets": 1}.items()
    )
    assert time.monotonic() - started < WITHIN_S
    assert await in_database(service) == set()
    assert in_storage(service) == set()
    assert await in_redis(service, *things) == set()
    assert [line for line in service.log if any(word in line for word in (*WORDS, "Kanarienvogel"))] == []
    assert [line for line in service.log if canary.id in line] == []
    assert set(await dump(service.runtime, canary.id)) <= HER_ID_STAYS_IN
    assert {*receiver.types} >= {"tryon.erased", "photo.erased", "person.erased"}
    (told,) = [one.content["data"] for one in receiver.received if one.content["type"] == "person.erased"]
    assert told == {"erasure_id": asked["id"], "customer_id": canary.id}


async def answered(service: Running) -> bool:
    """Whether what the salon's server said is written down."""
    return "webhook_attempts" in await dump(service.runtime, NAME)


async def nothing_stored(service: Running, subjects: tuple[str, ...]) -> bool:
    keys = [stored.key async for stored in service.runtime.storage.list("")]
    return not [key for key in keys if any(subject in key for subject in subjects)]


async def test_an_erasure_whose_worker_is_killed_in_the_middle_is_done_within_a_minute(
    service: Running, salon: Salon
) -> None:
    """Her photo's row is held by somebody else, so that the worker stands between two parts when it is killed."""
    canary = Canary(service, salon)
    await canary.arrive()
    photo_id = await canary.upload(telling_photo())
    tryon_id = (await canary.visitor.request(photo_id, [[RED]]))["id"]
    await canary.visitor.ended(tryon_id)
    async with service.runtime.db.tenant(salon.business_id) as unit:
        await unit.execute(text("SELECT 1 FROM photos WHERE id = :id FOR UPDATE"), {"id": photo_id})
        asked = (await service.http.post("/v1/me/erasure", headers=canary.headers)).json()
        started = time.monotonic()
        await until(lambda: counted(service.http, asked["links"]["self"], "tryons"))
        kill(await eraser(service, salon))

    receipt = await until_done(service, asked["links"]["self"])

    assert time.monotonic() - started < WITHIN_S
    assert receipt["erased"].items() >= {"tryons": 1, "photos": 1, "consents": 2}.items()
    assert await nothing_stored(service, (photo_id, tryon_id, canary.id))
    assert await in_database(service) == set()


async def counted(http: httpx.AsyncClient, link: str, kind: str) -> bool:
    """Whether this kind is erased already."""
    return kind in (await http.get(link)).json()["erased"]


async def eraser(service: Running, salon: Salon) -> psutil.Process:
    """The process that erases."""
    running = select(jobs.c.worker).where(jobs.c.kind == "privacy.erase", jobs.c.state == "running")
    async with service.runtime.db.system() as unit:
        worker = (await unit.execute(running.where(jobs.c.business_id == salon.business_id))).scalar_one()
    return psutil.Process(int(worker.rpartition(":")[2]))
