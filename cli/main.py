"""`vernis …`: the one command. It alone reads the environment; everything below is handed its settings."""

from __future__ import annotations

import click

from cli import accounts, bench, demo, designs, render, services, up
from kit.errors import AppError
from kit.settings import SettingsError


class Vernis(click.Group):
    """Shows our own errors as one line instead of a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (AppError, SettingsError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Vernis, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Virtual try-on and media service of a salon platform."""


for command in (
    up.up,
    demo.demo,
    render.render,
    designs.designs,
    accounts.seed,
    accounts.business,
    accounts.key,
    bench.bench,
    services.api,
    services.relay,
    services.scheduler,
    services.worker,
    services.migrate,
    services.sweep,
):
    main.add_command(command)

if __name__ == "__main__":
    main()
