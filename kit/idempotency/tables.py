"""Keys of requests, who works on them, and what was answered."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from kit.db.schema import business_column, created_column, metadata

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    business_column(),
    Column("caller", Text, primary_key=True),
    Column("route", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("holder", Text, nullable=False),
    Column("lease_until", DateTime(timezone=True), nullable=False),
    created_column(),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    Column("status", Integer),
    Column("headers", JSONB(none_as_null=True)),
    Column("body", LargeBinary),
)
