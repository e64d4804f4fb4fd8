"""A glance reads one business's rows in one round trip, behind the same two walls as a unit of work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Text, bindparam, select, text
from sqlalchemy.exc import DBAPIError

from kit.db.away import DatabaseAway
from kit.db.engine import Database
from kit.db.ready import Ready
from kit.runtime import Runtime
from modules.customers import service as customers
from modules.customers.tables import customers as table
from tests.integration.conftest import Salon

EVERYTHING = Ready(select(table.c.id).order_by(table.c.id.desc()))
FIND = Ready(select(table.c.id).where(table.c.id == bindparam("id", type_=Text)))
SHOWN = Ready(text("SELECT current_setting('vernis.business_id', true)"))
PID = Ready(text("SELECT pg_backend_pid()"))
DIVIDE = Ready(text("SELECT 1 / cast(:by AS integer)"))


@pytest.fixture
async def narrow(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """One line, so that glances meet on it."""
    monkeypatch.setattr("kit.db.engine.LINES", 1)
    database = runtime.settings.database
    db = Database(database.url, database.system_url, pool_size=1)
    yield db
    await db.close()


async def test_a_forgotten_filter_reads_no_row_of_another_salon(
    narrow: Database, salon: Salon, other_salon: Salon
) -> None:
    """Given customers of two salons, then each sees its own, in the order asked for, however often they take turns."""
    made: dict[str, list[str]] = {}
    for business_id in (salon.business_id, other_salon.business_id):
        async with narrow.tenant(business_id) as unit:
            made[business_id] = [await customers.create(unit) for _ in range(3)]
    for _ in range(10):  # from the sixth time on Postgres may take one plan for all values
        for business_id, own in made.items():
            seen = await narrow.glance(business_id).read(EVERYTHING)
            assert [row[0] for row in seen] == sorted(own, reverse=True)


async def test_a_row_of_another_salon_is_not_found_by_its_id(
    narrow: Database, salon: Salon, other_salon: Salon
) -> None:
    async with narrow.tenant(salon.business_id) as unit:
        made = await customers.create(unit)
    assert [row[0] for row in await narrow.glance(salon.business_id).read(FIND, id=made)] == [made]
    assert await narrow.glance(other_salon.business_id).read(FIND, id=made) == []


async def test_the_scope_ends_with_its_statement(narrow: Database, salon: Salon) -> None:
    async with narrow.tenant(salon.business_id) as unit:
        await customers.create(unit)
    assert (await narrow.glance(salon.business_id).read(SHOWN))[0][0] == salon.business_id
    assert (await narrow.look_up(SHOWN))[0][0] in (None, "")
    assert await narrow.look_up(EVERYTHING) == []


async def test_a_business_id_is_a_value_and_never_sql(narrow: Database, salon: Salon) -> None:
    forged = f"x', true); SELECT set_config('vernis.business_id', '{salon.business_id}"
    assert (await narrow.glance(forged).read(SHOWN))[0][0] == forged
    assert await narrow.glance(forged).read(EVERYTHING) == []


async def test_a_line_that_died_is_replaced(narrow: Database, salon: Salon) -> None:
    glance = narrow.glance(salon.business_id)
    ((pid,),) = await glance.read(PID)
    async with narrow.nobody() as unit:
        await unit.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    assert (await glance.read(PID))[0][0] != pid


async def test_a_refused_statement_keeps_its_line(narrow: Database, salon: Salon) -> None:
    glance = narrow.glance(salon.business_id)
    before = await glance.read(PID)
    with pytest.raises(DBAPIError, match="division by zero"):
        await glance.read(DIVIDE, by=0)
    assert await glance.read(PID) == before


async def test_a_glance_that_was_cancelled_leaves_nothing_behind(narrow: Database, salon: Salon) -> None:
    glance = narrow.glance(salon.business_id)
    await glance.read(PID)
    dawdling = asyncio.create_task(glance.read(Ready(text("SELECT pg_sleep(60)"))))
    await asyncio.sleep(0.1)
    dawdling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dawdling
    assert (await narrow.look_up(SHOWN))[0][0] in (None, "")


async def test_who_finds_no_line_free_waits_for_one(narrow: Database, salon: Salon) -> None:
    pids = await asyncio.gather(*(narrow.glance(salon.business_id).read(PID) for _ in range(20)))
    assert len({rows[0][0] for rows in pids}) == 1


async def test_without_postgres_a_glance_says_so() -> None:
    nowhere = "postgresql+asyncpg://vernis_app:x@127.0.0.1:1/vernis"
    db = Database(nowhere, nowhere, pool_size=1)
    with pytest.raises(DatabaseAway):
        await db.glance("biz").read(PID)
    await db.close()


async def test_documents_come_as_they_do_elsewhere(runtime: Runtime, salon: Salon) -> None:
    document = Ready(text("SELECT cast('{\"a\": [1, null]}' AS jsonb), cast(:name AS text) || '!'"))
    (seen,) = await runtime.db.glance(salon.business_id).read(document, name="x")
    assert [*seen] == [{"a": [1, None]}, "x!"]
