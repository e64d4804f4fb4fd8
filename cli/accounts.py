"""`vernis seed`, `vernis business …`, `vernis key create`: what the operator of an installation does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import click

from cli.environment import ready
from kit.db.engine import Database
from kit.db.prepare import prepare
from kit.runtime import Runtime, connected
from modules.accounts import service
from modules.accounts.wire import CreatedKey

Answer = TypeVar("Answer")


@click.command()
def seed() -> None:
    """Open a demonstration salon with a key and print both."""

    async def fill(runtime: Runtime) -> tuple[str, CreatedKey]:
        return await open_salon(runtime.db, "Salon Vernis")

    business_id, made = run(fill)
    click.echo(f"business  {business_id}\nkey       {made.secret}")


@click.group()
def business() -> None:
    """Businesses."""


@business.command("create")
@click.argument("name")
def create_business(name: str) -> None:
    """Open a business and print its id."""
    click.echo(run(lambda runtime: service.create_business(runtime.db, name)))


@business.command("list")
def list_businesses() -> None:
    """Print every business: id, when it was opened, whether it is suspended, name."""
    for found in run(lambda runtime: service.every_business(runtime.db)):
        state = "suspended" if found.suspended_at else "active"
        click.echo(f"{found.id}  {found.created_at:%Y-%m-%d}  {state:9}  {found.name}")


@business.command("suspend")
@click.argument("business_id")
@click.option("--lift", is_flag=True, help="Take its credentials again.")
def suspend_business(business_id: str, lift: bool) -> None:
    """Refuse every credential of a business from now on; nothing is deleted."""
    run(lambda runtime: service.suspend_business(runtime.db, business_id, suspended=not lift))


@click.group()
def key() -> None:
    """Server keys."""


@key.command("create")
@click.argument("business_id")
@click.option("--name", default="server", show_default=True)
@click.option("--test", is_flag=True, help="For sample photos only; nothing is metered.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The day (UTC) on which it ends.")
def create_key(business_id: str, name: str, test: bool, expires: datetime | None) -> None:
    """Make a server key of a business; it is shown this once."""
    expires_at = None if expires is None else expires.replace(tzinfo=UTC)

    async def make(runtime: Runtime) -> CreatedKey:
        async with runtime.db.tenant(business_id) as unit:
            return await service.create_key(unit, name, test=test, expires_at=expires_at)

    click.echo(run(make).secret)


async def open_salon(db: Database, name: str) -> tuple[str, CreatedKey]:
    """A business with its first key."""
    business_id = await service.create_business(db, name)
    async with db.tenant(business_id) as unit:
        return business_id, await service.create_key(unit, "first key")


def run(work: Callable[[Runtime], Awaitable[Answer]]) -> Answer:
    """Do something on the installation that the environment names, with the newest schema."""

    async def connect_and_work() -> Answer:
        async with connected(settings) as runtime:
            return await work(runtime)

    with ready("accounts") as settings:
        if settings.database.owner_url:
            asyncio.run(prepare(settings.database))
        return asyncio.run(connect_and_work())
