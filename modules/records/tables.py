"""The log of requests: what was asked by whom, never with which content."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Integer, Table, Text
from sqlalchemy.dialects.postgresql import REAL

from kit.db.schema import business_column, metadata

request_log = Table(
    "request_log",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("method", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("duration_ms", REAL, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("caller_kind", Text, nullable=False),
)
