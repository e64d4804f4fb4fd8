"""What a customer likes, and what she tried on lately: designs by id, shipped and a salon's own."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Table, Text

from kit.db.schema import business_column, created_column, metadata

favourites = Table(
    "favourites",
    metadata,
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id"), primary_key=True),
    Column("design_id", Text, primary_key=True),
    created_column(),
)

tried_designs = Table(
    "tried_designs",
    metadata,
    business_column(),
    Column("customer_id", Text, ForeignKey("customers.id"), primary_key=True),
    Column("design_id", Text, primary_key=True),
    Column("tried_at", DateTime(timezone=True), nullable=False),
)
