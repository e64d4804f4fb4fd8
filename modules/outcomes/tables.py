"""Outcomes: what came of an appointment that was booked from a look, and how near it came to the preview.

The row stays as a tombstone when it is erased: it leads to the picture in storage.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Computed, DateTime, ForeignKey, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from kit.db.schema import business_column, created_column, metadata

outcomes = Table(
    "outcomes",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("test", Boolean, Computed("starts_with(customer_id, 'cut_')"), nullable=False),
    Column("appointment_id", Text, nullable=False),
    Column("tryon_id", Text, nullable=False),
    Column("look", Integer, nullable=False),
    Column("preview_photo_id", Text, nullable=False),
    Column("photo_id", Text, nullable=False),
    Column("worn", JSONB, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("regions", JSONB(none_as_null=True)),
    Column("by_design", JSONB, nullable=False, server_default=text("'{}'")),
    Column("picture", Text),
    Column("error_code", Text),
    created_column(),
    Column("finished_at", DateTime(timezone=True)),
    Column("erased_at", DateTime(timezone=True)),
)
