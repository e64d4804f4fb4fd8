"""What a salon adds to the shipped shelf (its own designs, looks and services) and what it makes of it (choices)."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, REAL

from kit.db.columns import changed_column, price_columns, version_columns
from kit.db.schema import business_column, created_column, metadata

designs = Table(
    "designs",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sku", Text, nullable=False),
    Column("finish", Text),
    Column("families", ARRAY(Text), nullable=False),
    Column("lab_l", REAL, nullable=False),
    Column("lab_a", REAL, nullable=False),
    Column("lab_b", REAL, nullable=False),
    *price_columns(),
    Column("service_id", Text, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("product_id", Text),
    Column("tags", ARRAY(Text), nullable=False),
    Column("words", Text, nullable=False),
    Column("renderable", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("spec", JSONB, nullable=False),
    Column("preview", Text, nullable=False, server_default="pending"),
    Column("preview_key", Text),
    Column("preview_sha256", Text),
    *version_columns(),
    created_column(),
    changed_column(),
    UniqueConstraint("business_id", "id"),
    UniqueConstraint("business_id", "sku"),
    ForeignKeyConstraint(("business_id", "product_id"), ("products.business_id", "products.id")),
)

shelf_choices = Table(
    "shelf_choices",
    metadata,
    business_column(),
    Column("design_id", Text, primary_key=True),
    Column("hidden", Boolean, nullable=False, server_default=text("false")),
    Column("minutes", Integer),
    *price_columns(nullable=True),
    Column("product_id", Text),
    *version_columns(),
    created_column(),
    changed_column(),
    ForeignKeyConstraint(("business_id", "product_id"), ("products.business_id", "products.id")),
)

bundles = Table(
    "bundles",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("name", Text, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("design_ids", ARRAY(Text), nullable=False),
    Column("state", Text, nullable=False),
    *version_columns(),
    created_column(),
    UniqueConstraint("business_id", "id"),
)

services = Table(
    "services",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("buffer_before_min", Integer, nullable=False),
    Column("buffer_after_min", Integer, nullable=False),
    *price_columns(),
    Column("offered", Boolean, nullable=False, server_default=text("true")),
    Column("archived_at", DateTime(timezone=True)),
    *version_columns(),
    created_column(),
    UniqueConstraint("business_id", "id"),
)

service_choices = Table(
    "service_choices",
    metadata,
    business_column(),
    Column("service_id", Text, primary_key=True),
    Column("offered", Boolean, nullable=False, server_default=text("true")),
    Column("minutes", Integer),
    Column("buffer_before_min", Integer),
    Column("buffer_after_min", Integer),
    *price_columns(nullable=True),
    *version_columns(),
    created_column(),
)
