"""Commands for workers."""

from __future__ import annotations

from typing import ClassVar

from kit.outbox import Command


class RunImport(Command, frozen=True):
    """Read a large file and apply it."""

    kind: ClassVar[str] = "exchange.run_import"
    import_id: str


class GiveUpImport(Command, frozen=True):
    """Say that an import killed every worker that took it."""

    kind: ClassVar[str] = "exchange.give_up"
    import_id: str


class ExpireImport(Command, frozen=True):
    """Forget an import and its files."""

    kind: ClassVar[str] = "exchange.expire"
    import_id: str
