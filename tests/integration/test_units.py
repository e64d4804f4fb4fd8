"""A unit of work is one transaction, whatever happens to it or to its connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import Text, bindparam, select, text
from sqlalchemy.exc import DBAPIError

from kit.audit import OPERATOR
from kit.db.engine import Database
from kit.db.ready import Ready
from kit.db.unit import NotCommitted, driver_of
from kit.runtime import Runtime
from modules.accounts import keys
from modules.customers import service as customers
from modules.customers.tables import customers as table
from tests.integration.callers import hold
from tests.integration.conftest import Salon, another_api

PID = text("SELECT pg_backend_pid() AS pid")
FIND = Ready(select(table.c.id).where(table.c.id == bindparam("id", type_=Text)))


@pytest.fixture
async def narrow(runtime: Runtime) -> AsyncIterator[Database]:
    """One connection for each role, so that two units meet on it."""
    database = runtime.settings.database
    db = Database(database.url, database.system_url, pool_size=1)
    yield db
    await db.close()


async def test_a_connection_that_died_in_the_pool_is_replaced(runtime: Runtime, narrow: Database) -> None:
    async with narrow.system() as unit:
        pid = (await unit.execute(PID)).scalar_one()
    async with runtime.db.system() as unit:
        assert (await unit.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})).scalar_one()
    async with narrow.system() as unit:
        assert (await unit.execute(PID)).scalar_one() != pid


async def test_a_connection_that_has_heard_of_its_end_is_replaced(narrow: Database) -> None:
    """Postgres says why it ends before it hangs up; a connection taken in between is neither open nor closed."""
    async with narrow.system() as unit:
        pid = (await unit.execute(PID)).scalar_one()
        assert unit._connection is not None
        driver = driver_of(unit._connection)
    words = b"SFATAL\0VFATAL\0C57P02\0Mterminating connection because of crash of another process\0\0"
    driver._protocol.data_received(b"E" + (4 + len(words)).to_bytes(4) + words)
    async with narrow.system() as unit:
        assert (await unit.execute(PID)).scalar_one() != pid


async def test_a_unit_that_was_cancelled_leaves_nothing_behind(narrow: Database, salon: Salon) -> None:
    made = ""

    async def dawdle() -> None:
        nonlocal made
        async with narrow.tenant(salon.business_id) as unit:
            made = await customers.create(unit)
            await unit.execute(text("SELECT pg_sleep(60)"))

    dawdling = asyncio.create_task(dawdle())
    while not made:
        await asyncio.sleep(0.01)
    dawdling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dawdling

    async with narrow.tenant(salon.business_id) as unit:
        assert await unit.read(FIND, id=made) == []
    async with narrow.nobody() as unit:
        assert (await unit.execute(text("SELECT current_setting('vernis.business_id', true)"))).scalar() in (
            "",
            None,
        )


async def test_going_on_after_a_failed_statement_is_no_commit(runtime: Runtime, salon: Salon) -> None:
    unit = runtime.db.tenant(salon.business_id)
    with pytest.raises(DBAPIError):
        await unit.execute(text("SELECT 1 / 0"))
    with pytest.raises(NotCommitted):
        await unit.commit()
    await unit.close()


async def test_a_business_id_is_a_value_and_never_sql(runtime: Runtime, salon: Salon) -> None:
    forged = f"x'; SET LOCAL vernis.business_id = '{salon.business_id}"
    async with runtime.db.tenant(forged) as unit:
        shown = await unit.execute(text("SELECT current_setting('vernis.business_id', true)"))
        assert shown.scalar_one() == forged


async def test_who_finds_no_connection_free_waits_for_one(narrow: Database, salon: Salon) -> None:
    async def read() -> None:
        async with narrow.tenant(salon.business_id) as unit:
            await unit.execute(PID)

    await asyncio.gather(*(read() for _ in range(20)))


async def test_ready_statements_see_their_own_business_only(
    runtime: Runtime, salon: Salon, other_salon: Salon
) -> None:
    async with runtime.db.tenant(salon.business_id) as unit:
        made = await customers.create(unit)
        assert [row[0] for row in await unit.read(FIND, id=made)] == [made]
    async with runtime.db.tenant(other_salon.business_id) as unit:
        assert await unit.read(FIND, id=made) == []


@pytest.mark.parametrize("times", [1, 30])
async def test_a_revoked_key_is_refused_from_the_next_request_on_by_every_api(
    runtime: Runtime, salon: Salon, times: int
) -> None:
    """Given many requests that are looked up together on two APIs, then none after the revocation gets through."""
    async with another_api(runtime.settings) as one, another_api(runtime.settings) as other:
        key = await hold(one, runtime, salon, "key")
        path = "/v1/limits"

        async def ask(api: httpx.AsyncClient) -> int:
            return (await api.get(path, headers=key.headers)).status_code

        before = await asyncio.gather(*(ask(api) for api in (one, other) * times))
        pending = [asyncio.create_task(ask(api)) for api in (one, other) * times]
        async with runtime.db.tenant(salon.business_id) as unit:
            await keys.revoke(unit, OPERATOR, key.id)
        after = await asyncio.gather(*(ask(api) for api in (one, other) * times))
        await asyncio.gather(*pending)
    assert (set(before), set(after)) == ({200}, {401})


async def test_ready_statements_give_documents_as_others_do(runtime: Runtime, salon: Salon) -> None:
    document = "SELECT cast('{\"a\": [1, null]}' AS jsonb) AS document, :name || '!' AS name"
    async with runtime.db.tenant(salon.business_id) as unit:
        (ready,) = await unit.read(Ready(text(document)), name="x")
        (plain,) = await unit.all(text(document).bindparams(name="x"))
    assert [*ready] == [*plain] == [{"a": [1, None]}, "x!"]
