"""Importing and exporting tables: read wholly, checked wholly, then applied in one transaction or not at all."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from kit import clock
from kit.audit import Actor, record
from kit.db.unit import Unit
from kit.errors import Refused
from kit.ids import is_id, new_id
from kit.outbox import add
from kit.storage import Storage
from modules.catalog.shelf import Shelf
from modules.exchange import design_table, keys, product_table, service_table, store
from modules.exchange.cells import Column
from modules.exchange.csv_file import read_csv, write_csv
from modules.exchange.errors import UnknownImport
from modules.exchange.grid import ERROR_COLUMN, Faulty, Format, Grid
from modules.exchange.jobs import ExpireImport, RunImport
from modules.exchange.plan import Plan
from modules.exchange.rows import Asked, CellError, asked_of
from modules.exchange.wire import Import, ImportStatus, Subject
from modules.exchange.xlsx_file import read_xlsx, write_xlsx

KEPT = timedelta(days=7)
MOST_ERRORS = 1000
"""Faults that the API lists; the report holds all of them."""
AT_ONCE = {Format.CSV: 32 * 1024, Format.XLSX: 12 * 1024}
"""Bytes up to which a file is worked on before the answer: some 200 rows, well under two seconds."""


class Table(Protocol):
    """What each subject's module offers."""

    COLUMNS: Sequence[Column]

    async def rows_of(self, unit: Unit, shelf: Shelf, /) -> list[list[str]]: ...

    async def plan(self, unit: Unit, shelf: Shelf, rows: Sequence[Asked], /, *, lock: bool) -> Plan: ...


TABLES: dict[Subject, Any] = {
    Subject.DESIGNS: design_table,
    Subject.PRODUCTS: product_table,
    Subject.SERVICES: service_table,
}


class Exported(Struct, frozen=True):
    """A file to save."""

    name: str
    format: Format
    data: bytes


async def start(
    unit: Unit, storage: Storage, actor: Actor, shelf: Shelf, subject: Subject, data: bytes, *, dry_run: bool
) -> Import:
    """Take a file: a small one is worked on at once, a large one by a worker."""
    form = Format.XLSX if data.startswith(b"PK") else Format.CSV
    import_id = new_id("imp")
    await store.insert_import(unit, actor, import_id, subject, form, dry_run=dry_run)
    await add(unit, ExpireImport(import_id), at=clock.now() + KEPT)
    if len(data) <= AT_ONCE[form]:
        await _work(unit, storage, shelf, import_id, data)
    else:
        await storage.put(keys.source(unit.business_id, import_id), data, "application/octet-stream")
        await add(unit, RunImport(import_id))
    return await find(unit, import_id)


async def carry_out(unit: Unit, storage: Storage, shelf: Shelf, import_id: str) -> None:
    """Work on a file that a worker was asked to take."""
    found = await store.find(unit, import_id)
    if found is not None and found.status is ImportStatus.QUEUED:
        data = await storage.get(keys.source(unit.business_id, import_id))
        await _work(unit, storage, shelf, import_id, data)


async def fail(unit: Unit, import_id: str, code: str) -> None:
    """Say that an import was given up; nothing was changed."""
    await store.end(unit, import_id, {"status": str(ImportStatus.FAILED), "problem": code})


async def find(unit: Unit, import_id: str) -> Import:
    """Raises UnknownImport."""
    found = await store.find(unit, import_id)
    if found is None:
        raise UnknownImport
    return found


async def page(unit: Unit, cursor: str | None, limit: int) -> tuple[list[Import], str | None]:
    """Imports, newest first, and the cursor of the next page."""
    before = cursor if cursor is not None and is_id(cursor, "imp") else None
    return await store.page(unit, before, limit)


async def export(unit: Unit, shelf: Shelf, subject: Subject, form: Format) -> Exported:
    """Everything of a subject as a file that can be imported again."""
    table = TABLES[subject]
    rows = await table.rows_of(unit, shelf)
    data = await asyncio.to_thread(_written, table.COLUMNS, rows, form)
    return Exported(f"{subject}.{form}", form, data)


async def kept(unit: Unit, import_ids: set[str]) -> set[str]:
    """Those of the imports whose files are still wanted."""
    return await store.kept(unit, import_ids)


async def expire(unit: Unit, storage: Storage, import_id: str) -> None:
    """Forget an import and its files."""
    await storage.delete_prefix(keys.everything(unit.business_id, import_id))
    await store.forget(unit, import_id)


async def _work(unit: Unit, storage: Storage, shelf: Shelf, import_id: str, data: bytes) -> None:
    """Read, plan, and apply where nothing is wrong; the import's row says what came of it."""
    found = await find(unit, import_id)
    table = TABLES[found.subject]
    try:
        grid = await asyncio.to_thread(read_xlsx if found.format is Format.XLSX else read_csv, data)
    except Refused as error:
        refused = {"status": str(ImportStatus.REFUSED), "problem": error.code}
        await store.end(unit, import_id, {**refused, **_listed([CellError(0, "", error.code, error.detail)])})
        return
    asked, errors = await asyncio.to_thread(asked_of, grid, table.COLUMNS)
    planned: Plan = await table.plan(unit, shelf, asked, lock=not found.dry_run)
    errors = sorted([*errors, *planned.errors], key=lambda error: error.row)
    counts = {
        "rows": len(grid.rows),
        "created": planned.created,
        "changed": planned.changed,
        "unchanged": planned.unchanged,
    }
    if errors:
        report = await asyncio.to_thread(_reported, grid, errors, found.format)
        await storage.put(
            keys.report(unit.business_id, import_id, found.format), report, found.format.media_type
        )
        refused = {"status": str(ImportStatus.REFUSED)}
        await store.end(unit, import_id, {**refused, **counts, **_listed(errors)})
        return
    await store.end(unit, import_id, {"status": str(ImportStatus.DONE), **counts})
    if not found.dry_run:
        actor = await store.actor_of(unit, import_id)
        await planned.apply(unit, actor)
        await record(unit, actor, "catalog.imported", import_id)


def _listed(errors: Sequence[CellError]) -> dict[str, Any]:
    return {
        "errors": msgspec.to_builtins(errors[:MOST_ERRORS]),
        "errors_left_out": max(0, len(errors) - MOST_ERRORS),
    }


def _written(columns: Sequence[Column], rows: Sequence[Sequence[str]], form: Format) -> bytes:
    header = [column.name for column in columns]
    if form is Format.CSV:
        return write_csv(header, rows)
    return write_xlsx(header, rows, frozenset(column.name for column in columns if column.number))


def _reported(grid: Grid, errors: Sequence[CellError], form: Format) -> bytes:
    """The file again, with what is wrong in a column of its own; faults of the header stand in the first row."""
    wrong = defaultdict(list)
    first = grid.rows[0][0] if grid.rows else 2
    for error in errors:
        words = f"{error.column}: {error.message}" if error.column else error.message
        wrong[max(error.row, first)].append(words)
    names = [name for name in grid.header if name != ERROR_COLUMN]
    places = [place for place, name in enumerate(grid.header) if name != ERROR_COLUMN]
    header = [*names, ERROR_COLUMN]
    rows = []
    for number, cells in grid.rows or ((first, ("",) * len(grid.header)),):
        kept = [cells[place] for place in places]
        shown = [f"({cell.code})" if isinstance(cell, Faulty) else cell for cell in kept]
        rows.append([*shown, " ".join(wrong[number])])
    write: Callable[[Sequence[str], Sequence[Sequence[str]]], bytes]
    write = write_csv if form is Format.CSV else write_xlsx
    return write(header, rows)
