"""Businesses, their server keys, and the tokens of their visitors."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, LargeBinary, Table, Text, false
from sqlalchemy.dialects.postgresql import ARRAY

from kit.db.schema import business_column, created_column, metadata

businesses = Table(
    "businesses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("public_id", Text, nullable=False, unique=True),
    Column("allowed_origins", ARRAY(Text), nullable=False, server_default="{}"),
    Column("suspended_at", DateTime(timezone=True)),
    created_column(),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("name", Text, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("hint", Text, nullable=False, server_default=""),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("test", Boolean, nullable=False, server_default=false()),
    created_column(),
    Column("expires_at", DateTime(timezone=True)),
    Column("last_used_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    Column("replaces", Text, ForeignKey("api_keys.id")),
)

visitor_tokens = Table(
    "visitor_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("minted_by", Text, nullable=False, server_default=""),
    created_column(),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)
