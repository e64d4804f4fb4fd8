"""Erasing a person: who may ask, what is left, and that it is done whatever dies meanwhile."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from benchmarks.journey import CONSENT, Visitor, new_visitor
from kit.audit import verify
from kit.ids import new_id
from kit.outbox.dispatch import reap
from kit.runtime import Runtime
from kit.storage import LocalStorage
from modules.accounts import service as accounts
from modules.accounts.scopes import Role, Scope
from modules.privacy import erasing
from modules.privacy.receipt import receipt_digest
from modules.privacy.registry import PERSONAL
from modules.tryon import tasks as tryon_tasks
from tests.integration.callers import bearer, hire, pair_kiosk, sql
from tests.integration.conftest import Salon, open_salon, somebody_waits
from tests.integration.working import Worker, dump
from workers.subscriptions import LAST_WORDS

RED = [["des_polish_lacquer_red"]]
MAY_NAME_HER = {"audit_log", "webhook_messages", "jobs"}
"""Where her id stays, as docs/decisions/0020 says: what she did, and that others must forget her."""


class Person:
    """A customer with something of every kind."""

    def __init__(self, visitor: Visitor, customer_id: str) -> None:
        self.visitor, self.id = visitor, customer_id
        self.headers = bearer(visitor.token)
        self.photos: list[str] = []
        self.tryons: list[str] = []


async def somebody(
    api: httpx.AsyncClient, salon: Salon, photo: bytes, photos: int = 1, tryons: int = 2
) -> Person:
    visitor = await new_visitor(api, salon.key)
    me = (await api.get("/v1/me", headers=bearer(visitor.token))).json()
    person = Person(visitor, me["subject"])
    for _ in range(photos):
        person.photos.append(await visitor.upload(photo))
        for _ in range(tryons):
            person.tryons.append((await visitor.request(person.photos[-1], RED))["id"])
    ticket = await api.post("/v1/tickets", json={"customer_id": person.id}, headers=salon.headers)
    kept = {**person.headers, "Idempotency-Key": "hers"}
    consent = await api.post("/v1/consents", json=CONSENT, headers=kept)
    assert (ticket.status_code, consent.status_code) == (201, 201)
    return person


@pytest.fixture
async def person(api: httpx.AsyncClient, salon: Salon, hand_photo: bytes) -> Person:
    return await somebody(api, salon, hand_photo)


async def objects(runtime: Runtime, *subjects: str) -> dict[str, bytes]:
    """What the store holds of any of these ids."""
    keys = [stored.key async for stored in runtime.storage.list("")]
    return {key: await runtime.storage.get(key) for key in keys if any(one in key for one in subjects)}


async def erasure(api: httpx.AsyncClient, person: Person) -> dict[str, Any]:
    answer = await api.post("/v1/me/erasure", headers=person.headers)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def receipt(api: httpx.AsyncClient, asked: dict[str, Any]) -> dict[str, Any]:
    answer = await api.get(asked["links"]["self"])
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def assert_nothing_is_left(runtime: Runtime, person: Person) -> None:
    assert set(await dump(runtime, person.id)) <= MAY_NAME_HER
    assert await objects(runtime, person.id, *person.photos, *person.tryons) == {}


async def test_nothing_is_left_of_an_erased_person(
    runtime: Runtime, api: httpx.AsyncClient, person: Person, worker: Worker
) -> None:
    asked = await erasure(api, person)
    before = await receipt(api, asked)
    await worker.work(only="privacy.")
    done = await receipt(api, asked)
    await worker.work()

    assert (before["status"], done["status"]) == ("pending", "done")
    assert done["erased"] == {
        "visitor_tokens": 1,
        "tryons": 2,
        "photos": 1,
        "consents": 2,
        "tickets": 1,
        "idempotency_keys": 1,
        "customers": 1,
    }
    await assert_nothing_is_left(runtime, person)
    assert person.id not in str(done)


async def test_her_token_ends_at_once(api: httpx.AsyncClient, person: Person) -> None:
    asked = await erasure(api, person)
    assert (await api.get("/v1/tryons", headers=person.headers)).status_code == 401
    assert (await receipt(api, asked))["status"] == "pending"


async def test_nothing_new_is_taken_in_for_her(api: httpx.AsyncClient, salon: Salon, person: Person) -> None:
    await erasure(api, person)
    body = {**CONSENT, "customer_id": person.id}
    assert (await api.post("/v1/consents", json=body, headers=salon.headers)).status_code == 422
    ticket = await api.post("/v1/tickets", json={"customer_id": person.id}, headers=salon.headers)
    assert ticket.status_code == 422


async def test_asking_twice_is_one_erasure(
    api: httpx.AsyncClient, salon: Salon, person: Person, worker: Worker
) -> None:
    path = f"/v1/customers/{person.id}/erasure"
    first, second = [(await api.post(path, headers=salon.headers)).json() for _ in range(2)]
    await worker.work(only="privacy.")
    third = await api.post(path, headers=salon.headers)

    assert first["id"] == second["id"]
    assert (third.status_code, third.json()["code"]) == (404, "no_such_customer")


async def test_asked_at_once_it_is_one_erasure(api: httpx.AsyncClient, salon: Salon, person: Person) -> None:
    path = f"/v1/customers/{person.id}/erasure"
    answers = await asyncio.gather(*(api.post(path, headers=salon.headers) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_the_receipt_can_be_computed_again_and_lies_in_the_audit_chain(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon, person: Person, worker: Worker
) -> None:
    asked = await erasure(api, person)
    await worker.work(only="privacy.")
    done = await receipt(api, asked)
    items = (await api.get("/v1/audit", headers=salon.headers)).json()["items"]
    chain = {entry["action"]: entry["subject"] for entry in items}

    created_at, finished_at = map(datetime.fromisoformat, (done["created_at"], done["finished_at"]))
    digest = receipt_digest(
        done["id"], salon.business_id, done["subject_sha256"], done["erased"], created_at, finished_at
    )
    assert done["receipt_sha256"] == digest == chain["person.erasure_receipt"]
    assert done["subject_sha256"] == hashlib.sha256(f"{done['id']}:{person.id}".encode()).hexdigest()
    assert chain["person.erased"] == chain["person.erasure_asked"] == done["id"]
    async with runtime.db.tenant(salon.business_id) as unit:
        assert (await verify(unit)).broken is None


async def test_the_receipts_link_opens_nothing_else(
    api: httpx.AsyncClient, salon: Salon, person: Person, hand_photo: bytes, other_salon: Salon
) -> None:
    link = (await erasure(api, person))["links"]["self"]
    other = await erasure(api, await somebody(api, salon, hand_photo))
    head, _, query = link.partition("?")
    assert (await api.get(f"/v1/erasures/{other['id']}?{query}")).status_code == 403
    assert (await api.get(link.replace(salon.business_id, other_salon.business_id))).status_code == 403
    assert (await api.get(f"{head}?signature=")).status_code == 403
    assert (await api.get(head)).status_code == 401
    flipped = 0
    for position in range(len(head) + 1, len(link)):
        for bit in (1, 4):
            changed = bytearray(link.encode())
            changed[position] ^= 1 << bit
            try:
                answer = await api.get(changed.decode("ascii"))
            except (UnicodeDecodeError, httpx.InvalidURL):
                continue
            flipped += 1
            assert answer.status_code in (401, 403, 422), changed
    assert flipped > 200


Fault = Callable[[pytest.MonkeyPatch], None]


class Died(BaseException):
    """What a SIGKILL looks like from inside: nothing that anybody catches."""


def dies_at_step(number: int) -> Fault:
    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        real = erasing.step

        async def step(unit: Any, erasure_id: str, at: int, so_far: Any) -> Any:
            found = await real(unit, erasure_id, at, so_far)
            if at == number:
                raise Died
            return found

        monkeypatch.setattr(erasing, "step", step)

    return patch


def dies_in_storage(monkeypatch: pytest.MonkeyPatch) -> None:
    real = LocalStorage.delete_prefix

    async def delete_prefix(storage: LocalStorage, prefix: str) -> None:
        await real(storage, prefix)
        raise Died

    monkeypatch.setattr(LocalStorage, "delete_prefix", delete_prefix)


def dies_in_the_last_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Awaitable[bool]] = erasing.close

    async def close(unit: Any, erasure_id: str) -> bool:
        assert await real(unit, erasure_id)
        raise Died

    monkeypatch.setattr(erasing, "close", close)


@pytest.mark.parametrize(
    "fault",
    [*map(dies_at_step, range(len(PERSONAL))), dies_in_storage, dies_in_the_last_transaction],
    ids=[*(f"step {number}" for number in range(len(PERSONAL))), "storage", "last"],
)
async def test_an_erasure_that_was_killed_anywhere_is_finished_by_the_next_worker(
    runtime: Runtime,
    api: httpx.AsyncClient,
    salon: Salon,
    person: Person,
    worker: Worker,
    fault: Fault,
) -> None:
    asked = await erasure(api, person)
    with pytest.MonkeyPatch.context() as monkeypatch:
        fault(monkeypatch)
        with pytest.raises(Died):
            await worker.work(only="privacy.erase")
    assert (await receipt(api, asked))["status"] == "pending"

    await lease_runs_out(runtime, salon)
    await worker.work()

    done = await receipt(api, asked)
    assert (done["status"], done["erased"]["tryons"], done["erased"]["photos"]) == ("done", 2, 1)
    await assert_nothing_is_left(runtime, person)


async def lease_runs_out(runtime: Runtime, salon: Salon) -> None:
    """What the reaper does when a worker is not heard any more."""
    over = text("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE state = 'running'")
    async with runtime.db.tenant(salon.business_id) as unit:
        await unit.execute(over)
    async with runtime.db.system() as unit:
        await reap(unit, max_attempts=runtime.settings.workers.max_attempts, last_words=LAST_WORDS)


async def test_an_erasure_whose_workers_all_die_is_never_given_up(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon, person: Person, worker: Worker
) -> None:
    asked = await erasure(api, person)
    for _ in range(runtime.settings.workers.max_attempts):
        with pytest.MonkeyPatch.context() as monkeypatch:
            dies_at_step(1)(monkeypatch)
            with pytest.raises(Died):
                await worker.work(only="privacy.erase")
        await lease_runs_out(runtime, salon)
    await worker.work()
    assert (await receipt(api, asked))["status"] == "pending"

    await worker.let_time_pass("privacy.erase")
    await worker.work()

    assert (await receipt(api, asked))["status"] == "done"


async def test_an_erasure_that_meets_only_errors_is_never_given_up(
    runtime: Runtime, api: httpx.AsyncClient, person: Person, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await erasure(api, person)
    with monkeypatch.context() as broken:

        async def step(*_: Any) -> None:
            raise RuntimeError("a fault of ours")

        broken.setattr(erasing, "step", step)
        await worker.work(only="privacy.erase")
    assert (await receipt(api, asked))["status"] == "pending"

    await worker.let_time_pass("privacy.erase")
    await worker.work()

    assert (await receipt(api, asked))["status"] == "done"
    await assert_nothing_is_left(runtime, person)


async def test_what_came_in_during_the_erasure_goes_too(
    runtime: Runtime,
    api: httpx.AsyncClient,
    salon: Salon,
    person: Person,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A request that had begun before may still write a row after its part was erased."""
    asked = await erasure(api, person)
    late = text(
        "INSERT INTO consents (id, business_id, customer_id, text_version, language, purposes, signature)"
        " VALUES ('con_late', :business, :customer, '2026-11', 'en', '{try_on}', 'late words')"
    )
    real = erasing.close
    came: list[bool] = []

    async def close(unit: Any, erasure_id: str) -> bool:
        if not came:
            came.append(True)
            async with runtime.db.tenant(salon.business_id) as other:
                await other.execute(late, {"business": salon.business_id, "customer": person.id})
        return await real(unit, erasure_id)

    monkeypatch.setattr(erasing, "close", close)
    await worker.work()

    assert (await receipt(api, asked))["erased"]["consents"] == 3
    assert await dump(runtime, "late words") == {}
    await assert_nothing_is_left(runtime, person)


