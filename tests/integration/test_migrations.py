"""Migrating a database that is in use: old code finds what it knew, nobody waits behind a lock, two run as one."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import NamedTuple

import msgspec
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from kit.db.migrate import migrate
from kit.db.prepare import make_roles
from kit.settings import ROOT, Database, Settings, environment
from tests.migrations import scripts

COLUMNS = text(
    "SELECT table_name, column_name, data_type, is_nullable = 'NO' AND column_default IS NULL"
    " AND is_generated = 'NEVER' AND is_identity = 'NO' AS wanted"
    " FROM information_schema.columns WHERE table_schema = 'public'"
)
RIGHTS = text(
    "SELECT grantee, table_name, column_name, privilege_type FROM information_schema.column_privileges"
    " WHERE grantee LIKE 'vernis_%'"
)
FUNCTIONS = text(
    "SELECT oid::regprocedure::text || pg_get_function_result(oid) FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace AND proowner = 'vernis_owner'::regrole"
)


class Known(NamedTuple):
    """What code can rely on. columns: type by table and column; wanted: columns that an insert must name."""

    columns: dict[tuple[str, str], str]
    wanted: set[tuple[str, str]]
    rights: set[tuple[str, ...]]
    functions: set[str]


async def known(connection: AsyncConnection) -> Known:
    columns = (await connection.execute(COLUMNS)).all()
    return Known(
        {(row.table_name, row.column_name): row.data_type for row in columns},
        {(row.table_name, row.column_name) for row in columns if row.wanted},
        {tuple(row) for row in await connection.execute(RIGHTS)},
        {row[0] for row in await connection.execute(FUNCTIONS)},
    )


@asynccontextmanager
async def connection_to(url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


@pytest.fixture
async def empty(settings: Settings, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database of its own beside that of the other tests, with nothing in it."""
    name = f"migration_{abs(hash(request.node.name)):x}"
    async with connection_to(settings.database.admin_url) as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
        urls = {
            field: make_url(getattr(settings.database, field)).set(database=name).render_as_string(False)
            for field in ("url", "system_url", "owner_url", "admin_url")
        }
        database = msgspec.structs.replace(settings.database, **urls)
        await make_roles(database)
        yield database
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


async def version(database: Database) -> str:
    async with connection_to(database.owner_url) as connection:
        return str(await connection.scalar(text("SELECT version_num FROM alembic_version")))


async def test_the_version_before_finds_what_it_knew_after_each_migration(empty: Database) -> None:
    states: dict[str, Known] = {}
    async with connection_to(empty.admin_url) as connection:
        for script in scripts():
            await migrate(empty.owner_url, script.revision)
            states[script.revision] = await known(connection)

    for old, new in pairwise(script for script in scripts()):
        before, after = states[old.revision], states[new.revision]
        tables = {table for table, _ in before.columns}
        lost = {
            "columns": before.columns.items() - after.columns.items(),
            "rights": before.rights - after.rights,
            "functions": before.functions - after.functions,
            "inserts that name what they knew": {
                (table, column) for table, column in after.wanted - before.wanted if table in tables
            },
        }
        if not hasattr(new.module, "CONTRACT"):
            assert [name for name, gone in lost.items() if gone] == [], (new.revision, lost)


async def test_nobody_waits_behind_a_migration_that_waits(empty: Database) -> None:
    await migrate(empty.owner_url, "0002")
    async with connection_to(empty.url) as reader, connection_to(empty.url) as other:
        await reader.execute(text("BEGIN"))
        await reader.execute(text("SELECT count(*) FROM api_keys"))
        migrating = asyncio.create_task(migrate(empty.owner_url, "0003", lock_ms=50, pause_s=0.2))
        for _ in range(20):
            await other.execute(text("SELECT count(*) FROM api_keys"))
            await asyncio.sleep(0.01)
        assert (await version(empty), migrating.done()) == ("0002", False)
        await reader.execute(text("ROLLBACK"))
        await migrating
    assert await version(empty) == "0003"


async def test_two_processes_that_migrate_at_once_migrate_once(settings: Settings, empty: Database) -> None:
    given = environment(msgspec.structs.replace(settings, database=empty))
    command = [sys.executable, "-m", "cli.main", "migrate"]
    both = [
        subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given}, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ends = [await asyncio.to_thread(process.communicate) for process in both]

    assert [process.returncode for process in both] == [0, 0], ends
    assert await version(empty) == scripts()[-1].revision
    await migrate(empty.owner_url)
    assert await version(empty) == scripts()[-1].revision
