"""`vernis …`: the one command. Each of its commands is imported when it is asked for, so that all start fast."""

from __future__ import annotations

import os
from importlib import import_module

# Before anything imports prometheus_client, which reads it once (kit.exposition).
if folder := os.environ.get("VERNIS_METRICS__FOLDER"):
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder

import click

from kit.errors import AppError
from kit.settings import SettingsError

COMMANDS = {
    "up": "cli.up",
    "demo": "cli.demo",
    "render": "cli.render",
    "scan": "cli.scan",
    "calibrate": "cli.calibrate",
    "designs": "cli.designs",
    "seed": "cli.accounts",
    "business": "cli.accounts",
    "key": "cli.accounts",
    "staff": "cli.staff",
    "audit": "cli.audit",
    "bench": "cli.bench",
    "api": "cli.services",
    "relay": "cli.services",
    "scheduler": "cli.services",
    "worker": "cli.services",
    "migrate": "cli.services",
    "sweep": "cli.services",
    "backup": "cli.backup",
    "restore": "cli.backup",
    "erasures": "cli.backup",
}
"""Where each command lies; it has the name of its function."""


class Vernis(click.Group):
    """Finds commands by name and shows our own errors as one line instead of a traceback."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return [*COMMANDS]

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (AppError, SettingsError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Vernis, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Virtual try-on and media service of a salon platform."""


if __name__ == "__main__":
    main()
