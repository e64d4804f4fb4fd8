"""What all of the catalogue's rows have in common: a version that each change raises, and ids that are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Table, Text, bindparam, func, update
from sqlalchemy.dialects.postgresql import ARRAY

from kit.db.unit import Unit
from kit.money import Price


async def changed_row(
    unit: Unit, table: Table, which: ColumnElement[bool], values: Mapping[str, Any]
) -> Row[Any] | None:
    return await unit.one_or_none(
        update(table)
        .where(which)
        .values(**values, row_version=table.c.row_version + 1, updated_at=func.now())
        .returning(*table.c)
    )


def among(column: Column[str]) -> ColumnElement[bool]:
    """Whether a column is one of `ids`, one parameter for all: an IN of each is another statement for every number."""
    return column == func.any(bindparam("ids", type_=ARRAY(Text)))


def price_values(price: Price | None) -> dict[str, Any]:
    """A price as the values of its two columns."""
    if price is None:
        return {"price_amount": None, "price_currency": None}
    return {"price_amount": price.amount, "price_currency": price.currency}
