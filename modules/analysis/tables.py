"""Analyses: what a photo told of a face. One for each photo, deleted with it."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from kit.db.schema import business_column, created_column, metadata

analyses = Table(
    "analyses",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("photo_id", Text, ForeignKey("photos.id", ondelete="CASCADE"), nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("facts", JSONB(none_as_null=True)),
    Column("error_code", Text),
    created_column(),
    Column("finished_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("business_id", "photo_id"),
)
