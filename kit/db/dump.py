"""The database as a stream, by PostgreSQL's own pg_dump and pg_restore."""

from __future__ import annotations

import asyncio
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from kit.db.migrate import config
from kit.embedded.binaries import NoEngine, programs
from kit.errors import Broken, Conflict

_TABLES = text(
    "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
)
_SCHEMA = text("SELECT version_num, current_setting('server_version_num')::int / 10000 FROM alembic_version")


class DumpFailed(Broken):
    """pg_dump or pg_restore said no; the detail is what it said."""

    code = "dump_failed"


class NotEmpty(Conflict):
    code, public = "not_empty", "A backup is restored into an empty database and an empty store only."


async def dump(admin_url: str, part: int) -> AsyncIterator[bytes]:
    """The whole database as of one moment, compressed, in parts of so many bytes. Raises DumpFailed."""
    process = await _start("pg_dump", admin_url, "--format=custom", stdin=DEVNULL, stdout=PIPE)
    assert process.stdout is not None
    said = asyncio.create_task(_said(process))
    while data := await _read(process.stdout, part):
        yield data
    await _ended(process, said)


async def load(admin_url: str, parts: Iterable[bytes]) -> None:
    """Fill an empty database from a dump, in one transaction. The roles must be there. Raises DumpFailed."""
    options = ("--exit-on-error", "--single-transaction", f"--dbname={_variables(admin_url)['PGDATABASE']}")
    process = await _start("pg_restore", admin_url, *options, stdin=PIPE, stdout=DEVNULL)
    assert process.stdin is not None
    said = asyncio.create_task(_said(process))
    try:
        for data in parts:
            process.stdin.write(data)
            await process.stdin.drain()
        process.stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has ended, and says why
    except BaseException:
        process.kill()
        raise
    await _ended(process, said)


async def refuse_unless_empty(admin_url: str) -> None:
    """Raises NotEmpty when there is any table."""
    async with _connected(admin_url) as connection:
        if await connection.scalar(_TABLES):
            raise NotEmpty("The database has tables already.")


async def schema_and_server(admin_url: str) -> tuple[str, int]:
    """The newest migration that the database has, and the server's major version."""
    async with _connected(admin_url) as connection:
        row = (await connection.execute(_SCHEMA)).one()
    return str(row[0]), int(row[1])


def known_schemas() -> set[str]:
    """The migrations that this code brings along."""
    return {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


class _connected:  # noqa: N801  (reads as a function)
    def __init__(self, url: str) -> None:
        self._engine = create_async_engine(url)

    async def __aenter__(self) -> AsyncConnection:
        self._connection = await self._engine.connect()
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()
        await self._engine.dispose()


async def _start(program: str, url: str, *options: str, stdin: int, stdout: int) -> Process:
    environment = {"PATH": os.defpath, "LC_ALL": "C", **_variables(url)}
    return await asyncio.create_subprocess_exec(
        str(_program(program)), *options, stdin=stdin, stdout=stdout, stderr=PIPE, env=environment
    )


def _program(name: str) -> Path:
    """The embedded engine's program; on a platform without one, that of PATH."""
    try:
        return programs() / name
    except NoEngine:
        found = shutil.which(name)
        if found is None:
            raise
        return Path(found)


def _variables(url: str) -> dict[str, str]:
    """What libpq reads, from an SQLAlchemy URL; passwords stay out of the command line."""
    parsed = make_url(url)
    query = {name: str(value) for name, value in parsed.query.items()}
    given = {
        "PGHOST": parsed.host or query.get("host"),
        "PGPORT": parsed.port or query.get("port"),
        "PGUSER": parsed.username,
        "PGPASSWORD": parsed.password,
        "PGDATABASE": parsed.database,
        "PGSSLMODE": query.get("ssl") or query.get("sslmode"),
    }
    return {name: str(value) for name, value in given.items() if value is not None}


async def _read(stream: asyncio.StreamReader, size: int) -> bytes:
    try:
        return await stream.readexactly(size)
    except asyncio.IncompleteReadError as error:
        return error.partial


async def _said(process: Process) -> str:
    assert process.stderr is not None
    return (await process.stderr.read()).decode(errors="replace").strip()


async def _ended(process: Process, said: asyncio.Task[str]) -> None:
    words, code = await said, await process.wait()
    if code != 0:
        raise DumpFailed(words)
