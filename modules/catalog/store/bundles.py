"""SQL of a salon's own looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, delete, insert, select

from kit.db.page import newest_first
from kit.db.unit import Unit
from modules.catalog.draft import State
from modules.catalog.own import BundleDraft, OwnBundle
from modules.catalog.store.rows import changed_row
from modules.catalog.tables import bundles


def columns_of(draft: BundleDraft) -> dict[str, Any]:
    """A bundle as columns."""
    return {
        "name": draft.name,
        "occasion": draft.occasion,
        "design_ids": [*draft.designs],
        "state": str(draft.state),
    }


async def add(unit: Unit, bundle_id: str, draft: BundleDraft) -> OwnBundle:
    values = columns_of(draft)
    row = await unit.one_or_none(
        insert(bundles).values(id=bundle_id, business_id=unit.business_id, **values).returning(*bundles.c)
    )
    assert row is not None
    return _bundle(row)


async def find(unit: Unit, bundle_id: str, *, lock: bool = False) -> OwnBundle | None:
    query = select(*bundles.c).where(bundles.c.id == bundle_id)
    row = await unit.one_or_none(query.with_for_update() if lock else query)
    return None if row is None else _bundle(row)


async def page(unit: Unit, before: str | None, limit: int) -> tuple[list[OwnBundle], str | None]:
    query = select(*bundles.c).where(bundles.c.state != str(State.ARCHIVED))
    rows, cursor = await newest_first(unit, query, bundles.c.id, before, limit)
    return [_bundle(row) for row in rows], cursor


async def live(unit: Unit, ids: Iterable[str] | None = None) -> list[OwnBundle]:
    """Bundles that customers may see, oldest first; all of them when none is named."""
    query = select(*bundles.c).where(bundles.c.state == str(State.LIVE)).order_by(bundles.c.id)
    if ids is not None:
        query = query.where(bundles.c.id.in_(set(ids)))
    return [_bundle(row) for row in await unit.all(query)]


async def any_with(unit: Unit, design_id: str) -> bool:
    """Whether a look, in any state, names this design."""
    named = select(bundles.c.id).where(bundles.c.design_ids.contains([design_id])).limit(1)
    return await unit.one_or_none(named) is not None


async def change(unit: Unit, bundle_id: str, values: Mapping[str, Any]) -> OwnBundle:
    row = await changed_row(unit, bundles, bundles.c.id == bundle_id, values)
    assert row is not None
    return _bundle(row)


async def remove(unit: Unit, bundle_id: str) -> None:
    await unit.execute(delete(bundles).where(bundles.c.id == bundle_id))


def _bundle(row: Row[Any]) -> OwnBundle:
    return OwnBundle(
        id=row.id,
        bundle=BundleDraft(
            name=row.name, occasion=row.occasion, designs=[*row.design_ids], state=State(row.state)
        ),
        version=row.row_version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
