"""`vernis audit verify`: does a business's audit log still hold together."""

from __future__ import annotations

import asyncio

import click

from cli.environment import ready
from kit.audit import Verdict, verify
from kit.runtime import connected
from kit.settings import Settings


@click.group()
def audit() -> None:
    """The audit log."""


@audit.command("verify")
@click.argument("business_id")
def verify_chain(business_id: str) -> None:
    """Recompute the chain of a business; names the first entry that does not fit, and ends with 1 then.

    Note the last hash somewhere else: an end that was cut off shows only against that.
    """
    with ready("audit") as settings:
        verdict = asyncio.run(_verify(settings, business_id))
    if verdict.broken is not None:
        raise click.ClickException(
            f"entry {verdict.broken} breaks the chain: {verdict.why} ({verdict.entries} before it are whole)"
        )
    click.echo(f"{verdict.entries} entries are whole, the last hash is {verdict.head}")


async def _verify(settings: Settings, business_id: str) -> Verdict:
    async with connected(settings) as runtime, runtime.db.tenant(business_id) as unit:
        return await verify(unit)