async def test_a_request_that_comes_too_late_is_told_so(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon, person: Person
) -> None:
    """It saw her, then waits for the transaction that removes her."""
    async with runtime.db.tenant(salon.business_id) as unit:
        await unit.execute(text("DELETE FROM customers WHERE id = :id"), {"id": person.id})
        body = {"customer_id": person.id}
        asking = asyncio.create_task(api.post("/v1/tickets", json=body, headers=salon.headers))
        await somebody_waits(unit)
    answer = await asking
    assert (answer.status_code, answer.json()["code"]) == (410, "erased_meanwhile")


@pytest.mark.parametrize("seed", range(3))
async def test_the_erasure_of_one_leaves_every_byte_of_another(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon, hand_photo: bytes, worker: Worker, seed: int
) -> None:
    tryon_tasks.warm()
    await log_messages(runtime, salon)
    rng = random.Random(seed)
    people = [
        await somebody(api, salon, hand_photo, photos=rng.randint(1, 3), tryons=rng.randint(0, 3))
        for _ in range(2)
    ]
    erased, other = rng.sample(people, 2)
    await worker.work()
    rows, kept = await of(runtime, other), await objects(runtime, *other.photos, *other.tryons)

    asked = await erasure(api, erased)
    await worker.work(only="privacy.")

    assert (await receipt(api, asked))["status"] == "done"
    assert await of(runtime, other) == rows
    assert await objects(runtime, *other.photos, *other.tryons) == kept
    assert len(kept) >= len(other.photos)
    assert {"webhook_messages", "consents", "photos", "customers", "idempotency_keys"} <= set(rows)
    await assert_nothing_is_left(runtime, erased)


