"""`vernis backup`, `vernis restore`, `vernis erasures`: the whole installation in one file, and back."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

import click

from cli.environment import ready
from cli.erasures import SLACK, erase_again, listed
from kit import clock
from kit.backup import About, Erasure, ErasureList, Reader, Writer
from kit.backup.archive import FORMAT, PART, ArchiveBroken
from kit.backup.erasures import joined
from kit.db import dump
from kit.db.dump import NotEmpty
from kit.db.prepare import make_roles, prepare
from kit.db.restamp import restamp
from kit.decode.magic import sniff
from kit.errors import Invalid
from kit.runtime import connected, storage_of
from kit.settings import Settings, SettingsError
from kit.storage import ObjectMissing, Storage

KEPT = timedelta(days=35)
"""The age up to which a backup is brought back without being asked twice: lists of erasures reach back so far."""
NOT_KEPT = "incoming/"
"""Uploads that nobody has verified are sent again."""


class LaterErasuresUnknown(Invalid):
    code = "later_erasures_unknown"


archive = click.argument("archive", type=click.Path(path_type=Path))


@click.command()
@archive
def backup(archive: Path) -> None:
    """Write database and objects into one archive, `-` for stdout; the service may run on.

    Redis is left out: it may forget everything. So are settings and secrets.
    """
    with ready("backup") as settings, _arriving(archive) as out:
        objects = asyncio.run(back_up(settings, out))
    click.echo(f"{objects} objects and the database are in {archive}", err=True)


@click.command()
@archive
@click.option(
    "--erasures",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A list that `vernis erasures` wrote after the backup; its erasures are done again.",
)
@click.option("--nothing-later", is_flag=True, help="There is no such list: bring the backup back as it is.")
@click.option("--check", is_flag=True, help="Only verify the archive.")
def restore(archive: Path, lists: tuple[Path, ...], nothing_later: bool, check: bool) -> None:
    """Bring an archive back into an empty database and an empty store, and upgrade its schema."""
    reader = Reader(archive)
    given = [ErasureList.decode(path.read_bytes()) for path in lists]
    erased = verified(reader, given, may_stand_alone=nothing_later or check)
    click.echo(f"{archive} is whole, of {reader.about().began_at:%Y-%m-%d %H:%M} UTC", err=True)
    if not check:
        with ready("restore") as settings:
            objects = asyncio.run(bring_back(settings, reader, erased))
        click.echo(
            f"{objects} objects and the database are back; {len(erased)} erasures were done again", err=True
        )


@click.command()
@archive
@click.option(
    "--days", type=click.IntRange(min=1), default=KEPT.days, show_default=True, help="How far back."
)
def erasures(archive: Path, days: int) -> None:
    """Write the list of what was erased lately, `-` for stdout. Keep it elsewhere than the installation."""

    async def read(settings: Settings) -> ErasureList:
        async with connected(settings) as runtime:
            return await listed(runtime, clock.now() - timedelta(days=days))

    with ready("erasures") as settings, _arriving(archive) as out:
        found = asyncio.run(read(settings))
        out.write(found.encode())
    click.echo(f"{len(found.erasures)} erasures from {found.since:%Y-%m-%d %H:%M} UTC on", err=True)


async def back_up(settings: Settings, out: IO[bytes]) -> int:
    """Write the archive; returns how many objects are in it.

    The dump is of one moment. Objects are written before the rows that name them and deleted after these are
    tombstones, so whatever a row of that moment names is found afterwards, unless it was erased meanwhile: the
    list of erasures at the end tells those.
    """
    admin_url = _admin_url(settings)
    async with connected(settings) as runtime:
        began_at = clock.now()
        schema, postgres = await dump.schema_and_server(admin_url)
        writer = Writer(out, About(FORMAT, schema, postgres, began_at))
        number = 0
        async for part in dump.dump(admin_url, PART):
            writer.add(f"database/{number:06}", part)
            number += 1
        objects = await _add_objects(writer, runtime.storage)
        writer.add("erasures.json", (await listed(runtime, began_at - SLACK)).encode())
        writer.close()
    return objects


def verified(reader: Reader, given: list[ErasureList], *, may_stand_alone: bool) -> tuple[Erasure, ...]:
    """Read the archive once from end to end; returns all that was erased since it was begun.

    Raises ArchiveBroken, ErasureListBroken, LaterErasuresUnknown.
    """
    about = reader.about()
    if about.schema not in dump.known_schemas():
        raise ArchiveBroken(f"its schema {about.schema} is newer than this version of Vernis")
    own = [ErasureList.decode(member.data) for member in reader.members("erasures.json")]
    if not given and not may_stand_alone:
        raise LaterErasuresUnknown(
            "Persons may have been erased since: give `--erasures LIST`, or say `--nothing-later`."
        )
    return joined([*own, *given], about.began_at - SLACK).erasures


async def bring_back(settings: Settings, reader: Reader, erased: tuple[Erasure, ...]) -> int:
    """Fill what is empty from a verified archive; returns how many objects came back. Raises NotEmpty."""
    admin_url, storage = _admin_url(settings), storage_of(settings)
    await dump.refuse_unless_empty(admin_url)
    async for stored in storage.list(""):
        raise NotEmpty(f"The store holds {stored.key} already.")
    await make_roles(settings.database)
    await dump.load(admin_url, (member.data for member in reader.members("database/")))
    await prepare(settings.database)
    await restamp(admin_url)
    objects = await _put_objects(storage, reader, {erasure.subject for erasure in erased})
    async with connected(settings) as runtime:
        await erase_again(runtime, erased)
    return objects


async def _add_objects(writer: Writer, storage: Storage) -> int:
    count = 0
    async for stored in storage.list(""):
        if stored.key.startswith(NOT_KEPT):
            continue
        try:
            writer.add(f"objects/{stored.key}", await storage.get(stored.key))
            count += 1
        except ObjectMissing:  # erased meanwhile
            continue
    return count


async def _put_objects(storage: Storage, reader: Reader, erased: set[str]) -> int:
    count = 0
    for member in reader.members("objects/"):
        key = member.name.removeprefix("objects/")
        if erased.isdisjoint(key.split("/")):
            kind = sniff(member.data)
            await storage.put(key, member.data, kind.media_type if kind else "application/octet-stream")
            count += 1
    return count


def _admin_url(settings: Settings) -> str:
    if not settings.database.admin_url:
        raise SettingsError(
            "settings: VERNIS_DATABASE__ADMIN_URL is needed: row security binds everybody else"
        )
    return settings.database.admin_url


@contextmanager
def _arriving(path: Path) -> Iterator[IO[bytes]]:
    """A file for this user alone that appears under its name when it is complete; `-` is stdout."""
    if str(path) == "-":
        yield sys.stdout.buffer
        return
    partial = path.with_name(path.name + ".part")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
