"""SQL of try-ons."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct
from sqlalchemy import Text, bindparam, case, func, insert, select, text, update

from kit.db.page import newest_first
from kit.db.ready import Ready
from kit.db.shape import shaped
from kit.db.unit import Unit
from looks.look import Look
from modules.tryon.result import Result
from modules.tryon.states import Status
from modules.tryon.tables import tryons


class TryOnRow(Struct, frozen=True):
    """A try-on that is not erased.

    designs: ids of what its looks show; test: a test key's customer asked, and nothing is metered.
    """

    id: str
    customer_id: str
    photo_id: str
    job_id: str
    status: Status
    version: int
    test: bool
    designs: tuple[str, ...]
    result: Result | None
    error_code: str | None
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime


class WholeTryOn(TryOnRow, frozen=True):
    """A try-on with the looks that it shows."""

    looks: tuple[Look, ...]


class Holder(Struct, frozen=True):
    """Whose try-on it is."""

    business_id: str
    customer_id: str
    suspended: bool


_COLUMNS = [tryons.c[name] for name in TryOnRow.__struct_fields__]
_WHOLE = [tryons.c[name] for name in WholeTryOn.__struct_fields__]
_FIND = Ready(
    select(*_COLUMNS).where(tryons.c.id == bindparam("tryon_id", type_=Text), tryons.c.erased_at.is_(None))
)
_HOLDER = text("SELECT business_id, subject AS customer_id, suspended FROM holder_of_tryon(:id)")
_OPEN = (Status.QUEUED, Status.RUNNING)


async def insert_tryon(
    unit: Unit,
    tryon_id: str,
    customer_id: str,
    photo_id: str,
    job_id: str,
    looks: tuple[Look, ...],
    designs: tuple[str, ...],
    keep: timedelta,
) -> TryOnRow:
    row = await unit.one_or_none(
        insert(tryons)
        .values(
            id=tryon_id,
            business_id=unit.business_id,
            customer_id=customer_id,
            photo_id=photo_id,
            job_id=job_id,
            status=Status.QUEUED,
            looks=msgspec.to_builtins(looks),
            designs=list(designs),
            expires_at=func.now() + keep,
        )
        .returning(*_COLUMNS)
    )
    assert row is not None
    return shaped(row, TryOnRow)


async def find(unit: Unit, tryon_id: str) -> TryOnRow | None:
    rows = await unit.read(_FIND, tryon_id=tryon_id)
    return shaped(rows[0], TryOnRow) if rows else None


async def find_whole(unit: Unit, tryon_id: str) -> WholeTryOn | None:
    row = await unit.one_or_none(select(*_WHOLE).where(tryons.c.id == tryon_id, tryons.c.erased_at.is_(None)))
    return None if row is None else shaped(row, WholeTryOn)


async def holder_of(unit: Unit, tryon_id: str) -> Holder | None:
    """Whose try-on this is, asked before the caller is known."""
    row = (await unit.execute(_HOLDER, {"id": tryon_id})).one_or_none()
    return None if row is None else Holder(**row._mapping)


async def page(
    unit: Unit, customer_id: str | None, test: bool, before: str | None, limit: int
) -> tuple[list[TryOnRow], str | None]:
    """Newest first; of one customer or of all, for tests or live ones; and the cursor of the next page."""
    query = select(*_COLUMNS).where(tryons.c.erased_at.is_(None), tryons.c.test == test)
    if customer_id is not None:
        query = query.where(tryons.c.customer_id == customer_id)
    rows, cursor = await newest_first(unit, query, tryons.c.id, before, limit)
    return [shaped(row, TryOnRow) for row in rows], cursor


async def start(unit: Unit, tryon_id: str) -> WholeTryOn | None:
    """Set a try-on running; None when it has ended or is erased. A second attempt starts a running one again."""
    row = await unit.one_or_none(
        update(tryons)
        .where(tryons.c.id == tryon_id, tryons.c.status.in_(_OPEN), tryons.c.erased_at.is_(None))
        .values(status=Status.RUNNING, version=tryons.c.version + 1)
        .returning(*_WHOLE)
    )
    return None if row is None else shaped(row, WholeTryOn)


async def end(
    unit: Unit, tryon_id: str, status: Status, *, result: Result | None = None, error_code: str | None = None
) -> TryOnRow | None:
    """Write a try-on's last state; None when it had ended or is erased."""
    row = await unit.one_or_none(
        update(tryons)
        .where(tryons.c.id == tryon_id, tryons.c.status.in_(_OPEN), tryons.c.erased_at.is_(None))
        .values(
            status=status,
            version=tryons.c.version + 1,
            result=None if result is None else msgspec.to_builtins(result),
            error_code=error_code,
            finished_at=func.now(),
        )
        .returning(*_COLUMNS)
    )
    return None if row is None else shaped(row, TryOnRow)


