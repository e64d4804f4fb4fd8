"""Businesses and their credentials."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from kit.db.schema import business_column, created_column, metadata

businesses = Table(
    "businesses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    created_column(),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("name", Text, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("scopes", ARRAY(Text), nullable=False),
    created_column(),
    Column("revoked_at", DateTime(timezone=True)),
)

visitor_tokens = Table(
    "visitor_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("scopes", ARRAY(Text), nullable=False),
    created_column(),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)
