"""The salon's own designs as a table; the SKU says which."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import msgspec

from kit import money
from kit.audit import Actor
from kit.db.unit import Unit
from kit.ids import new_ids
from modules.catalog import designs, services
from modules.catalog.designs import Named
from modules.catalog.draft import DesignDraft, draft_of
from modules.catalog.shelf import Design, Shelf
from modules.catalog.store.designs import OwnRow
from modules.exchange.cells import json, listed, number, text, whole
from modules.exchange.plan import Plan
from modules.exchange.rows import Asked, CellError, column_of, drafted, field_errors, missing, repeated
from modules.stock import service as stock

COLUMNS = (
    text("sku", needed=True),
    text("kind", needed=True),
    text("name", needed=True),
    listed("colours", needed=True),
    text("finish", empty=None),
    text("style", empty=None),
    text("shape", empty=None),
    number("length", empty=None),
    whole("coats", empty=None),
    number("opacity", empty=None),
    listed("fingers", empty=None),
    whole("level", empty=None),
    text("coverage", empty=None),
    number("fill", empty=None),
    number("liner_mm", empty=None),
    json("parameters"),
    json("material"),
    text("service", needed=True),
    whole("minutes", needed=True),
    text("price", needed=True),
    text("currency", needed=True),
    text("product_sku", "product_id", empty=None),
    listed("tags", empty=[]),
    text("state"),
    text("source"),
    text("licence"),
)


async def rows_of(unit: Unit, _shelf: Shelf) -> list[list[str]]:
    """Every design of the salon's own that is not archived."""
    skus = {product.id: product.sku for product in await stock.every(unit)}
    return [_cells(row, skus) async for row in designs.every(unit, archived=False)]


async def plan(unit: Unit, shelf: Shelf, rows: Sequence[Asked], *, lock: bool) -> Plan:
    """What these rows would change. lock: hold the designs until it is applied."""
    held = {row.design.sku: row async for row in designs.every(unit, lock=lock)}
    products = {product.sku: product.id for product in await stock.every(unit)}
    named = Named(await services.known(unit, shelf), frozenset(products.values()))
    return await asyncio.to_thread(_compared, rows, held, products, named)


def _compared(
    rows: Sequence[Asked], held: Mapping[str, OwnRow], products: Mapping[str, str], named: Named
) -> Plan:
    new: list[tuple[Design, DesignDraft]] = []
    changed: list[tuple[OwnRow, Design, DesignDraft]] = []

    async def apply(unit: Unit, actor: Actor) -> None:
        await designs.write(unit, actor, new, changed)

    plan = Plan(apply, errors=repeated(rows, "sku"))
    for row, fresh in zip(rows, new_ids("des", len(rows)), strict=True):
        before = held.get(row.given["sku"])
        draft, errors = _draft(row, before, products)
        if draft is None:
            plan.errors += errors
            continue
        design_id = fresh if before is None else before.design.id
        design, wrong = designs.checked(draft, design_id, None if before is None else before.state, named)
        if design is None:
            plan.errors += field_errors(row.number, wrong, COLUMNS)
        elif before is None:
            new.append((design, draft))
        elif (design, draft.product_id, draft.state) == (before.design, before.product_id, before.state):
            plan.unchanged += 1
        else:
            changed.append((before, design, draft))
    plan.created, plan.changed = len(new), len(changed)
    return plan


def _draft(
    row: Asked, before: OwnRow | None, products: Mapping[str, str]
) -> tuple[DesignDraft | None, list[CellError]]:
    given, base = {**row.given}, None
    if before is None:
        if errors := missing(row, COLUMNS):
            return None, errors
    else:
        base = draft_of(before.design, product_id=before.product_id, state=before.state)
        if given.get("kind", base.kind) != base.kind:
            words = f"A design keeps its kind: this one is a {base.kind}."
            return None, [CellError(row.number, "kind", "fixed", words)]
    if (sku := given.get("product_id")) is not None and "product_id" in row.given:
        if sku not in products:
            words = f"There is no product with the SKU {sku}."
            return None, [CellError(row.number, "product_sku", "unknown", words)]
        given["product_id"] = products[sku]
    try:
        return drafted(given, base, DesignDraft), []
    except msgspec.ValidationError as error:
        column, words = column_of(error, COLUMNS)
        return None, [CellError(row.number, column, "value", words)]


def _cells(row: OwnRow, skus: Mapping[str, str]) -> list[str]:
    draft = draft_of(row.design, product_id=row.product_id, state=row.state)
    price = {
        "price": money.written(draft.price.amount, draft.price.currency),
        "currency": draft.price.currency,
    }
    values = {
        **msgspec.structs.asdict(draft),
        **price,
        "product_id": None if draft.product_id is None else skus[draft.product_id],
    }
    return [price.get(column.name) or column.write(values[column.fills]) for column in COLUMNS]
