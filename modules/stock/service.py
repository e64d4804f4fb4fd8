"""Keeping products and booking what comes in and goes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from kit import clock, versions
from kit.audit import Actor, record
from kit.db.unit import Unit
from kit.errors import FieldError
from kit.ids import is_id, new_id
from kit.money import Price
from kit.outbox import emit
from kit.text import one_line
from modules.stock import store
from modules.stock.errors import (
    MovementUnfit,
    OutOfStock,
    ProductArchived,
    ProductSkuTaken,
    ProductUnfit,
    UnknownProduct,
)
from modules.stock.events import StockChanged
from modules.stock.wire import Movement, MovementRequest, Product, ProductChange, ProductRequest, Reason

OPENING, COUNTED = "Opening stock", "Counted anew by an import"
_REQUIRED_TEXT, _TEXT = ("sku", "name", "unit"), ("brand",)


async def create(unit: Unit, actor: Actor, asked: ProductRequest) -> Product:
    """Add a product, with its opening stock as its first movement. Raises ProductUnfit, ProductSkuTaken."""
    values = columns(msgspec.structs.asdict(asked))
    opening = values.pop("stock")
    product = await store.insert_product(unit, new_id("prd"), values)
    if product is None:
        raise ProductSkuTaken(errors=(FieldError("sku", f"{asked.sku} is taken.", "taken"),))
    if opening:
        booked = MovementRequest(reason=Reason.DELIVERY, delta=opening, note=OPENING)
        await _book(unit, actor, product, booked)
    await record(unit, actor, "product.created", product.id)
    return await find(unit, product.id)


async def find(unit: Unit, product_id: str) -> Product:
    """Raises UnknownProduct."""
    product = await store.find(unit, product_id)
    if product is None:
        raise UnknownProduct
    return product


async def page(
    unit: Unit, *, archived: bool, low: bool, words: str | None, cursor: str | None, limit: int
) -> tuple[list[Product], str | None]:
    """Products, newest first, and the cursor of the next page. low: only those to order again."""
    before = cursor if cursor is not None and is_id(cursor, "prd") else None
    return await store.page(unit, archived=archived, low=low, words=words, before=before, limit=limit)


async def change(
    unit: Unit, actor: Actor, product_id: str, asked: ProductChange, expected: int | None
) -> Product:
    """Change what differs. Raises UnknownProduct, VersionStale, ProductUnfit, ProductSkuTaken."""
    product = await _locked(unit, product_id)
    versions.check(product.version, expected)
    named = {name: value for name, value in msgspec.structs.asdict(asked).items() if value is not UNSET}
    values = {name: value for name, value in columns(named).items() if value != held(product).get(name)}
    if "archived" in values:
        values["archived_at"] = clock.now() if values.pop("archived") else None
    if not values:
        return product
    if "sku" in values and await store.sku_is_taken(unit, values["sku"], product_id):
        raise ProductSkuTaken(errors=(FieldError("sku", f"{values['sku']} is taken.", "taken"),))
    changed = await store.change(unit, product_id, values)
    await record(unit, actor, "product.changed", product_id)
    return changed


async def archive(unit: Unit, actor: Actor, product_id: str) -> None:
    """Take a product off the shelf. It stays with its movements, and can be restored. Raises UnknownProduct."""
    product = await _locked(unit, product_id)
    if not product.archived:
        await store.change(unit, product_id, {"archived_at": clock.now()})
        await record(unit, actor, "product.archived", product_id)


async def move(unit: Unit, actor: Actor, product_id: str, asked: MovementRequest) -> Movement:
    """Book a movement. Raises UnknownProduct, ProductArchived, MovementUnfit, OutOfStock."""
    product = await _locked(unit, product_id)
    if product.archived:
        raise ProductArchived
    if (words := _unfit(asked)) is not None:
        raise MovementUnfit(errors=(FieldError("delta", words, "out_of_range"),))
    movement = await _book(unit, actor, product, asked)
    await record(unit, actor, "stock.moved", movement.id)
    return movement


async def movements(
    unit: Unit, product_id: str, cursor: str | None, limit: int
) -> tuple[list[Movement], str | None]:
    """A product's movements, newest first. Raises UnknownProduct."""
    await find(unit, product_id)
    before = cursor if cursor is not None and is_id(cursor, "stm") else None
    return await store.movements(unit, product_id, before, limit)


