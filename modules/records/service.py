"""Reading a business's two logs: what was done (audit) and what was asked (requests)."""

from __future__ import annotations

from datetime import timedelta

from kit import audit
from kit.audit import Entry
from kit.db.engine import Database
from kit.db.unit import Unit
from kit.ids import is_id
from modules.records import store
from modules.records.wire import LoggedRequest

KEPT = timedelta(days=7)
"""How long requests are kept. The audit log is kept for good."""


async def audit_page(unit: Unit, cursor: str | None, limit: int) -> tuple[list[Entry], str | None]:
    """Audit entries, newest first, and the cursor of the next page."""
    known = cursor is not None and cursor.isascii() and cursor.isdigit() and len(cursor) < 19
    rows = await audit.page(unit, int(cursor) if cursor and known else None, limit + 1)
    return rows[:limit], str(rows[limit - 1].seq) if len(rows) > limit else None


async def requests_page(
    unit: Unit, status: str | None, cursor: str | None, limit: int
) -> tuple[list[LoggedRequest], str | None]:
    """Requests, newest first, and the cursor of the next page. status: `404`, or `4xx` for all of its class."""
    before = cursor if cursor is not None and is_id(cursor, "rql") else None
    return await store.page(unit, _statuses(status), before, limit, KEPT)


async def forget_old_requests(db: Database) -> int:
    """Delete requests that are too old; returns how many."""
    async with db.system() as unit:
        return await store.forget(unit, KEPT)


def _statuses(status: str | None) -> range | None:
    if status is None:
        return None
    first = int(status.replace("x", "0"))
    return range(first, first + (100 if status.endswith("xx") else 1))
