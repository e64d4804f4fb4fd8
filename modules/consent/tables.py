"""Consents: who agreed to what, in which words, when, and when it was taken back."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kit.db.schema import business_column, created_column, metadata

consents = Table(
    "consents",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False),
    Column("text_version", Text, nullable=False),
    Column("text_sha256", Text, nullable=False, server_default=""),
    Column("language", Text, nullable=False),
    Column("purposes", ARRAY(Text), nullable=False),
    Column("ends", JSONB, nullable=False, server_default="{}"),
    Column("signature", Text, nullable=False),
    created_column(),
    Column("withdrawn_at", DateTime(timezone=True)),
)
