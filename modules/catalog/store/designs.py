"""SQL of a salon's own designs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.db.many import update_many
from kit.db.page import newest_first
from kit.db.ready import Found, Reader, Ready
from kit.db.unit import Unit
from kit.money import Price
from looks.layer import AnyLayer
from looks.material import Material
from modules.catalog.draft import State
from modules.catalog.own import PreviewState
from modules.catalog.shelf import Design, Origin, words_of
from modules.catalog.store.rows import among, changed_row
from modules.catalog.tables import designs


class Spec(Struct, frozen=True):
    """The part of a design that decides how it looks."""

    layer: AnyLayer
    material: Material
    origin: Origin


class OwnRow(Struct, frozen=True, kw_only=True):
    """A design of the salon's own as it is stored."""

    design: Design
    product_id: str | None
    state: State
    preview: PreviewState
    preview_key: str | None
    preview_sha256: str | None
    version: int
    created_at: datetime
    updated_at: datetime


_LIVE = Ready(select(*designs.c).where(among(designs.c.id), designs.c.state == str(State.LIVE)))


def columns_of(design: Design, *, product_id: str | None, state: State) -> dict[str, Any]:
    """A design as columns; those that follow from others are computed here and nowhere else."""
    lightness, a, b = design.swatches[0].lab
    return {
        "kind": str(design.kind),
        "name": design.name,
        "sku": design.sku,
        "finish": None if design.finish is None else str(design.finish),
        "families": [str(family) for family in dict.fromkeys(design.colour_families)],
        "lab_l": lightness,
        "lab_a": a,
        "lab_b": b,
        "price_amount": design.price.amount,
        "price_currency": design.price.currency,
        "service_id": design.service,
        "minutes": design.minutes,
        "product_id": product_id,
        "tags": [*design.tags],
        "words": " ".join(sorted(words_of(design))),
        "renderable": design.renderable,
        "state": str(state),
        "spec": msgspec.to_builtins(Spec(design.layer, design.material, design.origin)),
    }


async def add(unit: Unit, design_id: str, values: Mapping[str, Any]) -> OwnRow | None:
    """None when the SKU is taken."""
    row = await unit.one_or_none(
        upsert(designs)
        .values(id=design_id, business_id=unit.business_id, **values)
        .on_conflict_do_nothing(index_elements=("business_id", "sku"))
        .returning(*designs.c)
    )
    return None if row is None else _own(row)


async def find(unit: Unit, design_id: str, *, lock: bool = False) -> OwnRow | None:
    query = select(*designs.c).where(designs.c.id == design_id)
    row = await unit.one_or_none(query.with_for_update() if lock else query)
    return None if row is None else _own(row)


async def page(
    unit: Unit, *, state: State | None, sku: str | None, before: str | None, limit: int
) -> tuple[list[OwnRow], str | None]:
    query = select(*designs.c)
    query = query.where(
        designs.c.state == str(state) if state is not None else designs.c.state != str(State.ARCHIVED)
    )
    if sku is not None:
        query = query.where(designs.c.sku == sku)
    rows, cursor = await newest_first(unit, query, designs.c.id, before, limit)
    return [_own(row) for row in rows], cursor


async def after(
    unit: Unit, after: str, limit: int, *, archived: bool = True, lock: bool = False
) -> list[OwnRow]:
    """The salon's own in the order in which they were added, those after the id `after`."""
    query = select(*designs.c).where(designs.c.id > after).order_by(designs.c.id).limit(limit)
    if not archived:
        query = query.where(designs.c.state != str(State.ARCHIVED))
    return [_own(row) for row in await unit.all(query.with_for_update() if lock else query)]


async def live(reader: Reader, ids: Iterable[str]) -> dict[str, OwnRow]:
    """Those of the ids that customers may see."""
    return {row.id: _own(row) for row in await reader.read(_LIVE, ids=[*ids])}


async def prices(unit: Unit, ids: Iterable[str]) -> dict[str, Price]:
    """Prices of those of the ids that are designs of the salon's own and not archived.

    None of them is deleted before the unit ends.
    """
    query = select(designs.c.id, designs.c.price_amount, designs.c.price_currency).where(
        designs.c.id.in_(set(ids)), designs.c.state != str(State.ARCHIVED)
    )
    held = query.with_for_update(read=True, key_share=True)
    return {row.id: Price(row.price_amount, row.price_currency) for row in await unit.all(held)}


async def sku_is_taken(unit: Unit, sku: str, but_by: str) -> bool:
    taken = select(designs.c.id).where(designs.c.sku == sku, designs.c.id != but_by)
    return await unit.one_or_none(taken) is not None


async def any_needs(unit: Unit, service_id: str) -> bool:
    """Whether a design, in any state, needs this service."""
    named = select(designs.c.id).where(designs.c.service_id == service_id).limit(1)
    return await unit.one_or_none(named) is not None


async def change(unit: Unit, design_id: str, values: Mapping[str, Any]) -> OwnRow:
    row = await changed_row(unit, designs, designs.c.id == design_id, values)
    assert row is not None
    return _own(row)


async def remove(unit: Unit, design_id: str) -> None:
    await unit.execute(delete(designs).where(designs.c.id == design_id))


async def write(unit: Unit, new: Sequence[dict[str, Any]], changed: Sequence[dict[str, Any]]) -> None:
    """Many at once: rows with their id and all of `columns_of`, and what they take along."""
    if new:
        await unit.execute(
            insert(designs).inline(), [{**row, "business_id": unit.business_id} for row in new]
        )
    await update_many(unit, designs, changed)


async def undrawn(unit: Unit, limit: int) -> list[OwnRow]:
    """Designs whose picture is not drawn, the oldest first."""
    query = select(*designs.c).where(designs.c.preview == str(PreviewState.PENDING))
    return [_own(row) for row in await unit.all(query.order_by(designs.c.id).limit(limit))]


async def end_preview(
    unit: Unit, drawn: OwnRow, state: PreviewState, key: str | None, sha256: str | None
) -> None:
    """Show a design's picture, unless its looks changed since it was drawn."""
    await unit.execute(
        update(designs)
        .where(designs.c.id == drawn.design.id, designs.c.spec == _spec(drawn.design))
        .values(preview=str(state), preview_key=key, preview_sha256=sha256)
    )


async def preview_keys(unit: Unit, ids: Iterable[str]) -> set[str]:
    query = select(designs.c.preview_key).where(
        designs.c.id.in_(set(ids)), designs.c.preview_key.is_not(None)
    )
    return {row.preview_key for row in await unit.all(query)}


def _spec(design: Design) -> Any:
    return msgspec.to_builtins(Spec(design.layer, design.material, design.origin))


def _own(row: Row[Any] | Found) -> OwnRow:
    spec = msgspec.convert(row.spec, Spec)
    return OwnRow(
        design=Design(
            id=row.id,
            name=row.name,
            sku=row.sku,
            layer=spec.layer,
            material=spec.material,
            service=row.service_id,
            minutes=row.minutes,
            price=Price(row.price_amount, row.price_currency),
            origin=spec.origin,
            tags=tuple(row.tags),
        ),
        product_id=row.product_id,
        state=State(row.state),
        preview=PreviewState(row.preview),
        preview_key=row.preview_key,
        preview_sha256=row.preview_sha256,
        version=row.row_version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
