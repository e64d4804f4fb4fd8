"""Columns that rows which people edit share: their price, their version, and when they were changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, DateTime, Integer, Text, func, text
from sqlalchemy.types import UserDefinedType


def price_columns(*, nullable: bool = False) -> tuple[Column[Any], Column[Any]]:
    """Money in minor units of a currency."""
    return Column("price_amount", Integer, nullable=nullable), Column(
        "price_currency", Text, nullable=nullable
    )


def version_columns() -> tuple[Column[Any], Column[Any]]:
    """How often the row was written, which a change must name, and when it was last."""
    return (
        Column("row_version", Integer, nullable=False, server_default=text("1")),
        Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


class TransactionId(UserDefinedType[int]):
    """Postgres's xid8."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


def changed_column() -> Column[int]:
    """Which transaction wrote the row last; the database says so (docs/decisions/0019-search.md)."""
    return Column("changed", TransactionId, nullable=False, server_default=text("pg_current_xact_id()"))
