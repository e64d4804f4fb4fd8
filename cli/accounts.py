"""`vernis seed`, `vernis business create`, `vernis key create`: the first rows of an installation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from cli.environment import ready
from kit.db.engine import Database
from kit.db.prepare import prepare
from kit.runtime import connected
from modules.accounts import service
from modules.accounts.wire import CreatedKey

Answer = TypeVar("Answer")


@click.command()
def seed() -> None:
    """Open a demonstration salon with a key and print both."""

    async def fill(db: Database) -> tuple[str, CreatedKey]:
        return await open_salon(db, "Salon Vernis")

    business_id, made = _run(fill)
    click.echo(f"business  {business_id}\nkey       {made.secret}")


@click.group()
def business() -> None:
    """Businesses."""


@business.command("create")
@click.argument("name")
def create_business(name: str) -> None:
    """Open a business and print its id."""
    click.echo(_run(lambda db: service.create_business(db, name)))


@click.group()
def key() -> None:
    """Server keys."""


@key.command("create")
@click.argument("business_id")
@click.option("--name", default="server", show_default=True)
def create_key(business_id: str, name: str) -> None:
    """Make a server key of a business; it is shown this once."""

    async def make(db: Database) -> CreatedKey:
        async with db.tenant(business_id) as unit:
            return await service.create_key(unit, name)

    click.echo(_run(make).secret)


async def open_salon(db: Database, name: str) -> tuple[str, CreatedKey]:
    """A business with its first key."""
    business_id = await service.create_business(db, name)
    async with db.tenant(business_id) as unit:
        return business_id, await service.create_key(unit, "first key")


def _run(work: Callable[[Database], Awaitable[Answer]]) -> Answer:
    async def connect_and_work() -> Answer:
        async with connected(settings) as runtime:
            return await work(runtime.db)

    with ready("accounts") as settings:
        if settings.database.owner_url:
            asyncio.run(prepare(settings.database))
        return asyncio.run(connect_and_work())
