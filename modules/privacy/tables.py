"""Erasures, which outlive whom they erased and do not name her, and exports."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from kit.db.schema import business_column, created_column, metadata

erasures = Table(
    "erasures",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id", ondelete="SET NULL")),
    Column("subject_sha256", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("erased", JSONB, nullable=False, server_default="{}"),
    created_column(),
    Column("finished_at", DateTime(timezone=True)),
    Column("receipt_sha256", Text),
)

exports = Table(
    "exports",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("status", Text, nullable=False, server_default="pending"),
    Column("size_bytes", BigInteger),
    created_column(),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
)
