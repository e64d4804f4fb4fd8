"""Customers: persons, anonymous until they book; and the tickets that hand a customer over to her phone.

source: id of the shared link by which a customer came, so that what she books can be told to be of its doing.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, LargeBinary, Table, Text

from kit.db.schema import business_column, created_column, metadata

customers = Table(
    "customers",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    created_column(),
    Column("guest_until", DateTime(timezone=True)),
    Column("erased_at", DateTime(timezone=True)),
    Column("source", Text),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", Text, primary_key=True),
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id")),
    Column("test", Boolean, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    created_column(),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
)
