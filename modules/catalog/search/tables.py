"""What was deleted of the catalogue lately; the database notes it by itself and forgets it after two days."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Table, Text, func

from kit.db.columns import changed_column
from kit.db.schema import business_column, metadata

catalog_removals = Table(
    "catalog_removals",
    metadata,
    business_column(),
    Column("source", Text, nullable=False),
    Column("id", Text, nullable=False),
    changed_column(),
    Column("removed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
