"""Products that a salon keeps, and every movement of their stock."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKeyConstraint, Integer, Table, Text, UniqueConstraint, text

from kit.db.columns import changed_column, price_columns, version_columns
from kit.db.schema import business_column, created_column, metadata

products = Table(
    "products",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("sku", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("brand", Text, nullable=False),
    Column("kind", Text, nullable=False),
    *price_columns(),
    Column("stock", Integer, nullable=False, server_default=text("0")),
    Column("low_stock", Integer, nullable=False, server_default=text("0")),
    Column("unit", Text, nullable=False),
    Column("archived_at", DateTime(timezone=True)),
    *version_columns(),
    created_column(),
    changed_column(),
    UniqueConstraint("business_id", "id"),
    UniqueConstraint("business_id", "sku"),
)

stock_movements = Table(
    "stock_movements",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("product_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("delta", Integer, nullable=False),
    Column("stock", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    created_column(),
    ForeignKeyConstraint(("business_id", "product_id"), ("products.business_id", "products.id")),
)
