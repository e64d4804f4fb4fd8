"""Columns that rows which people edit share: their price, their version, and when they were changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, DateTime, Integer, Text, func, text


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
