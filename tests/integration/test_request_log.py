"""The log of requests: every request of a known caller, in the end, and nothing of what it carried."""

from __future__ import annotations

from datetime import timedelta

import httpx
import msgspec
import pytest
from litestar.testing import AsyncTestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.app import create_app
from kit.db.engine import Database
from kit.metrics import REQUEST_ROWS_LOST
from kit.runtime import Runtime
from modules.records import service
from modules.records.journal import RequestJournal
from modules.records.wire import LoggedRequest
from tests.integration.conftest import Salon


async def logged(runtime: Runtime, salon: Salon, status: str | None = None) -> list[LoggedRequest]:
    async with runtime.db.tenant(salon.business_id) as unit:
        return (await service.requests_page(unit, status, None, 100))[0]


def lost() -> float:
    return float(REQUEST_ROWS_LOST._value.get())


async def test_requests_are_there_when_the_service_has_ended(runtime: Runtime, salon: Salon) -> None:
    headers = {**salon.headers, "X-Request-Id": "kiosk-7-000042"}
    async with AsyncTestClient(create_app(runtime.settings)) as client:
        await client.get("/v1/tryons?cursor=secret-word", headers=headers)
        await client.get("/v1/photos/pho_secret-word", headers=headers)
        await client.get("/v1/photos/pho_x", headers={"Authorization": "Bearer vk_live_wrong"})
        await client.get("/v1/consent-texts")

    newest, oldest = await logged(runtime, salon)

    assert (oldest.method, oldest.route, oldest.status) == ("GET", "/v1/tryons", 200)
    assert (newest.route, newest.status) == ("/v1/photos/{photo_id}", 404)
    assert (newest.request_id, newest.caller_kind) == ("kiosk-7-000042", "key")
    assert newest.duration_ms > 0
    assert "secret-word" not in str((newest, oldest))


async def test_an_anonymous_request_stands_with_the_business_that_it_is_for(
    runtime: Runtime, salon: Salon, other_salon: Salon
) -> None:
    async with AsyncTestClient(create_app(runtime.settings)) as client:
        minted = await client.post("/v1/tickets", headers=salon.headers, json={})
        ticket = minted.json()["ticket"]
        redeemed = await client.post("/v1/tickets/redeem", json={"ticket": ticket})
        wrong = await client.post("/v1/tickets/redeem", json={"ticket": ticket[:-4] + "zzzz"})
        limited = await client.get(
            "/v1/audit", headers={"Authorization": f"Bearer {redeemed.json()['token']}"}
        )
    assert (redeemed.status_code, wrong.status_code, limited.status_code) == (201, 410, 403)

    rows = [(row.route, row.status, row.caller_kind) for row in reversed(await logged(runtime, salon))]

    assert rows == [
        ("/v1/tickets", 201, "key"),
        ("/v1/tickets/redeem", 201, "anonymous"),
        ("/v1/audit", 403, "visitor"),
    ]
    assert await logged(runtime, other_salon) == []


async def test_requests_are_filtered_by_status(
    runtime: Runtime, api: httpx.AsyncClient, salon: Salon, other_salon: Salon
) -> None:
    journal = RequestJournal()
    for status in (302, 400, 404, 422, 499, 500):
        journal.note(salon.business_id, "key", "GET", "/v1/x", status, 1.5, "req_1")
    journal.note(other_salon.business_id, "key", "GET", "/v1/foreign", 404, 1.5, "req_2")
    await journal.write(runtime.db)

    async def ask(status: str) -> list[int]:
        answer = await api.get("/v1/requests", headers=salon.headers, params={"status": status})
        return sorted(one["status"] for one in answer.json()["items"])

    assert await ask("404") == [404]
    assert await ask("4xx") == [400, 404, 422, 499]
    assert await ask("3xx") == [302]
    assert await ask("503") == []


async def test_requests_are_read_in_pages(runtime: Runtime, salon: Salon) -> None:
    journal = RequestJournal()
    for status in range(200, 205):
        journal.note(salon.business_id, "key", "GET", "/v1/x", status, 1.5, "req_1")
    await journal.write(runtime.db)
    async with runtime.db.tenant(salon.business_id) as unit:
        first, cursor = await service.requests_page(unit, None, None, 3)
        rest, end = await service.requests_page(unit, None, cursor, 3)
    assert (len(first), len(rest), end) == (3, 2, None)
    assert {row.status for row in (*first, *rest)} == set(range(200, 205))


@pytest.mark.parametrize("status", ["600", "4x4", "xx", "20", "2000", "4xx'"])
async def test_a_status_that_cannot_be_is_refused(api: httpx.AsyncClient, salon: Salon, status: str) -> None:
    answer = await api.get("/v1/requests", headers=salon.headers, params={"status": status})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_a_full_batch_is_written_before_its_time(runtime: Runtime, salon: Salon) -> None:
    journal = RequestJournal(every_s=3600, batch=3)
    async with journal.kept(runtime.db):
        for _ in range(3):
            journal.note(salon.business_id, "key", "GET", "/v1/x", 200, 1.0, "req_1")
        while not await logged(runtime, salon):
            pass
    assert len(await logged(runtime, salon)) == 3


async def test_what_is_too_much_is_dropped_and_counted(runtime: Runtime, salon: Salon) -> None:
    journal, before = RequestJournal(bound=2), lost()
    for _ in range(5):
        journal.note(salon.business_id, "key", "GET", "/v1/x", 200, 1.0, "req_1")
    await journal.write(runtime.db)
    assert (len(await logged(runtime, salon)), lost() - before) == (2, 3)


async def test_a_database_that_is_away_costs_rows_and_nothing_else(runtime: Runtime, salon: Salon) -> None:
    nowhere = "postgresql+asyncpg://vernis_system@127.0.0.1:1/none"
    away = Database(nowhere, nowhere, pool_size=1)
    journal, before = RequestJournal(), lost()
    journal.note(salon.business_id, "key", "GET", "/v1/x", 200, 1.0, "req_1")
    await journal.write(away)
    assert lost() - before == 1
    journal.note(salon.business_id, "key", "GET", "/v1/x", 200, 1.0, "req_1")
    await journal.write(runtime.db)
    assert len(await logged(runtime, salon)) == 1
    await away.close()


async def test_requests_are_kept_for_a_week(runtime: Runtime, salon: Salon) -> None:
    journal = RequestJournal()
    for age in (timedelta(days=6, hours=23), timedelta(days=7, hours=1)):
        journal.note(salon.business_id, "key", "GET", "/v1/x", 200, 1.0, "req_1")
        business_id, row = journal._rows.pop()
        journal._rows.insert(0, (business_id, msgspec.structs.replace(row, at=row.at - age)))
    await journal.write(runtime.db)
    assert len(await logged(runtime, salon)) == 1  # not shown, even before it is deleted
    assert await service.forget_old_requests(runtime.db) == 1


async def test_the_application_cannot_write_or_change_the_log(runtime: Runtime, salon: Salon) -> None:
    for statement in ("DELETE FROM request_log", "UPDATE request_log SET status = 200"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with runtime.db.tenant(salon.business_id) as unit:
                await unit.execute(text(statement))
    with pytest.raises(DBAPIError, match="permission denied"):
        async with runtime.db.system() as unit:
            await unit.execute(text("SELECT route FROM request_log"))
