"""Without the helper that says whose unit it is, nothing is read: shown for every table that there is.

Each table gets a row of its own inside a transaction that is rolled back, so that none passes by being empty.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from kit.db.ready import Ready
from kit.db.roles import APP
from kit.db.schema import metadata
from kit.runtime import Runtime
from modules.accounts.tables import businesses

SAMPLES = {
    "ARRAY": "'{}'",
    "USER-DEFINED": "NULL",
    "bigint": "1",
    "boolean": "false",
    "bytea": "'\\x00'",
    "date": "now()",
    "double precision": "1",
    "integer": "1",
    "jsonb": "'{}'",
    "numeric": "1",
    "real": "1",
    "smallint": "1",
    "text": "'x'",
    "character varying": "'x'",
    "timestamp with time zone": "now()",
    "tstzrange": "'empty'",
    "uuid": "gen_random_uuid()",
}
SYSTEM_TABLES = {"worker_heartbeats"}
WRITTEN_BY_TRIGGERS = {"catalog_removals"}
"""Tables that Python never names."""
TENANT_TABLES = sorted({*metadata.tables, *WRITTEN_BY_TRIGGERS} - SYSTEM_TABLES)
MINE, OTHER = "biz_mine", "biz_other"
OWNER_COLUMN = {businesses.name: "id"}
"""Where the column that says whose a row is has another name."""


@pytest.fixture
async def admin(runtime: Runtime) -> AsyncIterator[AsyncConnection]:
    """A superuser's connection, whose transaction is rolled back."""
    engine = create_async_engine(runtime.settings.database.url.replace(APP, "vernis_admin"))
    async with engine.connect() as connection:
        yield connection
        await connection.rollback()
    await engine.dispose()


async def plant(admin: AsyncConnection, table: str) -> None:
    """A row of the business MINE, past every foreign key, trigger and check: only the wall is on trial."""
    await admin.execute(text("SET LOCAL session_replication_role = replica"))
    checks = text(
        "SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(:name) AND contype IN ('c', 'x')"
    )
    for (name,) in (await admin.execute(checks, {"name": table})).all():
        await admin.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))
    columns = text(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' "
        "AND table_name = :name AND is_nullable = 'NO' AND column_default IS NULL AND is_generated = 'NEVER' "
        "AND is_identity = 'NO'"
    )
    values = {row[0]: SAMPLES[row[1]] for row in (await admin.execute(columns, {"name": table})).all()}
    values[OWNER_COLUMN.get(table, "business_id")] = f"'{MINE}'"
    names, expressions = ", ".join(values), ", ".join(values.values())
    await admin.execute(text(f"INSERT INTO {table} ({names}) VALUES ({expressions})"))


async def seen(admin: AsyncConnection, table: str, business: str | None) -> int:
    """How many rows the application's role sees, with the helper's words or (None) without. 0 where it may not look."""
    if business is not None:
        whose = text("SELECT set_config('vernis.business_id', :business, true)")
        await admin.execute(whose, {"business": business})
    savepoint = await admin.begin_nested()
    try:
        await admin.execute(text(f"SET LOCAL ROLE {APP}"))
        return (await admin.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
    except DBAPIError as error:
        if "permission denied" not in str(error):
            raise
        return 0
    finally:
        await savepoint.rollback()


async def glanced(admin: AsyncConnection, table: str, business: str) -> int:
    """How many rows the application's role sees in one statement that names the business itself."""
    asked = Ready(text(f"SELECT count(*) FROM {table}")).of_one.replace("$1", "CAST(:business AS text)")
    savepoint = await admin.begin_nested()
    try:
        await admin.execute(text(f"SET LOCAL ROLE {APP}"))
        return (await admin.execute(text(asked), {"business": business})).scalar_one()
    except DBAPIError as error:
        if "permission denied" not in str(error):
            raise
        return 0
    finally:
        await savepoint.rollback()


@pytest.mark.parametrize("table", TENANT_TABLES)
async def test_without_the_helper_nothing_is_read(admin: AsyncConnection, table: str) -> None:
    await plant(admin, table)
    assert await seen(admin, table, None) == 0
    assert await seen(admin, table, OTHER) == 0
    assert await seen(admin, table, MINE) == (0 if table in WRITTEN_ONLY else 1)


@pytest.mark.parametrize("plan", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("table", TENANT_TABLES)
async def test_a_glance_sees_what_its_business_may_see(admin: AsyncConnection, table: str, plan: str) -> None:
    """The business is named in the very statement that reads: whatever the plan, before the first row is judged."""
    await plant(admin, table)
    await admin.execute(text(f"SET LOCAL plan_cache_mode = {plan}"))
    assert await glanced(admin, table, OTHER) == 0
    assert await glanced(admin, table, MINE) == (0 if table in WRITTEN_ONLY else 1)
    assert await glanced(admin, table, OTHER) == 0


WRITTEN_ONLY = {"outbox"}
"""What the application may write and not read."""


async def test_every_table_that_is_there_is_tried(admin: AsyncConnection) -> None:
    there = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = {row[0] for row in (await admin.execute(there)).all()}
    assert found - {"alembic_version"} == set(TENANT_TABLES) | SYSTEM_TABLES
