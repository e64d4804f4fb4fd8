"""SQL of what a salon adds to the shelf, and of what it makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    Table,
    Text,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.db.many import update_many
from kit.db.page import newest_first
from kit.db.unit import Unit
from kit.money import Price
from looks.layer import AnyLayer
from looks.material import Material
from modules.catalog.draft import State
from modules.catalog.own import (
    BundleDraft,
    ChosenDesign,
    OwnBundle,
    OwnService,
    PreviewState,
    ServiceDraft,
    ShelfChoice,
)
from modules.catalog.shelf import Design, Origin, words_of
from modules.catalog.tables import bundles, designs, service_choices, services, shelf_choices


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


async def insert_design(unit: Unit, design_id: str, values: Mapping[str, Any]) -> OwnRow | None:
    """None when the SKU is taken."""
    row = await unit.one_or_none(
        upsert(designs)
        .values(id=design_id, business_id=unit.business_id, **values)
        .on_conflict_do_nothing(index_elements=("business_id", "sku"))
        .returning(*designs.c)
    )
    return None if row is None else _own(row)


async def find_design(unit: Unit, design_id: str, *, lock: bool = False) -> OwnRow | None:
    query = select(*designs.c).where(designs.c.id == design_id)
    row = await unit.one_or_none(query.with_for_update() if lock else query)
    return None if row is None else _own(row)


async def page_of_designs(
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


async def designs_after(
    unit: Unit, after: str, limit: int, *, archived: bool = True, lock: bool = False
) -> list[OwnRow]:
    """The salon's own in the order in which they were added, those after the id `after`."""
    query = select(*designs.c).where(designs.c.id > after).order_by(designs.c.id).limit(limit)
    if not archived:
        query = query.where(designs.c.state != str(State.ARCHIVED))
    return [_own(row) for row in await unit.all(query.with_for_update() if lock else query)]


async def live_designs(unit: Unit, ids: Iterable[str]) -> dict[str, OwnRow]:
    """Those of the ids that customers may see."""
    wanted = _among(designs.c.id, ids) & (designs.c.state == str(State.LIVE))
    return {row.id: _own(row) for row in await unit.all(select(*designs.c).where(wanted))}


async def prices_of_designs(unit: Unit, ids: Iterable[str]) -> dict[str, Price]:
    """Prices of those of the ids that are designs of the salon's own and not archived."""
    query = select(designs.c.id, designs.c.price_amount, designs.c.price_currency).where(
        designs.c.id.in_(set(ids)), designs.c.state != str(State.ARCHIVED)
    )
    return {row.id: Price(row.price_amount, row.price_currency) for row in await unit.all(query)}


async def design_sku_is_taken(unit: Unit, sku: str, but_by: str) -> bool:
    taken = select(designs.c.id).where(designs.c.sku == sku, designs.c.id != but_by)
    return await unit.one_or_none(taken) is not None


async def change_design(unit: Unit, design_id: str, values: Mapping[str, Any]) -> OwnRow:
    row = await _changed(unit, designs, designs.c.id == design_id, values)
    assert row is not None
    return _own(row)


async def delete_design(unit: Unit, design_id: str) -> None:
    await unit.execute(delete(designs).where(designs.c.id == design_id))


async def design_is_bundled(unit: Unit, design_id: str) -> bool:
    named = select(bundles.c.id).where(bundles.c.design_ids.contains([design_id])).limit(1)
    return await unit.one_or_none(named) is not None


async def write_designs(unit: Unit, new: Sequence[dict[str, Any]], changed: Sequence[dict[str, Any]]) -> None:
    """Many at once: rows with their id and all of `columns_of`, and what they take along."""
    if new:
        await unit.execute(
            insert(designs).inline(), [{**row, "business_id": unit.business_id} for row in new]
        )
    await update_many(unit, designs, changed)


async def designs_without_preview(unit: Unit, limit: int) -> list[OwnRow]:
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


