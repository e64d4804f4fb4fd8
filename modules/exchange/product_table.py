"""The salon's products as a table; the SKU says which. A stock that differs is booked as a correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from kit import money
from kit.audit import Actor
from kit.db.unit import Unit
from kit.ids import new_ids
from modules.catalog.shelf import Shelf
from modules.exchange.cells import text, whole
from modules.exchange.plan import Plan
from modules.exchange.rows import Asked, CellError, column_of, drafted, field_errors, missing, repeated
from modules.stock import service as stock
from modules.stock.errors import ProductUnfit
from modules.stock.wire import Product, ProductRequest

COLUMNS = (
    text("sku", needed=True),
    text("name", needed=True),
    text("brand", empty=""),
    text("kind"),
    text("price", needed=True),
    text("currency", needed=True),
    whole("stock"),
    whole("low_stock"),
    text("unit"),
)


async def rows_of(unit: Unit, _shelf: Shelf) -> list[list[str]]:
    """Every product that is not archived."""
    return [_cells(product) for product in await stock.every(unit) if not product.archived]


async def plan(unit: Unit, _shelf: Shelf, rows: Sequence[Asked], *, lock: bool) -> Plan:
    """What these rows would change. lock: hold the products until it is applied."""
    held = {product.sku: product for product in await stock.every(unit, lock=lock)}
    new: list[tuple[str, ProductRequest]] = []
    changed: list[tuple[Product, ProductRequest]] = []

    async def apply(unit: Unit, actor: Actor) -> None:
        await stock.write(unit, actor, new, changed)

    plan = Plan(apply, errors=repeated(rows, "sku"))
    for row, fresh in zip(rows, new_ids("prd", len(rows)), strict=True):
        before = held.get(row.given["sku"])
        asked, errors = _asked(row, before)
        if asked is None:
            plan.errors += errors
        elif before is None:
            new.append((fresh, asked))
        elif asked == _request(before):
            plan.unchanged += 1
        else:
            changed.append((before, asked))
    plan.created, plan.changed = len(new), len(changed)
    return plan


def _asked(row: Asked, before: Product | None) -> tuple[ProductRequest | None, list[CellError]]:
    if before is None and (errors := missing(row, COLUMNS)):
        return None, errors
    if before is not None and before.archived:
        words = "This product is archived. Restore it before it is imported."
        return None, [CellError(row.number, "sku", "archived", words)]
    try:
        base = None if before is None else _request(before)
        return stock.tidied(drafted(row.given, base, ProductRequest)), []
    except msgspec.ValidationError as error:
        column, words = column_of(error, COLUMNS)
        return None, [CellError(row.number, column, "value", words)]
    except ProductUnfit as error:
        return None, field_errors(row.number, error.errors, COLUMNS)


def _request(product: Product) -> ProductRequest:
    values: Mapping[str, object] = msgspec.structs.asdict(product)
    return ProductRequest(**{name: values[name] for name in ProductRequest.__struct_fields__})  # type: ignore[arg-type]


def _cells(product: Product) -> list[str]:
    price = {
        "price": money.written(product.price.amount, product.price.currency),
        "currency": product.price.currency,
    }
    return [price.get(column.name) or column.write(getattr(product, column.fills)) for column in COLUMNS]
