"""Try-ons: what was asked for, how far it is, and where the pictures lie."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Computed, DateTime, ForeignKey, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kit.db.schema import business_column, created_column, metadata

tryons = Table(
    "tryons",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False),
    Column("photo_id", Text, ForeignKey("photos.id"), nullable=False),
    Column("job_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("test", Boolean, Computed("starts_with(customer_id, 'cut_')", persisted=True), nullable=False),
    Column("looks", JSONB, nullable=False),
    Column("designs", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("result", JSONB(none_as_null=True)),
    Column("error_code", Text),
    created_column(),
    Column("finished_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("erased_at", DateTime(timezone=True)),
)