async def shelf_choices_of(unit: Unit, ids: Iterable[str] | None = None) -> dict[str, ChosenDesign]:
    """What the salon made of shipped designs; of all of them when none is named."""
    query = select(*shelf_choices.c)
    if ids is not None:
        query = query.where(_among(shelf_choices.c.design_id, ids))
    return {row.design_id: _chosen(row) for row in await unit.all(query)}


async def lock_shelf_choice(unit: Unit, design_id: str) -> ChosenDesign:
    """A shipped design's choice, made an empty one of version 0 where there is none, and held."""
    await unit.execute(
        upsert(shelf_choices)
        .values(business_id=unit.business_id, design_id=design_id, row_version=0)
        .on_conflict_do_nothing()
    )
    query = select(*shelf_choices.c).where(shelf_choices.c.design_id == design_id).with_for_update()
    row = await unit.one_or_none(query)
    assert row is not None
    return _chosen(row)


async def change_shelf_choice(unit: Unit, design_id: str, choice: ShelfChoice) -> ChosenDesign:
    values = {
        "hidden": choice.hidden,
        "minutes": choice.minutes,
        "product_id": choice.product_id,
        **price_columns(choice.price),
    }
    row = await _changed(unit, shelf_choices, shelf_choices.c.design_id == design_id, values)
    assert row is not None
    return _chosen(row)


async def insert_bundle(unit: Unit, bundle_id: str, draft: BundleDraft) -> OwnBundle:
    values = bundle_columns(draft)
    row = await unit.one_or_none(
        insert(bundles).values(id=bundle_id, business_id=unit.business_id, **values).returning(*bundles.c)
    )
    assert row is not None
    return _bundle(row)


async def find_bundle(unit: Unit, bundle_id: str, *, lock: bool = False) -> OwnBundle | None:
    query = select(*bundles.c).where(bundles.c.id == bundle_id)
    row = await unit.one_or_none(query.with_for_update() if lock else query)
    return None if row is None else _bundle(row)


async def page_of_bundles(unit: Unit, before: str | None, limit: int) -> tuple[list[OwnBundle], str | None]:
    query = select(*bundles.c).where(bundles.c.state != str(State.ARCHIVED))
    rows, cursor = await newest_first(unit, query, bundles.c.id, before, limit)
    return [_bundle(row) for row in rows], cursor


async def live_bundles(unit: Unit, ids: Iterable[str] | None = None) -> list[OwnBundle]:
    """Bundles that customers may see, oldest first; all of them when none is named."""
    query = select(*bundles.c).where(bundles.c.state == str(State.LIVE)).order_by(bundles.c.id)
    if ids is not None:
        query = query.where(bundles.c.id.in_(set(ids)))
    return [_bundle(row) for row in await unit.all(query)]


async def change_bundle(unit: Unit, bundle_id: str, values: Mapping[str, Any]) -> OwnBundle:
    row = await _changed(unit, bundles, bundles.c.id == bundle_id, values)
    assert row is not None
    return _bundle(row)


async def delete_bundle(unit: Unit, bundle_id: str) -> None:
    await unit.execute(delete(bundles).where(bundles.c.id == bundle_id))


async def insert_service(unit: Unit, service_id: str, draft: ServiceDraft) -> OwnService:
    row = await unit.one_or_none(
        insert(services)
        .values(id=service_id, business_id=unit.business_id, **service_columns(draft))
        .returning(*services.c)
    )
    assert row is not None
    return _service(row)


async def own_services(unit: Unit, *, lock: bool = False) -> list[OwnService]:
    """The salon's own that are not archived, oldest first."""
    query = select(*services.c).where(services.c.archived_at.is_(None)).order_by(services.c.id)
    return [_service(row) for row in await unit.all(query.with_for_update() if lock else query)]


async def service_ids(unit: Unit) -> set[str]:
    """Of all of the salon's own, archived ones too."""
    return {row.id for row in await unit.all(select(services.c.id))}


