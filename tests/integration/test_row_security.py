"""Another salon's rows are not there, even for SQL that forgets to ask whose they are."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kit.db.engine import Database, UnsafeRole
from kit.db.roles import APP, OWNER, SYSTEM
from kit.db.schema import metadata
from kit.runtime import Runtime
from modules.customers import service as customers
from tests.integration.conftest import Salon

SYSTEM_TABLES = {"worker_heartbeats"}
SYSTEM_READS = {"jobs", "outbox", "idempotency_keys"}
SYSTEM_AGES = {"messages", "request_log", "webhook_messages"}
"""The system role reads only when their rows were written, to delete what is old."""
TENANT_TABLES = sorted(table for table in metadata.tables if table not in SYSTEM_TABLES)


async def test_every_table_with_a_business_forces_row_security(runtime: Runtime) -> None:
    forced = text(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
    )
    async with runtime.db.nobody() as unit:
        found = {row.relname for row in await unit.all(forced)}
    assert found >= set(TENANT_TABLES)


async def test_python_knows_the_tables_that_are_there(runtime: Runtime) -> None:
    columns = text(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    )
    async with runtime.db.nobody() as unit:
        there = {(row.table_name, row.column_name) for row in await unit.all(columns)}
    known = {(table.name, column.name) for table in metadata.tables.values() for column in table.columns}
    app_sees = {row for row in there if row[0] in {table for table, _ in known}}
    assert app_sees <= known


async def test_a_forgotten_filter_reads_no_row_of_another_salon(
    runtime: Runtime, salon: Salon, other_salon: Salon
) -> None:
    async with runtime.db.tenant(salon.business_id) as unit:
        mine = await customers.create(unit)
    everything = text("SELECT id FROM customers")
    async with runtime.db.tenant(other_salon.business_id) as unit:
        assert mine not in {row.id for row in await unit.all(everything)}
    async with runtime.db.tenant(salon.business_id) as unit:
        assert {row.id for row in await unit.all(everything)} == {mine}


@pytest.mark.parametrize("table", [table for table in TENANT_TABLES if table != "outbox"])
async def test_without_a_business_nothing_is_read(runtime: Runtime, table: str) -> None:
    async with runtime.db.nobody() as unit:
        assert await unit.all(text(f"SELECT 1 FROM {table}")) == []


async def test_a_row_cannot_be_written_for_another_salon(
    runtime: Runtime, salon: Salon, other_salon: Salon
) -> None:
    forged = text("INSERT INTO customers (id, business_id) VALUES ('cus_forged', :business_id)")
    with pytest.raises(DBAPIError, match="row-level security"):
        async with runtime.db.tenant(salon.business_id) as unit:
            await unit.execute(forged, {"business_id": other_salon.business_id})


@pytest.mark.parametrize(
    "table", [table for table in TENANT_TABLES if table not in SYSTEM_READS | SYSTEM_AGES]
)
async def test_the_system_role_reads_no_tenant_table(runtime: Runtime, table: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with runtime.db.system() as unit:
            await unit.execute(text(f"SELECT 1 FROM {table}"))


async def test_the_scope_ends_with_its_transaction(runtime: Runtime, salon: Salon) -> None:
    """Connections are shared: a business left behind on one would show its rows to the next caller."""
    shown = text("SELECT current_setting('vernis.business_id', true) AS business")
    async with runtime.db.tenant(salon.business_id) as unit:
        assert (await unit.execute(shown)).scalar_one() == salon.business_id
    async with runtime.db.nobody() as unit:
        assert (await unit.execute(shown)).scalar_one() in (None, "")


@pytest.mark.parametrize("role", [OWNER, "vernis_admin"])
async def test_a_process_refuses_a_role_that_could_look_around_the_wall(runtime: Runtime, role: str) -> None:
    database = runtime.settings.database
    unsafe = Database(database.url.replace(APP, role), database.system_url, pool_size=1)
    with pytest.raises(UnsafeRole, match=role):
        await unsafe.refuse_unsafe_roles()
    await unsafe.close()
    assert SYSTEM in database.system_url


@pytest.mark.parametrize("table", sorted(SYSTEM_AGES))
async def test_the_system_role_reads_no_content_of_what_it_ages(runtime: Runtime, table: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with runtime.db.system() as unit:
            await unit.execute(text(f"SELECT business_id FROM {table}"))
