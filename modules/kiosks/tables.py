"""Kiosks: devices in the salon, first waiting for their code, then paired."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, LargeBinary, Table, Text

from kit.db.schema import business_column, created_column, metadata

kiosks = Table(
    "kiosks",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("name", Text, nullable=False),
    Column("code_hash", LargeBinary, unique=True),
    Column("code_expires_at", DateTime(timezone=True)),
    Column("secret_hash", LargeBinary, unique=True),
    created_column(),
    Column("paired_at", DateTime(timezone=True)),
    Column("last_used_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
)