async def find_service(unit: Unit, service_id: str, *, lock: bool = False) -> OwnService | None:
    query = select(*services.c).where(services.c.id == service_id, services.c.archived_at.is_(None))
    row = await unit.one_or_none(query.with_for_update() if lock else query)
    return None if row is None else _service(row)


async def change_service(unit: Unit, service_id: str, values: Mapping[str, Any]) -> OwnService:
    row = await _changed(unit, services, services.c.id == service_id, values)
    assert row is not None
    return _service(row)


async def service_is_named(unit: Unit, service_id: str) -> bool:
    """Whether a design needs this service."""
    named = select(designs.c.id).where(designs.c.service_id == service_id).limit(1)
    return await unit.one_or_none(named) is not None


async def delete_service(unit: Unit, service_id: str) -> None:
    await unit.execute(delete(services).where(services.c.id == service_id))


async def service_choices_of(unit: Unit, *, lock: bool = False) -> dict[str, Row[Any]]:
    """What the salon made of shipped services; null columns leave what they ship with."""
    query = select(*service_choices.c).order_by(service_choices.c.service_id)
    return {row.service_id: row for row in await unit.all(query.with_for_update() if lock else query)}


async def lock_service_choice(unit: Unit, service_id: str) -> Row[Any]:
    """A shipped service's choice, made an empty one of version 0 where there is none, and held."""
    await unit.execute(
        upsert(service_choices)
        .values(business_id=unit.business_id, service_id=service_id, row_version=0)
        .on_conflict_do_nothing()
    )
    query = select(*service_choices.c).where(service_choices.c.service_id == service_id).with_for_update()
    row = await unit.one_or_none(query)
    assert row is not None
    return row


async def change_service_choice(unit: Unit, service_id: str, values: Mapping[str, Any]) -> Row[Any]:
    row = await _changed(unit, service_choices, service_choices.c.service_id == service_id, values)
    assert row is not None
    return row


def price_columns(price: Price | None) -> dict[str, Any]:
    """A price as columns."""
    if price is None:
        return {"price_amount": None, "price_currency": None}
    return {"price_amount": price.amount, "price_currency": price.currency}


def service_columns(draft: ServiceDraft) -> dict[str, Any]:
    """A service as columns."""
    values = {**msgspec.structs.asdict(draft), "kind": str(draft.kind), **price_columns(draft.price)}
    del values["price"]
    return values


def bundle_columns(draft: BundleDraft) -> dict[str, Any]:
    """A bundle as columns."""
    return {
        "name": draft.name,
        "occasion": draft.occasion,
        "design_ids": [*draft.designs],
        "state": str(draft.state),
    }


async def _changed(
    unit: Unit, table: Table, which: ColumnElement[bool], values: Mapping[str, Any]
) -> Row[Any] | None:
    return await unit.one_or_none(
        update(table)
        .where(which)
        .values(**values, row_version=table.c.row_version + 1, updated_at=func.now())
        .returning(*table.c)
    )


def _among(column: Column[str], ids: Iterable[str]) -> ColumnElement[bool]:
    """One parameter for all ids: an IN of each is compiled anew for every number of them, which takes milliseconds."""
    return column == func.any(literal(list(ids), ARRAY(Text)))


def _spec(design: Design) -> Any:
    return msgspec.to_builtins(Spec(design.layer, design.material, design.origin))


def _own(row: Row[Any]) -> OwnRow:
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


def _chosen(row: Row[Any]) -> ChosenDesign:
    price = None if row.price_amount is None else Price(row.price_amount, row.price_currency)
    choice = ShelfChoice(hidden=row.hidden, minutes=row.minutes, price=price, product_id=row.product_id)
    return ChosenDesign(design_id=row.design_id, choice=choice, version=row.row_version)


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


def _service(row: Row[Any]) -> OwnService:
    return OwnService(
        id=row.id,
        shipped=False,
        service=msgspec.convert(
            {
                **{name: getattr(row, name) for name in ServiceDraft.__struct_fields__ if name != "price"},
                "price": Price(row.price_amount, row.price_currency),
            },
            ServiceDraft,
        ),
        version=row.row_version,
    )