async def log_messages(runtime: Runtime, salon: Salon) -> None:
    """An endpoint that is switched off: messages are logged, and sent nowhere."""
    await sql(
        runtime,
        salon,
        "INSERT INTO webhook_endpoints (id, business_id, url, event_types, description, enabled, secret)"
        " VALUES (:id, :business, 'https://example.com', '{}', '', false, 'secret')",
        id=new_id("whk"),
        business=salon.business_id,
    )


async def test_what_was_still_to_be_told_of_her_is_not_told_but_that_she_is_gone(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon, person: Person, worker: Worker
) -> None:
    await log_messages(runtime, salon)
    await worker.work(only="webhooks.")
    assert "webhook_messages" in await dump(runtime, person.visitor.consent_id)
    late = (await api.post("/v1/consents", json=CONSENT, headers=person.headers)).json()["id"]
    await worker.tell()

    await erasure(api, person)
    await worker.work(only="privacy.")
    await worker.work()

    told = text("SELECT type, body FROM webhook_messages")
    async with runtime.db.tenant(salon.business_id) as unit:
        messages = {row.type: row.body for row in await unit.all(told)}
    assert set(messages) == {"tryon.erased", "photo.erased", "person.erased"}
    assert person.id in messages["person.erased"]
    assert set(await dump(runtime, late)) == {"audit_log"}