async def known(unit: Unit, ids: Iterable[str]) -> set[str]:
    """Those of the ids that are products of the business."""
    return await store.known(unit, ids)


async def every(unit: Unit, *, lock: bool = False) -> list[Product]:
    """All products, archived ones too, in the order in which they were added."""
    return await store.every(unit, lock=lock)


async def write(
    unit: Unit,
    actor: Actor,
    new: Sequence[tuple[str, ProductRequest]],
    changed: Sequence[tuple[Product, ProductRequest]],
) -> None:
    """Add products under ids that were made for them, and change others whose rows are locked.

    What differs in stock is booked: as the opening delivery of a new product, as a correction of another.
    """
    added = [{"id": product_id, **columns(msgspec.structs.asdict(asked))} for product_id, asked in new]
    await store.insert_products(unit, added)
    rows = [{"id": held.id, **columns(msgspec.structs.asdict(asked))} for held, asked in changed]
    await store.change_products(unit, rows)
    moved = [
        (product_id, asked, MovementRequest(reason=Reason.DELIVERY, delta=asked.stock, note=OPENING))
        for product_id, asked in new
        if asked.stock
    ]
    moved += [
        (
            held.id,
            asked,
            MovementRequest(reason=Reason.CORRECTION, delta=asked.stock - held.stock, note=COUNTED),
        )
        for held, asked in changed
        if asked.stock != held.stock
    ]
    await store.note_movements(
        unit,
        actor,
        [(new_id("stm"), product_id, movement, asked.stock) for product_id, asked, movement in moved],
    )
    await emit(
        unit,
        *(
            StockChanged(product_id, movement.delta, asked.stock, asked.stock <= asked.low_stock)
            for product_id, asked, movement in moved
        ),
    )
    await record(unit, actor, "product.created", *(product_id for product_id, _ in new))
    await record(unit, actor, "product.changed", *(held.id for held, _ in changed))


def tidied(asked: ProductRequest) -> ProductRequest:
    """With its texts as one line each. Raises ProductUnfit."""
    values = columns(msgspec.structs.asdict(asked))
    return msgspec.structs.replace(asked, **{name: values[name] for name in (*_REQUIRED_TEXT, *_TEXT)})


def columns(values: dict[str, Any]) -> dict[str, Any]:
    """A product's fields as columns, its texts tidied. Raises ProductUnfit with every field that cannot be used."""
    found, errors = dict(values), []
    for name in (*_REQUIRED_TEXT, *_TEXT):
        if name in found and (name in _REQUIRED_TEXT or found[name].strip()):
            try:
                found[name] = one_line(found[name])
            except ValueError as error:
                errors.append(FieldError(name, f"This cannot be used: {error}.", "text"))
        elif name in found:
            found[name] = ""
    if errors:
        raise ProductUnfit(errors=tuple(errors))
    if isinstance(price := found.pop("price", None), Price):
        found |= {"price_amount": price.amount, "price_currency": price.currency}
    return found


def held(product: Product) -> dict[str, Any]:
    """A product's fields as columns."""
    return columns(msgspec.structs.asdict(product))


async def _locked(unit: Unit, product_id: str) -> Product:
    product = await store.find(unit, product_id, lock=True)
    if product is None:
        raise UnknownProduct
    return product


def _unfit(asked: MovementRequest) -> str | None:
    if asked.delta == 0:
        return "A movement moves something."
    inward = {Reason.DELIVERY, Reason.RETURN}
    outward = {Reason.SALE, Reason.USE, Reason.LOSS}
    if (asked.reason in inward and asked.delta < 0) or (asked.reason in outward and asked.delta > 0):
        return f"A {asked.reason} goes the other way."
    return None


async def _book(unit: Unit, actor: Actor, product: Product, asked: MovementRequest) -> Movement:
    movement = await store.move(unit, actor, new_id("stm"), product.id, asked)
    if movement is None:
        raise OutOfStock(f"{product.name}: a change by {asked.delta} cannot be booked.")
    low = movement.stock <= product.low_stock
    await emit(unit, StockChanged(product.id, movement.delta, movement.stock, low))
    return movement
