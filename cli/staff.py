"""`vernis staff invite`, `vernis staff reset`: letters by hand, until there is somebody who sends them."""

from __future__ import annotations

import click

from cli.accounts import run
from kit.runtime import Runtime
from modules.accounts.scopes import Role
from modules.staff import resets, service


@click.group()
def staff() -> None:
    """Members of staff."""


@staff.command("invite")
@click.argument("business_id")
@click.argument("email")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.OWNER.value, show_default=True
)
def invite(business_id: str, email: str, role: str) -> None:
    """Invite somebody to a business and print the token, good for one use and seven days."""

    async def write(runtime: Runtime) -> str:
        async with runtime.db.tenant(business_id) as unit:
            invitation = await service.invite(unit, None, email, Role(role), secret=runtime.settings.secret)
        return invitation.token or ""

    click.echo(run(write))


@staff.command("reset")
@click.argument("business_id")
@click.argument("email")
def reset(business_id: str, email: str) -> None:
    """Print a token with which a member of staff sets a new password, good for one use and one hour."""

    async def write(runtime: Runtime) -> str:
        async with runtime.db.tenant(business_id) as unit:
            return await resets.write(unit, email, secret=runtime.settings.secret)

    click.echo(run(write))
