"""Imports and exports as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from modules.exchange.grid import Format
from modules.exchange.rows import CellError


class Subject(StrEnum):
    """What a table is about."""

    DESIGNS = "designs"
    PRODUCTS = "products"
    SERVICES = "services"


class ImportStatus(StrEnum):
    """done: applied, or on a dry run free of faults; refused: nothing was changed, `errors` says why."""

    QUEUED = "queued"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Import(Struct, frozen=True, kw_only=True):
    """An import. rows: of the file; created, changed, unchanged: what it did, or would have done.

    errors: the first thousand; report: a signed link to the file with its faults in a column `error`, which can be
    mended and sent again. problem: the code of what was wrong with the file as a whole.
    """

    id: str
    subject: Subject
    format: Format
    dry_run: bool
    status: ImportStatus
    rows: int
    created: int
    changed: int
    unchanged: int
    errors: tuple[CellError, ...]
    errors_left_out: int
    problem: str | None
    created_at: datetime
    finished_at: datetime | None
    report: str | None = None


class ImportPage(Struct, frozen=True):
    """Newest first."""

    items: tuple[Import, ...]
    next_cursor: str | None = None