async def erase(unit: Unit, tryon_id: str) -> datetime | None:
    """Turn a try-on's row into its tombstone; returns when, or None when it was one already."""
    row = await unit.one_or_none(
        update(tryons)
        .where(tryons.c.id == tryon_id, tryons.c.erased_at.is_(None))
        .values(
            erased_at=func.now(),
            looks=[],
            designs=[],
            result=None,
            version=tryons.c.version + 1,
            status=case((tryons.c.status.in_(_OPEN), Status.CANCELLED.value), else_=tryons.c.status),
        )
        .returning(tryons.c.erased_at)
    )
    return None if row is None else row.erased_at


async def drop_before(unit: Unit, tryon_id: str) -> bool:
    """Forget a try-on's picture without the look; False when it shows none."""
    dropped = await unit.execute(
        update(tryons)
        .where(tryons.c.id == tryon_id, tryons.c.result["before"].astext.is_not(None))
        .values(
            result=func.jsonb_set(
                tryons.c.result.op("#-")(text("'{before_sha256}'")), text("'{before}'"), text("'null'")
            ),
            version=tryons.c.version + 1,
        )
    )
    return dropped.rowcount == 1


async def of_photo(unit: Unit, photo_id: str) -> list[TryOnRow]:
    rows = await unit.all(
        select(*_COLUMNS)
        .where(tryons.c.photo_id == photo_id, tryons.c.erased_at.is_(None))
        .order_by(tryons.c.id)
    )
    return [shaped(row, TryOnRow) for row in rows]


async def of_customer(unit: Unit, customer_id: str) -> list[WholeTryOn]:
    """A customer's try-ons that are not erased, oldest first."""
    rows = await unit.all(
        select(*_WHOLE)
        .where(tryons.c.customer_id == customer_id, tryons.c.erased_at.is_(None))
        .order_by(tryons.c.id)
    )
    return [shaped(row, WholeTryOn) for row in rows]


async def ids_of_customer(unit: Unit, customer_id: str) -> list[str]:
    """Ids of all of a customer's try-ons, erased ones too."""
    rows = await unit.all(
        select(tryons.c.id).where(tryons.c.customer_id == customer_id).order_by(tryons.c.id)
    )
    return [row.id for row in rows]


async def is_over(unit: Unit, tryon_id: str) -> bool:
    """Whether a try-on that is still there has outlived its time."""
    over = select(tryons.c.id).where(
        tryons.c.id == tryon_id, tryons.c.expires_at <= func.now(), tryons.c.erased_at.is_(None)
    )
    return await unit.one_or_none(over) is not None


async def results(unit: Unit, tryon_ids: set[str]) -> list[Result]:
    """Results of those of the try-ons that are not erased."""
    rows = await unit.all(
        select(tryons.c.result).where(
            tryons.c.id.in_(tryon_ids), tryons.c.erased_at.is_(None), tryons.c.result.is_not(None)
        )
    )
    return [msgspec.convert(row.result, Result) for row in rows]
