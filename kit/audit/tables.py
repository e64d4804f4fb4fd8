"""The audit log's table: the application may add and read, never change or remove."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Table, Text

from kit.db.schema import metadata

audit_log = Table(
    "audit_log",
    metadata,
    Column("business_id", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