async def of(runtime: Runtime, person: Person) -> dict[str, list[str]]:
    """Every row that names a person or what is hers."""
    found: dict[str, list[str]] = {}
    for needle in (person.id, person.visitor.consent_id, *person.photos, *person.tryons):
        for table, rows in (await dump(runtime, needle)).items():
            found[table] = sorted({*found.get(table, []), *rows})
    return found


ROUTES = [
    ("POST", "/v1/customers/{customer}/erasure"),
    ("POST", "/v1/customers/{customer}/export"),
    ("GET", "/v1/erasures/{erasure}"),
    ("GET", "/v1/exports/{export}"),
]


@pytest.fixture
async def paths(api: httpx.AsyncClient, salon: Salon, person: Person, hand_photo: bytes) -> dict[str, str]:
    """What stands in the routes' braces: two people's, so that one can be asked about while the other is erased."""
    other = await somebody(api, salon, hand_photo)
    export = (await api.post("/v1/me/export", headers=person.headers)).json()["id"]
    pending = (await api.post(f"/v1/customers/{other.id}/erasure", headers=salon.headers)).json()["id"]
    return {"customer": person.id, "erasure": pending, "export": export}


@pytest.mark.parametrize(("method", "route"), ROUTES)
async def test_own_is_answered_and_others_is_not_found(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon, paths: dict[str, str], method: str, route: str
) -> None:
    path = route.format(**paths)
    stranger = await new_visitor(api, salon.key)
    kiosk = await pair_kiosk(api, salon)
    stylist = await hire(runtime, salon, Role.STYLIST)
    reception = await hire(runtime, salon, Role.RECEPTION)
    async with runtime.db.tenant(salon.business_id) as unit:
        narrow = await accounts.create_key(unit, "narrow", (Scope.TRYON_READ,))
        test_key = await accounts.create_key(unit, "test", test=True)
    elsewhere = await open_salon(runtime)

    async def status(headers: dict[str, str]) -> int:
        return (await api.request(method, path, headers=headers)).status_code

    assert await status(elsewhere.headers) == 404
    assert await status(bearer(stranger.token)) == 404
    assert await status({}) == 401
    for without in (narrow.secret, kiosk.token, stylist.access):
        assert await status(bearer(without)) == 403
    if "erasure}" not in route:
        assert await status(bearer(test_key.secret)) == 404
    for allowed in (salon.headers, reception.headers):
        assert await status(allowed) == (200 if method == "GET" else 202)


@pytest.mark.parametrize("what", ["erasure", "export"])
async def test_only_a_visitor_asks_for_herself(
    api: httpx.AsyncClient, salon: Salon, person: Person, what: str
) -> None:
    assert (await api.post(f"/v1/me/{what}", headers=salon.headers)).status_code == 422
    assert (await api.post(f"/v1/me/{what}")).status_code == 401
    assert (await api.post(f"/v1/me/{what}", headers=person.headers)).status_code == 202


async def test_a_visitor_names_herself_too(api: httpx.AsyncClient, person: Person) -> None:
    assert (await api.post(f"/v1/customers/{person.id}/erasure", headers=person.headers)).status_code == 202
